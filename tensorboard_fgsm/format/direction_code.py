"""Small directions as lossless WebP, written here: a bit a sign where none is 0.

Of a digit that takes a tenth of libwebp's time, most of which small pictures do not need, and three
quarters of its bytes. RFC 9649 calls what is written a VP8L bitstream (section 3): with no
transform but that of grey, no cache and no references, and a prefix code a channel.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int8

from tensorboard_fgsm.format import pixels

MOST_SIGNS = 2**15
"""Larger directions are better left to libwebp, which finds what comes again in them."""

MOST_ZEROS = 1 / 8
"""Directions with more zeros are, and coloured ones with any."""


def encode(directions: Int8[np.ndarray, "n h w c"]) -> list[bytes]:
    """Compresses small directions without loss, as the pictures that ``pixels.noise`` draws: those
    of many zeros by libwebp.

    Args:
        directions: in {-1, 0, 1}, of C = 1 or 3 channels.

    Raises:
        PictureError: they are larger than ``MAX_SIDE`` and ``MAX_PIXELS`` allow.
    """
    count, height, width, channels = directions.shape
    pixels.check_size(height, width)
    # Green is stored first.
    in_order = directions[..., [1, 0, 2]] if channels == 3 else directions
    signs = in_order.reshape(count, height * width * channels)
    zeros = (signs == 0).mean(1)
    without, with_some = (_head(height, width, channels, code) for code in (_TWO, _THREE))
    encoded = []
    for i in range(count):
        if zeros[i] == 0:
            encoded.append(_file(without, signs[i] > 0))
        elif zeros[i] <= MOST_ZEROS and channels == 1:
            encoded.append(_file(with_some, _in_two_bits(signs[i])))
        else:
            encoded.append(pixels.encode(pixels.noise(directions[i])))
    return encoded


def _in_two_bits(signs: Int8[np.ndarray, " p"]) -> Bool[np.ndarray, " b"]:
    """Writes -1 as 0, 0 as 10 and 1 as 11."""
    above = signs >= 0
    return np.stack([above, signs > 0], 1)[np.stack([np.ones_like(above), above], 1)]


def _number(value: int, bits: int) -> list[int]:
    """Writes a number, its least bit first."""
    return [value >> place & 1 for place in range(bits)]


def _always(level: int) -> list[int]:
    """A prefix code of one level, which is no bit at all: simple, of one symbol."""
    return [1, 0, 1, *_number(level, 8)]


_TWO = [1, 1, 0, *_number(0, 1), *_number(255, 8)]
"""A prefix code of the levels 0 and 255, which are 0 and 1: simple, of two symbols, the first of
which is small."""

_THREE = [
    # Not simple. Lengths are told by a code of their own, in which 17, 18, 0, 1 and 2 have 0, 1, 0,
    # 2 and 2 bits. So 18, which is "none" many times, is 0, 1 is 10, and 2 is 11.
    *(0, *_number(5 - 4, 4)),
    *(*_number(0, 3), *_number(1, 3), *_number(0, 3), *_number(2, 3), *_number(2, 3)),
    # In it there follow five lengths: 1, none for 127 levels, 2, none for 126, and 2.
    *(1, *_number(0, 3), *_number(5 - 2, 2)),
    *(1, 0, 0, *_number(127 - 11, 7), 1, 1, 0, *_number(126 - 11, 7), 1, 1),
]
"""A prefix code of the levels 0, 128 and 255, which are 0, 10 and 11."""


def _head(height: int, width: int, channels: int, code: list[int]) -> Bool[np.ndarray, " b"]:
    """Writes what stands before the pixels, given the prefix code of their levels."""
    # Grey is green alone: it is taken from red and blue, which then are 0 everywhere.
    transform = [1, *_number(2, 2)] if channels == 1 else []
    others = _always(0) if channels == 1 else code
    return np.array(
        [
            *(*_number(0x2F, 8), *_number(width - 1, 14), *_number(height - 1, 14)),
            *(0, *_number(0, 3)),  # not transparent; the version
            *(*transform, 0),
            *(0, 0),  # no cache of colours, and the same codes for all pixels
            *(*code, *others, *others),
            *(*_always(255), *_always(0)),  # opacity, and distances, of which there are none
        ],
        bool,
    )


def _file(head: Bool[np.ndarray, " a"], levels: Bool[np.ndarray, " b"]) -> bytes:
    stream = np.packbits(np.concatenate([head, levels]), bitorder="little").tobytes()
    chunk = b"VP8L" + len(stream).to_bytes(4, "little") + stream + bytes(len(stream) % 2)
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk
