"""What was given, in words: for the sentences of errors."""

from __future__ import annotations

from torch import Tensor


def described(value: object) -> str:
    """Names what was given, for an error: a tensor's shape and dtype, or else the type."""
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    return type(value).__name__
