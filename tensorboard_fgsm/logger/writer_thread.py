"""The thread in which a ``SummaryWriter`` writes: whether there is one to take an event."""

from __future__ import annotations

import time
from typing import Any

_PAUSE = 0.01
"""Seconds between two looks at a full queue."""


def check_writing(writer: Any) -> None:
    """Waits until a writer has room for an event; refuses one that would never write it.

    A writer hands events to a thread, which a full disk or a lost directory ends for good, and
    which a forked process does not have. PyTorch's then raises the thread's error, but blocks in a
    forked process; tensorboardX's says nothing, and blocks once its queue is full.

    Args:
        writer: a ``torch.utils.tensorboard.SummaryWriter`` or ``tensorboardX.SummaryWriter``.

    Raises:
        ValueError: it is closed.
        OSError: its thread has ended; says why, where the thread has left its error.
    """
    if writer.file_writer is None:
        raise ValueError("the writer is closed: log before writer.close()")
    events = getattr(writer.file_writer, "event_writer", None)
    thread = getattr(getattr(events, "_async_writer", events), "_worker", None)
    queue = getattr(events, "_event_queue", None)  # tensorboardX's: between processes, unbroken
    if thread is None:
        return  # of another make, which is asked to write as it is
    while thread.is_alive():
        if queue is None or not queue.full():
            return
        time.sleep(_PAUSE)
    if queue is not None:
        queue.cancel_join_thread()  # or the interpreter would wait at its end, for nobody reads it
    error = getattr(thread, "exception", None)
    reason = "its own message tells why; or this process was forked" if error is None else error
    raise OSError(
        f"the SummaryWriter's thread has ended, so that nothing is written any more ({reason}): "
        "make another SummaryWriter, in the process that logs"
    ) from error
