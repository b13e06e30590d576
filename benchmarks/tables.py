"""Markdown tables of medians, each with the quarter below and the quarter above it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Returns a Markdown table, the first column of words and the others of figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def middle(values: Sequence[float], digits: int = 2) -> str:
    """Returns the median and, of more than one, between which values half of them lie."""
    median = statistics.median(values)
    if len(values) < 2:
        return f"{median:,.{digits}f}"
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{median:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the smallest value that at least this share of them does not exceed."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)]
