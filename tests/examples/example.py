"""An example, run as a reader runs it, and what is then on the disk."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tensorboard_fgsm import LoggedStep, read_steps

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
AT_EXIT = Path(__file__).parent / "at_exit"
"""What looks at each of their processes when it ends."""
PYTHON = (sys.executable,)
ENVIRONMENT = {
    "ACCELERATE_USE_CPU": "true",
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}
"""On the CPU and offline."""


def run(
    example: str, logdir: Path, *flags: str, command: Sequence[str] = PYTHON, seconds: int = 500
) -> None:
    """Runs an example in a fresh interpreter.

    Args:
        example: its name, without ``.py``.
        logdir: where it logs.
        flags: more of its options, such as ``"--epochs", "2"``.
        command: what runs a script.
        seconds: after which it is given up.
    """
    variables = {**ENVIRONMENT, "PYTHONPATH": f"{ROOT}{os.pathsep}{AT_EXIT}"}
    done = subprocess.run(
        [*command, str(EXAMPLES / f"{example}.py"), "--logdir", str(logdir), *flags],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr


def run_here(monkeypatch: pytest.MonkeyPatch, example: str, logdir: Path, *flags: str) -> None:
    """Runs an example in this interpreter, where its framework is loaded for other tests, too."""
    script = EXAMPLES / f"{example}.py"
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setattr(sys, "argv", [str(script), "--logdir", str(logdir), *flags])
    runpy.run_path(str(script), run_name="__main__")


def assert_logged(logdir: Path, steps: Sequence[int], scalar: str) -> None:
    """Its own scalars and ours are in one event file.

    Args:
        logdir: where it logged, and nothing else.
        steps: those at which it attacked.
        scalar: one of the framework's own.
    """
    logged = list(read_steps(logdir))
    assert [(step.tag, step.step) for step in logged] == [("fgsm", step) for step in steps]
    for step in logged:
        assert_whole(step)
    (file,) = logdir.rglob("events.out.tfevents*")
    scalars = EventAccumulator(str(file)).Reload().Tags()["scalars"]
    assert {scalar, "fgsm/clean_accuracy", "fgsm/robust_accuracy/eps=0.3"} <= set(scalars)


def assert_whole(step: LoggedStep) -> None:
    """All held-out digits were counted, by class, and some have pictures."""
    record = step.record
    assert record.count == 500
    assert record.class_names == tuple("0123456789")
    assert record.classes is not None
    assert sum(counts.count for counts in record.classes) == 500
    assert record.clean_accuracy > 0.3 > record.robust_accuracy[-1]
    assert [sample.index for sample in record.samples] == list(range(16))
    assert step.original(15).shape == step.direction(15).shape == (28, 28, 1)
