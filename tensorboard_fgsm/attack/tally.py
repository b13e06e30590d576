"""The counts behind the accuracies: of one batch, or of any number of batches added up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from tensorboard_fgsm.attack.alignment import CosineSum
from tensorboard_fgsm.attack.scalars import scalars_of
from tensorboard_fgsm.attack.step_counts import StepCounts
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.format.class_counts import MOST_BECAME, Became, ClassCounts, Outcome
from tensorboard_fgsm.format.interval import wilson


@dataclass
class Tally:
    """Counts of samples. E epsilons, K classes; a place is 0 when clean and i + 1 at epsilon i.

    The same samples give the same tally, however they are spread over batches and processes: its
    size depends on E and K alone.
    """

    epsilons: tuple[float, ...]
    class_count: int
    shape: tuple[int, int, int]
    """(C, H, W) of a sample, the first one."""
    said: Counter[int]
    """How often a class was said of another: by (place · K + true class) · K + said class."""
    flipped: list[int]
    """At each epsilon, as ``Sweep.flipped``."""
    control: list[int] | None
    """How many are right along a random sign at each epsilon."""
    reference: list[int] | None
    """How many are right under FGSM at each epsilon, where the attack is another."""
    elements: int
    zero: int
    nonfinite: int
    still: int
    """How many samples have a gradient of 0 everywhere."""
    outputs: dict[str, Outputs]
    """What the logits were like, of the ``model`` and, if there is one, the ``surrogate``."""
    farthest: list[float] | None
    """How far pixels were moved at each epsilon, where the attack makes its own examples."""
    alignment: list[CosineSum] | None
    """The cosines of ``Sweep.alignment`` at each epsilon, if asked for."""
    transferred: Transferred | None
    """Whom the examples of the largest epsilon fool, where another model's gradient made them."""
    changed: int | None
    """How many clean predictions a coarser precision changes, if one was asked for."""
    steps: StepCounts | None
    """How the loss went along the attack's steps, where it takes several."""
    targeted: bool
    own_labels: bool
    one_logit: bool

    @staticmethod
    def of(sweep: Sweep) -> Tally:
        """Counts one batch."""
        classes = sweep.clean_logits.shape[1]
        outputs = {"model": _outputs(sweep.clean_logits, sweep.one_logit)}
        if sweep.surrogate_logits is not None:
            one_logit = bool((sweep.surrogate_logits[:, 0] == 0).all())
            outputs["surrogate"] = _outputs(sweep.surrogate_logits, one_logit)
        said = torch.cat([sweep.clean_logits.argmax(1).unsqueeze(0), sweep.logits.argmax(2)])
        places = torch.arange(len(said), device=said.device).unsqueeze(1)
        codes = (places * classes + sweep.labels) * classes + said
        control, reference = sweep.control_logits, sweep.reference
        return Tally(
            epsilons=sweep.attack.epsilons,
            class_count=classes,
            shape=_shape(sweep.inputs),
            said=Counter(codes.flatten().tolist()),
            flipped=sweep.flipped.sum(1).tolist(),
            control=None if control is None else _right(control, sweep.labels),
            reference=None if reference is None else _right(reference.logits, sweep.labels),
            elements=sweep.inputs.numel(),
            zero=int(sweep.zero_gradients.sum()),
            nonfinite=int(sweep.nonfinite_gradients.sum()),
            still=int((sweep.zero_gradients == sweep.inputs[0].numel()).sum()),
            outputs=outputs,
            farthest=_farthest(sweep),
            alignment=_alignment(sweep),
            transferred=_transferred(sweep),
            changed=sweep.predictions_changed,
            steps=_steps(sweep),
            targeted=sweep.targets is not None,
            own_labels=sweep.own_labels,
            one_logit=sweep.one_logit,
        )

    def add(self, other: Tally) -> None:
        """Adds the counts of other samples, attacked in the same way.

        Raises:
            ValueError: the model answered with another number of classes; or some samples had
                labels and others none.
        """
        if other.class_count != self.class_count:
            raise ValueError(
                f"the model answers with {other.class_count} classes, and before with "
                f"{self.class_count}: one evaluation is of one set of classes"
            )
        if other.own_labels != self.own_labels:
            raise ValueError(
                "some batches have labels and others none: give all of them labels, or none"
            )
        self.said.update(other.said)
        self.flipped = _sums(self.flipped, other.flipped)
        if self.control is not None and other.control is not None:
            self.control = _sums(self.control, other.control)
        if self.reference is not None and other.reference is not None:
            self.reference = _sums(self.reference, other.reference)
        self.elements += other.elements
        self.zero += other.zero
        self.nonfinite += other.nonfinite
        self.still += other.still
        for whose, outputs in other.outputs.items():
            self.outputs[whose] = self.outputs[whose].with_(outputs)
        if self.farthest is not None and other.farthest is not None:
            pairs = zip(self.farthest, other.farthest, strict=True)
            self.farthest = [max(pair) for pair in pairs]
        if self.alignment is not None and other.alignment is not None:
            aligned = zip(self.alignment, other.alignment, strict=True)
            self.alignment = [ours.plus(others) for ours, others in aligned]
        if self.transferred is not None and other.transferred is not None:
            pairs = zip(self.transferred, other.transferred, strict=True)
            self.transferred = Transferred(*map(sum, pairs))
        if self.changed is not None and other.changed is not None:
            self.changed += other.changed
        if self.steps is not None and other.steps is not None:
            self.steps = self.steps.plus(other.steps)

    @property
    def count(self) -> int:
        """How many samples there are."""
        return self.said.total() // (1 + len(self.epsilons))

    @property
    def correct(self) -> list[int]:
        """Of how many samples the true class was said at each place."""
        classes, right = self.class_count, [0] * (1 + len(self.epsilons))
        pairs = range(len(right) * classes)
        # Whichever is less: all that was said, or each class said of itself.
        few = len(self.said) < len(pairs)
        for code in self.said if few else (pair * classes + pair % classes for pair in pairs):
            pair, said = divmod(code, classes)
            if said == pair % classes:
                right[pair // classes] += self.said.get(code, 0)
        return right

    @property
    def clean_accuracy(self) -> float:
        """The share of all samples that the model is right on, in [0, 1]."""
        return self.correct[0] / self.count

    @property
    def most_frequent(self) -> float:
        """The share of the most frequent true class, in (0, 1]: the accuracy of a model that always
        says it.
        """
        counts: Counter[int] = Counter()
        for pair, count in self.said.items():
            if pair < self.class_count**2:  # the place of what was said when clean
                counts[pair // self.class_count] += count
        return max(counts.values()) / self.count

    @property
    def learned(self) -> bool:
        """Whether the model surely knows more than the most frequent class: Wilson's 95 % interval
        of its clean accuracy lies above that class's share. Of a data set of one class, which no
        model can beat, above the share of a guess.
        """
        share = self.most_frequent
        lowest, _ = wilson(self.clean_accuracy, self.count)
        return lowest > (1 / self.class_count if share == 1 else share)

    @property
    def robust_accuracy(self) -> tuple[float, ...]:
        """The same at each epsilon."""
        return self._shares(self.correct[1:])

    @property
    def control_accuracy(self) -> tuple[float, ...] | None:
        """The same along a random sign; None where no control was asked for."""
        return None if self.control is None else self._shares(self.control)

    @property
    def reference_accuracy(self) -> tuple[float, ...] | None:
        """The same under FGSM, where the attack is another; else None."""
        return None if self.reference is None else self._shares(self.reference)

    @property
    def mean_alignment(self) -> tuple[float | None, ...] | None:
        """The mean of ``Sweep.alignment`` at each epsilon, in [-1, 1]; None at one where no sample
        has a gradient, and where it was not asked for.
        """
        return None if self.alignment is None else tuple(each.mean for each in self.alignment)

    @property
    def success_rate(self) -> tuple[float, ...]:
        """Of the samples that are right when clean, the share flipped at each epsilon."""
        right = max(1, self.correct[0])
        return tuple(flipped / right for flipped in self.flipped)

    def scalars(self, tag: str) -> dict[str, float]:
        """Returns the accuracies as ordinary scalars, by their tags below ``tag``."""
        return scalars_of(
            tag,
            self.epsilons,
            self.clean_accuracy,
            robust_accuracy=self.robust_accuracy,
            control_accuracy=self.control_accuracy,
            gradient_alignment=self.mean_alignment,
        )

    def table(self) -> Table:
        """Returns what was said as columns of equal length, sorted by place and true class, the
        most frequent first.
        """
        codes = np.fromiter(self.said.keys(), np.int64, len(self.said))
        counts = np.fromiter(self.said.values(), np.int64, len(self.said))
        pairs, predicted = np.divmod(codes, self.class_count)
        place, label = np.divmod(pairs, self.class_count)
        order = np.lexsort((predicted, -counts, label, place))
        return Table(*(column[order] for column in (place, label, predicted, counts)))

    def classes(self) -> tuple[ClassCounts, ...]:
        """Returns all samples by their true class, as a record has them."""
        outcomes: dict[int, list[Outcome]] = {}
        counts: dict[int, int] = {}
        table = self.table()
        for label, start, stop in table.groups():
            of = slice(start, stop)
            said = list(zip(table.predicted[of].tolist(), table.count[of].tolist(), strict=True))
            right = sum(count for predicted, count in said if predicted == label)
            wrong = [Became(*each) for each in said if each[0] != label]
            outcomes.setdefault(label, []).append(Outcome(right, tuple(wrong[:MOST_BECAME])))
            counts[label] = sum(count for _, count in said)
        return tuple(
            ClassCounts(label, counts[label], each[0], tuple(each[1:]))
            for label, each in sorted(outcomes.items())
        )

    def _shares(self, counts: list[int]) -> tuple[float, ...]:
        return tuple(count / self.count for count in counts)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns: at a place, a class was said of a true class so many times."""

    place: np.ndarray
    label: np.ndarray
    predicted: np.ndarray
    count: np.ndarray

    def groups(self) -> list[tuple[int, int, int]]:
        """Returns the true class, the first row and the one after the last, of the rows that share
        place and true class.
        """
        changes = (np.diff(self.place) != 0) | (np.diff(self.label) != 0)
        starts = [0, *(np.flatnonzero(changes) + 1).tolist()]
        stops = [*starts[1:], len(self.label)]
        return list(zip(self.label[starts].tolist(), starts, stops, strict=True))


class Transferred(NamedTuple):
    """Of how many samples examples fool the model that they were made on, and the one attacked."""

    right: int
    """How many samples both are right on when clean; the others do not count."""
    surrogate: int
    model: int


class Outputs(NamedTuple):
    """What logits were like, to tell whether they were probabilities."""

    samples: int
    numbers: int
    lowest: float
    highest: float
    off_one: float
    """How far the outputs of a sample are from adding up to 1, at most."""
    one_logit: bool

    def with_(self, other: Outputs) -> Outputs:
        """Adds the outputs of other samples."""
        return Outputs(
            self.samples + other.samples,
            self.numbers + other.numbers,
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
            max(self.off_one, other.off_one),
            self.one_logit and other.one_logit,
        )


def _outputs(logits: Tensor, one_logit: bool) -> Outputs:
    said = logits[:, 1:] if one_logit else logits
    off_one = (said.sum(1) - 1).abs().max().item()
    return Outputs(
        len(said), said.numel(), said.min().item(), said.max().item(), off_one, one_logit
    )


def _shape(inputs: Tensor) -> tuple[int, int, int]:
    _, channels, height, width = inputs.shape
    return channels, height, width


def _right(logits: Tensor, labels: Tensor) -> list[int]:
    return (logits.argmax(2) == labels).sum(1).tolist()


def _farthest(sweep: Sweep) -> list[float] | None:
    if sweep.examples is None:
        return None
    return [(each - sweep.pixels).abs().max().item() for each in sweep.examples]


def _alignment(sweep: Sweep) -> list[CosineSum] | None:
    return None if sweep.alignment is None else [CosineSum.of(each) for each in sweep.alignment]


def _transferred(sweep: Sweep) -> Transferred | None:
    clean, adversarial = sweep.surrogate_logits, sweep.surrogate_adversarial_logits
    if clean is None or adversarial is None or sweep.targets is not None:
        return None
    right = sweep.correct & (clean.argmax(1) == sweep.labels)
    fooled = [right & (said.argmax(1) != sweep.labels) for said in (adversarial, sweep.logits[-1])]
    return Transferred(int(right.sum()), *(int(each.sum()) for each in fooled))


def _steps(sweep: Sweep) -> StepCounts | None:
    if sweep.step_losses is None or sweep.step_right is None:
        return None
    return StepCounts.of(sweep.step_losses, sweep.step_right, sweep.correct)


def _sums(first: list[int], second: list[int]) -> list[int]:
    return [a + b for a, b in zip(first, second, strict=True)]
