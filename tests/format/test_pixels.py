"""The pixel arithmetic and the picture codec."""

from __future__ import annotations

import io
import math
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from tensorboard_fgsm.format import pixels

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3]))
pictures = shapes.flatmap(lambda shape: arrays.arrays(np.uint8, shape))
epsilons = st.floats(0, 1, allow_nan=False) | st.integers(0, 510).map(lambda k: k / 510)


@given(x=st.integers(0, 255), s=st.sampled_from([-1, 0, 1]), epsilon=epsilons)
def test_the_table_is_the_formula(x: int, s: int, epsilon: float) -> None:
    expected = min(max(math.floor(x + 255 * epsilon * s + 0.5), 0), 255)
    assert pixels.table(epsilon)[s + 1, x] == expected


@given(original=pictures, epsilon=epsilons, data=st.data())
def test_an_adversarial_picture_stays_within_epsilon(original, epsilon: float, data) -> None:
    direction = data.draw(arrays.arrays(np.int8, original.shape, elements=st.integers(-1, 1)))
    moved = pixels.adversarial(original, direction, epsilon).astype(int) - original
    assert np.abs(moved).max() <= math.floor(255 * epsilon + 0.5)
    assert (moved * direction >= 0).all()
    assert (moved[direction == 0] == 0).all()


@given(original=pictures)
def test_epsilon_0_is_the_identity(original) -> None:
    direction = np.ones(original.shape, np.int8)
    assert np.array_equal(pixels.adversarial(original, direction, 0.0), original)


@given(picture=pictures, format=st.sampled_from(["webp", "png"]))
def test_the_codec_loses_nothing(picture, format: pixels.Format) -> None:
    data = pixels.encode(picture, format)
    if format == "webp":
        assert np.array_equal(pixels.decode(data, picture.shape), picture)
    else:
        read = np.asarray(Image.open(io.BytesIO(data)))
        assert np.array_equal(read.reshape(picture.shape), picture)


@given(shape=shapes, data=st.data())
def test_a_direction_survives_its_picture(shape, data) -> None:
    direction = data.draw(arrays.arrays(np.int8, shape, elements=st.integers(-1, 1)))
    assert np.array_equal(pixels.direction(pixels.noise(direction)), direction)


@given(shape=shapes, epsilon=epsilons, times=st.sampled_from([1, 10, 50]), data=st.data())
def test_magnified_noise_is_the_noise_around_grey(shape, epsilon: float, times: int, data) -> None:
    direction = data.draw(arrays.arrays(np.int8, shape, elements=st.integers(-1, 1)))
    moved = pixels.magnified_noise(direction, epsilon, times).astype(int) - 128
    assert (moved[direction == 0] == 0).all()
    wanted = np.clip(times * 255 * epsilon * direction, -128, 127)
    assert (np.abs(wanted - moved - 0.5) <= 0.5 + 1e-9).all()  # as all levels, to the grid below


@given(shape=shapes, epsilon=st.floats(1 / 512, 1), data=st.data())
def test_noise_that_fills_the_range_is_the_stored_picture(shape, epsilon: float, data) -> None:
    direction = data.draw(arrays.arrays(np.int8, shape, elements=st.integers(-1, 1)))
    filled = pixels.magnified_noise(direction, epsilon, 0.5 / epsilon)
    assert np.array_equal(filled, pixels.noise(direction))


@given(st.floats(-0.5, 1.5, allow_nan=False))
def test_levels_round_and_do_not_truncate(value: float) -> None:
    level = int(pixels.levels(np.array([value]))[0])
    assert abs(level - min(max(255 * value, 0), 255)) <= 0.5 + 1e-9


def test_every_8_bit_level_is_kept() -> None:
    every = np.arange(256, dtype=np.float32) / np.float32(255)
    assert pixels.levels(every).tolist() == list(range(256))


@pytest.mark.parametrize("epsilon", [-0.1, 1.1, math.nan, math.inf, 8.0])
def test_epsilons_out_of_range_are_refused(epsilon: float) -> None:
    with pytest.raises(ValueError, match="did you mean 8/255"):
        pixels.table(epsilon)


def test_pictures_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 2, 1\) and direction \(3, 2, 1\) differ"):
        pixels.adversarial(np.zeros((2, 2, 1), np.uint8), np.zeros((3, 2, 1), np.int8), 0.1)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no picture at all", b"\x89PNG\r\n\x1a\n"])
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(pixels.PictureError, match="no WebP picture"):
        pixels.decode(data, (1, 1, 1))


def test_a_truncated_picture_is_refused() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)
    data = pixels.encode(picture)
    with pytest.raises(pixels.PictureError, match="no WebP picture"):
        pixels.decode(data[: len(data) // 2], (16, 16, 3))


def test_a_picture_of_another_size_than_promised_is_refused() -> None:
    data = pixels.encode(np.zeros((4, 6, 3), np.uint8))
    with pytest.raises(pixels.PictureError, match="4 × 6 pixels, the record says 6 × 4"):
        pixels.decode(data, (6, 4, 3))


def lossless(height: int, width: int) -> bytes:
    """The smallest WebP picture: all pixels alike, whatever their number."""
    data = bytearray(pixels.encode(np.zeros((1, 1, 3), np.uint8)))
    data[21:25] = (width - 1 | height - 1 << 14 | int.from_bytes(data[21:25], "little")).to_bytes(
        4, "little"
    )
    return bytes(data)


def test_34_bytes_are_a_picture_of_any_size() -> None:
    data = lossless(64, 300)
    assert len(data) == 34
    assert np.array_equal(pixels.decode(data, (64, 300, 3)), np.zeros((64, 300, 3)))


@pytest.mark.parametrize("size", [(8000, 12000), (16384, 16384), (4097, 4096), (1, 16384)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    message = f"of {size[0]} × {size[1]} pixels are not"
    peaks = []
    for _ in range(3):  # the least: a first time imports, and other threads take memory too
        data = lossless(*size)
        tracemalloc.start()
        try:
            with pytest.raises(pixels.PictureError, match=message):
                pixels.decode(data, (*size, 3))
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert min(peaks) < 2**20


@pytest.mark.long
def test_a_picture_of_the_most_pixels_is_written_and_read_within_its_memory() -> None:
    height = width = math.isqrt(pixels.MAX_PIXELS)
    script = f"""
import resource, numpy as np
from tensorboard_fgsm.format import pixels
original = np.resize(np.arange(251, dtype=np.uint8), ({height}, {width}, 3))
signs = np.resize(np.array([-1, 0, 1, 1], np.int8), original.shape)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
noise = pixels.direction(pixels.decode(pixels.encode(pixels.noise(signs)), original.shape))
assert np.array_equal(noise, signs)
stored = pixels.decode(pixels.encode(original), original.shape)
assert np.array_equal(stored, original)
drawn = pixels.adversarial(stored, noise, 8 / 255)
assert np.array_equal(drawn[-1], pixels.table(8 / 255)[signs[-1] + 1, original[-1]])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 900  # MiB


@pytest.mark.parametrize("size", [(4097, 4096), (1, 16384)])
def test_a_picture_that_could_not_be_read_back_is_not_written(size: tuple[int, int]) -> None:
    with pytest.raises(pixels.PictureError, match="sides are at most 16383, pixels 16,777,216"):
        pixels.encode(np.broadcast_to(np.uint8(0), (*size, 3)))


def test_pillow_warns_of_no_picture_that_may_be_stored() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    assert pixels.MAX_PIXELS <= Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize("options", [{"quality": 90}, {"lossless": True, "exif": b"Exif"}])
def test_a_picture_that_is_more_than_lossless_webp_is_refused(options: dict) -> None:
    Image.new("RGB", (4, 4)).save(buffer := io.BytesIO(), "WEBP", **options)
    with pytest.raises(pixels.PictureError, match="no WebP picture that is lossless and nothing"):
        pixels.decode(buffer.getvalue(), (4, 4, 3))


def test_a_direction_with_other_values_is_refused() -> None:
    with pytest.raises(pixels.PictureError, match="other than 0, 128 and 255"):
        pixels.direction(np.full((2, 2, 1), 127, np.uint8))
