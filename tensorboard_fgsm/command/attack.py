"""``tensorboard-fgsm attack``: models by their names, attacked on a folder or data set."""

from __future__ import annotations

import dataclasses
import gc
import sys
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import nn

from tensorboard_fgsm.attack.bim import BIM
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.pgd import PGD
from tensorboard_fgsm.command import report
from tensorboard_fgsm.command.classes import class_named, classes_of, read_class_names
from tensorboard_fgsm.command.datasets import open_dataset
from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.command.job import Job, joined
from tensorboard_fgsm.command.loading import PictureLoader, Prepared, Unreadable
from tensorboard_fgsm.command.models import NamedModel, imagenet_names, load_model
from tensorboard_fgsm.command.options import AttackOptions, Run, numbers
from tensorboard_fgsm.command.pictures import Source, open_folder, spread
from tensorboard_fgsm.command.preparation import Preparation
from tensorboard_fgsm.command.runs import new_run
from tensorboard_fgsm.logger.logger import FGSMLogger
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.transfers import Exchange, ExchangeLogger, Rival
from tensorboard_fgsm.model.logits import classify

_ITERATIONS = 10


def attack(options: AttackOptions) -> None:
    """Attacks each of the models and says what came out.

    Raises:
        CommandError: an option, a model or the pictures are not as they should be.
        KeyboardInterrupt: says which runs are written.
    """
    runs = options.runs
    _attack(options, Preparation())  # refuses epsilons and the like before anything is loaded
    with joined() as job:
        device = job.device(options.device)
        source = _pictures(options)
        finished: list[report.Finished] = []
        try:
            plans = (_planned(options, run, source, job, device) for run in runs)
            if options.transfer:
                finished += _together(options, list(plans), job)
            for plan in plans:
                finished.append(_logged(options, plan, job))
                del plan
                gc.collect()  # or two models would be in memory
        except KeyboardInterrupt:
            written = ", ".join(str(run.path) for run in finished if job.first)
            raise KeyboardInterrupt(f"written is {written or 'nothing'}") from None
    if job.first:
        report.show(finished, options.logdir, Console())


class _Plan(NamedTuple):
    """One model's attack, all but done."""

    run: str
    """Its run's name."""
    module: nn.Module
    preparation: Preparation
    class_count: int
    classes: Sequence[int] | None
    """The model's class of each of the pictures'."""
    prepared: Prepared
    """The pictures of this process."""
    attack: FGSM | PerEpsilon
    class_names: tuple[str, ...] | None


def _planned(
    options: AttackOptions, run: Run, source: Source, job: Job, device: torch.device
) -> _Plan:
    """Loads a model, and fits it, the pictures and the options together."""
    model, weights, checkpoint, name = run
    named = load_model(model, weights, checkpoint)
    module = named.module.to(device)
    preparation = _preparation(options, named)
    if job.first:
        print(f"{named.name}: pictures are prepared: {preparation}", file=sys.stderr)
    indices = spread(len(source), options.limit)
    transform, channels = preparation.transform, preparation.channels
    count = _class_count(module, Prepared(source, indices, transform, channels, None), device)
    classes, class_names = _classes(options, named, source, count)
    target = None if options.target is None else _target(options.target, class_names)
    own = indices[job.rank :: job.count]
    return _Plan(
        name or _run_name(named, checkpoint, len(options.checkpoint)),
        module,
        preparation,
        count,
        classes,
        Prepared(source, own, transform, channels, classes),
        _attack(options, preparation, target),
        class_names,
    )


def _logged(options: AttackOptions, plan: _Plan, job: Job) -> report.Finished:
    """Attacks and writes a run."""
    with _opened(options, plan, job) as (path, writer):
        logger = FGSMLogger(writer, plan.attack, **_named(options, plan))
        skipped = _log(options, plan, logger, job)
    return report.Finished(path or options.logdir, skipped)


def _together(options: AttackOptions, plans: Sequence[_Plan], job: Job) -> list[report.Finished]:
    """Attacks all models, shows the examples made on each to the others, and writes the runs."""
    _check_alike(plans)
    rivals = [Rival(plan.module, plan.attack, _dtype_of(plan.module)) for plan in plans]
    exchange = Exchange(rivals)
    with ExitStack() as stack:
        opened = [stack.enter_context(_opened(options, plan, job)) for plan in plans]
        loggers = [
            ExchangeLogger(exchange, number, writer, plan.attack, **_named(options, plan))
            for number, (plan, (_, writer)) in enumerate(zip(plans, opened, strict=True))
        ]
        pairs = zip(plans, loggers, strict=True)
        skipped = [_log(options, plan, logger, job) for plan, logger in pairs]
        counts = exchange.count(Processes())
        paths = [path or options.logdir for path, _ in opened]
        names = tuple(path.relative_to(options.logdir).as_posix() for path in paths)
        for logger in loggers:
            logger.write(names, counts)
    return [report.Finished(*each) for each in zip(paths, skipped, strict=True)]


def _check_alike(plans: Sequence[_Plan]) -> None:
    """Refuses models between which examples cannot be exchanged."""
    first, *others = plans
    for other in others:
        both = f"{first.run} and {other.run}"
        if other.class_count != first.class_count:
            raise CommandError(
                f"--transfer is between models of the same classes, but of {both} one has "
                f"{first.class_count} classes and the other {other.class_count}"
            )
        names = first.class_names, other.class_names
        if other.classes != first.classes or (None not in names and names[0] != names[1]):
            raise CommandError(
                f"--transfer is between models of the same classes, but {both} name them otherwise "
                "or in another order"
            )
        if other.preparation.geometry != first.preparation.geometry:
            raise CommandError(
                f"--transfer is between models that are shown the same pictures, but of {both} one "
                f"has {first.preparation.geometry} and the other {other.preparation.geometry}: "
                "--size 224, or what suits all, prepares them alike"
            )


def _opened(
    options: AttackOptions, plan: _Plan, job: Job
) -> AbstractContextManager[tuple[Path | None, Any]]:
    """A new run's directory and writer, in the process that writes."""
    return new_run(options.logdir, plan.run) if job.first else nullcontext((None, None))


def _named(options: AttackOptions, plan: _Plan) -> dict[str, Any]:
    return {
        "tag": options.tag or options.attack,
        "class_names": plan.class_names,
        "max_samples": options.samples,
        "check": PGD(steps=_ITERATIONS, restarts=2) if options.check else None,
        "check_samples": options.check or 1,
        "cross_sections": options.cross_sections,
        "embed": options.embed or None,
    }


def _log(
    options: AttackOptions, plan: _Plan, logger: FGSMLogger, job: Job
) -> list[tuple[str, str]]:
    """Attacks a model; returns the pictures that were skipped, in all processes."""
    with _bar(job) as bar:
        task = bar.add_task(plan.run, total=len(plan.prepared))
        loader = PictureLoader(
            plan.prepared,
            options.batch_size,
            options.workers,
            _dtype_of(plan.module),
            lambda more: bar.advance(task, more),
        )
        follow: Any = options.followed
        try:
            # What the logger warns of is in the record, and said at the end.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", category=RuntimeWarning, module=__name__)
                logger.log_dataset(plan.module, loader, options.step, follow=follow)
        except torch.OutOfMemoryError as error:
            half = max(1, options.batch_size // 2)
            raise CommandError(f"out of memory: --batch-size {half} takes less") from error
    return [each for part in Processes().gather(loader.unreadable) for each in part]


def _attack(
    options: AttackOptions, preparation: Preparation, target: Any = None
) -> FGSM | PerEpsilon:
    common: dict[str, Any] = {
        "mean": preparation.mean,
        "std": preparation.std,
        "quantize": options.quantize,
        "control": options.control,
    }
    epsilons = [text.strip() for text in options.epsilons.split(",") if text.strip()]
    if options.attack == "fgsm":
        return FGSM(
            epsilons,
            target=target,
            refine=options.refine,
            alignment=options.alignment,
            precision=options.precision,
            **common,
        )
    kind = BIM if options.attack == "bim" else PGD
    return PerEpsilon(kind(steps=options.iterations or _ITERATIONS), epsilons, **common)


def _pictures(options: AttackOptions) -> Source:
    if options.dataset is not None:
        return open_dataset(
            options.dataset, options.root, download=options.download, split=options.split
        )
    assert options.images is not None
    return open_folder(options.images)


def _preparation(options: AttackOptions, named: NamedModel) -> Preparation:
    preparation = (named.preparation or Preparation()).changed(
        size=options.input_size,
        resize=options.resize,
        mean=numbers("--mean", options.mean),
        std=numbers("--std", options.std),
    )
    if options.transfer and options.size:  # or it would be each model's own
        preparation = dataclasses.replace(preparation, interpolation="bilinear")
    return preparation


def _class_count(module: nn.Module, prepared: Prepared, device: torch.device) -> int:
    """Asks the model about the first picture that can be read."""
    unreadable: list[Unreadable] = []
    for position in range(len(prepared)):
        found = prepared[position]
        if isinstance(found, Unreadable):
            unreadable.append(found)
            continue
        inputs = found[0].unsqueeze(0).to(device, _dtype_of(module))
        return classify(module, inputs).shape[1]
    first = unreadable[0]
    raise CommandError(
        f"none of the {len(unreadable)} pictures can be read; {first.name}: {first.reason}"
    )


def _dtype_of(module: nn.Module) -> torch.dtype:
    parameter = next(module.parameters(), None)
    return torch.float32 if parameter is None else parameter.dtype


def _classes(
    options: AttackOptions, named: NamedModel, source: Source, count: int
) -> tuple[Sequence[int] | None, tuple[str, ...] | None]:
    """Returns the model's class of each of the pictures', and the names of the model's."""
    names = named.class_names
    if options.classes == "imagenet":
        names = imagenet_names()
    elif options.classes is not None:
        names = read_class_names(Path(options.classes))
    if source.class_names is None:
        return None, names
    return classes_of(source.class_names, names, count)


def _target(text: str, names: tuple[str, ...] | None) -> int | str:
    return text if text == "least-likely" else class_named(text, names)


def _run_name(named: NamedModel, checkpoint: Path | None, checkpoints: int) -> str:
    if checkpoint is None or checkpoints < 2:
        return named.name
    return f"{named.name}-{checkpoint.stem}"


def _bar(job: Job) -> Progress:
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not (job.first and console.is_terminal),
    )
