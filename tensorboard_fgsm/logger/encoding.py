"""Pictures encoded by several threads, for which the training waits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import torch

from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.pixels import Picture

MOST_THREADS = 8
"""How many threads encode pictures at most."""

TOGETHER = 2**15
"""How many bytes of small pictures a thread is given at a time: to tell it takes longer than to
encode one.
"""


def encoded_by_threads(pictures: Sequence[Picture]) -> list[bytes]:
    """Encodes pictures of one size by as many threads as PyTorch may use."""
    if not pictures:
        return []
    some = max(1, TOGETHER // pictures[0].nbytes)
    some = math.ceil(len(pictures) / math.ceil(len(pictures) / some))  # as many to each
    parts = [pictures[start : start + some] for start in range(0, len(pictures), some)]
    threads = min(torch.get_num_threads(), MOST_THREADS, len(parts))
    if threads < 2:
        return _encoded(pictures)
    with ThreadPoolExecutor(threads, thread_name_prefix="fgsm") as pool:
        return list(chain.from_iterable(pool.map(_encoded, parts)))


def _encoded(pictures: Sequence[Picture]) -> list[bytes]:
    return [pixels.encode(picture) for picture in pictures]
