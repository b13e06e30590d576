"""A whole data set through the logger: the numbers and warnings of one large batch."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from tensorboard_fgsm import BIM, FGSM, FGSMLogger, PerEpsilon
from tensorboard_fgsm.format.class_counts import MOST_BECAME
from tests.logger.datasets import COUNT, EPSILONS, agree, data, loader, records, steps
from tests.networks import convolutional, linear


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.long), 8, 53, 100])
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


def test_too_few_names_are_noticed_at_the_first_batch(model, writer) -> None:
    def batches() -> Iterator[Any]:
        inputs, _ = data()
        yield inputs[:8]
        raise AssertionError("read on")

    logger = FGSMLogger(writer, FGSM([0.1]), class_names=["a", "b", "c"])
    with pytest.raises(ValueError, match="3 class_names for 5 classes"):
        logger.log_dataset(model, batches(), step=0)


def test_a_writer_that_is_closed_meanwhile_is_named(model, writer) -> None:
    def batches() -> Iterator[Any]:
        yield from loader()
        writer.close()

    with pytest.raises(ValueError, match="the writer is closed"):
        FGSMLogger(writer, FGSM([0.1])).log_dataset(model, batches(), step=0)


def test_a_logger_may_be_sent_to_another_process(model, writer) -> None:
    logger = FGSMLogger(None, FGSM([0.1, 0.3]), max_samples=3)
    other = pickle.loads(pickle.dumps(logger))
    other.writer = writer
    assert other.log_dataset(model, loader(), step=0).count == COUNT
    assert len(records(writer)[0].samples) == 3


def test_a_step_that_failed_may_be_logged_again(model, writer) -> None:
    logger = FGSMLogger(writer, FGSM([0.1]))
    with pytest.raises(ValueError, match="inputs span"):
        logger.log_dataset(model, [(inputs * 9, labels) for inputs, labels in loader()], step=0)
    logger.log_dataset(model, loader(), step=0)
    assert len(records(writer)) == 1
