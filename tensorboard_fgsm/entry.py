"""A sweep as it is written: the record, and the pictures that go with it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from tensorboard_fgsm import pixels
from tensorboard_fgsm import record as schema
from tensorboard_fgsm.attack import FGSM
from tensorboard_fgsm.model import Model, classified
from tensorboard_fgsm.per_epsilon import PerEpsilon
from tensorboard_fgsm.record import Caveat, Record
from tensorboard_fgsm.sweep import Sweep

TOP_CLASSES = 5
"""How many of the most probable classes a record keeps of each prediction."""

_NOISE_LEVELS = (0, 128, 255)


class Entry(NamedTuple):
    """One step: its record, and the stored pictures of its samples, one sample after another."""

    record: Record
    pictures: list[bytes]


def entry_of(
    sweep: Sweep,
    model: Model,
    *,
    shown: int,
    class_names: tuple[str, ...] | None,
    logged: int,
    caveats: tuple[Caveat, ...],
) -> Entry:
    """Turns a sweep into numbers and pictures.

    Costs one forward over the noise pictures of the samples shown, where the attack has one
    direction.

    Args:
        sweep: what came out of the attack.
        model: the classifier that was attacked.
        shown: of how many samples, the first ones, pictures are kept.
        class_names: a name a class, or None.
        logged: how many steps were written under the tag, this one included.
        caveats: what may be wrong with the numbers.
    """
    stored = _pictures(sweep, shown)
    count, channels, height, width = sweep.inputs.shape
    each = sweep.direction is None
    record = Record(
        version=2 if each else 1,
        attack=_attack(sweep),
        epsilons=sweep.attack.epsilons,
        count=count,
        clean_accuracy=sweep.clean_accuracy,
        robust_accuracy=_numbers(sweep.robust_accuracy),
        gradient=schema.Gradient(
            elements=sweep.inputs.numel(),
            zero=int(sweep.zero_gradients.sum()),
            nonfinite=int(sweep.nonfinite_gradients.sum()),
        ),
        picture=schema.Picture(height=height, width=width, channels=channels),
        class_count=sweep.clean_logits.shape[1],
        class_names=class_names,
        logged=logged,
        samples=_samples(sweep, model, stored),
        pictures="each" if each else "direction",
        control_accuracy=_optional(sweep.control_accuracy),
        reference_accuracy=_optional(sweep.reference and sweep.reference.robust_accuracy),
        success_rate=_numbers(sweep.success_rate),
        warnings=caveats,
    )
    return Entry(record, [picture for pictures in stored for picture in pictures])


def _attack(sweep: Sweep) -> schema.Attack:
    attack = sweep.attack
    if isinstance(attack, PerEpsilon):
        return schema.Attack(
            name=attack.name,
            loss=attack.fgsm.loss_name,
            quantize=attack.quantize,
            own_labels=sweep.own_labels,
            one_logit=sweep.one_logit,
            settings=attack.settings,
        )
    return schema.Attack(
        name=attack.name,
        loss=attack.loss_name,
        quantize=attack.quantize,
        target=_kind_of_target(attack),
        surrogate=None if attack.surrogate is None else _name_of(attack.surrogate),
        refine=attack.refine,
        own_labels=sweep.own_labels,
        one_logit=sweep.one_logit,
    )


def _kind_of_target(attack: FGSM) -> Literal["class", "labels", "least-likely"] | None:
    if isinstance(attack.target, int):
        return "class"
    return "labels" if isinstance(attack.target, tuple) else attack.target


def _name_of(model: Model) -> str:
    return getattr(model, "__name__", None) or type(model).__name__


def _pictures(sweep: Sweep, shown: int) -> list[list[bytes]]:
    """Returns the stored pictures of each of the first samples."""
    channels = pixels.shown_channels(sweep.pixels.shape[1])

    def arrays(tensor: Tensor) -> np.ndarray:
        return tensor[:shown, :channels].permute(0, 2, 3, 1).contiguous().cpu().numpy()

    kinds = [pixels.levels(arrays(sweep.pixels))]
    if sweep.examples is not None:
        kinds += [pixels.levels(arrays(examples)) for examples in sweep.examples]
    elif sweep.direction is not None:
        kinds.append(pixels.noise(arrays(sweep.direction)))
    return [[pixels.encode(kind[i]) for kind in kinds] for i in range(shown)]


def _samples(sweep: Sweep, model: Model, stored: list[list[bytes]]) -> tuple[schema.Sample, ...]:
    shown = len(stored)
    if not shown:
        return ()
    labels = sweep.labels[:shown]
    clean = _predictions(sweep.clean_logits[:shown], labels)
    adversarial = [_predictions(logits[:shown], labels) for logits in sweep.logits]
    controls = [] if sweep.control_logits is None else sweep.control_logits
    control = [_predictions(logits[:shown], labels) for logits in controls]
    noisy = _noise_predictions(sweep, model, labels)
    return tuple(
        schema.Sample(
            index=i,
            label=int(labels[i]),
            clean=clean[i],
            noise=noisy[i],
            adversarial=tuple(predictions[i] for predictions in adversarial),
            checksums=tuple(map(pixels.checksum, stored[i])),
            control=tuple(predictions[i] for predictions in control),
            flip_epsilon=_finite(sweep.flip_epsilon[i].item()),
            target=None if sweep.targets is None else int(sweep.targets[i]),
        )
        for i in range(shown)
    )


def _noise_predictions(
    sweep: Sweep, model: Model, labels: Tensor
) -> list[schema.Prediction] | list[None]:
    """What the model says of the directions alone, as they are shown."""
    if sweep.direction is None:
        return [None] * len(labels)
    levels = torch.tensor(_NOISE_LEVELS, device=labels.device, dtype=sweep.pixels.dtype) / 255
    noise = levels[sweep.direction[: len(labels)].long() + 1]
    inputs = sweep.attack.normalisation.to_inputs(noise, sweep.inputs.dtype)
    return _predictions(classified(model, inputs), labels)


def _predictions(logits: Tensor, labels: Tensor) -> list[schema.Prediction]:
    """Returns the predictions (N) from logits (N, K)."""
    logits = logits.double().cpu()
    top = min(TOP_CLASSES, logits.shape[1])
    # A stable sort puts equal logits in the order in which argmax takes them.
    classes = logits.sort(dim=1, descending=True, stable=True).indices[:, :top]
    probabilities = logits.softmax(1).clamp(max=1)
    return [
        schema.Prediction(
            classes=tuple(chosen),
            probabilities=tuple(map(_shortened, row)),
            label_probability=_shortened(of_label),
        )
        for chosen, row, of_label in zip(
            classes.tolist(),
            probabilities.gather(1, classes).tolist(),
            probabilities.gather(1, labels.cpu().unsqueeze(1)).squeeze(1).tolist(),
            strict=True,
        )
    ]


def _shortened(probability: float) -> float:
    """Six significant digits: a third of the record's size, and more than a float32 softmax
    knows.
    """
    return float(f"{probability:.6g}")


def _finite(number: float) -> float | None:
    return number if number != float("inf") else None


def _numbers(accuracies: Tensor) -> tuple[float, ...]:
    return tuple(accuracies.tolist())


def _optional(accuracies: Tensor | None) -> tuple[float, ...] | None:
    return None if accuracies is None else _numbers(accuracies)
