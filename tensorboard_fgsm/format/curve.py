"""The accuracies of one step, read without the rest of its record."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

import msgspec

from tensorboard_fgsm.format.check import Check
from tensorboard_fgsm.format.ranges import Cosine, Fraction, Positive, same_length

OVERFITTING = "catastrophic-overfitting"
"""The code of the caveat that a training had overfitted to the attack, which curves tell of."""


class _Code(msgspec.Struct, frozen=True):
    """A caveat of which only the code is read."""

    code: str


class Curve(msgspec.Struct, frozen=True):
    """What a record says of the whole batch: a few fields of it, read without the others."""

    version: Positive
    epsilons: Annotated[tuple[Fraction, ...], msgspec.Meta(min_length=1)]
    clean_accuracy: Fraction
    robust_accuracy: tuple[Fraction, ...]
    count: Positive
    alignment: tuple[Cosine | None, ...] | None = None
    check: Check | None = None
    warnings: tuple[_Code, ...] = ()

    @property
    def overfitted(self) -> bool:
        """Whether the training had overfitted to the attack."""
        return any(warning.code == OVERFITTING for warning in self.warnings)

    def __post_init__(self) -> None:
        check_curve(self.epsilons, self.robust_accuracy)
        if self.alignment is not None:
            same_length("alignment", self.alignment, self.epsilons)
        if self.check is not None:
            self.check.check_length(self.epsilons)


def check_curve(epsilons: tuple[float, ...], robust_accuracy: tuple[float, ...]) -> None:
    """Raises a ValueError unless the epsilons increase, and each has an accuracy."""
    if any(a >= b for a, b in pairwise(epsilons)):
        raise ValueError(f"epsilons increase strictly, but are {list(epsilons)}")
    same_length("robust_accuracy", robust_accuracy, epsilons)
