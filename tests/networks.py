"""Small classifiers for the tests."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def convolutional(channels: int = 3, classes: int = 5, seed: int = 0) -> nn.Module:
    """A random network with what training leaves traces in: BatchNorm and dropout."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Conv2d(channels, 8, 3, padding=1),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Conv2d(8, 8, 3, padding=1),
        nn.Tanh(),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(32, classes),
    )


def linear(weight: Tensor) -> nn.Module:
    """Logits (N, K) = weight (K, C·H·W) times the flattened inputs."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight)
    return nn.Sequential(nn.Flatten(), layer)


def batch(
    n: int = 6, channels: int = 3, size: int = 12, classes: int = 5, seed: int = 1
) -> tuple[Tensor, Tensor]:
    """Random inputs in [0, 1] and labels."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.rand(n, channels, size, size, generator=generator)
    return inputs, torch.randint(classes, (n,), generator=generator)


def digits() -> tuple[Tensor, Tensor]:
    """The real digits of scikit-learn: 1,797 inputs (N, 1, 8, 8) in [0, 1], and labels."""
    from sklearn.datasets import load_digits

    data, target = load_digits(return_X_y=True)
    inputs = torch.tensor(data, dtype=torch.float32).view(-1, 1, 8, 8) / 16
    return inputs, torch.tensor(target, dtype=torch.int64)


def train(model: nn.Module, inputs: Tensor, labels: Tensor, *, epochs: int, rate: float) -> None:
    """Trains a classifier with Adam, in batches of 50."""
    optimizer = torch.optim.Adam(model.parameters(), rate)
    for _ in range(epochs):
        for chosen in torch.randperm(len(inputs)).split(50):
            optimizer.zero_grad()
            functional.cross_entropy(model(inputs[chosen]), labels[chosen]).backward()
            optimizer.step()
