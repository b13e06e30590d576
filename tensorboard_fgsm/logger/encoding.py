"""A step's pictures, encoded while the training waits: by several threads, and those originals not
that a step before had.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import torch

from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.pixels import Picture

MOST_THREADS = 8
"""How many threads encode pictures at most."""

SMALL = 2**15
"""Pictures of fewer bytes take one thread no longer: several wait for one another between them."""

MOST_KEPT = 2**24
"""How many bytes of encoded originals are kept: some 200 photographs of 224×224. Of more samples,
the last ones."""

_Key = tuple[tuple[int, ...], bytes]


class Encoder:
    """Encodes pictures, and keeps the last originals: at each step the same samples are logged. A
    pickled copy, for a process that is spawned, has none.
    """

    def __init__(self) -> None:
        self._kept: dict[_Key, bytes] = {}
        """The encoded originals, those first that were not asked for the longest time."""
        self._size = 0

    def __reduce__(self) -> tuple[type[Encoder], tuple[()]]:
        return Encoder, ()

    def encoded(
        self, originals: Sequence[Picture], others: Sequence[Sequence[Picture]]
    ) -> list[list[bytes]]:
        """Encodes the pictures of some samples, all of one size.

        Args:
            originals: one a sample.
            others: the other pictures of each sample.

        Returns:
            Each sample's original and other pictures, without loss.
        """
        keys = [(each.shape, hashlib.sha256(each.tobytes()).digest()) for each in originals]
        kept = {key: self._kept.get(key) for key in keys}
        new = {key: each for key, each in zip(keys, originals, strict=True) if kept[key] is None}
        made = iter(_by_threads([*new.values(), *(each for of in others for each in of)]))
        known = {key: data or next(made) for key, data in kept.items()}
        self._keep(known)
        return [
            [known[key], *(next(made) for _ in of)] for key, of in zip(keys, others, strict=True)
        ]

    def _keep(self, encoded: dict[_Key, bytes]) -> None:
        for key, data in encoded.items():
            self._size += len(data) - len(self._kept.pop(key, b""))
            self._kept[key] = data
        while self._size > MOST_KEPT:
            self._size -= len(self._kept.pop(next(iter(self._kept))))


def _by_threads(pictures: Sequence[Picture]) -> list[bytes]:
    """Encodes pictures of one size by as many threads as PyTorch may use."""
    threads = min(torch.get_num_threads(), MOST_THREADS, len(pictures))
    if threads < 2 or pictures[0].nbytes < SMALL:
        return [pixels.encode(picture) for picture in pictures]
    with ThreadPoolExecutor(threads, thread_name_prefix="fgsm") as pool:
        return list(pool.map(pixels.encode, pictures))
