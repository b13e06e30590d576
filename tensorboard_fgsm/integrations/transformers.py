"""A callback for the Trainer of Hugging Face transformers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import nn
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.integrations.integration_utils import TensorBoardCallback
from typing_extensions import Unpack

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.integrations.periodic_logger import PeriodicLogger, PeriodicLogOptions


class FGSMCallback(TrainerCallback):
    """Attacks an image classifier after each evaluation and writes through the trainer's own
    ``TensorBoardCallback``.

    The step is the trainer's global step; the one that was logged last is not logged again, after
    the training, say. The model is attacked without autocast, whatever the trainer's precision, and
    left as it was. Of several evaluation sets, each has a tag of its own, ``<tag>/<name>``; one
    evaluated with another prefix than ``eval``, ``<tag>/<prefix>``. Every process attacks its
    share, and the first one writes.

    Args:
        trainer: whose ``TensorBoardCallback`` has the writer.
        attack: an ``FGSM``, or another attack as ``PerEpsilon``; with the image processor's
            ``mean=processor.image_mean, std=processor.image_std``.
        loader: the samples, by default the trainer's own for the evaluation.
        options: see ``PeriodicLogOptions``; the names of the classes are by default the model's
            own, from ``config.id2label``.

    Raises:
        TypeError, ValueError: an argument is not as above; or, when the training starts, the
            trainer has no ``TensorBoardCallback``.

    Example:
        >>> attack = FGSM([2 / 255, 8 / 255], mean=processor.image_mean, std=processor.image_std)
        >>> trainer.add_callback(FGSMCallback(trainer, attack))
    """

    def __init__(
        self,
        trainer: Trainer,
        attack: FGSM | PerEpsilon,
        loader: Iterable[Any] | None = None,
        **options: Unpack[PeriodicLogOptions],
    ) -> None:
        self._trainer = trainer
        self._loader = loader
        if options.get("class_names") is None:
            options["class_names"] = _names_of(trainer.model)
        self._logger = PeriodicLogger(attack, **options)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Refuses a trainer without a writer before it trains."""
        _board_of(self._trainer)
        self._logger.restart()

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        *,
        model: nn.Module,
        eval_dataloader: Any,
        metrics: dict[str, float],
        **kwargs: Any,
    ) -> None:
        """Logs a step."""
        name = _name_of(metrics)
        if not self._logger.due(name):
            return
        if self._loader is not None:
            name, eval_dataloader = "", self._loader
        writer = _board_of(self._trainer).tb_writer if state.is_world_process_zero else None
        self._logger.log(writer, model, eval_dataloader, state.global_step, name=name)


def _name_of(metrics: dict[str, float]) -> str:
    """Returns the name of the evaluation set, which its metrics begin with: that after ``eval_``
    of several, such as ``test`` of one evaluated with that prefix, none of the usual one.
    """
    prefix = min((key for key in metrics if key.endswith("_runtime")), key=len, default="")
    return prefix.removesuffix("_runtime").removeprefix("eval").removeprefix("_")


def _board_of(trainer: Trainer) -> TensorBoardCallback:
    """Returns the trainer's ``TensorBoardCallback``.

    Raises:
        TypeError: there is none; says how to have one.
    """
    for callback in trainer.callback_handler.callbacks:
        if isinstance(callback, TensorBoardCallback):
            return callback
    found = ", ".join(type(each).__name__ for each in trainer.callback_handler.callbacks)
    raise TypeError(
        "FGSMCallback writes with the trainer's TensorBoardCallback, but the trainer has only "
        f'{found}: TrainingArguments(report_to="tensorboard")'
    )


def _names_of(model: Any) -> list[str] | None:
    """Returns the names of a model's classes, None where it has none but LABEL_0, LABEL_1, …"""
    names = getattr(getattr(model, "config", None), "id2label", None) or {}
    if all(name == f"LABEL_{index}" for index, name in names.items()):
        return None
    return [names[index] for index in range(len(names))]
