"""Cross-sections: held to a loop over the cells, one picture at a time."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from tensorboard_fgsm import FGSM, PGD, PerEpsilon
from tensorboard_fgsm.attack.cross_section import cross_sections
from tensorboard_fgsm.attack.noise import orthogonal_signs, random_signs
from tests.networks import batch, convolutional

# Of small networks there is much to warn of.
pytestmark = pytest.mark.filterwarnings("ignore:.*(gradient|ndom).*:RuntimeWarning")

EPSILONS = (2 / 255, 0.1, 0.3)
AXIS = torch.tensor([-0.3, -0.1, 0.0, 0.1, 0.3], dtype=torch.float64)
MEAN, STD = [0.4, 0.5, 0.6], [0.2, 0.25, 0.3]


def normalised(count: int = 3) -> tuple[Tensor, Tensor]:
    inputs, labels = batch(n=count)
    return (inputs - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1), labels


ATTACKS = {
    "fgsm": FGSM(EPSILONS, mean=MEAN, std=STD),
    "on the 8-bit grid": FGSM(EPSILONS, mean=MEAN, std=STD, quantize=True),
    "towards a class": FGSM(EPSILONS, mean=MEAN, std=STD, target=2),
    "another attack": PerEpsilon(PGD(2), EPSILONS, mean=MEAN, std=STD),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_each_cell_is_what_the_model_says_of_its_picture(name: str) -> None:
    attack, model = ATTACKS[name], convolutional().eval()
    inputs, labels = normalised()
    sweep = attack.sweep(model, inputs, labels)
    found = cross_sections(sweep, model, AXIS, size=7)
    plain = FGSM(EPSILONS, mean=MEAN, std=STD, target=2 if "towards" in name else None)
    if attack.quantize:
        plain = FGSM(EPSILONS, mean=MEAN, std=STD, quantize=True)
    direction = plain.sweep(model, inputs, labels).direction
    assert direction is not None
    across = orthogonal_signs(sweep.pixels, direction).double().numpy()
    along, pixels = direction.double().numpy(), sweep.pixels.double().numpy()
    mean, std = (np.array(each).reshape(3, 1, 1) for each in (MEAN, STD))
    for n in range(3):
        for j, b in enumerate(AXIS.tolist()):
            for i, a in enumerate(AXIS.tolist()):
                moved = np.clip(pixels[n] + a * along[n] + b * across[n], 0, 1)
                if attack.quantize:
                    levels = np.rint(255 * pixels[n]) + 255 * a * along[n] + 255 * b * across[n]
                    moved = np.clip(np.floor(levels + 0.5), 0, 255) / 255
                eaten = torch.from_numpy((moved - mean) / std).float()
                with torch.no_grad():
                    said = model(eaten[None])[0].softmax(0)
                assert found.classes[n, j, i] == said.argmax()
                assert found.probabilities[n, j, i].item() == pytest.approx(
                    said.max().item(), abs=1e-5
                )


def test_its_middle_row_is_the_attack() -> None:
    model = convolutional().eval()
    sweep = FGSM(EPSILONS).sweep(model, *batch(n=3))
    axis = torch.tensor([-0.3, 0.0, *EPSILONS], dtype=torch.float64)
    found = cross_sections(sweep, model, axis, size=3)
    logits = torch.stack([sweep.clean_logits, *sweep.logits]).double()
    assert torch.equal(found.classes[:, 1, 1:].T, logits.argmax(2))
    assert torch.allclose(found.probabilities[:, 1, 1:].T, logits.softmax(2).amax(2), atol=1e-6)


@given(
    st.integers(0, 2**32 - 1), st.sampled_from([(1, 1, 1), (1, 1, 2), (3, 5, 4)]), st.floats(0, 1)
)
def test_random_signs_are_orthogonal_to_any_direction(
    seed: int, shape: tuple[int, int, int], zeros: float
) -> None:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.rand((4, *shape), generator=generator)
    shares = torch.rand((2, 4, *shape), generator=generator)
    direction = torch.where(shares[0] < zeros, 0, torch.where(shares[1] < 0.5, -1, 1))
    direction = direction.to(torch.int8)
    found = orthogonal_signs(pixels, direction)
    assert not (found.long() * direction).flatten(1).sum(1).any()
    assert torch.equal(found, orthogonal_signs(pixels, direction))
    odd = (direction != 0).flatten(1).sum(1) % 2
    assert torch.equal((found == 0).flatten(1).sum(1), odd)
    # No more are turned than the sum of the products takes.
    own = random_signs(pixels)
    excess = (own.long() * direction).flatten(1).sum(1).abs()
    assert torch.equal((found != own).flatten(1).sum(1), (excess + 1) // 2)


class Counted(nn.Module):
    """Counts the samples of each forward."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.sizes = model, []

    def forward(self, inputs: Tensor) -> Tensor:
        assert not torch.is_grad_enabled()
        self.sizes.append(len(inputs))
        return self.model(inputs)


def test_it_costs_the_forwards_that_the_docstring_says() -> None:
    model = convolutional()
    sweep = FGSM(EPSILONS).sweep(model, *batch(n=3))
    counted = Counted(model)
    cross_sections(sweep, counted, AXIS, size=16)
    assert counted.sizes == [16, 16, 16, 16, 11]


def state(model: nn.Module) -> dict[str, Any]:
    return {name: each.clone() for name, each in model.state_dict().items()}


def test_the_model_and_the_random_numbers_are_left_alone() -> None:
    model = convolutional().train()
    model[1].eval()
    sweep = FGSM(EPSILONS).sweep(model, *batch(n=3))
    before, modes = copy.deepcopy(state(model)), [each.training for each in model.modules()]
    generator = torch.get_rng_state()
    with torch.inference_mode():
        cross_sections(sweep, model, AXIS, size=16)
    assert torch.equal(torch.get_rng_state(), generator)
    assert [each.training for each in model.modules()] == modes
    assert all(torch.equal(each, before[name]) for name, each in state(model).items())
    assert all(each.requires_grad and each.grad is None for each in model.parameters())
