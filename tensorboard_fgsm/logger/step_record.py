"""A sweep as it is written: the record, and the pictures that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import torch
from torch import Tensor

from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.step_counts import StepCounts, bounded
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format import direction_code, pixels
from tensorboard_fgsm.format import record as schema
from tensorboard_fgsm.format.climb import MOST_STEPS, Climb
from tensorboard_fgsm.format.cross_section import CrossSection
from tensorboard_fgsm.format.digits import shortened
from tensorboard_fgsm.format.embedding import Embedding
from tensorboard_fgsm.format.record import Caveat, Record
from tensorboard_fgsm.format.sample import Prediction, Sample
from tensorboard_fgsm.format.transfers import Transfers
from tensorboard_fgsm.logger.encoding import Encoder
from tensorboard_fgsm.logger.followed_samples import Follow
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model

TOP_CLASSES = 5
"""How many of the most probable classes a record keeps of each prediction."""


class Chosen(NamedTuple):
    """How the samples with pictures were chosen, as ``Record`` says it."""

    chosen: Literal["first", "flipped-first", "indices"] = "first"
    per_class: bool = False
    anew: bool = False


def chosen_by(follow: Follow, *, anew: bool) -> Chosen:
    """Says how the samples were chosen.

    Args:
        follow: which ones were asked for.
        anew: whether they were not kept.
    """
    if isinstance(follow, tuple):
        return Chosen("indices")
    if follow == "first":
        return Chosen("first")
    return Chosen("flipped-first", per_class=follow == "per-class", anew=anew)


class StepRecord(NamedTuple):
    """One step: its record, and the stored pictures of its samples, one sample after another."""

    record: Record
    pictures: list[bytes]


@dataclass(frozen=True)
class ShownSamples:
    """Samples as they are written, and their stored pictures, one sample after another."""

    samples: tuple[Sample, ...]
    pictures: list[bytes]
    shape: tuple[int, int, int]
    """(C, H, W) of each."""

    def __add__(self, other: ShownSamples) -> ShownSamples:
        """Adds samples of the same shape."""
        return ShownSamples(
            self.samples + other.samples, self.pictures + other.pictures, self.shape
        )

    def with_sections(self, sections: Sequence[CrossSection]) -> ShownSamples:
        """Returns the same samples, the first ones with cross-sections."""
        first = map(_with_section, self.samples, sections)
        return replace(self, samples=(*first, *self.samples[len(sections) :]))


def shown_samples(
    sweep: Sweep, model: Model, count: int, indices: Sequence[int], encoder: Encoder
) -> ShownSamples:
    """Takes the first samples of a sweep.

    Costs one forward over their noise pictures, where the attack has one direction.

    Args:
        sweep: what came out of the attack.
        model: the classifier that was attacked.
        count: how many, from the first on.
        indices: their numbers in the batch or data set.
        encoder: of the pictures of every step.
    """
    stored = _pictures(sweep, count, encoder)
    noise = _noise_logits(sweep, model, count) if count else None
    channels, height, width = sweep.inputs.shape[1:]
    return ShownSamples(
        _samples(sweep, stored, noise, indices),
        [picture for pictures in stored for picture in pictures],
        (channels, height, width),
    )


@dataclass(frozen=True)
class StepResult:
    """All that a step writes."""

    step: int
    tally: Tally
    """What came out of the attack, for all samples."""
    shown: ShownSamples | None
    """Some of them, or none."""
    chosen: Chosen
    """How these were chosen."""
    caveats: tuple[Caveat, ...]
    """What may be wrong with the numbers."""
    check: Check | None = None
    """What a stronger attack left of a few samples."""
    embedding: Embedding | None = None
    """Where samples lie for the model."""
    transfers: Transfers | None = None
    """Whom the examples fool, where several models were attacked."""


def step_record_of(
    attack: FGSM | PerEpsilon,
    result: StepResult,
    *,
    class_names: tuple[str, ...] | None,
    logged: int,
) -> StepRecord:
    """Turns what came out of a step into a record and pictures.

    Args:
        attack: what was done.
        result: what came out of it.
        class_names: a name a class, or None.
        logged: how many steps were written under the tag, this one included.
    """
    tally, shown, check = result.tally, result.shown, result.check
    channels, height, width = tally.shape if shown is None else shown.shape
    each = isinstance(attack, PerEpsilon)
    record = Record(
        version=2 if each else 1,
        attack=_attack(attack, tally),
        epsilons=tally.epsilons,
        count=tally.count,
        clean_accuracy=tally.clean_accuracy,
        robust_accuracy=tally.robust_accuracy,
        gradient=schema.Gradient(
            elements=tally.elements, zero=tally.zero, nonfinite=tally.nonfinite
        ),
        picture=schema.Picture(height=height, width=width, channels=channels),
        class_count=tally.class_count,
        class_names=class_names,
        logged=logged,
        samples=() if shown is None else shown.samples,
        pictures="each" if each else "direction",
        control_accuracy=tally.control_accuracy,
        reference_accuracy=tally.reference_accuracy,
        success_rate=tally.success_rate,
        alignment=tally.mean_alignment,
        warnings=result.caveats,
        classes=tally.classes(),
        chosen=result.chosen.chosen,
        per_class=result.chosen.per_class,
        anew=result.chosen.anew,
        check=None
        if check is None
        else schema.Check(
            name=check.name,
            settings=check.settings,
            count=check.count,
            right=check.right,
            held=check.held,
        ),
        climb=_climb(tally.steps),
        embedding=result.embedding,
        transfers=result.transfers,
    )
    return StepRecord(record, [] if shown is None else shown.pictures)


def _attack(attack: FGSM | PerEpsilon, tally: Tally) -> schema.Attack:
    if isinstance(attack, PerEpsilon):
        return schema.Attack(
            name=attack.name,
            loss=attack.fgsm.loss_name,
            quantize=attack.quantize,
            own_labels=tally.own_labels,
            one_logit=tally.one_logit,
            settings=attack.settings,
        )
    return schema.Attack(
        name=attack.name,
        loss=attack.loss_name,
        quantize=attack.quantize,
        target=_kind_of_target(attack),
        surrogate=None if attack.surrogate is None else _name_of(attack.surrogate),
        refine=attack.refine,
        own_labels=tally.own_labels,
        one_logit=tally.one_logit,
        settings=_precision(attack, tally),
    )


def _precision(attack: FGSM, tally: Tally) -> dict[str, str | int | float | bool]:
    if attack.precision is None or tally.changed is None:
        return {}
    return {"precision": attack.precision, "clean_predictions_changed": tally.changed}


def _kind_of_target(attack: FGSM) -> Literal["class", "labels", "least-likely"] | None:
    if isinstance(attack.target, int):
        return "class"
    return "labels" if isinstance(attack.target, tuple) else attack.target


def _name_of(model: Model) -> str:
    return getattr(model, "__name__", None) or type(model).__name__


def _pictures(sweep: Sweep, count: int, encoder: Encoder) -> list[list[bytes]]:
    """Returns the stored pictures of each of the first samples."""
    if not count:
        return []  # of whatever size
    channels = pixels.shown_channels(sweep.pixels.shape[1])

    def arrays(tensor: Tensor) -> np.ndarray:
        return tensor[:count, :channels].permute(0, 2, 3, 1).contiguous().cpu().numpy()

    originals, others = list(pixels.levels(arrays(sweep.pixels))), []
    if sweep.examples is not None:
        others = [pixels.levels(arrays(examples)) for examples in sweep.examples]
    elif sweep.direction is not None:
        directions = arrays(sweep.direction)
        if directions[0].size <= direction_code.MOST_SIGNS:
            alone = encoder.encoded(originals, [[]] * count)
            small = direction_code.encode(directions)
            return [[*original, each] for original, each in zip(alone, small, strict=True)]
        others = [pixels.noise(directions)]
    return encoder.encoded(originals, [[kind[i] for kind in others] for i in range(count)])


def _samples(
    sweep: Sweep, stored: list[list[bytes]], noise: Tensor | None, indices: Sequence[int]
) -> tuple[Sample, ...]:
    count = len(stored)
    if not count:
        return ()
    labels = sweep.labels[:count]
    controls = [] if sweep.control_logits is None else sweep.control_logits
    each = [sweep.clean_logits, *sweep.logits, *controls, *([] if noise is None else [noise])]
    clean, *others = _predictions([logits[:count] for logits in each], labels)
    adversarial = others[: len(sweep.logits)]
    control = others[len(sweep.logits) : len(sweep.logits) + len(controls)]
    noisy = [None] * count if noise is None else others[-1]
    climbs = _climbs(sweep, count)
    flips = sweep.flip_epsilon[:count].tolist()
    targets = None if sweep.targets is None else sweep.targets[:count].tolist()
    return tuple(
        Sample(
            index=index,
            label=label,
            clean=clean[i],
            noise=noisy[i],
            adversarial=tuple(predictions[i] for predictions in adversarial),
            checksums=tuple(map(pixels.checksum, stored[i])),
            control=tuple(predictions[i] for predictions in control),
            climb=climbs[i],
            flip_epsilon=_finite(flips[i]),
            target=None if targets is None else targets[i],
        )
        for i, (index, label) in enumerate(zip(indices, labels.tolist(), strict=True))
    )


def _climbs(sweep: Sweep, count: int) -> list[tuple[tuple[float, ...], ...]]:
    """Returns the losses of each of the first samples, a row an epsilon."""
    losses = sweep.step_losses
    if losses is None or losses.shape[1] > MOST_STEPS + 1:
        return [()] * count
    each = shortened(bounded(losses[:, :, :count]).permute(2, 0, 1).cpu().numpy())
    return [tuple(map(tuple, rows)) for rows in each.tolist()]


def _climb(counts: StepCounts | None) -> Climb | None:
    if counts is None or counts.steps > MOST_STEPS:
        return None
    return Climb(
        losses=tuple(map(tuple, shortened(np.array(counts.mean_losses)).tolist())),
        right=counts.right,
        held=tuple(each.held for each in counts.indicators),
        fell=tuple(each.fell for each in counts.indicators),
        passed=tuple(each.passed for each in counts.indicators),
    )


def _with_section(sample: Sample, section: CrossSection) -> Sample:
    return msgspec.structs.replace(sample, section=section)


def _noise_logits(sweep: Sweep, model: Model, count: int) -> Tensor | None:
    """What the model says of the first directions alone, as they are shown."""
    if sweep.direction is None:
        return None
    signs = sweep.direction[:count].to(sweep.pixels.dtype)
    noise = signs.add_(1).mul_(128).clamp_(max=255).div_(255)
    inputs = sweep.attack.normalisation.to_inputs(noise, sweep.inputs.dtype)
    return classify(model, inputs, classes=sweep.clean_logits.shape[1])


def _predictions(each: list[Tensor], labels: Tensor) -> list[list[Prediction]]:
    """Returns the predictions (N) of each of the logits (N, K)."""
    classes, probabilities = zip(*(_said(logits, labels) for logits in each), strict=True)
    rounded = shortened(torch.stack(probabilities).numpy()).tolist()
    return [
        [
            Prediction(tuple(chosen), tuple(row), of_label)
            for chosen, (*row, of_label) in zip(of.tolist(), rows, strict=True)
        ]
        for of, rows in zip(classes, rounded, strict=True)
    ]


def _said(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the most probable classes, and their probabilities with that of the true class."""
    logits = logits.double().cpu()
    # A stable sort puts equal logits in the order in which argmax takes them.
    order = logits.sort(dim=1, descending=True, stable=True).indices
    classes = order[:, : min(TOP_CLASSES, logits.shape[1])]
    told = torch.cat([classes, labels.cpu().unsqueeze(1)], 1)
    return classes, logits.softmax(1).clamp(max=1).gather(1, told)


def _finite(number: float) -> float | None:
    return number if number != float("inf") else None
