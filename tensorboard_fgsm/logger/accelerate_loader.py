"""Loaders that Accelerate shards: which of their samples are repeats, and how far they are read.

They are told by their attributes, so that Accelerate need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def genuine(loader: Any, size: int) -> int:
    """Tells how many samples of the batch that a loader has just given count, the others being
    repeats.

    Accelerate gives each process as many batches of the same size, and fills the last ones up with
    samples from the beginning. In the order of the processes, the repeats come last.

    Args:
        loader: any iterable of batches. Of one that Accelerate did not prepare, all samples count.
        size: of the batch, in samples, in this process.

    Returns:
        The first so many samples of the batch count: 0 to ``size``. All of them where the loader's
        data set is a stream without a length, sharded by Accelerate: there, nobody knows.
    """
    if not getattr(loader, "end_of_dataloader", False):
        return size
    if hasattr(loader, "slice_fn"):  # the main process reads for all: it knows what it read
        state = loader.state
        return _share(loader.remainder, state.process_index, size)
    shard = _shard_of(loader)
    return size if shard is None else _of_shard(shard, size)


def block_of(loader: Any) -> int | None:
    """Returns how many samples in a row a process is given of a data set that Accelerate spreads
    over processes; 0 where that differs from batch to batch, None of another loader.
    """
    if hasattr(loader, "slice_fn"):
        return 0
    shard = _shard_of(loader)
    if shard is None:
        return None
    size = shard.batch_size or 0
    return size // shard.num_processes if shard.split_batches else size


class UnreadLoader:
    """A loader that an evaluation reads, and of which Accelerate shall think that it was not read.

    Accelerate's loaders count the passes over them, and its seedable sampler shuffles by that
    count; and it takes a loader that was left in the middle for the one being read, and in a
    training with accumulated gradients misses the end of the training's own.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        parts: list[tuple[Any, str]] = []
        if hasattr(loader, "gradient_state"):
            parts = [(loader, "iteration"), *((each, "epoch") for each in _samplers_of(loader))]
        self._passes = [
            (part, name, getattr(part, name)) for part, name in parts if hasattr(part, name)
        ]

    def change(self) -> None:
        """Does nothing: reading counts a pass."""

    def give_back(self) -> None:
        """Sets the passes that were, and has the loader no longer be the one being read."""
        for part, name, value in self._passes:
            setattr(part, name, value)
        if hasattr(self._loader, "gradient_state") and hasattr(self._loader, "end"):
            self._loader.end()


def _shard_of(loader: Any) -> Any:
    """Returns what gives one process its share of a loader's samples, or None."""
    for name in ("batch_sampler", "sampler", "dataset"):
        part = getattr(loader, name, None)
        if hasattr(part, "process_index") and hasattr(part, "split_batches"):
            return part
    return None


def _samplers_of(loader: Any) -> Iterator[Any]:
    """Yields what chooses a loader's samples, from the outside in."""
    for name in ("batch_sampler", "sampler"):
        part = getattr(loader, name, None)
        while part is not None:
            yield part
            part = getattr(part, "batch_sampler", None) or getattr(part, "sampler", None)


def _of_shard(shard: Any, size: int) -> int:
    if shard.drop_last or not getattr(shard, "even_batches", True):
        return size
    processes, place = shard.num_processes, shard.process_index
    if shard.batch_size is None:  # batches of any size, repeated whole
        batches = len(shard.batch_sampler) % processes or processes
        return size if place < batches else 0
    try:
        count = len(_source(shard))
    except TypeError:
        return size
    full = shard.batch_size // processes if shard.split_batches else shard.batch_size
    return _share(count % (full * processes) or full * processes, place, full)


def _source(shard: Any) -> Any:
    """Returns what the samples of all processes are drawn from."""
    if hasattr(shard, "batch_sampler"):
        return shard.batch_sampler.sampler
    return shard.dataset


def _share(count: int, place: int, size: int) -> int:
    """Of the first ``count`` samples of a batch that is spread over processes, those of one."""
    return min(max(count - place * size, 0), size)
