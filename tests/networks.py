"""Small classifiers for the tests."""

from __future__ import annotations

import torch
from torch import Tensor, nn


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
