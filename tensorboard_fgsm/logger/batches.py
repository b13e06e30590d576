"""What a loader yields, as batches to attack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import torch
from torch import Tensor

from tensorboard_fgsm.logger.shard import Shard
from tensorboard_fgsm.model.described import described

BatchOf = Callable[[Any], tuple[Tensor, Tensor | None]]
"""What finds (inputs, labels) in a loader's batch; labels None where there are none."""

_INPUTS = ("pixel_values", "inputs", "images", "image", "x")
_LABELS = ("labels", "label", "y")


class Batch(NamedTuple):
    """A batch on the model's device."""

    inputs: Tensor
    labels: Tensor | None
    kept: int
    """How many of its samples count, the first ones; the others repeat samples."""
    indices: list[int]
    """The numbers of these in the data set."""

    def genuine(self) -> Batch:
        """Returns the samples that count; all of them, if it is none."""
        kept = self.kept or len(self.inputs)
        labels = None if self.labels is None else self.labels[:kept]
        return Batch(self.inputs[:kept], labels, self.kept, self.indices)


def batches(
    loader: Iterable[Any],
    shard: Shard,
    *,
    device: torch.device | None,
    batch_of: BatchOf | None,
    most: int | None,
    check: Callable[[Tensor, Tensor | None], None],
) -> Iterator[Batch]:
    """Yields a loader's batches, one in memory at a time.

    Args:
        loader: of tuples ``(inputs, labels, …)``, mappings such as ``{"pixel_values", "labels"}``,
            or inputs alone.
        shard: which samples these are.
        device: where to put them; None for where they are.
        batch_of: finds inputs and labels in a batch of another kind.
        most: of how many batches; None for all.
        check: refuses inputs and labels by an error.

    Raises:
        TypeError: a batch is not as above.
    """
    start = 0
    for number, found in enumerate(islice(loader, most)):
        inputs, labels = (batch_of or unpacked)(found)
        check(inputs, labels)
        size = len(inputs)
        kept = shard.kept(start, size, number)
        if device is not None:
            later = device.type == "cuda"  # towards the CPU it may be read too early
            inputs = inputs.to(device, non_blocking=later)
            labels = None if labels is None else labels.to(device, non_blocking=later)
        yield Batch(inputs, labels, kept, [shard.index(start + i) for i in range(kept)])
        start += size


def unpacked(batch: Any) -> tuple[Tensor, Tensor | None]:
    """Finds inputs (N, C, H, W) and labels (N,), or None, in a batch.

    Raises:
        TypeError: names what was found instead.
    """
    if isinstance(batch, Tensor):
        return batch, None
    if isinstance(batch, Mapping):
        inputs = next((batch[key] for key in _INPUTS if key in batch), None)
        labels = next((batch[key] for key in _LABELS if key in batch), None)
        found = f"a mapping with {', '.join(map(repr, batch))}"
    elif isinstance(batch, tuple | list) and batch:
        inputs, labels = batch[0], batch[1] if len(batch) > 1 else None
        found = f"a {type(batch).__name__} of {', '.join(map(described, batch))}"
    else:
        inputs, labels, found = None, None, described(batch)
    if not isinstance(inputs, Tensor) or not (labels is None or isinstance(labels, Tensor)):
        raise TypeError(
            "the loader's batches are (inputs, labels) or mappings with 'pixel_values' or 'inputs' "
            f"and 'labels', got {found}: batch_of=lambda batch: (inputs, labels) finds them"
        )
    return inputs, labels


def progressing(loader: Any, name: str, most: int | None) -> Iterable[Any]:
    """Returns the loader with a progress bar.

    Raises:
        ModuleNotFoundError: tqdm is not installed.
    """
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "progress=True shows its bar with tqdm: pip install tqdm", name="tqdm"
        ) from None
    try:
        length = len(loader)
    except (TypeError, NotImplementedError):  # of a stream; a DataLoader seems to have one
        length = None
    known = [each for each in (length, most) if each is not None]
    return tqdm(loader, desc=name, total=min(known, default=None), unit="batch", leave=False)


def length_of(loader: Any) -> int | None:
    """Returns how many samples a loader's data set has; None where it does not say."""
    try:
        return len(loader.dataset)
    except (AttributeError, TypeError, NotImplementedError):
        return None


def generators_of(loader: Any) -> list[torch.Generator]:
    """Returns the generators that a loader draws from, but for PyTorch's own."""
    sampler = getattr(loader, "sampler", None)
    batches = getattr(loader, "batch_sampler", None)
    parts = (loader, sampler, batches, getattr(sampler, "sampler", None))
    parts += (getattr(batches, "sampler", None), getattr(batches, "batch_sampler", None))
    found = [getattr(part, "generator", None) for part in parts]
    return list({id(each): each for each in found if isinstance(each, torch.Generator)}.values())
