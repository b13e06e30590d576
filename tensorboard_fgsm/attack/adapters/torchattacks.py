"""Attacks of torchattacks, wrapped."""

from __future__ import annotations

from collections.abc import Callable
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


def from_torchattacks(make: Callable[[nn.Module, float], Any]) -> Adapter:
    """Adapts an attack of torchattacks, https://github.com/Harry24k/adversarial-attacks-pytorch.

    Costs what the attack costs.

    Args:
        make: ``make(model, epsilon)`` builds the attack; it is called for each epsilon.

    Raises:
        ImportError: torchattacks is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack normalises, or takes labels as targets.

    Example:
        >>> from_torchattacks(
        ...     lambda model, epsilon: torchattacks.PGD(model, eps=epsilon, alpha=epsilon / 4)
        ... )
    """
    kind = imported("torchattacks", "torchattacks").attack.Attack

    def made(model: nn.Module, epsilon: float) -> Any:
        attack = checked(make(model, epsilon), kind, "an attack of torchattacks")
        if attack.normalization_used is not None:
            raise ValueError(
                "the inputs of an attack are pictures in [0, 1] and the model normalises them "
                "itself: leave out set_normalization_used"
            )
        if attack.attack_mode == "targeted(label)":
            raise ValueError(f"{attack.attack} takes the labels as targets, but {TRUE_LABELS}")
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack = made(stand_in(), epsilon)
        plumbing = {"attack", "model_name", "verbose"}
        if attack.attack_mode == "default":
            plumbing.add("attack_mode")
        return attack.attack, {k: v for k, v in vars(attack).items() if k not in plumbing}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return made(model, epsilon)(inputs, labels)

    return adapted("torchattacks", described, run)
