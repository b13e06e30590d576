"""Kills trainings at random moments, and looks whether a step is lost that was logged and flushed.

    python -m benchmarks.kills

A training logs one step after another, each a record with pictures of its own; after each
``writer.flush()`` it notes the step in a file. It is ended by SIGKILL, in the middle of whatever it
does, and begins anew in the same directory, at the step after the last one noted or a few before,
as from a checkpoint. Most trainings are forked from one process, which has imported PyTorch; the
others are jobs of ``torchrun``, which itself restarts them when one of their processes is killed.

Afterwards every step that was noted, and not begun anew, must be there with its numbers and each
pixel: for ``read_steps``, and for TensorBoard with both of its data providers.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a fork has none but the thread that forked it

import msgspec
import numpy as np
import torch
from torch import Tensor, distributed, nn
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import pixels
from tests import servers

ATTACK = FGSM([2 / 255, 0.1])
COUNT, SIDE, CLASSES = 8, 48, 5
BATCHES = 4
"""Of how many batches a step under ``torchrun`` is."""
LIVES = 10
"""How often a training is killed in one directory."""
PATIENCE = 120
"""Seconds within which a training logs its next step."""


class Figures(NamedTuple):
    """What came out."""

    kills: int
    noted: int
    """Steps whose ``log`` and ``flush`` had returned, and that no restart began anew."""
    torn: int
    """Files that end in the middle of an event."""
    lost: list[str]
    """The noted steps that are not whole, and for which reader."""


def samples(step: int) -> tuple[Tensor, Tensor]:
    """The samples of a step, which no other step has."""
    generator = torch.Generator().manual_seed(step)
    inputs = torch.rand(COUNT, 3, SIDE, SIDE, generator=generator)
    return inputs, torch.randint(CLASSES, (COUNT,), generator=generator)


def model() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.AvgPool2d(8), nn.Flatten(), nn.Linear(108, CLASSES))


def noted(folder: Path) -> list[int]:
    """The steps that are noted, the last ones for each restart."""
    steps: list[int] = []
    for line in (folder / "noted").read_text().split("\n")[:-1]:
        kind, step = line.split()
        if kind == "from":
            steps = [each for each in steps if each < int(step)]
        else:
            steps.append(int(step))
    return steps


def train(folder: Path) -> None:
    """Logs and notes steps until it is killed, alone or as a process of a job."""
    job = "RANK" in os.environ
    if job:
        distributed.init_process_group("gloo")
    rank = distributed.get_rank() if job else 0
    start = 0
    if rank == 0:
        steps = noted(folder)
        start = max(0, len(steps) and steps[-1] + 1 - random.randrange(3))
    if job:
        shared = [start]
        distributed.broadcast_object_list(shared)
        (start,) = shared
    notes = os.open(folder / "noted", os.O_WRONLY | os.O_APPEND)
    if rank == 0:
        os.write(notes, f"from {start}\n".encode())
    (folder / f"pid.{rank}").write_text(str(os.getpid()))
    writer = SummaryWriter(str(folder / "run")) if rank == 0 else None
    logger = FGSMLogger(writer, ATTACK)
    classifier = model()
    for step in range(start, sys.maxsize):
        if job:
            dataset = TensorDataset(*samples(step))
            sampler = DistributedSampler(dataset, shuffle=False)
            loader = DataLoader(dataset, COUNT // BATCHES, sampler=sampler)
            logger.log_dataset(classifier, loader, step, follow=range(COUNT))
            logger._selections.clear()  # each step has samples of its own
        else:
            logger.log(classifier, *samples(step), step)
        if writer is not None:
            writer.flush()
            os.write(notes, f"step {step}\n".encode())


def _await_notes(folder: Path, count: int) -> None:
    """Waits until a training has noted so many lines."""
    deadline = time.monotonic() + PATIENCE
    while (folder / "noted").read_text().count("\n") < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{folder}: no step within {PATIENCE} s")
        time.sleep(0.002)


def _a_moment_later(folder: Path, chance: random.Random) -> None:
    """Waits for some steps and a part of another one, from when a training has begun."""
    begun = (folder / "noted").read_text().count("\n")
    _await_notes(folder, begun + 1)
    start, more = time.monotonic(), chance.randrange(1, 6)
    _await_notes(folder, begun + 1 + more)
    time.sleep(chance.random() * (time.monotonic() - start) / more)


def kill_forks(folder: Path, kills: int, chance: random.Random) -> None:
    """Kills trainings that are forked from this process, which must not have used PyTorch yet."""
    for _ in range(kills):
        seed = chance.random()
        child = os.fork()
        if not child:
            random.seed(seed)
            try:
                train(folder)
            finally:
                os._exit(1)
        _a_moment_later(folder, chance)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            raise RuntimeError(f"{folder}: a training ended by itself")


@contextmanager
def _torchrun(folder: Path, restarts: int) -> Iterator[None]:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "--max-restarts", str(restarts), "--monitor-interval"]
    command += ["0.1", "-m", "benchmarks.kills", "--train", str(folder)]
    # Or a restarted job meets the addresses that the one before has left in the shared store.
    fresh = os.environ | {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
    root = Path(__file__).parents[1]
    with (folder / "output").open("w") as output:
        job = subprocess.Popen(command, stdout=output, stderr=output, env=fresh, cwd=root)
        try:
            yield
        except BaseException:
            job.terminate()
            raise
        finally:
            job.wait(PATIENCE)


def kill_jobs(folder: Path, kills: int, chance: random.Random) -> None:
    """Kills a process of a job, either one, which ``torchrun`` then restarts; at last for good."""
    with _torchrun(folder, kills - 1):
        for _ in range(kills):
            _a_moment_later(folder, chance)
            rank = chance.randrange(2)
            os.kill(int((folder / f"pid.{rank}").read_text()), signal.SIGKILL)


def lost(folder: Path) -> list[str]:
    """The steps that are noted but not whole, each with the reader that misses it."""
    wanted = noted(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of the step that the kill has torn
        whole = {
            step.step
            for step in read_steps(folder)
            if all(
                np.array_equal(step.original(place), picture)
                for place, picture in enumerate(originals(step.step))
            )
        }
    found = [f"read_steps: {folder.name}, step {step}" for step in wanted if step not in whole]
    for provider in servers.PROVIDERS:
        # It lists the steps when it has read them all.
        with servers.client(provider, "--logdir", str(folder), *KEEP_ALL) as client:
            for step in wanted:
                if not _served(client, step):
                    found.append(f"TensorBoard, {provider}: {folder.name}, step {step}")
    return found


KEEP_ALL = ("--samples_per_plugin", "fgsm=0")


def originals(step: int) -> list[np.ndarray]:
    inputs, _ = samples(step)
    return list(pixels.levels(inputs.permute(0, 2, 3, 1).contiguous().numpy()))


def _served(client: servers.Client, step: int) -> bool:
    """Whether TensorBoard has a step's record, and its first and last picture."""
    at = {"run": "run", "tag": "fgsm", "step": step}
    route = "/data/plugin/fgsm/"

    def answers() -> bool:
        return client.get(f"{route}record", query_string=at).status_code == 200

    deadline = time.monotonic() + 20
    while not answers():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    record = msgspec.json.decode(client.get(f"{route}record", query_string=at).data)
    pictures = originals(step)
    for place in (0, COUNT - 1):
        asked = at | {"sample": place, "kind": "original"}
        answer = client.get(f"{route}picture", query_string=asked)
        if answer.status_code != 200:
            return False
        if not np.array_equal(pixels.decode(answer.data, (SIDE, SIDE, 3)), pictures[place]):
            return False
    return record["count"] == COUNT


def torn(folder: Path) -> int:
    """How many event files end in the middle of an event."""
    count = 0
    for path in (folder / "run").iterdir():
        data, at = path.read_bytes(), 0
        while at + 12 <= len(data):
            at += 12 + int.from_bytes(data[at : at + 8], "little") + 4
        count += at != len(data)
    return count


def measured(directory: Path, *, forks: int, jobs: int, seed: int) -> Figures:
    """Kills so many trainings and jobs, and counts what is lost.

    Args:
        directory: an empty one.
        forks: kills of trainings that are forked from this process.
        jobs: kills of processes of ``torchrun`` jobs.
        seed: of the moments.
    """
    chance = random.Random(seed)
    folders: list[Path] = []
    for kill, kills in ((kill_forks, forks), (kill_jobs, jobs)):
        for begin in range(0, kills, LIVES):
            folder = directory / f"{kill.__name__}-{begin}"
            folder.mkdir()
            (folder / "noted").touch()
            kill(folder, min(LIVES, kills - begin), chance)
            folders.append(folder)
    return Figures(
        kills=forks + jobs,
        noted=sum(len(noted(folder)) for folder in folders),
        torn=sum(map(torn, folders)),
        lost=[each for folder in folders for each in lost(folder)],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill trainings, and look for what they logged.")
    parser.add_argument("--forks", type=int, default=80)
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.train is not None:
        train(given.train)
    with tempfile.TemporaryDirectory() as directory:
        figures = measured(Path(directory), forks=given.forks, jobs=given.jobs, seed=given.seed)
    print(*figures.lost, sep="\n")
    print(
        f"{figures.kills} kills, {given.jobs} of them in torchrun jobs; {figures.noted} steps had "
        f"been logged and flushed, {len(figures.lost)} are not whole; {figures.torn} files end in "
        "the middle of an event"
    )
    sys.exit(bool(figures.lost))


if __name__ == "__main__":
    main()
