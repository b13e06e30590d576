"""Interrupts, held back while something must not be broken off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class HeldInterrupts:
    """Ctrl-C (SIGINT), held back for a while and then passed on to whoever handles it: Python's
    ``KeyboardInterrupt``, or a handler of a notebook's or a trainer's.

    Does nothing in other threads, which are never interrupted so, and where no function of Python's
    handles it. Each method may be called again, after an exception within it.
    """

    def __init__(self) -> None:
        self._handler: Callable[[int, FrameType | None], Any] | None = None
        self._arrived: list[tuple[int, FrameType | None]] = []

    def hold(self) -> None:
        """From here on, they wait."""
        if threading.current_thread() is not threading.main_thread():
            return
        handler = signal.getsignal(signal.SIGINT)
        if callable(handler) and handler != self._arrive:
            self._handler = handler
            signal.signal(signal.SIGINT, self._arrive)

    def release(self) -> None:
        """From here on, they are handled as before; those that wait still do."""
        if self._handler is not None and signal.getsignal(signal.SIGINT) == self._arrive:
            signal.signal(signal.SIGINT, self._handler)

    def pass_on(self) -> None:
        """Has those that waited handled, each once, unless one ends this by an exception."""
        arrived, self._arrived = self._arrived, []
        for number, frame in arrived:
            if self._handler is not None:
                self._handler(number, frame)

    def _arrive(self, number: int, frame: FrameType | None) -> None:
        self._arrived.append((number, frame))
