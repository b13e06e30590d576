"""The checksum of event files: CRC-32C (RFC 3720), masked as TensorBoard writes it."""

from __future__ import annotations

import google_crc32c


def masked(data: bytes) -> int:
    """Returns the checksum as event files store it: rotated by 15 bits, plus a constant."""
    checksum = google_crc32c.value(data)
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF
