"""The buffers of a model's modules, such as BatchNorm's statistics: given back as they were."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from tensorboard_fgsm.model.loan import Borrowed


def writable(modules: Iterable[nn.Module]) -> list[Borrowed]:
    """Finds the buffers which may be written meanwhile, and get their values back."""
    return [_Written(module) for module in modules]


def exchanged(modules: Iterable[nn.Module]) -> list[Borrowed]:
    """Finds the buffers for which copies shall stand meanwhile, so that they are not written
    themselves: no backward pass under way is spoilt, and nothing waits for a GPU.
    """
    copies: dict[int, Tensor] = {}
    return [_Exchanged(module, copies) for module in modules if module._buffers]


class _Exchanged:
    """Copies for a module's buffers; for one that several modules share, the same."""

    def __init__(self, module: nn.Module, copies: dict[int, Tensor]) -> None:
        self._buffers = module._buffers
        self._kept = dict(module._buffers)
        self._copies = copies

    def change(self) -> None:
        for name, buffer in self._kept.items():
            if buffer is not None:
                if id(buffer) not in self._copies:
                    self._copies[id(buffer)] = buffer.detach().clone()
                self._buffers[name] = self._copies[id(buffer)]

    def give_back(self) -> None:
        if isinstance(self._buffers, dict):  # a scripted module's are none, no more and no fewer
            self._buffers.clear()
        for name, buffer in self._kept.items():
            self._buffers[name] = buffer


class _Written:
    """A module's buffers, with copies of their values."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._kept = {name: (each, _version(each)) for name, each in module._buffers.items()}
        self._copies: dict[str, Tensor] = {}

    def change(self) -> None:
        """Copies them: only now, where inference mode is off and what is copied can be written."""
        for name, (buffer, _) in self._kept.items():
            if buffer is not None:
                self._copies[name] = buffer.detach().clone()

    def give_back(self) -> None:
        for name in set(self._module._buffers.keys()) - set(self._kept):
            delattr(self._module, name)
        for name, (buffer, version) in self._kept.items():
            self._module._buffers[name] = buffer
            # Written only where something changed: a write would spoil a backward pass under way.
            copy = self._copies.get(name)
            if buffer is not None and copy is not None and not _unchanged(buffer, copy, version):
                _write(buffer, copy)


def _write(buffer: Tensor, copy: Tensor) -> None:
    inference = torch.inference_mode() if buffer.is_inference() else contextlib.nullcontext()
    with inference, torch.no_grad():
        if buffer.shape != copy.shape:
            buffer.resize_(copy.shape)
        buffer.copy_(copy)


def _unchanged(buffer: Tensor, copy: Tensor, version: int | None) -> bool:
    if _version(buffer) != version or buffer.shape != copy.shape:
        return False
    # Writes through ``.data`` do not count up the version. Where values of a kind cannot be
    # compared, the version must do.
    try:
        equal = buffer == copy
        if buffer.is_floating_point() or buffer.is_complex():
            equal |= buffer.isnan() & copy.isnan()
        return bool(equal.all())
    except torch.OutOfMemoryError:  # it is a RuntimeError, and says nothing
        return False
    except (RuntimeError, NotImplementedError):
        return True


def _version(buffer: Tensor | None) -> int | None:
    return None if buffer is None or buffer.is_inference() else buffer._version
