"""An attack that leaves alone what it has fooled: fewer samples pass, and nothing else changes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tensorboard_fgsm import BIM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.attack.tally import Tally
from tests.networks import batch, convolutional

EPSILONS = [0, 0.005, 0.02, 0.05, 0.2]
STEPS = 3


class Counting(nn.Module):
    """Counts the samples that pass."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner, self.passed = inner, 0

    def forward(self, x: Tensor) -> Tensor:
        self.passed += len(x)
        return self.inner(x)


@pytest.fixture
def attacked() -> tuple[Counting, Tensor, Tensor]:
    """A model that is right on all but the first two of 30 samples."""
    model = convolutional().eval()
    inputs, _ = batch(30)
    labels = model(inputs).argmax(1)
    labels[:2] = (labels[:2] + 1) % 5
    return Counting(model), inputs, labels


def test_who_is_fooled_is_left_alone_and_keeps_the_example(attacked) -> None:
    model, inputs, labels = attacked
    attack = BIM(STEPS)
    sweep = PerEpsilon(attack, EPSILONS, early_stop=True).sweep_quietly(model, inputs, labels)
    standing = sweep.correct
    assert sweep.examples is not None
    examples, logits = sweep.pixels, sweep.clean_logits
    counts = []
    for place, epsilon in enumerate(EPSILONS):
        if epsilon:
            examples, logits = examples.clone(), logits.clone()
            some = attack(model, inputs[standing], labels[standing], epsilon)
            examples[standing] = some
            with torch.no_grad():
                logits[standing] = model(some)
        torch.testing.assert_close(sweep.examples[place], examples)
        torch.testing.assert_close(sweep.logits[place], logits)
        assert (sweep.examples[place] - sweep.pixels).abs().max() <= epsilon + 1e-6
        standing = logits.argmax(1) == labels
        counts.append(int(standing.sum()))
    assert counts == [each.sum() for each in sweep.robust]
    assert counts == sorted(counts, reverse=True)
    assert 28 > counts[2] > counts[3] > 0
    assert torch.equal(sweep.examples[-1][:2], sweep.pixels[:2])  # wrong already when clean


def test_only_those_that_are_still_right_are_passed(attacked) -> None:
    model, inputs, labels = attacked
    plain, stopped = (
        PerEpsilon(BIM(STEPS), EPSILONS, early_stop=early_stop, together=False)
        for early_stop in (False, True)
    )
    passed = []
    for attack in (plain.fgsm, plain, stopped):
        model.passed = 0
        sweep = attack.sweep_quietly(model, inputs, labels)
        passed.append(model.passed)
    fgsm, all_of_them, some = passed
    assert all_of_them - fgsm == (len(EPSILONS) - 1) * (STEPS + 1) * len(inputs)
    before = [int(each.sum()) for each in sweep.robust][:-1]
    assert some - fgsm == (STEPS + 1) * sum(before)


def test_where_none_is_left_nothing_is_passed(attacked) -> None:
    model, inputs, _ = attacked
    attack = PerEpsilon(PGD(2), [0.9, 1], early_stop=True, together=False)
    wrong = (model(inputs).argmax(1) + 1) % 5
    model.passed = 0
    attack.fgsm.sweep_quietly(model, inputs, wrong)
    once, model.passed = model.passed, 0
    sweep = attack.sweep_quietly(model, inputs, wrong)
    assert model.passed == once
    assert sweep.step_losses is None
    assert not sweep.robust.any()


def test_those_that_are_left_alone_stand_still(attacked) -> None:
    model, inputs, labels = attacked
    sweep = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True).sweep_quietly(model, inputs, labels)
    assert sweep.step_losses is not None
    assert sweep.step_right is not None
    for place in range(1, len(EPSILONS)):
        alone = ~sweep.robust[place - 1]
        losses = sweep.step_losses[place][:, alone]
        assert torch.equal(losses, losses[-1:].expand_as(losses))
        assert not sweep.step_right[place][:, alone].any()
    counts = Tally.of(sweep).steps
    assert counts is not None
    assert [each[-1] for each in counts.right] == [int(each.sum()) for each in sweep.robust]


def test_without_it_nothing_is_left_alone(attacked) -> None:
    model, inputs, labels = attacked
    plain = PerEpsilon(BIM(STEPS), EPSILONS).sweep_quietly(model, inputs, labels)
    stopped = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True).sweep_quietly(model, inputs, labels)
    held = plain.robust.cumprod(0).bool()
    assert torch.equal(stopped.robust, held)
    assert plain.examples is not None
    assert not torch.equal(plain.examples[-1][:2], plain.pixels[:2])


def test_the_record_says_so(attacked, writer, tmp_path) -> None:
    model, inputs, labels = attacked
    attack = PerEpsilon(PGD(2), [0.05], early_stop=True)
    FGSMLogger(writer, attack).log(model, inputs, labels, step=0)
    writer.flush()
    (step,) = read_steps(tmp_path)
    assert step.record.attack.settings["early_stop"] is True
    assert "early_stop" not in PerEpsilon(PGD(2), [0.05]).settings
