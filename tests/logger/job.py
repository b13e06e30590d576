"""What every process of a distributed test runs.

    python -m tests.job 2 tests.logger.job FOLDER CASE ...

Each case evaluates the same samples, divided among the processes in its own way. What came out, or
the error, is written to ``FOLDER/CASE.RANK.json``; rank 0 logs to ``FOLDER/CASE``.
"""

from __future__ import annotations

import json
import os
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from torch import distributed, nn
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, Subset, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, Evaluation, FGSMLogger
from tensorboard_fgsm.logger import processes
from tests.networks import batch, convolutional

COUNT = 101
"""Samples, which two and four processes divide with repetitions only."""
EPSILONS = (2 / 255, 8 / 255, 0.1, 0.3)
CLASSES = 5


def data() -> TensorDataset:
    inputs, labels = batch(COUNT)
    return TensorDataset(inputs.double(), labels)


def classifier() -> nn.Module:
    """In float64, so that no prediction hangs on how samples are batched."""
    return convolutional().double()


def attack() -> FGSM:
    return FGSM(EPSILONS, control=True, refine=2, alignment=True)


def numbers(evaluation: Evaluation) -> dict[str, Any]:
    """All that an evaluation says, for JSON."""
    control = evaluation.control_accuracy
    assert control is not None
    check, alignment = evaluation.check, evaluation.tally.mean_alignment
    assert alignment is not None
    return {
        "count": evaluation.count,
        "clean_accuracy": evaluation.clean_accuracy,
        "robust_accuracy": evaluation.robust_accuracy.tolist(),
        "control_accuracy": control.tolist(),
        "success_rate": evaluation.success_rate.tolist(),
        "alignment": [round(each or 0, 6) for each in alignment],
        "check": check and [check.count, list(check.right), list(check.held)],
        "confusion": [evaluation.confusion(epsilon).tolist() for epsilon in (0.0, *EPSILONS)],
    }


def logged(
    folder: Path,
    case: str,
    model: nn.Module,
    loader: Iterable[Any],
    embed: int | None = None,
    **options: Any,
) -> Evaluation:
    """What one process's log_dataset returns; rank 0 writes."""
    writes = int(os.environ.get("RANK", 0)) == 0
    with SummaryWriter(str(folder / case)) if writes else nullcontext() as writer:
        logger = FGSMLogger(
            *(writer, attack()),
            max_samples=7,
            check=BIM(3),
            check_samples=20,
            embed=embed,
            cross_sections=2,
            cross_section_resolution=5,
        )
        for step in (0, 1):
            evaluation = logger.log_dataset(model, loader, step, **options)
    assert evaluation is not None
    return evaluation


def sampled(*, shuffle: bool = False) -> DataLoader[Any]:
    return DataLoader(
        data(), batch_size=13, sampler=DistributedSampler(data(), shuffle=shuffle, seed=3)
    )


def in_order(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, classifier(), sampled())


def shuffled(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, classifier(), sampled(shuffle=True), follow=[100, 0, 50])


def flipped_first(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, classifier(), sampled(), follow="flipped-first")


def weakest(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, classifier(), sampled(), follow="weakest")


def per_class(folder: Path, case: str) -> Evaluation:
    """For good at the second of the two steps."""
    loader = sampled(shuffle=True)
    return logged(folder, case, classifier(), loader, follow="per-class", settle=1)


def own_shards(folder: Path, case: str) -> Evaluation:
    """Shards of very different lengths, and an empty one for the last of four."""
    ends = [0, *{2: (20, COUNT), 4: (20, 90, COUNT, COUNT)}[distributed.get_world_size()]]
    rank = distributed.get_rank()
    shard = Subset(data(), range(ends[rank], ends[rank + 1]))
    return logged(folder, case, classifier(), DataLoader(shard, batch_size=30))


def unsharded(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, classifier(), DataLoader(data(), batch_size=30))


def ddp(folder: Path, case: str) -> Evaluation:
    return logged(folder, case, DistributedDataParallel(classifier()), sampled())


def embedded(folder: Path, case: str) -> Evaluation:
    """The first 20 samples of the data set, which are spread over the processes."""
    return logged(folder, case, DistributedDataParallel(classifier()), sampled(), embed=20)


def embedded_sharded(folder: Path, case: str) -> Evaluation:
    """A sharded model, of whose processes only some have samples to embed."""
    return _sharded(folder, case, fully_shard, embed=20)


def broken_data(folder: Path, case: str) -> Evaluation:
    """Rank 1's shard has a label that is none."""
    loader = sampled()
    if distributed.get_rank() == 1:
        inputs, labels = data().tensors
        loader = DataLoader(TensorDataset(inputs, labels + CLASSES), batch_size=8)
    return logged(folder, case, classifier(), loader)


def unlike(folder: Path, case: str) -> Evaluation:
    """Only rank 0 wants pictures, as it alone writes."""
    return _unlike(folder, case, max_samples=0 if distributed.get_rank() else 7)


def unlike_sections(folder: Path, case: str) -> Evaluation:
    return _unlike(folder, case, cross_sections=1 + distributed.get_rank())


def _unlike(folder: Path, case: str, **options: Any) -> Evaluation:
    rank = distributed.get_rank()
    with SummaryWriter(str(folder / case)) if rank == 0 else nullcontext() as writer:
        evaluation = FGSMLogger(writer, attack(), **options).log_dataset(classifier(), sampled(), 0)
    assert evaluation is not None
    return evaluation


def argument(folder: Path, case: str) -> Evaluation:
    """Rank 1 has a step that is none."""
    logger = FGSMLogger(None, attack())
    rank = distributed.get_rank()
    with SummaryWriter(str(folder / case)) if rank == 0 else nullcontext() as logger.writer:
        evaluation = logger.log_dataset(classifier(), sampled(), 0.5 if rank == 1 else 0)  # pyright: ignore[reportArgumentType]
    assert evaluation is not None
    return evaluation


def alone(folder: Path, case: str) -> Evaluation:
    """Rank 0 logs, and the others do not."""
    processes.PATIENCE = timedelta(seconds=1)
    if distributed.get_rank() > 0:
        time.sleep(5)
        raise RuntimeError("slept")
    return logged(folder, case, classifier(), sampled())


def broken_write(folder: Path, case: str) -> Evaluation:
    """Rank 0 has a writer that is closed."""
    logger = FGSMLogger(None, attack())
    if distributed.get_rank() == 0:
        writer = SummaryWriter(str(folder / case))
        writer.close()
        logger = FGSMLogger(writer, attack())
    evaluation = logger.log_dataset(classifier(), sampled(), 0)
    assert evaluation is not None
    return evaluation


def goes_on(
    folder: Path, case: str, model: nn.Module, fail: Callable[[int, FGSMLogger], Iterable[Any]]
) -> Evaluation:
    """Logs a step that fails, in one process or in all, and then one that does not.

    Args:
        fail: makes the first step fail in the process of this rank; returns its loader.
    """
    rank = distributed.get_rank()
    with SummaryWriter(str(folder / case)) if rank == 0 else nullcontext() as writer:
        logger = FGSMLogger(writer, attack(), max_samples=7, on_error="warn")
        loader = fail(rank, logger)
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            assert logger.log_dataset(model, loader, 0) is None
        (message,) = [str(each.message) for each in found]
        (folder / f"{case}.warning.{rank}").write_text(message)
        logger.writer = writer
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.nan_to_num_(0.1)
        evaluation = logger.log_dataset(model, sampled(), 1)
    assert evaluation is not None
    return evaluation


def goes_on_without_data(folder: Path, case: str) -> Evaluation:
    def fail(rank: int, logger: FGSMLogger) -> Iterable[Any]:
        inputs, labels = data().tensors
        broken = DataLoader(TensorDataset(inputs, labels + CLASSES), batch_size=8)
        return broken if rank == 1 else sampled()

    return goes_on(folder, case, classifier(), fail)


def goes_on_without_writer(folder: Path, case: str) -> Evaluation:
    def fail(rank: int, logger: FGSMLogger) -> Iterable[Any]:
        if rank == 0:
            logger.writer = SummaryWriter(str(folder / case))
            logger.writer.close()
        return sampled()

    return goes_on(folder, case, classifier(), fail)


def goes_on_diverged(folder: Path, case: str) -> Evaluation:
    """A model sharded by FSDP, whose every process has NaN."""
    model = classifier()
    with torch.no_grad():
        next(model.parameters()).fill_(torch.nan)
    fully_shard(model)
    return goes_on(folder, case, model, lambda rank, logger: sampled())


def fsdp(folder: Path, case: str) -> Evaluation:
    """FSDP2; rank 0 has a longer shard than the others, which go on in step."""
    return _sharded(folder, case, fully_shard)


def fsdp1(folder: Path, case: str) -> Evaluation:
    return _sharded(
        folder, case, lambda model: FullyShardedDataParallel(model, device_id=torch.device("cpu"))
    )


def _sharded(
    folder: Path, case: str, shard: Callable[[nn.Module], Any], embed: int | None = None
) -> Evaluation:
    # Its processes wait for one another at each forward: few batches, of which rank 0 has four.
    model = shard(classifier()) or classifier()
    rank, count = distributed.get_rank(), distributed.get_world_size()
    ends = [0, *[COUNT - 9 * (count - 1 - each) for each in range(count)]]
    part = Subset(data(), range(ends[rank], ends[rank + 1]))
    return logged(folder, case, model, DataLoader(part, batch_size=24), embed)


CASES: dict[str, Callable[[Path, str], Evaluation]] = {
    function.__name__: function
    for function in (
        *(in_order, shuffled, flipped_first, weakest, per_class, own_shards, unsharded, ddp),
        *(broken_data, broken_write, unlike, unlike_sections, argument, alone, fsdp, fsdp1),
        *(embedded, embedded_sharded),
        *(goes_on_without_data, goes_on_without_writer, goes_on_diverged),
    )
}


def main(arguments: list[str]) -> None:
    folder, cases = Path(arguments[0]), arguments[1:]
    torch.set_num_threads(1)
    processes._CHUNK = 64  # so that counts are reduced in several pieces
    distributed.init_process_group("gloo")
    for case in cases:
        try:
            found: Any = numbers(CASES[case](folder, case))
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        (folder / f"{case}.{distributed.get_rank()}.json").write_text(json.dumps(found))
    distributed.destroy_process_group()
