"""The checksum of event files is the one that TensorBoard writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from tensorboard_fgsm.format import crc32c


@given(st.binary(max_size=1200))
def test_it_is_the_one_that_tensorboard_writes(data: bytes) -> None:
    assert crc32c.masked(data) == masked_crc32c(data)
