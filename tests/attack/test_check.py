"""A check by a stronger attack: who holds against both, what it costs, and what it warns of."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tensorboard_fgsm import FGSM, PGD, PerEpsilon
from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.overfitting import Overfitting, OverfittingWatch
from tests.networks import batch, convolutional, digits, train

EPSILONS = (0.0, 0.02, 0.06, 0.15, 1.0)


def trained() -> tuple[nn.Module, Tensor, Tensor]:
    torch.manual_seed(0)
    inputs, labels = digits()
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    train(model, inputs[:600], labels[:600], epochs=8, rate=3e-3)
    return model.eval(), inputs[600:680], labels[600:680]


def descends(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Twenty steps of cross-entropy, written down once more; no start is random, so that whom it
    fools does not depend on who is attacked beside."""
    low, high = (inputs - epsilon).clamp(0, 1), (inputs + epsilon).clamp(0, 1)
    moved = inputs.clone()
    with torch.enable_grad():
        for _ in range(20):
            leaf = moved.detach().requires_grad_()
            loss = functional.cross_entropy(model(leaf), labels, reduction="sum")
            (gradient,) = torch.autograd.grad(loss, leaf)
            moved = (moved + epsilon / 8 * gradient.sign()).clamp(low, high)
    return moved.detach()


def test_those_hold_whom_neither_attack_fools_and_only_they_are_attacked_on() -> None:
    model, inputs, labels = trained()
    runs: list[tuple[float, int]] = []

    def attack(given: nn.Module, pictures: Tensor, classes: Tensor, epsilon: float) -> Tensor:
        runs.append((epsilon, len(pictures)))
        return descends(given, pictures, classes, epsilon)

    sweep = FGSM(EPSILONS).sweep(model, inputs, labels)
    forwards = []
    handle = model.register_forward_hook(lambda *_: forwards.append(1))
    check = PerEpsilon(attack, EPSILONS, name="descent").check(model, sweep)
    handle.remove()

    alive = torch.ones(len(labels), dtype=torch.bool)
    right, held, attacked = [], [], []
    for epsilon in EPSILONS:
        fgsm = model(sweep.adversarial(epsilon)).argmax(1) == labels
        alive &= fgsm
        if epsilon and alive.any():
            attacked.append((epsilon, int(alive.sum())))
        alive &= model(descends(model, inputs, labels, epsilon)).argmax(1) == labels
        right.append(int(fgsm.sum()))
        held.append(int(alive.sum()))
    assert (check.name, check.count) == ("descent", 80)
    assert (check.right, check.held) == (tuple(right), tuple(held))
    assert any(h < r for h, r in zip(held, right, strict=True))
    assert runs == attacked
    assert len(forwards) == len(runs) * (20 + 1)
    assert len(runs) < len(EPSILONS) - 1  # at 1 there is nobody left


def test_a_model_that_is_wrong_is_not_attacked() -> None:
    model, (inputs, _) = convolutional().eval(), batch()
    labels = (model(inputs).argmax(1) + 1) % 5

    def attack(*_: object) -> Tensor:
        raise AssertionError("there is nobody to fool")

    sweep = FGSM([0, 0.1]).sweep(model, inputs, labels)
    sweep = sweep.of(~sweep.robust[1])
    check = PerEpsilon(attack, [0, 0.1]).check(model, sweep)
    assert check.held == (0, 0)


@pytest.mark.parametrize("option", [{}, {"control": True, "alignment": True}, {"target": 1}])
@pytest.mark.parametrize(
    "rows", [slice(2, 5), torch.tensor([True, False, False, True, True, True])]
)
def test_the_sweep_of_some_is_the_sweep_of_these_alone(option, rows) -> None:
    model, (inputs, labels) = convolutional().double().eval(), batch()
    inputs = inputs.double()
    attack = FGSM([0, 0.1], refine=3, **option)
    some = attack.sweep(model, inputs, labels).of(rows)
    alone = attack.sweep(model, inputs[rows], labels[rows])
    for name, value in vars(alone).items():
        if isinstance(value, Tensor):
            assert torch.allclose(getattr(some, name), value, rtol=0, atol=1e-12), name
    strong = PerEpsilon(PGD(2), [0, 0.1]).sweep(model, inputs, labels).of(rows)
    assert torch.equal(strong.adversarial(0.1), strong.examples[1])
    assert len(strong.examples[1]) == len(strong.labels) == len(strong.reference.labels)
    assert strong.success_rate.shape == (2,)


def of(held: int, right: int, *, count: int = 64, epsilon: float = 0.1) -> Check:
    return Check("PGD", {}, (epsilon,), count, (right,), (held,))


def watched(*steps: tuple[Check, float | None]) -> Overfitting | None:
    watch = OverfittingWatch()
    found = None
    for step, (check, alignment) in enumerate(steps):
        found = watch.look(step, check, None if alignment is None else [alignment])
    return found


def test_overfitting_is_to_hold_against_the_one_and_fall_to_the_other() -> None:
    found = watched((of(30, 40), 0.9), (of(20, 45), 0.8), (of(3, 60), 0.3))
    assert found == Overfitting(2, 0.1, 64, 60, 3, 0, 30, 0.3, 0.9)
    assert watched((of(30, 40), None), (of(3, 60), None)).alignment is None


@pytest.mark.parametrize(
    "steps",
    [
        [(of(3, 60), 0.3)],
        [(of(3, 60), 0.9), (of(2, 60), 0.3)],
        [(of(30, 40), 0.9), (of(3, 10), 0.3)],
        [(of(30, 40), 0.9), (of(26, 60), 0.3)],
        [(of(30, 40), 0.3), (of(3, 60), 0.9)],
        [(of(60, 62), 0.9), (of(40, 62), 0.3)],
        [(of(30, 40, epsilon=0.0), 0.9), (of(3, 60, epsilon=0.0), 0.3)],
    ],
    ids=["first", "never-held", "worse-in-both", "chance", "straighter", "small-gap", "clean"],
)
def test_else_it_is_none(steps) -> None:
    assert watched(*steps) is None


def test_it_is_told_where_the_gap_is_widest_and_until_it_ends() -> None:
    watch = OverfittingWatch()
    good = Check("PGD", {}, (0.1, 0.2), 64, (50, 45), (45, 40))
    bad = Check("PGD", {}, (0.1, 0.2), 64, (60, 61), (10, 1))
    assert watch.look(0, good, None) is None
    for step in (1, 2):
        found = watch.look(step, bad, None)
        assert (found.step, found.epsilon, found.best_step, found.best_held) == (step, 0.2, 0, 40)
    assert watch.look(3, good, None) is None


def test_the_warnings_have_their_numbers_and_papers() -> None:
    (below,) = caveats.of_check(of(3, 41, epsilon=8 / 255), "FGSM")
    assert below.code == "check-below"
    assert "of 64 samples FGSM leaves 41 right at ε = 8/255, and PGD 3:" in below.sentence
    assert list(caveats.of_check(of(40, 41), "FGSM")) == []
    found = Overfitting(7, 0.2, 64, 60, 3, 2, 30, 0.31, 0.9)
    (overfitted,) = caveats.of_overfitting(found, "FGSM", "PGD")
    for part in (
        "ε = 51/255",
        "of 64 samples",
        "it leaves 60 right, and PGD 3",
        "step 2 it was 30",
    ):
        assert part in overfitted.sentence
    assert "alignment 0.90, now 0.31" in overfitted.sentence
    assert "2001.03994" in overfitted.source
    assert "2007.02617" in overfitted.source
    assert list(caveats.of_overfitting(None, "FGSM", "PGD")) == []


def test_batches_add_up() -> None:
    both = of(3, 41).plus(of(5, 20, count=30))
    assert (both.count, both.right, both.held) == (94, (61,), (8,))
    assert math.isclose(both.accuracy[0], 8 / 94)
    assert both.scalars("t") == {"t/check_accuracy/eps=0.1": 8 / 94}
