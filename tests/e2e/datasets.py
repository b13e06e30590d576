"""Records of whole data sets, of which few samples have pictures.

To attack ten thousand samples would take minutes: what the model says of each is drawn by chance,
and counted, packed and written as the logger does it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Literal

import numpy as np
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm.format import pixels, summary
from tensorboard_fgsm.format import record as schema
from tensorboard_fgsm.format.class_counts import MOST_BECAME, Became, ClassCounts, Outcome
from tensorboard_fgsm.format.sample import Prediction, Sample
from tensorboard_fgsm.format.transfers import Transfers

EPSILONS = (1 / 255, 2 / 255, 4 / 255, 8 / 255)
SIDE = 24
STEP = 3
ANIMALS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

Chosen = Literal["first", "flipped-first", "indices"]


@dataclass(frozen=True)
class DataSet:
    """What a model says of N samples, clean and at E epsilons."""

    names: tuple[str, ...]
    labels: np.ndarray
    """(N,) true classes."""
    said: np.ndarray
    """(1 + E, N) predicted classes, the clean ones first."""

    @classmethod
    def drawn(cls, count: int, names: tuple[str, ...]) -> DataSet:
        """Some classes are more fragile than others, and most of them turn into a few."""
        chance = np.random.default_rng(0)
        labels = np.arange(count) * 7 % len(names)
        fragile = chance.uniform(0.4, 2.5, len(names))[labels]
        threshold = chance.exponential(2.5, count) / fragile
        away = chance.geometric(max(0.05, 2.5 / len(names)), count)
        others = (labels + 1 + away % (len(names) - 1)) % len(names)
        strengths = np.array([0.1, *(255 * epsilon for epsilon in EPSILONS)])[:, None]
        return cls(names, labels, np.where(strengths < threshold, labels, others))

    @property
    def right(self) -> np.ndarray:
        """(1 + E, N): where the model says the true class."""
        return self.said == self.labels

    def pictured(self, count: int, chosen: Chosen) -> list[int]:
        """Returns which samples have pictures."""
        if chosen == "indices":
            return list(range(5, 5 + 3 * count, 3))
        flipped = self.right[0] & ~self.right[1:]
        first = np.where(flipped.any(0), flipped.argmax(0), len(EPSILONS))
        order = np.argsort(first, kind="stable") if chosen == "flipped-first" else range(count)
        return [int(index) for index in order[:count]]

    def counts(self) -> tuple[ClassCounts, ...]:
        return tuple(
            ClassCounts(label, int(mine.sum()), outcomes[0], tuple(outcomes[1:]))
            for label in range(len(self.names))
            if (mine := self.labels == label).any()
            for outcomes in [[self._outcome(label, said[mine]) for said in self.said]]
        )

    @staticmethod
    def _outcome(label: int, said: np.ndarray) -> Outcome:
        became = Counter(said.tolist())
        correct = became.pop(label, 0)
        return Outcome(correct, tuple(starmap(Became, became.most_common(MOST_BECAME))))


def write(
    run: Path,
    data: DataSet,
    *,
    pictures: int,
    chosen: Chosen = "first",
    per_class: bool = False,
    anew: bool = False,
    transfers: Transfers | None = None,
    classes: bool = True,
) -> schema.Record:
    """Logs one step of a data set, under the tag "fgsm", and returns its record.

    Args:
        run: the run's directory.
        data: what the model says of the samples.
        pictures: how many samples have pictures.
        chosen: which ones.
        per_class: whether to say that the classes share them out.
        anew: whether to say that other steps may have others.
        transfers: whom the examples fool of other models.
        classes: whether the record counts all samples by class.
    """
    chance = np.random.default_rng(1)
    indices = data.pictured(pictures, chosen)
    stored = [_pictures(chance) for _ in indices]
    right, flipped = data.right[0], data.right[0] & ~data.right[1:]
    record = schema.Record(
        version=1,
        attack=schema.Attack(name="FGSM", loss="stable", quantize=True),
        epsilons=EPSILONS,
        count=len(data.labels),
        clean_accuracy=right.mean().item(),
        robust_accuracy=tuple(data.right[1:].mean(1).tolist()),
        gradient=schema.Gradient(elements=len(data.labels) * 3 * SIDE**2, zero=0, nonfinite=0),
        picture=schema.Picture(height=SIDE, width=SIDE, channels=3),
        class_count=len(data.names),
        class_names=data.names,
        logged=1,
        samples=tuple(_sample(data, index, stored[i]) for i, index in enumerate(indices)),
        success_rate=tuple((flipped.sum(1) / right.sum()).tolist()),
        classes=data.counts() if classes else (),
        chosen=chosen,
        per_class=per_class,
        anew=anew,
        transfers=transfers,
    )
    with SummaryWriter(str(run)) as writer:
        blobs = [blob for pair in stored for blob in pair]
        summary.write(writer, STEP, summary.value("fgsm", record, blobs), {})
    return record


def _sample(data: DataSet, index: int, stored: list[bytes]) -> Sample:
    label = int(data.labels[index])
    clean, *adversarial = (_prediction(int(said), label) for said in data.said[:, index])
    return Sample(
        index=index,
        label=label,
        clean=clean,
        noise=clean,
        adversarial=tuple(adversarial),
        checksums=tuple(map(pixels.checksum, stored)),
    )


def _prediction(said: int, label: int) -> Prediction:
    return Prediction((said,), (0.8,), 0.8 if said == label else 0.1)


def _pictures(chance: np.random.Generator) -> list[bytes]:
    """An original and a direction."""
    corners = chance.uniform(0, 255, (2, 2, 3))
    ramp = np.linspace(0, 1, SIDE)
    weights = np.stack([1 - ramp, ramp])
    original = np.einsum("iy,jx,ijc->yxc", weights, weights, corners).round().astype(np.uint8)
    direction = chance.choice(np.array([0, 255], np.uint8), original.shape)
    return [pixels.encode(original), pixels.encode(direction)]
