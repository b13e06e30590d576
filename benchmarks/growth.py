"""How time, memory and bytes grow when there is four times and sixteen times as much.

    python -m benchmarks.growth            # some six minutes
    python -m benchmarks.growth --quick    # fewer rounds

A figure is the median over rounds that run all three sizes in turn. The exponent is the slope of a
straight line through them, both axes logarithmic: 1 is as much more as there is more of the thing,
0 is no more. The exit status is 1 where an exponent is above what is promised.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from benchmarks import logdirs, questions, tables
from benchmarks.logdirs import TAG, Size
from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.command import demo
from tests import servers

FACTORS = (1, 4, 16)
LINEAR, FLAT = 1.15, 0.15
"""The largest exponents that are admitted where growth in proportion, or none, is promised."""

SWEEP_TIME = {"samples": LINEAR, "epsilons": LINEAR, "classes": LINEAR}
SWEEP_MEMORY = {"samples": LINEAR, "epsilons": FLAT}
LOG_TIME = {"samples": LINEAR, "epsilons": LINEAR, "steps": FLAT, "classes": LINEAR}
"""Of one call; the steps are those that were logged before it."""
LOG_BYTES = {"samples": LINEAR, "epsilons": FLAT, "steps": LINEAR, "classes": LINEAR}
ANSWERS = {
    "runs": {"samples": FLAT, "epsilons": FLAT, "steps": FLAT, "runs": LINEAR, "classes": FLAT},
    "steps": {"samples": LINEAR, "epsilons": FLAT, "steps": LINEAR, "runs": FLAT, "classes": FLAT},
    "record": {
        "samples": LINEAR,
        "epsilons": LINEAR,
        "steps": LINEAR,  # a step is found in the list of all
        "runs": FLAT,
        "classes": LINEAR,
    },
}
"""By route. TensorBoard lists a series with all that is stored of it, so steps take longer where
they have more samples."""


class Growth(NamedTuple):
    """One quantity against one other."""

    what: str
    against: str
    values: dict[int, list[float]]
    """What was measured in each round, by factor."""
    bound: float

    @property
    def exponent(self) -> float:
        """The slope of the least squares' line through the medians' logarithms."""
        x = [math.log(factor) for factor in self.values]
        y = [math.log(statistics.median(each)) for each in self.values.values()]
        return statistics.linear_regression(x, y).slope

    @property
    def row(self) -> list[str]:
        """A line of the table."""
        figures = [tables.middle(each) for each in self.values.values()]
        kept = f"at most {self.bound:g}" + (
            "" if self.exponent <= self.bound else " — **not kept**"
        )
        return [self.what, self.against, *figures, f"{self.exponent:.2f}", kept]


def rounds(count: int, measure: Callable[[int], float]) -> dict[int, list[float]]:
    """Measures each factor in turn, and the first round for nothing."""
    found: dict[int, list[float]] = {factor: [] for factor in FACTORS}
    for number in range(count + 1):
        for factor, values in found.items():
            value = measure(factor)
            if number:
                values.append(value)
    return found


# The sweep


def network(classes: int) -> nn.Module:
    """A small network, whose last layer takes little of its time."""
    torch.manual_seed(0)
    return nn.Sequential(
        *(nn.Conv2d(3, 16, 3, stride=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(4)),
        *(nn.Flatten(), nn.Linear(512, classes)),
    ).eval()


def batch(size: Size) -> tuple[Tensor, Tensor]:
    """Random pictures, and classes."""
    chance = torch.Generator().manual_seed(0)
    inputs = torch.rand(size.samples, 3, size.side, size.side, generator=chance)
    return inputs, torch.randint(size.classes, (size.samples,), generator=chance)


def sweep_time(size: Size) -> float:
    """Milliseconds of processor time, of one thread."""
    model, attack, arguments = network(size.classes), FGSM(size.of_epsilons()), batch(size)
    start = time.process_time()
    attack.sweep(model, *arguments)
    return 1000 * (time.process_time() - start)


def sweep_memory(size: Size) -> float:
    """Megabytes by which a process that has swept one sample grows at most by this sweep."""
    torch.set_num_threads(1)
    model, attack, (inputs, labels) = network(size.classes), FGSM(size.of_epsilons()), batch(size)
    attack.sweep(model, inputs[:1], labels[:1])
    Path("/proc/self/clear_refs").write_text("5")  # a new process has its parent's peak, too
    before = peak()
    attack.sweep(model, inputs, labels)
    return (peak() - before) / 1e6


def peak() -> int:
    """The most bytes that this process has had in memory."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return 1024 * int(line.split()[1])


def in_a_fresh_process(measure: Callable[[Size], float], size: Size) -> float:
    """Measures where nothing has been allocated before."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, size).result()


def sweeps(count: int) -> Iterator[Growth]:
    """A sweep's time and memory."""
    base = Size(samples=16, epsilons=4, classes=10)
    for against, bound in SWEEP_TIME.items():
        values = rounds(count, lambda factor, a=against: sweep_time(grown(base, a, factor)))
        yield Growth("a sweep, ms", against, values, bound)
    base = Size(samples=32, epsilons=4, classes=10, side=64)
    for against, bound in SWEEP_MEMORY.items():
        sizes = {factor: grown(base, against, factor) for factor in FACTORS}
        values = {
            factor: [in_a_fresh_process(sweep_memory, size) for _ in range(3)]
            for factor, size in sizes.items()
        }
        yield Growth("a sweep's memory, MB", against, values, bound)


def grown(base: Size, against: str, factor: int) -> Size:
    """A size with so many times as much of one thing."""
    return replace(base, **{against: factor * getattr(base, against)})


# The logger


def logs(count: int) -> Iterator[Growth]:
    """What a call of the logger takes, with photographs, and what it writes."""
    base = Size(steps=2, samples=2, epsilons=4, classes=10, side=224)
    for against, bound in LOG_TIME.items():
        sizes = {factor: grown(base, against, factor) for factor in FACTORS}
        times: dict[int, list[float]] = {factor: [] for factor in FACTORS}
        stored: dict[int, list[float]] = {factor: [] for factor in FACTORS}
        for _ in range(count):
            for factor, size in sizes.items():
                milliseconds, kilobytes = logged(size)
                times[factor].append(milliseconds)
                stored[factor].append(kilobytes)
        yield Growth("the last log(), ms", against, times, bound)
        yield Growth("stored by all, kB", against, stored, LOG_BYTES[against])


def logged(size: Size) -> tuple[float, float]:
    """Logs all steps.

    Returns:
        Milliseconds of processor time of the last call, and kilobytes of all that was written.
    """
    model, attack = network(size.classes), FGSM(size.of_epsilons())
    inputs = photographs(size.samples)
    labels = torch.arange(size.samples) % size.classes
    names = [f"class {c}" for c in range(size.classes)]
    milliseconds = 0.0
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as writer:
            logger = FGSMLogger(writer, attack, class_names=names, max_samples=size.samples)
            for step in range(size.steps):
                start = time.process_time()
                logger.log(model, inputs, labels, step)
                milliseconds = 1000 * (time.process_time() - start)
        stored = sum(path.stat().st_size for path in Path(folder).iterdir())
    return milliseconds, stored / 1000


@cache
def photographs(count: int) -> Tensor:
    """Two of the demo's photographs, (N, 3, 224, 224), in turn: others are harder to store, so that
    with more of them there would be more than so many times as much.
    """
    known = torch.stack([demo._photo(package, file) for package, file, _ in demo.PHOTOS[:2]])
    return known[torch.arange(count) % len(known)]


# The plugin


def answers(provider: str, count: int) -> Iterator[Growth]:
    """How soon a TensorBoard answers, one of each size beside the others."""
    for against in ANSWERS["runs"]:
        sizes = {factor: grown(Size(), against, factor) for factor in FACTORS}
        times: dict[str, dict[int, list[float]]] = {
            route: {factor: [] for factor in FACTORS} for route in ANSWERS
        }
        with contextlib.ExitStack() as stack:
            boards = {
                factor: stack.enter_context(served(sizes[factor], provider)) for factor in FACTORS
            }
            # Each record is asked for once: what the plugin remembers is not measured.
            for place in list(places(Size()))[:count]:
                for factor, address in boards.items():
                    for route, arguments in questions_of(place).items():
                        seconds = questions.ask(address, route, **arguments).seconds
                        times[route][factor].append(1000 * seconds)
        for route, bounds in ANSWERS.items():
            yield Growth(f"`{route}`, ms, {provider}", against, times[route], bounds[against])


def places(size: Size) -> Iterator[dict[str, object]]:
    """All steps of all runs."""
    for run in size.of_runs():
        for step in range(size.steps):
            yield {"run": run, "tag": TAG, "step": step}


def questions_of(place: dict[str, object]) -> dict[str, dict[str, object]]:
    """The arguments of each route."""
    return {"runs": {}, "steps": {"run": place["run"], "tag": TAG}, "record": place}


@contextlib.contextmanager
def served(size: Size, provider: str) -> Iterator[str]:
    """A TensorBoard that has read all there is."""
    fast = "--load_fast=true" if provider == "rust" else "--load_fast=false"
    with tempfile.TemporaryDirectory() as folder:
        logdirs.write(Path(folder), size)
        with servers.process(Path(folder), fast) as address:
            questions.wait_for_all(address, size.of_runs(), size.steps)
            yield address


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parts = ["sweep", "log", "answers"]
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, metavar="PART")
    options = parser.parse_args()
    torch.set_num_threads(1)
    count = 3 if options.quick else 9
    found: list[Growth] = []
    if "sweep" in options.only:
        found += sweeps(count)
    if "log" in options.only:
        found += logs(count)
    if "answers" in options.only:
        for provider in servers.PROVIDERS:
            found += answers(provider, 12)
    head = ["", "against", *(f"{factor}×" for factor in FACTORS), "exponent", "promised"]
    print(tables.table(head, [each.row for each in found]))
    broken = sum(each.exponent > each.bound for each in found)
    print(f"{broken} of {len(found)} exponents are above what is promised.")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
