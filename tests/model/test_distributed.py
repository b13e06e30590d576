"""Models that several processes train together: attacked as the plain model would be, and trained
on as if nothing was."""

from __future__ import annotations

import pytest
from torch import distributed

from tests import job
from tests.model import processes


@pytest.fixture(scope="module")
def two_processes() -> list[str]:
    """What two processes said, which took turns at every kind of model."""
    return job.run(2, processes.__name__, *processes.KINDS).splitlines()


@pytest.mark.process
@pytest.mark.parametrize("kind", processes.KINDS)
def test_training_goes_on_as_if_nothing_was(kind: str, two_processes: list[str]) -> None:
    assert two_processes.count(f"{kind}: as if nothing was") == 2


@pytest.mark.long
def test_training_in_a_job_of_one_process_goes_on_as_if_nothing_was() -> None:
    distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
    try:
        processes.check("ddp")
    finally:
        distributed.destroy_process_group()
