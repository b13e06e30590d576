"""What the callbacks have in common: when they log, and that they log a step once."""

from __future__ import annotations

import operator
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypedDict

from typing_extensions import Unpack

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import Attack, PerEpsilon
from tensorboard_fgsm.logger.batches import BatchOf
from tensorboard_fgsm.logger.checker import OnOverfitting
from tensorboard_fgsm.logger.embedding import Embedding
from tensorboard_fgsm.logger.failures import OnError, tolerated
from tensorboard_fgsm.logger.followed_samples import FollowName
from tensorboard_fgsm.logger.logger import FGSMLogger
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.model.modules import Model


class LogOptions(TypedDict, total=False):
    """What every callback hands on to ``FGSMLogger`` and its ``log_dataset``."""

    tag: str
    """The name of the series, ``"fgsm"`` by default; must be unique to it within the run."""
    class_names: Sequence[str] | None
    """A name a class, in the order of the logits."""
    max_samples: int
    """Of how many samples at most pictures are stored, 16 by default."""
    follow: FollowName | Iterable[int]
    """Of which samples: the first, by default; those that flip at the smallest epsilons, at the
    first call or (``"weakest"``) at each; so many of each class; or those of these numbers."""
    settle: int | None
    """With ``follow="per-class"``, after how many calls the samples are chosen for good; by
    default once the model has learned."""
    batch_of: BatchOf | None
    """A function of a batch that returns inputs and labels, where a batch is not a pair of them."""
    max_batches: int | None
    """Stop after so many batches; in each process, if there are more."""
    progress: bool
    """Show a progress bar (tqdm), on rank 0."""
    check: Attack | None
    """A stronger attack such as ``PGD(steps=10, restarts=2)``, run at each logged step on a few
    samples that the logged attack leaves right."""
    check_samples: int
    """On how many, 64 by default."""
    on_overfitting: OnOverfitting | None
    """Is called with an ``Overfitting`` after a logged step that shows one, in all processes."""
    embed: int | Embedding | None
    """Of how many samples is logged where they lie for the model, or an ``Embedding``; none by
    default."""
    cross_sections: int
    """Through how many of the samples that have pictures a cross-section is drawn; 0 by default."""
    cross_section_resolution: int
    """How many cells a side of it has, 33 by default."""
    on_error: OnError
    """What becomes of an error while a step is logged: ``"raise"``, by default, or ``"warn"``, and
    the training goes on."""


class PeriodicLogOptions(LogOptions, total=False):
    """The same of a callback that counts evaluations itself."""

    every: int
    """Of how many evaluations one is logged: at 3, the third, the sixth and so on."""


_OF_LOGGER = (
    *("class_names", "max_samples", "check", "check_samples", "on_overfitting", "on_error"),
    *("embed", "cross_sections", "cross_section_resolution"),
)
"""What is said when a logger is made, the rest at each call."""


class PeriodicLogger:
    """An attack logged again and again while a model is trained, through the framework's writer.

    Args:
        attack: as ``FGSMLogger`` takes it.
        every: of how many evaluations one is logged: at 3, the third, the sixth and so on.
        options: see ``LogOptions``.

    Raises:
        TypeError, ValueError: an argument is not as above.
    """

    def __init__(
        self, attack: FGSM | PerEpsilon, *, every: int = 1, **options: Unpack[LogOptions]
    ) -> None:
        known = LogOptions.__annotations__
        for name in options:
            if name not in known:
                raise TypeError(f"there is no argument {name!r}: there are {', '.join(known)}")
        self._every = _positive(every)
        self._tag = options.pop("tag", "fgsm")
        of_logger = {name: each for name, each in options.items() if name in _OF_LOGGER}
        self._options = {name: each for name, each in options.items() if name not in _OF_LOGGER}
        self._made = partial(FGSMLogger, None, attack, **of_logger)
        self._loggers = {self._tag: self._made(tag=self._tag)}  # refuses arguments now
        self._seen: Counter[str] = Counter()
        self._steps: dict[str, int] = {}
        self._warned: set[str] = set()

    def restart(self) -> None:
        """Forgets which steps were logged, where a training begins."""
        self._steps.clear()

    def due(self, name: str = "") -> bool:
        """Counts an evaluation of a loader; returns whether it is one to log. Processes agree."""
        self._seen[name] += 1
        return self._seen[name] % self._every == 0

    def tolerated(self, step: int) -> AbstractContextManager[None]:
        """What a callback does beside logging a step: an error of it ends the training, or a
        warning tells of it, as the logger's own.
        """
        return tolerated(self._loggers[self._tag].on_error, self._tag, step, stacklevel=2)

    def log(
        self, writer: Any, model: Model, loader: Any, step: int, *, name: str = "", **options: Any
    ) -> None:
        """Attacks the model on a loader and writes one step.

        A step that was logged last is not logged again: after the training, people evaluate once
        more. One that does not come after the writer's last one, because a training began anew or
        went back to a checkpoint, is passed over with a warning, once a tag: logging never ends a
        training.

        Args:
            writer: the framework's ``SummaryWriter``; None in processes that write nothing.
            model: the classifier.
            loader: what ``FGSMLogger.log_dataset`` takes.
            step: the framework's global step.
            name: of the loader among several: the tag is then ``<tag>/<name>``.
            options: for ``log_dataset``, instead of those given above.
        """
        tag = f"{self._tag}/{name}" if name else self._tag
        if self._steps.get(tag) == step:
            return
        logger = self._loggers.setdefault(tag, self._made(tag=tag))
        logger.writer = writer  # frameworks close theirs and make another
        if self._is_behind(logger, step):
            return
        if logger.log_dataset(model, loader, step, **{**self._options, **options}) is not None:
            self._steps[tag] = step

    def _is_behind(self, logger: FGSMLogger, step: int) -> bool:
        """Whether the writer's last step under the tag is this one or a later one; warns the first
        time. Rank 0, which has the writer, tells the others.
        """
        processes = Processes()
        last = processes.from_(0, -1 if logger.writer is None else logger._series().last_step)
        if step > last:
            return False
        if processes.rank == 0 and logger.tag not in self._warned:
            self._warned.add(logger.tag)
            warnings.warn(
                f"step {step} under tag {logger.tag!r} is not logged, nor those up to step {last}, "
                "which this log folder has of a training before: give another log folder, or "
                "another tag",
                RuntimeWarning,
                stacklevel=3,
            )
        return True


def _positive(every: Any) -> int:
    expected = "every is of how many evaluations one is logged, a whole number from 1 on"
    try:
        number = operator.index(every)
    except TypeError:
        raise TypeError(f"{expected}; got {every!r}") from None
    if isinstance(every, bool) or number < 1:
        raise ValueError(f"{expected}; got {every!r}")
    return number
