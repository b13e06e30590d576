"""What SECURITY.md promises, tried anew, and the figures of it in one table.

    python -m benchmarks.faults                # a sample of the cases
    python -m benchmarks.faults --exhaustive   # every case and not a sample, for hours

Each promise is held by tests, which are run here as ``make test`` runs them, and told with how many
cases they tried; kills and load are measured. The exit status is 1 if any of it did not hold.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import kills, load
from tests import servers

ROOT = Path(__file__).parent.parent

TESTS = {
    "1 A training is untouched, at whatever line it is interrupted or fails": (
        *("tests/model/test_interrupts.py", "tests/model/test_failures.py"),
        *("tests/model/test_identical_training.py", "tests/model/test_loan.py"),
    ),
    "2 A training goes on, if asked, where a step cannot be logged": (
        "tests/logger/test_failures.py",
    ),
    "4 Files: cut, flipped, hostile, and those that fuzzing begins with": (
        *("tests/format/test_hostile_files.py", "tests/plugin/test_hostile_logdir.py"),
        "tests/fuzz",
    ),
    "5 Requests: arguments, expressions, costly ones": (
        *("tests/plugin/test_bounds.py", "tests/plugin/test_description.py"),
        "tests/test_expressions.py",
    ),
    "6 Nobody gets in: other pages, other plugins' data, other files": (
        "tests/plugin/test_routes.py",
    ),
    "7 What older releases wrote is read": ("tests/format/test_golden_events.py",),
}


class Row(NamedTuple):
    """A line of the table."""

    promise: str
    tried: str
    held: bool
    seconds: float


def tested(promise: str, paths: tuple[str, ...], *options: str) -> Row:
    """Runs the tests of a promise."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = (sys.executable, "-m", "pytest", "-q")
        command = [*pytest, f"--junitxml={report}", *options, *paths]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        suite = next(ET.parse(report).getroot().iter("testsuite"))
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    cases = [int(each.get("value", 0)) for each in suite.iter("property") if named_cases(each)]
    tried = f"{suite.get('tests')} tests" + (f", {sum(cases):,} cases" if cases else "")
    return Row(promise, tried, done.returncode == 0, time.monotonic() - start)


def named_cases(found: ET.Element) -> bool:
    return found.get("name") == "cases"


def killed(forks: int, jobs: int) -> Row:
    """Kills trainings, and looks for what they had logged."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        figures = kills.measured(Path(directory), forks=forks, jobs=jobs, seed=0)
    tried = (
        f"{figures.kills} kills, {jobs} of them in torchrun jobs; of {figures.noted} flushed "
        f"steps {len(figures.lost)} are not whole"
    )
    promise = "3 No step is lost that was logged and flushed"
    return Row(promise, tried, not figures.lost, time.monotonic() - start)


def loaded(provider: str, seconds: float) -> Row:
    """Asks a TensorBoard from 64 connections while a training writes."""
    start = time.monotonic()
    found = load.measure(provider, seconds, connections=64)
    answers = sum(map(len, found.busy.values()))
    slowest = max(max(busy) / max(found.quiet[route]) for route, busy in found.busy.items())
    memory = [occupied / 2**20 for _, occupied in found.memory]
    half = len(memory) // 2
    tried = (
        f"{answers:,} answers, {len(found.wrong)} wrong; the slowest {slowest:.0f} times the quiet "
        f"one; {max(memory[:half]):.0f} MiB, then {max(memory[half:]):.0f}"
    )
    promise = f"5 64 connections for {seconds:g} s, {provider}"
    return Row(promise, tried, not found.wrong, time.monotonic() - start)


def rows(*options: str, forks: int, jobs: int, seconds: float) -> Iterator[Row]:
    """Tries one promise after another."""
    tries: list[Callable[[], Row]] = [
        *(lambda p=promise, t=paths: tested(p, t, *options) for promise, paths in TESTS.items()),
        lambda: killed(forks, jobs),
        *(lambda p=provider: loaded(p, seconds) for provider in servers.PROVIDERS),
    ]
    for one in tries:
        yield one()


def main() -> None:
    """Prints the table, a line as soon as it is known."""
    parser = argparse.ArgumentParser(description="Try what SECURITY.md promises.")
    parser.add_argument("--exhaustive", action="store_true", help="every case and not a sample")
    parser.add_argument("--forks", type=int, default=80, help="kills of one process each")
    parser.add_argument("--jobs", type=int, default=20, help="kills in torchrun jobs")
    parser.add_argument("--seconds", type=float, default=60, help="of the load, each provider")
    given = parser.parse_args()
    options = ("--exhaustive",) if given.exhaustive else ()
    print("| promise | tried | held | seconds |\n|---|---|---|---|", flush=True)
    held = True
    for row in rows(*options, forks=given.forks, jobs=given.jobs, seconds=given.seconds):
        answer = "yes" if row.held else "**no**"
        print(f"| {row.promise} | {row.tried} | {answer} | {row.seconds:.0f} |", flush=True)
        held = held and row.held
    sys.exit(not held)


if __name__ == "__main__":
    main()
