"""An attack that leaves alone what it has fooled: fewer samples pass, and nothing else changes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tensorboard_fgsm import BIM, FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.attack import per_epsilon
from tensorboard_fgsm.attack.step_counts import StepCounts
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


def until_fooled(model: nn.Module, x: Tensor, label: Tensor, epsilon: float) -> tuple[Tensor, int]:
    """BIM on one sample, spelled out: where it ends, and how many steps were taken."""
    point = x
    for step in range(STEPS):
        leaf = point.clone().requires_grad_()
        logits = model(leaf)
        if int(logits.argmax()) != int(label):
            return point, step
        functional.cross_entropy(logits, label.view(1)).backward()
        assert leaf.grad is not None
        point = point + epsilon / STEPS * leaf.grad.sign()
        point = point.clamp(x - epsilon, x + epsilon).clamp(0, 1)
    return point, STEPS


def test_who_is_fooled_is_left_alone_and_keeps_the_example(attacked) -> None:
    model, inputs, labels = attacked
    sweep = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True).sweep_quietly(model, inputs, labels)
    assert sweep.examples is not None
    examples, standing = inputs.clone(), sweep.correct.clone()
    passes, left_on_the_way = 0, 0
    for place, epsilon in enumerate(EPSILONS):
        for i in standing.nonzero().flatten().tolist() if epsilon else []:
            examples[i], steps = until_fooled(model, inputs[i : i + 1], labels[i], epsilon)
            passes += min(steps + 1, STEPS)  # FGSM knows the first; another tells where it has led
            left_on_the_way += steps < STEPS
        with torch.no_grad():
            logits = model(examples)
        torch.testing.assert_close(sweep.examples[place], examples)
        torch.testing.assert_close(sweep.logits[place], logits)
        assert (sweep.examples[place] - sweep.pixels).abs().max() <= epsilon + 1e-6
        standing &= logits.argmax(1) == labels
        assert torch.equal(sweep.robust[place], standing)
    counts = [int(each.sum()) for each in sweep.robust]
    assert 28 > counts[2] > counts[3] > 0
    assert left_on_the_way > 3
    assert torch.equal(sweep.examples[-1][:2], sweep.pixels[:2])  # wrong already when clean
    fgsm = PerEpsilon(BIM(STEPS), EPSILONS, together=False).fgsm
    stopped = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True, together=False)
    assert passed(model, stopped, inputs, labels) == passed(model, fgsm, inputs, labels) + passes


def passed(model: Counting, attack: FGSM | PerEpsilon, inputs: Tensor, labels: Tensor) -> int:
    """How many samples an attack passes."""
    before = model.passed
    attack.sweep_quietly(model, inputs, labels)
    return model.passed - before


@pytest.mark.parametrize("attack", [BIM(STEPS), PGD(STEPS), PGD(STEPS, restarts=3)], ids=repr)
def test_it_is_at_least_as_strong_and_passes_fewer(attack, attacked) -> None:
    model, inputs, labels = attacked
    plain, stopped = (
        PerEpsilon(attack, [0.02], early_stop=early_stop, together=False)
        for early_stop in (False, True)
    )
    robust = [each.sweep_quietly(model, inputs, labels).robust for each in (plain, stopped)]
    assert robust[1].sum() <= robust[0].sum()
    fgsm = passed(model, plain.fgsm, inputs, labels)
    of_plain, of_stopped = (passed(model, each, inputs, labels) for each in (plain, stopped))
    starts = getattr(attack, "restarts", 1)
    looks = 0 if starts == 1 else starts
    known = 1 if attack.starts_at_inputs else 0
    assert of_plain - fgsm == (STEPS * starts + looks + 1 - known) * len(inputs)
    assert of_stopped < of_plain


def test_other_starts_are_for_those_that_the_first_one_leaves(attacked) -> None:
    """The model is only seen by whom no earlier start has fooled."""
    model, inputs, labels = attacked
    once, more = (PGD(STEPS, restarts=n).climb for n in (1, 4))
    first = once(model, inputs, labels, 0.02, early_stop=True).examples
    found = more(model, inputs, labels, 0.02, early_stop=True).examples
    with torch.no_grad():
        fooled = model(first).argmax(1) != labels
        assert 3 < fooled.sum() < 28
        assert torch.equal(found[fooled], first[fooled])
        assert (model(found).argmax(1) != labels).sum() >= fooled.sum()


def test_where_rounding_may_undo_it_the_last_step_counts(attacked) -> None:
    model, inputs, labels = attacked
    attack = PerEpsilon(BIM(STEPS), [0.02], quantize=True, early_stop=True, together=False)
    sweep = attack.sweep_quietly(model, inputs, labels)
    standing = sweep.correct
    expected = attack.attack(model.inner, sweep.pixels[standing], labels[standing], 0.02)
    assert sweep.examples is not None
    torch.testing.assert_close(sweep.examples[0][standing], (expected * 255).round() / 255)


def test_of_a_sharded_model_each_process_makes_the_same_forwards(attacked, monkeypatch) -> None:
    """Whatever its samples are: another waits for it in each forward."""
    model, inputs, labels = attacked
    stopped = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True, together=False)
    plain = PerEpsilon(BIM(STEPS), EPSILONS, together=False)
    expected = plain.sweep_quietly(model, inputs, labels)
    checked = plain.check(model, expected)
    monkeypatch.setattr(per_epsilon, "is_sharded", lambda _: True)
    wrong = (labels + 1) % 5
    for said in (labels, wrong):
        assert passed(model, stopped, inputs, said) == passed(model, plain, inputs, said)
        sweep = plain.sweep_quietly(model, inputs, said)
        model.passed = 0
        check = plain.check(model, sweep)
        assert model.passed == (len(EPSILONS) - 1) * (STEPS + 1) * len(inputs)
        assert said is wrong or check == checked
    sweep = stopped.sweep_quietly(model, inputs, labels)
    assert torch.equal(sweep.robust, expected.robust.cumprod(0).bool())
    assert sweep.examples is not None
    assert torch.equal(sweep.examples[-1][:2], sweep.pixels[:2])  # wrong already when clean


def test_where_none_is_left_nothing_is_passed(attacked) -> None:
    model, inputs, _ = attacked
    attack = PerEpsilon(PGD(2), [0.9, 1], early_stop=True, together=False)
    wrong = (model(inputs).argmax(1) + 1) % 5
    model.passed = 0
    attack.fgsm.sweep_quietly(model, inputs, wrong)
    once, model.passed = model.passed, 0
    sweep = attack.sweep_quietly(model, inputs, wrong)
    assert model.passed == once
    assert not sweep.robust.any()
    assert sweep.step_losses is not None
    assert sweep.step_losses.shape == (2, 2 + 1, len(inputs))
    assert torch.equal(sweep.step_losses, sweep.step_losses[:, :1].expand_as(sweep.step_losses))


def test_the_climb_is_the_same_however_samples_are_spread_over_batches(attacked) -> None:
    """Also where of a batch none is left to be attacked."""
    model, inputs, labels = attacked
    attack = PerEpsilon(BIM(STEPS), EPSILONS, early_stop=True)

    def counted(*parts: slice) -> StepCounts | None:
        tallies = [Tally.of(attack.sweep_quietly(model, inputs[p], labels[p])) for p in parts]
        for tally in tallies[1:]:
            tallies[0].add(tally)
        return tallies[0].steps

    whole = counted(slice(None))
    assert whole is not None
    for parts in ((slice(2), slice(2, None)), (slice(2, None), slice(2))):
        found = counted(*parts)
        assert found is not None
        assert (found.count, found.right) == (whole.count, whole.right)
        assert found.indicators == whole.indicators
        for one, other in zip(found.mean_losses, whole.mean_losses, strict=True):
            assert one == pytest.approx(other, abs=1e-4)


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
