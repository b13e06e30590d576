"""Runs the attack in a training script and writes what came out through its own writer."""

from __future__ import annotations

import contextlib
import functools
import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from torch import Tensor

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.batch import check_batch
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import Attack, PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format import embedding as schema
from tensorboard_fgsm.format import pixels, summary
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.format.transfers import Transfers
from tensorboard_fgsm.logger.accelerate_loader import UnreadLoader
from tensorboard_fgsm.logger.arguments import (
    checked_attack,
    checked_names,
    checked_tag,
    checked_writer,
    whole,
)
from tensorboard_fgsm.logger.batches import (
    BatchOf,
    batches,
    generators_of,
    length_of,
    progressing,
)
from tensorboard_fgsm.logger.checker import (
    Checked,
    Checker,
    OnOverfitting,
    checked_on_overfitting,
)
from tensorboard_fgsm.logger.embedded_samples import EmbeddedSamples
from tensorboard_fgsm.logger.embedding import Embedder, Embedding, checked_embed
from tensorboard_fgsm.logger.evaluation import Evaluation, evaluate, guarded
from tensorboard_fgsm.logger.failures import OnError, checked_on_error, tolerated
from tensorboard_fgsm.logger.followed_samples import (
    Chooser,
    Follow,
    FollowedSamples,
    FollowName,
    check_numbered,
    checked_follow,
    checked_settle,
    is_for_good,
)
from tensorboard_fgsm.logger.log_arguments import (
    check_classes_named,
    check_countable,
    check_increasing,
    check_labels_named,
    check_target,
    may_write,
)
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.shard import shard_of
from tensorboard_fgsm.logger.step_record import (
    Chosen,
    ShownSamples,
    chosen_by,
    shown_samples,
    step_record_of,
)
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.loan import borrow
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model, device_of
from tensorboard_fgsm.model.random_numbers import random_numbers

_Choice = tuple[Follow, int | None]
"""Which samples are followed, and of how many."""


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
            a step and, where the attack is not FGSM, the layer is given, or what it answers is not
            the logits, 1 + E forwards of these samples. Holds (1 + E) · features floats of each
            until the step is written.

    Raises:
        TypeError, ValueError: an argument is not as above.

    Example:
        >>> fgsm = FGSMLogger(writer, FGSM([2 / 255, 8 / 255]), class_names=names)
        >>> fgsm.log(model, inputs, labels, step=epoch)
        >>> fgsm.log_dataset(model, loader, step=epoch)
    """

    def __init__(
        self,
        writer: Any,
        attack: FGSM | PerEpsilon,
        *,
        tag: str = "fgsm",
        class_names: Sequence[str] | None = None,
        max_samples: int = 16,
        every: int = 1,
        check: Attack | None = None,
        check_samples: int = 64,
        on_overfitting: OnOverfitting | None = None,
        on_error: OnError = "raise",
        embed: int | Embedding | None = None,
    ) -> None:
        self.writer = checked_writer(writer)
        self.attack = checked_attack(attack)
        self.tag = checked_tag(tag)
        self.class_names = checked_names(class_names)
        self.max_samples = whole("max_samples", max_samples)
        self.every = whole("every", every, least=1)
        self.checker = None if check is None else Checker(self.attack, check, check_samples)
        self.on_overfitting = checked_on_overfitting(on_overfitting, check)
        self.on_error: OnError = checked_on_error(on_error)
        wanted = checked_embed(embed)
        self._embedder = None if wanted is None else Embedder(wanted)
        self._random: WeakKeyDictionary[Any, tuple[Caveat, ...]] = WeakKeyDictionary()
        self._followed: dict[_Choice, FollowedSamples | None] = {}
        self._calls: Counter[_Choice] = Counter()
        self._of_choice: dict[_Choice, tuple[Caveat, ...]] = {}
        self._checked: dict[int | None, FollowedSamples | None] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leaves out what is known of models: for processes that are spawned."""
        return {name: value for name, value in vars(self).items() if name != "_random"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _random=WeakKeyDictionary())

    def log(self, model: Model, inputs: Tensor, labels: Tensor | None, step: int) -> Sweep | None:
        """Attacks a batch at every epsilon and writes one step.

        Costs what the attack's ``sweep`` costs and, for FGSM, one forward over the noise pictures
        of the samples shown; at the first step of a model, one forward more, which shows whether
        its outputs are random; for a check, what ``PerEpsilon.check`` does, over at most
        ``check_samples``. Writes one event: the record with its pictures under the tag, and
        the scalars ``<tag>/clean_accuracy``, ``<tag>/robust_accuracy/eps=<ε>`` and, where they were
        asked for, ``control_accuracy``, ``gradient_alignment`` and ``check_accuracy`` likewise. The
        model and the training are left as they were, also after an error or Ctrl-C, whenever it
        comes. Threads that log wait for each other; log a copy of a model that another thread
        trains.

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

    def _log(
        self, model: Model, inputs: Tensor, labels: Tensor | None, step: int
    ) -> tuple[Sweep | None, Checked | None]:
        step = whole("step", step)
        if step % self.every:
            return None, None
        self._check_step(step)
        self._check_batch(inputs, labels)
        embedded = self._embedded(model)
        if embedded is None:
            sweep = self.attack.sweep_quietly(model, inputs, labels)
        else:
            sweep = embedded.sweep(inputs, labels, range(len(inputs)))
        self._check_names(sweep.clean_logits.shape[1])
        tally = Tally.of(sweep)
        checked = None
        if self.checker is not None:
            some = sweep.of(slice(self.checker.samples))
            checked = self.checker.look(step, self.checker.check(model, [some]), tally)
        found = self._randomness(model, sweep)
        found = (*found, *_caveats(checked), *caveats.caveats_of(tally, self.attack))
        caveats.warn(found, stacklevel=3)
        count = min(self.max_samples, len(sweep.labels))
        shown = shown_samples(sweep, model, count, range(count))
        self._write(step, tally, shown, Chosen(), found, checked, self._embedding(embedded, step))
        return sweep, checked

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
            evaluation, checked = self._log_dataset(
                model, loader, step, follow, settle, progress, batch_of, max_batches
            )
        self._tell(checked)
        return evaluation

    def _log_dataset(
        self,
        model: Model,
        loader: Iterable[Any],
        step: int,
        follow: FollowName | Iterable[int],
        settle: int | None,
        progress: bool,
        batch_of: BatchOf | None,
        max_batches: int | None,
    ) -> tuple[Evaluation | None, Checked | None]:
        with contextlib.suppress(TypeError):  # which all processes shall hear of
            if operator.index(step) % self.every:
                return None, None
        processes = Processes()
        with processes.together():
            step = whole("step", step)
            self._check_dataset(step, processes)
            most = None if max_batches is None else whole("max_batches", max_batches, least=1)
            wanted = checked_follow(follow)
            shard = shard_of(loader, processes)
            settle = checked_settle(settle, wanted)
            check_numbered(wanted, shard)
            shows = progress and processes.rank == 0
            source = progressing(loader, self.tag, most) if shows else loader
            device = device_of(model)
            key = wanted, length_of(loader)
        check = self._check_batch
        stream = batches(source, shard, device=device, batch_of=batch_of, most=most, check=check)
        known = self._known(model)
        embedded = self._embedded(model)
        processes.agree(
            step=step,
            every=self.every,
            on_error=self.on_error,
            attack=self.attack.name,
            epsilons=self.attack.epsilons,
            quantize=self.attack.quantize,
            max_samples=self.max_samples,
            check=self.checker and (self.checker.name, self.checker.samples),
            embed=embedded and embedded.most,
            follow=wanted,
            settle=settle,
            first_call=key not in self._followed,
            first_of_model=known is None,
        )
        chooser = Chooser(wanted, 0 if key in self._followed else self.max_samples)
        for_check = Chooser("first", self._unchosen(key[1]))
        counted = borrow(
            # A loader draws from them, be it only a seed for its workers.
            lambda: [*random_numbers(generators_of(loader)), UnreadLoader(loader)],
            lambda: evaluate(
                self.attack,
                model,
                stream,
                processes,
                (chooser, for_check),
                check=self._check_names,
                seen=self._seen,
                twice=known is None,
                on_error=self.on_error,
                embedded=embedded,
            ),
        )
        if known is None:
            known = self._remember(model, counted.random_outputs)
        followed = self._follow(key, chooser, counted.tally, processes, settle)
        if self._unchosen(key[1]):
            self._checked[key[1]] = for_check.made(processes)
        with guarded(model, processes, self.on_error):
            shown = self._shown(model, followed, processes, counted.largest)
            check = self._check(model, self._checked.get(key[1]), processes, counted.largest)
        checked = None
        check = processes.from_(0, check)
        if self.checker is not None and check is not None:
            checked = self.checker.look(step, check, counted.tally)
        warned = caveats.caveats_of(counted.tally, self.attack)
        of_choice = self._of_choice.get(key, ())
        found = (*known, *counted.same_samples, *_caveats(checked), *warned, *of_choice)
        embedding = self._embedding(embedded, step, processes)
        with processes.together():
            if processes.rank == 0:
                caveats.warn(found, stacklevel=3)
                chosen = chosen_by(wanted, anew=key not in self._followed)
                self._write(step, counted.tally, shown, chosen, found, checked, embedding)
        return Evaluation(self.attack, counted.tally, check), checked

    def _follow(
        self,
        key: _Choice,
        chooser: Chooser,
        tally: Tally,
        processes: Processes,
        settle: int | None,
    ) -> FollowedSamples | None:
        """Returns the samples that were chosen before, or else now: then for good, if it is time,
        with what may be wrong with the choice.
        """
        if key in self._followed:
            return self._followed[key]
        made = chooser.made(processes)
        calls, self._calls[key] = self._calls[key], self._calls[key] + 1
        if is_for_good(chooser.follow, calls, settle, learned=tally.learned):
            self._followed[key] = made
            if made is not None and chooser.follow in ("flipped-first", "per-class"):
                self._of_choice[key] = tuple(caveats.untrained_choice(tally))
        return made

    def _shown(
        self, model: Model, followed: FollowedSamples | None, processes: Processes, size: int
    ) -> ShownSamples | None:
        """Attacks the samples that are followed, in batches no larger than the loader's: where they
        are written, and everywhere if the model can only forward everywhere.
        """
        if followed is None or (processes.rank > 0 and not is_sharded(model)):
            return None
        parts = (
            shown_samples(sweep, model, len(indices), indices)
            for sweep, indices in self._swept(model, followed, size)
        )
        return functools.reduce(operator.add, parts)

    def _check(
        self, model: Model, followed: FollowedSamples | None, processes: Processes, size: int
    ) -> Check | None:
        """Checks the samples that were chosen for it, in the same batches and processes."""
        if self.checker is None or followed is None:
            return None
        if processes.rank > 0 and not is_sharded(model):
            return None
        return self.checker.check(model, (sweep for sweep, _ in self._swept(model, followed, size)))

    def _swept(
        self, model: Model, followed: FollowedSamples, size: int
    ) -> Iterator[tuple[Sweep, tuple[int, ...]]]:
        """Attacks samples that are followed; yields each sweep with their numbers."""
        device = device_of(model)
        for start in range(0, len(followed.indices), size):
            part = slice(start, start + size)
            inputs = followed.inputs[part] if device is None else followed.inputs[part].to(device)
            labels = None if followed.labels is None else followed.labels[part]
            yield self.attack.sweep_quietly(model, inputs, labels), followed.indices[part]

    def _unchosen(self, length: int | None) -> int:
        """How many samples of a loader of this length are yet to be chosen for the check."""
        return 0 if self.checker is None or length in self._checked else self.checker.samples

    def _tell(self, checked: Checked | None) -> None:
        if checked and checked.overfitting and self.on_overfitting:
            self.on_overfitting(checked.overfitting)

    def _seen(self, sweep: Sweep) -> None:
        """Is told what came out of every batch of a data set."""

    def _write(
        self,
        step: int,
        tally: Tally,
        shown: ShownSamples | None,
        chosen: Chosen,
        found: tuple[Caveat, ...],
        checked: Checked | None,
        embedding: schema.Embedding | None,
        transfers: Transfers | None = None,
    ) -> None:
        if self.writer is None:
            return
        self._check_step(step)  # it may have been closed meanwhile
        series = self._series()
        entry = step_record_of(
            self.attack,
            tally,
            shown,
            chosen=chosen,
            class_names=self.class_names,
            logged=series.logged + 1,
            caveats=found,
            check=checked and checked.check,
            embedding=embedding,
            transfers=transfers,
        )
        scalars = tally.scalars(self.tag)
        if checked:
            scalars |= checked.check.scalars(self.tag)
        value = summary.value(self.tag, entry.record, entry.pictures)
        summary.write(self.writer, step, value, scalars)
        series.last_step, series.logged = step, series.logged + 1

    def _embedded(self, model: Model) -> EmbeddedSamples | None:
        return None if self._embedder is None else self._embedder.begin(self.attack, model)

    def _embedding(
        self, embedded: EmbeddedSamples | None, step: int, processes: Processes | None = None
    ) -> schema.Embedding | None:
        if self._embedder is None or embedded is None:
            return None
        if processes is None:
            return self._embedder.embedding(embedded, step)
        return self._embedder.embedding(embedded, step, processes.gather)

    def _series(self) -> _Series:
        return _written.setdefault(self.writer, {}).setdefault(self.tag, _Series())

    def _randomness(self, model: Model, sweep: Sweep) -> tuple[Caveat, ...]:
        """Passes the batch once more, the first time that a model is seen."""
        known = self._known(model)
        if known is not None:
            return known
        again = classify(model, sweep.inputs, classes=sweep.clean_logits.shape[1], redrawn=True)
        return self._remember(model, tuple(caveats.random_outputs(sweep.clean_logits, again)))

    def _known(self, model: Model) -> tuple[Caveat, ...] | None:
        """Whether a model's outputs are random, if that was looked for."""
        with contextlib.suppress(TypeError):  # what cannot be remembered is asked each time
            return self._random.get(model)
        return None

    def _remember(self, model: Model, found: tuple[Caveat, ...]) -> tuple[Caveat, ...]:
        with contextlib.suppress(TypeError):
            self._random[model] = found
        return found

    def _check_step(self, step: int) -> None:
        check_countable(step)
        if may_write(self.writer):
            check_increasing(step, self._series().last_step, self.tag)

    def _check_dataset(self, step: int, processes: Processes) -> None:
        if processes.rank == 0:
            self._check_step(step)
        check_target(self.attack)

    def _check_batch(self, inputs: Tensor, labels: Tensor | None) -> None:
        check_batch(inputs, labels)
        check_labels_named(labels, self.class_names)
        if self.max_samples:
            pixels.check_size(*inputs.shape[2:])

    def _check_names(self, classes: int) -> None:
        check_classes_named(classes, self.class_names)


def _caveats(checked: Checked | None) -> tuple[Caveat, ...]:
    return checked.caveats if checked else ()
