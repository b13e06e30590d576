"""The digits of the numbers that a record keeps."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

_POWERS = np.array([float(10**power) for power in range(23)])
"""The powers of ten that a float64 holds exactly."""


def shortened(numbers: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Rounds to six significant digits, as ``float(f"{number:.6g}")`` does: a third of a record's
    size, and more than a float32 softmax knows.

    Args:
        numbers: of any shape; NaN and infinity stay what they are.

    Returns:
        The same shape, float64.
    """
    numbers = numbers.astype(np.float64)
    sizes = np.abs(numbers)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        places = np.nan_to_num(5 - np.floor(np.log10(sizes)), nan=0, posinf=0).clip(0, 22)
        power = _POWERS[places.astype(np.intp)]
        scaled = sizes * power
        rounded = np.copysign(np.rint(scaled) / power, numbers)
        # Both are whole numbers that a float64 holds, so that their quotient is the nearest one to
        # what the digits say; unless the product was rounded to the other side of a half.
        sure = (scaled >= 1e5) & (scaled < 999_999) & (np.abs(scaled % 1 - 0.5) > 1e-6)
    for place in zip(*np.nonzero(~sure), strict=True):
        rounded[place] = float(f"{numbers[place]:.6g}")
    return rounded
