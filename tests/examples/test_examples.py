"""The examples, run as a reader runs them, and what is then on the disk; those of a framework are
run beside its other tests, in ``tests/integrations``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tensorboard_fgsm import read_steps
from tests.examples.example import EXAMPLES, PYTHON, assert_logged, assert_whole, run, run_here

TWO_PROCESSES = (
    *(sys.executable, "-m", "torch.distributed.run"),
    *("--standalone", "--nproc-per-node", "2"),
)
CASES = {
    "plain_pytorch": PYTHON,
    "with_accelerate": TWO_PROCESSES,
    "distributed": TWO_PROCESSES,
}
"""How each is run."""
ELSEWHERE = ("with_lightning", "with_ignite", "with_transformers")
"""Beside the other tests of their framework."""


@pytest.mark.parametrize("example", CASES)
def test_an_example_writes_its_own_scalars_and_ours_in_one_event_file(
    example: str, tmp_path: Path
) -> None:
    run(example, tmp_path, "--epochs", "2", command=CASES[example])
    assert_logged(tmp_path, [1, 2], "loss")


@pytest.mark.parametrize(
    "flags", [["--compile", "aot_eager"], ["--channels-last"], ["--amp"], ["--checkpoint"]]
)
def test_a_flag_of_the_plain_loop_changes_nothing_but_the_model(
    flags: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this process, where torch is loaded; a fresh one is the affair of the test above.
    run_here(monkeypatch, "plain_pytorch", tmp_path, "--epochs", "2", *flags)
    logged = list(read_steps(tmp_path))
    assert [step.step for step in logged] == [1, 2]
    for step in logged:
        assert_whole(step)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_short_and_said_to_be_there(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 100
    trainings = ("adversarial_training", "catastrophic_overfitting")
    assert path.stem in ("digits", *CASES, *ELSEWHERE, *trainings)
