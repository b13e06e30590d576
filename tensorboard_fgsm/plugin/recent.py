"""Remembers what was asked for lately, and forgets the rest."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Recent(Generic[_Key, _Value]):
    """A dictionary that forgets what was not asked for the longest.

    Args:
        room: how much all its values may weigh together.
    """

    def __init__(self, room: int) -> None:
        self._most = self._room = room
        self._values: OrderedDict[_Key, tuple[_Value, int]] = OrderedDict()
        self._lock = threading.Lock()  # TensorBoard answers in several threads

    def get(self, key: _Key) -> _Value | None:
        """Returns the value of a key, if it is remembered."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: _Key, value: _Value, weight: int = 1) -> None:
        """Remembers a value, unless it alone weighs more than there is room for."""
        with self._lock:
            self._forget(key)
            if weight > self._most:
                return
            self._values[key] = value, weight
            self._room -= weight
            while self._room < 0:
                self._forget(next(iter(self._values)))

    def _forget(self, key: _Key) -> None:
        if key in self._values:
            self._room += self._values.pop(key)[1]
