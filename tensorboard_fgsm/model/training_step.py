"""A model used within a training step, in its own mode, and left as it was."""

from __future__ import annotations

from collections.abc import Callable

from tensorboard_fgsm.model.buffers import exchanged
from tensorboard_fgsm.model.input_gradient import input_gradient_only
from tensorboard_fgsm.model.loan import Borrowed, Result, borrow
from tensorboard_fgsm.model.modules import Model, check_shaped, modules_of


def within_training_step(model: Model, work: Callable[[], Result]) -> Result:
    """Does some work within a training step for which a model can be evaluated as it is, in its own
    mode, and differentiated towards its inputs, and after which nothing of it has changed.

    Meanwhile: grad mode on and inference mode off, no parameter requires a gradient, copies stand
    for the buffers, and DistributedDataParallel stands aside. The buffers themselves are not
    written, so that no backward pass under way is spoilt and nothing waits for a GPU. Autocast and
    the random states are the caller's and go on: what is random in the model draws from them.

    Args:
        model: the model.
        work: what is done meanwhile.

    Returns:
        What ``work`` does.

    Raises:
        ValueError: the model was made in inference mode, so that no gradient can pass through it,
            or has lazy parameters of no shape yet.
    """
    return borrow(lambda: _borrowed(model), work)


def _borrowed(model: Model) -> list[Borrowed]:
    modules = modules_of(model)
    check_shaped(modules)
    return [*input_gradient_only(modules), *exchanged(modules)]
