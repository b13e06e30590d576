"""What was given, in words: for the sentences of errors."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from torch import Tensor

_MOST_KEYS = 8


def described(value: object) -> str:
    """Names what was given, for an error: a tensor's shape and dtype, a mapping's keys, or else the
    type.
    """
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)} of {str(value.dtype).removeprefix('torch.')}"
    name = type(value).__name__
    if isinstance(value, Mapping) and value:
        more = ", …" if len(value) > _MOST_KEYS else ""
        return f"{name} with {', '.join(map(repr, islice(value, _MOST_KEYS)))}{more}"
    return name
