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


def _generators(pixels: Tensor) -> Iterator[torch.Generator]:
    """Yields one for each sample, whose seed is made of the sample's own levels."""
    levels = (pixels * 255 + 0.5).floor().flatten(1).long()
    generator = torch.Generator("cpu").manual_seed(0)
    weights = torch.randint(2**62, levels.shape[1:], generator=generator, device="cpu")
    seeds = (levels * weights.to(levels.device)).sum(1).tolist()  # modulo 2^64
    for seed in seeds:
        yield generator.manual_seed(seed)
