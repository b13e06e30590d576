"""The fast checksum: TensorBoard's own, and the one of the RFC."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from tensorboard_fgsm.format import crc32c


@given(st.binary(max_size=1200))
def test_it_is_the_one_that_tensorboard_writes(data: bytes) -> None:
    assert crc32c.masked(data) == masked_crc32c(data)
    long = (data or b"x") * (20_000 // (len(data) or 1))
    assert crc32c.masked(long) == masked_crc32c(long)


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"123456789", 0xE3069283),
    ],
)
def test_it_is_the_one_of_the_rfc(data: bytes, checksum: int) -> None:
    assert crc32c.crc32c(data) == checksum
