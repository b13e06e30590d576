"""What one step says: the schema of a record, its JSON and its version.

A record holds the numbers of one call of the logger: the accuracies over the whole batch and, for
each sample whose pictures are stored, what the model said of it at every epsilon. Records are
written and read here only, and ``encode`` refuses what ``decode`` would refuse.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, TypeVar

import msgspec

VERSION = 1
"""Raised when a reader of the version before would misread a record. A new optional field is no
reason: readers pass over fields that they do not know."""

Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]
Checksum = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


class RecordError(ValueError):
    """A record that cannot be read or must not be written; the message says where and why."""


class NewerRecordError(RecordError):
    """A record of a version that this release does not know."""


class Prediction(msgspec.Struct, frozen=True):
    """What the model says of one picture: its most probable classes and how sure it is of them."""

    classes: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1)]
    """The most probable classes, the most probable first."""
    probabilities: tuple[Fraction, ...]
    """Their probabilities (softmax of the logits), one a class."""
    label_probability: Fraction
    """The probability of the sample's true class, which need not be among ``classes``."""

    def __post_init__(self) -> None:
        if len(self.classes) != len(self.probabilities):
            raise ValueError(
                f"a prediction names {len(self.classes)} classes "
                f"but {len(self.probabilities)} probabilities"
            )


class Sample(msgspec.Struct, frozen=True):
    """One sample whose two pictures, original and direction, are stored with the record."""

    index: Count
    """Its place in the batch, from 0."""
    label: Count
    """Its true class."""
    clean: Prediction
    """What the model says of the original."""
    noise: Prediction
    """What the model says of the noise picture alone, grey plus half a scale of the direction."""
    adversarial: tuple[Prediction, ...]
    """What the model says at each epsilon, one a logged epsilon."""
    checksums: tuple[Checksum, Checksum]
    """CRC-32 of the stored bytes of the original and of the direction."""

    @property
    def correct(self) -> bool:
        """Whether the model is right on the original."""
        return self.clean.classes[0] == self.label

    def flipped(self, epsilon_index: int) -> bool:
        """Whether the model is right on the original and wrong at this logged epsilon."""
        return self.correct and self.adversarial[epsilon_index].classes[0] != self.label


class Attack(msgspec.Struct, frozen=True):
    """How the adversarial examples were made."""

    name: str
    """The attack's name, such as ``FGSM``."""
    loss: str
    """The loss whose gradient it follows: ``stable``, or the name of the user's own function."""
    quantize: bool
    """Whether the model saw the 8-bit pictures themselves, or the unrounded numbers."""


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


class Record(msgspec.Struct, frozen=True):
    """All that one step says, but for the pictures."""

    version: Positive
    attack: Attack
    epsilons: Annotated[tuple[Fraction, ...], msgspec.Meta(min_length=1)]
    """In pixel units of images in [0, 1], strictly increasing."""
    count: Positive
    """How many samples the accuracies are over: the whole batch."""
    clean_accuracy: Fraction
    robust_accuracy: tuple[Fraction, ...]
    """Accuracy at each epsilon, over all samples of the batch."""
    gradient: Gradient
    picture: Picture
    class_count: Annotated[int, msgspec.Meta(ge=2)]
    class_names: tuple[str, ...] | None
    """A name a class, or None where the user gave none."""
    logged: Positive
    """How many steps the process had written under this tag of its writer, this one included."""
    samples: tuple[Sample, ...]

    def __post_init__(self) -> None:
        _check_curve(self.epsilons, self.robust_accuracy)
        if self.class_names is not None and len(self.class_names) < self.class_count:
            raise ValueError(f"{len(self.class_names)} names for {self.class_count} classes")
        for sample in self.samples:
            _same_length(f"sample {sample.index}: adversarial", sample.adversarial, self.epsilons)
            predictions = (sample.clean, sample.noise, *sample.adversarial)
            highest = max(sample.label, *(max(p.classes) for p in predictions))
            if highest >= self.class_count:
                raise ValueError(
                    f"sample {sample.index} names class {highest}, but the classes are "
                    f"0 to {self.class_count - 1}"
                )


class Curve(msgspec.Struct, frozen=True):
    """What a record says of the whole batch: a few fields of it, read without the others."""

    version: Positive
    epsilons: Annotated[tuple[Fraction, ...], msgspec.Meta(min_length=1)]
    clean_accuracy: Fraction
    robust_accuracy: tuple[Fraction, ...]
    count: Positive

    def __post_init__(self) -> None:
        _check_curve(self.epsilons, self.robust_accuracy)


def _check_curve(epsilons: tuple[float, ...], robust_accuracy: tuple[float, ...]) -> None:
    if any(a >= b for a, b in pairwise(epsilons)):
        raise ValueError(f"epsilons increase strictly, but are {list(epsilons)}")
    _same_length("robust_accuracy", robust_accuracy, epsilons)


def _same_length(name: str, values: tuple[Any, ...], epsilons: tuple[float, ...]) -> None:
    if len(values) != len(epsilons):
        raise ValueError(f"{name} has {len(values)} entries for {len(epsilons)} epsilons")


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
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
        if version > VERSION:
            raise NewerRecordError(
                f"the record is of version {version}, this release reads up to version {VERSION}: "
                "upgrade tensorboard-plugin-fgsm"
            )
        return msgspec.json.decode(data, type=type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError(f"not a record: {error}") from None


def schema() -> dict[str, Any]:
    """Returns the JSON Schema of a record, from which the dashboard's types are made."""
    return msgspec.json.schema(Record)
