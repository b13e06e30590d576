"""Whom the adversarial examples fool, of several models that were attacked on the same samples."""

from __future__ import annotations

from typing import Annotated

import msgspec

from tensorboard_fgsm.format.ranges import Count

MOST_MODELS = 64
"""Between how many models transfers are counted at most."""

ModelName = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class Transfers(msgspec.Struct, frozen=True):
    """How often the examples made on one model fool another, of M attacked on the same samples.

    A model is fooled by an example of which it says another class than the true one, where it is
    right on the original. One and the same in the records of all of them.
    """

    models: Annotated[tuple[ModelName, ...], msgspec.Meta(min_length=2, max_length=MOST_MODELS)]
    """Their names, those of their runs."""
    own: Count
    """Which of them, from 0, the record is of."""
    right: tuple[Count, ...]
    """Of how many samples each is right when clean."""
    fooled: tuple[tuple[tuple[Count, ...], ...], ...]
    """By the model that the examples are made on, the model that is shown them, and the logged
    epsilon: how many of those that this one is right on fool it."""

    def __post_init__(self) -> None:
        count = len(self.models)
        if self.own >= count:
            raise ValueError(f"transfers are between {count} models, but this is number {self.own}")
        rows = (self.right, self.fooled, *self.fooled)
        if any(len(row) != count for row in rows):
            raise ValueError(f"transfers between {count} models are {count}×{count} entries")
        for row in self.fooled:
            for right, fooled in zip(self.right, row, strict=True):
                if max(fooled, default=0) > right:
                    raise ValueError(f"{max(fooled)} samples fool a model that is right on {right}")
