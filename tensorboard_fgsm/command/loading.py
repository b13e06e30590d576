"""Pictures in batches, as a model eats them; what cannot be read is skipped and named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.command.pictures import Source

_MANY = 1000
"""From so many pictures on, starting processes to read them pays."""


class Unreadable(NamedTuple):
    """A picture that was skipped."""

    name: str
    reason: str


class _Batch(NamedTuple):
    inputs: list[Tensor]
    labels: list[int]
    unreadable: list[Unreadable]


class Prepared(Dataset[Any]):
    """A source's pictures as inputs and classes of the model."""

    def __init__(
        self,
        source: Source,
        indices: Sequence[int],
        transform: Callable[[Image.Image], Tensor],
        channels: int,
        classes: Sequence[int] | None,
    ) -> None:
        self._source, self._indices = source, indices
        self._transform, self._classes = transform, classes
        self._mode = "L" if channels == 1 else "RGB"

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, position: int) -> tuple[Tensor, int | None] | Unreadable:
        index = self._indices[position]
        try:
            picture, label = self._source.open(index)
            picture = picture.convert(self._mode)
        except MemoryError:
            raise
        except Exception as error:  # decoders raise of every kind
            reason = " ".join(str(error).split()) or type(error).__name__
            return Unreadable(self._source.name(index), reason)
        known = self._classes
        return self._transform(picture), None if label is None or known is None else known[label]


@dataclass
class PictureLoader:
    """Yields ``(inputs, labels)``, or inputs alone, for ``log_dataset``."""

    prepared: Prepared
    batch_size: int
    workers: int | None = None
    """How many processes read; None for none, or a few where there are many pictures."""
    dtype: torch.dtype = torch.float32
    """The model's float type."""
    advance: Callable[[int], object] = lambda count: None
    """Is told of how many pictures more were attacked."""
    unreadable: list[Unreadable] = field(default_factory=list)
    """What was skipped so far."""

    def __iter__(self) -> Iterator[Any]:
        loader = DataLoader(
            self.prepared,
            self.batch_size,
            num_workers=self._workers(),
            collate_fn=_collated,
        )
        before = 0
        for batch in loader:
            self.advance(before)
            before = len(batch.inputs) + len(batch.unreadable)
            self.unreadable += batch.unreadable
            if not batch.inputs:
                continue
            inputs = _stacked(batch.inputs).to(self.dtype)
            yield (inputs, torch.tensor(batch.labels)) if batch.labels else inputs
        self.advance(before)

    def _workers(self) -> int:
        if self.workers is not None:
            return self.workers
        return min(4, (os.cpu_count() or 1) - 1) if len(self.prepared) >= _MANY else 0


def _collated(items: list[Any]) -> _Batch:
    read = [item for item in items if not isinstance(item, Unreadable)]
    return _Batch(
        [inputs for inputs, _ in read],
        [label for _, label in read if label is not None],
        [item for item in items if isinstance(item, Unreadable)],
    )


def _stacked(inputs: list[Tensor]) -> Tensor:
    sizes = {tuple(each.shape[1:]) for each in inputs}
    if len(sizes) > 1:
        (one, other, *_) = (f"{height}×{width}" for height, width in sorted(sizes))
        raise CommandError(
            f"the pictures have several sizes, such as {one} and {other}: --size 224 makes them one"
        )
    return torch.stack(inputs)
