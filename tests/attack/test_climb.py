"""How the loss goes along the steps of PGD and BIM: against a loop of its own, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, PGD, FGSMLogger, PerEpsilon, RandomStartFGSM, read_steps
from tensorboard_fgsm.attack.caveats import PINTOR, caveats_of
from tensorboard_fgsm.attack.loss import stable_loss
from tensorboard_fgsm.attack.step_counts import Indicators, StepCounts
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format import record
from tensorboard_fgsm.format.climb import MOST_STEPS, Climb
from tests.networks import batch, convolutional, digits, train

EPSILONS = [0, 0.02, 0.1]


def by_hand(
    model: nn.Module, start: Tensor, x: Tensor, labels: Tensor, epsilon: float, steps: int, a: float
) -> tuple[Tensor, Tensor]:
    """The losses and whether the model is right, (T + 1, N): every point is passed once more."""
    low, high = (x - epsilon).clamp(min=0), (x + epsilon).clamp(max=1)
    points = [start]
    for _ in range(steps):
        leaf = points[-1].clone().requires_grad_()
        logits = model(leaf)
        others = logits.masked_fill(functional.one_hot(labels, logits.shape[1]).bool(), -torch.inf)
        loss = others.logsumexp(1) - logits.gather(1, labels.unsqueeze(1)).squeeze(1)
        (gradient,) = torch.autograd.grad(loss.sum(), leaf)
        points.append(torch.clamp(points[-1] + a * gradient.sign(), low, high))
    with torch.no_grad():
        said = [model(point) for point in points]
    losses = torch.stack([stable_loss(logits, labels) for logits in said])
    return losses, torch.stack([logits.argmax(1) == labels for logits in said])


def test_the_losses_are_those_of_every_point_on_the_way() -> None:
    model, (x, labels) = convolutional().eval(), batch()
    sweep = PerEpsilon(BIM(steps=4), EPSILONS).sweep_quietly(model, x, labels)
    assert sweep.step_losses is not None
    assert sweep.step_right is not None
    assert sweep.step_losses.shape == sweep.step_right.shape == (3, 5, len(x))
    for place, epsilon in enumerate(EPSILONS):
        losses, right = by_hand(model, x, x, labels, epsilon, 4, epsilon / 4)
        torch.testing.assert_close(sweep.step_losses[place], losses, rtol=1e-5, atol=1e-5)
        assert torch.equal(sweep.step_right[place], right)
    assert torch.equal(sweep.step_right[:, -1], sweep.robust)


def test_of_several_starts_they_are_those_of_the_one_that_is_kept() -> None:
    model, (x, labels) = convolutional().eval(), batch()
    attack = PGD(steps=3, restarts=4)
    sweep = PerEpsilon(attack, [0.1]).sweep_quietly(model, x, labels)
    assert sweep.step_losses is not None
    generator = torch.Generator().manual_seed(0)
    tried = []
    for _ in range(4):
        noise = torch.empty(x.shape).uniform_(-0.1, 0.1, generator=generator)
        start = torch.clamp(x + noise, (x - 0.1).clamp(min=0), (x + 0.1).clamp(max=1))
        tried.append(by_hand(model, start, x, labels, 0.1, 3, 2.5 * 0.1 / 3)[0])
    for sample in range(len(x)):
        own = sweep.step_losses[0, :, sample]
        assert any(torch.allclose(own, each[:, sample], atol=1e-5) for each in tried)
    ends = torch.stack([each[-1] for each in tried])
    torch.testing.assert_close(sweep.step_losses[0, -1], ends.amax(0), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_a_loss_over_the_batch_is_told_of_each_sample(reduction: str) -> None:
    model, (x, labels) = convolutional().eval(), batch()

    def loss(logits: Tensor, classes: Tensor) -> Tensor:
        return functional.cross_entropy(logits, classes, reduction=reduction)

    sweep = PerEpsilon(BIM(steps=2, loss_fn=loss), [0.1]).sweep_quietly(model, x, labels)
    assert sweep.step_losses is not None
    clean = functional.cross_entropy(model(x), labels, reduction="none")
    end = functional.cross_entropy(sweep.logits[0], labels, reduction="none")
    torch.testing.assert_close(sweep.step_losses[0, 0], clean.detach())
    torch.testing.assert_close(sweep.step_losses[0, -1], end)


@pytest.mark.parametrize(
    "attack", [FGSM([0.1]), *(PerEpsilon(each, [0.1]) for each in (PGD(1), RandomStartFGSM()))]
)
def test_of_one_step_there_is_no_way_to_tell(attack: FGSM | PerEpsilon) -> None:
    sweep = attack.sweep_quietly(convolutional().eval(), *batch())
    assert sweep.step_losses is None
    assert Tally.of(sweep).steps is None


def test_batches_add_up_whatever_their_order() -> None:
    model, (x, labels) = convolutional().eval(), batch(20)
    sweep = PerEpsilon(PGD(steps=3), EPSILONS).sweep_quietly(model, x, labels)
    whole = Tally.of(sweep)
    parts = [Tally.of(sweep.of(slice(i, i + 7))) for i in (0, 7, 14)]
    for order in ((0, 1, 2), (2, 0, 1)):
        first, *others = (parts[i].steps for i in order)
        assert first is not None
        for each in others:
            assert each is not None
            first = first.plus(each)
        assert first == whole.steps


def test_the_indicators_count_those_that_are_right_when_clean_and_at_the_end() -> None:
    losses = torch.tensor([[0, 2, 1], [0, 2, 2], [0, 2, 1], [0, 2, 1]]).T.unsqueeze(0).float()
    right = torch.tensor([[1, 1, 1], [1, 0, 1], [1, 0, 0], [1, 0, 1]]).T.unsqueeze(0).bool()
    correct = torch.tensor([True, True, True, False])
    counts = StepCounts.of(losses, right, correct)
    assert counts.right == ((4, 1, 3),)
    assert counts.indicators == (Indicators(held=2, fell=1, passed=1),)
    assert counts.plus(counts).indicators == (Indicators(held=4, fell=2, passed=2),)


# What is told of it


def found(sweep: Sweep) -> dict[str, str]:
    told = caveats_of(Tally.of(sweep), sweep.attack)
    return {each.code: each.sentence for each in told if each.source == PINTOR}


@pytest.fixture(scope="module")
def digit_reader() -> tuple[nn.Module, Tensor, Tensor]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    inputs, labels = digits()
    train(model, inputs[:1200], labels[:1200], epochs=10, rate=0.01)
    return model.eval(), inputs[1200:1400], labels[1200:1400]


@pytest.mark.parametrize("early_stop", [False, True])
def test_a_sound_attack_is_not_suspected(early_stop: bool, digit_reader) -> None:
    model, inputs, labels = digit_reader
    for attack in (PGD(), PGD(steps=5), PGD(steps=40), PGD(restarts=3)):
        per_epsilon = PerEpsilon(attack, [0.02, 0.1, 0.2], early_stop=early_stop)
        assert found(per_epsilon.sweep_quietly(model, inputs, labels)) == {}


@pytest.mark.parametrize("early_stop", [False, True])
def test_an_attack_that_stops_too_early(early_stop: bool, digit_reader) -> None:
    model, inputs, labels = digit_reader
    attack = PerEpsilon(PGD(steps=8, step_size=0.002), [0.1, 0.2], early_stop=early_stop)
    sentence = found(attack.sweep_quietly(model, inputs, labels))["stopped-early"]
    assert sentence.startswith("PGD stops too early: at ε = ")
    assert "the last 2 of its 8 steps still bring 2" in sentence  # about a quarter


def test_two_tiny_steps_stop_too_early(digit_reader) -> None:
    model, inputs, labels = digit_reader
    attack = PerEpsilon(PGD(steps=2, step_size=0.002), [0.1])
    sentence = found(attack.sweep_quietly(model, inputs, labels))["stopped-early"]
    assert "at ε = 25.5/255 the last 1 of its 2 steps still bring 5" in sentence  # about a half


def test_steps_too_large_on_a_network_trained_against_fgsm(digit_reader) -> None:
    """Its loss has learned to turn within ε; smaller steps, as the warning says, follow it."""
    _, inputs, labels = digit_reader
    model = fgsm_trained()
    epsilon = 0.2
    large = PerEpsilon(PGD(steps=10, step_size=2 * epsilon), [epsilon])
    sweep = large.sweep_quietly(model, inputs, labels)
    sentences = found(sweep)
    assert sweep.step_losses is not None
    assert sweep.step_right is not None
    (losses,), (right,) = sweep.step_losses, sweep.step_right
    left = (model(inputs).argmax(1) == labels) & right[-1]
    top = losses.amax(0)
    falls = int((left & (top - losses[-1] > 0.1 * (top - losses[0]) + 1e-3 * (1 + top))).sum())
    passed = int((left & ~right.all(0)).sum())
    assert falls > 10
    assert passed > 10
    leaves = f"at ε = 51/255 it leaves {int(left.sum())} samples right, and"
    assert f"{leaves} of {falls} of these the loss was higher" in sentences["loss-falls"]
    assert f"{leaves} on {passed} of these the model was wrong" in sentences["passed-by"]
    small = PerEpsilon(PGD(steps=40, step_size=epsilon / 10), [epsilon])
    better = small.sweep_quietly(model, inputs, labels)
    assert found(better) == {}
    assert int(better.robust.sum()) < int(sweep.robust.sum())


def fgsm_trained() -> nn.Module:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 10))
    inputs, labels = (each[:1200] for each in digits())
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    for _ in range(20):
        for some in torch.randperm(1200).split(64):
            examples = FGSM([0.3]).perturb(model, inputs[some], labels[some], 0.3)
            optimizer.zero_grad()
            functional.cross_entropy(model(examples), labels[some]).backward()
            optimizer.step()
    return model.eval()


def test_where_nothing_is_left_right_nothing_has_failed(digit_reader) -> None:
    model, inputs, _ = digit_reader
    wrong = (model(inputs).argmax(1) + 1) % 10
    attack = PerEpsilon(PGD(steps=8, step_size=0.002), [0.1])
    assert found(attack.sweep_quietly(model, inputs, wrong)) == {}


def ridge(loss: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """A model of two classes whose loss for the first one is a function of the only pixel."""

    def model(x: Tensor) -> Tensor:
        height = loss(x.flatten(1).mean(1))
        return torch.stack([torch.zeros_like(height), height], 1)

    return model


@pytest.mark.parametrize(("held", "told"), [(12, True), (3, False)])
def test_a_step_over_the_top(held: int, told: bool) -> None:
    """From 0.1 a step of 0.3 leads over the ridge at 0.35, and the next one back again."""
    inputs = torch.full((100, 1, 1, 1), 0.1)
    inputs[held:] = 0.9  # these are never led over anything, and stay right
    labels = torch.zeros(100, dtype=torch.int64)
    model = ridge(lambda x: torch.where(x < 0.8, -0.5 - (x - 0.35).abs(), -1 + 0 * x))
    attack = PerEpsilon(BIM(steps=2, step_size=0.3), [0.35])
    sentences = found(attack.sweep_quietly(model, inputs, labels))
    assert ("loss-falls" in sentences) == told
    if told:
        expected = "at ε = 89.25/255 it leaves 100 samples right, and of 12 of these the loss was"
        assert expected in sentences["loss-falls"]
    assert "passed-by" not in sentences


def test_a_success_that_is_passed_by() -> None:
    """At 0.4 the model is wrong; a step further, and it is right."""
    inputs = torch.full((50, 1, 1, 1), 0.1)
    labels = torch.zeros(50, dtype=torch.int64)
    model = ridge(lambda x: 0.6 - 10 * (x - 0.45).abs())
    attack = PerEpsilon(BIM(steps=2, step_size=0.3), [0.7])
    sweep = attack.sweep_quietly(model, inputs, labels)
    assert sweep.step_right is not None
    assert sweep.step_right[0].all(1).tolist() == [True, False, True]
    expected = "at ε = 178.5/255 it leaves 50 samples right, and on 50 of these the model was wrong"
    assert expected in found(sweep)["passed-by"]


@pytest.mark.parametrize(("count", "told"), [(1, False), (2, False), (3, True)])
def test_one_or_two_samples_are_no_reason_to_warn(count: int, told: bool) -> None:
    inputs, labels = torch.full((count, 1, 1, 1), 0.1), torch.zeros(count, dtype=torch.int64)
    falling = ridge(lambda x: -0.5 - (x - 0.35).abs())
    passing = ridge(lambda x: 0.6 - 10 * (x - 0.45).abs())
    attack = PerEpsilon(BIM(steps=2, step_size=0.3), [0.35])
    assert ("loss-falls" in found(attack.sweep_quietly(falling, inputs, labels))) == told
    attack = PerEpsilon(BIM(steps=2, step_size=0.3), [0.7])
    assert ("passed-by" in found(attack.sweep_quietly(passing, inputs, labels))) == told


def test_the_share_is_of_those_that_were_right_when_clean() -> None:
    """The model is wrong at 0.9 and right after each step from there: no success to pass by."""

    def model(x: Tensor) -> Tensor:
        at = x.flatten(1).mean(1)
        height = torch.where(at > 0.85, 0.5 - (at - 0.9), 0.6 - 10 * (at - 0.45).abs())
        return torch.stack([torch.zeros_like(height), height], 1)

    inputs = torch.full((60, 1, 1, 1), 0.9)
    inputs[:3] = 0.1
    attack = PerEpsilon(BIM(steps=2, step_size=0.3), [0.7])
    sweep = attack.sweep_quietly(model, inputs, torch.zeros(60, dtype=torch.int64))
    assert int(sweep.robust[0].sum()) > 3
    assert "it leaves 3 samples right, and on 3 of these" in found(sweep)["passed-by"]


# What is logged of it


def logged(tmp_path: Path, attack: PerEpsilon) -> record.Record:
    with SummaryWriter(str(tmp_path)) as writer:
        FGSMLogger(writer, attack, max_samples=2).log(convolutional().eval(), *batch(), step=0)
    (step,) = read_steps(tmp_path)
    return step.record


def test_the_record_has_it_for_all_and_for_those_with_pictures(tmp_path: Path) -> None:
    found = logged(tmp_path, PerEpsilon(PGD(steps=3), EPSILONS))
    sweep = PerEpsilon(PGD(steps=3), EPSILONS).sweep_quietly(convolutional().eval(), *batch())
    counts = Tally.of(sweep).steps
    assert counts is not None
    assert sweep.step_losses is not None
    assert found.climb is not None
    assert found.climb.right == counts.right
    assert found.climb.held == tuple((sweep.robust & sweep.correct).sum(1).tolist())
    means = torch.tensor(found.climb.losses, dtype=torch.float64)
    torch.testing.assert_close(means, sweep.step_losses.double().mean(2), rtol=1e-5, atol=1e-5)
    for i, sample in enumerate(found.samples):
        losses = torch.tensor(sample.climb, dtype=torch.float64)
        expected = sweep.step_losses[:, :, i].double()
        torch.testing.assert_close(losses, expected, rtol=1e-5, atol=1e-6)


def test_as_a_table_it_has_a_row_an_epsilon_and_step(tmp_path: Path) -> None:
    kept = logged(tmp_path, PerEpsilon(PGD(steps=3), EPSILONS))
    (step,) = read_steps(tmp_path)
    table = step.climb()
    assert kept.climb is not None
    assert table["attack_step"] == [0, 1, 2, 3] * 3
    assert table["epsilon"] == [each for each in EPSILONS for _ in range(4)]
    assert table["loss"] == [loss for row in kept.climb.losses for loss in row]
    assert table["accuracy"] == [right / 6 for row in kept.climb.right for right in row]


def test_of_too_many_steps_it_has_nothing(tmp_path: Path) -> None:
    found = logged(tmp_path, PerEpsilon(BIM(steps=MOST_STEPS + 1), [0.1]))
    assert found.climb is None
    (step,) = read_steps(tmp_path)
    assert set(map(len, step.climb().values())) == {0}
    assert all(sample.climb == () for sample in found.samples)


def changed(sound: record.Record, climb: Climb) -> record.Record:
    return msgspec.structs.replace(sound, climb=climb)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fell": (0, 0)}, "climb.fell has 2 entries for 3 epsilons"),
        ({"right": ((6, 6),) * 3}, "not each row of the climb has 4 points"),
        ({"held": (0, 0, 7)}, "the climb tells of more than 6 samples"),
        ({"held": (0, 0, 1), "passed": (0, 0, 2)}, "more than the 1 samples that held"),
        ({"held": (0, 0, 1), "fell": (0, 0, 2)}, "more than the 1 samples that held"),
        ({"losses": ((0.0, float("nan"), 0.0, 0.0),) * 3}, "Expected `float`"),
    ],
)
def test_what_no_attack_makes_is_refused(changes, message: str, tmp_path: Path) -> None:
    sound = logged(tmp_path, PerEpsilon(PGD(steps=3), EPSILONS))
    assert sound.climb is not None
    climb = msgspec.structs.replace(sound.climb, **changes)
    with pytest.raises((record.RecordError, ValueError), match=message):
        record.encode(changed(sound, climb))
