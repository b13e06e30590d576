"""8-bit pixel arithmetic and the lossless picture codec.

Pictures are (H, W, C) uint8 arrays with C = 1 (grey) or 3 (RGB); directions are int8 arrays of the
same shape with values in {-1, 0, 1}. The dashboard's ``pixels.ts`` does the same arithmetic, and
golden files hold both to it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import Literal

import numpy as np
from jaxtyping import Float, Int8, UInt8
from PIL import Image

MAX_SIDE = 16383
"""WebP's limit on a picture's height and width, in pixels."""

MAX_PIXELS = 2**24
"""The most pixels of a stored picture, 4096 × 4096. Its bytes are no limit: lossless WebP spends no
bit on a pixel like the one before it, so that 34 bytes are an honest picture of 12000 × 8000 equal
pixels, which takes 5 s and a gigabyte to decode. At this limit it is 0.8 s and 0.3 GB."""

Format = Literal["webp", "png"]

Picture = UInt8[np.ndarray, "h w c"]
Direction = Int8[np.ndarray, "h w c"]


class PictureError(ValueError):
    """Stored bytes that are not the picture they should be; the message says why."""


def check_size(height: int, width: int) -> None:
    """Refuses a picture that is too large to be stored and read back.

    Raises:
        PictureError: a side is longer than ``MAX_SIDE``, or there are more than ``MAX_PIXELS``.
    """
    if max(height, width) > MAX_SIDE or height * width > MAX_PIXELS:
        raise PictureError(
            f"pictures of {height} × {width} pixels are not stored: sides are at most {MAX_SIDE}, "
            f"pixels {MAX_PIXELS:,} in all; log with max_samples=0 for the numbers alone"
        )


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
    moved, drawn = table(epsilon), np.empty_like(original)
    for rows in _strips(original):
        drawn[rows] = moved[direction[rows] + 1, original[rows]]
    return drawn


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
    signs = np.empty(picture.shape, np.int8)
    for rows in _strips(picture):
        signs[rows] = (picture[rows] > 64).astype(np.int8) + (picture[rows] > 192) - np.int8(1)
        if not np.array_equal(noise(signs[rows]), picture[rows]):
            raise PictureError("the stored direction has values other than 0, 128 and 255")
    return signs


def _strips(picture: Picture) -> Iterator[slice]:
    """Cuts a picture into rows of some 2^18 values: an index takes NumPy eight bytes a value, which
    for a large picture as a whole would be gigabytes.
    """
    height, width, channels = picture.shape
    rows = max(1, 2**18 // (width * channels))
    return (slice(top, top + rows) for top in range(0, height, rows))


def encode(picture: Picture, format: Format = "webp") -> bytes:
    """Compresses a picture without loss.

    Args:
        picture: (H, W, C) uint8, C = 1 or 3.
        format: lossless WebP, or PNG.

    Raises:
        PictureError: the picture is larger than ``MAX_SIDE`` and ``MAX_PIXELS`` allow.
    """
    check_size(*picture.shape[:2])
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
        PictureError: the bytes are no lossless WebP picture, or one of another or too large a size.
    """
    height, width, channels = shape
    check_header(data, height, width)
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureError(f"the stored bytes are no WebP picture: {error}") from None
    if pixels.shape[:2] != (height, width):
        raise PictureError("the stored bytes are no WebP picture: their header says another size")
    return pixels[..., :channels]


def check_header(data: bytes, height: int, width: int) -> None:
    """Compares a stored picture's own size with its record's, before anything makes room for it.

    Args:
        data: the stored bytes: a RIFF file whose one chunk is VP8L, as ``encode`` writes it.
        height: in pixels, as the record promises.
        width: likewise.

    Raises:
        PictureError: as ``decode``.
    """
    # RFC 9649: behind the chunk's length a signature byte, 14 bits of width - 1, 14 of height - 1.
    signs = data[:4], data[8:16], data[20:21]
    if len(data) < 25 or signs != (b"RIFF", b"WEBPVP8L", b"/"):
        raise PictureError("the stored bytes are no WebP picture that is lossless and nothing else")
    bits = int.from_bytes(data[21:25], "little")
    claimed = 1 + (bits >> 14 & 0x3FFF), 1 + (bits & 0x3FFF)
    check_size(*claimed)
    if claimed != (height, width):
        raise PictureError(
            f"the stored picture is {claimed[0]} × {claimed[1]} pixels, "
            f"the record says {height} × {width}"
        )


def checksum(data: bytes) -> int:
    """CRC-32 (ISO 3309, as in PNG and zlib) of stored bytes."""
    return zlib.crc32(data)
