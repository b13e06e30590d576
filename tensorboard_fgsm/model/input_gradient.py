"""Gradients for the inputs alone: parameters neither require nor receive any meanwhile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import parametrize

from tensorboard_fgsm.model.distributed import fully_sharded, stood_aside


@contextlib.contextmanager
def input_gradient_only(modules: list[nn.Module]) -> Iterator[None]:
    """A time in which a gradient can pass through modules, wherever this is called, and none lands
    on them.
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
    with contextlib.ExitStack() as stack:
        for module in sharded:  # an optimizer's step would not reach what stays gathered
            stack.callback(module.reshard)
        stack.callback(_give_back, [(p, p.requires_grad, p.grad) for p in parameters])
        for parameter in parameters:
            if parameter.requires_grad and id(parameter) not in managed:
                parameter.requires_grad_(False)
            parameter.grad = None  # out of reach: attacks call zero_grad()
        for module in modules:
            if isinstance(module, DistributedDataParallel):
                stack.enter_context(stood_aside(module))
        stack.enter_context(_uncached())
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        yield


@contextlib.contextmanager
def _uncached() -> Iterator[None]:
    """A time in which ``parametrize.cached`` around it keeps nothing.

    It would hand the weights that are made here, which need no gradient, to the training's own
    forward, and the parameters that they are made of would be trained no more.
    """
    kept = parametrize._cache, parametrize._cache_enabled
    parametrize._cache, parametrize._cache_enabled = {}, 0
    try:
        yield
    finally:
        parametrize._cache, parametrize._cache_enabled = kept


def _give_back(kept: list[tuple[nn.Parameter, bool, Tensor | None]]) -> None:
    for parameter, required, gradient in kept:
        if parameter.requires_grad != required:
            parameter.requires_grad_(required)
        parameter.grad = gradient
