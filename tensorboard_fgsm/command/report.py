"""What is said at the end of an attack: a table of accuracies, each warning, and what to run."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tensorboard_fgsm.format.reader import read_steps
from tensorboard_fgsm.format.record import Record
from tensorboard_fgsm.format.transfers import Transfers

_MOST_NAMED = 10
"""How many pictures that were skipped are named."""


@dataclass(frozen=True)
class Finished:
    """A run as it was written."""

    path: Path
    skipped: Sequence[tuple[str, str]]
    """The pictures that could not be read, in all processes, each with the reason."""

    def record(self) -> Record:
        """Reads what was written."""
        (step,) = read_steps(self.path)
        return step.record


def show(finished: Sequence[Finished], logdir: Path, console: Console) -> None:
    """Prints it."""
    records = [run.record() for run in finished]
    console.print(_table(finished, logdir, records))
    if records and records[0].transfers is not None:
        console.print(_transfer_table(records[0], records[0].transfers))
    for run, record in zip(finished, records, strict=True):
        named = f"{escape(_name(run, logdir))}: " if len(finished) > 1 else ""
        if record.attack.own_labels:
            console.print(
                f"{named}the pictures have no labels: those are the model's own predictions, so "
                "that the clean accuracy is 100 % by definition",
                highlight=False,
            )
        for caveat in record.warnings:
            source = f" ({caveat.source})" if caveat.source else ""
            console.print(
                f"[yellow]warning:[/] {named}{escape(caveat.sentence + source)}", highlight=False
            )
        _show_skipped(run, named, console)
    console.print("\nLook at it:", highlight=False)
    command = f"  tensorboard --logdir {shlex.quote(str(logdir))}"
    console.print(command, soft_wrap=True, markup=False, highlight=False)  # in one line


def epsilon_text(epsilon: float) -> str:
    """Writes an epsilon as its numerator over 255."""
    return f"{epsilon * 255:.4g}/255"


def percent(share: float) -> str:
    """Writes a share in per cent."""
    return f"{100 * share:.1f} %"


def _table(finished: Sequence[Finished], logdir: Path, records: Sequence[Record]) -> Table:
    table = Table(title="Accuracy", title_justify="left")
    table.add_column("ε", justify="right")
    columns: list[dict[float, str]] = []
    for run, record in zip(finished, records, strict=True):
        name = f"{_name(run, logdir)}\n{record.attack.name}, {record.count} pictures"
        table.add_column(escape(name), justify="right")
        clean = {0.0: percent(record.clean_accuracy)}
        columns.append(clean | _at_each(record, map(percent, record.robust_accuracy)))
        for heading, cells in _beside(record):
            table.add_column(escape(heading), justify="right")
            columns.append(_at_each(record, cells))
    for epsilon in sorted({epsilon for column in columns for epsilon in column}):
        cells = (column.get(epsilon, "") for column in columns)
        table.add_row(epsilon_text(epsilon) if epsilon else "clean", *cells)
    return table


def _beside(record: Record) -> Iterator[tuple[str, Iterable[str]]]:
    """The columns that stand beside a run's accuracies, where it has them."""
    if record.control_accuracy is not None:
        yield "random\nsigns", map(percent, record.control_accuracy)
    check = record.check
    if check is not None:
        shares = (percent(held / check.count) for held in check.held)
        yield f"hold against {check.name}, too\nof {check.count}", shares
    if record.alignment is not None:
        yield "alignment", ("" if each is None else f"{each:.2f}" for each in record.alignment)


def _at_each(record: Record, cells: Iterable[str]) -> dict[float, str]:
    return dict(zip(record.epsilons, cells, strict=True))


def _transfer_table(record: Record, transfers: Transfers) -> Table:
    table = Table(title="Examples that fool, of those right when clean", title_justify="left")
    table.add_column("ε", justify="right")
    table.add_column("made on")
    for name, right in zip(transfers.models, transfers.right, strict=True):
        table.add_column(escape(f"shown to {name}\nright on {right}"), justify="right")
    for e, epsilon in enumerate(record.epsilons):
        for name, row in zip(transfers.models, transfers.fooled, strict=True):
            shares = zip(row, transfers.right, strict=True)
            cells = (f"{each[e]} ({percent(each[e] / max(1, right))})" for each, right in shares)
            last = name == transfers.models[-1]
            table.add_row(epsilon_text(epsilon), escape(name), *cells, end_section=last)
    return table


def _show_skipped(run: Finished, named: str, console: Console) -> None:
    if not run.skipped:
        return
    console.print(
        f"[yellow]skipped:[/] {named}{len(run.skipped)} that cannot be read", highlight=False
    )
    for name, reason in run.skipped[:_MOST_NAMED]:
        console.print(f"  {name}: {reason}", soft_wrap=True, markup=False, highlight=False)
    if len(run.skipped) > _MOST_NAMED:
        console.print(f"  and {len(run.skipped) - _MOST_NAMED} more", highlight=False)


def _name(run: Finished, logdir: Path) -> str:
    return run.path.relative_to(logdir).as_posix()
