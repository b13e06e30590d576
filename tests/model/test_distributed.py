"""Models that several processes train together: attacked as the plain model would be, and trained
on as if nothing was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from torch import distributed

from tests.model import processes

SCRIPT = Path(processes.__file__)


@pytest.fixture(scope="module")
def two_processes() -> subprocess.CompletedProcess[str]:
    """What two processes said, as torchrun starts them, which took turns at every kind of model."""
    command = (sys.executable, "-m", "torch.distributed.run", "--standalone")
    return subprocess.run(
        [*command, "--nproc-per-node=2", str(SCRIPT), *processes.KINDS],
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[2]), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.process
@pytest.mark.parametrize("kind", processes.KINDS)
def test_training_goes_on_as_if_nothing_was(
    kind: str, two_processes: subprocess.CompletedProcess[str]
) -> None:
    said = two_processes.stdout.splitlines()
    assert said.count(f"{kind}: as if nothing was") == 2, two_processes.stderr
    assert two_processes.returncode == 0, two_processes.stderr


@pytest.mark.long
def test_training_in_a_job_of_one_process_goes_on_as_if_nothing_was() -> None:
    distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
    try:
        processes.check("ddp")
    finally:
        distributed.destroy_process_group()
