"""What an attack's steps led to, and the loss of each sample on the way."""

from __future__ import annotations

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
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

    def with_(self, other: Climb, chosen: Bool[Tensor, " n"]) -> Climb:
        """Takes the chosen samples' steps from another start."""
        return Climb(
            torch.where(chosen.view(-1, 1, 1, 1), other.examples, self.examples),
            torch.where(chosen, other.losses, self.losses),
            torch.where(chosen, other.right, self.right),
        )
