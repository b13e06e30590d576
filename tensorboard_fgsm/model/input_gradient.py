"""Gradients for the inputs alone: parameters neither require nor receive any meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

from tensorboard_fgsm.model.attributes import kept_tensors
from tensorboard_fgsm.model.distributed import Resharded, fully_sharded, stood_aside
from tensorboard_fgsm.model.loan import Borrowed
from tensorboard_fgsm.model.torch_modes import GradMode, NoParametrizeCache


def input_gradient_only(modules: list[nn.Module]) -> list[Borrowed]:
    """Finds what must be otherwise for a gradient to pass through modules, wherever this is called,
    and for none to land on them.

    Raises:
        ValueError: parameters were made in inference mode.
    """
    # Not parameters(), which takes a training step's while over many small modules.
    parameters = [p for module in modules for p in module._parameters.values() if p is not None]
    if any(parameter.is_inference() for parameter in parameters):
        raise ValueError(
            "the model was made in torch.inference_mode, where no gradient can pass through it: "
            "build or load it outside, and use it inside as you like"
        )
    sharded = fully_sharded(modules)
    # From sharded parameters others are made, which stay as they are then.
    managed = {id(parameter) for module in sharded for parameter in module.parameters()}
    return [
        GradMode(True),
        *map(Resharded, sharded),
        _Parameters(parameters, managed),
        *kept_tensors(modules),
        *stood_aside(modules),
        NoParametrizeCache(),
    ]


class _Parameters:
    """Parameters that require no gradients, but for some, and of which none is seen."""

    def __init__(self, parameters: Iterable[nn.Parameter], managed: set[int]) -> None:
        self._kept = [(each, each.requires_grad, each.grad) for each in parameters]
        self._managed = managed

    def change(self) -> None:
        for parameter, required, _ in self._kept:
            if required and id(parameter) not in self._managed:
                parameter.requires_grad_(False)
            parameter.grad = None  # out of reach: attacks call zero_grad()

    def give_back(self) -> None:
        for parameter, required, gradient in self._kept:
            if parameter.requires_grad != required:
                parameter.requires_grad_(required)
            parameter.grad = gradient
