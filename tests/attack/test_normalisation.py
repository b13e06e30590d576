"""Mean and std, given as numbers or read off the transforms that a model was trained with."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from tensorboard_fgsm import FGSM, PerEpsilon
from tensorboard_fgsm.attack.normalisation import Normalisation, checked_normalisation
from tests.lazy import Lazy
from tests.networks import batch, convolutional

models, transforms = Lazy("torchvision.models"), Lazy("torchvision.transforms")
v2 = Lazy("torchvision.transforms.v2")

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
IMAGENET = Normalisation(MEAN, STD)


@pytest.mark.parametrize(
    "as_given",
    [
        list,
        tuple,
        lambda values: np.array(values),
        lambda values: torch.tensor(values, dtype=torch.float64),
        lambda values: map(str, values),
        iter,
    ],
    ids=["list", "tuple", "array", "tensor", "text", "iterator"],
)
def test_numbers_in_anything_that_can_be_gone_through(as_given) -> None:
    assert checked_normalisation(as_given(MEAN), as_given(STD)) == IMAGENET


def test_a_float32_tensors_numbers_are_its_own() -> None:
    found = checked_normalisation(torch.tensor(MEAN), torch.tensor(STD))
    assert found.mean == tuple(torch.tensor(MEAN).tolist())
    assert found.std == tuple(torch.tensor(STD).tolist())


@pytest.mark.parametrize(
    "transform_of",
    [
        lambda: transforms.Normalize(MEAN, STD),
        lambda: transforms.Normalize(list(MEAN), list(STD), inplace=True),
        lambda: v2.Normalize(MEAN, STD),
        lambda: models.get_weight("ResNet18_Weights.DEFAULT").transforms(),
        lambda: models.ResNet18_Weights.DEFAULT.transforms(),
        lambda: models.ViT_B_16_Weights.IMAGENET1K_V1.transforms(),
        lambda: transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, STD)]),
        lambda: v2.Compose(
            [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
        ),
        lambda: transforms.Compose([transforms.Compose([transforms.Normalize(MEAN, STD)])]),
        lambda: transforms.Compose([models.ResNet18_Weights.DEFAULT.transforms()]),
    ],
    ids=[
        *("normalize", "in-place", "v2", "get-weight", "resnet", "vit"),
        *("compose", "v2-compose", "nested", "weights-in-compose"),
    ],
)
def test_a_transform_that_normalises_once_has_both(transform_of) -> None:
    transform = transform_of()
    assert checked_normalisation(transform, None) == IMAGENET
    assert checked_normalisation(None, transform) == IMAGENET
    assert checked_normalisation(transform, transform) == IMAGENET


def test_other_weights_have_other_numbers() -> None:
    transform = models.get_weight("Inception_V3_Weights.DEFAULT").transforms()
    given = tuple(map(float, transform.mean)), tuple(map(float, transform.std))
    assert checked_normalisation(transform, None) == Normalisation(*given)
    half = transforms.Normalize([0.5], [0.25])
    assert checked_normalisation(half, None) == Normalisation((0.5,), (0.25,))


def test_tensors_in_a_transform() -> None:
    transform = transforms.Normalize(torch.tensor([0.5]), torch.tensor([0.25]))
    assert checked_normalisation(transform, None) == Normalisation((0.5,), (0.25,))


@pytest.mark.parametrize(
    ("transform_of", "times"),
    [
        (lambda: transforms.Compose([transforms.ToTensor()]), 0),
        (lambda: v2.Compose([v2.Identity()]), 0),
        (lambda: transforms.Compose([transforms.Normalize(MEAN, STD)] * 2), 2),
        (lambda: v2.Compose([v2.Normalize(MEAN, STD), v2.Normalize([0.5] * 3, [0.5] * 3)]), 2),
        (lambda: transforms.Compose([models.ResNet18_Weights.DEFAULT.transforms()] * 3), 3),
    ],
    ids=["none", "v2-none", "two", "v2-two", "three"],
)
def test_a_transform_that_normalises_not_once_is_refused(transform_of, times: int) -> None:
    with pytest.raises(ValueError, match=rf"does so {times} times: give mean and std as lists\. G"):
        FGSM([0.1], mean=transform_of())


@pytest.mark.parametrize("order", [1, -1])
def test_a_transform_beside_numbers_is_refused(order: int) -> None:
    mean, std = [transforms.Normalize(MEAN, STD), STD][::order]
    with pytest.raises(ValueError, match="a transform has both mean and std: give it alone"):
        FGSM([0.1], mean=mean, std=std)


def test_two_transforms_are_refused() -> None:
    pair = transforms.Normalize(MEAN, STD), transforms.Normalize([0.5] * 3, [0.5] * 3)
    with pytest.raises(ValueError, match="give it alone"):
        FGSM([0.1], mean=pair[0], std=pair[1])


@pytest.mark.parametrize(
    ("mean", "std", "error", "message"),
    [
        ([0.5], None, ValueError, "go together: give both, or neither"),
        (None, [0.5], ValueError, "go together"),
        (torch.tensor([0.5]), None, ValueError, "go together"),
        (np.array([0.5]), None, ValueError, "go together"),
        ([0.5], [0.5, 0.5], ValueError, "mean has 1 channels, std has 2: they must agree"),
        ([], [], ValueError, "mean has 0 channels"),
        ([0.5], [0.0], ValueError, r"std positive, got mean=\(0.5,\) and std=\(0.0,\)"),
        ([0.5], [-0.5], ValueError, "std positive"),
        ([math.inf], [0.5], ValueError, "mean is finite"),
        ([0.5], [math.nan], ValueError, "std=.nan"),
        (torch.tensor(0.5), torch.tensor(0.5), TypeError, "lists with a number a channel"),
        (["a"], [0.5], TypeError, r"got mean=\['a'\]"),
    ],
)
def test_bad_statistics(mean, std, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM([0.1], mean=mean, std=std)


@pytest.mark.parametrize(
    ("transform_of", "message"),
    [
        (lambda: transforms.Normalize([0.5], [0.5, 0.5]), "must agree"),
        (lambda: transforms.ToTensor(), "go together"),
    ],
)
def test_a_transform_of_bad_statistics(transform_of, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FGSM([0.1], mean=transform_of())


def test_a_transform_is_the_same_as_its_numbers() -> None:
    transform = transforms.Normalize(MEAN, STD)
    assert FGSM([0.1], mean=transform) == FGSM([0.1], mean=MEAN, std=STD)
    assert FGSM([0.1]).normalisation == Normalisation()
    assert PerEpsilon(print, [0.1], mean=transform).normalisation == IMAGENET
    inputs, labels = batch()
    sweep = FGSM(["8/255"], mean=transform).sweep(convolutional(), transform(inputs), labels)
    assert torch.allclose(sweep.pixels, inputs, atol=1e-6)
    assert (sweep.attack.to_pixels(sweep.adversarial(8 / 255)) - inputs).abs().max() <= 8 / 255 + (
        1e-6
    )


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_way_to_pixels_and_back(dtype: torch.dtype) -> None:
    inputs, _ = batch()
    pixels = inputs.to(torch.promote_types(dtype, torch.float32))
    there = IMAGENET.to_inputs(pixels, dtype)
    back = IMAGENET.to_pixels(there)
    assert there.dtype == dtype
    assert back.dtype == pixels.dtype
    assert (back - pixels).abs().max() <= 2 * torch.finfo(dtype).eps
    assert torch.allclose(there.double(), transforms.Normalize(MEAN, STD)(inputs).double(), 0.02)


def test_a_model_that_eats_pixels_gets_them_as_they_are() -> None:
    inputs, _ = batch()
    assert torch.equal(Normalisation().to_pixels(inputs), inputs)
    assert torch.equal(Normalisation().to_inputs(inputs, torch.float32), inputs)


def test_a_transform_of_other_channels_than_the_inputs_is_told() -> None:
    inputs, labels = batch(channels=1)
    model = nn.Sequential(nn.Flatten(), nn.Linear(144, 5))
    with pytest.raises(ValueError, match="mean and std have 3 channels, inputs have 1"):
        FGSM([0.1], mean=transforms.Normalize(MEAN, STD)).sweep(model, inputs, labels)
