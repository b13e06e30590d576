"""Has TensorBoard's data server answer at once.

Its answers end in a short packet, which its system holds back until the one before is acknowledged
(Nagle's algorithm); and that ours puts off for 40 ms. So while a question is open, ours is told to
acknowledge; where it cannot be told, it gets something to send along with that: small questions,
for whose answers nobody waits.
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
        connections = Connections(self._port)
        told = connections.acknowledge()
        while True:
            time.sleep(_SOON if told else _PAUSE)
            with self._lock:
                self._following = bool(self._open and (told or self._left))
                if not self._following:
                    return
            told = connections.acknowledge()
            if not told:
                self._follow_up(context)

    def _follow_up(self, context: Any) -> None:
        """Asks a small question, where not too many are open; how it fares is nobody's concern."""
        with self._lock:
            self._left -= 1
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
