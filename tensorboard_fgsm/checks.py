"""What the user gives, checked: each error names what was given, what was expected, what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def check_batch(inputs: Tensor, labels: Tensor) -> None:
    """Refuses inputs that are not (N, C, H, W) floats and labels that are not (N,) int64."""
    if not isinstance(inputs, Tensor) or inputs.dtype not in FLOATS:
        raise TypeError(
            f"inputs are an (N, C, H, W) tensor of floats of 16 bits or more, what the model eats; "
            f"got {described(inputs)}"
        )
    if inputs.layout != torch.strided:
        raise TypeError(f"inputs are dense, got {inputs.layout}: inputs.to_dense() converts them")
    if inputs.ndim != 4:
        raise ValueError(f"inputs are (N, C, H, W), got {tuple(inputs.shape)}")
    if inputs.numel() == 0:
        raise ValueError(f"inputs are empty, {tuple(inputs.shape)}: give at least one sample")
    if not isinstance(labels, Tensor) or labels.dtype != torch.int64:
        raise TypeError(
            f"labels are an ({len(inputs)},) tensor of int64 classes, got {described(labels)}: "
            "labels.long() converts integers"
        )
    if labels.shape != (len(inputs),):
        raise ValueError(
            f"labels are ({len(inputs)},), one a sample of inputs, got {tuple(labels.shape)}"
        )
    if labels.min() < 0:
        raise ValueError(f"labels are classes from 0 on, got {labels.min().item()}")


def checked_epsilons(epsilons: Iterable[float]) -> tuple[float, ...]:
    """Sorts epsilons and drops duplicates; refuses none, and any that is not in [0, 1]."""
    if isinstance(epsilons, str | bytes) or not isinstance(epsilons, Iterable):
        raise TypeError(f"epsilons is a list such as [2/255, 8/255], got {epsilons!r}")
    try:
        numbers = sorted({float(epsilon) for epsilon in epsilons})
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"epsilons are numbers such as 8/255, got {epsilons!r}") from None
    if not numbers:
        raise ValueError("epsilons are empty: give one or more, such as [2/255, 8/255]")
    for epsilon in numbers:
        if not 0 <= epsilon <= 1:
            raise ValueError(
                f"epsilons are in [0, 1] pixel units, got {epsilon:g}: did you mean 8/255?"
            )
    return tuple(numbers)


def checked_normalisation(
    mean: Iterable[float] | None, std: Iterable[float] | None
) -> tuple[tuple[float, ...] | None, tuple[float, ...] | None]:
    """Refuses a mean and std that do not go together."""
    if mean is None and std is None:
        return None, None
    if mean is None or std is None:
        raise ValueError("mean and std go together: give both, or neither")
    try:
        means, stds = tuple(map(float, mean)), tuple(map(float, std))
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"mean and std are lists with a number a channel, got mean={mean!r} and std={std!r}"
        ) from None
    if len(means) != len(stds) or not means:
        raise ValueError(f"mean has {len(means)} channels, std has {len(stds)}: they must agree")
    if not all(map(math.isfinite, means + stds)) or min(stds) <= 0:
        raise ValueError(f"mean is finite and std positive, got mean={means} and std={stds}")
    return means, stds


def described(value: object) -> str:
    """Names what was given, for an error: a tensor's shape and dtype, or else the type."""
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    return type(value).__name__
