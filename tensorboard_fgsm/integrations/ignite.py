"""A handler for Ignite, attached through its ``TensorboardLogger``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ignite.engine import Engine, Events
from ignite.handlers.base_logger import BaseHandler
from ignite.handlers.tensorboard_logger import TensorboardLogger
from typing_extensions import Unpack

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.integrations.periodic_logger import LogOptions, PeriodicLogger
from tensorboard_fgsm.logger.processes import this_rank
from tensorboard_fgsm.model.modules import Model


class FGSMHandler(BaseHandler):
    """Attacks the model when an event fires and writes through the ``TensorboardLogger``.

    How often is the event's own: ``Events.EPOCH_COMPLETED(every=2)``. In a distributed training,
    attach it in every process; those that have no ``TensorboardLogger`` attach
    ``engine.add_event_handler(event, handler, None, event)``. Where the engine begins anew, steps
    that the ``TensorboardLogger`` already has are passed over with a warning.

    Args:
        attack: an ``FGSM``, or another attack as ``PerEpsilon``.
        model: the classifier.
        loader: the samples; in a distributed training, with a ``DistributedSampler``.
        global_step_transform: a function of (engine, event) that returns the step, such as
            ``global_step_from_engine(trainer)`` where the engine is an evaluator. By default, the
            engine's own count of the event.
        options: see ``LogOptions``.

    Raises:
        TypeError, ValueError: an argument is not as above; or, when the event fires, what it is
            attached through is no ``TensorboardLogger``.

    Example:
        >>> fgsm = FGSMHandler(FGSM([2 / 255, 8 / 255], mean=mean, std=std), model, loader)
        >>> tb_logger.attach(trainer, log_handler=fgsm, event_name=Events.EPOCH_COMPLETED(every=2))
    """

    def __init__(
        self,
        attack: FGSM | PerEpsilon,
        model: Model,
        loader: Iterable[Any],
        *,
        global_step_transform: Callable[[Engine, Any], int] | None = None,
        **options: Unpack[LogOptions],
    ) -> None:
        self._model = model
        self._loader = loader
        self._step_of = global_step_transform or _count_of
        self._logger = PeriodicLogger(attack, every=1, **options)

    def __call__(
        self, engine: Engine, logger: TensorboardLogger | None, event_name: str | Events
    ) -> None:
        """Logs a step."""
        writer = _writer_of(logger)
        if self._step_of is _count_of:  # it repeats itself only where the engine begins anew
            self._logger.restart()
        self._logger.log(writer, self._model, self._loader, self._step_of(engine, event_name))


def _count_of(engine: Engine, event_name: Any) -> int:
    return engine.state.get_event_attrib_value(event_name)


def _writer_of(logger: Any) -> Any:
    """Returns the logger's writer in the first process, None in the others.

    Raises:
        TypeError: it is another logger; says how to attach the handler.
    """
    first = this_rank() == 0
    if not isinstance(logger, TensorboardLogger) and (first or logger is not None):
        raise TypeError(
            "FGSMHandler writes with Ignite's TensorboardLogger, "
            f"got {type(logger).__name__}: TensorboardLogger(log_dir=...).attach(engine, "
            "log_handler=FGSMHandler(...), event_name=Events.EPOCH_COMPLETED)"
        )
    return logger.writer if first and logger is not None else None
