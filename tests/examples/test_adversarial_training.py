"""The example of adversarial training does what it says, in a real TensorBoard."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from tensorboard_fgsm import read_steps
from tests.examples.example import run_here
from tests.servers import eventually, process

EPOCHS = 3


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example of adversarial training logged."""
    logdir = tmp_path_factory.mktemp("adversarial_training")
    with pytest.MonkeyPatch.context() as patched:
        run_here(patched, "adversarial_training", logdir, "--epochs", str(EPOCHS))
    return logdir


def test_adversarial_training_makes_a_network_more_robust(logdir: Path) -> None:
    steps = list(read_steps(logdir))
    assert sorted((step.run, step.step) for step in steps) == [
        *(("adversarial", epoch) for epoch in range(1, EPOCHS + 1)),
        *(("standard", epoch) for epoch in range(1, EPOCHS + 1)),
    ]
    last = {step.run: step.record for step in steps if step.step == EPOCHS}
    assert {record.count for record in last.values()} == {500}
    assert min(record.clean_accuracy for record in last.values()) > 0.85
    robust = {
        run: dict(zip(record.epsilons, record.robust_accuracy, strict=True))[0.2]
        for run, record in last.items()
    }
    assert robust["adversarial"] > robust["standard"] + 0.2


def test_hparams_shows_both_runs_with_the_accuracies_that_were_logged(logdir: Path) -> None:
    records = {step.run: step.record for step in read_steps(logdir) if step.step == EPOCHS}
    with process(logdir) as address:
        groups = eventually(
            lambda: _session_groups(address),
            lambda found: len(found) == 2 and all(len(g["metricValues"]) == 5 for g in found),
            seconds=60,
        )
        runs = json.load(urllib.request.urlopen(f"{address}data/runs"))
    assert sorted(runs) == ["adversarial", "standard"]  # and none beside them
    assert {group["sessions"][0]["name"] for group in groups} == set(records)
    for group in groups:
        record = records[group["sessions"][0]["name"]]
        values = {each["name"]["tag"]: each["value"] for each in group["metricValues"]}
        assert values.pop("fgsm/clean_accuracy") == pytest.approx(record.clean_accuracy)
        assert values == {
            f"fgsm/robust_accuracy/eps={epsilon:g}": pytest.approx(accuracy)
            for epsilon, accuracy in zip(record.epsilons, record.robust_accuracy, strict=True)
        }
        epsilon = 0.2 if "adversarial" in group["sessions"][0]["name"] else 0
        assert group["hparams"]["training_epsilon"] == epsilon


def _session_groups(address: str) -> list[dict]:
    """What TensorBoard's HParams tab asks for."""
    statuses = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
    question = {
        "experimentName": "",
        "colParams": [],
        "allowedStatuses": statuses,
        "startIndex": 0,
        "sliceSize": 10,
    }
    request = urllib.request.Request(
        f"{address}data/plugin/hparams/session_groups",
        json.dumps(question).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer).get("sessionGroups", [])
