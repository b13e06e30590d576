"""A whole data set attacked at every epsilon, batch after batch, in one process or many."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.epsilons import checked_epsilons
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.logger.batches import Batch
from tensorboard_fgsm.logger.embedded_samples import EmbeddedSamples
from tensorboard_fgsm.logger.failures import OnError
from tensorboard_fgsm.logger.followed_samples import Chooser
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What was counted of a data set. N samples, K classes, E epsilons."""

    attack: FGSM | PerEpsilon
    tally: Tally
    check: Check | None = None
    """What a stronger attack left of a few samples, if that was asked for."""

    @property
    def epsilons(self) -> Float[Tensor, " e"]:
        """(E,) float64, increasing, in pixel units."""
        return torch.tensor(self.tally.epsilons, dtype=torch.float64, device="cpu")

    @property
    def count(self) -> int:
        """N, in all processes together."""
        return self.tally.count

    @property
    def clean_accuracy(self) -> float:
        """The share of all samples that the model is right on, in [0, 1]."""
        return self.tally.clean_accuracy

    @property
    def robust_accuracy(self) -> Float[Tensor, " e"]:
        """(E,) float64 on the CPU: the share that it is right on at each epsilon. FGSM is a weak
        attack, so this is an upper bound of the robustness.
        """
        return torch.tensor(self.tally.robust_accuracy, dtype=torch.float64, device="cpu")

    @property
    def control_accuracy(self) -> Float[Tensor, " e"] | None:
        """(E,) the same along a random sign; None where no control was asked for."""
        control = self.tally.control_accuracy
        return None if control is None else torch.tensor(control, dtype=torch.float64, device="cpu")

    @property
    def success_rate(self) -> Float[Tensor, " e"]:
        """(E,) float64 on the CPU: of the samples that are right when clean, the share that is
        flipped at each epsilon.
        """
        return torch.tensor(self.tally.success_rate, dtype=torch.float64, device="cpu")

    @property
    def predictions_changed(self) -> int | None:
        """How many clean predictions a coarser precision changes, if one was asked for
        (``FGSM(…, precision="bfloat16")``); at an epsilon it may change more.
        """
        return self.tally.changed

    def confusion(self, epsilon: float = 0) -> Int64[Tensor, "k k"]:
        """Returns how often each class was said of each other one.

        Args:
            epsilon: one of ``epsilons``; 0 for the clean samples.

        Returns:
            (K, K) int64 on the CPU, the true class by rows.

        Raises:
            ValueError: epsilon is none of those.
        """
        (epsilon,) = checked_epsilons([epsilon])
        places = {0.0: 0} | {each: 1 + i for i, each in enumerate(self.tally.epsilons)}
        if epsilon not in places:
            known = [f"{each:g}" for each in self.tally.epsilons]
            raise ValueError(f"epsilon is 0 or one of {', '.join(known)}, got {epsilon:g}")
        table = self.tally.table()
        at = table.place == places[epsilon]
        counts = np.zeros((self.tally.class_count, self.tally.class_count), np.int64)
        counts[table.label[at], table.predicted[at]] = table.count[at]
        return torch.from_numpy(counts)

    def scalars(self, tag: str = "fgsm") -> dict[str, float]:
        """Returns the accuracies by the tags of the scalars that are logged of them, for
        ``add_hparams`` and the like.
        """
        return self.tally.scalars(tag) | ({} if self.check is None else self.check.scalars(tag))


class Counted(NamedTuple):
    """What came out of a data set, the same in every process."""

    tally: Tally
    random_outputs: tuple[Caveat, ...]
    same_samples: tuple[Caveat, ...]
    largest: int
    """How many samples the largest batch had."""


class _Part(NamedTuple):
    """What one process found out."""

    tally: Tally | None
    random_outputs: tuple[Caveat, ...]
    checksum: int | None
    """Of the first batch."""
    largest: int


def guarded(
    model: Model, processes: Processes, on_error: OnError
) -> contextlib.AbstractContextManager[None]:
    """A part of the work that forwards a model, and fails for all if it fails for one.

    A process that fails within a sharded model's forward leaves the others waiting in theirs: it
    must not wait for them in turn, but end, and its launcher ends them. Not so where the training
    is to go on: then all fail alike, as they do when it diverges, or the one that fails alone waits
    in vain.
    """
    ends = on_error == "raise" and is_sharded(model)
    return contextlib.nullcontext() if ends else processes.together()


def evaluate(
    attack: FGSM | PerEpsilon,
    model: Model,
    stream: Iterator[Batch],
    processes: Processes,
    choosers: Sequence[Chooser],
    *,
    check: Callable[[int], None],
    seen: Callable[[Sweep], None],
    twice: bool,
    on_error: OnError,
    embedded: EmbeddedSamples | None = None,
) -> Counted:
    """Attacks a stream of batches and adds up what comes out, in all processes.

    Args:
        attack: how.
        model: the classifier. Of a sharded one every process makes the same forwards, so that one
            whose shard is shorter goes on with its last batch, which is not counted again.
        stream: this process's batches.
        processes: the processes.
        choosers: are offered every batch.
        check: refuses the model's number of classes by an error.
        seen: is told what came out of every batch.
        twice: whether to look for random outputs, by one more forward of the first batch.
        on_error: whether the training is to go on.
        embedded: takes the features of some samples meanwhile.

    Raises:
        ValueError: there are no samples; or what ``attack.sweep`` raises, and then a RuntimeError
            in the other processes.
    """
    if is_sharded(model):
        stream = _in_step(stream, processes)
    with guarded(model, processes, on_error):
        part = _part(
            functools.partial(_sweep, attack, model, embedded),
            model,
            stream,
            choosers,
            check,
            seen,
            twice=twice,
            alone=processes.count == 1,
        )
    return _counted(part, processes)


def _sweep(
    attack: FGSM | PerEpsilon, model: Model, embedded: EmbeddedSamples | None, batch: Batch
) -> Sweep:
    if embedded is None:
        return attack.sweep_quietly(model, batch.inputs, batch.labels)
    return embedded.sweep(batch.inputs, batch.labels, batch.indices)


def _part(
    swept: Callable[[Batch], Sweep],
    model: Model,
    stream: Iterator[Batch],
    choosers: Sequence[Chooser],
    check: Callable[[int], None],
    seen: Callable[[Sweep], None],
    *,
    twice: bool,
    alone: bool,
) -> _Part:
    tally, checksum, largest = None, None, 0
    found: tuple[Caveat, ...] = ()
    for batch in stream:
        if not (batch.kept or is_sharded(model)):
            continue
        batch = batch.genuine()
        if checksum is None and not alone:
            checksum = _checksum(batch.inputs)
        sweep = swept(batch)
        if not largest:
            check(sweep.clean_logits.shape[1])
        largest = max(largest, len(sweep.labels))
        if twice:
            again = classify(model, sweep.inputs, classes=sweep.clean_logits.shape[1], redrawn=True)
            found, twice = tuple(caveats.random_outputs(sweep.clean_logits, again)), False
        if batch.kept:
            for chooser in choosers:
                chooser.offer(batch, sweep)
            seen(sweep)
            counts = Tally.of(sweep)
            if tally is None:
                tally = counts
            else:
                tally.add(counts)
        del batch, sweep  # or they would be there while the next batch is attacked
    return _Part(tally, found, checksum, largest)


def _in_step(stream: Iterator[Batch], processes: Processes) -> Iterator[Batch]:
    """Yields as many batches as the process with the most of them has."""
    last = None
    while True:
        with processes.together():
            batch = next(stream, None)
        if not any(processes.gather(batch is not None)):
            return
        with processes.together():
            last = last._replace(kept=0, indices=[]) if batch is None and last else batch
            if last is None:
                raise ValueError("the model is sharded, but the loader yields nothing here")
        yield last


def _counted(part: _Part, processes: Processes) -> Counted:
    own = part.tally
    numbers = None if own is None else dataclasses.replace(own, said=Counter())
    parts = processes.gather(part._replace(tally=numbers))
    tallies = [each.tally for each in parts if each.tally is not None]
    if not tallies:
        raise ValueError("the loader yields no samples: is its data set empty, or used up?")
    total, *others = tallies
    for each in others:
        total.add(each)
    length = (1 + len(total.epsilons)) * total.class_count**2
    total.said = processes.sum(Counter() if own is None else own.said, length)
    return Counted(
        total,
        random_outputs=next((each.random_outputs for each in parts if each.random_outputs), ()),
        same_samples=tuple(caveats.same_samples([each.checksum for each in parts])),
        largest=max(each.largest for each in parts),
    )


def _checksum(inputs: Tensor) -> int:
    data = inputs.detach().cpu().contiguous().view(torch.uint8).numpy()
    return pixels.checksum(data.tobytes())
