"""How much memory the layers' answers take while a model is passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from tensorboard_fgsm.model.last_layer import watched
from tensorboard_fgsm.model.loan import Result
from tensorboard_fgsm.model.modules import Model, modules_of


class Activations(NamedTuple):
    """Of one forward, in bytes."""

    total: int
    """What all layers answered, as a training keeps it for its backward pass."""
    largest: int
    """What the most talkative layer answered."""


def activations_of(model: Model, forward: Callable[[], Result]) -> tuple[Result, Activations]:
    """Makes a forward, and counts what the modules without others inside them answer meanwhile.

    Of a scripted model nothing is seen, and of others no operation that is no module's: what is
    counted is at least there.
    """
    total = largest = last = 0

    def take(_: nn.Module, __: Any, output: Any) -> None:
        nonlocal total, largest, last
        if isinstance(output, Tensor):
            here = output.data_ptr()
            total += 0 if here == last else output.nbytes  # it has worked in place
            largest, last = max(largest, output.nbytes), here

    leaves = [
        module
        for module in modules_of(model)
        if not isinstance(module, torch.jit.ScriptModule) and next(module.children(), None) is None
    ]
    result = watched(leaves, take, forward, look=lambda _: None)
    return result, Activations(total, largest)
