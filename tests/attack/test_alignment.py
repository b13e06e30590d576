"""Gradient alignment is the cosine between two gradients, and costs one of them an epsilon."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.attack.alignment import cosines
from tensorboard_fgsm.attack.noise import random_shares
from tensorboard_fgsm.attack.tally import Tally
from tests.networks import batch, convolutional, linear

EPSILONS = (0.0, 2 / 255, 0.1)
MEAN, STD = (0.485, 0.456, 0.406), (0.2, 0.3, 0.5)


def normalised(pixels: Tensor) -> Tensor:
    mean, std = (torch.tensor(each, dtype=pixels.dtype).view(3, 1, 1) for each in (MEAN, STD))
    return (pixels - mean) / std


def by_hand(model: nn.Module, pixels: Tensor, towards: Tensor) -> Tensor:
    """The cosines of cross-entropy's gradients towards the pixels, a sample at a time."""
    rows = []
    for epsilon in EPSILONS:
        row = []
        for x, share, label in zip(pixels, random_shares(pixels), towards, strict=True):
            gradients = []
            for point in (x, x + epsilon * share):
                point = point[None].clone().requires_grad_()
                loss = functional.cross_entropy(model(normalised(point)), label[None])
                gradients.append(torch.autograd.grad(loss, point)[0].flatten())
            row.append(functional.cosine_similarity(*gradients, dim=0))
        rows.append(torch.stack(row))
    return torch.stack(rows)


@pytest.mark.parametrize("target", [None, 1])
def test_it_is_the_cosine_of_the_gradients_towards_pixels(target: int | None) -> None:
    model, (pixels, labels) = convolutional().double().eval(), batch()
    pixels = pixels.double()
    attack = FGSM(EPSILONS, mean=MEAN, std=STD, alignment=True, target=target)
    alignment = attack.sweep(model, normalised(pixels), labels).alignment
    assert alignment.shape == (3, 6)
    towards = labels if target is None else torch.full_like(labels, target)
    assert torch.allclose(alignment, by_hand(model, pixels, towards), rtol=0, atol=1e-9)
    assert (alignment[2] < 0.999).any()


def test_it_is_the_surrogates_in_a_transfer() -> None:
    model, surrogate = convolutional(), convolutional(seed=1)
    both = FGSM(EPSILONS, alignment=True, surrogate=surrogate).sweep(model, *batch())
    alone = FGSM(EPSILONS, alignment=True).sweep(surrogate, *batch())
    assert torch.equal(both.alignment, alone.alignment)


def test_of_two_classes_and_a_linear_model_it_is_one() -> None:
    generator = torch.Generator().manual_seed(0)
    model = linear(torch.randn(2, 27, generator=generator))
    inputs, labels = batch(size=3, classes=2)
    alignment = FGSM([0.1, 1], alignment=True).sweep(model, inputs, labels).alignment
    assert torch.allclose(alignment, torch.ones(2, 6, dtype=torch.float64), rtol=0, atol=1e-6)


def test_the_point_is_anywhere_within_epsilon_and_belongs_to_its_sample() -> None:
    pixels, _ = batch(n=40)
    shares = random_shares(pixels)
    assert shares.min() >= -1
    assert shares.max() <= 1
    assert abs(shares.mean()) < 0.02
    assert abs(shares.std() - 1 / math.sqrt(3)) < 0.01
    assert torch.equal(random_shares(pixels[7:9]), shares[7:9])
    before = torch.get_rng_state()
    random_shares(pixels)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_gradient_of_zero_has_no_direction_and_a_tiny_one_has() -> None:
    gradients = torch.tensor([[3.0, 4], [0, 0], [1e-30, 1e-30], [math.nan, 1], [1e38, -1e38]])
    others = torch.tensor([[4.0, 3], [1, 0], [1e-30, 0], [1, 1], [-1e38, 1e38]])
    shaped = (gradients.view(5, 1, 1, 2), others.view(5, 1, 1, 2))
    found = cosines(*shaped).tolist()
    expected = [24 / 25, math.nan, math.sqrt(0.5), math.nan, -1]
    assert found == pytest.approx(expected, abs=1e-7, nan_ok=True)


def test_its_mean_is_over_the_samples_that_have_one(tmp_path: Path) -> None:
    class Masked(nn.Module):
        """Is flat on its first sample."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = convolutional()

        def forward(self, inputs: Tensor) -> Tensor:
            logits = self.inner(inputs)
            keep = torch.ones(len(inputs), 1)
            keep[0] = 0
            return logits * keep

    model, (inputs, labels) = Masked(), batch()
    attack = FGSM(EPSILONS, alignment=True)
    with SummaryWriter(str(tmp_path)) as writer:
        logged = FGSMLogger(writer, attack)
        with pytest.warns(RuntimeWarning, match="1 of 6 samples have a gradient of 0"):
            sweep = logged.log(model, inputs, labels, 0)
    assert sweep.alignment[:, 0].isnan().all()
    means = sweep.alignment[:, 1:].mean(1)
    (step,) = read_steps(tmp_path)
    assert step.record.alignment == pytest.approx(means.tolist(), abs=1e-8)
    assert sweep.scalars()["fgsm/gradient_alignment/eps=0.1"] == step.record.alignment[2]
    still = FGSM(EPSILONS, alignment=True).sweep_quietly(model, inputs[:1], labels[:1])
    assert still.mean_alignment == [None] * 3
    assert "fgsm/gradient_alignment/eps=0.1" not in still.scalars()


def test_batches_add_up_to_the_mean_of_all() -> None:
    model, (inputs, labels) = convolutional().double().eval(), batch(n=10)
    attack = FGSM(EPSILONS, alignment=True)
    parts = [
        Tally.of(attack.sweep_quietly(model, inputs[rows].double(), labels[rows]))
        for rows in (slice(3), slice(3, 10))
    ]
    parts[0].add(parts[1])
    whole = Tally.of(attack.sweep_quietly(model, inputs.double(), labels))
    assert parts[0].mean_alignment == pytest.approx(whole.mean_alignment, abs=1e-9)


def test_without_it_nothing_is_said_of_it() -> None:
    sweep = FGSM([0.1]).sweep(convolutional(), *batch())
    assert sweep.alignment is None
    assert sweep.mean_alignment is None
    assert not any("alignment" in name for name in sweep.scalars())
