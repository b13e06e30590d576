"""What ``tensorboard-fgsm attack`` is told, checked as far as no model is needed for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.format.transfers import MOST_MODELS

AttackName = Literal["fgsm", "bim", "pgd"]
PrecisionName = Literal["bfloat16"]

Value = TypeVar("Value")

Run = tuple[str, str | None, Path | None, str | None]
"""The model, weights, checkpoint and name of a run."""

EPSILONS = "0.5/255,1/255,2/255,4/255,8/255"


@dataclass(frozen=True, kw_only=True)
class AttackOptions:
    """The options by their names; their meaning stands in the command's ``--help``."""

    model: list[str]
    weights: list[str]
    checkpoint: list[Path]
    images: Path | None = None
    dataset: str | None = None
    root: Path | None = None
    download: bool = False
    split: str | None = None
    limit: int | None = None
    size: str | None = None
    resize: int | None = None
    mean: str | None = None
    std: str | None = None
    classes: str | None = None
    attack: AttackName = "fgsm"
    epsilons: str = EPSILONS
    iterations: int | None = None
    target: str | None = None
    control: bool = False
    alignment: bool = False
    check: int = 0
    cross_sections: int = 0
    embed: int = 0
    refine: int = 0
    quantize: bool = False
    precision: PrecisionName | None = None
    batch_size: int = 32
    workers: int | None = None
    device: str | None = None
    logdir: Path = Path("runs")
    name: list[str]
    tag: str | None = None
    step: int = 0
    samples: int = 16
    follow: str = "first"
    transfer: bool = False

    def __post_init__(self) -> None:
        if (self.images is None) == (self.dataset is None):
            raise CommandError(
                "pictures are of a folder or of a data set: give --images DIR or --dataset NAME"
            )
        for name, given in (("--root", self.root), ("--split", self.split)):
            if given is not None and self.dataset is None:
                raise CommandError(f"{name} goes with --dataset")
        if self.download and self.dataset is None:
            raise CommandError("--download goes with --dataset")
        if self.attack == "fgsm" and self.iterations is not None:
            raise CommandError("--iterations is for --attack bim and pgd; FGSM takes one step")
        if self.attack != "fgsm" and (self.target is not None or self.refine):
            option = "--refine" if self.target is None else "--target"
            raise CommandError(f"{option} is for --attack fgsm")
        if self.attack != "fgsm" and self.alignment:
            raise CommandError("--alignment is for --attack fgsm: it tells what one step is worth")
        if self.attack != "fgsm" and self.precision is not None:
            raise CommandError(
                "--precision is for --attack fgsm: each forward of the others takes a gradient"
            )
        if self.check and self.target is not None:
            raise CommandError(
                "--check compares attacks away from the true class: leave out --target"
            )
        if self.cross_sections > self.samples:
            raise CommandError(
                f"--cross-sections {self.cross_sections} are of pictures that are shown, and these "
                f"are {self.samples}: give --samples {self.cross_sections}"
            )
        if self.transfer:
            self._check_transfer()
        if (self.mean is None) != (self.std is None):
            raise CommandError("--mean and --std go together")

    def _check_transfer(self) -> None:
        count = max(map(len, (self.model, self.weights, self.checkpoint, self.name)))
        if not 2 <= count <= MOST_MODELS:
            raise CommandError(
                f"--transfer shows the examples made on each of 2 to {MOST_MODELS} models to the "
                f"others, and there {'is 1' if count == 1 else f'are {count}'}: give --model or "
                "--checkpoint several times"
            )
        if self.target is not None:
            raise CommandError(
                "--transfer counts whom examples lead away from the true class: leave out --target"
            )

    @property
    def runs(self) -> list[Run]:
        """The model, weights, checkpoint and name of each run.

        Raises:
            CommandError: an option is given neither once, nor once for each run.
        """
        count = max(len(self.model), len(self.weights), len(self.checkpoint), len(self.name))
        models = _each("--model", self.model, count)
        weights = _each("--weights", self.weights, count)
        checkpoints = _each("--checkpoint", self.checkpoint, count)
        names = _each("--name", self.name, count)
        return [
            (model or "", *others)
            for model, *others in zip(models, weights, checkpoints, names, strict=True)
        ]  # pyright: ignore[reportReturnType]

    @property
    def followed(self) -> str | list[int]:
        """A name that ``log_dataset`` knows, or the numbers of samples."""
        if not re.fullmatch(r"[\d,\s]+", self.follow):
            return self.follow
        return [int(number) for number in self.follow.split(",") if number.strip()]

    @property
    def input_size(self) -> tuple[int, int] | None:
        """(height, width), of ``224`` or ``224x320``."""
        if self.size is None:
            return None
        found = re.fullmatch(r"(\d{1,5})(?:[x×](\d{1,5}))?", self.size)
        if not found or not all(map(int, found.groups(default="1"))):
            raise CommandError(f"--size is 224, or 224x320 (height x width); got {self.size}")
        return int(found[1]), int(found[2] or found[1])


def numbers(option: str, text: str | None) -> tuple[float, ...] | None:
    """Reads numbers with commas between them.

    Raises:
        CommandError: they are none.
    """
    if text is None:
        return None
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise CommandError(
            f"{option} is a number a channel, such as 0.485,0.456,0.406; got {text}"
        ) from None


def _each(option: str, values: list[Value], count: int) -> list[Value | None]:
    if len(values) in (0, 1):
        return [*values, *[values[0] if values else None] * (count - len(values))]
    if len(values) != count:
        raise CommandError(
            f"{option} is given {len(values)} times for {count} runs: give it once, or once a run"
        )
    return list(values)
