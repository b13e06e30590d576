"""BIM, the basic iterative method: several small steps of FGSM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tensorboard_fgsm.attack.climb import Climb
from tensorboard_fgsm.attack.iterated_attack import (
    Ascent,
    IteratedAttack,
    check_count,
    check_loss_fn,
    check_step_size,
    times_epsilon,
)
from tensorboard_fgsm.attack.loss import LossFn, loss_name


@dataclass(frozen=True)
class BIM(IteratedAttack):
    """The basic iterative method, also called iterated FGSM (I-FGSM).

    Kurakin, Goodfellow and Bengio, "Adversarial examples in the physical world", 2016,
    https://arxiv.org/abs/1607.02533: ``x₀ = x``, ``xₜ₊₁ = clip(xₜ + α·sign(∇x J(xₜ, y)))``, where
    clip goes to at most ε from x and to [0, 1].

    Costs ``steps`` gradients for each epsilon. The first is FGSM's own: beside it, and of the same
    loss and very same inputs, it is not computed again (``PerEpsilon``).

    Args:
        steps: how many.
        step_size: α in pixel units, or None for ε / steps, with which the last step just reaches
            the border. The paper takes 1/255, torchattacks 2/255, ART .1, and foolbox .2·ε.
        loss_fn: what grows, ``stable_loss`` if None. ``torch.nn.functional.cross_entropy`` gives
            the numbers of other libraries.

    Raises:
        ValueError, TypeError: a setting is not as above.
    """

    steps: int = 10
    step_size: float | None = None
    loss_fn: LossFn | None = None
    name: ClassVar[str] = "BIM"
    starts_at_inputs: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_count("steps", self.steps)
        check_step_size(self.step_size)
        check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = times_epsilon(1 / self.steps) if self.step_size is None else self.step_size
        return {"steps": self.steps, "step_size": step_size, "loss": loss_name(self.loss_fn)}

    def _climb(self, ascent: Ascent) -> Climb:
        step_size = ascent.epsilon / self.steps if self.step_size is None else self.step_size
        return ascent.from_(ascent.inputs, self.steps, step_size)
