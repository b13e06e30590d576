"""A checkpoint file: the tensors in it, by the names that the model knows them by."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from tensorboard_fgsm.command.failure import CommandError

_NESTED = ("state_dict", "model_state_dict", "model")
"""Under which keys training scripts and frameworks keep the state dict."""

_PREFIXES = ("module.", "_orig_mod.", "model.")
"""What DataParallel, ``torch.compile`` and Lightning modules put before every name."""

_MOST_NAMES = 3

State = dict[str, Tensor]


def read_checkpoint(path: Path) -> State:
    """Reads a state dict: the file's own, or the one in it; ``.safetensors`` files, too.

    Nothing in the file is run (``weights_only=True``).

    Raises:
        CommandError: there is no such file, or no state dict in it.
    """
    if not path.is_file():
        raise CommandError(f"--checkpoint {path} is no file: give what torch.save wrote")
    found = _loaded(path)
    for key in _NESTED:
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
    state: State = {}
    if isinstance(found, Mapping):
        state = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
    if not state:
        raise CommandError(
            f"--checkpoint {path} holds {_contents(found)} and no state dict: save one with "
            "torch.save(model.state_dict(), FILE)"
        )
    return state


def load(model: nn.Module, state: State, path: Path) -> None:
    """Puts a state dict into a model, every tensor in its place.

    Raises:
        CommandError: they do not fit; names what is missing, too many, or of another shape.
    """
    state = fitting(state, model)
    known = model.state_dict()
    if problem := _mismatch(state, known):
        raise CommandError(
            f"--checkpoint {path} does not fit {type(model).__name__}: {problem}. Give the "
            "architecture that was trained with --model"
        )
    model.load_state_dict(state)


def fitting(state: State, model: nn.Module) -> State:
    """Takes off what wrappers put before the names, as far as the model does not have it."""
    known = model.state_dict().keys()
    while True:
        prefix = next((p for p in _PREFIXES if all(name.startswith(p) for name in state)), None)
        if prefix is None or not state or known & state.keys():
            return state
        state = {name.removeprefix(prefix): value for name, value in state.items()}


def class_count_of(state: State, model: nn.Module) -> int | None:
    """Returns how many classes a checkpoint has, where it differs from the model in that alone."""
    known, state = model.state_dict(), fitting(state, model)
    pairs = {
        (known[name].shape[:1], value.shape[:1])
        for name, value in state.items()
        if name in known and known[name].shape != value.shape
    }
    if len(pairs) != 1:
        return None
    ((_, (count, *_)),) = pairs
    return int(count) if _mismatch(state, known, but_rows=True) is None else None


def _loaded(path: Path) -> object:
    if path.suffix == ".safetensors":
        try:
            from safetensors.torch import load_file
        except ModuleNotFoundError:
            raise CommandError(f"{path} needs safetensors: pip install safetensors") from None
        try:
            return load_file(path)
        except Exception as error:  # a kind of its own, raised from Rust
            raise CommandError(f"--checkpoint {path} cannot be read: {error}") from error
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CommandError(
            f"--checkpoint {path} holds more than tensors, or is none; nothing in it is run, so "
            "save the state dict alone: torch.save(model.state_dict(), FILE)"
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        raise CommandError(
            f"--checkpoint {path} cannot be read ({' '.join(str(error).split())[:200]}): is it "
            "whole, and a file that torch.save wrote?"
        ) from error


def _contents(found: object) -> str:
    if isinstance(found, Mapping) and found:
        return f"a mapping with {_listed(map(str, found))}"
    return f"a {type(found).__name__}"


def _mismatch(state: State, known: Mapping[str, Tensor], *, but_rows: bool = False) -> str | None:
    """Says in what a state dict differs from the model's own; None where it fits.

    Args:
        state: the checkpoint's.
        known: the model's.
        but_rows: let the first dimension be another one.
    """
    first = 1 if but_rows else 0
    # How many batches BatchNorm has seen is missing in old files, and changes no answer.
    missing = [n for n in known if n not in state and not n.endswith("num_batches_tracked")]
    surplus = [name for name in state if name not in known]
    other = [
        f"{name} {tuple(value.shape)}, not {tuple(known[name].shape)}"
        for name, value in state.items()
        if name in known and value.shape[first:] != known[name].shape[first:]
    ]
    parts = (
        (missing, "{} names are missing ({})"),
        (surplus, "{} are too many ({})"),
        (other, "{} have other shapes ({})"),
    )
    said = [text.format(len(names), _listed(names)) for names, text in parts if names]
    return "; ".join(said) or None


def _listed(each: Iterable[str]) -> str:
    names = list(each)
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
