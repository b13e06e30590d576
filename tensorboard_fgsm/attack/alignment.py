"""Gradient alignment: whether the loss is straight enough for one step to say something.

Andriushchenko and Flammarion, "Understanding and Improving Fast Adversarial Training", 2020,
https://arxiv.org/abs/2007.02617, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


def cosines(
    first: Float[Tensor, "n c h w"], second: Float[Tensor, "n c h w"]
) -> Float[Tensor, " n"]:
    """Returns the cosine between two gradients of each sample, (N,) float64 in [-1, 1]; NaN where
    one of them is 0 everywhere, or not finite.
    """
    return (_unit(first) * _unit(second)).sum(1).clamp(-1, 1)


def _unit(gradient: Tensor) -> Float[Tensor, "n d"]:
    gradient = gradient.double().flatten(1)
    # By the largest element first: the squares of tiny ones would be 0.
    gradient = gradient / gradient.abs().amax(1, keepdim=True)
    return gradient / gradient.norm(dim=1, keepdim=True)


_UNITS = 2**30
"""A cosine is counted in so many parts of 1: whole numbers add up to the same in any order."""


@dataclass(frozen=True)
class CosineSum:
    """Cosines added up: of one batch, or of any number of batches."""

    total: int
    count: int

    @staticmethod
    def of(cosines: Float[Tensor, " n"]) -> CosineSum:
        """Adds up those of a batch that are no NaN."""
        known = cosines[cosines.isfinite()]
        return CosineSum(int((known * _UNITS).round().long().sum()), len(known))

    def plus(self, other: CosineSum) -> CosineSum:
        """Adds those of other samples."""
        return CosineSum(self.total + other.total, self.count + other.count)

    @property
    def mean(self) -> float | None:
        """Their mean; None if there are none."""
        return self.total / _UNITS / self.count if self.count else None
