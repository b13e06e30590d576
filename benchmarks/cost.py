"""What logging costs a training: its share of an epoch's time, piece by piece.

    python -m benchmarks.cost

The demo's network is trained on 4,000 digits an epoch, and 500 others are logged; then 10,000 are
trained on, and 10,000 are logged. Measured is the processor time of one thread, which a busy
machine blurs little; a figure is the median over the rounds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset
from torch.utils.tensorboard import SummaryWriter

from benchmarks.tables import table
from tensorboard_fgsm import FGSM, PGD, FGSMLogger
from tensorboard_fgsm.command import demo

EPSILONS = demo.DIGIT_EPSILONS
ROUNDS = 3
PIECES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "`FGSM(epsilons)`, six of them": ({}, {}),
    "with `control=True`": ({"control": True}, {}),
    "with `alignment=True`": ({"alignment": True}, {}),
    "with `refine=6`": ({"refine": 6}, {}),
    "with `check=PGD(steps=10)`, 50 samples": ({}, {"check": PGD(10), "check_samples": 50}),
    "with `embed=300`": ({}, {"embed": 300}),
    "with `cross_sections=4`, 25 × 25": (
        {},
        {"cross_sections": 4, "cross_section_resolution": 25},
    ),
}
"""What the attack and the logger are given."""


def train(model: nn.Module, digits: Dataset[Any]) -> None:
    optimizer = torch.optim.Adam(model.parameters(), 2e-3)
    for inputs, labels in DataLoader(digits, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        functional.cross_entropy(model(inputs), labels).backward()
        optimizer.step()


def seconds(work: Callable[[], object]) -> float:
    """The median over the rounds, after a warm-up."""
    found = []
    for _ in range(ROUNDS + 1):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found[1:])


def logging(
    model: nn.Module, digits: Dataset[Any], attack: dict[str, Any], logger: dict[str, Any]
) -> float:
    """The seconds of a step."""
    loader, step = DataLoader(digits, demo.EVALUATED_TOGETHER), iter(range(1000))
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        fgsm = FGSMLogger(writer, FGSM(EPSILONS, **attack), **logger)
        return seconds(lambda: fgsm.log_dataset(model, loader, step=next(step)))


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    training, held_out = demo._digits()
    model = demo._small_network()
    epoch = seconds(lambda: train(model, training))
    print(f"An epoch of 4,000 digits takes {epoch:.2f} s, and logging 500 others:\n")
    rows = []
    for name, (attack, logger) in PIECES.items():
        taken = logging(model, held_out, attack, logger)
        rows.append([name, f"{taken:.2f}", f"{100 * taken / epoch:.0f} %"])
    print(table(["", "s a step", "of the epoch"], rows))
    many = Subset(ConcatDataset([training, held_out] * 3), range(10_000))
    epoch, taken = seconds(lambda: train(model, many)), logging(model, many, {}, {})
    print(
        f"An epoch of 10,000 digits takes {epoch:.1f} s, and logging as many, at six epsilons, "
        f"{taken:.1f} s: {taken / epoch:.2f} of it."
    )


if __name__ == "__main__":
    main()
