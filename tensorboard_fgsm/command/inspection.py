"""``tensorboard-fgsm inspect``: what is logged in a directory, and what of it is damaged."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table

from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.format.logdir import event_files
from tensorboard_fgsm.format.reader import DamageWarning, LoggedStep, read_steps
from tensorboard_fgsm.format.record import Record


@dataclass
class Series:
    """The steps of one tag of one run."""

    run: str
    tag: str
    last: Record
    """What the last step says."""
    steps: list[int] = field(default_factory=list)
    versions: set[int] = field(default_factory=set)
    """Of the record format."""
    picture_bytes: int = 0

    def add(self, step: LoggedStep) -> None:
        """Counts one more step."""
        self.steps.append(step.step)
        self.versions.add(step.record.version)
        self.picture_bytes += step.picture_bytes
        self.last = step.record


@dataclass(frozen=True)
class Damage:
    """A place that could not be read."""

    file: str
    """Below the log directory."""
    byte: int
    what: str


@dataclass(frozen=True)
class Inspection:
    """What was found."""

    logdir: Path
    files: dict[str, int]
    """The size in bytes of each event file, by its place below the log directory."""
    series: list[Series]
    damage: list[Damage]


def inspect(logdir: Path) -> Inspection:
    """Reads all that is logged below a directory, every checksum of it.

    Raises:
        CommandError: there is no such directory.
    """
    if not logdir.is_dir():
        raise CommandError(f"{logdir} is no directory: give what tensorboard --logdir reads")
    found: dict[tuple[str, str], Series] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sizes = {
            path: path.stat().st_size
            for paths in event_files(logdir, lambda *_: None).values()  # read_steps will tell
            for path in paths
        }
        for step in read_steps(logdir):
            key = step.run, step.tag
            found.setdefault(key, Series(*key, step.record)).add(step)
    damage = {
        Damage(_below(warning.file, logdir), warning.offset, warning.what)
        for warning in (each.message for each in caught)
        if isinstance(warning, DamageWarning)
    }
    return Inspection(
        logdir,
        {_below(str(path), logdir): size for path, size in sizes.items()},
        list(found.values()),
        sorted(damage, key=lambda each: (each.file, each.byte)),
    )


def show(found: Inspection, *, as_json: bool = False) -> None:
    """Prints it, as tables or as JSON."""
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(_plain(found)), indent=2).decode())
        return
    console = Console()
    files = f"{len(found.files)} event files, {decimal(sum(found.files.values()))}"
    console.print(f"{found.logdir}: {files}", markup=False, highlight=False, soft_wrap=True)
    if found.series:
        console.print(_table(found.series))
    else:
        console.print(
            "No step of FGSM is in them."
            if found.files
            else "Nothing was logged here: an event file is called events.out.tfevents.…",
            highlight=False,
        )
    for each in found.damage:
        console.print("[red]damaged:[/] ", end="")
        console.print(
            f"{each.file}, byte {each.byte}: {each.what}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _table(series: list[Series]) -> Table:
    table = Table()
    table.add_column("run\ntag", overflow="fold")
    for name in ("steps", "attack", "accuracy", "pictures", "format"):
        table.add_column(name)
    for each in series:
        record = each.last
        accuracies = (record.clean_accuracy, record.robust_accuracy[-1])
        clean, robust = (f"{100 * share:.1f} %" for share in accuracies)
        table.add_row(
            escape(f"{each.run}\n{each.tag}"),
            _steps(each.steps),
            f"{escape(record.attack.name)} at {len(record.epsilons)} ε\n{record.count} pictures",
            f"{clean} clean\n{robust} at {record.epsilons[-1] * 255:.4g}/255",
            f"{len(record.samples)}, {record.picture.height}×{record.picture.width}\n"
            f"{decimal(each.picture_bytes)}",
            ", ".join(map(str, sorted(each.versions))),
        )
    return table


def _steps(steps: list[int]) -> str:
    first, last = steps[0], steps[-1]
    return f"{len(steps)}: {first}–{last}" if last > first else str(first)


def _plain(found: Inspection) -> dict[str, Any]:
    return {
        "logdir": str(found.logdir),
        "files": [{"file": file, "bytes": size} for file, size in found.files.items()],
        "series": [
            {
                "run": each.run,
                "tag": each.tag,
                "steps": each.steps,
                "versions": sorted(each.versions),
                "picture_bytes": each.picture_bytes,
                "last": {
                    "attack": each.last.attack.name,
                    "count": each.last.count,
                    "class_count": each.last.class_count,
                    "epsilons": each.last.epsilons,
                    "clean_accuracy": each.last.clean_accuracy,
                    "robust_accuracy": each.last.robust_accuracy,
                    "samples": len(each.last.samples),
                    "height": each.last.picture.height,
                    "width": each.last.picture.width,
                    "channels": each.last.picture.channels,
                    "warnings": [caveat.code for caveat in each.last.warnings],
                },
            }
            for each in found.series
        ],
        "damage": [
            {"file": each.file, "byte": each.byte, "what": each.what} for each in found.damage
        ],
    }


def _below(path: str, logdir: Path) -> str:
    below = path.removeprefix(str(logdir))
    return path if below == path else below.replace("\\", "/").lstrip("/")
