"""A folder of pictures: with a folder a class, or flat."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image, ImageOps

from tensorboard_fgsm.command.failure import CommandError

SUFFIXES = frozenset(
    {".avif", ".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff"}
    | {".webp"}
)
"""Of which files are taken for pictures."""


class Source(Protocol):
    """Pictures, by their numbers from 0 on."""

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Those that the labels mean, in their order; None where there are no labels."""
        ...

    def __len__(self) -> int: ...

    def open(self, index: int) -> tuple[Image.Image, int | None]:
        """Returns a picture and its label, or None.

        Raises:
            Exception: it cannot be read.
        """
        ...

    def name(self, index: int) -> str:
        """Returns how to find it."""
        ...


@dataclass(frozen=True)
class Folder:
    """Pictures of a folder, those of a class after those of another, each in their names' order."""

    root: Path
    paths: tuple[str, ...]
    """Below ``root``."""
    labels: tuple[int, ...] | None
    class_names: tuple[str, ...] | None

    def __len__(self) -> int:
        return len(self.paths)

    def open(self, index: int) -> tuple[Image.Image, int | None]:
        """Reads a picture from its file, turned as its camera was held."""
        label = None if self.labels is None else self.labels[index]
        return read_picture(self.root / self.paths[index]), label

    def name(self, index: int) -> str:
        """Returns the file's path."""
        return str(self.root / self.paths[index])


def open_folder(root: Path) -> Folder:
    """Lists the pictures of a folder: one a class with its pictures in it, however deep, or
    pictures alone.

    Raises:
        CommandError: there is no such folder, no picture in it, or both kinds at once.
    """
    if not root.is_dir():
        raise CommandError(f"--images {root} is no folder")
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError as error:
        raise CommandError(f"--images {root} cannot be read: {error.strerror}") from error
    flat = tuple(entry.name for entry in entries if entry.is_file() and _is_picture(entry.name))
    folders = [e.name for e in entries if e.is_dir() and not e.name.startswith(".")]
    below = {name: found for name in folders if (found := _pictures_below(root, name))}
    if flat and below:
        raise CommandError(
            f"--images {root} has pictures of its own ({flat[0]}) and folders with pictures "
            f"({next(iter(below))}/): give a folder a class, or pictures alone"
        )
    if flat:
        return Folder(root, flat, None, None)
    if not below:
        raise CommandError(
            f"--images {root} holds no pictures ({', '.join(sorted(SUFFIXES))}), nor do folders "
            "in it"
        )
    labels = tuple(label for label, found in enumerate(below.values()) for _ in found)
    paths = tuple(path for found in below.values() for path in found)
    return Folder(root, paths, labels, tuple(below))


def read_picture(path: Path) -> Image.Image:
    """Reads a picture of any kind: the first frame, turned as its EXIF says, 8 bits a channel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of damaged EXIF and the like
        with Image.open(path) as image:
            image.load()
            if image.mode.startswith("I;16") or image.mode == "I":
                levels = np.asarray(image)  # 16 bits, of which converting keeps the lowest
                return Image.fromarray(np.clip(levels // 256, 0, 255).astype(np.uint8))
            return ImageOps.exif_transpose(image)


def spread(count: int, limit: int | None) -> Sequence[int]:
    """Returns numbers below ``count``, as many as ``limit`` says, evenly over all classes."""
    if limit is None or limit >= count:
        return range(count)
    return [index * count // limit for index in range(limit)]


def _pictures_below(root: Path, name: str) -> list[str]:
    found = []
    for directory, folders, files in os.walk(root / name, followlinks=True):
        folders.sort()
        found += [
            os.path.relpath(os.path.join(directory, file), root)
            for file in sorted(files)
            if _is_picture(file)
        ]
    return found


def _is_picture(name: str) -> bool:
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES
