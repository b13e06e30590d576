"""What the callbacks have in common, in a job of two processes."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from torch import distributed, multiprocessing
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, read_steps
from tensorboard_fgsm.integrations.periodic_logger import PeriodicLogger
from tests.networks import batch, convolutional


def _two_trainings(rank: int, logdir: str, store: str) -> None:
    """Logs steps 1 and 2, then from 1 on again as another training of the same writer; leaves a
    file that tells how many warnings there were.
    """
    distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    model, loader = convolutional(), [batch(seed=rank)]
    writer = SummaryWriter(logdir) if rank == 0 else None
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        for steps in ((1, 2), (1, 2, 3)):
            series = PeriodicLogger(FGSM([0.1]))
            for step in steps:
                series.log(writer, model, loader, step)
    if writer is not None:
        writer.close()
    told = [each for each in found if "is not logged" in str(each.message)]
    Path(f"{store}.{rank}").write_text(str(len(told)))
    distributed.destroy_process_group()


def test_all_processes_pass_over_the_steps_that_the_first_ones_writer_has(tmp_path: Path) -> None:
    store = tmp_path / "store"
    multiprocessing.spawn(_two_trainings, (str(tmp_path / "run"), str(store)), nprocs=2)
    steps = list(read_steps(tmp_path / "run"))
    assert [(step.step, step.record.count) for step in steps] == [(1, 12), (2, 12), (3, 12)]
    assert [Path(f"{store}.{rank}").read_text() for rank in (0, 1)] == ["1", "0"]


def test_an_argument_that_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"no argument 'folow': there are tag, .*, follow, "):
        PeriodicLogger(FGSM([0.1]), folow="first")


def test_a_step_that_fails_is_told_and_the_next_one_is_logged(writer, tmp_path: Path) -> None:
    series = PeriodicLogger(FGSM([0.1]), on_error="warn")
    model, loader = convolutional(), [batch()]
    inputs, labels = batch()
    with pytest.warns(RuntimeWarning, match="step 1 under tag 'fgsm' is not logged, and the train"):
        series.log(writer, model, [(inputs, labels + 100)], 1)
    series.log(writer, model, loader, 1)  # which was not logged
    series.log(writer, model, loader, 2)
    writer.flush()
    assert [step.step for step in read_steps(tmp_path)] == [1, 2]


def test_cross_sections_and_embeddings_are_asked_for_as_of_a_logger(writer, tmp_path: Path) -> None:
    series = PeriodicLogger(FGSM([0.1]), cross_sections=2, cross_section_resolution=5, embed=3)
    series.log(writer, convolutional(), [batch()], 1)
    writer.flush()
    (step,) = read_steps(tmp_path)
    assert [step.cross_section(i).classes.shape for i in (0, 1)] == [(5, 5)] * 2
    assert all(sample.section is None for sample in step.record.samples[2:])
    assert step.record.embedding is not None
    assert step.record.embedding.indices == (0, 1, 2)
