"""Breaks a call off at any line that it comes by."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import tensorboard_fgsm

OURS = (str(Path(tensorboard_fgsm.__file__).parent),)

GIVING_BACK = ("__exit__", "_end", "give_back", "_write", "_unchanged", "_version")
GIVING_BACK += ("hold", "release", "pass_on", "_arrive", "_autocast_depth")
"""The functions that give back, and those that they call."""


class Line(NamedTuple):
    """A line that was come by."""

    file: str
    number: int
    function: str

    @property
    def gives_back(self) -> bool:
        """Whether it is part of giving back what was borrowed."""
        return "/tensorboard_fgsm/model/" in self.file and self.function in GIVING_BACK

    def __str__(self) -> str:
        return f"{self.file}:{self.number} in {self.function}"


def lines_of(call: Callable[[], object], within: tuple[str, ...] = OURS) -> list[Line]:
    """Returns the lines that a call comes by, in files below ``within``, in their order."""
    seen: list[Line] = []

    def see(frame: FrameType) -> None:
        seen.append(Line(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))

    _traced(call, see, within)
    return seen


def broken_off(
    call: Callable[[], object],
    place: int,
    break_off: Callable[[], object],
    within: tuple[str, ...] = OURS,
) -> BaseException | None:
    """Calls, and at the line of this place breaks off; returns what the call raised."""
    count = 0

    def see(_: FrameType) -> None:
        nonlocal count
        count += 1
        if count == place + 1:
            break_off()

    try:
        _traced(call, see, within)
    except BaseException as error:
        return error
    return None


def _traced(
    call: Callable[[], object], see: Callable[[FrameType], None], within: tuple[str, ...]
) -> None:
    def of_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            see(frame)
        return of_line

    def of_call(frame: FrameType, event: str, _: Any) -> Any:
        return of_line if frame.f_code.co_filename.startswith(within) else None

    before, collects = sys.gettrace(), gc.isenabled()
    gc.disable()  # what another test left, such as a loader with workers, would end at lines, too
    sys.settrace(of_call)
    try:
        call()
    finally:
        sys.settrace(before)
        if collects:
            gc.enable()


def raise_interrupt() -> None:
    raise KeyboardInterrupt


def send_interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def raise_memory_error() -> None:
    raise MemoryError
