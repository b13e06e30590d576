"""How sure a share of few samples is: Wilson's interval (Wilson 1927, Journal of the American
Statistical Association 22, p. 209).
"""

from __future__ import annotations

import math

_QUANTILE = 1.959963984540054
"""Of the normal distribution: 95 % lie as far from its mean or nearer."""


def wilson(share: float, count: int) -> tuple[float, float]:
    """Returns the bounds of the 95 % interval of a share, each in [0, 1].

    Args:
        share: of the samples, in [0, 1].
        count: how many samples there are, 1 or more.
    """
    weight = _QUANTILE**2 / count
    middle = (share + weight / 2) / (1 + weight)
    half = math.sqrt(weight * (share * (1 - share) + weight / 4)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
