"""Pictures are encoded once, however often the same sample is logged."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.pixels import Picture
from tensorboard_fgsm.logger import encoding
from tensorboard_fgsm.logger.encoding import Encoder
from tests.networks import batch, convolutional


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """The pictures that were encoded."""
    taken: list[Picture] = []
    encode = pixels.encode

    def take(picture: Picture) -> bytes:
        taken.append(picture)
        return encode(picture)

    monkeypatch.setattr(pixels, "encode", take)
    return taken


def pictures(count: int, height: int = 8, width: int = 6, seed: int = 0) -> list[Picture]:
    chance = np.random.default_rng(seed)
    return list(chance.integers(0, 256, (count, height, width, 3), np.uint8))


def test_all_is_encoded_and_in_order(encoded: list[Picture]) -> None:
    originals, others = pictures(3), [pictures(2, seed=1 + i) for i in range(3)]
    stored = Encoder().encoded(originals, others)
    for original, of, data in zip(originals, others, stored, strict=True):
        for picture, each in zip([original, *of], data, strict=True):
            assert np.array_equal(pixels.decode(each, (8, 6, 3)), picture)
    assert len(encoded) == 9


def test_an_original_that_comes_again_is_not_encoded_again(encoded: list[Picture]) -> None:
    encoder, originals = Encoder(), pictures(3)
    first = encoder.encoded(originals, [pictures(1, seed=1)] * 3)
    encoded.clear()
    new = pictures(1, seed=3)
    second = encoder.encoded([originals[2], *new, originals[0]], [pictures(1, seed=2)] * 3)
    assert len(encoded) == 4  # the new one, and the others, which change with the model
    assert [second[0][0], second[2][0]] == [first[2][0], first[0][0]]
    assert np.array_equal(pixels.decode(second[1][0], (8, 6, 3)), new[0])


def test_of_equal_originals_one_is_encoded(encoded: list[Picture]) -> None:
    (original,) = pictures(1)
    stored = Encoder().encoded([original, original], [[], []])
    assert len(encoded) == 1
    assert stored[0] == stored[1]


def test_another_shape_is_another_picture(encoded: list[Picture]) -> None:
    encoder, (original,) = Encoder(), pictures(1)
    encoder.encoded([original], [[]])
    ((turned,),) = encoder.encoded([original.reshape(6, 8, 3)], [[]])
    assert len(encoded) == 2
    assert pixels.decode(turned, (6, 8, 3)).shape == (6, 8, 3)


def test_no_more_is_kept_than_is_said(
    encoded: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, originals = Encoder(), pictures(4)
    size = max(len(pixels.encode(each)) for each in originals)
    monkeypatch.setattr(encoding, "MOST_KEPT", 2 * size)
    encoder.encoded(originals, [[]] * 4)
    encoded.clear()
    encoder.encoded(originals[2:], [[]] * 2)  # the last ones are still there
    assert encoded == []
    encoder.encoded(originals[:1], [[]])
    assert len(encoded) == 1


def test_a_logger_keeps_the_originals_and_a_pickled_copy_has_none(
    encoded: list[Picture], writer: SummaryWriter
) -> None:
    logger, given = FGSMLogger(writer, FGSM([0.1])), (convolutional(), *batch())
    counts = []
    for step in range(3):
        encoded.clear()
        logger.log(*given, step=step)
        counts.append(len(encoded))
        if step == 1:
            logger.writer = None
            logger = pickle.loads(pickle.dumps(logger))
            logger.writer = writer
    assert counts == [6, 0, 6]  # the directions are small, and coded otherwise


@pytest.mark.parametrize(("side", "count"), [(104, 1), (105, 2)])
def test_a_large_direction_is_left_to_libwebp(
    side: int, count: int, encoded: list[Picture], writer: SummaryWriter
) -> None:
    model = nn.Sequential(nn.AvgPool2d(side), nn.Flatten(), nn.Linear(3, 2))
    inputs = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    FGSMLogger(writer, FGSM([0.1])).log(model, inputs, torch.tensor([0]), step=0)
    assert len(encoded) == count
