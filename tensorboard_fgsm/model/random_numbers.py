"""The random generators of Python, NumPy and PyTorch: put back to where they were after use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from tensorboard_fgsm.model.loan import Borrowed


def random_numbers(generators: Iterable[torch.Generator] = ()) -> list[Borrowed]:
    """Finds the states of the random generators, which go on as if nothing had been drawn.

    Args:
        generators: others than the process's own.
    """
    states = [
        _State(random.setstate, random.getstate()),
        _State(np.random.set_state, np.random.get_state()),
        _State(torch.set_rng_state, torch.get_rng_state()),
    ]
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states.append(_State(torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    if torch.backends.mps.is_available():
        states.append(_State(torch.mps.set_rng_state, torch.mps.get_rng_state()))
    states += [_State(each.set_state, each.get_state()) for each in generators]
    return list(states)


class _State:
    """Where a random generator is."""

    def __init__(self, put: Callable[[Any], object], state: Any) -> None:
        self._put, self._state = put, state

    def change(self) -> None:
        """Does nothing: it moves on by itself."""

    def give_back(self) -> None:
        self._put(self._state)


def draw(device: torch.device) -> None:
    """Moves each random generator on by a number."""
    random.random()
    np.random.random_sample()
    for each in {torch.device("cpu"), device}:
        torch.rand(1, device=each)
