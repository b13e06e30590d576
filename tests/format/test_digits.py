"""Numbers of a record are rounded as Python's own format rounds them, to the last bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_fgsm.format.digits import shortened

halves = st.builds(
    lambda digits, power, roundings: float(f"{digits}5e{power}") * (1 + roundings * 2**-52),
    st.integers(100_000, 999_999),
    st.integers(-28, 6),
    st.integers(-3, 3),
)
"""Seven digits of which the last is a 5, and what lies so near that a product may not tell."""


@given(st.lists(st.floats() | st.floats(0, 1) | halves, min_size=1, max_size=20))
def test_six_digits_are_those_that_python_writes(numbers: list[float]) -> None:
    expected = [float(f"{number:.6g}") for number in numbers]
    np.testing.assert_array_equal(shortened(np.array(numbers)), expected)


@pytest.mark.parametrize("number", [0.0, 1.0, 1 - 2**-53, 0.9999995, 0.09999995, 1e-17, 1e-18])
def test_at_powers_of_ten_the_digits_are_as_many(number: float) -> None:
    assert shortened(np.array([number])).tolist() == [float(f"{number:.6g}")]


def test_the_sign_and_the_shape_stay() -> None:
    numbers = np.array([[-0.0, -1 / 3], [2 / 3, 1e9]])
    assert shortened(numbers).tolist() == [[0.0, -0.333333], [0.666667, 1e9]]
    assert math.copysign(1, shortened(numbers)[0, 0]) == -1
