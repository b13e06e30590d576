"""What ``log`` and ``log_dataset`` are called with, checked before anything is computed."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.format.ranges import MAX_WHOLE
from tensorboard_fgsm.logger.processes import this_rank
from tensorboard_fgsm.logger.writer_thread import check_writing


def check_countable(step: int) -> None:
    """Raises a ValueError unless the dashboard can tell the step from its neighbours."""
    if step > MAX_WHOLE:
        raise ValueError(
            f"step {step} is above {MAX_WHOLE} (2^53 - 1), from which on the dashboard cannot "
            "tell steps apart: count steps, or epochs, and not nanoseconds"
        )


def may_write(writer: Any) -> bool:
    """Whether this process writes, which all but rank 0 of a job need not.

    Raises:
        ValueError: it must write and has no writer, or a closed one.
        OSError: its writer writes no more.
    """
    if writer is not None:
        check_writing(writer)
        return True
    if this_rank() == 0:
        raise ValueError(
            "writer is None, which is for the processes of a torch.distributed job that "
            "write nothing, but this is rank 0 or the only one: give it a SummaryWriter"
        )
    return False


def check_increasing(step: int, last: int, tag: str) -> None:
    """Raises a ValueError unless a step comes after the last one under its tag."""
    if step <= last:
        raise ValueError(
            f"step {step} under tag {tag!r} comes after step {last}: steps "
            "increase, and each is logged once; give another tag for another series"
        )


def check_target(attack: FGSM | PerEpsilon) -> None:
    """Raises a ValueError if the attack's targets are those of a single batch."""
    if isinstance(attack, FGSM) and isinstance(attack.target, tuple):
        raise ValueError(
            f"target has {len(attack.target)} classes, one for each sample of a single "
            "batch: for a data set, give one class or 'least-likely'"
        )


def check_labels_named(labels: Tensor | None, names: tuple[str, ...] | None) -> None:
    """Raises a ValueError if a label, (N,) int64, has no name where classes have names."""
    highest = -1 if labels is None else int(labels.max())
    if names is not None and highest >= len(names):
        raise ValueError(
            f"labels reach {highest} but there are {len(names)} class_names, for "
            f"0 to {len(names) - 1}: check the labels, or give a name a class"
        )


def check_classes_named(classes: int, names: tuple[str, ...] | None) -> None:
    """Raises a ValueError if there are fewer names than classes, where classes have names."""
    if names is not None and len(names) < classes:
        raise ValueError(
            f"{len(names)} class_names for {classes} classes: "
            "give a name for each of the model's classes"
        )
