"""What the golden pictures show: small photographs and digits, attacked, and every kind of damage.

All of it is fixed, and written by the real logger: the same event files wherever the tests run.
"""

from __future__ import annotations

import warnings
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon
from tests.e2e import datasets
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite

PHOTOS = ("coffee.png", "chelsea.png", "motorcycle_left.png", "astronaut.png", "camera.png")
CLASSES = ["espresso", "고양이", "moped", "astronaut", "tripod"]
EPSILONS = tuple(k / 255 for k in (0.5, 1, 2, 4, 8, 16))
SIDE = 32
SURETY = 0.5
LONG = "a_very_long_name_" * 11 + "to_the_end"


RUNS: dict[str, tuple[str, range | list[int], dict[str, Any]]] = {
    "nets/standard": ("fgsm/photos", range(0, 60, 10), {}),
    "nets/robust": ("fgsm/photos", range(0, 60, 15), {"blur": 4}),
    "nets/late": ("fgsm/photos", range(30, 60, 10), {"blur": 2}),
    "one": ("fgsm/one", [50], {"count": 1, "epsilons": (2 / 255,)}),
    "numbers": ("fgsm/numbers", [30, 40, 50], {"samples": 0}),
    "damaged": ("fgsm/damaged", range(4), {"count": 8}),
    LONG: (f"fgsm/long/{LONG}", [50], {"count": 8, "classes": [LONG.upper(), *CLASSES[1:]]}),
}
"""Each run's tag and steps, and what is special about it."""

ATTACKS: dict[str, tuple[str, range | list[int], dict[str, Any]]] = {
    "fgsm": ("fgsm/photos", [50], {"attack": FGSM(EPSILONS, control=True, refine=6)}),
    "pgd": (
        "fgsm/photos",
        [50],
        {"attack": PerEpsilon(PGD(steps=4, step_size=2 / 255), EPSILONS, control=True)},
    ),
    "targeted": ("fgsm/photos", [50], {"attack": FGSM(EPSILONS, target="least-likely")}),
    "softmax": (
        "fgsm/warned",
        [50],
        {"attack": FGSM((0.25 / 255, *EPSILONS), control=True), "softmax": True},
    ),
    "doubted": (
        "fgsm/doubted",
        range(0, 60, 10),
        {"attack": FGSM(EPSILONS, alignment=True), "blur": 4, "collapse": 30, "sections": 1},
    ),
}
"""The same of other attacks, in a directory of their own."""

COMPARED: dict[str, tuple[str, range | list[int], dict[str, Any]]] = {
    "net": ("fgsm", range(0, 60, 10), {"blur": 2}),
    **{f"sweep/blur={k}": ("fgsm", [50], {"blur": k}) for k in range(1, 8)},
}
"""The same of runs beside each other; the first has a second tag."""

DATA_SETS: dict[str, tuple[str, list[int], dict[str, Any]]] = {
    "ten": ("fgsm", [datasets.STEP], {"pictures": 16}),
    "thousand": ("fgsm", [datasets.STEP], {"pictures": 0, "names": 1000}),
    "weakest": ("fgsm", [datasets.STEP], {"pictures": 16, "chosen": "flipped-first"}),
}
"""The same of whole data sets."""


def write(root: Path) -> None:
    """Logs all runs below an empty directory."""
    for run, (tag, steps, special) in RUNS.items():
        log(root / run, tag, steps, **special)
    damage(root / "damaged")


def write_attacks(root: Path) -> None:
    """Logs the runs of other attacks below an empty directory."""
    with warnings.catch_warnings():
        # What one of them is warned of is to be seen.
        warnings.simplefilter("ignore", RuntimeWarning)
        for run, (tag, steps, special) in ATTACKS.items():
            log(root / run, tag, steps, **special)


def write_compared(root: Path) -> None:
    """Logs many runs of the same pictures, and of one what a stronger attack makes of them."""
    for run, (tag, steps, special) in COMPARED.items():
        log(root / run, tag, steps, **special)
    pgd = PerEpsilon(PGD(steps=4, step_size=2 / 255), EPSILONS)
    log(root / "net", "pgd", [0, 50], blur=2, count=22, attack=pgd, suffix=".pgd")


def write_data_sets(root: Path) -> None:
    """Logs the runs of whole data sets below an empty directory."""
    for run, (_, _, special) in DATA_SETS.items():
        special = dict(special)
        names = tuple(f"species {n}" for n in range(special.pop("names", 0))) or datasets.ANIMALS
        datasets.write(
            root / run, datasets.DataSet.drawn(1000 * len(names) // 20, names), **special
        )


def log(
    directory: Path,
    tag: str,
    steps: range | list[int],
    *,
    blur: int = 1,
    count: int = 24,
    epsilons: tuple[float, ...] = EPSILONS,
    samples: int = 24,
    classes: list[str] = CLASSES,
    attack: FGSM | PerEpsilon | None = None,
    softmax: bool = False,
    collapse: int | None = None,
    sections: int = 0,
    suffix: str = "",
) -> None:
    inputs, labels = photos()
    attack = attack or FGSM(epsilons)
    with SummaryWriter(str(directory), filename_suffix=suffix) as writer:
        check = PGD(steps=4) if collapse else None
        logger = FGSMLogger(
            *(writer, attack),
            tag=tag,
            class_names=classes,
            max_samples=samples,
            check=check,
            cross_sections=sections,
        )
        for step in steps:
            model = network(step / 80, blur)
            if softmax:
                model = nn.Sequential(model, nn.Softmax(1))
            if collapse and step >= collapse:
                model = Collapsed(model, inputs)
            logger.log(model, inputs[:count], labels[:count], step=step)


def damage(run: Path) -> None:
    """Step 1 loses a picture, step 2 its record; step 3 is of a later version."""
    (path,) = run.glob("*tfevents*")
    changed = events(path)
    blobs = blobs_of(changed)
    blobs[1][1] = blobs[1][1][:30] + bytes([blobs[1][1][30] ^ 255]) + blobs[1][1][31:]
    blobs[1][4] = blobs[1][4][:30] + bytes([blobs[1][4][30] ^ 255]) + blobs[1][4][31:]
    blobs[2][0] = blobs[2][0][:-30]
    blobs[3][0] = blobs[3][0].replace(b'"version":1', b'"version":8')
    rewrite(path, changed)


@cache
def photos() -> tuple[Tensor, Tensor]:
    """Parts of photographs, as small as CIFAR's, (24, 3, 32, 32) in [0, 1], and what is on them."""
    chance = np.random.default_rng(0)
    labels = torch.arange(24) % len(PHOTOS)
    parts = []
    for label in labels:
        with files("skimage.data").joinpath(PHOTOS[label]).open("rb") as stream:
            photo = Image.open(stream).convert("RGB")
        edge = int(min(photo.size) * chance.uniform(0.5, 1))
        x, y = (int(chance.integers(0, length - edge + 1)) for length in photo.size)
        part = photo.resize((SIDE, SIDE), Image.Resampling.BICUBIC, (x, y, x + edge, y + edge))
        parts.append(torch.from_numpy(np.array(part)).permute(2, 0, 1).float() / 255)
    return torch.stack(parts), labels


class Unit(nn.Module):
    def forward(self, features: Tensor) -> Tensor:
        return functional.layer_norm(features, features.shape[1:])


class Collapsed(nn.Module):
    """A network that sees noise eightfold, so that little of it fools; but where it knows the
    picture itself, its gradient leads the other way.
    """

    def __init__(self, inner: nn.Module, known: Tensor) -> None:
        super().__init__()
        self.inner, self.known = inner, known

    def forward(self, inputs: Tensor) -> Tensor:
        apart, nearest = (inputs[:, None] - self.known).flatten(2).abs().amax(2).min(1)
        known = self.known[nearest]
        logits = self.inner(known + 8 * (inputs - known))
        return torch.where(apart[:, None] < 1e-6, 2 * logits.detach() - logits, logits)


def network(progress: float, blur: int) -> nn.Module:
    """A network that compares features with the mean features of each class: the further on, the
    less chance is among them. The more it blurs its inputs, the less noise moves it.
    """
    chance = torch.Generator().manual_seed(0)
    convolution = nn.Conv2d(3, 24, 5, padding=2)
    for weight in convolution.parameters():
        nn.init.normal_(weight, 0, 0.3, generator=chance)
    features = nn.Sequential(
        *(nn.AvgPool2d(blur), convolution, nn.Tanh(), nn.AdaptiveMaxPool2d(2), nn.Flatten()),
        Unit(),
    )
    inputs, labels = photos()
    with torch.no_grad():
        found = features(inputs)
        means = torch.stack([found[labels == c].mean(0) for c in range(len(CLASSES))])
        means = functional.normalize(means - found.mean(0))
        noise = functional.normalize(torch.randn(means.shape, generator=chance))
        means = SURETY * (means + 4 * (1 - progress) * noise)
        compare = nn.Linear(means.shape[1], len(CLASSES))
        compare.weight.copy_(means)
        compare.bias.copy_(-means @ found.mean(0))
    return nn.Sequential(features, compare)
