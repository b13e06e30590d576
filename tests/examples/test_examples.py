"""The examples, run as a reader runs them, on the real frameworks, and what is then on the disk."""

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
AT_EXIT = Path(__file__).parent / "at_exit"
"""What looks at each of their processes when it ends."""
PYTHON = (sys.executable,)
TWO_PROCESSES = (
    *(sys.executable, "-m", "torch.distributed.run"),
    *("--standalone", "--nproc-per-node", "2"),
)
CASES = {
    "plain_pytorch": (PYTHON, [1, 2], "loss"),
    "with_lightning": (PYTHON, [32, 64], "validation_loss"),
    "with_ignite": (PYTHON, [1, 2], "training/loss"),
    "with_transformers": (PYTHON, [63, 126], "eval/loss"),
    "with_accelerate": (TWO_PROCESSES, [1, 2], "loss"),
    "distributed": (TWO_PROCESSES, [1, 2], "loss"),
}
"""How each is run, the steps that it logs in two epochs, and a scalar of the framework's own."""


def run(example: str, logdir: Path, *flags: str, command: Sequence[str] = PYTHON) -> None:
    """Runs an example for two epochs, on the CPU and offline."""
    variables = {
        "ACCELERATE_USE_CPU": "true",
        "CUDA_VISIBLE_DEVICES": "",
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{AT_EXIT}",
    }
    script = str(ROOT / "examples" / f"{example}.py")
    done = subprocess.run(
        [*command, script, "--logdir", str(logdir), "--epochs", "2", *flags],
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def check(step: LoggedStep) -> None:
    """All held-out digits were counted, by class, and some have pictures."""
    record = step.record
    assert record.count == 500
    assert record.class_names == tuple("0123456789")
    assert record.classes is not None
    assert sum(counts.count for counts in record.classes) == 500
    assert record.clean_accuracy > 0.3 > record.robust_accuracy[-1]
    assert [sample.index for sample in record.samples] == list(range(16))
    assert step.original(15).shape == step.direction(15).shape == (28, 28, 1)


@pytest.mark.parametrize("example", CASES)
def test_an_example_writes_its_own_scalars_and_ours_in_one_event_file(
    example: str, tmp_path: Path
) -> None:
    command, steps, scalar = CASES[example]
    run(example, tmp_path, command=command)
    logged = list(read_steps(tmp_path))
    assert [(step.tag, step.step) for step in logged] == [("fgsm", step) for step in steps]
    for step in logged:
        check(step)
    (file,) = tmp_path.rglob("events.out.tfevents*")
    scalars = EventAccumulator(str(file)).Reload().Tags()["scalars"]
    assert {scalar, "fgsm/clean_accuracy", "fgsm/robust_accuracy/eps=0.3"} <= set(scalars)


@pytest.mark.parametrize(
    "flags", [["--compile", "aot_eager"], ["--channels-last"], ["--amp"], ["--checkpoint"]]
)
def test_a_flag_of_the_plain_loop_changes_nothing_but_the_model(
    flags: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process, where torch is loaded; a fresh one is the affair of the test above.
    script = ROOT / "examples" / "plain_pytorch.py"
    monkeypatch.syspath_prepend(str(script.parent))
    monkeypatch.setattr(
        sys, "argv", [str(script), "--logdir", str(tmp_path), "--epochs", "2", *flags]
    )
    runpy.run_path(str(script), run_name="__main__")
    logged = list(read_steps(tmp_path))
    assert [step.step for step in logged] == [1, 2]
    for step in logged:
        check(step)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.stem)
def test_an_example_is_short_and_said_to_be_there(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 100
    assert path.stem in ("digits", *CASES, "adversarial_training", "catastrophic_overfitting")
