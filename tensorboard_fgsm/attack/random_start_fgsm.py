"""FGSM from a random start: one step, with which networks are trained fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from tensorboard_fgsm.attack.climb import Climb
from tensorboard_fgsm.attack.iterated_attack import (
    Ascent,
    IteratedAttack,
    check_loss_fn,
    check_seed,
    times_epsilon,
)
from tensorboard_fgsm.attack.loss import LossFn, loss_name


@dataclass(frozen=True)
class RandomStartFGSM(IteratedAttack):
    """FGSM from a random start, also called fast FGSM (FFGSM) and used for training (RS-FGSM).

    Wong, Rice and Kolter, "Fast is better than free: Revisiting adversarial training", 2020,
    https://arxiv.org/abs/2001.03994: ``x₀ = clip(x + uniform(−ε, ε))``,
    ``adv_x = clip(x₀ + α·sign(∇x J(x₀, y)))``, where clip goes to at most ε from x and to [0, 1].

    Costs one gradient for each epsilon.

    Args:
        step_size: α in units of ε; the paper takes 1.25.
        seed: of the start. It is the same at each call, so that the steps of a training can be
            compared, and leaves PyTorch's own random state alone.
        loss_fn: what grows, ``stable_loss`` if None. ``torch.nn.functional.cross_entropy`` gives
            the numbers of other libraries.

    Raises:
        ValueError, TypeError: a setting is not as above.
    """

    step_size: float = 1.25
    seed: int = 0
    loss_fn: LossFn | None = None
    name: ClassVar[str] = "FGSM with a random start"
    single_step: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not isinstance(self.step_size, int | float) or isinstance(self.step_size, bool):
            raise TypeError(
                f"step_size is a number in units of epsilon, such as 1.25, got {self.step_size!r}"
            )
        if not 0 < self.step_size <= 2:  # 2 crosses the ball
            raise ValueError(
                f"step_size is in (0, 2] units of epsilon, got {self.step_size:g}: "
                "did you mean 1.25?"
            )
        check_seed(self.seed)
        check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = times_epsilon(self.step_size)
        return {"step_size": step_size, "seed": self.seed, "loss": loss_name(self.loss_fn)}

    def _climb(self, ascent: Ascent) -> Climb:
        start = ascent.random_start(torch.Generator("cpu").manual_seed(self.seed))
        return ascent.from_(start, 1, self.step_size * ascent.epsilon)
