"""Towards which class a targeted attack goes."""

from __future__ import annotations

import operator
from typing import Any, Literal

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from tensorboard_fgsm.attack.batch import check_classes
from tensorboard_fgsm.model.described import described

Target = int | tuple[int, ...] | Literal["least-likely"]
"""One class, a class for each sample, or each sample's least probable one."""


def checked_target(target: Any) -> Target | None:
    """Reads a class, an (N,) int64 tensor of classes, or ``"least-likely"``; None stays None."""
    if target is None:
        return None
    if isinstance(target, Tensor) and target.ndim > 0:
        check_classes("targets", target, len(target))
        return tuple(target.tolist())
    expected = "target is a class from 0 on, an (N,) int64 tensor of classes, or 'least-likely'"
    if isinstance(target, str):
        if target == "least-likely":
            return "least-likely"
        raise TypeError(f"{expected}; got {target!r}")
    try:
        number = operator.index(target)
    except TypeError:
        raise TypeError(f"{expected}; got {described(target)}") from None
    if isinstance(target, bool) or (isinstance(target, Tensor) and target.dtype == torch.bool):
        raise TypeError(f"{expected}; got {target!r}")
    if not 0 <= number < 2**63:
        raise ValueError(f"{expected}; got {number}")
    return number


def check_target(target: Target | None, count: int) -> None:
    """Refuses a class for each of another number of samples."""
    if isinstance(target, tuple) and len(target) != count:
        raise ValueError(
            f"target has {len(target)} classes for {count} samples: "
            "give one a sample, or a single class"
        )


def targets_of(target: Target | None, logits: Float[Tensor, "n k"]) -> Int64[Tensor, " n"] | None:
    """Returns (N,) the class to go towards from each sample; None if there is no target."""
    if target is None:
        return None
    if target == "least-likely":
        return logits.argmin(1)
    if isinstance(target, int):
        return torch.full((len(logits),), target, dtype=torch.int64, device=logits.device)
    return torch.tensor(target, dtype=torch.int64, device=logits.device)
