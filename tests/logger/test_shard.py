"""Which samples of a data set a loader yields: each counted once, under its own number."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    DistributedSampler,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    WeightedRandomSampler,
)

from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.shard import shard_of


def numbers(loader: DataLoader) -> list[int]:
    """The numbers of the samples that count, checked against the samples: each is its number."""
    shard, found, start = shard_of(loader, Processes()), [], 0
    for number, batch in enumerate(loader):
        kept = shard.kept(start, len(batch), number)
        indices = [shard.index(start + i) for i in range(kept)]
        assert indices == batch[:kept].tolist()
        found += indices
        start += len(batch)
    return found


@given(
    count=st.integers(1, 40),
    processes=st.integers(1, 7),
    size=st.integers(1, 9),
    shuffle=st.booleans(),
    by=st.sampled_from(["samples", "batches", "bulk"]),
)
def test_shards_have_every_sample_once(
    count: int, processes: int, size: int, shuffle: bool, by: str
) -> None:
    found: list[int] = []
    for rank in range(processes):
        sampler = DistributedSampler(range(count), processes, rank, shuffle=shuffle, seed=3)
        batches = BatchSampler(sampler, size, drop_last=False)
        options: dict[str, Any] = {
            "samples": {"sampler": sampler, "batch_size": size},
            "batches": {"batch_sampler": batches},
            "bulk": {"sampler": batches, "batch_size": None},
        }[by]
        found += numbers(DataLoader(torch.arange(count), **options))
    assert sorted(found) == list(range(count))


@pytest.mark.parametrize("epoch", [0, 1])
def test_a_sampler_that_drops_the_last_repeats_none(epoch: int) -> None:
    found = []
    for rank in range(4):
        sampler = DistributedSampler(range(11), 4, rank, drop_last=True)
        sampler.set_epoch(epoch)
        found += numbers(DataLoader(torch.arange(11), batch_size=2, sampler=sampler))
    assert len(found) == len(set(found)) == 8


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_of_a_data_set_of_batches_each_counts_once(processes: int) -> None:
    batches = list(torch.arange(37).split(8))
    found = []
    for rank in range(processes):
        sampler = DistributedSampler(batches, processes, rank, shuffle=False)
        loader = DataLoader(batches, batch_size=None, sampler=sampler)
        shard = shard_of(loader, Processes())
        assert not shard.numbered
        start = 0
        for number, batch in enumerate(loader):
            found += batch[: shard.kept(start, len(batch), number)].tolist()
            start += len(batch)
    assert sorted(found) == list(range(37))


def test_repetitions_in_any_order_cannot_be_told_and_are_refused() -> None:
    sampler = DistributedSampler(range(5), 2, 0)
    loader = DataLoader(torch.arange(5), sampler=sampler, num_workers=2, in_order=False)
    with pytest.raises(ValueError, match="give it in_order=True"):
        shard_of(loader, Processes())


class Stream(IterableDataset[int]):
    def __iter__(self):
        return iter(range(5))


@pytest.mark.parametrize(
    ("loader", "numbered"),
    [
        (DataLoader(torch.arange(5)), True),
        (DataLoader(torch.arange(5), sampler=SequentialSampler(range(5))), True),
        (DataLoader(Stream()), True),
        ([torch.arange(5)], True),
        (DataLoader(torch.arange(5), num_workers=2, in_order=False), False),
        (DataLoader(torch.arange(5), shuffle=True), False),
        (DataLoader(torch.arange(5), sampler=RandomSampler(range(5))), False),
        (DataLoader(torch.arange(5), sampler=WeightedRandomSampler([1] * 5, 5)), False),
        (DataLoader(torch.arange(5), sampler=[4, 2]), False),
        (DataLoader(torch.arange(5), batch_sampler=[[3, 1], [0]]), False),
    ],
)
def test_samples_have_the_data_sets_numbers_where_the_order_is_known(loader, numbered) -> None:
    assert shard_of(loader, Processes()).numbered is numbered
