"""Questions to TensorBoard's data server are hurried; how soon it then answers is measured by
``benchmarks.reading``.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from tensorboard.context import RequestContext
from tensorboard.data.grpc_provider import GrpcDataProvider

from tensorboard_fgsm.plugin.connections import Connections
from tensorboard_fgsm.plugin.prompt import Prompt, prompt
from tests import servers

NOWHERE = 1
"""A port to which nothing here is connected."""


class Slow:
    """A data provider that answers when it is told to, and counts small questions."""

    def __init__(self) -> None:
        self.small = 0
        self.asked_twice = threading.Event()

    def read_blob(self, context: object, *, blob_key: str) -> bytes:
        assert self.asked_twice.wait(10)
        return blob_key.encode()

    def experiment_metadata(self, context: object, *, experiment_id: str) -> None:
        self.small += 1
        if self.small > 1:
            self.asked_twice.set()
        raise ValueError("how they fare is nobody's concern")


def test_small_questions_follow_until_the_answer_is_here_and_then_end() -> None:
    slow = Slow()
    hurried = Prompt(slow, NOWHERE)
    assert hurried.read_blob(None, blob_key="a") == b"a"
    servers.eventually(lambda: hurried._following, lambda following: not following)
    hurried._threads.shutdown()  # once the last of them is answered
    assert 2 <= slow.small <= 10


def test_a_long_answer_is_not_asked_for_without_end() -> None:
    slow = Slow()
    slow.read_blob = lambda context, blob_key: time.sleep(0.3)  # type: ignore[method-assign]
    Prompt(slow, NOWHERE).read_blob(None, blob_key="a")
    assert 2 <= slow.small <= 10


def test_a_server_that_is_slow_with_small_questions_has_seven_at_most() -> None:
    slow, answered = Slow(), threading.Event()
    slow.read_blob = lambda context, blob_key: time.sleep(0.3)  # type: ignore[method-assign]
    ask = slow.experiment_metadata
    slow.experiment_metadata = lambda *place, **which: answered.wait(10) and ask(*place, **which)  # type: ignore[method-assign]
    hurried = Prompt(slow, NOWHERE)
    hurried.read_blob(None, blob_key="a")
    answered.set()
    hurried._threads.shutdown()
    assert slow.small == 7


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_only_a_data_server_that_tensorboard_has_started_is_hurried(tmp_path, monkeypatch) -> None:
    for other in (SimpleNamespace(), GrpcDataProvider("data.example:6006", None)):
        assert prompt(other) is other
    hurried = []
    monkeypatch.setattr(
        "tensorboard_fgsm.plugin.prompt.Prompt", lambda *arguments: hurried.append(arguments)
    )
    with servers.client("rust", "--logdir", str(tmp_path)):
        [(provider, port)] = hurried
        assert type(provider) is GrpcDataProvider
        provider.experiment_metadata(RequestContext(), experiment_id="")
        # Where it can be told to acknowledge, it is: no small question is needed.
        assert Connections(port).acknowledge() == (sys.platform == "linux")


def test_without_threads_the_answer_comes_none_the_less() -> None:
    slow = Slow()
    slow.asked_twice.set()
    hurried = Prompt(slow, NOWHERE)
    hurried._threads.shutdown()
    assert hurried.read_blob(None, blob_key="a") == b"a"
    assert slow.small == 0


@pytest.fixture
def connected() -> Iterator[int]:
    """A port to which there is a connection."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
    ):
        yield server.getsockname()[1]


@pytest.mark.skipif(sys.platform != "linux", reason="others cannot be told")
@pytest.mark.parametrize(("patience", "asked"), [(10, False), (0.01, True)])
def test_small_questions_are_asked_only_where_to_acknowledge_does_not_help(
    connected: int, patience: float, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorboard_fgsm.plugin.prompt._PATIENCE", patience)
    slow = Slow()
    slow.read_blob = lambda context, blob_key: time.sleep(0.3)  # type: ignore[method-assign]
    hurried = Prompt(slow, connected)
    hurried.read_blob(None, blob_key="a")
    hurried._threads.shutdown()
    assert (0 < slow.small <= 10) == asked


def test_an_answer_that_never_comes_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tensorboard_fgsm.plugin.prompt._LONGEST", 0.05)
    slow, ended = Slow(), []
    hurried = Prompt(slow, NOWHERE)

    def read_blob(context: object, *, blob_key: str) -> bytes:
        servers.eventually(lambda: hurried._following, lambda following: not following)
        ended.append(blob_key)
        return b""

    slow.read_blob = read_blob  # type: ignore[method-assign]
    hurried.read_blob(None, blob_key="a")
    assert ended == ["a"]


def test_after_a_failure_the_next_question_is_hurried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = Slow()
    hurried = Prompt(slow, NOWHERE)
    with monkeypatch.context() as broken:
        broken.setattr("tensorboard_fgsm.plugin.prompt.Connections", None)
        slow.asked_twice.set()
        hurried.read_blob(None, blob_key="a")
        servers.eventually(lambda: hurried._following, lambda following: not following)
    slow.asked_twice.clear()
    assert hurried.read_blob(None, blob_key="b") == b"b"
