"""Shared by tests: the golden files' update switch, a writer and a model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tests.networks import convolutional

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--exhaustive", action="store_true", help="try every case and not a sample")


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
