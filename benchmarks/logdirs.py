"""Writes many runs in seconds: a record and pictures that are made once and stored again."""

# Protobuf makes its classes at run time, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2

from tensorboard_fgsm.command import demo
from tensorboard_fgsm.format import pixels, record, summary
from tensorboard_fgsm.format.class_counts import Became, ClassCounts, Outcome
from tensorboard_fgsm.format.sample import Prediction, Sample
from tests.format.event_files import frame, opening

TAG = "fgsm"
DIFFERENT = 8
"""So many samples have pictures of their own; the others have the same ones again."""


@dataclass(frozen=True)
class Size:
    """How much is logged."""

    runs: int = 4
    steps: int = 3
    samples: int = 4
    epsilons: int = 4
    classes: int = 10
    side: int = 32
    """Of the pictures, in pixels."""

    def of_epsilons(self) -> tuple[float, ...]:
        """Returns the epsilons themselves, up to 64/255."""
        return tuple(64 / 255 * (e + 1) / self.epsilons for e in range(self.epsilons))

    def of_runs(self) -> list[str]:
        """Returns the runs' names."""
        return [f"run-{r:03}" for r in range(self.runs)]


@dataclass(frozen=True)
class Triplet:
    """A sample's three pictures, (H, W, 3) uint8, at the smallest epsilon."""

    original: pixels.Picture
    noise: pixels.Picture
    adversarial: pixels.Picture


def write(logdir: Path, size: Size) -> None:
    """Writes what the logger would have written of all the runs and steps."""
    triplets = triplets_of(size)
    pictures = [pixels.encode(each) for t in triplets for each in (t.original, t.noise)]
    shown = [
        pictures[2 * (s % len(triplets)) + kind] for s in range(size.samples) for kind in (0, 1)
    ]
    _write(logdir, size, [summary.value(TAG, step_record(size, shown), shown)])


def write_images(logdir: Path, size: Size) -> None:
    """Writes the same triplets as ``SummaryWriter.add_image`` would, for the Images tab."""
    encoded = [
        [(kind, _png(getattr(t, kind))) for kind in ("original", "noise", "adversarial")]
        for t in triplets_of(size)
    ]
    _write(
        logdir,
        size,
        [
            summary_pb2.Summary.Value(
                tag=f"sample {s:02}/{kind}",
                image=summary_pb2.Summary.Image(
                    height=size.side, width=size.side, colorspace=3, encoded_image_string=png
                ),
            )
            for s in range(size.samples)
            for kind, png in encoded[s % len(encoded)]
        ],
    )


def _write(logdir: Path, size: Size, values: Iterable[summary_pb2.Summary.Value]) -> None:
    logged = event_pb2.Event(summary=summary_pb2.Summary(value=values)).SerializeToString()
    events = [opening().SerializeToString()]
    # Messages of protobuf that stand one after the other are one message.
    for step in range(size.steps):
        events.append(
            event_pb2.Event(step=step, wall_time=1.7e9 + step).SerializeToString() + logged
        )
    stored = b"".join(map(frame, events))
    for run in size.of_runs():
        (logdir / run).mkdir(parents=True)
        (logdir / run / "events.out.tfevents.1").write_bytes(stored)


def triplets_of(size: Size) -> list[Triplet]:
    """Cuts the demo's photographs; each pixel's noise is a coin's toss, as hard to store as any."""
    chance = np.random.default_rng(0)
    epsilon, made = size.of_epsilons()[0], []
    for number in range(min(size.samples, DIFFERENT)):
        package, file, _ = demo.PHOTOS[number % len(demo.PHOTOS)]
        photo = Image.fromarray(pixels.levels(demo._photo(package, file).permute(1, 2, 0).numpy()))
        original = np.asarray(photo.resize((size.side, size.side), Image.Resampling.BICUBIC))
        direction = chance.choice(np.array([-1, 1], np.int8), original.shape)
        adversarial = pixels.adversarial(original, direction, epsilon)
        made.append(Triplet(original, pixels.noise(direction), adversarial))
    return made


def step_record(size: Size, pictures: list[bytes]) -> record.Record:
    """What a step says whose samples are right when clean and wrong from half the epsilons on."""
    checksums = [pixels.checksum(picture) for picture in pictures]
    flips = size.epsilons // 2

    def said(sample: int, shift: int) -> Prediction:
        first = (sample + shift) % size.classes
        classes = tuple((first + k) % size.classes for k in range(min(5, size.classes)))
        probabilities = (0.5, 0.25, 0.125, 0.0625, 0.03125)[: len(classes)]
        return Prediction(classes, probabilities, 0.1234567 if shift else 0.5)

    samples = tuple(
        Sample(
            index=s,
            label=s % size.classes,
            clean=said(s, 0),
            noise=said(s, 2),
            adversarial=tuple(said(s, int(e >= flips)) for e in range(size.epsilons)),
            checksums=(checksums[2 * s], checksums[2 * s + 1]),
            flip_epsilon=size.of_epsilons()[flips],
        )
        for s in range(size.samples)
    )
    return record.Record(
        version=1,
        attack=record.Attack(name="FGSM", loss="stable", quantize=False),
        epsilons=size.of_epsilons(),
        count=size.classes,
        clean_accuracy=1.0,
        robust_accuracy=tuple(float(e < flips) for e in range(size.epsilons)),
        gradient=record.Gradient(elements=size.classes * 3 * size.side**2, zero=0, nonfinite=0),
        picture=record.Picture(height=size.side, width=size.side, channels=3),
        class_count=size.classes,
        class_names=tuple(f"class {c}" for c in range(size.classes)),
        logged=1,
        samples=samples,
        classes=tuple(_counts(size, c, flips) for c in range(size.classes)),
    )


def _counts(size: Size, label: int, flips: int) -> ClassCounts:
    right = Outcome(correct=1, became=())
    wrong = Outcome(correct=0, became=(Became((label + 1) % size.classes, 1),))
    adversarial = tuple(wrong if e >= flips else right for e in range(size.epsilons))
    return ClassCounts(label=label, count=1, clean=right, adversarial=adversarial)


def _png(picture: pixels.Picture) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")  # as SummaryWriter does
    return buffer.getvalue()
