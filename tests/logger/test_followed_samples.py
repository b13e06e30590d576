"""The samples of a data set that are shown: the same at every step."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from tensorboard_fgsm import FGSM, FGSMLogger, Sweep
from tensorboard_fgsm.logger.batches import Batch
from tensorboard_fgsm.logger.followed_samples import Chooser, FollowName
from tensorboard_fgsm.logger.processes import Processes
from tests.logger.datasets import COUNT, EPSILONS, data, loader, records, steps
from tests.networks import batch, convolutional

untrained = pytest.mark.filterwarnings("ignore:the samples with pictures:RuntimeWarning")
"""The model is a random one, and its labels, too."""


@pytest.mark.parametrize("follow", ["first", "flipped-first", "per-class", [52, 0, 7]])
@pytest.mark.parametrize("shuffle", [False, True])
@untrained
def test_the_same_samples_are_shown_at_every_step(follow, shuffle: bool, model, writer) -> None:
    if shuffle and isinstance(follow, list):
        follow = "first"
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=4)
    settled = {"settle": 0} if follow == "per-class" else {}
    for step in range(3):
        logger.log_dataset(model, loader(shuffle=shuffle), step=step, follow=follow, **settled)
        model[-1].weight.data.mul_(-0.5)  # so that others would flip first
    first, *others = steps(writer)
    count = len(first.record.samples)
    assert count == (3 if isinstance(follow, list) else 4)
    for other in others:
        assert [s.index for s in other.record.samples] == [s.index for s in first.record.samples]
        assert [s.label for s in other.record.samples] == [s.label for s in first.record.samples]
        assert all(np.array_equal(other.original(i), first.original(i)) for i in range(count))


@untrained
def test_those_that_flip_first_are_right_when_clean_and_flip_at_the_least(model, writer) -> None:
    attack = FGSM(EPSILONS, refine=6)
    logger = FGSMLogger(writer, attack, max_samples=4)
    logger.log_dataset(model, loader(), step=0, follow="flipped-first")
    sweep = attack.sweep(model, *data())
    flips = sweep.flip_epsilon[sweep.correct].sort().values
    (record,) = records(writer)
    assert record.chosen == "flipped-first"
    assert [sample.flip_epsilon for sample in record.samples] == flips[:4].tolist()


def by_hand(sweep: Sweep, count: int, *, per_class: bool = False) -> list[int]:
    """The numbers of the weakest samples of a sweep, of each class in turn or of all."""
    strength = [
        (not correct, flips, index)
        for index, (correct, flips) in enumerate(
            zip(sweep.correct.tolist(), sweep.flip_epsilon.tolist(), strict=True)
        )
    ]
    labels = sweep.labels.tolist() if per_class else [0] * len(strength)
    queues = [sorted(s for s in strength if labels[s[2]] == label) for label in sorted(set(labels))]
    rounds = [sorted(filter(None, each)) for each in zip_longest(*queues)]
    return [index for each in rounds for _, _, index in each][:count]


def knowing(model: nn.Module) -> TensorDataset:
    """Has the model say every class of some samples; returns them with labels of which it is right
    on three in four.
    """
    inputs, _ = data()
    model[-1].bias.data.sub_(model.eval()(inputs).mean(0).detach())
    said = model(inputs).argmax(1)
    fourth = torch.arange(len(said)) % 4 == 0
    return TensorDataset(inputs, torch.where(fourth, (said + 1) % 5, said))


def scale(model: nn.Module, by: float) -> None:
    """Below 0, the model says the least likely class."""
    for parameter in model[-1].parameters():
        parameter.data.mul_(by)


@pytest.mark.parametrize("size", [1, 8, 53])
def test_the_weakest_are_those_of_each_step_whatever_the_batches(size, model, writer) -> None:
    attack = FGSM(EPSILONS, refine=2)
    logger = FGSMLogger(writer, attack, max_samples=6)
    for step in range(3):
        logger.log_dataset(model, loader(size), step=step, follow="weakest")
        expected = by_hand(attack.sweep(model, *data()), 6)
        record = records(writer)[-1]
        assert [sample.index for sample in record.samples] == expected
        # What an older reader knows of it, and what it passes over.
        assert (record.chosen, record.per_class, record.anew) == ("flipped-first", False, True)
        model[-1].weight.data.mul_(-0.5)
    assert len({tuple(s.index for s in record.samples) for record in records(writer)}) > 1


@pytest.mark.parametrize("count", [3, 7, 53])
def test_the_classes_share_out_the_samples_and_each_gives_its_weakest(
    count: int, model, writer
) -> None:
    attack = FGSM(EPSILONS, refine=2)
    dataset = knowing(model)
    logger = FGSMLogger(writer, attack, max_samples=count)
    logger.log_dataset(model, DataLoader(dataset, batch_size=8), step=0, follow="per-class")
    (record,) = records(writer)
    sweep = attack.sweep(model, *dataset.tensors)
    assert [s.index for s in record.samples] == by_hand(sweep, count, per_class=True)
    shares = Counter(sample.label for sample in record.samples)
    there = Counter(sweep.labels.tolist())
    full = [label for label in there if shares[label] < there[label]]
    assert max(shares.values()) - min((shares[label] for label in full), default=count) <= 1
    assert (record.chosen, record.per_class, record.anew) == ("flipped-first", True, False)


def test_of_each_class_they_are_followed_from_when_the_model_has_learned(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=10)
    batches = DataLoader(knowing(model), batch_size=8)
    for step, by in enumerate((-1, 2, -1, -1, -2)):
        scale(model, by)
        logger.log_dataset(model, batches, step=step, follow="per-class")
    found = records(writer)
    share = max(counts.count for counts in found[0].classes) / COUNT
    learned = [record.clean_accuracy > share for record in found]
    assert learned == [False, False, True, False, True]
    assert [record.anew for record in found] == [True, True, False, False, False]
    shown = [[sample.index for sample in record.samples] for record in found]
    assert shown[1] != shown[2] == shown[3] == shown[4]


@untrained
def test_or_after_as_many_calls_as_one_says(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=10)
    knowing(model)
    for step in range(4):
        logger.log_dataset(model, loader(), step=step, follow="per-class", settle=2)
        scale(model, -0.5)
    found = records(writer)
    assert [record.anew for record in found] == [True, True, False, False]
    shown = [[sample.index for sample in record.samples] for record in found]
    assert shown[2] == shown[3] != shown[1]


def test_it_warns_of_samples_that_an_untrained_model_has_chosen(model, writer) -> None:
    inputs, labels = data()
    model[-1].bias.data[2] += 3  # says one class of all
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    share = 100 * labels.bincount().max().item() / COUNT
    right = 100 * (model.eval()(inputs).argmax(1) == labels).double().mean().item()
    said = f"right on {right:.1f} % of {COUNT}, not surely more than the {share:.1f} % of"
    for step in range(2):
        with pytest.warns(RuntimeWarning, match=said):
            logger.log_dataset(model, loader(), step=step, follow="flipped-first")
    # The samples are those of the first step, whatever the model is like later.
    codes = [[caveat.code for caveat in record.warnings] for record in records(writer)]
    assert all("untrained-choice" in each for each in codes)


@pytest.mark.parametrize("follow", ["first", "weakest", "per-class", [3]])
def test_it_does_not_warn_of_others(follow, model, writer) -> None:
    model[-1].bias.data[2] += 3
    FGSMLogger(writer, FGSM(EPSILONS)).log_dataset(model, loader(), step=0, follow=follow)
    (record,) = records(writer)
    assert "untrained-choice" not in [caveat.code for caveat in record.warnings]


@given(
    samples=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([0.0, 0.1, 0.2, float("inf")])), min_size=1
    ),
    cuts=st.lists(st.integers(1, 40)),
    most=st.integers(0, 12),
    follow=st.sampled_from(["weakest", "per-class"]),
)
def test_whatever_the_batches_the_same_are_chosen_and_no_more_are_held(
    samples: list[tuple[int, float]], cuts: list[int], most: int, follow: FollowName
) -> None:
    def sweep(part: list[tuple[int, float]]) -> Any:
        labels, flips = (torch.tensor(column) for column in zip(*part, strict=True))
        return SimpleNamespace(labels=labels, flip_epsilon=flips, correct=flips > 0)

    chooser = Chooser(follow, most)
    start = 0
    for size in [*cuts, len(samples)]:
        part = samples[start : start + size]
        if part:
            indices = list(range(start, start + len(part)))
            pictures = torch.tensor(indices).view(-1, 1, 1, 1)
            chooser.offer(Batch(pictures, None, len(part), indices), sweep(part))
            assert len(chooser._best) <= most
        start += size
    made = chooser.made(Processes())
    expected = by_hand(sweep(samples), most, per_class=follow == "per-class")
    assert (() if made is None else made.indices) == tuple(expected)
    assert made is None or made.inputs.flatten().tolist() == expected


def test_settle_goes_with_the_samples_of_each_class(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM([0.1]))
    with pytest.raises(ValueError, match=r"settle=3 says when .* but follow is 'first': leave it"):
        logger.log_dataset(model, loader(), step=0, settle=3)
    with pytest.raises(ValueError, match="settle is a whole number from 0 on, got -1"):
        logger.log_dataset(model, loader(), step=0, follow="per-class", settle=-1)


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
        ("last", ValueError, "follow is 'first', .*, 'per-class' or a list .*; got 'last'"),
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
    logger.log_dataset(model, batches, step=0, follow="weakest")
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
