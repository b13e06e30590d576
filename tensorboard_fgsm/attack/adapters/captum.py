"""Attacks of captum, wrapped."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from tensorboard_fgsm.attack.adapters.adapter import (
    TRUE_LABELS,
    Adapter,
    adapted,
    checked,
    imported,
    stand_in,
)


def from_captum(
    make: Callable[[nn.Module], Any], arguments: Callable[[float], Mapping[str, Any]]
) -> Adapter:
    """Adapts an attack of captum, https://captum.ai/api/robust.html.

    Costs what the attack costs. Captum drops gradients of at most 1e-6, its ``zero_thresh``.

    Args:
        make: ``make(model)`` builds the attack. Its loss is given with it, because captum's own one
            takes probabilities, and models answer with logits.
        arguments: ``arguments(epsilon)`` are those of its ``perturb``, apart from ``inputs`` and
            ``target``.

    Raises:
        ImportError: captum is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack has no loss of its own, or takes labels as targets.

    Example:
        >>> from_captum(
        ...     lambda model: captum.robust.PGD(
        ...         model, nn.CrossEntropyLoss(reduction="none"), lower_bound=0, upper_bound=1
        ...     ),
        ...     lambda epsilon: {"radius": epsilon, "step_size": epsilon / 4, "step_num": 10},
        ... )
    """
    robust = imported("captum.robust", "captum")
    kind = (robust.FGSM, robust.PGD)

    def made(model: nn.Module) -> Any:
        attack = checked(make(model), kind, "captum's FGSM or PGD")
        step = _captums_step(attack)
        if step.forward_func is model and step.loss_func is None:
            raise ValueError(
                f"{type(attack).__name__} without a loss_func takes probabilities, but models "
                "answer with logits: pass torch.nn.CrossEntropyLoss(reduction='none')"
            )
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack, settings = made(stand_in()), arguments(epsilon)
        if settings.get("targeted"):
            raise ValueError(f"targeted takes the labels as targets, but {TRUE_LABELS}")
        threshold = _captums_step(attack).zero_thresh
        return type(attack).__name__, {**settings, "zero_thresh": threshold}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        with warnings.catch_warnings():
            # It says that it sets requires_grad on its inputs, at each step; these are clones.
            warnings.filterwarnings("ignore", "Input Tensor .* did not already require gradients")
            return made(model).perturb(inputs, target=labels, **arguments(epsilon))

    return adapted("captum", described, run)


def _captums_step(attack: Any) -> Any:
    """PGD's model, loss and threshold are those of the FGSM that makes its steps."""
    return getattr(attack, "fgsm", attack)
