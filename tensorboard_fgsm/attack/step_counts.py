"""How the loss went along an attack's steps, over all samples, and what of it is suspicious.

The indicators are after Pintor, Demetrio, Sotgiu et al., "Indicators of Attack Failure", 2022,
https://arxiv.org/abs/2106.09947, section 3. Two of them count samples that withstand an attack,
being right when clean and after its last step: only on these can it have failed. Whether it stops
too early is told of the mean loss of all samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

_UNITS = 2**20
"""A loss is counted in so many parts of 1: whole numbers add up to the same in any order."""

_LARGEST = 2.0**30
"""Losses beyond it count as this large, or their sum would not be exact."""

SLACK = 0.1
"""A loss falls that ends lower than its highest by more than this share of its rise."""


class Indicators(NamedTuple):
    """How many samples withstand an attack at one epsilon, and on how many of these it may have
    failed.
    """

    held: int
    """On which the model is right when clean and after the last step."""
    fell: int
    """Whose loss was higher on the way: it ends lower by more than a tenth of its rise."""
    passed: int
    """On which the model was wrong on the way."""

    def plus(self, other: Indicators) -> Indicators:
        """Adds those of other samples."""
        return Indicators(
            self.held + other.held, self.fell + other.fell, self.passed + other.passed
        )


@dataclass(frozen=True)
class StepCounts:
    """What was counted of N samples, at each of E epsilons and T + 1 points: the start, and after
    each of T steps.
    """

    count: int
    losses: tuple[tuple[int, ...], ...]
    """(E, T + 1) sums, in parts of 1."""
    right: tuple[tuple[int, ...], ...]
    """(E, T + 1) how many samples the model is right on."""
    indicators: tuple[Indicators, ...]
    """(E,)."""

    @staticmethod
    def of(
        losses: Float[Tensor, "e t n"], right: Bool[Tensor, "e t n"], correct: Bool[Tensor, " n"]
    ) -> StepCounts:
        """Counts one batch.

        Args:
            losses: (E, T + 1, N).
            right: (E, T + 1, N) whether the model is right.
            correct: (N,) whether it is when clean.
        """
        losses = bounded(losses)
        units = (losses * _UNITS).round().long().sum(2)
        held = right[:, -1] & correct
        highest, end = losses.amax(1), losses[:, -1]
        # A loss that does not rise may still waver by what rounding makes of it.
        slack = SLACK * (highest - losses[:, 0]) + 1e-3 * (1 + highest.abs())
        fell = held & (highest - end > slack)
        passed = held & ~right.all(1)
        indicators = torch.stack([each.sum(1) for each in (held, fell, passed)], 1)
        return StepCounts(
            count=losses.shape[2],
            losses=tuple(map(tuple, units.tolist())),
            right=tuple(map(tuple, right.sum(2).tolist())),
            indicators=tuple(Indicators(*each) for each in indicators.tolist()),
        )

    def plus(self, other: StepCounts) -> StepCounts:
        """Adds the counts of other samples."""
        return StepCounts(
            count=self.count + other.count,
            losses=_sums(self.losses, other.losses),
            right=_sums(self.right, other.right),
            indicators=tuple(
                mine.plus(others)
                for mine, others in zip(self.indicators, other.indicators, strict=True)
            ),
        )

    @property
    def steps(self) -> int:
        """T."""
        return len(self.losses[0]) - 1

    @property
    def mean_losses(self) -> tuple[tuple[float, ...], ...]:
        """(E, T + 1) the mean over all samples."""
        return tuple(tuple(each / _UNITS / self.count for each in row) for row in self.losses)

    @property
    def last(self) -> int:
        """How many of the steps are the last quarter of them."""
        return max(1, (self.steps + 1) // 4)

    def late(self, place: int) -> float | None:
        """Which share of its rise the mean loss made in the last quarter of the steps, at an
        epsilon; None where it has not risen.
        """
        losses = self.losses[place]
        rise = losses[-1] - losses[0]
        return (losses[-1] - losses[-1 - self.last]) / rise if rise > 0 else None

    def rises_still(self, place: int) -> bool:
        """Whether it then rose more than half as fast as over all steps, and has not levelled
        off.
        """
        late = self.late(place)
        return late is not None and late > 0.5 * self.last / self.steps


def bounded(losses: Tensor) -> Tensor:
    """Returns losses as float64 that are finite, and not so large that their sum is inexact."""
    return losses.double().nan_to_num(0, _LARGEST, -_LARGEST).clamp(-_LARGEST, _LARGEST)


def _sums(
    first: tuple[tuple[int, ...], ...], second: tuple[tuple[int, ...], ...]
) -> tuple[tuple[int, ...], ...]:
    pairs = zip(first, second, strict=True)
    return tuple(tuple(a + b for a, b in zip(*rows, strict=True)) for rows in pairs)
