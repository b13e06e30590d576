"""Has TensorBoard's data server answer at once.

Its answers end in a short packet, which its system holds back until the one before is acknowledged
(Nagle's algorithm), and ours puts the acknowledgement off for 40 ms. So while a question is open,
ours is told to acknowledge. Where it cannot be told, or that does not help, it gets something to
send along with the acknowledgement: small questions, for whose answers nobody waits.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tensorboard.data.grpc_provider import GrpcDataProvider

from tensorboard_fgsm.plugin.connections import Connections

_SOON = 0.0003
"""Seconds before each acknowledgement: one takes some 10 microseconds."""

_PATIENCE = 0.01
"""Seconds for which acknowledgements alone may help: behind a tunnel they do not."""

_LONGEST = 1.0
"""Seconds after which an answer is no longer waited for."""

_PAUSE = 0.002
"""Seconds before each small question: what is not held back is mostly answered sooner."""

_MOST = 10
"""So many at most since the last question: what takes longer was not held back."""

_TOGETHER = 7
"""So many small questions at most are open: a server that is slow is not asked more."""

_STARTED = re.compile(r"\(addr='localhost:(\d+)'")
"""What a provider says of itself whose server TensorBoard has started, or is reached through this
machine. Where another is so far away that no packet of its answer is here within 20 ms, no small
question has anything to acknowledge."""


def prompt(data_provider: Any) -> Any:
    """Returns a provider that says the same at once, if it asks TensorBoard's own data server."""
    started = isinstance(data_provider, GrpcDataProvider) and _STARTED.search(str(data_provider))
    return Prompt(data_provider, int(started[1])) if started else data_provider


class Prompt:
    """The plugin's questions to the data server, each hurried until it is answered.

    Args:
        data_provider: of whom to ask.
        port: of this machine, at which it asks.
    """

    def __init__(self, data_provider: Any, port: int) -> None:
        self._provider = data_provider
        self._port = port
        self._threads = ThreadPoolExecutor(1 + _TOGETHER, thread_name_prefix="fgsm-prompt")
        self._room = threading.BoundedSemaphore(_TOGETHER)
        self._lock = threading.Lock()
        self._open = 0
        self._left = 0
        self._asked = 0.0
        self._following = False

    def list_blob_sequences(self, context: Any, **which: Any) -> Any:
        """Asks which runs and tags there are."""
        return self._ask(self._provider.list_blob_sequences, context, which)

    def read_blob_sequences(self, context: Any, **which: Any) -> Any:
        """Asks for the steps of some."""
        return self._ask(self._provider.read_blob_sequences, context, which)

    def read_blob(self, context: Any, **which: Any) -> Any:
        """Asks for one blob."""
        return self._ask(self._provider.read_blob, context, which)

    def _ask(self, question: Any, context: Any, which: dict[str, Any]) -> Any:
        with self._lock:
            self._open += 1
            self._left = _MOST
            self._asked = time.monotonic()
            if not self._following:
                with contextlib.suppress(RuntimeError):  # without threads the answer comes later
                    self._threads.submit(self._follow, context)
                    self._following = True
        try:
            return question(context, **which)
        finally:
            with self._lock:
                self._open -= 1

    def _follow(self, context: Any) -> None:
        """Hurries as long as any question is open."""
        try:
            connections = Connections(self._port)
            told = connections.acknowledge()
            while (since := self._open_for()) is not None:
                alone = told and since < _PATIENCE
                time.sleep(_SOON if alone else _PAUSE)
                told = connections.acknowledge()
                if not alone:
                    self._follow_up(context)
        except BaseException:
            with self._lock:
                self._following = False
            raise

    def _open_for(self) -> float | None:
        """Returns how long ago the last question was asked; None ends the following."""
        with self._lock:
            since = time.monotonic() - self._asked
            self._following = self._open > 0 and since < _LONGEST
            return since if self._following else None

    def _follow_up(self, context: Any) -> None:
        """Asks a small question, unless there were enough; how it fares is nobody's concern."""
        with self._lock:
            self._left -= 1
            if self._left < 0 or not self._open:
                return
        if self._room.acquire(blocking=False):
            try:
                self._threads.submit(self._ask_small, context)
            except RuntimeError:
                self._room.release()

    def _ask_small(self, context: Any) -> None:
        try:
            self._provider.experiment_metadata(context, experiment_id="")
        finally:
            self._room.release()
