"""The buffers of a model's modules, such as BatchNorm's statistics: kept as they are."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn


@contextlib.contextmanager
def restored(modules: Iterable[nn.Module]) -> Iterator[None]:
    """A time in which buffers may be written, and after which they are as before."""
    with contextlib.ExitStack() as stack:  # each runs, whatever the others raise
        for module in modules:
            stack.callback(_restore_buffers, module, _copied_buffers(module))
        yield


@contextlib.contextmanager
def exchanged(modules: Iterable[nn.Module]) -> Iterator[None]:
    """A time in which copies stand for buffers, which are not written themselves: so that no
    backward pass under way is spoilt, and nothing waits for a GPU.
    """
    with contextlib.ExitStack() as stack:
        copies: dict[int, Tensor] = {}
        for module in modules:
            if module._buffers:
                stack.callback(_put_back, module._buffers, dict(module._buffers))
                _exchange(module._buffers, copies)
        yield


def _exchange(buffers: dict[str, Tensor | None], copies: dict[int, Tensor]) -> None:
    """Puts copies in place of buffers; for one that several modules share, the same."""
    for name, buffer in buffers.items():
        if buffer is not None:
            if id(buffer) not in copies:
                copies[id(buffer)] = buffer.detach().clone()
            buffers[name] = copies[id(buffer)]


def _put_back(buffers: dict[str, Tensor | None], kept: dict[str, Tensor | None]) -> None:
    if isinstance(buffers, dict):  # a scripted module's are none, and can be no more and no fewer
        buffers.clear()
    for name, buffer in kept.items():
        buffers[name] = buffer


_BufferCopies = dict[str, tuple[Tensor, Tensor, int | None] | None]


def _copied_buffers(module: nn.Module) -> _BufferCopies:
    return {
        name: None if buffer is None else (buffer, buffer.detach().clone(), _version(buffer))
        for name, buffer in module._buffers.items()
    }


def _restore_buffers(module: nn.Module, copies: _BufferCopies) -> None:
    for name in set(module._buffers.keys()) - set(copies):
        delattr(module, name)
    for name, entry in copies.items():
        module._buffers[name] = entry and entry[0]
        # Written only where something changed: a write would spoil a backward pass under way.
        if entry is None or _unchanged(*entry):
            continue
        buffer, copy, _ = entry
        with torch.inference_mode(buffer.is_inference()), torch.no_grad():
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
    except (RuntimeError, NotImplementedError):
        return True


def _version(buffer: Tensor) -> int | None:
    return None if buffer.is_inference() else buffer._version
