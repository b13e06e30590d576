"""Answers of TensorBoard's data server come at once, and are the same."""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from tensorboard.data.grpc_provider import GrpcDataProvider

from benchmarks import logdirs
from benchmarks.logdirs import TAG, Size
from tensorboard_fgsm.plugin.prompt import Prompt, prompt
from tests import servers

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

PREFIX = "/data/plugin/fgsm/"


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
    assert Prompt(slow).read_blob(None, blob_key="a") == b"a"
    time.sleep(0.05)
    before = slow.small
    time.sleep(0.05)
    assert slow.small == before >= 2


def test_a_long_answer_is_not_asked_for_without_end() -> None:
    slow = Slow()
    slow.read_blob = lambda context, blob_key: time.sleep(0.3)  # type: ignore[method-assign]
    Prompt(slow).read_blob(None, blob_key="a")
    assert 2 <= slow.small <= 10


def test_only_the_data_server_is_hurried() -> None:
    other = SimpleNamespace()
    assert prompt(other) is other
    assert isinstance(prompt(GrpcDataProvider("", None)), Prompt)


def test_an_answer_is_not_held_back_for_40_ms(tmp_path: Path) -> None:
    logdirs.write(tmp_path, Size(runs=2, steps=2, samples=4))
    with servers.client("rust", "--logdir", str(tmp_path)) as client:
        place = {"run": "run-001", "tag": TAG}
        steps = servers.eventually(
            lambda: client.get(PREFIX + "steps", query_string=place),
            lambda answer: answer.status_code == 200 and len(answer.json["steps"]) == 2,
        )
        assert steps.status_code == 200
        times = []
        for _ in range(21):
            start = time.perf_counter()
            found = client.get(
                PREFIX + "pictures", query_string={**place, "step": 1, "samples": "0-3"}
            )
            times.append(time.perf_counter() - start)
            assert found.status_code == 200
        assert statistics.median(times) < 0.03
