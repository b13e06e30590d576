"""Small directions are written as WebP that libwebp reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tensorboard_fgsm.format import direction_code, pixels

shapes = st.tuples(
    st.integers(1, 3), st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3])
)
alphabets = st.sampled_from([[-1, 0, 1], [-1, 1], [0, 1], [-1], [0], [1]])


def random_directions(shape: tuple[int, int, int, int], zeros: float) -> np.ndarray:
    chance = np.random.default_rng(0)
    signs = 2 * chance.integers(0, 2, shape, np.int8) - 1
    return np.where(chance.random(shape) < zeros, 0, signs).astype(np.int8)


@given(shape=shapes, signs=alphabets, data=st.data())
def test_libwebp_reads_every_sign(shape, signs: list[int], data) -> None:
    elements = st.sampled_from(signs)
    directions = data.draw(arrays.arrays(np.int8, shape, elements=elements, fill=elements))
    for direction, stored in zip(directions, direction_code.encode(directions), strict=True):
        assert np.array_equal(pixels.direction(pixels.decode(stored, shape[1:])), direction)


@pytest.mark.parametrize("shape", [(4, 28, 28, 1), (4, 32, 32, 3), (1, 104, 104, 3)])
def test_a_sign_takes_a_bit_where_none_is_0(shape: tuple[int, int, int, int]) -> None:
    signs = shape[1] * shape[2] * shape[3]
    for stored in direction_code.encode(random_directions(shape, zeros=0)):
        assert len(stored) <= signs / 8 + 36


@pytest.mark.parametrize(
    ("shape", "zeros", "share"),
    [
        ((4, 28, 28, 1), 0, 0.8),
        ((4, 28, 28, 1), 0.01, 1.02),
        ((4, 28, 28, 1), 0.1, 0.95),
        ((4, 32, 32, 3), 0, 0.93),
    ],
)
def test_hardly_more_bytes_than_of_libwebp(
    shape: tuple[int, int, int, int], zeros: float, share: float
) -> None:
    directions = random_directions(shape, zeros)
    stored = direction_code.encode(directions)
    theirs = [pixels.encode(each) for each in pixels.noise(directions)]
    assert sum(map(len, stored)) <= share * sum(map(len, theirs))
    for each, other, direction in zip(stored, theirs, directions, strict=True):
        assert each != other
        assert np.array_equal(pixels.direction(pixels.decode(each, shape[1:])), direction)


@pytest.mark.parametrize(("shape", "zeros"), [((4, 28, 28, 1), 0.2), ((4, 32, 32, 3), 0.01)])
def test_where_there_are_many_zeros_it_is_libwebp(
    shape: tuple[int, int, int, int], zeros: float
) -> None:
    directions = random_directions(shape, zeros)
    assert direction_code.encode(directions) == list(map(pixels.encode, pixels.noise(directions)))


def test_a_side_that_webp_cannot_tell_is_refused() -> None:
    with pytest.raises(pixels.PictureError, match="1 × 16384 pixels"):
        direction_code.encode(np.ones((1, 1, pixels.MAX_SIDE + 1, 1), np.int8))
