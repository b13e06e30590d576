"""A whole data set: what log_dataset adds to its sweeps, how its memory grows, and how long
processes take to add up their counts.

    python -m benchmarks.evaluation
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator

import torch
from torch import Tensor, distributed
from torch.utils.data import DataLoader, IterableDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.command import demo
from tensorboard_fgsm.logger.processes import Processes

EPSILONS = [k / 255 for k in (8, 16, 32, 48, 64, 80, 96)]
ROUNDS = 5
BATCH = 250


class Noise(IterableDataset[tuple[Tensor, Tensor]]):
    """Batches made as they are asked for, so that nothing but the evaluation keeps them."""

    def __init__(self, count: int, shape: tuple[int, int, int]) -> None:
        self.count, self.shape = count, shape

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for _ in range(self.count // BATCH):
            yield torch.rand(BATCH, *self.shape), torch.randint(10, (BATCH,))


def overhead() -> None:
    """The data set in one call, against the sweeps of its batches alone."""
    torch.manual_seed(0)
    model, attack = demo._small_network().eval(), FGSM(EPSILONS)
    loader = DataLoader(Noise(2000, (1, 28, 28)), batch_size=None)
    ratios = []
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        logger = FGSMLogger(writer, attack)
        for step in range(ROUNDS + 1):
            start = time.perf_counter()
            for inputs, labels in loader:
                attack.sweep(model, inputs, labels)
            between = time.perf_counter()
            logger.log_dataset(model, loader, step)
            ratios.append((time.perf_counter() - between) / (between - start))
    print(
        f"2,000 digits, 7 epsilons: {statistics.median(ratios[1:]):.2f} times its sweeps alone",
        flush=True,
    )


def memory(count: int) -> None:
    """Prints by how much the process grows at most."""
    torch.manual_seed(0)
    model, attack = demo._small_network().eval(), FGSM(EPSILONS)
    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        logger = FGSMLogger(writer, attack)
        logger.log_dataset(model, DataLoader(Noise(BATCH, (1, 28, 28)), batch_size=None), 0)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        logger.log_dataset(model, DataLoader(Noise(count, (1, 28, 28)), batch_size=None), 1)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count} digits: the most memory grows by {(after - before) / 1024:.0f} MiB")


def reduction() -> None:
    """How long processes take to add up counts of which none is 0: the worst that can come."""
    distributed.init_process_group("gloo")
    processes = Processes()
    for classes in (10, 100, 1000):
        length = (1 + len(EPSILONS)) * classes**2
        counts = Counter(dict.fromkeys(range(length), 1))
        seconds = []
        for _ in range(3):
            processes.gather(None)
            start = time.perf_counter()
            total = processes.sum(counts, length)
            seconds.append(time.perf_counter() - start)
            assert total[length - 1] == processes.count
        if processes.rank == 0:
            print(
                f"{processes.count} processes, 7 epsilons, {classes} classes: {length} integers "
                f"({length * 8 / 1e6:.2f} MB) in {statistics.median(seconds):.3f} s"
            )
    distributed.destroy_process_group()


def main() -> None:
    overhead()
    this = [sys.executable, "-m", "benchmarks.evaluation"]
    for count in (2_000, 20_000):
        subprocess.run([*this, str(count)], check=True)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    for count in ("2", "4"):
        job = [*launcher, "--nproc-per-node", count, "-m", "benchmarks.evaluation", "reduction"]
        subprocess.run(job, check=True, env=environment)


if __name__ == "__main__":
    if sys.argv[1:] == ["reduction"]:
        reduction()
    elif sys.argv[1:]:
        memory(int(sys.argv[1]))
    else:
        main()
