"""Runs the attack in a training script and writes what came out through its own writer."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from tensorboard_fgsm import pixels, summary
from tensorboard_fgsm import record as schema
from tensorboard_fgsm.attack import FGSM, Sweep
from tensorboard_fgsm.checks import check_batch
from tensorboard_fgsm.model import Model

TOP_CLASSES = 5
"""How many of the most probable classes a record keeps of each prediction."""

_NOISE_LEVELS = (0, 128, 255)
_UNREADABLE = re.compile(r'["\\\x00-\x1f\x7f\ud800-\udfff]')
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass
class _Series:
    """What was written so far under one tag of one writer."""

    last_step: int = -1
    logged: int = 0


_written: WeakKeyDictionary[Any, dict[str, _Series]] = WeakKeyDictionary()


class FGSMLogger:
    """Writes adversarial examples for the FGSM tab of TensorBoard.

    Args:
        writer: the script's own ``torch.utils.tensorboard.SummaryWriter`` or
            ``tensorboardX.SummaryWriter``.
        attack: how to attack.
        tag: the name of the series; must be unique to it within the run.
        class_names: a name a class, in the order of the logits.
        max_samples: of how many samples, the first of the batch, pictures are stored. The numbers
            are over the whole batch.

    Raises:
        TypeError, ValueError: an argument is not as above.

    Example:
        >>> fgsm = FGSMLogger(writer, FGSM([2 / 255, 8 / 255]), class_names=names)
        >>> fgsm.log(model, inputs, labels, step=epoch)
    """

    def __init__(
        self,
        writer: Any,
        attack: FGSM,
        *,
        tag: str = "fgsm",
        class_names: Sequence[str] | None = None,
        max_samples: int = 16,
    ) -> None:
        if not (hasattr(writer, "file_writer") and hasattr(writer, "add_scalar")):
            raise TypeError(
                "writer is a SummaryWriter of torch.utils.tensorboard or tensorboardX, "
                f"got {type(writer).__name__}"
            )
        if not isinstance(attack, FGSM):
            raise TypeError(f"attack is an FGSM such as FGSM([8/255]), got {attack!r}")
        if not isinstance(tag, str) or not tag or _UNREADABLE.search(tag):
            raise ValueError(
                "tag is a name such as 'fgsm' without quotes, backslashes or control characters, "
                f"which TensorBoard's data server does not read; got {tag!r}"
            )
        if isinstance(class_names, str | Mapping | Set):
            raise TypeError(
                "class_names is a list with a name a class, in the order of the logits, "
                f"such as list(id2label.values()); got {type(class_names).__name__}"
            )
        self.writer = writer
        self.attack = attack
        self.tag = tag
        names = None if class_names is None else tuple(map(str, class_names))
        for name in names or ():
            if _SURROGATE.search(name):
                raise ValueError(f"class_names are Unicode text, which {name!r} is not")
        self.class_names = names
        self.max_samples = _whole("max_samples", max_samples)

    def log(self, model: Model, inputs: Tensor, labels: Tensor, step: int) -> Sweep:
        """Attacks a batch at every epsilon and writes one step.

        Costs what ``FGSM.sweep`` costs, and one forward over the noise pictures of the samples
        shown. Writes one event: the record with its pictures under the tag, and the scalars
        ``<tag>/clean_accuracy`` and ``<tag>/robust_accuracy/eps=<ε>``. The model and the training
        are left as they were.

        Args:
            model: the classifier.
            inputs: (N, C, H, W) floats, what the model eats.
            labels: (N,) int64, the true classes.
            step: the global step; must be greater than the last one under this tag.

        Returns:
            The whole result, for the script's own use.

        Raises:
            ValueError, TypeError: a closed writer, a step that does not increase, too few class
                names, pictures too large to store, or what ``FGSM.sweep`` refuses. Nothing is
                written then, and nothing computed, but for what only the model's answer shows.
        """
        step = _whole("step", step)
        series = _written.setdefault(self.writer, {}).setdefault(self.tag, _Series())
        self._check(series, inputs, labels, step)
        sweep = self.attack.sweep(model, inputs, labels)
        self._check_names(sweep.clean_logits.shape[1])
        shown = min(self.max_samples, len(sweep.labels))
        originals, directions = _pictures(sweep, shown)
        record = self._record(model, sweep, shown, series.logged + 1, originals + directions)
        pictures = [data for pair in zip(originals, directions, strict=True) for data in pair]
        value = summary.value(self.tag, record, pictures)
        summary.write(self.writer, step, value, _accuracies(self.tag, sweep))
        series.last_step, series.logged = step, record.logged
        return sweep

    def _check(self, series: _Series, inputs: Tensor, labels: Tensor, step: int) -> None:
        """Refuses before anything is computed."""
        if self.writer.file_writer is None:
            raise ValueError("the writer is closed: log before writer.close()")
        if step <= series.last_step:
            raise ValueError(
                f"step {step} under tag {self.tag!r} comes after step {series.last_step}: steps "
                "increase, and each is logged once; give another tag for another series"
            )
        check_batch(inputs, labels)
        highest = int(labels.max())
        if self.class_names is not None and highest >= len(self.class_names):
            raise ValueError(
                f"labels reach {highest} but there are {len(self.class_names)} class_names, for "
                f"0 to {len(self.class_names) - 1}: check the labels, or give a name a class"
            )
        height, width = inputs.shape[2:]
        if self.max_samples and max(height, width) > pixels.MAX_SIDE:
            raise ValueError(
                f"pictures of {height} × {width} pixels cannot be stored, sides are at most "
                f"{pixels.MAX_SIDE}: log with max_samples=0 for the numbers alone"
            )

    def _check_names(self, classes: int) -> None:
        if self.class_names is not None and len(self.class_names) < classes:
            raise ValueError(
                f"{len(self.class_names)} class_names for {classes} classes: "
                "give a name for each of the model's classes"
            )

    def _record(
        self, model: Model, sweep: Sweep, shown: int, logged: int, stored: list[bytes]
    ) -> schema.Record:
        _, channels, height, width = sweep.inputs.shape
        return schema.Record(
            version=schema.VERSION,
            attack=schema.Attack(
                name="FGSM", loss=self.attack.loss_name, quantize=self.attack.quantize
            ),
            epsilons=self.attack.epsilons,
            count=len(sweep.labels),
            clean_accuracy=sweep.clean_accuracy,
            robust_accuracy=tuple(sweep.robust_accuracy.tolist()),
            gradient=schema.Gradient(
                elements=sweep.direction.numel(),
                zero=int(sweep.zero_gradients.sum()),
                nonfinite=int(sweep.nonfinite_gradients.sum()),
            ),
            picture=schema.Picture(height=height, width=width, channels=channels),
            class_count=sweep.clean_logits.shape[1],
            class_names=self.class_names,
            logged=logged,
            samples=self._samples(model, sweep, shown, stored),
        )

    def _samples(
        self, model: Model, sweep: Sweep, shown: int, stored: list[bytes]
    ) -> tuple[schema.Sample, ...]:
        if not shown:
            return ()
        labels = sweep.labels[:shown]
        noise = torch.tensor(_NOISE_LEVELS, device=labels.device, dtype=sweep.pixels.dtype) / 255
        noise_logits = self.attack.classify(
            model, noise[sweep.direction[:shown].long() + 1], sweep.inputs.dtype
        )
        clean = _predictions(sweep.clean_logits[:shown], labels)
        noisy = _predictions(noise_logits, labels)
        adversarial = [_predictions(logits[:shown], labels) for logits in sweep.logits]
        return tuple(
            schema.Sample(
                index=i,
                label=int(labels[i]),
                clean=clean[i],
                noise=noisy[i],
                adversarial=tuple(predictions[i] for predictions in adversarial),
                checksums=(pixels.checksum(stored[i]), pixels.checksum(stored[shown + i])),
            )
            for i in range(shown)
        )


def _whole(name: str, value: Any) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is a whole number, got {value!r}") from None
    if isinstance(value, bool) or not 0 <= number < 2**63:
        raise ValueError(f"{name} is a whole number from 0 on, got {value!r}")
    return number


def _pictures(sweep: Sweep, shown: int) -> tuple[list[bytes], list[bytes]]:
    """Returns the stored originals and the stored directions of the first samples."""
    channels = pixels.shown_channels(sweep.pixels.shape[1])

    def arrays(tensor: Tensor) -> np.ndarray:
        return tensor[:shown, :channels].permute(0, 2, 3, 1).contiguous().cpu().numpy()

    originals = [pixels.encode(picture) for picture in pixels.levels(arrays(sweep.pixels))]
    directions = [pixels.encode(pixels.noise(signs)) for signs in arrays(sweep.direction)]
    return originals, directions


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


def _accuracies(tag: str, sweep: Sweep) -> dict[str, float]:
    """Returns the scalars that other tabs and tools see, by their tags."""
    epsilons = sweep.attack.epsilons
    names = [f"{epsilon:.6g}" for epsilon in epsilons]
    if len(set(names)) < len(names):
        names = [repr(epsilon) for epsilon in epsilons]
    robust = zip(names, sweep.robust_accuracy.tolist(), strict=True)
    return {f"{tag}/clean_accuracy": sweep.clean_accuracy} | {
        f"{tag}/robust_accuracy/eps={name}": accuracy for name, accuracy in robust
    }
