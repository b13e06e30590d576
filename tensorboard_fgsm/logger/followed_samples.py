"""Which samples of a data set have pictures: a few, as a rule the same at every step."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar, get_args

import torch
from torch import Tensor

from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.logger.arguments import whole
from tensorboard_fgsm.logger.batches import Batch
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.shard import Shard
from tensorboard_fgsm.model.described import described

FollowName = Literal["first", "flipped-first", "weakest", "per-class"]
"""The first samples; those that flip at the smallest epsilons, when they are chosen once and for
all or at this step; or those of each class that do."""
Follow = FollowName | tuple[int, ...]
"""The same, or those of these numbers."""

_Key = tuple[float, ...]
_Of = TypeVar("_Of")


class FollowedSamples(NamedTuple):
    """The chosen samples, on the CPU, in the order of the choice."""

    inputs: Tensor
    """(n, C, H, W)."""
    labels: Tensor | None
    """(n,) or None."""
    indices: tuple[int, ...]
    """Their numbers in the data set."""

    def parts(self, size: int, device: torch.device | None) -> Iterator[FollowedSamples]:
        """Yields so many of them at a time, on a device, or where they are."""
        for start in range(0, len(self.indices), size):
            part = slice(start, start + size)
            yield FollowedSamples(
                self.inputs[part] if device is None else self.inputs[part].to(device),
                None if self.labels is None else self.labels[part],
                self.indices[part],
            )


class _Offer(NamedTuple):
    """What a sample is chosen by."""

    key: _Key
    """Those with the smallest are chosen."""
    number: int
    """Of the sample in the data set."""
    group: int
    """Its class, where each class is to have as many samples as the others."""


@dataclass(frozen=True, eq=False)
class _Candidate:
    offer: _Offer
    input: Tensor
    label: Tensor | None


class Chooser:
    """Chooses while the data set passes by; holds no more samples than it may choose.

    Of each class the n-th weakest sample comes before every class's next one, and the last places
    go to those that flip first. More samples only move one back in this order, so that one which is
    not among the best of a part of the data set is not among the best of all.

    Args:
        follow: which samples.
        most: of how many at most, where they are not named.
    """

    def __init__(self, follow: Follow, most: int) -> None:
        self.follow: Follow = follow
        self.most = len(follow) if isinstance(follow, tuple) else most
        self._best: list[_Candidate] = []

    def offer(self, batch: Batch, sweep: Sweep) -> None:
        """Looks at a batch and what came out of it."""
        known: list[tuple[_Offer, int | _Candidate]] = [(each.offer, each) for each in self._best]
        best = _best([*known, *self._offers(batch, sweep)], self.most)
        self._best = [
            each if isinstance(each, _Candidate) else _candidate(offer, batch, each)
            for offer, each in best
        ]

    def _offers(self, batch: Batch, sweep: Sweep) -> list[tuple[_Offer, int]]:
        """Returns what the samples of a batch are chosen by, and their rows."""
        rows = range(batch.kept)
        if self.follow == "first":
            return [(_Offer((), batch.indices[row], 0), row) for row in rows]
        if isinstance(self.follow, tuple):
            places = {index: place for place, index in enumerate(self.follow)}
            named = [(row, batch.indices[row]) for row in rows if batch.indices[row] in places]
            return [(_Offer((places[index],), index, 0), row) for row, index in named]
        groups = sweep.labels.tolist() if self.follow == "per-class" else [0] * batch.kept
        correct, flips = sweep.correct.tolist(), sweep.flip_epsilon.tolist()
        # Those that are wrong already when clean have nothing left to flip.
        keys = [(0.0 if correct[row] else 1.0, flips[row]) for row in rows]
        return [(_Offer(keys[row], batch.indices[row], groups[row]), row) for row in rows]

    def made(self, processes: Processes) -> FollowedSamples | None:
        """Returns the best of what was offered to all processes; None if it is none.

        Raises:
            ValueError: a sample that was named did not pass by.
        """
        offers = processes.gather([(each.offer, tuple(each.input.shape)) for each in self._best])
        ranked = _best(
            [(offer, (rank, shape)) for rank, of in enumerate(offers) for offer, shape in of],
            self.most,
        )
        if isinstance(self.follow, tuple) and len(ranked) < len(self.follow):
            missing = sorted(set(self.follow) - {offer.number for offer, _ in ranked})
            raise ValueError(
                f"follow names sample {missing[0]}, which the loader did not yield: "
                "samples are numbered from 0 in the order of the data set"
            )
        # A record shows pictures of one size.
        owners = [
            (offer.number, rank) for offer, (rank, shape) in ranked if shape == ranked[0][1][1]
        ]
        mine = {candidate.offer.number: candidate for candidate in self._best}
        chosen: dict[int, _Candidate] = {}
        for owner in sorted({rank for _, rank in owners}):
            wanted = [index for index, rank in owners if rank == owner]
            own = [mine[index] for index in wanted] if owner == processes.rank else None
            chosen |= {each.offer.number: each for each in processes.from_(owner, own) or ()}
        return _few([chosen[index] for index, _ in owners])


def _best(offers: list[tuple[_Offer, _Of]], most: int) -> list[tuple[_Offer, _Of]]:
    """Returns the best offers in the order of the choice, with what belongs to each."""
    before: Counter[int] = Counter()
    ranked: list[tuple[int, _Offer, _Of]] = []
    for offer, of in sorted(offers, key=operator.itemgetter(0)):
        ranked.append((before[offer.group], offer, of))
        before[offer.group] += 1
    if len(before) > 1:
        ranked.sort(key=operator.itemgetter(0, 1))
    return [(offer, of) for _, offer, of in ranked[:most]]


def _candidate(offer: _Offer, batch: Batch, row: int) -> _Candidate:
    label = None if batch.labels is None else batch.labels[row].to("cpu", copy=True)
    return _Candidate(offer, batch.inputs[row].detach().to("cpu", copy=True), label)


def _few(chosen: list[_Candidate]) -> FollowedSamples | None:
    if not chosen:
        return None
    labels = [each.label for each in chosen if each.label is not None]
    return FollowedSamples(
        inputs=torch.stack([each.input for each in chosen]),
        labels=torch.stack(labels) if labels else None,
        indices=tuple(each.offer.number for each in chosen),
    )


def checked_follow(follow: Any) -> Follow:
    """Reads a name, or distinct numbers from 0 on.

    Raises:
        ValueError, TypeError: it is something else.
    """
    names = get_args(FollowName)
    expected = f"follow is {', '.join(map(repr, names))} or a list of numbers of samples"
    if isinstance(follow, str):
        if follow in names:
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


def checked_settle(settle: Any, follow: Follow) -> int | None:
    """Reads after how many calls samples are chosen for good, None for once the model has learned.

    Raises:
        ValueError, TypeError: it is no such number, or the samples are not those of each class.
    """
    if settle is None:
        return None
    if follow != "per-class":
        raise ValueError(
            f"settle={settle!r} says when the samples of follow='per-class' are chosen for good, "
            f"but follow is {follow!r}: leave it out"
        )
    return whole("settle", settle)


def is_for_good(follow: Follow, calls: int, settle: int | None, *, learned: bool) -> bool:
    """Whether samples that are chosen now are kept.

    Args:
        follow: which ones.
        calls: how many there were before this one.
        settle: after how many; None for once the model has learned.
        learned: whether it has.
    """
    if follow == "per-class":
        return learned if settle is None else calls >= settle
    return follow != "weakest"
