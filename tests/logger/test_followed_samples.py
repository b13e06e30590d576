"""The samples of a data set that are shown: the same at every step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from tensorboard_fgsm import FGSM, FGSMLogger
from tests.logger.datasets import COUNT, EPSILONS, data, loader, records, steps
from tests.networks import batch, convolutional


@pytest.mark.parametrize("follow", ["first", "flipped-first", [52, 0, 7]])
@pytest.mark.parametrize("shuffle", [False, True])
def test_the_same_samples_are_shown_at_every_step(follow, shuffle: bool, model, writer) -> None:
    if shuffle and isinstance(follow, list):
        follow = "first"
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=4)
    for step in range(3):
        logger.log_dataset(model, loader(shuffle=shuffle), step=step, follow=follow)
        model[-1].weight.data.mul_(-0.5)  # so that others would flip first
    first, *others = steps(writer)
    count = len(first.record.samples)
    assert count == (3 if isinstance(follow, list) else 4)
    for other in others:
        assert [s.index for s in other.record.samples] == [s.index for s in first.record.samples]
        assert [s.label for s in other.record.samples] == [s.label for s in first.record.samples]
        assert all(np.array_equal(other.original(i), first.original(i)) for i in range(count))


def test_those_that_flip_first_are_right_when_clean_and_flip_at_the_least(model, writer) -> None:
    attack = FGSM(EPSILONS, refine=6)
    logger = FGSMLogger(writer, attack, max_samples=4)
    logger.log_dataset(model, loader(), step=0, follow="flipped-first")
    sweep = attack.sweep(model, *data())
    flips = sweep.flip_epsilon[sweep.correct].sort().values
    (record,) = records(writer)
    assert record.chosen == "flipped-first"
    assert [sample.flip_epsilon for sample in record.samples] == flips[:4].tolist()


def test_samples_named_by_their_numbers_are_shown_however_many(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=2)
    logger.log_dataset(model, loader(), step=0, follow=np.array([50, 3, 9, 20]))
    (step,) = steps(writer)
    inputs, labels = data()
    assert [sample.index for sample in step.record.samples] == [50, 3, 9, 20]
    for place, sample in enumerate(step.record.samples):
        assert sample.label == labels[sample.index]
        shown = step.original(place).transpose(2, 0, 1) / 255
        assert np.abs(shown - inputs[sample.index].numpy()).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(
    ("follow", "error", "message"),
    [
        ("last", ValueError, "follow is 'first', 'flipped-first' or a list .*; got 'last'"),
        ([1, 1], ValueError, r"from 0 on and named once; got \[1, 1\]"),
        ([-1], ValueError, r"from 0 on and named once; got \[-1\]"),
        ([0.5], TypeError, "or a list of numbers of samples; got list"),
        (3, TypeError, "or a list of numbers of samples; got int"),
        ([2, 53, 60], ValueError, "follow names sample 53, which the loader did not yield"),
    ],
)
def test_samples_that_cannot_be_followed_are_refused(
    follow, error, message: str, model, writer
) -> None:
    with pytest.raises(error, match=message):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, loader(), step=0, follow=follow)
    assert not records(writer)


def test_numbers_of_samples_say_nothing_where_the_loader_shuffles(model, writer) -> None:
    with pytest.raises(ValueError, match=r"the loader shuffles: give one with shuffle=False"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, loader(shuffle=True), step=0, follow=[1])


def test_without_pictures_the_numbers_are_there(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=0)
    logger.log_dataset(model, loader(), step=0)
    (record,) = records(writer)
    assert record.samples == ()
    assert record.count == sum(counts.count for counts in record.classes) == COUNT
    assert (record.picture.height, record.picture.width, record.picture.channels) == (12, 12, 3)


class Sizes(Dataset[Any]):
    """Pictures of two sizes."""

    def __len__(self) -> int:
        return 6

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        (picture,), _ = batch(1, size=(12, 16)[index % 3 == 2], seed=index)
        return picture, index % 5


def test_the_record_tells_the_size_of_the_pictures_that_are_shown(writer) -> None:
    class Later(nn.Module):
        """Is right on the small pictures nowhere, so that the large ones flip first."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = convolutional()

        def forward(self, inputs: Tensor) -> Tensor:
            logits = self.inner(inputs)
            return logits if inputs.shape[2] == 16 else logits + torch.tensor([0, 0, 0, 0, 99])

    small, large = batch(4, size=12)[0], batch(4, size=16)[0]
    model = Later()
    labels = model.eval()(large).argmax(1)
    batches = [(small, torch.zeros(4, dtype=torch.int64)), (large, labels)]
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    logger.log_dataset(model, batches, step=0, follow="flipped-first")
    (step,) = steps(writer)
    assert sorted(sample.index for sample in step.record.samples) == [4, 5, 6, 7]
    assert step.original(0).shape == (16, 16, 3)


def test_the_shown_are_attacked_in_batches_no_larger_than_the_loaders(model, writer) -> None:
    sizes = []

    def watched(inputs: Tensor) -> Tensor:
        sizes.append(len(inputs))
        return model(inputs)

    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=30)
    logger.log_dataset(watched, loader(8), step=0)
    logger.log_dataset(watched, loader(8), step=1)
    assert max(sizes) == 8
    one, two = steps(writer)
    assert [sample.index for sample in two.record.samples] == list(range(30))
    assert one.record.samples == two.record.samples


def test_another_data_set_has_samples_of_its_own(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    inputs, labels = data()
    logger.log_dataset(model, loader(), step=0)
    other = DataLoader(TensorDataset(inputs[50:], labels[50:]), batch_size=8)
    logger.log_dataset(model, other, step=1)
    first, second = steps(writer)
    assert len(first.record.samples) == 16
    assert [sample.label for sample in second.record.samples] == labels[50:].tolist()


def test_pictures_of_several_sizes_are_counted_and_those_of_one_shown(writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    evaluation = logger.log_dataset(convolutional(), DataLoader(Sizes(), batch_size=1), step=0)
    assert evaluation.count == 6
    (record,) = records(writer)
    assert [sample.index for sample in record.samples] == [0, 1, 3, 4]
