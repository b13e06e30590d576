"""What becomes of an error while a step is logged: it is raised, or a warning tells of it."""

from __future__ import annotations

import contextlib
import traceback
import warnings
from collections.abc import Iterator
from typing import Any, Literal

OnError = Literal["raise", "warn"]


def checked_on_error(on_error: Any) -> OnError:
    """Reads ``raise`` or ``warn``.

    Raises:
        ValueError: it is something else.
    """
    if on_error not in ("raise", "warn"):
        raise ValueError(f"on_error is 'raise' or 'warn', got {on_error!r}")
    return on_error


@contextlib.contextmanager
def tolerated(on_error: OnError, tag: str, step: Any, *, stacklevel: int) -> Iterator[None]:
    """A part of the work whose error is raised, or told by a warning after which all goes on.

    Interrupts and exits are raised in either case. Of an error that is told only the text is kept,
    and with it goes what its frames hold, be it the batch for which the memory did not suffice.

    Args:
        on_error: which of the two.
        tag: of the step, for the warning.
        step: the same.
        stacklevel: as of ``warnings.warn``, from where the part stands.
    """
    try:
        yield
        return
    except Exception as error:
        if on_error == "raise":
            raise
        reason = "".join(traceback.format_exception_only(type(error), error)).strip()
        # Else, from Python 3.12 on, a frame of contextlib holds the error, and that the frame.
        error.__traceback__ = None
    warnings.warn(
        f"step {step!r} under tag {tag!r} is not logged, and the training goes on: {reason}",
        RuntimeWarning,
        stacklevel=stacklevel + 2,  # this function, and what contextlib makes of it
    )
