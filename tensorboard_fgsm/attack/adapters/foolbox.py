"""Attacks of foolbox, wrapped."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from tensorboard_fgsm.attack.adapters.adapter import Adapter, adapted, checked, imported


def from_foolbox(attack: Any) -> Adapter:
    """Adapts an attack of foolbox, https://github.com/bethgelab/foolbox.

    What foolbox has clipped to epsilon, by the attack's own distance, is taken. Costs what the
    attack costs, and a forward for each epsilon, because foolbox looks whether it succeeded.

    Args:
        attack: the attack.

    Raises:
        ImportError: foolbox is not installed.
        TypeError: it is something else.

    Example:
        >>> from_foolbox(foolbox.attacks.LinfPGD(steps=10))
    """
    foolbox = imported("foolbox", "foolbox")
    kind = foolbox.attacks.base.Attack
    checked(attack, kind, "an attack of foolbox", given="from_foolbox was given")
    inner, settings = attack, dict(vars(attack))
    while isinstance(settings.get("attack"), kind):  # as attack.repeat(3) returns it
        inner = settings.pop("attack")
        settings = {**vars(inner), **settings}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        # Of a device that it is not told, foolbox thinks that it is the first GPU.
        theirs = foolbox.PyTorchModel(model, bounds=(0, 1), device=inputs.device)
        return attack(theirs, inputs, labels, epsilons=epsilon)[1]

    return adapted("foolbox", lambda epsilon: (type(inner).__name__, settings), run)
