"""Adversarial examples to train on, made within a training step: what ``FGSM.perturb`` does."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from tensorboard_fgsm.attack import grid
from tensorboard_fgsm.attack.batch import check_shapes
from tensorboard_fgsm.attack.epsilons import checked_epsilons, number_of
from tensorboard_fgsm.attack.loss import gradient_of, unchecked_loss
from tensorboard_fgsm.attack.swept_attack import GradientAttack
from tensorboard_fgsm.attack.target import check_target, targets_of
from tensorboard_fgsm.model.logits import answer_of, unchecked_logits
from tensorboard_fgsm.model.modules import Model
from tensorboard_fgsm.model.training_step import within_training_step

_LOOKED = "_looked"
"""Where an attack remembers that it saw inputs that were pictures, once mean and std are undone: to
look at their range is to wait for a GPU, which a training step should not, each time."""


def perturbed_inputs(
    attack: GradientAttack,
    model: Model,
    inputs: Tensor,
    labels: Tensor | None,
    epsilon: float | str,
    *,
    random_start: bool,
    step: float | str | None,
) -> Float[Tensor, "n c h w"]:
    """Returns what ``FGSM.perturb`` does."""
    check_shapes(inputs, labels)
    check_target(attack.target, len(inputs))
    (epsilon,) = checked_epsilons([epsilon])
    size = epsilon if step is None or epsilon == 0 else _checked_step(step, epsilon)
    source = model if attack.surrogate is None else attack.surrogate
    return within_training_step(
        source, lambda: _moved(attack, source, inputs, labels, epsilon, size, random_start)
    )


def _moved(
    attack: GradientAttack,
    source: Model,
    inputs: Tensor,
    labels: Tensor | None,
    epsilon: float,
    size: float,
    random_start: bool,
) -> Tensor:
    # Clones, because autograd cannot save tensors that were made in inference mode.
    inputs = inputs.detach().clone()
    if epsilon == 0:
        return inputs
    pixels = _pixels(attack, inputs)
    low, high = grid.bounds(pixels, epsilon)
    start = pixels
    if random_start:
        # Not clamped to [0, 1], as in the paper's algorithm: where most pixels are black, as in
        # digits, half of them would start at the inputs, and training overfit to one step.
        start = pixels + torch.empty_like(pixels).uniform_(-epsilon, epsilon)
    gradient = _gradient(
        attack, source, attack.normalisation.to_inputs(start, inputs.dtype), labels
    )
    direction = gradient.nan_to_num(0, 0, 0).sign_()  # a copy: hooks may keep the gradient
    if attack.target is not None:
        direction = -direction
    if start is pixels and size == epsilon:
        moved = grid.perturbed(pixels, direction, epsilon, quantize=attack.quantize)
    else:
        moved = torch.clamp(start + size * direction, low, high)
        moved = grid.snapped(moved) if attack.quantize else moved
    return attack.normalisation.to_inputs(moved, inputs.dtype)


def _pixels(attack: GradientAttack, inputs: Tensor) -> Tensor:
    pixels = attack.normalisation.to_pixels(inputs)
    if inputs.device.type == "cpu" or _LOOKED not in vars(attack):
        attack.normalisation.check(pixels, inputs.dtype)
        vars(attack)[_LOOKED] = True
    return grid.snapped(pixels) if attack.quantize else pixels


def _gradient(
    attack: GradientAttack, source: Model, start: Tensor, labels: Tensor | None
) -> Tensor:
    """Returns the gradient at a start, in the units of what the model eats."""
    leaf = start.detach().requires_grad_()
    logits = unchecked_logits(answer_of(source, leaf), len(leaf))
    targets = targets_of(attack.target, logits.detach())
    if targets is None:
        targets = logits.detach().argmax(1) if labels is None else labels.detach().clone()
    return gradient_of(unchecked_loss(attack.loss_fn, logits, targets), leaf)


def _checked_step(step: float | str, epsilon: float) -> float:
    expected = "step is in pixel units, such as 10/255"
    try:
        size = number_of(step)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise TypeError(f"{expected}; got {step!r}") from None
    if not 0 < size <= 2 * epsilon:
        raise ValueError(
            f"{expected}, above 0 and at most 2·epsilon, which crosses from border to border; got "
            f"{size:g} at epsilon {epsilon:g}: Wong et al. take 1.25·epsilon"
        )
    return size
