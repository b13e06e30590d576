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


def perturbed_in_plane(
    pixels: Float[Tensor, "n c h w"],
    along: tuple[Int8[Tensor, "n c h w"], Float[Tensor, " n"]],
    across: tuple[Int8[Tensor, "n c h w"], Float[Tensor, " n"]],
    *,
    quantize: bool,
) -> Float[Tensor, "n c h w"]:
    """Returns ``clip(x + a·d + b·r)``: as ``perturbed`` where b is 0.

    Args:
        pixels: as of ``perturbed``.
        along: the signs d, and how far to go along them, negative for backwards: (N,) float64 on
            the CPU, in pixel units.
        across: the signs r, likewise.
        quantize: stay on the 8-bit grid, as ``perturbed`` does.
    """
    (first, a), (second, b) = along, across
    if quantize:
        signs = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, device="cpu")
        a, b = (255.0 * each.view(-1, 1, 1) for each in (a, b))
        shifts = (a * signs.view(1, 3, 1) + b * signs.view(1, 1, 3)).flatten(1)
        return _by_table(pixels, shifts, 3 * (first.long() + 1) + second.long() + 1)
    return _moved(_shifted(pixels, first, a), second, b, pixels)


def _moved(
    pixels: Tensor, direction: Tensor, epsilons: Tensor, original: Tensor | None = None
) -> Tensor:
    # The bounds are [0, 1], and a pixel that rounding put beyond one may stay there.
    origin = pixels if original is None else original
    shifted = _shifted(pixels, direction, epsilons)
    return torch.minimum(torch.maximum(shifted, origin.clamp(max=0)), origin.clamp(min=1))


def _shifted(pixels: Tensor, direction: Tensor, epsilons: Tensor) -> Tensor:
    sizes = _sent(epsilons.to(pixels.dtype), pixels.device).view(-1, 1, 1, 1)
    return torch.addcmul(pixels, direction.to(pixels.dtype), sizes)


def _moved_levels(pixels: Tensor, direction: Tensor, epsilons: Tensor) -> Tensor:
    signs = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64, device="cpu")
    return _by_table(pixels, 255.0 * epsilons.view(-1, 1) * signs, direction.long() + 1)


def _by_table(pixels: Tensor, shifts: Float[Tensor, "n k"], chosen: Tensor) -> Tensor:
    """Returns pixels each shifted by the one of k numbers of levels that is chosen for it."""
    # A table for each sample, made in the CPU's float64: exact on devices that have none.
    levels = torch.arange(256, dtype=torch.float64, device="cpu")
    table = (levels + shifts.unsqueeze(2) + 0.5).floor().clamp(0, 255)
    places = (pixels * 255).round().long() + 256 * chosen
    flat = _sent(table.to(torch.uint8), pixels.device).flatten(1)
    found = flat.gather(1, places.flatten(1)).view_as(pixels)
    return torch.empty_like(pixels).copy_(found).div_(255)  # the layout, too, is that of pixels


def _sent(numbers: Tensor, device: torch.device) -> Tensor:
    """Sends a few numbers from the CPU to a device, without waiting for what that is computing."""
    return numbers.to(device, non_blocking=device.type == "cuda")
