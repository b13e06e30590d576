"""``tensorboard-fgsm attack``: models by their names, attacked on a folder or data set."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
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
from tensorboard_fgsm.command.options import AttackOptions, numbers
from tensorboard_fgsm.command.pictures import Source, open_folder, spread
from tensorboard_fgsm.command.preparation import Preparation
from tensorboard_fgsm.command.runs import new_run
from tensorboard_fgsm.logger.logger import FGSMLogger
from tensorboard_fgsm.logger.processes import Processes
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
            for model, weights, checkpoint, name in runs:
                named = load_model(model, weights, checkpoint)
                run = name or _run_name(named, checkpoint, len(options.checkpoint))
                plan = _planned(options, named, source, job, device)
                finished.append(_logged(options, plan, run, job))
                del named, plan
                gc.collect()  # or two models would be in memory
        except KeyboardInterrupt:
            written = ", ".join(str(run.path) for run in finished if job.first)
            raise KeyboardInterrupt(f"written is {written or 'nothing'}") from None
    if job.first:
        report.show(finished, options.logdir, Console())


class _Plan(NamedTuple):
    """One model's attack, all but done."""

    module: nn.Module
    prepared: Prepared
    """The pictures of this process."""
    attack: FGSM | PerEpsilon
    class_names: tuple[str, ...] | None


def _planned(
    options: AttackOptions, named: NamedModel, source: Source, job: Job, device: torch.device
) -> _Plan:
    """Fits a model, the pictures and the options together."""
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
        module,
        Prepared(source, own, transform, channels, classes),
        _attack(options, preparation, target),
        class_names,
    )


def _logged(options: AttackOptions, plan: _Plan, run: str, job: Job) -> report.Finished:
    """Attacks and writes a run."""
    opened = new_run(options.logdir, run) if job.first else nullcontext((None, None))
    with opened as (path, writer), _bar(job) as bar:
        task = bar.add_task(run, total=len(plan.prepared))
        loader = PictureLoader(
            plan.prepared,
            options.batch_size,
            options.workers,
            _dtype_of(plan.module),
            lambda more: bar.advance(task, more),
        )
        logger = FGSMLogger(
            writer,
            plan.attack,
            tag=options.tag or options.attack,
            class_names=plan.class_names,
            max_samples=options.samples,
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
        skipped = [each for part in Processes().gather(loader.unreadable) for each in part]
    return report.Finished(path or options.logdir, skipped)


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
        return FGSM(epsilons, target=target, refine=options.refine, **common)
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
    return (named.preparation or Preparation()).changed(
        size=options.input_size,
        resize=options.resize,
        mean=numbers("--mean", options.mean),
        std=numbers("--std", options.std),
    )


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
