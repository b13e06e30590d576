"""What an attack's steps led to, and the loss of each sample on the way."""

from __future__ import annotations

from typing import NamedTuple

from jaxtyping import Bool, Float, Int64
from torch import Tensor


class Climb(NamedTuple):
    """The steps of an attack on a batch at one epsilon. N samples, T steps; all detached."""

    examples: Float[Tensor, "n c h w"]
    """(N, C, H, W) where they end."""
    losses: Float[Tensor, "t n"]
    """(T, N) of each sample at the start and after each step but the last, which only another
    forward would tell."""
    right: Bool[Tensor, "t n"]
    """(T, N) whether the model is right there."""

    def of(self, some: Bool[Tensor, " n"]) -> Climb:
        """Returns those of some of the samples."""
        return Climb(self.examples[some], self.losses[:, some], self.right[:, some])

    def with_(self, others: Climb, places: Int64[Tensor, " m"]) -> Climb:
        """Takes some samples' steps from another start; ``places`` are theirs among all."""
        examples, losses, right = (each.clone() for each in self)
        examples[places], losses[:, places], right[:, places] = others
        return Climb(examples, losses, right)
