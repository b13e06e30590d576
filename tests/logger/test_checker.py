"""A logger that checks a few samples by a stronger attack, and tells of overfitting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.attack.overfitting import Overfitting
from tests.logger.datasets import data, loader, records
from tests.networks import batch, convolutional, linear

EPSILONS = (0.0, 0.01, 0.1)


class Collapsing(nn.Module):
    """A linear model that, once collapsed, is a tenth as sure, and lies to a gradient at the
    samples themselves alone: what takes one step goes the wrong way, and what takes more does not.
    """

    def __init__(self, inputs: Tensor) -> None:
        super().__init__()
        weight = torch.randn(2, inputs[0].numel(), generator=torch.Generator().manual_seed(0))
        self.inner = linear(weight.to(inputs.dtype))
        self.register_buffer("known", inputs)
        self.collapsed = False

    def forward(self, inputs: Tensor) -> Tensor:
        logits = self.inner(inputs)
        if not self.collapsed:
            return logits
        apart, nearest = (inputs[:, None] - self.known).flatten(2).abs().amax(2).min(1)
        lies = torch.where(apart < 1e-6, -1, 1).unsqueeze(1)
        value = logits.detach() - 0.9 * self.inner(self.known[nearest]).detach()
        return value + lies * (logits - logits.detach())


def collapsing() -> tuple[Collapsing, Tensor, Tensor]:
    """A model, and samples of which it is sure enough to hold against 0.01."""
    inputs, _ = batch(n=40, classes=2)
    inputs = inputs.clamp(0.2, 0.8)
    model = Collapsing(inputs).eval()
    return model, inputs, model(inputs).argmax(1)


def test_a_training_that_collapses_is_seen_at_its_step(writer: SummaryWriter) -> None:
    model, inputs, labels = collapsing()
    seen: list[Overfitting] = []
    attack = FGSM(EPSILONS, alignment=True)
    logger = FGSMLogger(
        writer, attack, check=PGD(steps=10), check_samples=30, on_overfitting=seen.append
    )
    logger.log(model, inputs, labels, 0)
    assert seen == []
    model.collapsed = True
    with pytest.warns(RuntimeWarning, match="has overfitted to FGSM at ε = 2.55/255"):
        sweep = logger.log(model, inputs, labels, 3)
    good, bad = records(writer)
    (overfitting,) = seen
    assert (overfitting.step, overfitting.best_step, overfitting.epsilon) == (3, 0, 0.01)
    assert (overfitting.count, overfitting.best_held) == (30, good.check.held[1])
    assert (overfitting.right, overfitting.held) == (30, bad.check.held[1])
    assert overfitting.best_alignment == pytest.approx(1)
    assert overfitting.alignment == pytest.approx(-1)
    assert sweep is not None
    assert bad.check.name == "PGD"
    assert bad.check.settings["steps"] == 10
    assert [caveat.code for caveat in bad.warnings][:2] == [
        "catastrophic-overfitting",
        "check-below",
    ]
    assert "catastrophic-overfitting" not in {caveat.code for caveat in good.warnings}


def test_what_it_counts_is_what_the_attacks_leave(writer: SummaryWriter, model) -> None:
    inputs, labels = data()
    labels = model.eval()(inputs).argmax(1)
    attack = FGSM(EPSILONS)
    FGSMLogger(writer, attack, check=BIM(5), check_samples=20).log(model, inputs, labels, 0)
    (record,) = records(writer)
    sweep = attack.sweep(model, inputs[:20], labels[:20])
    strong = PerEpsilon(BIM(5), EPSILONS).sweep(model, inputs[:20], labels[:20])
    both = (sweep.robust & strong.robust).int().cumprod(0)
    assert record.check.count == 20
    assert record.check.right == tuple(sweep.robust.sum(1).tolist())
    assert record.check.held == tuple(both.sum(1).tolist())


def test_a_data_sets_first_samples_are_checked_at_each_step(writer: SummaryWriter, model) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=2, check=BIM(2), check_samples=11)
    evaluations = [logger.log_dataset(model, loader(4), step) for step in (0, 1)]
    inputs, labels = data()
    sweep = FGSM(EPSILONS).sweep(model, inputs[:11], labels[:11])
    expected = PerEpsilon(BIM(2), EPSILONS).check(model, sweep)
    assert [evaluation.check for evaluation in evaluations] == [expected] * 2
    assert [record.check.held for record in records(writer)] == [expected.held] * 2
    writer.flush()
    events = EventAccumulator(writer.log_dir).Reload()
    for epsilon, held in zip(("0", "0.01", "0.1"), expected.held, strict=True):
        scalars = events.Scalars(f"fgsm/check_accuracy/eps={epsilon}")
        assert [event.value for event in scalars] == pytest.approx([held / 11] * 2)
    assert evaluations[0].scalars()["fgsm/check_accuracy/eps=0.1"] == expected.held[2] / 11


def test_what_on_overfitting_raises_ends_the_call_after_the_step_is_written(
    writer: SummaryWriter,
) -> None:
    class StopError(Exception):
        pass

    def stop(_: Overfitting) -> None:
        raise StopError

    model, inputs, labels = collapsing()
    logger = FGSMLogger(writer, FGSM(EPSILONS), check=PGD(10), on_overfitting=stop, on_error="warn")
    logger.log(model, inputs, labels, 0)
    model.collapsed = True
    with pytest.raises(StopError), pytest.warns(RuntimeWarning, match="overfitted"):
        logger.log(model, inputs, labels, 1)
    assert len(records(writer)) == 2


@pytest.mark.parametrize(
    ("attack", "options", "error", "message"),
    [
        (FGSM([0.1], target=1), {"check": PGD(2)}, ValueError, "but the logged one has a target"),
        (FGSM([0.1]), {"check": FGSM([0.1])}, TypeError, r"such as PGD\(steps=10\)"),
        (FGSM([0.1]), {"check": "pgd"}, TypeError, "attack is a function"),
        (
            FGSM([0.1]),
            {"check": PGD(2), "check_samples": 0},
            ValueError,
            "check_samples is a whole",
        ),
        (FGSM([0.1]), {"on_overfitting": print}, ValueError, "give it, such as check=PGD"),
        (FGSM([0.1]), {"check": PGD(2), "on_overfitting": 3}, TypeError, "is a function of what"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(
    attack: FGSM, options: dict[str, Any], error: type[Exception], message: str, writer
) -> None:
    with pytest.raises(error, match=message):
        FGSMLogger(writer, attack, **options)


def test_the_training_is_as_it_was(writer: SummaryWriter) -> None:
    model = convolutional().train()
    inputs, labels = batch()
    labels = convolutional().eval()(inputs).argmax(1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    random = torch.get_rng_state()
    logger = FGSMLogger(writer, FGSM(EPSILONS, alignment=True), check=PGD(3, restarts=2))
    logger.log(model, inputs, labels, 0)
    assert model.training
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_record_without_one_says_nothing_of_it(tmp_path: Path, model) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        FGSMLogger(writer, FGSM([0.1])).log(model, *data(), 0)
    (step,) = read_steps(tmp_path)
    assert step.record.check is None
