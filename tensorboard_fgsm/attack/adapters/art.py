"""Attacks of ART, the Adversarial Robustness Toolbox, wrapped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from tensorboard_fgsm.attack.adapters.adapter import (
    TRUE_LABELS,
    Adapter,
    adapted,
    checked,
    imported,
    stand_in,
)


def from_art(make: Callable[[Any, float], Any]) -> Adapter:
    """Adapts an evasion attack of ART, https://github.com/Trusted-AI/adversarial-robustness-toolbox.

    Costs what the attack costs, and a forward of one sample for each epsilon to see how many
    classes there are. ART computes in float32, on the CPU or a CUDA device.

    Args:
        make: ``make(classifier, epsilon)`` builds the attack; it is called for each epsilon with a
            ``PyTorchClassifier`` around the model, whose loss is cross-entropy.

    Raises:
        ImportError: ART is not installed.
        TypeError: ``make`` returns something else.
        ValueError: the attack takes labels as targets.

    Example:
        >>> from_art(
        ...     lambda classifier, epsilon: art.attacks.evasion.ProjectedGradientDescent(
        ...         classifier, eps=epsilon, eps_step=epsilon / 4, max_iter=10, verbose=False
        ...     )
        ... )
    """
    library = "adversarial-robustness-toolbox"
    kind = imported("art.attacks", library).EvasionAttack
    several = imported("art.attacks.evasion", library).AutoAttack

    def made(model: nn.Module, pictures: Tensor, epsilon: float) -> Any:
        attack = make(_art_classifier(model, pictures), epsilon)
        checked(attack, kind, "an evasion attack of ART")
        # AutoAttack finds targets of its own.
        if attack.targeted and not isinstance(attack, several):
            raise ValueError(
                f"{type(attack).__name__} takes the labels as targets, but {TRUE_LABELS}: "
                "pass targeted=False"
            )
        return attack

    def described(epsilon: float) -> tuple[str, dict[str, Any]]:
        attack = made(stand_in(), torch.zeros(1, 3, 32, 32), epsilon)
        plumbing = ("batch_size", "summary_writer", "verbose")
        names = [name for name in attack.attack_params if name not in plumbing]
        return type(attack).__name__, {name: getattr(attack, name, None) for name in names}

    def run(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        attack = made(model, inputs, epsilon)
        return torch.from_numpy(attack.generate(inputs.float().cpu().numpy(), labels.cpu().numpy()))

    return adapted(library, described, run)


def _art_classifier(model: nn.Module, pictures: Tensor) -> Any:
    from art.estimators.classification import PyTorchClassifier

    device = pictures.device
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"ART works on the CPU and on CUDA devices, got inputs on {device}")
    with torch.no_grad():
        classes = model(pictures[:1]).shape[1]
    # Of the GPUs, ART takes the current one.
    with torch.cuda.device(device) if device.type == "cuda" else contextlib.nullcontext():
        return PyTorchClassifier(
            model=model,
            loss=nn.CrossEntropyLoss(),
            input_shape=tuple(pictures.shape[1:]),
            nb_classes=classes,
            clip_values=(0.0, 1.0),
            device_type="cpu" if device.type == "cpu" else "gpu",
        )
