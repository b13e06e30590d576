"""The checksum of event files, CRC-32C (RFC 3720), of large payloads fast.

TensorBoard's own takes a byte at a time, a second for a step of photographs. A CRC is linear: here
a byte of each of many lanes is taken at a time, and the lanes' results are joined.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import UInt32
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

_POLYNOMIAL = 0x82F63B78
_LANE = 256
_SHORT = 2**13
"""Up to so many bytes TensorBoard's own is as fast."""


def masked(data: bytes) -> int:
    """Returns the checksum as event files store it: rotated by 15 bits, plus a constant."""
    if len(data) <= _SHORT:
        return masked_crc32c(data)
    checksum = crc32c(data)
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF


def crc32c(data: bytes) -> int:
    """Returns the checksum itself, of four bytes or more."""
    # Zeros in front change nothing if the register begins with zeros, which inverting the first
    # four bytes achieves; so the bytes are made to fill whole lanes.
    head = bytes(byte ^ 0xFF for byte in data[:4])
    lanes = -(-len(data) // _LANE)
    padded = bytes(lanes * _LANE - len(data)) + head + data[4:]
    columns = np.frombuffer(padded, np.uint8).reshape(lanes, _LANE).T
    registers = np.zeros(lanes, np.uint32)
    table = _table()
    for column in np.ascontiguousarray(columns):
        registers = table[(registers ^ column) & 0xFF] ^ registers >> 8
    joined, shift = 0, _lane_of_zeros()
    for register in registers.tolist():
        joined = (
            shift[0][joined & 0xFF]
            ^ shift[1][joined >> 8 & 0xFF]
            ^ shift[2][joined >> 16 & 0xFF]
            ^ shift[3][joined >> 24]
            ^ register
        )
    return joined ^ 0xFFFFFFFF


@cache
def _table() -> UInt32[np.ndarray, 256]:
    """What each byte makes of an empty register."""
    registers = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        registers = np.where(registers & 1, registers >> 1 ^ np.uint32(_POLYNOMIAL), registers >> 1)
    return registers.astype(np.uint32)


@cache
def _lane_of_zeros() -> list[list[int]]:
    """What a lane of zeros makes of each of a register's four bytes, of each value."""
    registers = np.arange(256, dtype=np.uint32) << np.array([[0], [8], [16], [24]], np.uint32)
    table = _table()
    for _ in range(_LANE):
        registers = table[registers & 0xFF] ^ registers >> 8
    return registers.tolist()
