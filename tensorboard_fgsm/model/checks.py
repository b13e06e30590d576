"""What the user gives, checked: each error names what was given, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def check_batch(inputs: Tensor, labels: Tensor | None) -> None:
    """Refuses inputs that are not (N, C, H, W) floats; labels that are neither (N,) int64 from 0 on
    nor None.
    """
    check_shapes(inputs, labels)
    if labels is not None:
        check_classes("labels", labels, len(inputs))


def check_shapes(inputs: Tensor, labels: Tensor | None) -> None:
    """Refuses what ``check_batch`` does, as far as it shows without waiting for a GPU: but for
    labels below 0.
    """
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
    if labels is not None:
        _check_class_shape("labels", labels, len(inputs))


def check_classes(name: str, classes: Tensor, count: int) -> None:
    """Refuses classes that are not (count,) int64 from 0 on."""
    _check_class_shape(name, classes, count)
    if count and classes.min() < 0:
        raise ValueError(f"{name} are classes from 0 on, got {classes.min().item()}")


def _check_class_shape(name: str, classes: Tensor, count: int) -> None:
    if not isinstance(classes, Tensor) or classes.dtype != torch.int64:
        raise TypeError(
            f"{name} are an ({count},) tensor of int64 classes, got {described(classes)}: "
            f"{name}.long() converts integers"
        )
    if classes.shape != (count,):
        raise ValueError(
            f"{name} are ({count},), one a sample of inputs, got {tuple(classes.shape)}"
        )


def checked_epsilons(epsilons: Iterable[float | str]) -> tuple[float, ...]:
    """Sorts epsilons and drops duplicates; refuses none, and any that is not in [0, 1]."""
    if isinstance(epsilons, str | bytes) or not isinstance(epsilons, Iterable):
        raise TypeError(f"epsilons is a list such as [2/255, 8/255], got {epsilons!r}")
    try:
        numbers = sorted({number_of(epsilon) for epsilon in epsilons})
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise TypeError(
            f"epsilons are numbers such as 8/255 or '8/255', got {epsilons!r}"
        ) from None
    if not numbers:
        raise ValueError("epsilons are empty: give one or more, such as [2/255, 8/255]")
    for epsilon in numbers:
        if not 0 <= epsilon <= 1:
            raise ValueError(
                f"epsilons are in [0, 1] pixel units, got {epsilon:g}: did you mean 8/255?"
            )
    return tuple(numbers)


def number_of(size: float | str) -> float:
    """Returns a number, or what a text such as ``"8/255"`` stands for."""
    if not isinstance(size, str):
        return float(size)
    numerator, slash, denominator = size.partition("/")
    return float(numerator) / float(denominator) if slash else float(numerator)


def described(value: object) -> str:
    """Names what was given, for an error: a tensor's shape and dtype, or else the type."""
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    return type(value).__name__
