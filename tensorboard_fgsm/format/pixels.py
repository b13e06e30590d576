"""8-bit pixel arithmetic and the lossless picture codec.

Pictures are (H, W, C) uint8 arrays with C = 1 (grey) or 3 (RGB); directions are int8 arrays of the
same shape with values in {-1, 0, 1}. The dashboard's ``pixels.ts`` does the same arithmetic, and
golden files hold both to it.
"""

from __future__ import annotations

import io
import zlib
from typing import Literal

import numpy as np
from jaxtyping import Float, Int8, UInt8
from PIL import Image

MAX_SIDE = 16383
"""WebP's limit on a picture's height and width, in pixels."""

Format = Literal["webp", "png"]

Picture = UInt8[np.ndarray, "h w c"]
Direction = Int8[np.ndarray, "h w c"]


class PictureError(ValueError):
    """Stored bytes that are not the picture they should be; the message says why."""


def shown_channels(channels: int) -> int:
    """How many of the model's channels pictures show: one (the first) as grey, or three (the
    first) as RGB.
    """
    return 3 if channels >= 3 else 1


def levels(values: Float[np.ndarray, "*shape"]) -> UInt8[np.ndarray, "*shape"]:
    """Rounds pixel values to the 8-bit grid.

    Args:
        values: pixel values in [0, 1], any shape; what lies outside is clipped.

    Returns:
        ``clip(floor(255 * values + 0.5), 0, 255)``, of the same shape.
    """
    rounded = np.floor(255.0 * values.astype(np.float64) + 0.5)
    return np.clip(rounded, 0, 255).astype(np.uint8)


def table(epsilon: float) -> UInt8[np.ndarray, "3 256"]:
    """Returns the whole attack at one epsilon as a lookup table (3, 256): row ``s + 1``, column
    ``x`` holds ``clamp(floor(x + 255·ε·s + 0.5), 0, 255)``, computed in float64.

    Args:
        epsilon: in pixel units of images in [0, 1].

    Raises:
        ValueError: epsilon is not in [0, 1].
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon is in [0, 1] pixel units, got {epsilon}: did you mean 8/255?")
    x = np.arange(256, dtype=np.float64)
    s = np.array([[-1.0], [0.0], [1.0]])
    return np.clip(np.floor(x + 255.0 * epsilon * s + 0.5), 0, 255).astype(np.uint8)


def adversarial(original: Picture, direction: Direction, epsilon: float) -> Picture:
    """Returns ``clip(x + ε·sign)`` on the 8-bit grid.

    Args:
        original: (H, W, C) uint8.
        direction: (H, W, C) int8 in {-1, 0, 1}.
        epsilon: in pixel units, in [0, 1].

    Raises:
        ValueError: the shapes differ, or epsilon is not in [0, 1].
    """
    if original.shape != direction.shape:
        raise ValueError(
            f"original {original.shape} and direction {direction.shape} differ in shape"
        )
    return table(epsilon)[direction + 1, original]


def noise(direction: Int8[np.ndarray, "*shape"]) -> UInt8[np.ndarray, "*shape"]:
    """Draws directions, of any shape: -1 is 0, 0 is 128, 1 is 255. This is the stored picture,
    too.
    """
    return np.array([0, 128, 255], np.uint8)[direction + 1]


def magnified_noise(direction: Direction, epsilon: float, times: float) -> Picture:
    """Draws the noise that is added at one epsilon, magnified: ``clamp(floor(127.5 +
    times·255·ε·s + 0.5), 0, 255)``, computed in float64. With ``times = 0.5 / epsilon`` it is
    ``noise``.

    Args:
        direction: (H, W, C) int8 in {-1, 0, 1}.
        epsilon: in pixel units, in [0, 1].
        times: by which factor, not negative.
    """
    s = np.array([-1.0, 0.0, 1.0])
    shades = np.clip(np.floor(127.5 + times * 255.0 * epsilon * s + 0.5), 0, 255)
    return shades.astype(np.uint8)[direction + 1]


def direction(picture: Picture) -> Direction:
    """Reads a direction back from its picture.

    Raises:
        PictureError: a value is none of 0, 128 and 255.
    """
    signs = (picture > 64).astype(np.int8) + (picture > 192) - np.int8(1)
    if not np.array_equal(noise(signs), picture):
        raise PictureError("the stored direction has values other than 0, 128 and 255")
    return signs


def encode(picture: Picture, format: Format = "webp") -> bytes:
    """Compresses a picture without loss.

    Args:
        picture: (H, W, C) uint8, C = 1 or 3, sides of at most ``MAX_SIDE`` pixels.
        format: lossless WebP, or PNG.
    """
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    buffer = io.BytesIO()
    if format == "webp":
        # Against PNG a tenth of the time and four fifths of the bytes; more effort gains little.
        image.save(buffer, "WEBP", lossless=True, quality=0, method=0)
    else:
        image.save(buffer, "PNG")
    return buffer.getvalue()


def decode(data: bytes, shape: tuple[int, int, int]) -> Picture:
    """Reads a stored WebP picture.

    Args:
        data: the stored bytes.
        shape: the (H, W, C) that the record promises, C = 1 or 3.

    Raises:
        PictureError: the bytes are no WebP picture, or one of another shape.
    """
    height, width, channels = shape
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            if image.size != (width, height):
                raise PictureError(
                    f"the stored picture is {image.height} × {image.width} pixels, "
                    f"the record says {height} × {width}"
                )
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"the stored bytes are no WebP picture: {error}") from None
    return pixels[..., :channels]


def checksum(data: bytes) -> int:
    """CRC-32 (ISO 3309, as in PNG and zlib) of stored bytes."""
    return zlib.crc32(data)
