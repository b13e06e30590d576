"""Random noise that belongs to a sample: the same at every call, in whichever batch and process the
sample comes. PyTorch's own random state is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int8
from torch import Tensor


def random_signs(pixels: Float[Tensor, "n c h w"]) -> Int8[Tensor, "n c h w"]:
    """Returns -1 or 1 for each element."""
    bits = torch.empty(pixels.shape, dtype=torch.int8, device="cpu")
    for sample, generator in zip(bits, _generators(pixels), strict=True):
        sample.random_(2, generator=generator)
    return (2 * bits - 1).to(pixels.device)


def random_shares(pixels: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
    """Returns a number uniform in [-1, 1) for each element, of the float type of ``pixels``."""
    shares = torch.empty(pixels.shape, dtype=torch.float32, device="cpu")
    for sample, generator in zip(shares, _generators(pixels), strict=True):
        sample.uniform_(-1, 1, generator=generator)
    return shares.to(pixels)


def orthogonal_signs(
    pixels: Float[Tensor, "n c h w"], direction: Int8[Tensor, "n c h w"]
) -> Int8[Tensor, "n c h w"]:
    """Returns -1 or 1 for each element, so that the sum of their products with a direction's is 0.

    They are those of ``random_signs``, of which as few are turned as that takes, in an order that
    belongs to the sample, too: to another direction they are nearly the same. Where an odd number
    of the direction's elements are not 0, one of these is 0 here.
    """
    found = random_signs(pixels)
    for signs, along, order in zip(found, direction, random_shares(pixels), strict=True):
        # 1 where they agree, -1 where they do not; in the order in which they are turned.
        places = order.flatten().argsort(stable=True)
        products = (signs * along).flatten()[places].long()
        excess = int(products.sum())
        agreeing = places[products == (1 if excess > 0 else -1)]
        turned = abs(excess) // 2
        flat = signs.view(-1)
        flat[agreeing[:turned]] *= -1
        if excess % 2:
            flat[agreeing[turned]] = 0
    return found


def _generators(pixels: Tensor) -> Iterator[torch.Generator]:
    """Yields one for each sample, whose seed is made of the sample's own levels."""
    levels = (pixels * 255 + 0.5).floor().flatten(1).long()
    generator = torch.Generator("cpu").manual_seed(0)
    weights = torch.randint(2**62, levels.shape[1:], generator=generator, device="cpu")
    seeds = (levels * weights.to(levels.device)).sum(1).tolist()  # modulo 2^64
    for seed in seeds:
        yield generator.manual_seed(seed)
