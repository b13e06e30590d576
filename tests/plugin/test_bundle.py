"""What a browser loads of the dashboard, as it is built."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request

from tensorboard_fgsm.command.page import SCRIPT
from tensorboard_fgsm.plugin.routes import STATIC, _file

BOUND = 110_000
"""Bytes of all files that one reader may load, each as it is sent."""

LANGUAGES = ("english", "korean")


def size(path: Path) -> int:
    client = Client(Request.application(_file(path)))
    answer = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(answer.data) == path.read_bytes()
    return len(answer.data)


def of_language(language: str) -> int:
    (path,) = STATIC.glob(f"assets/{language}-*.js")
    return size(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dashboard_is_small(language: str) -> None:
    """Whoever reads it in one language, and makes files of it."""
    files = list(STATIC.rglob("*.js"))
    assert STATIC / "index.js" in files, "not built: pip install --editable . builds it"
    sizes = {path.name: size(path) for path in files}
    others = sum(of_language(other) for other in LANGUAGES if other != language)
    assert sum(sizes.values()) - others < BOUND, sizes


def test_so_is_the_script_of_a_page_that_stands_alone() -> None:
    """It carries both languages: of a file there is nothing to load later."""
    assert size(SCRIPT) < BOUND + min(map(of_language, LANGUAGES))
