"""Which samples of a data set have pictures: a few, the same at every step, to be followed."""

from __future__ import annotations

import heapq
import operator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.logger.batches import Batch
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.shard import Shard
from tensorboard_fgsm.model.described import described

Follow = Literal["first", "flipped-first"] | tuple[int, ...]
"""The first samples, those that flip at the smallest epsilons, or those of these numbers."""

_Key = tuple[float, ...]


class FollowedSamples(NamedTuple):
    """The chosen samples, on the CPU, in the order of the choice."""

    inputs: Tensor
    """(n, C, H, W)."""
    labels: Tensor | None
    """(n,) or None."""
    indices: tuple[int, ...]
    """Their numbers in the data set."""


@dataclass(frozen=True, eq=False)
class _Candidate:
    key: _Key
    """Those with the smallest are chosen."""
    index: int
    input: Tensor
    label: Tensor | None


class Chooser:
    """Chooses while the data set passes by; holds no more samples than it may choose.

    Args:
        follow: which samples.
        most: of how many at most, where they are not named.
    """

    def __init__(self, follow: Follow, most: int) -> None:
        self.follow = follow
        self.most = len(follow) if isinstance(follow, tuple) else most
        self._best: list[_Candidate] = []

    def offer(self, batch: Batch, sweep: Sweep) -> None:
        """Looks at a batch and what came out of it."""
        keys = self._keys(batch, sweep)
        rows = [(key, batch.indices[row], row) for row, key in enumerate(keys) if key is not None]
        known: list[tuple[_Key, int, int | _Candidate]] = [
            (candidate.key, candidate.index, candidate) for candidate in self._best
        ]
        best = heapq.nsmallest(self.most, [*known, *rows], key=lambda each: each[:2])
        self._best = [
            each if isinstance(each, _Candidate) else _candidate(key, index, batch, each)
            for key, index, each in best
        ]

    def _keys(self, batch: Batch, sweep: Sweep) -> list[_Key | None]:
        if self.follow == "first":
            return [()] * batch.kept
        if self.follow == "flipped-first":
            # Those that are wrong already when clean have nothing left to flip.
            pairs = zip(sweep.correct.tolist(), sweep.flip_epsilon.tolist(), strict=True)
            return [(0 if correct else 1, epsilon) for correct, epsilon in pairs]
        places = {index: place for place, index in enumerate(self.follow)}
        return [(places[index],) if index in places else None for index in batch.indices]

    def made(self, processes: Processes) -> FollowedSamples | None:
        """Returns the best of what was offered to all processes; None if it is none.

        Raises:
            ValueError: a sample that was named did not pass by.
        """
        offers = processes.gather([(c.key, c.index, tuple(c.input.shape)) for c in self._best])
        ranked = heapq.nsmallest(
            self.most,
            ((*offer, rank) for rank, of_rank in enumerate(offers) for offer in of_rank),
        )
        if isinstance(self.follow, tuple) and len(ranked) < len(self.follow):
            missing = sorted(set(self.follow) - {index for _, index, _, _ in ranked})
            raise ValueError(
                f"follow names sample {missing[0]}, which the loader did not yield: "
                "samples are numbered from 0 in the order of the data set"
            )
        # A record shows pictures of one size.
        ranked = [each for each in ranked if each[2] == ranked[0][2]]
        mine = {candidate.index: candidate for candidate in self._best}
        chosen: dict[int, _Candidate] = {}
        for owner in sorted({rank for *_, rank in ranked}):
            wanted = [index for _, index, _, rank in ranked if rank == owner]
            own = [mine[index] for index in wanted] if owner == processes.rank else None
            chosen |= {each.index: each for each in processes.from_(owner, own) or ()}
        return _few([chosen[index] for _, index, *_ in ranked])


def _candidate(key: _Key, index: int, batch: Batch, row: int) -> _Candidate:
    label = None if batch.labels is None else batch.labels[row].to("cpu", copy=True)
    return _Candidate(key, index, batch.inputs[row].detach().to("cpu", copy=True), label)


def _few(chosen: list[_Candidate]) -> FollowedSamples | None:
    if not chosen:
        return None
    labels = [each.label for each in chosen if each.label is not None]
    return FollowedSamples(
        inputs=torch.stack([each.input for each in chosen]),
        labels=torch.stack(labels) if labels else None,
        indices=tuple(each.index for each in chosen),
    )


def checked_follow(follow: Any) -> Follow:
    """Reads ``first``, ``flipped-first`` or distinct numbers from 0 on.

    Raises:
        ValueError, TypeError: it is something else.
    """
    expected = "follow is 'first', 'flipped-first' or a list of numbers of samples"
    if isinstance(follow, str):
        if follow in ("first", "flipped-first"):
            return follow  # pyright: ignore[reportReturnType]
        raise ValueError(f"{expected}; got {follow!r}")
    try:
        numbers = tuple(map(operator.index, follow))
    except TypeError:
        raise TypeError(f"{expected}; got {described(follow)}") from None
    if any(number < 0 for number in numbers) or len(set(numbers)) < len(numbers):
        raise ValueError(f"{expected}, each from 0 on and named once; got {list(numbers)}")
    return numbers


def check_numbered(follow: Follow, shard: Shard) -> None:
    """Refuses numbers of samples where the loader shuffles.

    Raises:
        ValueError: says what to do.
    """
    if isinstance(follow, tuple) and not shard.numbered:
        raise ValueError(
            "follow names samples by their numbers in the data set, but the loader shuffles: "
            "give one with shuffle=False"
        )
