"""Frameworks that are loaded when a test first needs them: whoever only collects the tests, or runs
others, does not wait for them.
"""

from __future__ import annotations

import importlib
from typing import Any


class Lazy:
    """Stands for a module; loads it when something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # pytest asks everything that it sees whether it is a fixture
            raise AttributeError(name)
        return getattr(importlib.import_module(self._name), name)
