"""What a model says on a square through one sample: a small picture, as stored.

Its middle is the original. One way it goes along FGSM's direction, and the other way along a random
one orthogonal to that: a "church window" (Warde-Farley and Goodfellow, "Adversarial Perturbations
of Deep Neural Networks", in *Perturbations, Optimization, and Statistics*, 2016, chapter 11,
https://doi.org/10.7551/mitpress/10761.001.0001).
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
from jaxtyping import Float, Int64

from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.ranges import Count

LEAST_SIDE, MOST_SIDE = 3, 129
"""A square has so many cells a side, an odd number: of 129 × 129 the picture is 63 kB at worst."""

MOST_SAMPLES = 64
"""The most samples of one step that are drawn: finely, they are 4 MB of its record."""

_LONGEST = 2**17
"""Of a picture's base64: twice as much as the largest ever takes."""


class Cells(NamedTuple):
    """What the model says in each cell of a square of R × R of them.

    Row j and column i lie ``axis[i]`` along FGSM's direction and ``axis[j]`` along the random one.
    """

    classes: Int64[np.ndarray, "r r"]
    """The class that is predicted."""
    probabilities: Float[np.ndarray, "r r"]
    """Its probability, to a 255th."""
    axis: Float[np.ndarray, " r"]
    """From the largest epsilon against a direction to the largest one along it, in pixel units; the
    middle is 0."""


class CrossSection(msgspec.Struct, frozen=True):
    """The predicted class and its probability over a square through a sample."""

    side: Annotated[int, msgspec.Meta(ge=LEAST_SIDE, le=MOST_SIDE)]
    """R, odd: how many cells its sides have. They go from the largest logged epsilon against a
    direction, through the original in the middle, to the largest along it."""
    classes: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1, max_length=MOST_SIDE**2)]
    """The classes that occur, each once, the most frequent first."""
    picture: Annotated[str, msgspec.Meta(max_length=_LONGEST)]
    """Base64 of a lossless WebP of R × R pixels, a pixel a cell: 256 · green + red is the class's
    place in ``classes``, blue its probability in 255ths. Columns go along FGSM's direction, rows
    along the random one."""

    def __post_init__(self) -> None:
        if self.side % 2 == 0:
            raise ValueError(f"a cross-section of {self.side} cells a side has none in the middle")
        if len(set(self.classes)) < len(self.classes):
            raise ValueError("a cross-section names a class twice")
        pixels.check_header(self._bytes(), self.side, self.side)

    def cells(self, epsilon: float) -> Cells:
        """Returns what the model says in each cell.

        Args:
            epsilon: the largest logged one, to which the axes go.

        Raises:
            PictureError: the stored bytes are not the picture that the record promises.
        """
        picture = pixels.decode(self._bytes(), (self.side, self.side, 3)).astype(np.int64)
        places = picture[..., 0] + 256 * picture[..., 1]
        if places.max() >= len(self.classes):
            raise pixels.PictureError(
                f"the stored cross-section names class {places.max()} of {len(self.classes)}"
            )
        classes, probabilities = np.array(self.classes)[places], picture[..., 2] / 255
        return Cells(classes, probabilities, axis(self.side, epsilon))

    def _bytes(self) -> bytes:
        try:
            return base64.b64decode(self.picture, validate=True)
        except (binascii.Error, ValueError) as error:
            raise pixels.PictureError(f"a cross-section is no base64: {error}") from None


def axis(side: int, epsilon: float) -> Float[np.ndarray, " r"]:
    """Returns the places (R,) float64 of the cells of a side, from -ε to ε: 0 in the middle."""
    half = side // 2
    return np.arange(-half, half + 1) / half * epsilon


def stored(
    classes: Int64[np.ndarray, "r r"], probabilities: Float[np.ndarray, "r r"]
) -> CrossSection:
    """Returns a cross-section as it is stored.

    Args:
        classes: the predicted one in each cell, as ``Cells`` has them.
        probabilities: likewise, in [0, 1].
    """
    found, places, counts = np.unique(classes, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    of_cells = ranks[places].reshape(classes.shape)
    picture = np.stack([of_cells % 256, of_cells // 256, pixels.levels(probabilities)], -1)
    return CrossSection(
        side=len(classes),
        classes=tuple(found[order].tolist()),
        picture=base64.b64encode(pixels.encode(picture.astype(np.uint8))).decode("ascii"),
    )
