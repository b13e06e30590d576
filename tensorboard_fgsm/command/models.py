"""A model by its name: torchvision's, timm's, or one of the user's own."""

from __future__ import annotations

import importlib
import os
import sys
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from torch import nn

from tensorboard_fgsm.command.checkpoint import State, class_count_of, load, read_checkpoint
from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.command.preparation import Preparation, of_timm, of_torchvision

NO_WEIGHTS = "none"
"""What ``--weights`` says for random numbers."""

IMAGENET_CLASSES = 1000


@dataclass(frozen=True)
class NamedModel:
    """A classifier, and what is known of the pictures and classes that it was made for."""

    name: str
    """Short, as a run may be called."""
    module: nn.Module
    preparation: Preparation | None
    """None where nothing is known."""
    class_names: tuple[str, ...] | None


def load_model(text: str, weights: str | None = None, checkpoint: Path | None = None) -> NamedModel:
    """Makes a model and gives it its weights.

    Args:
        text: ``resnet50`` for torchvision's, ``timm:NAME``, or ``package.module:callable``.
        weights: the name of the weights, such as ``DEFAULT``, or ``none`` for random ones. If None,
            the default ones, or none where there is a checkpoint.
        checkpoint: a file with a state dict.

    Raises:
        CommandError: there is no such model, weights or file, or they do not fit one another.
    """
    state = None if checkpoint is None else read_checkpoint(checkpoint)
    kind, colon, rest = text.partition(":")
    if kind == "timm" and colon:
        found = _timm(rest, weights, checkpoint, state)
    elif colon:
        found = _own(kind, rest, weights, text)
        if state is not None and checkpoint is not None:
            load(found.module, state, checkpoint)
    else:
        found = _torchvision(text, weights, checkpoint, state)
    found.module.eval()
    return found


def imagenet_names() -> tuple[str, ...]:
    """Returns ImageNet's 1,000 class names, as torchvision writes them."""
    return tuple(_imported("torchvision.models").ResNet18_Weights.DEFAULT.meta["categories"])


def _torchvision(
    name: str, weights: str | None, checkpoint: Path | None, state: State | None
) -> NamedModel:
    models = _imported("torchvision.models")
    known = models.list_models(module=models)
    if name.lower() not in known:
        raise CommandError(
            f"--model {name} is no classifier of torchvision{_similar(name, known)}; timm's are "
            "timm:NAME, your own package.module:callable"
        )
    kinds = models.get_model_weights(name.lower())
    chosen = kinds.DEFAULT
    if weights is not None and weights.lower() != NO_WEIGHTS:
        if weights not in kinds.__members__:
            raise CommandError(
                f"--weights {weights} is none of {name}'s: {', '.join(kinds.__members__)}, or "
                f"{NO_WEIGHTS} for random ones"
            )
        chosen = kinds[weights]
    pretrained = state is None and (weights or "").lower() != NO_WEIGHTS

    def make(**classes: int) -> nn.Module:
        return models.get_model(name.lower(), weights=chosen if pretrained else None, **classes)

    module = _made(make, f"the weights {chosen}", state, checkpoint)
    return NamedModel(
        name.lower(),
        module,
        of_torchvision(chosen.transforms()),
        _names(tuple(chosen.meta["categories"]), module, state),
    )


def _timm(
    name: str, weights: str | None, checkpoint: Path | None, state: State | None
) -> NamedModel:
    timm = _imported("timm", "timm")
    base, _, tag = name.partition(".")
    if not timm.is_model(base):
        raise CommandError(f"--model timm:{name} is not timm's{_similar(base, timm.list_models())}")
    if weights is not None and weights.lower() not in (NO_WEIGHTS, "default"):
        tag = weights
    full = f"{base}.{tag}" if tag else base
    if tag and full not in timm.list_pretrained(f"{base}.*"):
        tags = [each.partition(".")[2] for each in timm.list_pretrained(f"{base}.*")]
        raise CommandError(
            f"timm has no weights {tag} of {base}: {', '.join(tags) or 'it has none'}; or "
            f"--weights {NO_WEIGHTS} for random ones"
        )
    pretrained = state is None and (weights or "").lower() != NO_WEIGHTS

    def make(**classes: int) -> nn.Module:
        return timm.create_model(full, pretrained=pretrained, **classes)

    module = _made(make, f"the weights of timm's {full}", state, checkpoint)
    data = _imported("timm.data", "timm")
    config = data.resolve_model_data_config(module)
    preparation = of_timm(config, data.create_transform(**config, is_training=False))
    imagenet = data.infer_imagenet_subset(module) == "imagenet-1k"
    names = _names(imagenet_names(), module, state) if imagenet else None
    return NamedModel(base, module, preparation, names)


def _own(package: str, attribute: str, weights: str | None, text: str) -> NamedModel:
    if weights is not None and weights.lower() != NO_WEIGHTS:
        raise CommandError(
            f"--weights {weights} is for torchvision's and timm's models; {text} loads its own, or "
            "takes them from --checkpoint FILE"
        )
    if (here := os.getcwd()) not in sys.path:  # as python -m has it, and a console script not
        sys.path.insert(0, here)
    try:
        found: Any = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package and not package.startswith(f"{error.name}."):
            raise
        raise CommandError(
            f"--model {text}: there is no module {error.name} here or among the installed ones: "
            "run the command where it lies, or set PYTHONPATH"
        ) from None
    for part in attribute.split("."):
        if not hasattr(found, part):
            functions = [name for name in vars(found) if callable(getattr(found, name))]
            raise CommandError(
                f"--model {text}: {package} has no {part}{_similar(part, functions)}"
            )
        found = getattr(found, part)
    module = found if isinstance(found, nn.Module) else _called(found, text)
    return NamedModel(attribute.strip("_") or attribute, module, None, None)


def _called(function: Any, text: str) -> nn.Module:
    if not callable(function):
        raise CommandError(
            f"--model {text} is a {type(function).__name__}: name a module, or a function or class "
            "that makes one without arguments"
        )
    try:
        module = function()
    except TypeError as error:
        raise CommandError(
            f"--model {text} is called without arguments, but: {error}. Name a function that needs "
            "none"
        ) from error
    if not isinstance(module, nn.Module):
        raise CommandError(
            f"--model {text} returns a {type(module).__name__}, not a torch.nn.Module"
        )
    return module


def _made(
    make: Callable[..., nn.Module], what: str, state: State | None, checkpoint: Path | None
) -> nn.Module:
    """Makes a library's model, with as many classes as its checkpoint has."""
    try:
        module = make()
    except (urllib.error.URLError, OSError) as error:
        raise CommandError(
            f"{what} cannot be loaded ({' '.join(str(error).split())[:200]}): download them where "
            f"there is a network and give --checkpoint FILE, or --weights {NO_WEIGHTS} for random "
            "ones"
        ) from error
    except RuntimeError as error:
        if "hash" not in str(error):
            raise
        raise CommandError(f"{what} arrived damaged ({error}): run the command again") from error
    if state is not None and checkpoint is not None:
        count = class_count_of(state, module)
        if count is not None:
            module = make(num_classes=count)
        load(module, state, checkpoint)
    return module


def _names(
    names: tuple[str, ...], module: nn.Module, state: State | None
) -> tuple[str, ...] | None:
    """Returns the weights' class names, unless the checkpoint has other classes than they."""
    if state is None:
        return names
    *_, last = (value for value in module.state_dict().values() if value.ndim > 0)
    return names if len(last) == len(names) else None


def _similar(name: str, known: list[str]) -> str:
    found = get_close_matches(name.lower(), known, 3)
    return f" (similar: {', '.join(found)})" if found else ""


def _imported(module: str, package: str = "torchvision") -> Any:
    """Imports what is optional, and says what to install where it is missing."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        install = "'tensorboard-plugin-fgsm[attack]'" if package == "torchvision" else package
        raise CommandError(f"this needs {package}: pip install {install}") from None
