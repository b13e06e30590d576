"""Runs the attack in a training script and writes what came out through its own writer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor

from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.logger.batches import BatchOf
from tensorboard_fgsm.logger.checker import Checked
from tensorboard_fgsm.logger.evaluation import Evaluation
from tensorboard_fgsm.logger.failures import tolerated
from tensorboard_fgsm.logger.followed_samples import FollowName
from tensorboard_fgsm.logger.step_logger import DataSetCall, StepLogger
from tensorboard_fgsm.model.modules import Model


class FGSMLogger(StepLogger):
    """Writes adversarial examples for the FGSM tab of TensorBoard.

    Args:
        writer: the script's own ``torch.utils.tensorboard.SummaryWriter`` or
            ``tensorboardX.SummaryWriter``; None in the processes of a ``torch.distributed`` job
            that write nothing, all but rank 0.
        attack: how to attack: an ``FGSM``, or another attack as ``PerEpsilon``.
        tag: the name of the series; must be unique to it within the run.
        class_names: a name a class, in the order of the logits.
        max_samples: of how many samples at most pictures are stored. The numbers are over all.
        every: log only the steps that this number divides; a call at another one returns None at
            once.
        check: a stronger attack, such as ``PGD(steps=10, restarts=2)``, which is run at each logged
            step on a few samples, those that the logged attack leaves right. What holds against
            both is logged beside the accuracies (``attack.check.Check``), and a training that
            overfits to the logged attack is warned of (``attack.overfitting.Overfitting``).
        check_samples: how many: the first of the batch, or of the data set at the first call.
        on_overfitting: is called with an ``Overfitting`` after a step that shows one was written,
            in all processes that log a data set; for those who stop, or go back to the last good
            weights. What it raises ends the call, whatever ``on_error`` says.
        on_error: what becomes of an error while a step is logged, the model's, the loader's and the
            writer's included. With ``"raise"`` it ends the call, as a ``SummaryWriter``'s own does:
            a mistake shows at the first step, and not as an empty tab after the last. With
            ``"warn"`` a ``RuntimeWarning`` tells of it with tag and step, the call returns None,
            and the training goes on. An interrupt is raised in either case.
        embed: of how many samples the record says where they lie for the model, clean and at each
            epsilon, or an ``Embedding``; None for none. They are the first, with and without
            pictures: the features of the model's last layer, in the plane of their two principal
            components. The plane is that of the clean features of the first step that this logger
            logs; a restarted job has another, which the record tells. Costs a forward of one sample
            a step and, where the attack is not FGSM or has a coarser precision, the layer is given,
            or what it answers is not the logits, 1 + E forwards of these samples. Holds
            (1 + E) · features floats of each until the step is written.
        cross_sections: of how many samples the record says what the model says on a square through
            them, 0 to 64: along FGSM's direction (of another attack, that of the FGSM beside it)
            and along a random one orthogonal to it, each from the largest epsilon backwards to the
            largest one forwards (``attack.cross_section``). They are the first of those that have
            pictures. With n of these and R the resolution a step costs n·R² / B forwards of B
            samples each, without gradients, where B is the size of the (largest) batch.
        cross_section_resolution: R, how many cells a side of the square has, an odd number from 3
            to 129.

    Raises:
        TypeError, ValueError: an argument is not as above.

    Example:
        >>> fgsm = FGSMLogger(writer, FGSM([2 / 255, 8 / 255]), class_names=names)
        >>> fgsm.log(model, inputs, labels, step=epoch)
        >>> fgsm.log_dataset(model, loader, step=epoch)
    """

    def log(self, model: Model, inputs: Tensor, labels: Tensor | None, step: int) -> Sweep | None:
        """Attacks a batch at every epsilon and writes one step.

        Costs what the attack's ``sweep`` costs and, for FGSM, one forward over the noise pictures
        of the samples shown; at the first step of a model, one forward more, which shows whether
        its outputs are random; for a check, what ``PerEpsilon.check`` does, over at most
        ``check_samples``; for cross-sections, the forwards that ``FGSMLogger`` tells. Writes the
        record with its pictures under the tag, and the scalars ``<tag>/clean_accuracy``,
        ``<tag>/robust_accuracy/eps=<ε>`` and, where they were asked for, ``control_accuracy``,
        ``gradient_alignment`` and ``check_accuracy`` likewise. The model and the training are left
        as they were, also after an error or Ctrl-C, whenever it comes. Threads that log wait for
        each other; log a copy of a model that another thread trains.

        Args:
            model: the classifier.
            inputs: (N, C, H, W) floats, what the model eats.
            labels: (N,) int64, the true classes; or None for the model's own clean predictions.
            step: the global step; must be greater than the last one under this tag.

        Returns:
            The whole result, for the script's own use; None at a step between (``every``), and
            where a warning told of an error (``on_error``).

        Raises:
            ValueError, TypeError: a closed writer, a step that does not increase, too few class
                names, pictures too large to store, or what ``FGSM.sweep`` refuses. Nothing is
                written then, and nothing computed, but for what only the model's answer shows.
            OSError: the writer writes no more, because its disk is full or its directory gone.
        """
        sweep, checked = None, None
        with tolerated(self.on_error, self.tag, step, stacklevel=2):
            sweep, checked = self._log(model, inputs, labels, step)
        self._tell(checked)
        return sweep

    def log_dataset(
        self,
        model: Model,
        loader: Iterable[Any],
        step: int,
        *,
        follow: FollowName | Iterable[int] = "first",
        settle: int | None = None,
        progress: bool = False,
        batch_of: BatchOf | None = None,
        max_batches: int | None = None,
    ) -> Evaluation | None:
        """Attacks a whole data set at every epsilon and writes one step, as ``log`` of a batch.

        One batch is in memory at a time. Pictures are of a few samples, the same at every step
        unless ``follow`` says otherwise: they are chosen at the first call, kept, and attacked once
        more at each.

        Under ``torch.distributed`` all processes call it together, each with the loader of its own
        shard: a ``DistributedSampler``'s, whose repeated samples are not counted, or any other that
        yields each sample in one process. The counts are added up, and rank 0 writes. If one
        process fails, all do.

        Args:
            model: the classifier; also wrapped in DistributedDataParallel or sharded by FSDP. The
                batches are moved to where its parameters are.
            loader: a ``DataLoader`` or any iterable of batches: ``(inputs, labels, …)``, mappings
                with ``pixel_values`` or ``inputs`` and ``labels``, or inputs alone.
            step: the global step; must be greater than the last one under this tag.
            follow: of which samples pictures are stored: the ``"first"``; those
                ``"flipped-first"``, at the smallest epsilons at the first call, which is to be of a
                model that has learned; the ``"weakest"``, which flip first at this call, others at
                others; ``"per-class"``, the weakest of each class, among which ``max_samples`` is
                shared out as evenly as may be (what is left over goes to those that flip first);
                or those of these numbers, counted from 0 in the order of the data set, however
                many. Of a class, too, it is the weakest that are chosen, because a sample that is
                wrong when clean, or never flips, shows little of how the class breaks.
            settle: with ``follow="per-class"``, the samples are chosen anew at so many calls, and
                at the next one for good. By default they are chosen for good at the first call at
                which the model has learned: at which its clean accuracy lies above the share of the
                most frequent class, with its 95 % interval. The record says of each step whether
                others may have other samples.
            progress: show a progress bar (tqdm), on rank 0.
            batch_of: a function that finds ``(inputs, labels)`` in a batch of another kind.
            max_batches: stop after so many batches; in each process, if there are more.

        Returns:
            What was counted, in every process; None at a step between (``every``), and where a
            warning told of an error (``on_error``), of one process in all.

        Raises:
            ValueError, TypeError: what ``log`` refuses, an empty loader, batches of another kind,
                or samples to follow that are not there. Nothing is written then.
            RuntimeError: another process failed; the message has its reason.
            OSError: as ``log``.
            ModuleNotFoundError: a progress bar is wanted, and tqdm not installed.
        """
        evaluation, checked = None, None
        with tolerated(self.on_error, self.tag, step, stacklevel=2):
            call = DataSetCall(loader, step, follow, settle, progress, batch_of, max_batches)
            evaluation, checked = self._log_dataset(model, call)
        self._tell(checked)
        return evaluation

    def _tell(self, checked: Checked | None) -> None:
        if checked and checked.overfitting and self.on_overfitting:
            self.on_overfitting(checked.overfitting)
