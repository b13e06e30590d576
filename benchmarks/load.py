"""Whether many readers at once get right answers, soon, from a TensorBoard whose logs are written.

    python -m benchmarks.load                       # 64 connections for a minute, both providers
    python -m benchmarks.load --seconds 300         # for the memory's course

A training logs steps to a directory, of which TensorBoard keeps the last few, while all connections
ask for what was just listed: runs, steps, curves, records, pictures. Each answer is compared with
what the record of its step promises. Before that, one connection asks alone.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import multiprocessing
import random
import statistics
import struct
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
from PIL import Image

from tensorboard_fgsm.format import pixels, record
from tests import servers

TAG = "fgsm"
RUNS = ("a", "b")
KEPT = 20
SIZE = 96
PAUSE = 0.2
"""Seconds between two steps of the training."""


@dataclass
class Load:
    """What came of it."""

    quiet: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds of each answer to one connection alone, by route."""
    busy: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds of each answer while all asked."""
    gone: int = 0
    """How many steps were no longer kept when they were asked for, which a 404 said."""
    later: int = 0
    """How many costly requests were told to come again."""
    wrong: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)
    """Seconds since the beginning, and bytes of TensorBoard with its data server."""


def measure(provider: str, seconds: float, connections: int) -> Load:
    """Puts a TensorBoard under load.

    Args:
        provider: ``rust`` (TensorBoard's data server) or ``python``.
        seconds: for how long all connections ask.
        connections: how many there are.
    """
    load, fast = Load(), "--load_fast=true" if provider == "rust" else "--load_fast=false"
    with (
        tempfile.TemporaryDirectory() as logdir,
        training(Path(logdir)),
        servers.process(Path(logdir), fast, "--samples_per_plugin", f"fgsm={KEPT}") as address,
    ):
        for run in RUNS:
            servers.wait_for_steps(address, run, TAG, KEPT)
        Reader(address, load, load.quiet).ask_until(time.monotonic() + min(seconds, 10))
        with watched(load), ThreadPoolExecutor(connections) as pool:
            end = time.monotonic() + seconds
            readers = [Reader(address, load, load.busy, seed) for seed in range(connections)]
            list(pool.map(lambda reader: reader.ask_until(end), readers))
    return load


class Reader:
    """One connection's worth of questions, and whether each answer is right."""

    def __init__(self, address: str, load: Load, times: dict[str, list[float]], seed: int = 0):
        self._place = urlsplit(address).netloc
        self._load = load
        self._times = times
        self._chance = random.Random(seed)

    def ask_until(self, end: float) -> None:
        """Asks one thing after another."""
        while time.monotonic() < end:
            run = self._chance.choice(RUNS)
            listed = self._get("steps", {"run": run, "tag": TAG})
            steps = [each["step"] for each in json.loads(listed)["steps"]] if listed else []
            if not steps:
                continue
            # The oldest ones are about to go, and are asked for as often as the newest.
            step = self._chance.choice([steps[0], steps[1], steps[-1]])
            place: dict[str, Any] = {"run": run, "tag": TAG, "step": step}
            if found := self._get("record", place):
                said = record.decode(found)
                self._expect(said.logged == step + 1, f"step {step} has record {said.logged}")
                for question in (self._pictures, self._picture, self._curves):
                    question(place, said)
                self._runs()
                self._opening(place)

    def _pictures(self, place: dict[str, object], said: record.Record) -> None:
        answer = self._get("pictures", {**place, "samples": f"0-{len(said.samples) - 1}"})
        if answer:
            expected = [each for sample in said.samples for each in sample.checksums]
            found = list(map(pixels.checksum, blobs(answer)))
            self._expect(found == expected, f"pictures of {place} are others")

    def _picture(self, place: dict[str, object], said: record.Record) -> None:
        asked = {"sample": 0, "kind": "adversarial", "epsilon": 0.05, "format": "png"}
        if answer := self._get("picture", place | asked):
            size = Image.open(io.BytesIO(answer)).size
            self._expect(size == (said.picture.width, said.picture.height), f"{place}: {size}")

    def _curves(self, place: dict[str, object], said: record.Record) -> None:
        asked = {"run": place["run"], "tag": TAG, "steps": place["step"]}
        if answer := self._get("curves", asked):
            (curve,) = json.loads(answer)["curves"]
            right = curve.get("robust_accuracy") == list(said.robust_accuracy)
            self._expect(right, f"curve of {place}: {curve}")

    def _runs(self) -> None:
        if answer := self._get("runs", {}):
            listed = [each["run"] for each in json.loads(answer)["runs"]]
            self._expect(listed == list(RUNS), f"runs are {listed}")

    def _opening(self, place: dict[str, Any]) -> None:
        if answer := self._get("opening", place):
            found = json.loads(answer)
            shown = found.get("step")
            self._expect(found["run"] == place["run"], f"opening is of {found['run']}")
            # What is gone between listing and reading is left out.
            if shown is not None:
                right = shown <= place["step"] and found["record"]["logged"] == shown + 1
                self._expect(right, f"opening of {place} is of {shown}")

    def _get(self, route: str, arguments: dict[str, object]) -> bytes | None:
        start = time.monotonic()
        connection = http.client.HTTPConnection(self._place, timeout=60)
        try:
            connection.request("GET", f"/data/plugin/fgsm/{route}?{urlencode(arguments)}")
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except OSError as error:
            self._expect(False, f"{route} {arguments}: {error!r}")
            return None
        finally:
            connection.close()
        self._times[route].append(time.monotonic() - start)
        if status == 200:
            return body
        self._load.gone += status == 404
        self._load.later += status == 429
        told = {404: "no longer", 429: "ask again"}.get(status)
        right = told is not None and told in body.decode()
        self._expect(right, f"{route} {arguments}: {status} {body[:200]!r}")
        return None

    def _expect(self, right: bool, wrong: str) -> None:
        if not right:
            self._load.wrong.append(wrong)


def blobs(answer: bytes) -> Iterator[bytes]:
    """Cuts an answer of the route ``pictures`` into what it holds."""
    while answer:
        (length,) = struct.unpack_from("<I", answer)
        yield answer[4 : 4 + length]
        answer = answer[4 + length :]


@contextmanager
def training(logdir: Path) -> Iterator[None]:
    """A process that logs to all runs until the block ends."""
    context = multiprocessing.get_context("spawn")
    done = context.Event()
    process = context.Process(target=_train, args=(logdir, done))
    process.start()
    try:
        yield
    finally:
        done.set()
        process.join(30)


def _train(logdir: Path, done: Event) -> None:
    import torch
    from torch.utils.tensorboard import SummaryWriter

    from tensorboard_fgsm import FGSM, FGSMLogger
    from tests.networks import batch, convolutional

    torch.set_num_threads(1)
    model = convolutional()
    writers = [SummaryWriter(str(logdir / run)) for run in RUNS]
    loggers = [FGSMLogger(writer, FGSM([0.01, 0.05]), max_samples=4) for writer in writers]
    step = 0
    while not done.is_set():
        for writer, logger in zip(writers, loggers, strict=True):
            logger.log(model, *batch(size=SIZE, seed=step), step=step)
            writer.flush()
        step += 1
        done.wait(PAUSE if step >= KEPT else 0)


def _is_tensorboard(process: psutil.Process) -> bool:
    try:
        return "tensorboard.main" in process.cmdline()
    except psutil.NoSuchProcess:  # ended, and not yet waited for
        return False


@contextmanager
def watched(load: Load) -> Iterator[None]:
    """Notes each second what TensorBoard and its data server occupy, until the block ends."""
    boards = list(filter(_is_tensorboard, psutil.Process().children()))
    server = max(boards, key=psutil.Process.create_time)  # others may be there, in a test
    done, start = threading.Event(), time.monotonic()

    def watch() -> None:
        while not done.wait(1):
            occupied = sum(p.memory_info().rss for p in (server, *server.children(recursive=True)))
            load.memory.append((time.monotonic() - start, occupied))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def table(load: Load) -> list[str]:
    """What came of it, in lines of a Markdown table and some sentences."""
    line = "| {} | {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} | {:.1f} |"
    rows = [
        "| route | answers | quiet ms | slowest | busy ms | slowest | ratio |",
        "|---" * 7 + "|",
    ]
    for route, busy in sorted(load.busy.items()):
        quiet = load.quiet[route]
        figures = [1000 * f(s) for s in (quiet, busy) for f in (statistics.median, max)]
        rows.append(line.format(route, len(busy), *figures, max(busy) / max(quiet)))
    memory = [occupied / 2**20 for _, occupied in load.memory]
    half = len(memory) // 2
    return [
        *rows,
        f"{len(load.wrong)} wrong, {load.gone} no longer kept, {load.later} told to come again",
        f"memory: {max(memory[:half]):.0f} MiB at most in the first half, "
        f"{max(memory[half:]):.0f} in the second",
        *load.wrong[:10],
    ]


def main(say: Callable[[str], None] = print) -> None:
    """Measures both providers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    for provider in servers.PROVIDERS:
        say(f"\n{provider}, {options.connections} connections, {options.seconds:g} s")
        for line in table(measure(provider, options.seconds, options.connections)):
            say(line)


if __name__ == "__main__":
    main()
