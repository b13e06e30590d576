"""A whole data set through the logger: real loaders, real event files."""

from __future__ import annotations

import gc
import random
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, FGSMLogger, LoggedStep, PerEpsilon, Sweep, read_steps
from tensorboard_fgsm.record import MOST_BECAME, Record
from tests.networks import batch, convolutional, linear

COUNT = 53
EPSILONS = (0.0, 2 / 255, 0.1, 0.3)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SummaryWriter]:
    with SummaryWriter(str(tmp_path)) as writer:
        yield writer


@pytest.fixture
def model() -> nn.Module:
    """In float64, so that no prediction hangs on how samples are batched."""
    return convolutional().double()


def data() -> tuple[Tensor, Tensor]:
    inputs, labels = batch(COUNT)
    return inputs.double(), labels


def loader(size: int = 8, **options: Any) -> DataLoader[Any]:
    return DataLoader(TensorDataset(*data()), batch_size=size, **options)


def steps(writer: SummaryWriter) -> list[LoggedStep]:
    writer.flush()
    return list(read_steps(writer.log_dir))


def records(writer: SummaryWriter) -> list[Record]:
    return [step.record for step in steps(writer)]


def agree(evaluation: Any, sweep: Sweep) -> bool:
    return (
        evaluation.count == len(sweep.labels)
        and evaluation.clean_accuracy == sweep.clean_accuracy
        and torch.equal(evaluation.robust_accuracy, sweep.robust_accuracy)
        and torch.equal(evaluation.success_rate, sweep.success_rate)
    )


# The numbers


@pytest.mark.parametrize("size", [1, 8, 53, 100])
@pytest.mark.parametrize(
    "attack",
    [
        FGSM(EPSILONS, control=True, refine=3),
        FGSM(EPSILONS, target=2),
        FGSM(EPSILONS, target="least-likely", surrogate=convolutional(seed=5).double()),
        PerEpsilon(BIM(steps=3), EPSILONS, control=True),
    ],
    ids=["fgsm", "targeted", "transfer", "bim"],
)
def test_a_data_set_has_the_numbers_of_one_large_batch(attack, size: int, model, writer) -> None:
    evaluation = FGSMLogger(writer, attack).log_dataset(model, loader(size), step=0)
    sweep = attack.sweep(model, *data())
    assert agree(evaluation, sweep)
    assert torch.equal(evaluation.epsilons, sweep.epsilons)
    if sweep.control_accuracy is None:
        assert evaluation.control_accuracy is None
    else:
        assert torch.equal(evaluation.control_accuracy, sweep.control_accuracy)
    (record,) = records(writer)
    assert record.count == COUNT
    assert list(record.robust_accuracy) == sweep.robust_accuracy.tolist()
    assert record.gradient.elements == sweep.inputs.numel()
    assert record.gradient.zero == int(sweep.zero_gradients.sum())
    if sweep.reference is not None:
        assert list(record.reference_accuracy) == sweep.reference.robust_accuracy.tolist()


def test_a_batch_and_a_data_set_are_logged_alike(model, writer) -> None:
    attack = FGSM(EPSILONS, control=True, refine=3)
    FGSMLogger(writer, attack, tag="batch").log(model, *data(), step=0)
    FGSMLogger(writer, attack, tag="dataset").log_dataset(model, loader(), step=0)
    batch_record, dataset_record = records(writer)
    assert batch_record == dataset_record


class Dead(nn.Module):
    """Has no gradient where a sample's first pixel is dark."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, inputs: Tensor) -> Tensor:
        dark = inputs[:, 0, 0, 0] < 0.5
        return torch.where(dark[:, None], self.inner(inputs).detach(), self.inner(inputs))


def too_far(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Goes beyond epsilon in some of the samples."""
    return (inputs + epsilon * (1 + labels.view(-1, 1, 1, 1) % 2)).clamp(0, 1)


@pytest.mark.parametrize(
    ("around", "attack", "code"),
    [
        (lambda inner: nn.Sequential(inner, nn.Softmax(1)), FGSM(EPSILONS), "probabilities"),
        (Dead, FGSM(EPSILONS), "zero-samples"),
        (nn.Identity, PerEpsilon(too_far, EPSILONS), "beyond-epsilon"),
        (nn.Identity, FGSM([0.001, 0.3], control=True), "rounded-away"),
    ],
    ids=["probabilities", "zero-samples", "beyond-epsilon", "rounded-away"],
)
def test_a_data_set_has_the_warnings_of_one_large_batch(
    around, attack, code: str, model, writer
) -> None:
    model = around(model) if around is not nn.Identity else model
    with pytest.warns(RuntimeWarning):
        FGSMLogger(writer, attack, tag="batch").log(model, *data(), step=0)
    with pytest.warns(RuntimeWarning) as told:
        FGSMLogger(writer, attack, tag="dataset").log_dataset(model, loader(), step=0)
    assert {warning.filename for warning in told} == {__file__}
    of_batch, of_dataset = records(writer)
    assert code in [caveat.code for caveat in of_dataset.warnings]
    assert of_batch.warnings == of_dataset.warnings


def test_probabilities_are_not_suspected_when_a_later_batch_has_none(model, writer) -> None:
    model.eval()  # no part of the module below

    class Later(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            logits = model(inputs)
            return logits.softmax(1) if len(inputs) == 8 else logits  # the last is shorter

    FGSMLogger(writer, FGSM(EPSILONS)).log_dataset(Later(), loader(), step=0)
    (record,) = records(writer)
    assert "probabilities" not in [caveat.code for caveat in record.warnings]


def test_random_outputs_are_looked_for_at_the_first_step_of_a_model(writer) -> None:
    class Noisy(nn.Module):
        calls = 0

        def forward(self, inputs: Tensor) -> Tensor:
            self.calls += 1
            return inputs.flatten(1)[:, :5] + torch.rand(len(inputs), 5)

    model, logger = Noisy(), FGSMLogger(writer, FGSM([0.3]), max_samples=0)
    calls = []
    for step in range(2):
        with pytest.warns(RuntimeWarning, match="two clean passes over the same batch"):
            logger.log_dataset(model, loader(53), step=step)
        calls.append(model.calls)
    assert calls == [3, 5]
    for record in records(writer):
        assert record.warnings[0].code == "random-outputs"


def test_a_model_that_changes_its_classes_is_refused(model, writer) -> None:
    class Changing(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            logits = model(inputs)
            return logits if len(inputs) == 8 else torch.cat([logits, logits], 1)

    with pytest.raises(ValueError, match="the model answers with 10 classes, and before with 5"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(Changing(), loader(), step=0)


def test_what_became_of_each_class_is_counted(model, writer) -> None:
    evaluation = FGSMLogger(writer, FGSM(EPSILONS)).log_dataset(model, loader(), step=0)
    sweep = FGSM(EPSILONS).sweep(model, *data())
    said = [sweep.clean_logits, *sweep.logits]
    (record,) = records(writer)
    assert [counts.label for counts in record.classes] == sorted(set(data()[1].tolist()))
    for epsilon, logits in zip((0.0, *EPSILONS[1:]), [said[0], *said[2:]], strict=True):
        expected = torch.zeros(5, 5, dtype=torch.int64)
        for label, predicted in zip(sweep.labels, logits.argmax(1), strict=True):
            expected[label, predicted] += 1
        assert torch.equal(evaluation.confusion(epsilon), expected)
    for counts in record.classes:
        for outcome, logits in zip((counts.clean, *counts.adversarial), said, strict=True):
            of_class = logits.argmax(1)[sweep.labels == counts.label].tolist()
            assert counts.count == len(of_class)
            assert outcome.correct == of_class.count(counts.label)
            became = {each.predicted: each.count for each in outcome.became}
            assert became == {c: of_class.count(c) for c in set(of_class) - {counts.label}}
            assert list(became.values()) == sorted(became.values(), reverse=True)


def test_of_many_classes_the_most_frequent_are_kept(writer) -> None:
    torch.manual_seed(0)
    weight, inputs = torch.randn(40, 64), torch.rand(3000, 1, 8, 8)
    weight -= weight.mean(1, keepdim=True)  # or what pictures share decides
    dataset = TensorDataset(inputs, torch.zeros(3000, dtype=torch.int64))
    evaluation = FGSMLogger(writer, FGSM([0.5])).log_dataset(
        linear(weight), DataLoader(dataset, batch_size=500), step=0
    )
    ((counts,),) = [record.classes for record in records(writer)]
    (outcome,) = counts.adversarial
    row = evaluation.confusion(0.5)[0]
    assert int((row[1:] > 0).sum()) > MOST_BECAME == len(outcome.became)
    kept = [each.count for each in outcome.became]
    assert kept == row[1:].sort(descending=True).values[:MOST_BECAME].tolist()
    assert outcome.correct == row[0]


def test_the_confusion_is_known_at_logged_epsilons_only(model, writer) -> None:
    evaluation = FGSMLogger(writer, FGSM([0.1, 0.3])).log_dataset(model, loader(), step=0)
    assert evaluation.confusion(0).sum() == evaluation.confusion(0.3).sum() == COUNT
    with pytest.raises(ValueError, match=r"epsilon is 0 or one of 0.1, 0.3, got 0.2"):
        evaluation.confusion(0.2)


def test_the_scalars_are_those_that_were_logged(model, writer, tmp_path: Path) -> None:
    attack = FGSM([0.1, 0.3], control=True)
    evaluation = FGSMLogger(writer, attack, tag="eval").log_dataset(model, loader(), step=4)
    writer.flush()
    events = EventAccumulator(str(tmp_path)).Reload()
    written = {tag: events.Scalars(tag)[0].value for tag in events.Tags()["scalars"]}
    assert written == pytest.approx(evaluation.scalars("eval"))
    assert set(evaluation.scalars()) == {
        "fgsm/clean_accuracy",
        *(f"fgsm/{kind}_accuracy/eps={e}" for kind in ("robust", "control") for e in (0.1, 0.3)),
    }
    assert attack.sweep(model, *data()).scalars("eval") == evaluation.scalars("eval")


# The loader


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
    assert most[0] == most[1] <= 3


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
    assert states() == expected
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


# The samples that are followed


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


def test_pictures_of_several_sizes_are_counted_and_those_of_one_shown(writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS))
    evaluation = logger.log_dataset(convolutional(), DataLoader(Sizes(), batch_size=1), step=0)
    assert evaluation.count == 6
    (record,) = records(writer)
    assert [sample.index for sample in record.samples] == [0, 1, 3, 4]


# Steps between, and what is refused


class Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner, self.calls = convolutional().double(), 0

    def forward(self, inputs: Tensor) -> Tensor:
        self.calls += 1
        return self.inner(inputs)


def test_the_steps_between_cost_nothing(writer) -> None:
    model, fetched = Counting(), []
    logger = FGSMLogger(writer, FGSM([0.1]), every=5)

    def batches() -> Iterator[Any]:
        fetched.append(1)
        yield from loader()

    for step in range(1, 5):
        assert logger.log(model, None, None, step) is None  # pyright: ignore[reportArgumentType]
        assert logger.log_dataset(model, batches(), step) is None
    assert model.calls == len(fetched) == 0
    assert logger.log_dataset(model, batches(), 5).count == COUNT
    assert logger.log(model, *data(), step=10) is not None
    assert [step.step for step in steps(writer)] == [5, 10]


@pytest.mark.parametrize("every", [0, -1, 1.5, True])
def test_every_is_a_whole_number_from_1_on(every, writer) -> None:
    with pytest.raises((ValueError, TypeError), match="every is a whole number"):
        FGSMLogger(writer, FGSM([0.1]), every=every)


def test_targets_of_single_samples_are_refused_for_a_data_set(model, writer) -> None:
    attack = FGSM([0.1], target=torch.tensor([1, 2]))
    with pytest.raises(ValueError, match="target has 2 classes, one for each sample of a single"):
        FGSMLogger(writer, attack).log_dataset(model, loader(), step=0)


def test_without_a_writer_the_only_process_has_nowhere_to_write(model) -> None:
    logger = FGSMLogger(None, FGSM([0.1]))
    for log in (
        lambda: logger.log(model, *data(), step=0),
        lambda: logger.log_dataset(model, loader(), step=0),
    ):
        with pytest.raises(ValueError, match=r"writer is None, .* rank 0 or the only one"):
            log()


def test_what_is_wrong_with_a_batch_is_found_before_it_is_attacked(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM([0.1]), class_names=["a", "b", "c"])
    with pytest.raises(ValueError, match="labels reach 4 but there are 3 class_names"):
        logger.log_dataset(model, loader(), step=0)


def test_a_step_that_failed_may_be_logged_again(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM([0.1]))
    with pytest.raises(ValueError, match="inputs span"):
        logger.log_dataset(model, [(inputs * 9, labels) for inputs, labels in loader()], step=0)
    logger.log_dataset(model, loader(), step=0)
    assert len(records(writer)) == 1
