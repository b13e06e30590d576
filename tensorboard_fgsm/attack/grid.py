"""``clip(x + ε·sign)`` on tensors: the paper's formula, and the same on the 8-bit grid."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int8
from torch import Tensor


def snapped(pixels: Tensor) -> Tensor:
    """Rounds pixel values to the 8-bit grid, in their own units: k/255."""
    return (pixels * 255 + 0.5).floor().clamp(0, 255) / 255


def bounds(
    pixels: Float[Tensor, "n c h w"], epsilon: float
) -> tuple[Float[Tensor, "n c h w"], Float[Tensor, "n c h w"]]:
    """Returns the least and the greatest picture at most ε from another: both in [0, 1], but that a
    pixel that rounding put beyond may stay there.
    """
    low = torch.maximum(pixels - epsilon, pixels.clamp(max=0))
    return low, torch.minimum(pixels + epsilon, pixels.clamp(min=1))


def perturbed(
    pixels: Float[Tensor, "n c h w"],
    direction: Int8[Tensor, "n c h w"],
    epsilon: float | Float[Tensor, " n"],
    *,
    quantize: bool,
) -> Float[Tensor, "n c h w"]:
    """Returns ``clip(x + ε·sign)``.

    Args:
        pixels: pixel values in [0, 1]; with ``quantize``, on the 8-bit grid.
        direction: the signs.
        epsilon: in pixel units; or one a sample, (N,) float64 on the CPU.
        quantize: stay on the 8-bit grid: ``clamp(floor(x + 255·ε·s + 0.5), 0, 255) / 255``, with x
            the pixel's level.
    """
    if not isinstance(epsilon, Tensor):
        epsilon = torch.full((len(pixels),), epsilon, dtype=torch.float64, device="cpu")
    return (_moved_levels if quantize else _moved)(pixels, direction, epsilon)


def _moved(pixels: Tensor, direction: Tensor, epsilons: Tensor) -> Tensor:
    sizes = _sent(epsilons.to(pixels.dtype), pixels.device).view(-1, 1, 1, 1)
    shifted = torch.addcmul(pixels, direction.to(pixels.dtype), sizes)
    # The bounds are [0, 1], and a pixel that rounding put beyond one may stay there.
    return torch.minimum(torch.maximum(shifted, pixels.clamp(max=0)), pixels.clamp(min=1))


def _moved_levels(pixels: Tensor, direction: Tensor, epsilons: Tensor) -> Tensor:
    # A table for each sample, made in the CPU's float64: exact on devices that have none.
    signs = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, device="cpu").view(1, 3, 1)
    levels = torch.arange(256, dtype=torch.float64, device="cpu")
    table = (levels + 255.0 * epsilons.view(-1, 1, 1) * signs + 0.5).floor().clamp(0, 255)
    places = (pixels * 255).round().long() + 256 * (direction.long() + 1)
    flat = _sent(table.to(torch.uint8), pixels.device).view(len(epsilons), 3 * 256)
    found = flat.gather(1, places.flatten(1)).view_as(pixels)
    return torch.empty_like(pixels).copy_(found).div_(255)  # the layout, too, is that of pixels


def _sent(numbers: Tensor, device: torch.device) -> Tensor:
    """Sends a few numbers from the CPU to a device, without waiting for what that is computing."""
    return numbers.to(device, non_blocking=device.type == "cuda")
