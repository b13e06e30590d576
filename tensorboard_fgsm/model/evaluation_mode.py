"""Evaluation mode without a trace: everything of a model is afterwards as it was."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import torch

from tensorboard_fgsm.model.accelerate import without_autocast
from tensorboard_fgsm.model.buffers import restored
from tensorboard_fgsm.model.input_gradient import input_gradient_only
from tensorboard_fgsm.model.modules import Model, check_shaped, modules_of
from tensorboard_fgsm.model.random_numbers import same_random_numbers


@contextlib.contextmanager
def evaluation_mode(model: Model, device: torch.device) -> Iterator[None]:
    """A time in which the model can be evaluated and differentiated towards its inputs, and after
    which nothing of it has changed.

    Inside: evaluation mode, grad mode on, inference mode and autocast off, no parameter requires a
    gradient (this saves the memory of what their gradients would need), what is compiled runs as
    it was written, and DistributedDataParallel stands aside. Restored afterwards, also after an
    error: every submodule's own mode, ``requires_grad``, buffers and random states. The modes are
    set and not asked for: ``train()`` and ``eval()`` of some modules change weights.

    Raises:
        ValueError: the model was made in inference mode, so that no gradient can pass through it,
            or has lazy parameters of no shape yet.
    """
    modules = modules_of(model)
    check_shaped(modules)
    with contextlib.ExitStack() as stack:  # each runs, whatever the others raise
        stack.enter_context(restored(modules))
        for module in modules:
            if hasattr(module, "training"):  # torch.jit.freeze leaves none
                stack.callback(setattr, module, "training", module.training)
        stack.enter_context(same_random_numbers())
        stack.enter_context(input_gradient_only(modules))
        stack.enter_context(torch.autocast(device.type, enabled=False))
        stack.enter_context(without_autocast(modules))
        stack.enter_context(_uncompiled())
        for module in modules:
            if hasattr(module, "training"):
                module.training = False
        yield


def _uncompiled() -> contextlib.AbstractContextManager[Any]:
    """Has compiled modules run as they were written.

    An attack would have them compiled anew, for evaluation and for inputs that require gradients,
    and each such version counts towards the limit beyond which training is compiled no more.
    """
    if "torch._dynamo" not in sys.modules:  # nothing is compiled, and to load it takes seconds
        return contextlib.nullcontext()
    return torch.compiler.set_stance("force_eager")
