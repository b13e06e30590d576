"""Models that several processes train together: attacked as the plain model would be, and trained
on as if nothing was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("processes.py")


@pytest.mark.parametrize(
    ("kind", "count"), [("ddp", 1), ("ddp", 2), ("fully_shard", 2), ("fsdp", 2)]
)
def test_training_goes_on_as_if_nothing_was(kind: str, count: int) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    done = subprocess.run(
        [*command, f"--nproc-per-node={count}", str(SCRIPT), kind],
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[2]), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("as if nothing was") == count
