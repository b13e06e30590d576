"""Runs the attack in a training script and writes what came out through its own writer."""

from __future__ import annotations

import contextlib
import operator
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from torch import Tensor

from tensorboard_fgsm import caveats, pixels, summary
from tensorboard_fgsm.attack import FGSM
from tensorboard_fgsm.checks import check_batch
from tensorboard_fgsm.entry import entry_of
from tensorboard_fgsm.model import Model, classified
from tensorboard_fgsm.per_epsilon import PerEpsilon
from tensorboard_fgsm.record import Caveat
from tensorboard_fgsm.sweep import Sweep

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
        attack: how to attack: an ``FGSM``, or another attack as ``PerEpsilon``.
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
        attack: FGSM | PerEpsilon,
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
        if not isinstance(attack, FGSM | PerEpsilon):
            raise TypeError(
                "attack is an FGSM such as FGSM([8/255]), or another attack such as "
                f"PerEpsilon(PGD(), [8/255]); got {attack!r}"
            )
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
        self._random: WeakKeyDictionary[Any, tuple[Caveat, ...]] = WeakKeyDictionary()

    def log(self, model: Model, inputs: Tensor, labels: Tensor | None, step: int) -> Sweep:
        """Attacks a batch at every epsilon and writes one step.

        Costs what the attack's ``sweep`` costs and, for FGSM, one forward over the noise pictures
        of the samples shown; at the first step of a model, one forward more, which shows whether
        its outputs are random. Writes one event: the record with its pictures under the tag, and
        the scalars ``<tag>/clean_accuracy``, ``<tag>/robust_accuracy/eps=<ε>`` and, with a control,
        ``<tag>/control_accuracy/eps=<ε>``. The model and the training are left as they were.

        Args:
            model: the classifier.
            inputs: (N, C, H, W) floats, what the model eats.
            labels: (N,) int64, the true classes; or None for the model's own clean predictions.
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
        sweep = self.attack.sweep_quietly(model, inputs, labels)
        self._check_names(sweep.clean_logits.shape[1])
        found = (*self._randomness(model, sweep), *caveats.caveats_of(sweep))
        caveats.warn(found, stacklevel=2)
        entry = entry_of(
            sweep,
            model,
            shown=min(self.max_samples, len(sweep.labels)),
            class_names=self.class_names,
            logged=series.logged + 1,
            caveats=found,
        )
        value = summary.value(self.tag, entry.record, entry.pictures)
        summary.write(self.writer, step, value, _scalars(self.tag, sweep))
        series.last_step, series.logged = step, series.logged + 1
        return sweep

    def _randomness(self, model: Model, sweep: Sweep) -> tuple[Caveat, ...]:
        """Passes the batch once more, the first time that a model is seen."""
        with contextlib.suppress(TypeError):  # what cannot be remembered is asked each time
            if model in self._random:
                return self._random[model]
        again = classified(model, sweep.inputs, redrawn=True)
        found = tuple(caveats.random_outputs(sweep.clean_logits, again))
        with contextlib.suppress(TypeError):
            self._random[model] = found
        return found

    def _check(self, series: _Series, inputs: Tensor, labels: Tensor | None, step: int) -> None:
        """Refuses before anything is computed."""
        if self.writer.file_writer is None:
            raise ValueError("the writer is closed: log before writer.close()")
        if step <= series.last_step:
            raise ValueError(
                f"step {step} under tag {self.tag!r} comes after step {series.last_step}: steps "
                "increase, and each is logged once; give another tag for another series"
            )
        check_batch(inputs, labels)
        highest = -1 if labels is None else int(labels.max())
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


def _whole(name: str, value: Any) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is a whole number, got {value!r}") from None
    if isinstance(value, bool) or not 0 <= number < 2**63:
        raise ValueError(f"{name} is a whole number from 0 on, got {value!r}")
    return number


def _scalars(tag: str, sweep: Sweep) -> dict[str, float]:
    """Returns the scalars that other tabs and tools see, by their tags."""
    epsilons = sweep.attack.epsilons
    names = [f"{epsilon:.6g}" for epsilon in epsilons]
    if len(set(names)) < len(names):
        names = [repr(epsilon) for epsilon in epsilons]
    scalars = {f"{tag}/clean_accuracy": sweep.clean_accuracy}
    for kind, accuracies in (
        ("robust_accuracy", sweep.robust_accuracy),
        ("control_accuracy", sweep.control_accuracy),
    ):
        if accuracies is not None:
            numbers = zip(names, accuracies.tolist(), strict=True)
            scalars |= {f"{tag}/{kind}/eps={name}": number for name, number in numbers}
    return scalars
