"""Cross-sections: what a model says on a square that FGSM's direction and a random one span.

Warde-Farley and Goodfellow, "Adversarial Perturbations of Deep Neural Networks", in *Perturbations,
Optimization, and Statistics*, 2016, chapter 11, https://doi.org/10.7551/mitpress/10761.001.0001,
call their pictures church windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int8, Int64
from torch import Tensor

from tensorboard_fgsm.attack import grid
from tensorboard_fgsm.attack.noise import orthogonal_signs
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tensorboard_fgsm.model.logits import answer_of, logits_of
from tensorboard_fgsm.model.modules import Model


class CrossSections(NamedTuple):
    """What a model says of N samples in each cell of a square of R × R. On the CPU.

    Row j and column i are of ``clip(x + axis[i]·d + axis[j]·r)``.
    """

    classes: Int64[Tensor, "n r r"]
    """The predicted class."""
    probabilities: Float[Tensor, "n r r"]
    """Its probability, float64."""


def cross_sections(
    sweep: Sweep, model: Model, axis: Float[Tensor, " r"], *, size: int
) -> CrossSections:
    """Classifies ``clip(x + a·d + b·r)`` for all a and b of an axis.

    d is FGSM's direction, of an attack that is not FGSM that of the FGSM beside it; r is a random
    sign orthogonal to it, which belongs to the sample. Both move a pixel by at most 1, so that a
    cell lies at most ``|a| + |b|`` from the original in the maximum norm.

    Costs ``ceil(N·R² / size)`` forwards without gradients, of ``size`` samples or fewer. The model
    is left as ``FGSM.sweep`` leaves it.

    Args:
        sweep: the samples and what came out of attacking them.
        model: the classifier that was attacked.
        axis: in pixel units, float64 on the CPU.
        size: how many cells are classified together, as a rule as many as are attacked together.

    Raises:
        ValueError, TypeError: the logits are not as ``FGSM.sweep`` expects them.
    """
    square = _Square(sweep, axis)

    @torch.no_grad()
    def forwards() -> list[tuple[Tensor, Tensor]]:
        return [_said(model, inputs, square.class_count) for inputs in square.inputs(size)]

    said = in_evaluation_mode([model], sweep.inputs.device, forwards)
    shape = (len(sweep.labels), len(axis), len(axis))
    classes, probabilities = (torch.cat(each).view(shape) for each in zip(*said, strict=True))
    return CrossSections(classes, probabilities)


def _said(model: Model, inputs: Tensor, class_count: int) -> tuple[Tensor, Tensor]:
    """Returns the predicted classes and their probabilities, both (n,) on the CPU."""
    logits = logits_of(answer_of(model, inputs), len(inputs), class_count).cpu()
    classes = logits.argmax(1)
    probabilities = logits.double().softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1)
    return classes, probabilities.clamp(max=1)


class _Square:
    """The cells of some samples, a sample after another, each row by row."""

    def __init__(self, sweep: Sweep, axis: Float[Tensor, " r"]) -> None:
        self._sweep, self._axis = sweep, axis
        self._along = direction_of(sweep)
        self._across = orthogonal_signs(sweep.pixels, self._along)
        self.class_count = sweep.clean_logits.shape[1]

    def inputs(self, size: int) -> Iterator[Tensor]:
        """Yields what the model eats, so many cells at a time."""
        side, attack = len(self._axis), self._sweep.attack
        for cells in torch.arange(len(self._along) * side**2, device="cpu").split(size):
            rows = (cells // side**2).to(self._along.device)
            moved = grid.perturbed_in_plane(
                self._sweep.pixels[rows],
                (self._along[rows], self._axis[cells % side]),
                (self._across[rows], self._axis[cells // side % side]),
                quantize=attack.quantize,
            )
            yield attack.normalisation.to_inputs(moved, self._sweep.inputs.dtype)


def direction_of(sweep: Sweep) -> Int8[Tensor, "n c h w"]:
    """Returns FGSM's direction (N, C, H, W), also where the attack is another one."""
    if sweep.direction is None:
        assert sweep.reference is not None  # an attack has one direction, or FGSM beside it
        return direction_of(sweep.reference)
    return sweep.direction
