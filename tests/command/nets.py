"""A module of the user's own, from which the command line takes models."""

from __future__ import annotations

import time

from torch import Tensor, nn

from tests.networks import convolutional

CLASSES = 3


class Slow(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = make()

    def forward(self, inputs: Tensor) -> Tensor:
        time.sleep(0.5)
        return self.inner(inputs)


def make() -> nn.Module:
    return convolutional(classes=CLASSES).double()


def other() -> nn.Module:
    return convolutional(classes=CLASSES, seed=1)


def ten() -> nn.Module:
    return convolutional(classes=10)


def grey() -> nn.Module:
    return convolutional(channels=1, classes=CLASSES)


slow = Slow


def needy(width: int) -> nn.Module:
    return convolutional(classes=width)


def nothing() -> None:
    return None


def broken() -> nn.Module:
    return convolutional(classes=1 // 0)
