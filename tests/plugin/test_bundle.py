"""What a browser loads of the dashboard, as it is built."""

from __future__ import annotations

import gzip

from tensorboard_fgsm.command.page import SCRIPT
from tensorboard_fgsm.plugin.routes import STATIC

BOUND = 110_000
"""Bytes of all built files together, each compressed by itself."""


def test_the_dashboard_is_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.suffix != ".map"]
    assert STATIC / "index.js" in files, "not built: pip install --editable . builds it"
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) < BOUND, sizes


def test_so_is_the_script_of_a_page_that_stands_alone() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < BOUND
