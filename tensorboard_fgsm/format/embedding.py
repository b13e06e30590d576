"""Where samples lie for the model, clean and at each epsilon: points in a plane, as stored.

A thousand samples at nine epsilons are ten thousand points. Each is two 16-bit numbers, four bytes,
in a text of base64: 53 kB, where JSON's own numbers would take 400.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import msgspec
import numpy as np
from jaxtyping import Float

from tensorboard_fgsm.format.ranges import Count, Fraction, Positive

MAX_SAMPLES = 5000
"""The most samples of one record that are embedded. The dashboard draws as many in a frame."""

LONGEST_NAME = 300
"""How long the name of a layer may be."""

LEVELS = 2**16 - 1
"""The box's sides are divided into so many steps: one is far below a pixel of any screen."""

_DTYPE = np.dtype("<u2")


class Embedding(msgspec.Struct, frozen=True):
    """Samples as points in the plane of the two principal components of the model's features."""

    fit: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    """Names the projection: points of two steps can be compared only where this is the same."""
    fitted: Count
    """The step to whose clean features the projection was fitted."""
    layer: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
    """The name of the module whose inputs are the features."""
    features: Positive
    """How many they are of each sample: the plane shows two of so many dimensions."""
    explained: tuple[Fraction, Fraction]
    """Which share of the variance of the clean features, those that it was fitted to, lies along
    each component."""
    box: tuple[float, float, float, float]
    """Left, bottom, right and top, in units of the features: where the levels 0 and 65535 lie."""
    indices: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1, max_length=MAX_SAMPLES)]
    """The samples' numbers in the batch or data set, increasing."""
    labels: tuple[Count, ...]
    """Their true classes."""
    flip_epsilons: tuple[Fraction | None, ...]
    """The smallest epsilon known to flip each: 0 where it is wrong already when clean, None where
    it does not flip up to the largest."""
    positions: str
    """Base64 of little-endian uint16: of the clean samples and then of those at each epsilon,
    sample by sample, the level along the first component and the one along the second."""

    def __post_init__(self) -> None:
        if any(a >= b for a, b in pairwise(self.indices)):
            raise ValueError("the numbers of the embedded samples do not increase")
        for name in ("labels", "flip_epsilons"):
            if len(getattr(self, name)) != len(self.indices):
                raise ValueError(
                    f"{len(self.indices)} samples are embedded, "
                    f"but there are {len(getattr(self, name))} {name}"
                )
        left, bottom, right, top = self.box
        if not (all(map(math.isfinite, self.box)) and left < right and bottom < top):
            raise ValueError(f"{list(self.box)} is no box: left, bottom, right, top")

    def check(self, epsilons: Sequence[float], class_count: int) -> None:
        """Refuses what does not go with the record, by a ValueError.

        Args:
            epsilons: the logged ones, each of which has a point a sample.
            class_count: how many classes there are.
        """
        if max(self.labels) >= class_count:
            raise ValueError(
                f"class {max(self.labels)} is embedded, but the classes are 0 to {class_count - 1}"
            )
        size = _DTYPE.itemsize * 2 * len(self.indices) * (1 + len(epsilons))
        if len(self.positions) != 4 * math.ceil(size / 3) or len(self._bytes()) != size:
            raise ValueError(
                f"the positions of {len(self.indices)} samples, clean and at {len(epsilons)} "
                f"epsilons, are {size:,} bytes in base64"
            )

    def points(self) -> Float[np.ndarray, "e n 2"]:
        """Returns (1 + E, N, 2) float64: where each sample lies when clean and at each logged
        epsilon, in units of the features, to a 65535th of the box.
        """
        left, bottom, right, top = self.box
        levels = np.frombuffer(self._bytes(), _DTYPE).reshape(-1, len(self.indices), 2)
        return np.array([left, bottom]) + levels / LEVELS * np.array([right - left, top - bottom])

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.positions, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError(f"the positions of embedded samples are no base64: {error}") from None


def packed(
    points: Float[np.ndarray, "e n 2"],
) -> tuple[tuple[float, float, float, float], str]:
    """Returns the box that holds points (1 + E, N, 2) of finite floats, and their positions in it.

    A side of no length, as of one sample that does not move, becomes one that has some.
    """
    low, high = points.min((0, 1)), points.max((0, 1))
    # Float64 has numbers between these also where all are large.
    margin = np.where(high > low, 0, np.maximum(1, np.abs(low)) * 1e-6)
    low, high = low - margin, high + margin
    levels = np.rint((points - low) / (high - low) * LEVELS).clip(0, LEVELS).astype(_DTYPE)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return box, base64.b64encode(levels.tobytes()).decode("ascii")
