"""Faults while a step is logged, real ones: each is raised, or told by one warning with tag and
step, and then the training and the logging go on.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import shutil
import sys
import threading
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorboardX
import torch
from torch import Tensor, nn
from torch.utils import tensorboard
from torch.utils.data import DataLoader, TensorDataset

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tests.networks import batch, convolutional

ATTACK = FGSM([2 / 255, 0.1])
WRITERS = [tensorboard.SummaryWriter, tensorboardX.SummaryWriter]
of_both_writers = pytest.mark.parametrize("writer_class", WRITERS, ids=["torch", "tensorboardX"])
threads_end = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


def told(log: Callable[[], Any]) -> str:
    """What the one warning of a call says, which returns None, and whose line it names."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        assert log() is None
    (warning,) = [each for each in found if "is not logged" in str(each.message)]
    assert warning.category is RuntimeWarning
    assert warning.filename == __file__
    return str(warning.message)


def steps(logdir: Path) -> list[int]:
    return [step.step for step in read_steps(logdir)]


def loader(fails_at: int | None = None) -> list[tuple[Tensor, Tensor]]:
    """Three batches, one of which is none."""
    found = [batch(seed=seed) for seed in range(3)]
    if fails_at is not None:
        found[fails_at] = (found[fails_at][0], found[fails_at][1] + 100)
    return found


# The model


def test_the_step_at_which_a_training_diverges_is_left_out(writer, tmp_path: Path) -> None:
    model = convolutional()
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    data = FGSMLogger(writer, ATTACK, tag="data", on_error="warn")
    assert logger.log(model, *batch(), step=0) is not None
    sound = {name: value.clone() for name, value in model.state_dict().items()}
    with torch.no_grad():
        next(model.parameters()).fill_(torch.nan)
    message = told(lambda: logger.log(model, *batch(), step=1))
    assert message.startswith("step 1 under tag 'fgsm' is not logged, and the training goes on: ")
    assert "NaN" in message
    assert "step 1 under tag 'data'" in told(lambda: data.log_dataset(model, loader(), step=1))
    model.load_state_dict(sound)
    assert logger.log(model, *batch(), step=2) is not None
    assert data.log_dataset(model, loader(), step=2) is not None
    writer.flush()
    assert [(step.tag, step.step) for step in read_steps(tmp_path)] == [
        *(("data", 2), ("fgsm", 0), ("fgsm", 2)),
    ]


class Costly(nn.Module):
    """Fails in a real way, once its input is there."""

    def __init__(self, fails: Callable[[], Any]) -> None:
        super().__init__()
        self.fails = fails
        self.seen: list[weakref.ref[Tensor]] = []

    def forward(self, inputs: Tensor) -> Tensor:
        features = inputs * 2
        self.seen.append(weakref.ref(features))
        self.fails()
        return features.flatten(1)[:, :5]


FAULTS = {
    "MemoryError": lambda: bytearray(sys.maxsize),
    "RuntimeError": lambda: torch.empty(2**50),
    "IndexError": lambda: [][0],
}


@pytest.mark.parametrize("name", FAULTS)
def test_where_there_is_no_memory_left_to_log_none_is_held(name: str, writer) -> None:
    model, logger = Costly(FAULTS[name]), FGSMLogger(writer, ATTACK, on_error="warn")
    gc.disable()  # what only the collector finds would be held for long
    try:
        assert name in told(lambda: logger.log(model, *batch(), step=0))
        assert name in told(lambda: logger.log_dataset(model, loader(), step=1))
        assert len(model.seen) == 2
        assert [seen() for seen in model.seen] == [None, None]
    finally:
        gc.enable()


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_no_error(interrupt: type[BaseException], writer) -> None:
    def interrupts() -> None:
        raise interrupt

    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    with pytest.raises(interrupt):
        logger.log(Costly(interrupts), *batch(), step=0)
    with pytest.raises(interrupt):
        logger.log_dataset(Costly(interrupts), loader(), step=0)


def test_what_fails_is_left_as_it_was(writer) -> None:
    model = convolutional().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    told(lambda: logger.log_dataset(model, loader(fails_at=2), step=0))
    assert all(module.training for module in model.modules())
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


# What is given to it


def test_a_step_that_does_not_increase_is_told(writer, tmp_path: Path) -> None:
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    logger.log(convolutional(), *batch(), step=3)
    message = told(lambda: logger.log(convolutional(), *batch(), step=3))
    assert "step 3 under tag 'fgsm' comes after step 3" in message
    assert "got 'four'" in told(lambda: logger.log(convolutional(), *batch(), step="four"))  # pyright: ignore[reportArgumentType]
    logger.log(convolutional(), *batch(), step=4)
    writer.flush()
    assert steps(tmp_path) == [3, 4]


@pytest.mark.parametrize("fails_at", [0, 2])
def test_a_loader_that_fails_is_told_and_the_step_can_be_logged_again(
    fails_at: int, writer, tmp_path: Path
) -> None:
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    failing = loader(fails_at)
    assert "labels reach" in told(lambda: logger.log_dataset(convolutional(), failing, step=0))
    assert logger.log_dataset(convolutional(), loader(), step=0) is not None
    writer.flush()
    assert steps(tmp_path) == [0]


def test_a_workers_error_is_told_too(writer) -> None:
    class Broken(TensorDataset):
        def __getitem__(self, index: int) -> Any:
            raise OSError("the file server is down")

    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    data = DataLoader(Broken(*batch()), batch_size=2)
    assert "file server" in told(lambda: logger.log_dataset(convolutional(), data, step=0))


def test_by_default_an_error_is_raised(writer) -> None:
    logger = FGSMLogger(writer, ATTACK)
    with pytest.raises(ValueError, match="labels reach"):
        logger.log_dataset(convolutional(), loader(fails_at=1), step=0)


@pytest.mark.parametrize("wrong", ["ignore", None, True])
def test_wrong_arguments_are_refused_whatever_becomes_of_errors(wrong: Any, writer) -> None:
    with pytest.raises(ValueError, match="on_error is 'raise' or 'warn', got"):
        FGSMLogger(writer, ATTACK, on_error=wrong)
    with pytest.raises(ValueError, match="tag is a name"):
        FGSMLogger(writer, ATTACK, tag="", on_error="warn")


# The writer


def turn_to(target: str, writer: Any, logdir: Path) -> None:
    """Has every further byte of a writer's file go elsewhere: to ``/dev/full``, which refuses it as
    a disk does that is full.
    """
    (path,) = logdir.glob("*tfevents*")
    path.unlink()
    path.symlink_to(target)  # PyTorch's opens the file again for each event
    if isinstance(writer, tensorboardX.SummaryWriter):
        file = writer.file_writer.event_writer._ev_writer._py_recordio_writer._writer
        with path.open("ab") as other:
            os.dup2(other.fileno(), file.fileno())


def until_its_thread_ends(logger: FGSMLogger) -> int:
    """Logs until the writer's thread has met its error; returns the next step."""
    for step in range(1, 30):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            logger.log(convolutional(), *batch(), step=step)
        if found:
            return step + 1
    raise AssertionError("nothing was told of the full disk")


@threads_end
@of_both_writers
def test_a_full_disk_is_told_at_each_step_and_never_waited_for(writer_class, tmp_path) -> None:
    writer = writer_class(str(tmp_path), flush_secs=0)
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    assert logger.log(convolutional(), *batch(), step=0) is not None
    writer.flush()
    turn_to("/dev/full", writer, tmp_path)
    messages: list[str] = []

    def train() -> None:
        start = until_its_thread_ends(logger)
        for step in range(start, start + 15):  # more than a writer's queue holds
            messages.append(told(lambda step=step: logger.log(convolutional(), *batch(), step)))

    # In a thread, so that a writer that is waited for is a failure and not a test without end.
    training = threading.Thread(target=train, daemon=True)
    training.start()
    training.join(60)
    assert len(messages) == 15
    assert all("the SummaryWriter's thread has ended" in message for message in messages)
    if writer_class is tensorboard.SummaryWriter:
        assert "No space left on device" in messages[0]
    with writer_class(str(tmp_path / "other")) as logger.writer:
        assert logger.log(convolutional(), *batch(), step=99) is not None
    assert steps(tmp_path / "other") == [99]
    turn_to("room", writer, tmp_path)  # tensorboardX writes what it has when the process ends


@threads_end
def test_a_full_disk_is_raised_by_default(tmp_path: Path) -> None:
    writer = tensorboard.SummaryWriter(str(tmp_path))
    turn_to("/dev/full", writer, tmp_path)
    logger = FGSMLogger(writer, ATTACK)
    logger.log(convolutional(), *batch(), step=0)
    writer.file_writer.event_writer._async_writer._worker.join(30)
    with pytest.raises(OSError, match="No space left on device"):
        logger.log(convolutional(), *batch(), step=1)


@threads_end
def test_a_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    writer = tensorboard.SummaryWriter(str(tmp_path / "run"))
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    logger.log(convolutional(), *batch(), step=0)
    writer.flush()
    shutil.rmtree(tmp_path / "run")
    step = until_its_thread_ends(logger)
    message = told(lambda: logger.log(convolutional(), *batch(), step=step))
    assert "No such file or directory" in message


def test_a_closed_writer_is_told(tmp_path: Path) -> None:
    writer = tensorboard.SummaryWriter(str(tmp_path))
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    writer.close()
    assert "is closed" in told(lambda: logger.log(convolutional(), *batch(), step=0))


def _logs_in_a_fork(writer: Any, said: Any) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(3, 2))
    logger = FGSMLogger(writer, ATTACK, on_error="warn")
    inputs, labels = batch(n=1, size=1, classes=2)
    for step in range(15):
        said.put(told(lambda step=step: logger.log(model, inputs, labels, step)))


@pytest.mark.process
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@of_both_writers
def test_a_forked_process_is_told_that_nobody_writes_there(writer_class, tmp_path) -> None:
    forking = multiprocessing.get_context("fork")
    said = forking.Queue()
    with writer_class(str(tmp_path)) as writer:
        child = forking.Process(target=_logs_in_a_fork, args=(writer, said), daemon=True)
        child.start()
        messages = [said.get(timeout=30) for _ in range(15)]
        child.join(30)
    assert child.exitcode == 0
    assert all("in the process that logs" in message for message in messages)
