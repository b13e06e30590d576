"""What one step says: the schema of a record, its JSON and its version.

A record holds the numbers of one call of the logger: the accuracies over the whole batch and, for
each sample whose pictures are stored, what the model said of it at every epsilon. Records are
written and read here only, and ``encode`` refuses what ``decode`` would refuse.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.check import Check
from tensorboard_fgsm.format.class_counts import ClassCounts
from tensorboard_fgsm.format.climb import Climb
from tensorboard_fgsm.format.curve import Curve, check_curve
from tensorboard_fgsm.format.embedding import Embedding
from tensorboard_fgsm.format.ranges import Cosine, Count, Fraction, Positive, same_length
from tensorboard_fgsm.format.sample import Sample
from tensorboard_fgsm.format.transfers import Transfers

VERSION = 2
"""The newest version that is read, raised when a reader of the version before would misread a
record. A new optional field is no reason: readers pass over fields that they do not know. A record
is written in the oldest version that can say it: 2 only where it stores a picture an epsilon."""

MAX_BYTES = 2**25
"""The longest JSON of a record that is written or read. 500,000 samples of 21,841 classes at seven
epsilons take 26 MB; what is made of it in memory, at worst 16 times as much."""

_LONGEST_REASON = 400


class RecordError(ValueError):
    """A record that cannot be read or must not be written; the message says where and why."""


class NewerRecordError(RecordError):
    """A record of a version that this release does not know."""


class Attack(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the adversarial examples were made."""

    name: str
    """The attack's name, such as ``FGSM``."""
    loss: str
    """The loss whose gradient it follows: ``stable``, or the name of the user's own function."""
    quantize: bool
    """Whether the model saw the 8-bit pictures themselves, or the unrounded numbers."""
    target: Literal["class", "labels", "least-likely"] | None = None
    """What a targeted attack aims at: one class, a class given for each sample, or each sample's
    least likely one."""
    surrogate: str | None = None
    """The name of the model that the gradient is of, where it is not the one attacked."""
    refine: Count = 0
    """How often each flip epsilon was bisected."""
    own_labels: bool = False
    """Whether the labels are the model's own clean predictions."""
    one_logit: bool = False
    """Whether the model answers with one logit z a sample, read as the two classes [0, z]."""
    settings: dict[str, str | int | float | bool] = {}
    """The settings of an attack that is not FGSM, as it names them; of FGSM, a coarser precision
    and how many clean predictions that changes."""


class Gradient(msgspec.Struct, frozen=True):
    """How much of the gradient gave no direction, over the whole batch."""

    elements: Positive
    zero: Count
    """Elements whose gradient is exactly 0 (direction 0)."""
    nonfinite: Count
    """Elements whose gradient is NaN or infinite (direction 0)."""


class Picture(msgspec.Struct, frozen=True):
    """The size of the inputs. Stored pictures are grey for one or two channels (the first is
    shown) and RGB for three or more (the first three are shown).
    """

    height: Positive
    width: Positive
    channels: Positive


class Caveat(msgspec.Struct, frozen=True):
    """Something that may be wrong with the numbers."""

    code: str
    """A short name, such as ``zero-samples``."""
    sentence: str
    """What was found, with its numbers, in English."""
    source: str
    """Where it is explained: a paper and its address. May be empty."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one step says, but for the pictures."""

    version: Positive
    attack: Attack
    epsilons: Annotated[tuple[Fraction, ...], msgspec.Meta(min_length=1)]
    """In pixel units of images in [0, 1], strictly increasing."""
    count: Positive
    """How many samples the accuracies are over: the whole batch or data set."""
    clean_accuracy: Fraction
    robust_accuracy: tuple[Fraction, ...]
    """Accuracy at each epsilon, over all samples."""
    gradient: Gradient
    picture: Picture
    class_count: Annotated[int, msgspec.Meta(ge=2)]
    class_names: tuple[str, ...] | None
    """A name a class, or None where the user gave none."""
    logged: Positive
    """How many steps the process had written under this tag of its writer, this one included."""
    samples: tuple[Sample, ...]
    pictures: Literal["direction", "each"] = "direction"
    """What is stored of a sample: the original and the direction, which gives the picture at any
    epsilon; or the original and the adversarial picture at each logged epsilon."""
    control_accuracy: tuple[Fraction, ...] | None = None
    """Accuracy along a random sign at each epsilon, over all samples; None without a control."""
    reference_accuracy: tuple[Fraction, ...] | None = None
    """FGSM's robust accuracy on the same samples, where the attack is another."""
    success_rate: tuple[Fraction, ...] | None = None
    """Of the samples that are right when clean, the share flipped at each epsilon."""
    alignment: tuple[Cosine | None, ...] | None = None
    """The mean over all samples of the cosine between the gradient at the input and at a random
    point within each epsilon; None at one where no sample has a gradient, and altogether where it
    was not asked for."""
    check: Check | None = None
    """What a stronger attack left of a few samples; None where none was asked for."""
    warnings: tuple[Caveat, ...] = ()
    """What may be wrong with the numbers, the gravest first."""
    classes: tuple[ClassCounts, ...] = ()
    """All samples by their true class, the classes increasing; empty in records that do not say."""
    chosen: Literal["first", "flipped-first", "indices"] = "first"
    """Which samples have pictures: the first; those that flipped at the smallest epsilons when they
    were chosen; or those that the user named. Older readers refuse another word here, so that what
    else there is to say has fields of its own."""
    per_class: bool = False
    """Whether the classes share these out, as evenly as they can: the first, or the first to flip,
    are then those of each class."""
    anew: bool = False
    """Whether they were chosen at this step, so that other steps may have others."""
    climb: Climb | None = None
    """How the loss went along the attack's steps, where it takes several and tells."""
    embedding: Embedding | None = None
    """Where samples lie for the model, with and without pictures; None where that was not asked
    for."""
    transfers: Transfers | None = None
    """Whom the examples fool of the models that were attacked together, if there were several."""

    @property
    def pictures_a_sample(self) -> int:
        """How many pictures are stored of each sample."""
        return 2 if self.pictures == "direction" else 1 + len(self.epsilons)

    def __post_init__(self) -> None:
        check_curve(self.epsilons, self.robust_accuracy)
        if self.pictures == "each" and self.version < 2:
            raise ValueError("a picture an epsilon is stored from version 2 on")
        for name in ("control_accuracy", "reference_accuracy", "success_rate", "alignment"):
            if getattr(self, name) is not None:
                same_length(name, getattr(self, name), self.epsilons)
        if self.check is not None:
            self.check.check_length(self.epsilons)
        if self.class_names is not None and len(self.class_names) < self.class_count:
            raise ValueError(f"{len(self.class_names)} names for {self.class_count} classes")
        self._check_classes()
        self._check_transfers()
        if self.samples:
            pixels.check_size(self.picture.height, self.picture.width)
        for sample in self.samples:
            self._check(sample)
        if self.climb is not None:
            self.climb.check(self.epsilons, self.count)
        if self.embedding is not None:
            self.embedding.check(self.epsilons, self.class_count)

    def _check_classes(self) -> None:
        if not self.classes:
            return
        labels = [counts.label for counts in self.classes]
        if any(a >= b for a, b in pairwise(labels)):
            raise ValueError("the classes that samples are counted by do not increase")
        if sum(counts.count for counts in self.classes) != self.count:
            raise ValueError(f"the samples of the classes do not add up to {self.count}")
        highest = labels[-1]
        for counts in self.classes:
            same_length(f"class {counts.label}", counts.adversarial, self.epsilons)
            outcomes = (counts.clean, *counts.adversarial)
            said = (each.predicted for outcome in outcomes for each in outcome.became)
            highest = max(highest, *said, 0)
        if highest >= self.class_count:
            raise ValueError(
                f"samples are counted of class {highest}, "
                f"but the classes are 0 to {self.class_count - 1}"
            )

    def _check_transfers(self) -> None:
        if self.transfers is None:
            return
        if max(self.transfers.right) > self.count:
            raise ValueError(f"transfers tell of more than {self.count} samples")
        for source, row in zip(self.transfers.models, self.transfers.fooled, strict=True):
            for fooled in row:
                same_length(f"transfers from {source}", fooled, self.epsilons)

    def _check(self, sample: Sample) -> None:
        name = f"sample {sample.index}"
        same_length(f"{name}: adversarial", sample.adversarial, self.epsilons)
        if sample.control:
            same_length(f"{name}: control", sample.control, self.epsilons)
        if sample.climb:
            same_length(f"{name}: climb", sample.climb, self.epsilons)
        if (sample.noise is None) != (self.pictures == "each"):
            raise ValueError(f"{name}: there is noise to speak of where there is one direction")
        if len(sample.checksums) != self.pictures_a_sample:
            raise ValueError(
                f"{name} has {len(sample.checksums)} checksums, "
                f"but {self.pictures_a_sample} pictures"
            )
        predictions = (sample.clean, *sample.adversarial, *sample.control)
        said = [max(p.classes) for p in (*predictions, sample.noise) if p is not None]
        if sample.section is not None:
            said += sample.section.classes
            if not self.epsilons[-1]:
                raise ValueError(f"{name} has a cross-section up to an epsilon of 0")
        highest = max(sample.label, sample.target or 0, *said)
        if highest >= self.class_count:
            raise ValueError(
                f"{name} names class {highest}, but the classes are 0 to {self.class_count - 1}"
            )


class _Versioned(msgspec.Struct):
    version: Positive


def encode(record: Record) -> bytes:
    """Returns the record as UTF-8 JSON.

    Raises:
        RecordError: a field is out of its range, not finite, or of the wrong length.
    """
    data = msgspec.json.encode(record)
    decode(data)  # JSON writes NaN as null, which no field admits
    return data


def decode(data: bytes) -> Record:
    """Reads a record from its JSON.

    Raises:
        NewerRecordError: the record's version is newer than ``VERSION``.
        RecordError: the JSON is damaged or breaks the schema; the message names the place.
    """
    return _decode(data, Record)


def decode_curve(data: bytes) -> Curve:
    """Reads the accuracies from a record's JSON, and passes over its samples.

    Raises:
        NewerRecordError, RecordError: as ``decode``.
    """
    return _decode(data, Curve)


_Decoded = TypeVar("_Decoded", Record, Curve)


def _decode(data: bytes, type: type[_Decoded]) -> _Decoded:
    if len(data) > MAX_BYTES:
        raise RecordError(
            f"a record of {len(data):,} bytes is too long, {MAX_BYTES:,} are the most: "
            "store fewer samples, or count in fewer classes"
        )
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version > VERSION:
            raise NewerRecordError(
                f"the record is of version {version}, this release reads up to version {VERSION}: "
                "upgrade tensorboard-plugin-fgsm"
            )
        return msgspec.json.decode(data, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # What is wrong may be a million numbers, each of which it names.
        raise RecordError(f"not a record: {str(error)[:_LONGEST_REASON]}") from None


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of a record, from which the dashboard's types are made."""
    return msgspec.json.schema(Record)
