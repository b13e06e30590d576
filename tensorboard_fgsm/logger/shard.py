"""Which samples of the whole data set one process's loader yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch.utils.data import (
    BatchSampler,
    DistributedSampler,
    IterableDataset,
    SequentialSampler,
)

from tensorboard_fgsm.logger import accelerate_loader
from tensorboard_fgsm.logger.processes import Processes


@dataclass(frozen=True)
class Shard:
    """Every ``count``-th block of ``block`` samples, from the block ``rank`` on.

    Samplers repeat samples at the end, so that all shards are equally long. These have places
    beyond the last sample.
    """

    rank: int = 0
    count: int = 1
    block: int = 1
    length: int | None = None
    """How many samples the data set has; None where every sample that is yielded counts."""
    order: Sequence[int] | None = None
    """The samples of this shard by their numbers in the data set, where they are shuffled."""
    whole: bool = False
    """Whether the sampler chooses whole batches, as the data set holds them, and not samples."""
    numbered: bool = True
    """Whether ``index`` is a sample's number in the data set, the same at every pass."""
    loader: Any = None
    """Where Accelerate prepared it, it knows which samples count."""

    def place(self, position: int) -> int:
        """Returns where a sample, the ``position``-th of this shard, lies among those of all."""
        row, column = divmod(position, self.block)
        return (row * self.count + self.rank) * self.block + column

    def kept(self, start: int, size: int, batch: int) -> int:
        """Returns how many of the ``size`` samples from position ``start`` on, which the loader has
        just yielded as its ``batch``-th batch, are no repetition; these are the first of them.
        """
        if self.length is None:
            return accelerate_loader.genuine(self.loader, size)
        if self.whole:
            return size if self.place(batch) < self.length else 0
        places = map(self.place, range(start, start + size))
        return sum(place < self.length for place in places)

    def index(self, position: int) -> int:
        """Returns a sample's number in the data set."""
        return self.place(position) if self.order is None else self.order[position]


def shard_of(loader: Any, processes: Processes) -> Shard:
    """Finds out what a loader yields: from a ``DistributedSampler``, which may be inside a
    ``BatchSampler``, or from what Accelerate prepared; anything else is taken as it comes, each of
    its samples once.

    Raises:
        ValueError: the loader yields a ``DistributedSampler``'s samples in any order.
    """
    sampler = _sampler_of(loader)
    in_order = getattr(loader, "in_order", True) or not getattr(loader, "num_workers", 0)
    if isinstance(sampler, DistributedSampler):
        if not in_order:
            raise ValueError(
                "the loader has in_order=False, so that the samples which its DistributedSampler "
                "repeats cannot be told from the others: give it in_order=True"
            )
        return _distributed(sampler, whole=loader.batch_size is None and sampler is loader.sampler)
    known = sampler is None or isinstance(sampler, SequentialSampler)
    block = accelerate_loader.block_of(loader)
    numbered = known and block != 0 and in_order
    return Shard(processes.rank, processes.count, block or 1, numbered=numbered, loader=loader)


def _distributed(sampler: DistributedSampler[Any], whole: bool) -> Shard:
    # Lightning's wraps another sampler, whose numbers are then those of the data set, or not.
    wrapped = getattr(sampler.dataset, "_sampler", None)
    plain = type(sampler) is DistributedSampler or isinstance(wrapped, SequentialSampler)
    return Shard(
        sampler.rank,
        sampler.num_replicas,
        length=len(sampler.dataset),  # pyright: ignore[reportArgumentType]
        order=list(sampler) if sampler.shuffle and plain and not whole else None,
        whole=whole,
        numbered=plain and not whole,
    )


def _sampler_of(loader: Any) -> Any:
    """Returns what chooses the samples of a map-style data set; None of another loader, which is
    expected to yield the same at every pass.
    """
    batches: Any = getattr(loader, "batch_sampler", None)
    while hasattr(batches, "batch_sampler"):  # Accelerate's, for one process
        batches = batches.batch_sampler
    if isinstance(getattr(loader, "dataset", None), IterableDataset):
        return None
    if batches is not None and type(batches) is not BatchSampler:
        return getattr(batches, "sampler", batches)
    sampler = getattr(loader if batches is None else batches, "sampler", None)
    return sampler.sampler if type(sampler) is BatchSampler else sampler
