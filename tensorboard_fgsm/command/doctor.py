"""``tensorboard-fgsm doctor``: why the FGSM tab does not appear, a line a finding."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from tensorboard_fgsm import __version__
from tensorboard_fgsm.command.environments import (
    Environment,
    ProbeError,
    interpreter_of,
    probe,
    tensorboards,
)
from tensorboard_fgsm.command.failure import CommandError

PACKAGE = "tensorboard-plugin-fgsm"

FIRST_WITHOUT_PKG_RESOURCES = (2, 21)
"""TensorBoard asks ``importlib.metadata`` for its plugins from here on; before, setuptools."""

_MARKS = {"fine": ("✓", "green"), "note": ("·", "cyan"), "wrong": ("✗", "red")}


@dataclass(frozen=True)
class Finding:
    """Something that was looked at."""

    kind: Literal["fine", "note", "wrong"]
    what: str
    do: str = ""
    """What to do, where something is wrong."""

    @property
    def wrong(self) -> bool:
        """Whether it keeps the tab from appearing."""
        return self.kind == "wrong"


def examine(logdir: Path | None) -> list[Finding]:
    """Looks at the installation, and at what is in a log directory."""
    return [*_installation(), *_data(logdir)]


def show(findings: list[Finding]) -> None:
    """Prints a line a finding, and what to do below it."""
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        mark, colour = _MARKS[finding.kind]
        console.print(f"[{colour}]{mark}[/] ", end="")
        console.print(finding.what, markup=False)
        if finding.do:
            console.print(f"  → {finding.do}", markup=False)
    wrong = sum(finding.wrong for finding in findings)
    console.print(
        f"\n{wrong} to mend; more in docs/troubleshooting.md of the project"
        if wrong
        else "\nNothing is wrong here. A TensorBoard that has run since before the installation "
        "needs a restart, and a page a reload."
    )


def _installation() -> Iterator[Finding]:
    yield Finding(
        "fine",
        f"{PACKAGE} {__version__} in {sys.prefix}, Python {platform.python_version()}",
    )
    scripts = tensorboards()
    if not scripts:
        yield Finding(
            "wrong",
            "your shell finds no `tensorboard` on its PATH",
            f"activate the environment, or start {sys.executable} -m tensorboard.main",
        )
        yield from _of_environment(sys.executable, None)
        return
    script, *others = scripts
    interpreter = interpreter_of(script)
    if interpreter is None:
        yield Finding(
            "note",
            f"your shell starts {script}, of which it cannot be told which Python runs it",
            f"compare with {sys.executable} -m tensorboard.main",
        )
        interpreter = sys.executable
    yield from _of_environment(interpreter, script)
    for other in others:
        yield Finding("note", f"another `tensorboard` comes later on PATH: {other}")


def _of_environment(interpreter: str, script: Path | None) -> Iterator[Finding]:
    """Looks at the TensorBoard that a Python has."""
    try:
        found = probe(interpreter)
    except ProbeError as error:
        yield Finding(
            "wrong",
            f"{script or interpreter} is run by {interpreter}, which cannot be asked: {error}",
            f"install TensorBoard anew in that environment, or start {sys.executable} -m "
            "tensorboard.main",
        )
        return
    boards = ", ".join(" ".join(board) for board in found.boards) or "no TensorBoard"
    started = f"your shell starts {script}: " if script else ""
    ours = _same(found.prefix, sys.prefix)
    where = "this environment" if ours else f"{found.prefix}, Python {found.python}"
    yield Finding("fine" if ours else "note", f"{started}{boards} of {where}")
    yield from _of_boards(found)
    yield from _of_plugin(found)
    versions = found.versions.items()
    others = [f"{name} {version}" for name, version in versions if version and name != PACKAGE]
    yield Finding("note", f"versions there: {', '.join(others)}")


def _of_boards(found: Environment) -> Iterator[Finding]:
    pip = f"{found.executable} -m pip"
    if not found.boards:
        yield Finding("wrong", "there is no TensorBoard there", f"{pip} install tensorboard")
        return
    names = sorted({name for name, _ in found.boards})
    if len(found.boards) > 1:
        yield Finding(
            "wrong",
            f"two TensorBoards lie in one environment ({_versions(found)}), whose files overwrite "
            "each other",
            f"{pip} uninstall -y {' '.join(names)}, then {pip} install tensorboard",
        )
    version = found.versions["tensorboard"]
    if version and not found.pkg_resources and _parts(version) < FIRST_WITHOUT_PKG_RESOURCES:
        yield Finding(
            "wrong",
            f"TensorBoard {version} needs pkg_resources, which setuptools has no more from 82 on "
            f"(there is {found.versions['setuptools'] or 'none'})",
            f"{pip} install 'tensorboard>=2.21', or 'setuptools<82'",
        )
    elif found.starts is not None:
        yield Finding(
            "wrong",
            f"TensorBoard cannot be loaded there: {found.starts}",
            f"{pip} install --upgrade --force-reinstall tensorboard",
        )


def _of_plugin(found: Environment) -> Iterator[Finding]:
    pip = f"{found.executable} -m pip"
    for name, reason in found.broken.items():
        if name != "fgsm":
            yield Finding(
                "wrong",
                f"another plugin, {name}, cannot be loaded, so that TensorBoard does not start: "
                f"{reason}",
                "install it anew, or uninstall it",
            )
    if "fgsm" not in found.registered:
        here = _same(found.prefix, sys.prefix)
        yield Finding(
            "wrong",
            "that TensorBoard does not find the FGSM plugin"
            + ("" if here else f", which is installed in {sys.prefix}"),
            f"{pip} install {PACKAGE}"
            + ("" if here else f", or start {sys.executable} -m tensorboard.main"),
        )
        return
    if "fgsm" in found.broken:
        yield Finding(
            "wrong",
            f"the FGSM plugin cannot be loaded there: {found.broken['fgsm']}",
            f"{pip} install --upgrade --force-reinstall {PACKAGE}",
        )
        return
    yield Finding("fine", f"that TensorBoard finds the FGSM plugin, in {found.package}")
    if not found.built:
        yield Finding(
            "wrong",
            f"its dashboard is not built: {found.package}/plugin/static/index.js is missing",
            f"{pip} install . in a copy of the sources, which builds it",
        )


def _data(logdir: Path | None) -> Iterator[Finding]:
    from tensorboard_fgsm.command.inspection import inspect

    if logdir is None:
        yield Finding(
            "note", "no log directory was given: tensorboard-fgsm doctor DIR looks into it, too"
        )
        return
    try:
        found = inspect(logdir)
    except CommandError as error:
        yield Finding("wrong", str(error))
        return
    if not found.files:
        yield Finding(
            "wrong",
            f"{logdir} holds no event file (events.out.tfevents.…), nor does a folder in it",
            "give the directory that your SummaryWriter writes to, or one above it",
        )
    elif not found.series:
        yield Finding(
            "wrong",
            f"{logdir} holds {len(found.files)} event files, and no step of FGSM in them: the tab "
            "hides until there is one",
            "call fgsm.log(…) or tensorboard-fgsm attack; a step is there after writer.flush()",
        )
    else:
        steps = sum(len(each.steps) for each in found.series)
        runs = len({each.run for each in found.series})
        yield Finding("fine", f"{logdir} holds {steps} steps of FGSM in {runs} runs")
    for each in found.damage:
        yield Finding(
            "note", f"{each.file} is damaged from byte {each.byte} on, and read past: {each.what}"
        )


def _versions(found: Environment) -> str:
    return ", ".join(" ".join(board) for board in found.boards)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
