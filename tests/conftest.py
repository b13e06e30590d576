"""Shared by tests: the golden files' update switch, a writer and a model; and in which order the
files run, and on how many threads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Read when torch is loaded: a worker has one core, and the models are too small for more threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tests import laws
from tests.networks import convolutional

laws.register()

TESTS = Path(__file__).parent
GOLDEN = TESTS / "golden"

LONGEST_FIRST = (
    *("command", "examples", "e2e", "integrations", "test_docs.py", "logger", "model"),
    *("test_packaging.py", "plugin", "attack"),
)
"""Folders, and files outside one, that have the longest tests. A file is run by one worker, so that
its fixtures are made once; the long ones begin, so that no worker ends long after the others."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--exhaustive", action="store_true", help="try every case and not a sample")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        first = item.path.relative_to(TESTS).parts[0]
        return LONGEST_FIRST.index(first) if first in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.fixture(scope="session")
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether to try every case, in minutes, and not a sample of them, in seconds."""
    return request.config.getoption("--exhaustive")


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """``golden(name, data)`` asserts that the golden file has these bytes, or writes them."""

    def check(name: str, data: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_bytes(data)
        assert path.read_bytes() == data, f"{name} differs; if meant, run pytest --update-golden"

    return check


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SummaryWriter]:
    with SummaryWriter(str(tmp_path)) as writer:
        yield writer


@pytest.fixture
def model() -> nn.Module:
    """In float64, so that no prediction hangs on how samples are batched."""
    return convolutional().double()
