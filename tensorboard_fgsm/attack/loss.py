"""The loss that an attack makes grow."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor

LossFn = Callable[[Tensor, Tensor], Tensor]
"""``loss_fn(logits (N, K), labels (N,)) -> (N,) or a scalar``; FGSM makes it grow."""


def stable_loss(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Float[Tensor, " n"]:
    """How far the other classes are ahead of the true one: the direction of cross-entropy without
    its cancellation.

    Cross-entropy is ``softplus`` of this loss, so both gradients have the same sign. But in
    float32 the one of cross-entropy is rounding noise once the true class's probability rounds to
    1, which makes a network look more robust the longer it trains.

    Args:
        logits: (N, K), K ≥ 2.
        labels: (N,) int64, the true classes.

    Returns:
        (N,) ``logsumexp(logits of the other classes) − logit of the true class``, in float32 at
        least.
    """
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    true_class = labels.unsqueeze(1)
    others = logits.scatter(1, true_class, -math.inf).logsumexp(1)
    return others - logits.gather(1, true_class).squeeze(1)


def loss_name(loss_fn: LossFn | None) -> str:
    """Returns ``stable``, or the name of the user's own loss."""
    if loss_fn in (None, stable_loss):
        return "stable"
    while isinstance(loss_fn, functools.partial):
        loss_fn = loss_fn.func
    return getattr(loss_fn, "__name__", type(loss_fn).__name__)


def total_loss(loss_fn: LossFn | None, logits: Tensor, labels: Tensor) -> Tensor:
    """Returns the loss summed over the batch: not its mean, so that a sample's gradient does not
    depend on the size of its batch.

    Raises:
        ValueError: the loss is not (N,) or a scalar, or not finite.
    """
    return checked_loss(loss_fn, logits, labels).sum()


def checked_loss(loss_fn: LossFn | None, logits: Tensor, labels: Tensor) -> Tensor:
    """Returns the loss as the function gives it, of each sample or of all.

    Raises:
        ValueError: as ``total_loss``.
    """
    loss = _loss(loss_fn, logits, labels)
    if not loss.isfinite().all():
        raise ValueError(
            f"the {loss_name(loss_fn)} loss is NaN or infinite: look at the logits of this batch"
        )
    return loss


@torch.no_grad()
def sample_losses(
    loss_fn: LossFn | None, logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]
) -> Float[Tensor, " n"]:
    """Returns the loss of each sample, (N,), without a gradient; it may be NaN or infinite."""
    return each_loss(_loss(loss_fn, logits, labels), loss_fn, logits, labels)


@torch.no_grad()
def each_loss(
    loss: Tensor, loss_fn: LossFn | None, logits: Tensor, labels: Tensor
) -> Float[Tensor, " n"]:
    """Returns the loss of each sample of a batch, whose loss is known and may be a mean or sum."""
    if loss.shape == labels.shape:
        return loss.detach()
    pairs = zip(logits.split(1), labels.split(1), strict=True)
    return torch.stack([_loss(loss_fn, *pair).sum() for pair in pairs])


def unchecked_loss(loss_fn: LossFn | None, logits: Tensor, labels: Tensor) -> Tensor:
    """Returns the same without waiting for a GPU: it may be NaN or infinite."""
    return _loss(loss_fn, logits, labels).sum()


def _loss(loss_fn: LossFn | None, logits: Tensor, labels: Tensor) -> Tensor:
    loss = (loss_fn or stable_loss)(logits, labels)
    if not isinstance(loss, Tensor) or loss.shape not in ((), (len(logits),)):
        raise ValueError(
            f"loss_fn returns ({len(logits)},) or a scalar, got "
            f"{tuple(loss.shape) if isinstance(loss, Tensor) else type(loss).__name__}"
        )
    return loss


def gradient_of(total: Tensor, inputs: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
    """Returns the gradient of a summed loss towards its inputs, a leaf, in one backward.

    It lands nowhere else, unless the model has reentrant checkpoints, which know no such backward:
    then on other leaves that require gradients, too. See that there are none.

    Raises:
        ValueError: the loss does not depend on the inputs.
    """
    gradient = None
    if _is_reentrant(total):
        total.backward()
        gradient = inputs.grad
    elif total.requires_grad:
        (gradient,) = torch.autograd.grad(total, inputs, allow_unused=True)
    if gradient is None:
        raise ValueError(
            "the loss does not depend on the inputs: "
            "the model or loss_fn detaches them or runs under no_grad"
        )
    return gradient


def _is_reentrant(total: Tensor) -> bool:
    """Whether ``torch.utils.checkpoint`` with ``use_reentrant=True`` had a part in it."""
    waiting: list[Any] = [total.grad_fn]
    seen: set[Any] = set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        if node.name() == "CheckpointFunctionBackward":
            return True
        seen.add(node)
        waiting += [following for following, _ in node.next_functions]
    return False
