"""The shapes and types in the annotations hold, on the whole way of one datum."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

WAY_OF_ONE_DATUM = """
import sys
from jaxtyping import TypeCheckError, install_import_hook

with install_import_hook("tensorboard_fgsm", "beartype.beartype"):
    from tensorboard_fgsm import FGSM, FGSMLogger, PerEpsilon, read_steps, stable_loss

import torch
from torch.utils.tensorboard import SummaryWriter
from tests.networks import batch, convolutional

try:
    stable_loss(torch.rand(3, 2), torch.zeros(4, dtype=torch.int64))
except TypeCheckError:
    print("the shapes are checked")

for channels in (1, 3, 4):
    for quantize in (False, True):
        logdir = f"{sys.argv[1]}/{channels}-{quantize}"
        attack = FGSM([0.0, 0.1], mean=[0.5] * channels, std=[0.5] * channels, quantize=quantize)
        with SummaryWriter(logdir) as writer:
            inputs, labels = batch(channels=channels)
            FGSMLogger(writer, attack).log(convolutional(channels), inputs * 2 - 1, labels, step=0)
        (step,) = read_steps(logdir)
        step.original(0), step.direction(0), step.adversarial(0, 0.05)
print("the shapes hold")


def noise(model, inputs, labels, epsilon):
    return (inputs + epsilon * torch.rand_like(inputs)).clamp(0, 1)


each_its_own = torch.tensor([0, 1, 0, 1, 0, 1])
for classes in (1, 5):
    for quantize in (False, True):
        both = dict(mean=[0.5] * 3, std=[0.5] * 3, quantize=quantize, control=True)
        variants = [
            FGSM([0.0, 0.1], refine=3, **both),
            FGSM([0.0, 0.1], refine=3, target=1, **both),
            FGSM([0.0, 0.1], refine=3, target=each_its_own, **both),
            FGSM([0.0, 0.1], refine=3, target="least-likely", **both),
            FGSM([0.0, 0.1], surrogate=convolutional(classes=classes, seed=1), **both),
            PerEpsilon(noise, [0.0, "25.5/255"], **both),
        ]
        for number, attack in enumerate(variants):
            for given in (True, False):
                logdir = f"{sys.argv[1]}/{classes}-{quantize}-{number}-{given}"
                inputs, labels = batch(classes=2)
                with SummaryWriter(logdir) as writer:
                    logger, model = FGSMLogger(writer, attack), convolutional(classes=classes)
                    labels = labels if given else None
                    sweep = logger.log(model, inputs * 2 - 1, labels, step=0)
                sweep.adversarial(0.1), sweep.success_rate, sweep.control_accuracy
                (step,) = read_steps(logdir)
                step.original(0), step.adversarial(0, 0.1)
print("the shapes of the variants hold")
"""


def test_the_shapes_in_the_annotations_hold(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", WAY_OF_ONE_DATUM, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "the shapes are checked",
        "the shapes hold",
        "the shapes of the variants hold",
    ]
