"""Lets so many requests at a time do costly work, so that the others still get an answer."""

from __future__ import annotations

import threading
from types import TracebackType

from tensorboard import errors


class BusyError(errors.PublicError):
    """Others are being answered; HTTP 429, which says when to ask again."""

    http_code = 429

    def __init__(self) -> None:
        super().__init__("too many costly requests at once: ask again in a second")
        self.headers.append(("Retry-After", "1"))


class Gate:
    """A room with so many places: ``with gate:`` waits for one, but not for long.

    Args:
        places: how many may be within at a time.
        seconds: how long one waits.
    """

    def __init__(self, places: int, seconds: float = 10.0) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._seconds = seconds

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=self._seconds):
            raise BusyError

    def __exit__(
        self,
        type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._places.release()
