"""Epsilons as users write them: numbers in [0, 1], or text such as ``"8/255"``."""

from __future__ import annotations

from collections.abc import Iterable


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


def in_255ths(epsilon: float) -> str:
    """Returns an epsilon as it is read in sentences, such as ``8/255``."""
    return f"{epsilon * 255:.4g}/255"
