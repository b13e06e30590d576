"""How a picture becomes what a model eats: resized, cropped, normalised."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from torch import Tensor

Size = tuple[int, int]


@dataclass(frozen=True)
class Preparation:
    """The steps from a picture to a model's input."""

    size: Size | None = None
    """(height, width) of the input; None leaves pictures as large as they are."""
    resize: int | None = None
    """The shorter side before the crop to ``size``; None for as large as the crop needs."""
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    interpolation: str = "bilinear"
    own: Callable[[Image.Image], Tensor] | None = None
    """The weights' own transforms, which do all of this."""

    @property
    def channels(self) -> int:
        """1 for grey pictures, 3 for colours."""
        return 3 if self.mean is None else len(self.mean)

    @property
    def transform(self) -> Callable[[Image.Image], Tensor]:
        """What turns a picture, grey or RGB, into an input (C, H, W)."""
        if self.own is not None:
            return self.own
        from torchvision import transforms

        mode = transforms.InterpolationMode(self.interpolation)
        steps: list[Any] = []
        if self.resize is not None:
            steps.append(transforms.Resize(self.resize, mode))
        elif self.size is not None:
            square = self.size[0] == self.size[1]
            steps.append(transforms.Resize(self.size[0] if square else self.size, mode))
        if self.size is not None:
            steps.append(transforms.CenterCrop(self.size))
        steps.append(transforms.ToTensor())
        if self.mean is not None:
            steps.append(transforms.Normalize(self.mean, self.std))
        return transforms.Compose(steps)

    @property
    def geometry(self) -> str:
        """Says which part of a picture becomes the input, and how, but not how it is normalised."""
        part = str(dataclasses.replace(self, mean=None, std=None))
        return f"{part} ({self.interpolation}, {'grey' if self.channels == 1 else 'colours'})"

    def changed(
        self,
        *,
        size: Size | None,
        resize: int | None,
        mean: tuple[float, ...] | None,
        std: tuple[float, ...] | None,
    ) -> Preparation:
        """Returns it with what the user gave in the place of the weights' own."""
        if size is None and resize is None and mean is None and std is None:
            return self
        return dataclasses.replace(
            self,
            own=None,
            size=size or self.size,
            resize=resize if size or resize else self.resize,
            mean=mean or self.mean,
            std=std or self.std,
        )

    def __str__(self) -> str:
        """Says it in a line."""
        parts = []
        if self.size is not None:
            side = "" if self.resize is None else f"shorter side to {self.resize}, "
            parts.append(f"{side}{self.size[0]}×{self.size[1]} from the centre")
        for name, values in (("mean", self.mean), ("std", self.std)):
            if values is not None:
                parts.append(f"{name} {','.join(f'{value:.4g}' for value in values)}")
        return "; ".join(parts) or "as they are, pixels in [0, 1]"


def of_torchvision(transforms: Any) -> Preparation:
    """Reads torchvision's ``weights.transforms()`` of a classifier."""
    (crop,), (resize,) = transforms.crop_size, transforms.resize_size
    return Preparation(
        (crop, crop),
        resize,
        tuple(transforms.mean),
        tuple(transforms.std),
        transforms.interpolation.value,
        transforms,
    )


def of_timm(config: dict[str, Any], transform: Any) -> Preparation:
    """Reads timm's data configuration of a model, and the transform that it makes of it."""
    _, height, width = config["input_size"]
    return Preparation(
        (height, width),
        int(height / config["crop_pct"]),
        tuple(config["mean"]),
        tuple(config["std"]),
        config["interpolation"] if config["interpolation"] != "random" else "bilinear",
        transform,
    )
