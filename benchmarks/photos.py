"""Writes the logdir that the dashboard is measured on: many samples that look like photographs."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter
from torchvision import transforms
from tqdm import tqdm

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.command import demo

RUN, TAG = "photos", "fgsm/photos"
EPSILONS = tuple(k / 255 for k in (0.25, 0.5, 1, 2, 3, 4, 8, 16))
CLASSES = 20
SIDE = 224


def write(logdir: Path, count: int, steps: int) -> None:
    """Logs steps of ``count`` samples each: parts of the demo's photographs, large and small, as
    they are or mirrored, and the attack on an untrained network, whose noise is as hard to store
    as any.
    """
    inputs = parts(count)
    names = [f"class {i}" for i in range(CLASSES)]
    with SummaryWriter(str(logdir / RUN)) as writer:
        logger = FGSMLogger(writer, FGSM(EPSILONS), tag=TAG, class_names=names, max_samples=count)
        for step in tqdm(range(steps), desc="logging", unit="step"):
            torch.manual_seed(step)
            model = network().eval()
            with torch.no_grad():
                labels = model(inputs).argmax(1)
            labels[::7] = (labels[::7] + 1) % CLASSES
            logger.log(model, inputs, labels, step=step)


def parts(count: int) -> Tensor:
    torch.manual_seed(0)
    photos = [demo._photo(package, file) for package, file, _ in demo.PHOTOS]
    cut = transforms.Compose(
        [
            transforms.RandomResizedCrop(SIDE, scale=(0.2, 1), antialias=True),
            transforms.RandomHorizontalFlip(),
        ]
    )
    return torch.stack([cut(photos[i % len(photos)]) for i in range(count)]).clamp(0, 1)


class Standardized(nn.Module):
    """Spreads what the untrained network says, so that its classes differ and flip."""

    def forward(self, features: Tensor) -> Tensor:
        return 4 * functional.layer_norm(features, features.shape[1:])


def network() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 16, 7, stride=4), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(16, 32, 5, stride=2), nn.Tanh(), nn.AdaptiveAvgPool2d(4)),
        *(nn.Flatten(), Standardized(), nn.Linear(512, CLASSES), Standardized()),
    )
