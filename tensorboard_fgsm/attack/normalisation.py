"""The way between pixel units, in which epsilons are, and the units that the model eats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Normalisation:
    """A model's mean and std for each channel of [0, 1] images; None where it eats pixels."""

    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None

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

    def gradient_to_pixels(self, gradient: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """A gradient towards the model's inputs to the one towards pixels, in float32 at least."""
        gradient = gradient.to(torch.promote_types(gradient.dtype, torch.float32))
        return gradient if self.std is None else gradient / _per_channel(self.std, gradient)

    def check(self, pixels: Tensor, dtype: torch.dtype) -> None:
        """Refuses what is no picture once the normalisation is undone.

        Args:
            pixels: what ``to_pixels`` returned.
            dtype: the float type of the inputs.

        Raises:
            ValueError: pixels are not in [0, 1], or not finite.
        """
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


def _per_channel(values: tuple[float, ...], pixels: Tensor) -> Tensor:
    if len(values) != pixels.shape[1]:
        raise ValueError(
            f"mean and std have {len(values)} channels, inputs have {pixels.shape[1]}: "
            "give one number a channel"
        )
    numbers = torch.tensor(values, dtype=pixels.dtype, device="cpu").view(-1, 1, 1)
    # To send them so does not wait for what a GPU is computing.
    return numbers.to(pixels.device, non_blocking=pixels.is_cuda)


def checked_normalisation(mean: Any, std: Any) -> Normalisation:
    """Reads a mean and std, each a list with a number a channel; or, for either of them, a
    transform that has both: ``torchvision.transforms.Normalize``, weights' own ``transforms()``,
    or a ``Compose`` with one of these in it.

    Raises:
        ValueError: they do not go together, are not finite, or a std is not positive; or a
            transform normalises not at all, or more than once.
        TypeError: they are something else.
    """
    transforms = [value for value in (mean, std) if _is_transform(value)]
    if transforms:
        if any(value is not None and value is not transforms[0] for value in (mean, std)):
            raise ValueError("a transform has both mean and std: give it alone")
        mean, std = _statistics(transforms[0])
    if mean is None and std is None:
        return Normalisation()
    if mean is None or std is None:
        raise ValueError("mean and std go together: give both, or neither")
    try:
        means, stds = tuple(map(float, mean)), tuple(map(float, std))
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"mean and std are lists with a number a channel, got mean={mean!r} and std={std!r}"
        ) from None
    if len(means) != len(stds) or not means:
        raise ValueError(f"mean has {len(means)} channels, std has {len(stds)}: they must agree")
    if not all(map(math.isfinite, means + stds)) or min(stds) <= 0:
        raise ValueError(f"mean is finite and std positive, got mean={means} and std={stds}")
    return Normalisation(means, stds)


def _is_transform(value: Any) -> bool:
    # Of a tensor or an array, mean and std are methods.
    return _has_statistics(value) or isinstance(getattr(value, "transforms", None), Iterable)


def _has_statistics(value: Any) -> bool:
    both = (getattr(value, name, None) for name in ("mean", "std"))
    return all(statistic is not None and not callable(statistic) for statistic in both)


def _statistics(transform: Any) -> tuple[Any, Any]:
    """Returns the mean and std of the one transform among these that normalises."""
    found, waiting = [], [transform]
    while waiting:
        part = waiting.pop()
        if _has_statistics(part):
            found.append((part.mean, part.std))
        else:
            waiting += list(getattr(part, "transforms", ()))
    if len(found) != 1:
        raise ValueError(
            f"a transform to read mean and std from normalises once, but this one does so "
            f"{len(found)} times: give mean and std as lists. Got {transform!r}"
        )
    return found[0]
