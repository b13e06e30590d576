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
        for _ in range(self.restarts - 1):
            other = ascent.from_(ascent.random_start(generator), self.steps, step_size)
            other_wrong, other_loss = ascent.outcome(other.examples)
            better = (other_wrong & ~wrong) | ((other_wrong == wrong) & (other_loss > loss))
            best = best.with_(other, better)
            wrong, loss = wrong | other_wrong, torch.where(better, other_loss, loss)
        return best
