"""What a browser loads of the dashboard, as it is built."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tensorboard_fgsm.plugin.routes import STATIC

OPENING = 110_000
"""Bytes that are loaded when the tab is opened, each file compressed by itself."""

LATER = 8_000
"""Bytes that are loaded when the first file is saved."""


def sizes(*patterns: str) -> dict[str, int]:
    """The compressed sizes of the built files of these names."""
    if not STATIC.exists():
        pytest.skip("the dashboard is not built here")
    files = {pattern: list(STATIC.glob(pattern)) for pattern in patterns}
    assert all(files.values()), files
    return {path.name: compressed(path) for found in files.values() for path in found}


def compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_what_is_loaded_on_opening_is_small() -> None:
    loaded = sizes("index.js", "assets/worker-*.js")
    assert sum(loaded.values()) < OPENING, loaded


def test_what_makes_files_is_loaded_later_and_small() -> None:
    loaded = sizes("assets/exports-*.js")
    assert sum(loaded.values()) < LATER, loaded


def test_nothing_else_is_loaded() -> None:
    known = sizes("index.js", "assets/worker-*.js", "assets/exports-*.js")
    assert {path.name for path in STATIC.rglob("*.*")} == set(known)
