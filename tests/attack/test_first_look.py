"""BIM beside FGSM: its first step is FGSM's own, to the bit, and is not computed again."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from tensorboard_fgsm import BIM, FGSM, PGD, PerEpsilon
from tensorboard_fgsm.attack import per_epsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tests.networks import batch, convolutional

EPSILONS = [0, 0.005, 0.02, 0.1]
POSITIVE = len(EPSILONS) - 1
NORMALISED: dict[str, Any] = {"mean": [0.45] * 3, "std": [0.27] * 3}


class Counting(nn.Module):
    """Counts its forwards, and those of them that a gradient is taken of."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = convolutional().eval()
        self.forwards, self.gradients = 0, 0

    def forward(self, x: Tensor) -> Tensor:
        self.forwards, self.gradients = self.forwards + 1, self.gradients + x.requires_grad
        return self.inner(x)


def samples(*, normalised: bool = False) -> tuple[Tensor, Tensor]:
    """Twenty, on most of which the model is right."""
    inputs, labels = batch(20)
    given = (inputs - 0.45) / 0.27 if normalised else inputs
    return given, labels.where(labels == 0, convolutional().eval()(given).argmax(1))


def with_and_without(monkeypatch, sweep) -> tuple[Any, Any, tuple[int, int]]:
    """What comes out with FGSM's look and without, and how many forwards and gradients it saves."""
    model, results, costs = Counting(), [], []
    for used in (True, False):
        with monkeypatch.context() as patch:
            if not used:
                patch.setattr(per_epsilon, "first_look", lambda *_: None)
            before = model.forwards, model.gradients
            results.append(sweep(model))
            costs.append((model.forwards - before[0], model.gradients - before[1]))
    forwards, gradients = (without - used for used, without in zip(*costs, strict=True))
    return results[0], results[1], (forwards, gradients)


def fields(sweep: Sweep) -> list[Tensor | None]:
    return [sweep.examples, sweep.logits, sweep.step_losses, sweep.step_right, sweep.flip_epsilon]


@pytest.mark.parametrize("early_stop", [False, True])
@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize(
    ("options", "saved"),
    [
        ({}, POSITIVE),
        ({"quantize": True}, POSITIVE),
        ({**NORMALISED, "quantize": True}, POSITIVE),
        (NORMALISED, 0),
    ],
    ids=["pixels", "8 bits", "8 bits, normalised", "normalised"],
)
def test_the_first_gradient_is_not_taken_again(
    options: dict[str, Any], saved: int, steps: int, early_stop: bool, monkeypatch
) -> None:
    """But of inputs whose last bits change where mean and std are undone and applied again."""
    inputs, labels = samples(normalised="mean" in options)
    attack = PerEpsilon(BIM(steps), EPSILONS, **options, early_stop=early_stop, together=False)
    found, plain, costs = with_and_without(
        monkeypatch, lambda model: attack.sweep_quietly(model, inputs, labels)
    )
    for one, other in zip(fields(found), fields(plain), strict=True):
        if one is None or other is None:
            assert one is other
        elif early_stop:  # the gradient was taken in a batch with more samples
            torch.testing.assert_close(one, other)
        else:
            assert torch.equal(one, other)
    assert costs == (saved, saved)


def doubled(logits: Tensor, labels: Tensor) -> Tensor:
    return 2 * functional.cross_entropy(logits, labels, reduction="none")


@pytest.mark.parametrize(
    ("logged", "stronger", "saved"),
    [
        (FGSM(EPSILONS), BIM(3), 2),
        (FGSM(EPSILONS, loss_fn=doubled), BIM(3, loss_fn=doubled), 2),
        (PerEpsilon(PGD(2), EPSILONS), BIM(3), 2),
        (FGSM(EPSILONS), BIM(3, loss_fn=doubled), 0),
        (FGSM(EPSILONS, loss_fn=doubled), BIM(3), 0),
        (FGSM(EPSILONS, surrogate=convolutional(seed=1).eval()), BIM(3), 0),
        (FGSM(EPSILONS), PGD(3), 0),
    ],
    ids=[
        *("the same loss", "a loss of one's own", "FGSM beside another"),
        *("another loss", "another default", "another model's gradient", "a random start"),
    ],
)
def test_a_check_uses_the_look_of_the_logged_fgsm(logged, stronger, saved, monkeypatch) -> None:
    inputs, labels = samples()
    sweep = logged.sweep_quietly(convolutional().eval(), inputs, labels)
    check = PerEpsilon(stronger, EPSILONS).check
    found, plain, costs = with_and_without(monkeypatch, lambda model: check(model, sweep))
    assert found == plain
    assert found.held[0] > found.held[2] > found.held[3] == 0  # where nobody is attacked
    assert costs == (saved, saved)


def test_processes_of_a_sharded_model_take_every_gradient(monkeypatch) -> None:
    """Whatever their samples are: the last bits of some may change where others' do not."""
    monkeypatch.setattr(per_epsilon, "is_sharded", lambda _: True)
    inputs, labels = samples()
    attack = PerEpsilon(BIM(2), EPSILONS, together=False)
    _, _, costs = with_and_without(
        monkeypatch, lambda model: attack.sweep_quietly(model, inputs, labels)
    )
    assert costs == (0, 0)
