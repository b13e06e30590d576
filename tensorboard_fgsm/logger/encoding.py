"""Pictures encoded by several threads, for which the training waits."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import torch

from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.pixels import Picture

MOST_THREADS = 8
"""How many threads encode pictures at most."""

SMALL = 2**15
"""Pictures of fewer bytes take one thread no longer: several wait for one another between them."""


def encoded_by_threads(pictures: Sequence[Picture]) -> list[bytes]:
    """Encodes pictures of one size by as many threads as PyTorch may use."""
    threads = min(torch.get_num_threads(), MOST_THREADS, len(pictures))
    if threads < 2 or pictures[0].nbytes < SMALL:
        return [pixels.encode(picture) for picture in pictures]
    with ThreadPoolExecutor(threads, thread_name_prefix="fgsm") as pool:
        return list(pool.map(pixels.encode, pictures))
