"""A callback for Lightning, under either of its names: ``lightning`` and ``pytorch_lightning``."""

from __future__ import annotations

import contextlib
import importlib
import math
import sys
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from torch.utils.tensorboard import SummaryWriter
from typing_extensions import Unpack

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.integrations.periodic_logger import PeriodicLogger, PeriodicLogOptions
from tensorboard_fgsm.logger.batches import BatchOf, unpacked
from tensorboard_fgsm.logger.processes import Processes

if TYPE_CHECKING:
    from lightning.pytorch import Callback, LightningModule, Trainer
else:
    # The same code is installed under two names, often under both, with classes of their own:
    # the base class is that of the one which the script has imported.
    _other = "pytorch_lightning" in sys.modules and "lightning.pytorch" not in sys.modules
    try:
        Callback = importlib.import_module(
            "pytorch_lightning" if _other else "lightning.pytorch"
        ).Callback
    except ModuleNotFoundError as error:
        if error.name not in ("lightning", "lightning.pytorch"):
            raise
        Callback = importlib.import_module("pytorch_lightning").Callback


class FGSMCallback(Callback):
    """Attacks the model after validation and writes through the trainer's ``TensorBoardLogger``.

    The step is ``trainer.global_step``. The model is the ``LightningModule``, whose ``forward``
    answers with logits; it is attacked without autocast, whatever the trainer's precision, and left
    as it was. Batches take the way that validation's take, hooks included. The sanity check before
    the training is not logged, nor is a step that was logged last, by ``validate`` after the
    training, say; of a step before it, where another training has the same logger, a warning tells.
    Every process attacks its share, and the first one writes.

    Args:
        attack: an ``FGSM``, or another attack as ``PerEpsilon``.
        loader: the samples. By default the trainer's own for validation, as many batches of each as
            it validates on; of several, each has a tag of its own, ``<tag>/<number or key>``. In a
            distributed training, a loader with a ``DistributedSampler``.
        options: see ``PeriodicLogOptions``; the evaluations are the trainer's validations.

    Raises:
        TypeError, ValueError: an argument is not as above; or, when the training starts, the
            trainer has no ``TensorBoardLogger``.

    Example:
        >>> fgsm = FGSMCallback(FGSM([2 / 255, 8 / 255], mean=mean, std=std))
        >>> Trainer(logger=TensorBoardLogger("runs"), callbacks=[fgsm]).fit(model, train, val)
    """

    def __init__(
        self,
        attack: FGSM | PerEpsilon,
        loader: Iterable[Any] | None = None,
        **options: Unpack[PeriodicLogOptions],
    ) -> None:
        super().__init__()
        self._loader = loader
        self._max_batches = options.pop("max_batches", None)
        self._batch_of = options.pop("batch_of", None) or unpacked
        self._logger = PeriodicLogger(attack, **options)

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Refuses a trainer without a writer before it trains."""
        if stage in ("fit", "validate") and not getattr(trainer, "fast_dev_run", False):
            _board_of(trainer)
        if stage == "fit":
            self._logger.restart()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Logs a step."""
        if trainer.sanity_checking or not self._logger.due():
            return
        with self._logger.tolerated(trainer.global_step), _writing(trainer) as writer:
            for place, name, loader, most in self._loaders(trainer):
                self._logger.log(
                    writer,
                    pl_module,
                    loader,
                    trainer.global_step,
                    name=name,
                    max_batches=most,
                    batch_of=self._finder(trainer, place),
                )

    def _loaders(self, trainer: Trainer) -> Iterator[tuple[int, str, Any, int | None]]:
        """Yields each loader that is not empty, its place and name among several, and how many
        batches of it to take.
        """
        if self._loader is not None:
            yield 0, "", self._loader, self._max_batches
            return
        processes = Processes()
        for place, ((name, loader), most) in enumerate(
            zip(_named(trainer.val_dataloaders), trainer.num_val_batches, strict=True)
        ):
            if not any(processes.gather(most)):
                continue
            # An empty share of a loader is read, too: the others wait for this process.
            asked = math.inf if self._max_batches is None else self._max_batches
            limit = min(asked, most or math.inf)
            yield place, name, loader, None if limit == math.inf else int(limit)

    def _finder(self, trainer: Trainer, place: int) -> BatchOf:
        """Returns what finds inputs and labels in a batch, once it has gone the trainer's way."""

        def found(batch: Any) -> tuple[Any, Any]:
            batch = trainer.precision_plugin.convert_input(batch)
            batch = trainer.lightning_module._on_before_batch_transfer(batch, place)
            batch = trainer.strategy.batch_to_device(batch, dataloader_idx=place)
            return self._batch_of(batch)

        return found


def _named(loaders: Any) -> Iterable[tuple[str, Any]]:
    """Returns the validation's loaders, each with its name among several."""
    if isinstance(loaders, dict):
        return [(str(key), loader) for key, loader in loaders.items()]
    if not isinstance(loaders, list | tuple):
        return [("", loaders)]
    if len(loaders) == 1:
        return [("", loaders[0])]
    return [(str(place), loader) for place, loader in enumerate(loaders)]


@contextlib.contextmanager
def _writing(trainer: Trainer) -> Iterator[Any]:
    """Gives the writer of the trainer's ``TensorBoardLogger``; None in processes that write
    nothing. In a ``fast_dev_run``, which Lightning does not log, one that leaves nothing behind.
    """
    with contextlib.ExitStack() as stack:
        with Processes().together():
            writer = _opened(trainer, stack) if trainer.is_global_zero else None
        yield writer


def _opened(trainer: Trainer, stack: contextlib.ExitStack) -> Any:
    """Returns a writer that writes; the stack closes the one that leaves nothing behind."""
    if getattr(trainer, "fast_dev_run", False):
        directory = stack.enter_context(tempfile.TemporaryDirectory())
        return stack.enter_context(SummaryWriter(directory))
    writer = _board_of(trainer).experiment
    if writer.file_writer is None:  # trainers close it at their end, and write on
        writer._get_file_writer()
    return writer


def _board_of(trainer: Trainer) -> Any:
    """Returns the trainer's ``TensorBoardLogger``.

    Raises:
        TypeError: there is none; names what there is.
    """
    for logger in trainer.loggers:
        # By name: it may be the class of the other package.
        if any(each.__name__ == "TensorBoardLogger" for each in type(logger).__mro__):
            return logger
    found = ", ".join(type(logger).__name__ for logger in trainer.loggers) or "no logger"
    raise TypeError(
        "FGSMCallback writes with the trainer's TensorBoardLogger, but the trainer has "
        f'{found}: Trainer(logger=TensorBoardLogger("runs"))'
    )
