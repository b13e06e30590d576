"""One logged step, of a batch or of a data set: attacks, looks at what came out, and writes it."""

from __future__ import annotations

import contextlib
import functools
import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from torch import Tensor

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.batch import check_batch
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import Attack, PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format import pixels, summary
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.logger.accelerate_loader import UnreadLoader
from tensorboard_fgsm.logger.arguments import (
    checked_attack,
    checked_names,
    checked_tag,
    checked_writer,
    whole,
)
from tensorboard_fgsm.logger.batches import (
    Batch,
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
from tensorboard_fgsm.logger.cross_sections import CrossSectioner
from tensorboard_fgsm.logger.embedded_samples import EmbeddedSamples
from tensorboard_fgsm.logger.embedding import Embedder, Embedding, checked_embed
from tensorboard_fgsm.logger.encoding import Encoder
from tensorboard_fgsm.logger.evaluation import Evaluation, evaluate, guarded
from tensorboard_fgsm.logger.failures import OnError, checked_on_error
from tensorboard_fgsm.logger.followed_samples import (
    FollowedSamples,
    FollowName,
    check_numbered,
    checked_follow,
    checked_settle,
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
from tensorboard_fgsm.logger.random_outputs import RandomOutputs
from tensorboard_fgsm.logger.selections import Selection, Selections
from tensorboard_fgsm.logger.series import Series, series_of
from tensorboard_fgsm.logger.shard import shard_of
from tensorboard_fgsm.logger.step_record import (
    Chosen,
    ShownSamples,
    StepResult,
    chosen_by,
    shown_samples,
    step_record_of,
)
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.loan import borrow
from tensorboard_fgsm.model.modules import Model, device_of
from tensorboard_fgsm.model.random_numbers import random_numbers


class DataSetCall(NamedTuple):
    """What ``log_dataset`` is given, but for the model."""

    loader: Iterable[Any]
    step: int
    follow: FollowName | Iterable[int]
    settle: int | None
    progress: bool
    batch_of: BatchOf | None
    max_batches: int | None


class _DataSet(NamedTuple):
    """The same, checked."""

    step: int
    selection: Selection
    settle: int | None
    stream: Iterator[Batch]


class StepLogger:
    """What an ``FGSMLogger`` does at a step, and remembers for the next one.

    Args:
        writer, attack, tag, class_names, max_samples, every, check, check_samples, on_overfitting,
            on_error, embed, cross_sections, cross_section_resolution: as ``FGSMLogger`` tells.
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
        cross_sections: int = 0,
        cross_section_resolution: int = 33,
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
        self._sections = CrossSectioner(self.attack, cross_sections, cross_section_resolution)
        self._random_outputs = RandomOutputs()
        self._selections = Selections(self.max_samples)
        self._encoder = Encoder()

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
        random = self._random_outputs.of(model, sweep)
        found = (*random, *_caveats(checked), *caveats.caveats_of(tally, self.attack))
        caveats.warn(found, stacklevel=3)
        count = min(self.max_samples, len(sweep.labels))
        shown = self._drawn(model, sweep, range(count), size=len(sweep.labels))
        embedding = None
        if self._embedder is not None and embedded is not None:
            embedding = self._embedder.embedding(embedded, step)
        check = checked and checked.check
        self._write(StepResult(step, tally, shown, Chosen(), found, check, embedding))
        return sweep, checked

    def _log_dataset(
        self, model: Model, call: DataSetCall
    ) -> tuple[Evaluation | None, Checked | None]:
        with contextlib.suppress(TypeError):  # which all processes shall hear of
            if operator.index(call.step) % self.every:
                return None, None
        processes = Processes()
        with processes.together():
            given = self._given(model, call, processes)
        known = self._random_outputs.known(model)
        embedded = self._embedded(model)
        self._agree(given, embedded, processes, first_of_model=known is None)
        chooser = self._selections.chooser(given.selection)
        for_check = self.checker and self.checker.chooser(given.selection.length)
        counted = borrow(
            # A loader draws from them, be it only a seed for its workers.
            lambda: [*random_numbers(generators_of(call.loader)), UnreadLoader(call.loader)],
            lambda: evaluate(
                self.attack,
                model,
                given.stream,
                processes,
                [each for each in (chooser, for_check) if each is not None],
                check=self._check_names,
                seen=self._seen,
                twice=known is None,
                on_error=self.on_error,
                embedded=embedded,
            ),
        )
        if known is None:
            known = self._random_outputs.remember(model, counted.random_outputs)
        followed = self._selections.samples(
            given.selection, chooser, counted.tally, processes, given.settle
        )
        few = None
        if self.checker is not None and for_check is not None:
            few = self.checker.kept(given.selection.length, for_check, processes)
        with guarded(model, processes, self.on_error):
            shown = self._shown(model, followed, processes, counted.largest)
            check = self._check(model, few, processes, counted.largest)
        check = processes.from_(0, check)
        checked = None
        if self.checker is not None and check is not None:
            checked = self.checker.look(given.step, check, counted.tally)
        found = (
            *known,
            *counted.same_samples,
            *_caveats(checked),
            *caveats.caveats_of(counted.tally, self.attack),
            *self._selections.caveats(given.selection),
        )
        embedding = None
        if self._embedder is not None and embedded is not None:
            embedding = self._embedder.embedding(embedded, given.step, processes.gather)
        anew = not self._selections.is_kept(given.selection)
        chosen = chosen_by(given.selection.follow, anew=anew)
        with processes.together():
            if processes.rank == 0:
                caveats.warn(found, stacklevel=3)
                self._write(
                    StepResult(given.step, counted.tally, shown, chosen, found, check, embedding)
                )
        return Evaluation(self.attack, counted.tally, check), checked

    def _given(self, model: Model, call: DataSetCall, processes: Processes) -> _DataSet:
        """Checks what ``log_dataset`` was given."""
        loader, step = call.loader, whole("step", call.step)
        if processes.rank == 0:
            self._check_step(step)
        check_target(self.attack)
        most = None
        if call.max_batches is not None:
            most = whole("max_batches", call.max_batches, least=1)
        wanted = checked_follow(call.follow)
        shard = shard_of(loader, processes)
        settle = checked_settle(call.settle, wanted)
        check_numbered(wanted, shard)
        source = loader
        if call.progress and processes.rank == 0:
            source = progressing(loader, self.tag, most)
        device, check = device_of(model), self._check_batch
        stream = batches(
            source, shard, device=device, batch_of=call.batch_of, most=most, check=check
        )
        return _DataSet(step, Selection(wanted, length_of(loader)), settle, stream)

    def _agree(
        self,
        given: _DataSet,
        embedded: EmbeddedSamples | None,
        processes: Processes,
        *,
        first_of_model: bool,
    ) -> None:
        """Refuses processes that were called differently."""
        processes.agree(
            step=given.step,
            every=self.every,
            on_error=self.on_error,
            attack=self.attack.name,
            epsilons=self.attack.epsilons,
            quantize=self.attack.quantize,
            precision=self.attack.precision if isinstance(self.attack, FGSM) else None,
            max_samples=self.max_samples,
            check=self.checker and (self.checker.name, self.checker.samples),
            embed=embedded and embedded.most,
            cross_sections=(self._sections.samples, self._sections.resolution),
            follow=given.selection.follow,
            settle=given.settle,
            first_call=not self._selections.is_kept(given.selection),
            first_of_model=first_of_model,
        )

    def _shown(
        self, model: Model, followed: FollowedSamples | None, processes: Processes, size: int
    ) -> ShownSamples | None:
        """Attacks the samples that are followed, in batches no larger than the loader's: where they
        are written, and everywhere if the model can only forward everywhere.
        """
        if followed is None or (processes.rank > 0 and not is_sharded(model)):
            return None
        parts = (
            self._drawn(model, sweep, indices, size=size, before=size * number)
            for number, (sweep, indices) in enumerate(self._swept(model, followed, size))
        )
        return functools.reduce(operator.add, parts)

    def _drawn(
        self, model: Model, sweep: Sweep, indices: Sequence[int], *, size: int, before: int = 0
    ) -> ShownSamples:
        """Returns the first samples of a sweep as they are written, after so many others."""
        shown = shown_samples(sweep, model, len(indices), indices, self._encoder)
        sections = self._sections.of(sweep, model, len(indices), before=before, size=size)
        return shown.with_sections(sections)

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
        for inputs, labels, indices in followed.parts(size, device_of(model)):
            yield self.attack.sweep_quietly(model, inputs, labels), indices

    def _seen(self, sweep: Sweep) -> None:
        """Is told what came out of every batch of a data set."""

    def _write(self, result: StepResult) -> None:
        if self.writer is None:
            return
        self._check_step(result.step)  # it may have been closed meanwhile
        series = self._series()
        entry = step_record_of(
            self.attack, result, class_names=self.class_names, logged=series.logged + 1
        )
        scalars = result.tally.scalars(self.tag)
        if result.check is not None:
            scalars |= result.check.scalars(self.tag)
        value = summary.value(self.tag, entry.record, entry.pictures)
        summary.write(self.writer, result.step, value, scalars)
        series.last_step, series.logged = result.step, series.logged + 1

    def _series(self) -> Series:
        return series_of(self.writer, self.tag)

    def _embedded(self, model: Model) -> EmbeddedSamples | None:
        return None if self._embedder is None else self._embedder.begin(self.attack, model)

    def _check_step(self, step: int) -> None:
        check_countable(step)
        if may_write(self.writer):
            check_increasing(step, self._series().last_step, self.tag)

    def _check_batch(self, inputs: Tensor, labels: Tensor | None) -> None:
        check_batch(inputs, labels)
        check_labels_named(labels, self.class_names)
        if self.max_samples:
            pixels.check_size(*inputs.shape[2:])

    def _check_names(self, classes: int) -> None:
        check_classes_named(classes, self.class_names)


def _caveats(checked: Checked | None) -> tuple[Caveat, ...]:
    return checked.caveats if checked else ()
