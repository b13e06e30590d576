"""PGD, projected gradient descent: several small steps of FGSM from random starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from tensorboard_fgsm.attack.climb import Climb
from tensorboard_fgsm.attack.iterated_attack import (
    Ascent,
    IteratedAttack,
    check_count,
    check_loss_fn,
    check_seed,
    check_step_size,
    times_epsilon,
)
from tensorboard_fgsm.attack.loss import LossFn, loss_name


@dataclass(frozen=True)
class PGD(IteratedAttack):
    """Projected gradient descent: BIM from random starts.

    Madry, Makelov, Schmidt, Tsipras and Vladu, "Towards Deep Learning Models Resistant to
    Adversarial Attacks", 2018, https://arxiv.org/abs/1706.06083: as BIM, but
    ``x₀ = clip(x + uniform(−ε, ε))``.

    Costs ``steps`` gradients for each epsilon and restart, and, where there are several restarts,
    a forward for each to tell which of them did best.

    Args:
        steps: how many from each start.
        step_size: α in pixel units, or None for 2.5·ε / steps, which the paper takes: enough to
            cross the ball from any start and then to turn within it.
        restarts: from how many random starts. Each sample keeps one that the model is wrong on if
            there is any, and among those the one of the largest loss; so more restarts never make
            the attack weaker.
        seed: of the starts. They are the same at each call, so that the steps of a training can be
            compared, and leave PyTorch's own random state alone.
        loss_fn: what grows, ``stable_loss`` if None. ``torch.nn.functional.cross_entropy`` gives
            the numbers of other libraries.

    Raises:
        ValueError, TypeError: a setting is not as above.
    """

    steps: int = 10
    step_size: float | None = None
    restarts: int = 1
    seed: int = 0
    loss_fn: LossFn | None = None
    name: ClassVar[str] = "PGD"

    def __post_init__(self) -> None:
        check_count("steps", self.steps)
        check_step_size(self.step_size)
        check_count("restarts", self.restarts)
        check_seed(self.seed)
        check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = times_epsilon(2.5 / self.steps) if self.step_size is None else self.step_size
        return {
            "steps": self.steps,
            "step_size": step_size,
            "restarts": self.restarts,
            "seed": self.seed,
            "loss": loss_name(self.loss_fn),
        }

    def _climb(self, ascent: Ascent) -> Climb:
        step_size = 2.5 * ascent.epsilon / self.steps if self.step_size is None else self.step_size
        generator = torch.Generator("cpu").manual_seed(self.seed)
        best = ascent.from_(ascent.random_start(generator), self.steps, step_size)
        if self.restarts == 1:
            return best
        wrong, loss = ascent.outcome(best.examples)
        every = torch.arange(len(wrong), device=wrong.device)
        for _ in range(self.restarts - 1):
            start = ascent.random_start(generator)
            some = every[~wrong] if ascent.early_stop else every
            if not len(some):
                break
            others = ascent.of(some)
            other = others.from_(start[some], self.steps, step_size)
            fools, higher = others.outcome(other.examples)
            better = (fools & ~wrong[some]) | ((fools == wrong[some]) & (higher > loss[some]))
            places = some[better]
            best = best.with_(other.of(better), places)
            wrong[places], loss[places] = fools[better], higher[better]
        return best
