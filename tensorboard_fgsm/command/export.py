"""``tensorboard-fgsm export``: logged steps as one page, and as files for a paper."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.filesize import decimal

from tensorboard_fgsm.command import page
from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.format.reader import LoggedStep, read_steps

LAST = "last"

_MOST_NAMED = 10
"""How many runs, tags or steps are named to choose from."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which of the logged steps are taken along; all, where nothing is said."""

    runs: Sequence[str] = ()
    tags: Sequence[str] = ()
    steps: Sequence[str] = ()
    """Whole numbers, or ``last`` for the last of each run and tag."""
    samples: int | None = None
    """The pictures of how many samples of each step."""

    def __post_init__(self) -> None:
        for step in self.steps:
            if step != LAST and not (step.isascii() and step.isdigit()):
                raise CommandError(f"--step is a whole number or {LAST}, got {step!r}")


def export_page(
    logdir: Path,
    out: Path,
    choice: Choice,
    *,
    max_mb: float,
    language: page.Language | None = None,
    theme: page.Theme | None = None,
) -> None:
    """Writes the page and says how large it is.

    Raises:
        CommandError: nothing is logged that was chosen, or the page cannot be written.
    """
    written = page.write(
        out,
        choose(logdir, choice),
        title=f"FGSM: {logdir.absolute().name}",
        max_bytes=int(max_mb * 1e6),
        language=language,
        theme=theme,
    )
    print(f"{out}: {written.steps} steps of {written.runs} runs, {decimal(written.bytes)}")


def choose(logdir: Path, choice: Choice) -> Iterator[LoggedStep]:
    """Reads the steps that were chosen; says on stderr what is damaged, and leaves it out.

    Raises:
        CommandError: there is no such directory, or nothing that was chosen in it.
    """
    if not logdir.is_dir():
        raise CommandError(f"{logdir} is no directory: give what tensorboard --logdir reads")
    wanted = {"run": choice.runs, "tag": choice.tags, "step": choice.steps}
    there: dict[str, dict[str, None]] = {kind: {} for kind in wanted}
    for step, last in _marked(_told_of_damage(read_steps(logdir))):
        names = {"run": step.run, "tag": step.tag, "step": str(step.step)}
        for kind, name in names.items():
            there[kind][name] = None
            also = kind == "step" and last and LAST in choice.steps
            if wanted[kind] and name not in wanted[kind] and not also:
                break
        else:
            yield step if choice.samples is None else step.with_samples(choice.samples)
    if not there["run"]:
        raise CommandError(f"no step of FGSM is logged in {logdir}")
    for kind, names in wanted.items():
        for name in names:
            if name not in there[kind] and (kind, name) != ("step", LAST):
                raise CommandError(f"--{kind} {name} is not in {logdir}: {_named(there[kind])}")


def _told_of_damage(steps: Iterator[LoggedStep]) -> Iterator[LoggedStep]:
    """Yields the steps, and says on stderr at the end what the reader warned of. Only while it
    reads are warnings gathered: those of whoever draws the steps are no damage.
    """
    damage: dict[str, None] = {}
    while True:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            step = next(steps, None)
        damage |= dict.fromkeys(str(warning.message) for warning in caught)
        if step is None:
            break
        yield step
    for sentence in damage:
        print(f"tensorboard-fgsm: {sentence}", file=sys.stderr)


def _named(names: Iterable[str]) -> str:
    named = list(names)
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"there is {', '.join(named[:_MOST_NAMED]) or 'none'}{more}"


def _marked(steps: Iterable[LoggedStep]) -> Iterator[tuple[LoggedStep, bool]]:
    """Yields each step with whether it is the last of its run and tag."""
    before: LoggedStep | None = None
    for step in steps:
        if before is not None:
            yield before, (before.run, before.tag) != (step.run, step.tag)
        before = step
    if before is not None:
        yield before, True
