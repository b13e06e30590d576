"""Trainings that are killed, forked ones and a job of ``torchrun``, which restarts it: no step is
lost that was logged and flushed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process


def test_what_was_logged_and_flushed_survives_a_kill() -> None:
    # In a process of its own: a fork of one that has used PyTorch's threads may hang.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", "--forks", "4", "--jobs", "2"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 kills, 2 of them in torchrun jobs; " in done.stdout
    assert ", 0 are not whole; " in done.stdout
