"""Attacks of several gradients or a random start: BIM, PGD, and FGSM with a random start.

Each is a function ``(model, inputs, labels, epsilon) -> adversarial inputs``:

- ``model`` eats pictures (N, C, H, W) in [0, 1] and answers with logits (N, K). It is in evaluation
  mode, and its parameters do not require gradients.
- ``inputs`` are pictures in [0, 1], ``labels`` (N,) int64 their true classes, and ``epsilon`` is
  positive and in pixel units.
- What is returned has the shape, float type and device of ``inputs``, lies in [0, 1], and is
  nowhere further than epsilon from them.

Their direction depends on epsilon, so that, unlike FGSM, they pay for each epsilon anew. What costs
"a gradient" is one forward and one backward to the inputs alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from tensorboard_fgsm.attack.grid import bounds
from tensorboard_fgsm.attack.loss import LossFn, gradient_of, loss_name, stable_loss, total_loss

Pictures = Callable[[Tensor], Tensor]
"""A model of pictures: (N, C, H, W) in [0, 1] to logits (N, K)."""


@dataclass(frozen=True)
class BIM:
    """The basic iterative method, also called iterated FGSM (I-FGSM).

    Kurakin, Goodfellow and Bengio, "Adversarial examples in the physical world", 2016,
    https://arxiv.org/abs/1607.02533: ``x₀ = x``, ``xₜ₊₁ = clip(xₜ + α·sign(∇x J(xₜ, y)))``, where
    clip goes to at most ε from x and to [0, 1].

    Costs ``steps`` gradients for each epsilon.

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

    def __post_init__(self) -> None:
        _check_count("steps", self.steps)
        _check_step_size(self.step_size)
        _check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = _times_epsilon(1 / self.steps) if self.step_size is None else self.step_size
        return {"steps": self.steps, "step_size": step_size, "loss": loss_name(self.loss_fn)}

    def __call__(
        self,
        model: Pictures,
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Attacks a batch; see above for what is taken and returned."""
        ascent = _Ascent(model, inputs, labels, epsilon, self.loss_fn)
        step_size = epsilon / self.steps if self.step_size is None else self.step_size
        return ascent.from_(inputs, self.steps, step_size)


@dataclass(frozen=True)
class PGD:
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
        _check_count("steps", self.steps)
        _check_step_size(self.step_size)
        _check_count("restarts", self.restarts)
        _check_seed(self.seed)
        _check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = _times_epsilon(2.5 / self.steps) if self.step_size is None else self.step_size
        return {
            "steps": self.steps,
            "step_size": step_size,
            "restarts": self.restarts,
            "seed": self.seed,
            "loss": loss_name(self.loss_fn),
        }

    def __call__(
        self,
        model: Pictures,
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Attacks a batch; see above for what is taken and returned."""
        ascent = _Ascent(model, inputs, labels, epsilon, self.loss_fn)
        step_size = 2.5 * epsilon / self.steps if self.step_size is None else self.step_size
        generator = torch.Generator("cpu").manual_seed(self.seed)
        best = ascent.from_(ascent.random_start(generator), self.steps, step_size)
        if self.restarts == 1:
            return best
        wrong, loss = ascent.outcome(best)
        for _ in range(self.restarts - 1):
            other = ascent.from_(ascent.random_start(generator), self.steps, step_size)
            other_wrong, other_loss = ascent.outcome(other)
            better = (other_wrong & ~wrong) | ((other_wrong == wrong) & (other_loss > loss))
            best = torch.where(better.view(-1, 1, 1, 1), other, best)
            wrong, loss = wrong | other_wrong, torch.where(better, other_loss, loss)
        return best


@dataclass(frozen=True)
class RandomStartFGSM:
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
        _check_seed(self.seed)
        _check_loss_fn(self.loss_fn)

    @property
    def settings(self) -> dict[str, int | float | str]:
        """What the dashboard shows of it."""
        step_size = _times_epsilon(self.step_size)
        return {"step_size": step_size, "seed": self.seed, "loss": loss_name(self.loss_fn)}

    def __call__(
        self,
        model: Pictures,
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Attacks a batch; see above for what is taken and returned."""
        ascent = _Ascent(model, inputs, labels, epsilon, self.loss_fn)
        start = ascent.random_start(torch.Generator("cpu").manual_seed(self.seed))
        return ascent.from_(start, 1, self.step_size * epsilon)


class _Ascent:
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
    ) -> None:
        self.model, self.inputs, self.labels = model, inputs, labels
        self.epsilon, self.loss_fn = epsilon, loss_fn
        self.low, self.high = bounds(inputs, epsilon)

    def random_start(self, generator: torch.Generator) -> Tensor:
        # Drawn on the CPU in float32, so that every device and float type starts alike.
        noise = torch.empty(self.inputs.shape, dtype=torch.float32, device="cpu")
        noise.uniform_(-self.epsilon, self.epsilon, generator=generator)
        return torch.clamp(self.inputs + noise.to(self.inputs), self.low, self.high)

    def from_(self, start: Tensor, steps: int, step_size: float) -> Tensor:
        pictures = start
        for _ in range(steps):
            # As in FGSM, a pixel whose gradient is NaN or infinite stays as it is.
            sign = self._gradient(pictures).nan_to_num(0, 0, 0).sign()
            pictures = torch.clamp(pictures + step_size * sign, self.low, self.high)
        return pictures

    @torch.no_grad()
    def outcome(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Returns whether the model is wrong on each sample, and each sample's loss."""
        logits = self.model(pictures.clone())
        loss = (self.loss_fn or stable_loss)(logits, self.labels)
        if loss.shape != self.labels.shape:  # a mean or a sum over the batch
            pairs = zip(logits.split(1), self.labels.split(1), strict=True)
            loss = torch.stack([total_loss(self.loss_fn, *pair) for pair in pairs])
        return logits.argmax(1) != self.labels, loss

    def _gradient(self, pictures: Tensor) -> Tensor:
        leaf = pictures.detach().requires_grad_()
        logits = self.model(leaf.clone())
        return gradient_of(total_loss(self.loss_fn, logits, self.labels), leaf)


def _times_epsilon(factor: float) -> str:
    return f"{factor:.4g}·ε"


def _check_count(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a whole number such as 10, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} is 1 or more, got {value}")


def _check_step_size(value: object) -> None:
    if value is None:
        return
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"step_size is a number in pixel units such as 2/255, got {value!r}")
    if not 0 < value <= 1:  # NaN is not, either
        raise ValueError(f"step_size is in (0, 1] pixel units, got {value:g}: did you mean 2/255?")


def _check_seed(value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"seed is a whole number such as 0, got {value!r}")
    if not 0 <= value < 2**64:
        raise ValueError(f"seed is in [0, 2^64), got {value}")


def _check_loss_fn(value: object) -> None:
    if value is not None and not callable(value):
        raise TypeError(f"loss_fn is a function of (logits, labels), got {value!r}")
