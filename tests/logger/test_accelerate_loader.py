"""Accelerate's own loaders, for every process of several: each sample counts once."""

from __future__ import annotations

import pytest
import torch
from accelerate import PartialState
from accelerate.data_loader import prepare_data_loader
from torch.utils.data import BatchSampler, DataLoader, IterableDataset, SequentialSampler

from tensorboard_fgsm.logger.accelerate_loader import genuine

PartialState(cpu=True)


class Stream(IterableDataset):
    """Numbers without a length, unless ``length`` is asked for."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self):
        return iter(range(self.count))


class Measured(Stream):
    def __len__(self) -> int:
        return self.count


def counted(make, processes: int, **options) -> list[int]:
    """What counts of all processes' batches, in increasing order."""
    found = []
    for place in range(processes):
        loader = prepare_data_loader(
            make(), num_processes=processes, process_index=place, put_on_device=False, **options
        )
        for batch in loader:
            found += batch[: genuine(loader, len(batch))].tolist()
    return sorted(found)


@pytest.mark.parametrize("even_batches", [True, False])
@pytest.mark.parametrize("split_batches", [True, False])
@pytest.mark.parametrize("processes", [1, 2, 3, 4])
@pytest.mark.parametrize("count", [1, 2, 11, 12, 13, 23, 24, 25])
def test_each_sample_counts_once(
    count: int, processes: int, split_batches: bool, even_batches: bool
) -> None:
    options = {"split_batches": split_batches, "even_batches": even_batches}
    found = counted(lambda: DataLoader(range(count), batch_size=12), processes, **options)
    assert found == list(range(count))


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [7, 12, 13])
def test_batches_of_any_size_are_repeated_whole(count: int, processes: int) -> None:
    class Batches:
        """A batch sampler of no one batch size."""

        def __iter__(self):
            return iter(range(count)[i : i + 3] for i in range(0, count, 3))

        def __len__(self) -> int:
            return -(-count // 3)

    found = counted(lambda: DataLoader(range(count), batch_sampler=Batches()), processes)
    assert found == list(range(count))


@pytest.mark.parametrize("processes", [2, 3])
def test_a_batch_sampler_in_the_place_of_a_sampler_is_one(processes: int) -> None:
    class Rows(torch.utils.data.Dataset):
        def __len__(self) -> int:
            return 10

        def __getitem__(self, indices):
            return torch.tensor(indices)

    def make() -> DataLoader:
        sampler = BatchSampler(SequentialSampler(range(10)), batch_size=4, drop_last=False)
        return DataLoader(Rows(), sampler=sampler, batch_size=None)

    assert counted(make, processes) == list(range(10))


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [11, 12, 13])
def test_of_a_stream_with_a_length_each_sample_counts_once(count: int, processes: int) -> None:
    found = counted(lambda: DataLoader(Measured(count), batch_size=4), processes)
    assert found == list(range(count))


def test_of_a_stream_without_a_length_the_repeats_count_too() -> None:
    found = counted(lambda: DataLoader(Stream(5), batch_size=2), processes=2)
    assert found == [0, 0, 1, 1, 2, 2, 3, 4]


def test_what_is_dropped_does_not_count() -> None:
    found = counted(lambda: DataLoader(range(11), batch_size=2, drop_last=True), processes=2)
    assert found == list(range(8))


@pytest.mark.parametrize("loader", [DataLoader(range(5), batch_size=2), [torch.arange(2)]])
def test_of_other_loaders_all_samples_count(loader) -> None:
    assert all(genuine(loader, len(batch)) == len(batch) for batch in loader)
