"""A small data set, in loaders, and what was logged of it."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import LoggedStep, Sweep, read_steps
from tensorboard_fgsm.format.record import Record
from tests.networks import batch

COUNT = 53
EPSILONS = (0.0, 2 / 255, 0.1, 0.3)


def data() -> tuple[Tensor, Tensor]:
    inputs, labels = batch(COUNT)
    return inputs.double(), labels


def loader(size: int = 8, **options: Any) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*data()), batch_size=size, **options)


def steps(writer: SummaryWriter) -> list[LoggedStep]:
    writer.flush()
    return list(read_steps(writer.log_dir))


def records(writer: SummaryWriter) -> list[Record]:
    return [step.record for step in steps(writer)]


def agree(evaluation: Any, sweep: Sweep) -> bool:
    return (
        evaluation.count == len(sweep.labels)
        and evaluation.clean_accuracy == sweep.clean_accuracy
        and torch.equal(evaluation.robust_accuracy, sweep.robust_accuracy)
        and torch.equal(evaluation.success_rate, sweep.success_rate)
    )
