"""FGSM, the Fast Gradient Sign Method: one gradient, swept over many epsilons.

Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples", 2015,
https://arxiv.org/abs/1412.6572: ``adv_x = clip(x + ε·sign(∇x J(θ, x, y)))``. The sign does not
depend on ε, so a sweep costs one gradient and one forward for each epsilon.

Epsilons are in pixel units of images in [0, 1]: 8/255, not 8.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int, Int8, Int64
from torch import Tensor

from tensorboard_fgsm.checks import check_batch, checked_epsilons, checked_normalisation
from tensorboard_fgsm.model import Model, logits_of, untouched

LossFn = Callable[[Tensor, Tensor], Tensor]
"""``loss_fn(logits (N, K), labels (N,)) -> (N,) or a scalar``; FGSM makes it grow."""


def stable_loss(logits: Float[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Float[Tensor, " n"]:
    """How far the other classes are ahead of the true one: the direction of cross-entropy without
    its cancellation.

    Cross-entropy is ``softplus`` of this loss, so both gradients have the same sign. But in
    float32 the one of cross-entropy is rounding noise once the true class's probability rounds to
    1, which makes a network look more robust the longer it trains.

    Args:
        logits: (N, K), K ≥ 2.
        labels: (N,) int64, the true classes.

    Returns:
        (N,) ``logsumexp(logits of the other classes) − logit of the true class``, in float32 at
        least.
    """
    logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
    true_class = labels.unsqueeze(1)
    others = logits.scatter(1, true_class, -math.inf).logsumexp(1)
    return others - logits.gather(1, true_class).squeeze(1)


@dataclass(frozen=True, init=False)
class FGSM:
    """How to attack: the epsilons, the model's normalisation and the loss.

    Args:
        epsilons: sizes of the perturbation in pixel units, each in [0, 1]; sorted, and duplicates
            dropped.
        mean: for models that eat normalised inputs, the mean of each channel in [0, 1] images, as
            given to ``torchvision.transforms.Normalize``. Epsilon stays in pixel units.
        std: the standard deviation of each channel, given with ``mean``.
        loss_fn: ``loss_fn(logits, labels)`` returning (N,) or a scalar. By default
            ``stable_loss``; ``torch.nn.functional.cross_entropy`` gives the numbers of other
            libraries.
        quantize: snap the inputs and the adversarial examples to the 8-bit grid before the model
            sees them, so that a saved picture is what was classified.

    Raises:
        ValueError: epsilons are empty or not in [0, 1]; mean and std do not fit each other.
        TypeError: epsilons is not a list of numbers.

    Example:
        >>> attack = FGSM([2 / 255, 8 / 255], mean=[0.5], std=[0.5])
        >>> sweep = attack.sweep(model, inputs, labels)
        >>> sweep.robust_accuracy
    """

    epsilons: tuple[float, ...]
    mean: tuple[float, ...] | None
    std: tuple[float, ...] | None
    loss_fn: LossFn | None
    quantize: bool

    def __init__(
        self,
        epsilons: Iterable[float],
        *,
        mean: Iterable[float] | None = None,
        std: Iterable[float] | None = None,
        loss_fn: LossFn | None = None,
        quantize: bool = False,
    ) -> None:
        means, stds = checked_normalisation(mean, std)
        if loss_fn is not None and not callable(loss_fn):
            raise TypeError(f"loss_fn is a function of (logits, labels), got {loss_fn!r}")
        for name, value in (
            ("epsilons", checked_epsilons(epsilons)),
            ("mean", means),
            ("std", stds),
            ("loss_fn", loss_fn),
            ("quantize", bool(quantize)),
        ):
            object.__setattr__(self, name, value)

    @property
    def loss_name(self) -> str:
        """``stable``, or the name of the user's own loss."""
        if self.loss_fn in (None, stable_loss):
            return "stable"
        loss_fn = self.loss_fn
        while isinstance(loss_fn, functools.partial):
            loss_fn = loss_fn.func
        return getattr(loss_fn, "__name__", type(loss_fn).__name__)

    def sweep(self, model: Model, inputs: Tensor, labels: Tensor) -> Sweep:
        """Attacks a batch at every epsilon.

        Costs one forward and one backward to the inputs alone, then one forward for each positive
        epsilon. The model is in evaluation mode meanwhile and left as it was found: modes,
        gradients, buffers and random states. Works under ``no_grad``,
        ``inference_mode`` and autocast; nothing is autocast meanwhile, because that would change
        signs.

        Args:
            model: the classifier, on any device, of any float type.
            inputs: (N, C, H, W) floats, what the model eats; in [0, 1] once ``mean`` and ``std``
                are undone.
            labels: (N,) int64, the true classes.

        Returns:
            The predictions and the direction, detached, on the device of ``inputs``.

        Raises:
            ValueError, TypeError: the inputs, the labels, the logits or the loss are not as above;
                the message says what was given, what was expected and what to do.
        """
        check_batch(inputs, labels)
        with untouched(model, inputs.device):
            # Clones, because autograd cannot save tensors that were made in inference mode.
            inputs = inputs.detach().clone()
            labels = labels.detach().to(inputs.device, copy=True)
            pixels = self.to_pixels(inputs)
            self._check_range(pixels, inputs.dtype)
            if self.quantize:
                pixels = _snapped(pixels)
                inputs = self.to_inputs(pixels, inputs.dtype)
            clean_logits, gradient = self._gradient(model, inputs, labels)
            direction = gradient.nan_to_num(0, 0, 0).sign().to(torch.int8)
            sweep = Sweep(
                attack=self,
                epsilons=torch.tensor(self.epsilons, dtype=torch.float64, device="cpu"),
                inputs=inputs,
                pixels=pixels,
                labels=labels,
                clean_logits=clean_logits,
                logits=self._logits(model, inputs, pixels, direction, clean_logits),
                direction=direction,
                zero_gradients=(gradient == 0).flatten(1).sum(1),
                nonfinite_gradients=(~gradient.isfinite()).flatten(1).sum(1),
            )
        sweep._warn()
        return sweep

    def classify(self, model: Model, pixels: Tensor, dtype: torch.dtype) -> Tensor:
        """Returns the logits (N, K) of pictures, in one forward that leaves no trace either.

        Args:
            model: the classifier.
            pixels: (N, C, H, W) pixel values in [0, 1].
            dtype: the float type that the model eats.
        """
        with untouched(model, pixels.device), torch.no_grad():
            return logits_of(model(self.to_inputs(pixels, dtype)), len(pixels))

    def to_pixels(self, inputs: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """Undoes the normalisation: the model's input units to pixel units, in float32 at
        least.
        """
        pixels = inputs.to(torch.promote_types(inputs.dtype, torch.float32))
        if self.mean is None or self.std is None:
            return pixels
        return pixels * _per_channel(self.std, pixels) + _per_channel(self.mean, pixels)

    def to_inputs(
        self, pixels: Float[Tensor, "n c h w"], dtype: torch.dtype
    ) -> Float[Tensor, "n c h w"]:
        """Normalises: pixel units to the model's input units, in its float type."""
        if self.mean is not None and self.std is not None:
            pixels = (pixels - _per_channel(self.mean, pixels)) / _per_channel(self.std, pixels)
        return pixels.to(dtype)

    def perturbed(
        self,
        inputs: Float[Tensor, "n c h w"],
        pixels: Float[Tensor, "n c h w"],
        direction: Int8[Tensor, "n c h w"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Returns ``clip(x + ε·sign)`` in the model's input units; at 0, the inputs exactly.

        Args:
            inputs: what the model eats.
            pixels: the same in pixel units.
            direction: the signs.
            epsilon: in pixel units, in [0, 1].
        """
        if epsilon == 0:
            return inputs.clone()
        if self.quantize:
            table = _level_table(epsilon).to(pixels.device)
            levels = table[direction.long() + 1, (pixels * 255).round().long()]
            moved = levels.to(pixels.dtype) / 255
        else:
            moved = torch.add(pixels, direction.to(pixels.dtype), alpha=epsilon)
            # The bounds are [0, 1], and a pixel that rounding put beyond one may stay there.
            moved = torch.minimum(torch.maximum(moved, pixels.clamp(max=0)), pixels.clamp(min=1))
        return self.to_inputs(moved, inputs.dtype)

    def _check_range(self, pixels: Tensor, dtype: torch.dtype) -> None:
        low, high = pixels.min().item(), pixels.max().item()
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError("inputs hold NaN or infinite values: look for them before the attack")
        slack = 1e-3 if dtype in (torch.float32, torch.float64) else 2e-2  # the type's rounding
        if low >= -slack and high <= 1 + slack:
            return
        span = f"inputs span [{low:.4g}, {high:.4g}]"
        if self.mean is None:
            raise ValueError(
                f"{span} but pixels lie in [0, 1]: pass the mean and std of your Normalize, "
                "or scale the pixels (uint8 by 1/255)"
            )
        raise ValueError(
            f"{span} in pixel units, after mean and std are undone, but pixels lie in [0, 1]: "
            "pass the mean and std of your Normalize, and clamp what a resize overshoots"
        )

    def _gradient(self, model: Model, inputs: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the clean logits and the gradient of the loss towards the inputs."""
        leaf = inputs.detach().requires_grad_()
        logits = logits_of(model(leaf.clone()), len(inputs))  # a clone: models work in place
        if labels.max() >= logits.shape[1]:
            raise ValueError(
                f"labels reach {labels.max().item()} but the model has {logits.shape[1]} classes, "
                f"0 to {logits.shape[1] - 1}: check the labels, or which head the model has"
            )
        loss = (self.loss_fn or stable_loss)(logits, labels)
        if not isinstance(loss, Tensor) or loss.shape not in ((), (len(inputs),)):
            raise ValueError(
                f"loss_fn returns ({len(inputs)},) or a scalar, got "
                f"{tuple(loss.shape) if isinstance(loss, Tensor) else type(loss).__name__}"
            )
        if not loss.isfinite().all():
            raise ValueError(
                f"the {self.loss_name} loss is NaN or infinite: look at the logits of this batch"
            )
        # The sum, not the mean: a sample's gradient does not depend on the size of its batch.
        total = loss.sum()
        depends = total.requires_grad
        gradient = torch.autograd.grad(total, leaf, allow_unused=True)[0] if depends else None
        if gradient is None:
            raise ValueError(
                "the loss does not depend on the inputs: "
                "the model or loss_fn detaches them or runs under no_grad"
            )
        return logits.detach(), gradient

    @torch.no_grad()
    def _logits(
        self, model: Model, inputs: Tensor, pixels: Tensor, direction: Tensor, clean_logits: Tensor
    ) -> Tensor:
        """Returns the logits (E, N, K) at each epsilon."""
        rows = []
        for epsilon in self.epsilons:
            if epsilon == 0:
                rows.append(clean_logits)
                continue
            adversarial = self.perturbed(inputs, pixels, direction, epsilon)
            rows.append(logits_of(model(adversarial), len(inputs)))
        return torch.stack(rows)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A batch attacked at every epsilon. N samples, K classes, E epsilons; all detached."""

    attack: FGSM
    epsilons: Float[Tensor, " e"]
    """(E,) float64, increasing, in pixel units."""
    inputs: Float[Tensor, "n c h w"]
    """(N, C, H, W) what the model was given for the clean predictions."""
    pixels: Float[Tensor, "n c h w"]
    """(N, C, H, W) the same in pixel units, in [0, 1] up to the rounding of the inputs' type."""
    labels: Int64[Tensor, " n"]
    """(N,) the true classes."""
    clean_logits: Float[Tensor, "n k"]
    """(N, K)."""
    logits: Float[Tensor, "e n k"]
    """(E, N, K), at each epsilon."""
    direction: Int8[Tensor, "n c h w"]
    """(N, C, H, W) the sign of the gradient, in {-1, 0, 1}; 0 where it is NaN or infinite."""
    zero_gradients: Int[Tensor, " n"]
    """(N,) how many elements of each sample have a gradient of exactly 0."""
    nonfinite_gradients: Int[Tensor, " n"]
    """(N,) how many elements of each sample have a NaN or infinite gradient."""

    def adversarial(self, epsilon: float) -> Float[Tensor, "n c h w"]:
        """Returns the adversarial examples at any epsilon, the logged ones or another.

        Args:
            epsilon: in pixel units, in [0, 1].

        Returns:
            (N, C, H, W) in the model's own input units and float type. At 0, the inputs exactly.

        Raises:
            ValueError: epsilon is not in [0, 1].
        """
        (epsilon,) = checked_epsilons([epsilon])
        return self.attack.perturbed(self.inputs, self.pixels, self.direction, epsilon)

    @property
    def correct(self) -> Bool[Tensor, " n"]:
        """(N,) whether the model is right on the original."""
        return self.clean_logits.argmax(1) == self.labels

    @property
    def robust(self) -> Bool[Tensor, "e n"]:
        """(E, N) whether the model is right at each epsilon."""
        return self.logits.argmax(2) == self.labels

    @property
    def flipped(self) -> Bool[Tensor, "e n"]:
        """(E, N) whether the model is right on the original and wrong at each epsilon."""
        return self.correct & ~self.robust

    @property
    def clean_accuracy(self) -> float:
        """The share of all samples that the model is right on, in [0, 1]."""
        return self.correct.double().mean().item()

    @property
    def robust_accuracy(self) -> Float[Tensor, " e"]:
        """(E,) float64 on the CPU: the share of all samples that it is right on at each epsilon.
        FGSM is a weak attack, so this is an upper bound of the robustness.
        """
        return self.robust.double().mean(1).cpu()

    def _warn(self) -> None:
        elements = self.direction[0].numel()
        still = int((self.zero_gradients == elements).sum())
        if still:
            warnings.warn(
                f"{still} of {len(self.labels)} samples have a gradient of 0 everywhere: FGSM "
                "cannot change them, which is no robustness (Athalye et al. 2018)",
                RuntimeWarning,
                stacklevel=3,
            )
        nonfinite = int(self.nonfinite_gradients.sum())
        if nonfinite:
            warnings.warn(
                f"{nonfinite} of {self.direction.numel()} gradient elements are NaN or infinite: "
                "FGSM leaves these pixels as they are",
                RuntimeWarning,
                stacklevel=3,
            )


def _per_channel(values: tuple[float, ...], pixels: Tensor) -> Tensor:
    if len(values) != pixels.shape[1]:
        raise ValueError(
            f"mean and std have {len(values)} channels, inputs have {pixels.shape[1]}: "
            "give one number a channel"
        )
    return torch.tensor(values, dtype=pixels.dtype, device=pixels.device).view(-1, 1, 1)


def _snapped(pixels: Tensor) -> Tensor:
    return (pixels * 255 + 0.5).floor().clamp(0, 255) / 255


@functools.lru_cache(maxsize=256)
def _level_table(epsilon: float) -> Tensor:
    """(3, 256) uint8: row ``s + 1``, column ``x`` holds clamp(floor(x + 255·ε·s + 0.5), 0, 255).
    In Python's float64, so that it is exact on devices that have none.
    """
    rows = [
        [min(max(math.floor(x + 255.0 * epsilon * s + 0.5), 0), 255) for x in range(256)]
        for s in (-1, 0, 1)
    ]
    return torch.tensor(rows, dtype=torch.uint8, device="cpu")
