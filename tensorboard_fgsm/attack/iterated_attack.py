"""What BIM, PGD and FGSM from a random start have in common: steps that make the loss grow.

Their direction depends on epsilon, so that, unlike FGSM, they pay for each epsilon anew. What costs
"a gradient" is one forward and one backward to the inputs alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from tensorboard_fgsm.attack.climb import Climb
from tensorboard_fgsm.attack.grid import bounds
from tensorboard_fgsm.attack.loss import (
    LossFn,
    checked_loss,
    each_loss,
    gradient_of,
    sample_losses,
    stable_loss,
)

Pictures = Callable[[Tensor], Tensor]
"""A model of pictures: (N, C, H, W) in [0, 1] to logits (N, K)."""


class IteratedAttack(ABC):
    """A function ``(model, inputs, labels, epsilon) -> adversarial inputs``."""

    loss_fn: LossFn | None
    starts_at_inputs: ClassVar[bool] = False
    """Whether its first gradient is the one that FGSM takes, too."""

    def __call__(
        self,
        model: Pictures,
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Attacks a batch.

        Args:
            model: eats pictures in [0, 1] and answers with logits (N, K). It is in evaluation mode,
                and its parameters do not require gradients.
            inputs: (N, C, H, W) pictures in [0, 1].
            labels: (N,) int64, their true classes.
            epsilon: positive, in pixel units.

        Returns:
            (N, C, H, W) in [0, 1], of the float type and on the device of ``inputs``, and nowhere
            further than epsilon from them.
        """
        return self.climb(model, inputs, labels, epsilon).examples

    def climb(
        self,
        model: Pictures,
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
        *,
        early_stop: bool = False,
        at_inputs: Look | None = None,
    ) -> Climb:
        """Attacks a batch, and tells how the loss went on the way, at no further cost.

        Arguments as above. Of several starts, the loss is that of the one that a sample keeps. With
        ``early_stop``, the first point that fools the model is a sample's example: it takes no step
        from there, and no other start. What is known ``at_inputs`` is not computed again.
        """
        ascent = Ascent(model, inputs, labels, epsilon, self.loss_fn, early_stop)
        ascent.at_inputs = at_inputs
        return self._climb(ascent)

    def losses(
        self, logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]
    ) -> Float[Tensor, " n"]:
        """Returns the loss that this attack makes grow, of each sample."""
        return sample_losses(self.loss_fn, logits, labels)

    @abstractmethod
    def _climb(self, ascent: Ascent) -> Climb:
        """Takes this attack's steps."""


class Ascent:
    """Steps that make the loss of one batch grow, within ε of its inputs and [0, 1]. Models work in
    place, so each is given clones.
    """

    def __init__(
        self,
        model: Pictures,
        inputs: Tensor,
        labels: Tensor,
        epsilon: float,
        loss_fn: LossFn | None,
        early_stop: bool,
    ) -> None:
        self.model, self.inputs, self.labels = model, inputs, labels
        self.epsilon, self.loss_fn, self.early_stop = epsilon, loss_fn, early_stop
        self.low, self.high = bounds(inputs, epsilon)
        self.at_inputs: Look | None = None
        """What is known of their inputs before."""

    def of(self, some: Tensor) -> Ascent:
        """Returns that of some of the samples, by a mask (N,) or their places."""
        inputs, labels = self.inputs[some], self.labels[some]
        return Ascent(self.model, inputs, labels, self.epsilon, self.loss_fn, self.early_stop)

    def random_start(self, generator: torch.Generator) -> Tensor:
        # Drawn on the CPU in float32, so that every device and float type starts alike.
        noise = torch.empty(self.inputs.shape, dtype=torch.float32, device="cpu")
        noise.uniform_(-self.epsilon, self.epsilon, generator=generator)
        return torch.clamp(self.inputs + noise.to(self.inputs), self.low, self.high)

    def from_(self, start: Tensor, steps: int, step_size: float) -> Climb:
        known = self.at_inputs if start is self.inputs else None
        follow = self._until_fooled if self.early_stop else self._all_steps
        return follow(start, steps, step_size, known)

    def _until_fooled(
        self, start: Tensor, steps: int, step_size: float, known: Look | None
    ) -> Climb:
        """Whom a point fools takes no step from there; the loss stays what it is."""
        pictures, losses, right = start.clone(), [], []
        standing = torch.ones_like(self.labels, dtype=torch.bool)
        for _ in range(steps):
            if standing.any():
                step = self.of(standing)._all_steps(pictures[standing], 1, step_size, known)
                known = None
                loss = (losses[-1] if losses else step.losses[0]).clone()
                loss[standing] = step.losses[0]
                standing = standing.clone()
                standing[standing.clone()] = step.right[0]
                pictures[standing] = step.examples[step.right[0]]
                losses.append(loss)
            else:
                losses.append(losses[-1])
            right.append(standing)
        return Climb(pictures, torch.stack(losses), torch.stack(right))

    def _all_steps(self, start: Tensor, steps: int, step_size: float, known: Look | None) -> Climb:
        """Takes steps from a start, where it may be known what there is to see."""
        pictures, losses, right = start, [], []
        for _ in range(steps):
            at = known or self._look(pictures)
            known = None
            pictures = torch.clamp(pictures + step_size * at.direction, self.low, self.high)
            losses.append(at.losses)
            right.append(at.right)
        return Climb(pictures, torch.stack(losses), torch.stack(right))

    @torch.no_grad()
    def outcome(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Returns whether the model is wrong on each sample, and each sample's loss."""
        logits = self.model(pictures.clone())
        loss = (self.loss_fn or stable_loss)(logits, self.labels)
        return logits.argmax(1) != self.labels, each_loss(loss, self.loss_fn, logits, self.labels)

    def _look(self, pictures: Tensor) -> Look:
        leaf = pictures.detach().requires_grad_()
        logits = self.model(leaf.clone())
        loss = checked_loss(self.loss_fn, logits, self.labels)
        gradient = gradient_of(loss.sum(), leaf)
        losses = each_loss(loss, self.loss_fn, logits.detach(), self.labels)
        # As in FGSM, a pixel whose gradient is NaN or infinite stays as it is.
        direction = gradient.nan_to_num(0, 0, 0).sign()
        return Look(direction, losses, logits.detach().argmax(1) == self.labels)


class Look(NamedTuple):
    """What one forward and one backward tell of pictures."""

    direction: Float[Tensor, "n c h w"]
    """The gradient's sign."""
    losses: Float[Tensor, " n"]
    right: Bool[Tensor, " n"]
    """Whether the model is right."""


def times_epsilon(factor: float) -> str:
    return f"{factor:.4g}·ε"


def check_count(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number such as 10, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} is 1 or more, got {value}")


def check_step_size(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"step_size is a number in pixel units such as 2/255, got {value!r}")
    if not 0 < value <= 1:  # NaN is not, either
        raise ValueError(f"step_size is in (0, 1] pixel units, got {value:g}: did you mean 2/255?")


def check_seed(value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"seed is a whole number such as 0, got {value!r}")
    if not 0 <= value < 2**64:
        raise ValueError(f"seed is in [0, 2^64), got {value}")


def check_loss_fn(value: object) -> None:
    if value is not None and not callable(value):
        raise TypeError(f"loss_fn is a function of (logits, labels), got {value!r}")
