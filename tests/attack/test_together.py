"""Epsilons that share a forward: seen to give the same answers, or not done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tensorboard_fgsm import FGSM, PerEpsilon
from tensorboard_fgsm.attack import together as module
from tensorboard_fgsm.model.activations import activations_of
from tests.networks import batch

EPSILONS = [0, 0.01, 0.02, 0.04, 0.06, 0.08]
POSITIVE = len(EPSILONS) - 1


class Reader(nn.Module):
    """A classifier that notes how many samples each forward has."""

    def __init__(self, seed: int = 0, inside: nn.Module | None = None) -> None:
        super().__init__()
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            first, last = nn.Linear(3 * 8 * 8, 64), nn.Linear(64, 5)
        self.layers = nn.Sequential(nn.Flatten(), first, inside or nn.ReLU(inplace=True), last)
        self.sizes: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.sizes.append(len(x))
        return self.layers(x)


class Interacting(nn.Module):
    """Subtracts what a whole batch has in common."""

    def forward(self, x: Tensor) -> Tensor:
        return x - x.mean(0)


class OfOneSize(nn.Module):
    """Knows batches of six samples alone."""

    def forward(self, x: Tensor) -> Tensor:
        return x.view(6, 64)


class Random(nn.Module):
    """Draws at each forward, in evaluation mode, too."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.dropout(x, 0.5, training=True)


class Slow(nn.Module):
    """Takes by far longer the more samples there are."""

    def forward(self, x: Tensor) -> Tensor:
        time.sleep(1e-3 * (len(x) / 6) ** 2)
        return x


def sizes_of(model: Reader, attack: Any, inputs: Tensor, labels: Tensor | None) -> list[int]:
    model.sizes.clear()
    attack.sweep_quietly(model, inputs, labels)
    return list(model.sizes)


def assert_the_same(joined: Any, apart: Any) -> None:
    assert torch.equal(joined.logits.argmax(2), apart.logits.argmax(2))
    torch.testing.assert_close(joined.logits, apart.logits, rtol=0, atol=1e-5)
    assert torch.equal(joined.flip_epsilon, apart.flip_epsilon)
    assert torch.equal(joined.direction, apart.direction)


def test_in_a_thousand_cases_the_predictions_are_those_of_one_epsilon_at_a_time() -> None:
    joined, apart = (FGSM(EPSILONS, control=True, refine=2, together=t) for t in (True, False))
    for seed in range(50):
        model = Reader(seed).eval()
        for case in range(20):
            inputs, labels = batch(size=8, seed=1000 * seed + case)
            if case:
                model.sizes.clear()
            found = joined.sweep_quietly(model, inputs, labels)
            if case:  # the clean one, the epsilons', the refinement's, and the control's
                assert model.sizes == [6, 18, 12, 6, 6, 18, 12]
            expected = apart.sweep_quietly(model, inputs, labels)
            assert_the_same(found, expected)
            torch.testing.assert_close(
                found.control_logits, expected.control_logits, rtol=0, atol=1e-5
            )


@pytest.mark.parametrize("control", [False, True])
def test_the_first_sweep_of_a_shape_tries_it_and_costs_what_the_docstring_says(control) -> None:
    model, attack, given = Reader(), FGSM(EPSILONS, control=control, together=True), batch(size=8)
    joined = [18, 12]
    tried = [6, *[6] * POSITIVE, 6, 18, *joined]
    assert sizes_of(model, attack, *given) == tried + joined * control
    assert sizes_of(model, attack, *given) == [6, *joined, *joined * control]
    other = given[0][:4], given[1][:4]
    assert len(sizes_of(model, attack, *other)) > 3, "another shape is tried by itself"
    assert len(sizes_of(model, attack, *other)) <= 3 + 2 * control


def test_of_another_attack_fgsms_forwards_beside_it_share_one() -> None:
    def still(_: nn.Module, inputs: Tensor, __: Tensor, ___: float) -> Tensor:
        return inputs

    model, attack = Reader(), PerEpsilon(still, EPSILONS, together=True)
    sizes_of(model, attack, *batch(size=8))
    assert sizes_of(model, attack, *batch(size=8)) == [6, 18, 12, *[6] * POSITIVE]


@pytest.mark.parametrize(
    ("inside", "tried"),
    [
        (nn.BatchNorm1d(64, track_running_stats=False), False),
        (Interacting(), True),
        (OfOneSize(), True),
        (Random(), True),
    ],
    ids=["batch-statistics", "interacting", "of-one-size", "random"],
)
def test_a_model_that_answers_otherwise_gets_one_epsilon_at_a_time(inside, tried: bool) -> None:
    model, given = Reader(inside=inside), batch(size=8)
    torch.manual_seed(3)
    expected = FGSM(EPSILONS, together=False).sweep_quietly(model, *given)
    for again in range(3):
        model.sizes.clear()
        torch.manual_seed(3)
        found = FGSM(EPSILONS, together=True).sweep_quietly(model, *given)
        assert torch.equal(found.logits, expected.logits), "bit by bit"
        assert (model.sizes == [6] * (1 + POSITIVE)) == (bool(again) or not tried)


def test_what_is_slower_is_done_only_where_the_user_insists() -> None:
    model = Reader(inside=Slow())
    for together, expected in (("auto", [6] * (1 + POSITIVE)), (True, [6, 18, 12])):
        attack = FGSM(EPSILONS, together=together)
        sizes_of(model, attack, *batch(size=8))
        assert sizes_of(model, attack, *batch(size=8)) == expected


def test_what_is_faster_is_done_by_itself() -> None:
    class Waiting(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            time.sleep(5e-3)  # as a launch on a GPU does
            return x

    model, attack = Reader(inside=Waiting()), FGSM(EPSILONS)
    sizes_of(model, attack, *batch(size=8))
    assert sizes_of(model, attack, *batch(size=8)) == [6, 18, 12]


def test_what_is_channels_last_stays_so_where_epsilons_share_a_forward() -> None:
    model, seen = Reader(), []
    model.register_forward_pre_hook(
        lambda _, given: seen.append(given[0].is_contiguous(memory_format=torch.channels_last))
    )
    inputs, labels = batch(size=8)
    inputs = inputs.to(memory_format=torch.channels_last)
    attack = FGSM(EPSILONS, together=True)
    sizes_of(model, attack, inputs, labels)
    assert sizes_of(model, attack, inputs, labels) == [6, 18, 12]
    assert all(seen)


def test_functions_and_what_the_user_excludes_are_not_tried() -> None:
    model, given = Reader(), batch(size=8)
    alone = [6] * (1 + POSITIVE)
    function: Callable[[Tensor], Tensor] = lambda x: model(x)  # noqa: E731
    attack = FGSM(EPSILONS, together=True)
    attack.sweep_quietly(function, *given)
    assert model.sizes == alone
    assert sizes_of(model, FGSM(EPSILONS, together=False), *given) == alone
    assert sizes_of(model, FGSM([0.1], together=True), *given) == [6, 6]
    assert sizes_of(model, FGSM([0], together=True), *given) == [6]


def test_no_forward_takes_more_memory_than_a_training_step() -> None:
    """Answers of 18 kB a sample and weights of next to nothing: no two batches fit."""
    wide = nn.Sequential(nn.Conv2d(3, 72, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    model = nn.Sequential(wide, nn.Linear(72, 5))
    sizes: list[int] = []
    wide.register_forward_pre_hook(lambda _, given: sizes.append(len(given[0])))
    for _ in range(2):
        FGSM(EPSILONS, together=True).sweep_quietly(model, *batch(size=8))
    assert set(sizes) == {6}
    assert len(sizes) == 2 * (1 + POSITIVE) + 1


def test_large_inputs_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs, labels = batch(size=8)
    monkeypatch.setattr(module, "MOST_NUMBERS", 2 * inputs.numel() - 1)
    assert sizes_of(Reader(), FGSM(EPSILONS, together=True), inputs, labels) == [6] * 6
    monkeypatch.setattr(module, "MOST_NUMBERS", 2 * inputs.numel())
    model = Reader()
    sizes_of(model, FGSM(EPSILONS, together=True), inputs, labels)
    assert sizes_of(model, FGSM(EPSILONS, together=True), inputs, labels) == [6, 12, 12, 6]


def test_a_model_is_forgotten_with_its_last_reference() -> None:
    before, model = len(module._known), Reader()
    sizes_of(model, FGSM(EPSILONS), *batch(size=8))
    assert len(module._known) == before + 1
    del model
    assert len(module._known) == before


@pytest.mark.parametrize("together", ["Auto", 2, None, "yes"])
def test_what_together_may_be(together: Any) -> None:
    with pytest.raises(ValueError, match=r"together is 'auto', True or False, got "):
        FGSM(EPSILONS, together=together)


def test_activations_are_what_the_layers_answer() -> None:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.ReLU(inplace=True), nn.Sequential(nn.Flatten(), nn.Linear(256, 5))
    )
    hooks = [dict(each._forward_hooks) for each in model.modules()]
    logits, seen = activations_of(model, lambda: model(torch.ones(2, 3, 8, 8)))
    # What works in place, or answers with a view, holds nothing more.
    assert seen == (4 * 2 * (4 * 64 + 5), 4 * 2 * 4 * 64)
    assert logits.shape == (2, 5)
    assert [dict(each._forward_hooks) for each in model.modules()] == hooks
