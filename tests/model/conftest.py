"""What the tests of interrupts take for granted."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _hears_interrupts() -> Iterator[None]:
    """Ctrl-C raises: where tests run in the background of a shell, it begins by being ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
