"""Evaluation mode without a trace: everything of a model is afterwards as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import nn

from tensorboard_fgsm.model.accelerate import without_autocast
from tensorboard_fgsm.model.buffers import writable
from tensorboard_fgsm.model.input_gradient import input_gradient_only
from tensorboard_fgsm.model.loan import Borrowed, Result, borrow
from tensorboard_fgsm.model.modules import Model, check_shaped, modules_of_all
from tensorboard_fgsm.model.random_numbers import random_numbers
from tensorboard_fgsm.model.torch_modes import NoAutocast, uncompiled


def in_evaluation_mode(
    models: Iterable[Model], device: torch.device, work: Callable[[], Result]
) -> Result:
    """Does some work for which models can be evaluated and differentiated towards their inputs, and
    after which nothing of them has changed.

    Meanwhile: evaluation mode, grad mode on, inference mode and autocast off, no parameter requires
    a gradient (this saves the memory of what their gradients would need), what is compiled runs as
    it was written, and DistributedDataParallel stands aside. Restored afterwards, whatever happens
    (see ``borrow``): every submodule's own mode, ``requires_grad``, buffers and random states. The
    modes are set and not asked for: ``train()`` and ``eval()`` of some modules change weights.

    Args:
        models: the models.
        device: of the inputs.
        work: what is done meanwhile.

    Returns:
        What ``work`` does.

    Raises:
        ValueError: a model was made in inference mode, so that no gradient can pass through it,
            or has lazy parameters of no shape yet.
    """
    return borrow(lambda: _borrowed(models, device), work)


def _borrowed(models: Iterable[Model], device: torch.device) -> list[Borrowed]:
    modules = modules_of_all(models)
    check_shaped(modules)
    return [
        *input_gradient_only(modules),
        *writable(modules),
        *random_numbers(),
        NoAutocast(device),
        *without_autocast(modules),
        *uncompiled(),
        *(_Evaluated(each) for each in modules if hasattr(each, "training")),  # frozen: none
    ]


class _Evaluated:
    """A module in evaluation mode."""

    def __init__(self, module: nn.Module) -> None:
        self._module, self._training = module, module.training

    def change(self) -> None:
        self._module.training = False

    def give_back(self) -> None:
        self._module.training = self._training
