"""Examples made on one model and shown to another, which normalises its inputs otherwise."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, read_steps
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.transfers import Exchange, ExchangeLogger, Rival
from tests.networks import batch, convolutional

EPSILONS = (0.02, 0.1)
STATISTICS = (((0.5, 0.4, 0.3), (0.2, 0.3, 0.4)), ((0.1, 0.2, 0.3), (0.5, 0.5, 0.5)))
NAMES = ("one", "other")


def normalised(pixels: Tensor, number: int) -> Tensor:
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in STATISTICS[number])
    return (pixels - mean) / std


def model(number: int, pixels: Tensor) -> nn.Module:
    """A random network that says every class of some of the pictures."""
    made = convolutional(seed=number).double().eval()
    made[-1].bias.data.sub_(made(normalised(pixels, number)).mean(0).detach())  # pyright: ignore[reportIndexIssue]
    return made


def test_each_model_is_shown_the_same_pictures_in_its_own_units(tmp_path: Path) -> None:
    pixels = batch(40)[0].double()
    models = [model(number, pixels) for number in (0, 1)]
    said = [each(normalised(pixels, number)).argmax(1) for number, each in enumerate(models)]
    labels = torch.where(torch.arange(40) % 3 == 0, *said)
    attacks = [FGSM(EPSILONS, mean=mean, std=std) for mean, std in STATISTICS]
    pairs = zip(models, attacks, strict=True)
    exchange = Exchange([Rival(*pair, torch.float64) for pair in pairs])
    loggers = []
    for number in (0, 1):
        data = TensorDataset(normalised(pixels, number), labels)
        with SummaryWriter(str(tmp_path / NAMES[number])) as writer:
            logger = ExchangeLogger(exchange, number, writer, attacks[number], max_samples=2)
            # Batches of other sizes are of the same samples.
            logger.log_dataset(models[number], DataLoader(data, batch_size=7 + number), step=0)
            loggers.append((logger, writer))
    counts = exchange.count(Processes())
    for number, (logger, _) in enumerate(loggers):
        with SummaryWriter(str(tmp_path / NAMES[number])) as logger.writer:
            logger.write(NAMES, counts)
    right = [each == labels for each in said]
    expected = []
    for source in (0, 1):
        leaf = pixels.clone().requires_grad_()
        logits = models[source](normalised(leaf, source))
        functional.cross_entropy(logits, labels, reduction="sum").backward()
        assert leaf.grad is not None
        shown = [(pixels + e * leaf.grad.sign()).clamp(0, 1) for e in EPSILONS]
        answers = [
            [models[target](normalised(each, target)).argmax(1) for each in shown]
            for target in (0, 1)
        ]
        pairs = zip(answers, right, strict=True)
        expected.append(
            tuple(tuple(int((each != labels)[known].sum()) for each in row) for row, known in pairs)
        )
    steps = list(read_steps(tmp_path))
    assert [step.run for step in steps] == ["one", "other"]
    for number, step in enumerate(steps):
        found = step.record.transfers
        assert found is not None
        assert (found.models, found.own) == (NAMES, number)
        assert found.right == tuple(int(each.sum()) for each in right)
        assert found.fooled == tuple(expected)
        assert len(step.record.samples) == 2
    assert 0 < expected[0][1][0] < expected[0][1][1] <= found.right[1] < 40
