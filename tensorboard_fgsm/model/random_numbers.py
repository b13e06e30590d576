"""The random generators of Python, NumPy and PyTorch: put back to where they were after use."""

from __future__ import annotations

import contextlib
import functools
import random
from collections.abc import Callable, Iterator

import numpy as np
import torch


@contextlib.contextmanager
def same_random_numbers(generator: torch.Generator | None = None) -> Iterator[None]:
    """A time after which random numbers go on as if nothing had been drawn.

    Args:
        generator: another one to put back where it was.
    """
    with contextlib.ExitStack() as stack:
        if generator is not None:
            stack.callback(generator.set_state, generator.get_state())
        for restore in _random_states():
            stack.callback(restore)
        yield


def _random_states() -> list[Callable[[], object]]:
    """Returns what puts each random generator back where it is now."""
    restores: list[Callable[[], object]] = [
        functools.partial(random.setstate, random.getstate()),
        functools.partial(np.random.set_state, np.random.get_state()),
        functools.partial(torch.set_rng_state, torch.get_rng_state()),
    ]
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states = torch.cuda.get_rng_state_all()
        restores.append(functools.partial(torch.cuda.set_rng_state_all, states))
    if torch.backends.mps.is_available():
        restores.append(functools.partial(torch.mps.set_rng_state, torch.mps.get_rng_state()))
    return restores


def draw(device: torch.device) -> None:
    """Moves each random generator on by a number."""
    random.random()
    np.random.random_sample()
    for each in {torch.device("cpu"), device}:
        torch.rand(1, device=each)
