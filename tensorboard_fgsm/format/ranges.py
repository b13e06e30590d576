"""The numbers that a record may hold, and their ranges."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

MAX_WHOLE = 2**53 - 1
"""The largest whole number that JavaScript, and so the dashboard, knows exactly; steps, too."""

Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_WHOLE)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MAX_WHOLE)]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Cosine = Annotated[float, msgspec.Meta(ge=-1, le=1)]


def same_length(name: str, values: tuple[Any, ...], epsilons: tuple[float, ...]) -> None:
    """Raises a ValueError unless there is a value for each epsilon."""
    if len(values) != len(epsilons):
        raise ValueError(f"{name} has {len(values)} entries for {len(epsilons)} epsilons")
