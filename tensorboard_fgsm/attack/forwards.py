"""The forwards without gradients by which FGSM classifies a batch that it has moved."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float, Int8
from torch import Tensor

from tensorboard_fgsm.attack import grid
from tensorboard_fgsm.attack.swept_attack import SweptAttack
from tensorboard_fgsm.model.logits import logits_of
from tensorboard_fgsm.model.modules import Model

Precision = Literal["bfloat16"]
"""In what a float32 model computes where no gradient is taken, if not in float32."""


class Forwards(NamedTuple):
    """A batch whose clean predictions are known."""

    attack: SweptAttack
    model: Model
    inputs: Float[Tensor, "n c h w"]
    """When clean."""
    pixels: Float[Tensor, "n c h w"]
    clean_logits: Float[Tensor, "n k"]
    precision: Precision | None = None

    @property
    def epsilons(self) -> tuple[float, ...]:
        """Those that take a forward: above 0. They are sorted, and each is there once."""
        epsilons = self.attack.epsilons
        return epsilons[1:] if epsilons[0] == 0 else epsilons

    @torch.no_grad()
    def at(
        self, direction: Int8[Tensor, "n c h w"], *epsilons: float | Tensor
    ) -> Float[Tensor, "en k"]:
        """Returns the logits (E·N, K), of one forward, at epsilons that are each one number, or one
        a sample.
        """
        moved = [
            grid.perturbed(self.pixels, direction, epsilon, quantize=self.attack.quantize)
            for epsilon in epsilons
        ]
        pixels = torch.cat(moved) if len(moved) > 1 else moved[0]
        inputs = self.attack.normalisation.to_inputs(pixels, self.inputs.dtype)
        with _computing(self.precision, inputs.device):
            answer = self.model(inputs)
        return logits_of(answer, len(inputs), self.clean_logits.shape[1]).to(self.clean_logits)

    def in_groups(self, direction: Int8[Tensor, "n c h w"], size: int) -> Float[Tensor, "e n k"]:
        """Returns the logits at every epsilon above 0, by forwards of at most so many of them."""
        starts = range(0, len(self.epsilons), size)
        logits = [self.at(direction, *self.epsilons[start : start + size]) for start in starts]
        return torch.cat(logits).unflatten(0, (len(self.epsilons), len(self.inputs)))

    def coarse_clean_logits(self) -> Float[Tensor, "n k"] | None:
        """Returns what the model says of the clean samples in the precision; None without one."""
        if self.precision is None:
            return None
        with torch.no_grad(), _computing(self.precision, self.inputs.device):
            answer = self.model(self.inputs.clone())
        return logits_of(answer, len(self.inputs), self.clean_logits.shape[1]).to(self.clean_logits)


def checked_precision(precision: Any) -> Precision | None:
    """Reads in what to compute.

    Raises:
        ValueError: it is neither ``"bfloat16"`` nor None.
    """
    if precision is None:
        return None
    if precision in ("bfloat16", torch.bfloat16):
        return "bfloat16"
    raise ValueError(f"precision is 'bfloat16', or None for that of the model; got {precision!r}")


def check_float32(precision: Precision | None, inputs: Tensor) -> None:
    """Refuses a precision where there is nothing to make coarser."""
    if precision is not None and inputs.dtype != torch.float32:
        raise ValueError(
            f"precision={precision!r} is for float32, and the inputs are of {inputs.dtype}: leave "
            "it out"
        )


def _computing(precision: Precision | None, device: torch.device) -> AbstractContextManager[object]:
    if precision is None:
        return nullcontext()
    # Weights that autocast keeps may be those of before a model is sharded again.
    return torch.autocast(device.type, torch.bfloat16, cache_enabled=False)
