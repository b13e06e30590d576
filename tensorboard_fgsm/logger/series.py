"""What was written so far under each tag of each writer, by however many loggers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary


@dataclass
class Series:
    """What was written so far under one tag of one writer."""

    last_step: int = -1
    logged: int = 0


_written: WeakKeyDictionary[Any, dict[str, Series]] = WeakKeyDictionary()


def series_of(writer: Any, tag: str) -> Series:
    """Returns the one series of a writer's tag."""
    return _written.setdefault(writer, {}).setdefault(tag, Series())
