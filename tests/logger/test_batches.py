"""What a loader may yield, and how: real loaders, one batch in memory at a time."""

from __future__ import annotations

import gc
import random
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils.data import BatchSampler, DataLoader, IterableDataset, RandomSampler

from tensorboard_fgsm import FGSM, FGSMLogger
from tests.logger.datasets import COUNT, EPSILONS, agree, data, loader, records
from tests.networks import batch, convolutional


class Watched(IterableDataset[Any]):
    """Yields batches, and counts how many of them are alive."""

    def __init__(self, count: int) -> None:
        self.count, self.alive, self.most = count, 0, 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        for seed in range(self.count):
            inputs, labels = batch(seed=seed)
            self.alive += 1
            self.most = max(self.most, self.alive)
            weakref.finalize(inputs, self._gone)
            yield inputs, labels

    def _gone(self) -> None:
        self.alive -= 1


@pytest.mark.long
def test_memory_does_not_grow_with_the_data_set(writer) -> None:
    most = []
    for count in (5, 40):
        dataset = Watched(count)
        logger = FGSMLogger(writer, FGSM([0.1, 0.3]), tag=f"of{count}")
        evaluation = logger.log_dataset(
            convolutional(), DataLoader(dataset, batch_size=None), step=0
        )
        assert evaluation.count == 6 * count
        most.append(dataset.most)
        gc.collect()
        assert dataset.alive == 0
    assert most[0] == most[1] <= 2


@pytest.mark.parametrize(
    "packed",
    [
        lambda inputs, labels: (inputs, labels),
        lambda inputs, labels: [inputs, labels, "the rest"],
        lambda inputs, labels: {"pixel_values": inputs, "labels": labels},
        lambda inputs, labels: {"label": labels, "image": inputs, "path": ["a"] * len(labels)},
        lambda inputs, labels: {"x": inputs, "y": labels},
    ],
    ids=["tuple", "list", "transformers", "image", "xy"],
)
def test_batches_may_be_packed_in_many_ways(packed, model, writer) -> None:
    batches = [packed(inputs, labels) for inputs, labels in loader()]
    evaluation = FGSMLogger(writer, FGSM(EPSILONS)).log_dataset(model, batches, step=0)
    assert agree(evaluation, FGSM(EPSILONS).sweep(model, *data()))


def test_batches_of_another_kind_are_unpacked_by_the_user(model, writer) -> None:
    batches = [{"meta": {"in": inputs}, "out": labels} for inputs, labels in loader()]
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    with pytest.raises(TypeError, match=r"got a mapping with 'meta', 'out': batch_of=lambda"):
        logger.log_dataset(model, batches, step=0)
    evaluation = logger.log_dataset(
        model, batches, step=0, batch_of=lambda batch: (batch["meta"]["in"], batch["out"])
    )
    assert agree(evaluation, FGSM(EPSILONS).sweep(model, *data()))


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ("text", "got str"),
        ((np.zeros((1, 1, 2, 2)), torch.zeros(1)), r"got a tuple of ndarray, \(1,\) of float32"),
        ([torch.zeros(1, 1, 2, 2), [0]], r"got a list of \(1, 1, 2, 2\) of float32, list"),
        ((), "got tuple"),
    ],
)
def test_batches_of_no_known_kind_are_refused(found, message: str, model, writer) -> None:
    with pytest.raises(TypeError, match=message):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, [found], step=0)


def test_without_labels_the_models_own_answers_are_taken(model, writer) -> None:
    inputs, _ = data()
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    evaluation = logger.log_dataset(model, DataLoader(inputs, batch_size=8), step=0)
    assert agree(evaluation, FGSM(EPSILONS).sweep(model, inputs))
    (record,) = records(writer)
    assert record.attack.own_labels


@pytest.mark.parametrize("empty", [[], iter([])])
def test_an_empty_loader_is_refused_and_nothing_is_written(empty, model, writer) -> None:
    with pytest.raises(ValueError, match="the loader yields no samples"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, empty, step=0)
    assert not records(writer)


def test_only_so_many_batches_are_fetched(model, writer) -> None:
    fetched = []

    def batches() -> Iterator[Any]:
        for each in loader():
            fetched.append(1)
            yield each

    evaluation = FGSMLogger(writer, FGSM([0.1])).log_dataset(
        model, batches(), step=0, max_batches=3
    )
    assert evaluation.count == 24
    assert len(fetched) == 3


def test_a_stream_without_a_length_has_a_progress_bar_too(writer, capsys) -> None:
    stream = DataLoader(Watched(2), batch_size=None)
    FGSMLogger(writer, FGSM([0.1]), tag="stream").log_dataset(
        convolutional(), stream, step=0, progress=True
    )
    assert "stream" in capsys.readouterr().err


def test_labels_are_there_in_all_batches_or_in_none(model, writer) -> None:
    (first, labels), (second, _), *_ = loader()
    with pytest.raises(ValueError, match="some batches have labels and others none"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(
            model, [(first, labels), second], step=0, max_batches=2
        )


def test_a_progress_bar_is_there_on_request(model, writer, capsys) -> None:
    logger = FGSMLogger(writer, FGSM([0.1]), tag="digits")
    logger.log_dataset(model, loader(), step=0)
    assert capsys.readouterr().err == ""
    logger.log_dataset(model, loader(), step=1, progress=True)
    assert "digits" in capsys.readouterr().err


def test_without_tqdm_the_error_says_what_to_install(model, writer, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, loader(), step=0, progress=True)


def test_a_loaders_own_kind_of_generator_is_left_alone(model, writer) -> None:
    class Own(list):
        generator = np.random.default_rng(0)

    assert FGSMLogger(writer, FGSM([0.1])).log_dataset(model, Own(loader()), step=0) is not None


@pytest.mark.parametrize("shuffle", [False, True])
def test_training_goes_on_as_if_nothing_was(shuffle: bool, writer) -> None:
    model, generator = convolutional().double().train(), torch.Generator().manual_seed(7)
    before = {name: value.clone() for name, value in model.state_dict().items()}

    def states() -> list[Any]:
        return [
            torch.get_rng_state().tolist(),
            generator.get_state().tolist(),
            random.getstate(),
            np.random.get_state()[1].tolist(),
        ]

    expected = states()
    logger = FGSMLogger(writer, FGSM([0.1]))
    for step, options in enumerate(({}, {"generator": generator}, {"num_workers": 1})):
        logger.log_dataset(model, loader(shuffle=shuffle, **options), step=step)
    sampler = RandomSampler(range(COUNT), generator=generator)
    logger.log_dataset(model, loader(sampler=sampler), step=3)
    logger.log_dataset(model, loader(batch_sampler=BatchSampler(sampler, 8, False), size=1), step=4)
    assert states() == expected
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())
