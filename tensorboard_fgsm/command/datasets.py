"""A data set of torchvision, by its name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from PIL import Image

from tensorboard_fgsm.command.failure import CommandError

_SPLITS = ("test", "val")
"""Which part is attacked, where a data set has several: the first that it has."""


class Dataset:
    """The pictures of a ``torchvision.datasets`` data set."""

    def __init__(self, name: str, items: Any) -> None:
        self._name, self._items = name, items
        names = getattr(items, "classes", None)
        if names is None:
            names = getattr(items, "categories", None)
        # Some name each class by several words.
        self.class_names = names and tuple(
            each if isinstance(each, str) else str(each[0]) for each in names
        )

    def __len__(self) -> int:
        return len(self._items)

    def open(self, index: int) -> tuple[Image.Image, int]:
        """Returns a picture and its label."""
        picture, label = self._items[index]
        return picture, int(label)

    def name(self, index: int) -> str:
        """Returns its number in the data set."""
        return f"{self._name}[{index}]"


def open_dataset(name: str, root: Path | None, *, download: bool, split: str | None) -> Dataset:
    """Opens the test part of a data set of classified pictures.

    Args:
        name: of a class of ``torchvision.datasets``.
        root: where it lies, or is downloaded to.
        download: whether to download what is not there.
        split: another part than ``test`` or ``val``.

    Raises:
        CommandError: there is no such data set, it is not there, or it is none of classes.
    """
    try:
        from torchvision import datasets
    except ModuleNotFoundError:
        raise CommandError(
            "--dataset needs torchvision: pip install 'tensorboard-plugin-fgsm[attack]'"
        ) from None
    kind = getattr(datasets, name, None)
    if name not in datasets.__all__ or not isinstance(kind, type):
        similar = get_close_matches(name, datasets.__all__, 3)
        close = f" (similar: {', '.join(similar)})" if similar else ""
        raise CommandError(f"--dataset {name} is none of torchvision.datasets{close}")
    items = _made(kind, name, root, download, split)
    if not len(items):
        raise CommandError(f"--dataset {name} is empty")
    item = items[0]
    _, label = item if isinstance(item, tuple) and len(item) == 2 else (None, None)
    if isinstance(label, bool) or not hasattr(label, "__index__"):
        raise CommandError(
            f"--dataset {name} gives {_kinds(item)}: attacked are classifiers with one label a "
            "picture"
        )
    return Dataset(name, items)


def _made(
    kind: Callable[..., Any], name: str, root: Path | None, download: bool, split: str | None
) -> Any:
    accepted = _parameters(kind)
    arguments: dict[str, Any] = {}
    if "root" in accepted:
        if root is None:
            raise CommandError(f"--dataset {name} lies somewhere: say where with --root DIR")
        arguments["root"] = str(root)
    if "download" in accepted:
        arguments["download"] = download
    elif download:
        raise CommandError(f"--download: torchvision cannot download {name}; lay it into --root")
    if "train" in accepted:
        arguments["train"] = split == "train"
    splits: tuple[str | None, ...] = (split,) if split else _SPLITS
    if "split" not in accepted:
        splits = (None,)
    return _first(kind, name, arguments, splits)


def _parameters(kind: Any) -> set[str]:
    """Returns what a data set can be made with; some pass on what their base knows."""
    found: set[str] = set()
    for each in kind.__mro__:
        own = inspect.signature(each.__init__).parameters
        found |= own.keys()
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in own.values()):
            break
    return found


def _first(
    kind: Callable[..., Any],
    name: str,
    arguments: dict[str, Any],
    splits: tuple[str | None, ...],
) -> Any:
    """Makes the data set with the first split that it has."""
    for split in splits:
        given = arguments if split is None else {**arguments, "split": split}
        try:
            return kind(**given)
        except ValueError as error:
            if split == splits[-1]:
                raise CommandError(f"--dataset {name}: {error}; see --split") from error
        except (RuntimeError, OSError) as error:
            raise CommandError(f"--dataset {name}: {_reason(error, arguments)}") from error
    raise AssertionError("there is a last split")


def _reason(error: Exception, arguments: dict[str, Any]) -> str:
    reason = " ".join(str(error).split()).rstrip(".")
    if arguments.get("download"):
        return f"it cannot be downloaded ({reason}): lay its files into {arguments['root']}"
    advice = "add --download, or say with --root where it lies"
    return f"{reason}: {advice}" if "download" in arguments else f"{reason}: see --root"


def _kinds(item: Any) -> str:
    parts = item if isinstance(item, tuple) else (item,)
    return ", ".join(type(part).__name__ for part in parts)
