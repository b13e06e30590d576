"""The settings of another library's attack, as values that the record's JSON can hold."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Setting = str | int | float | bool


def setting_of(value: Any) -> Setting | None:
    """Returns a value as a setting: NumPy's numbers as Python's, infinity and NaN as text, which
    JSON has no numbers for. None if it is neither text, nor a number, nor yes or no.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, Setting) else None
