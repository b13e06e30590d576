"""How a user's model is called: in evaluation mode, without a trace, and its logits found."""

from __future__ import annotations

import contextlib
import functools
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tensorboard_fgsm.checks import described

Model = Callable[..., Any]
"""A classifier: a module, or any function of (N, C, H, W) inputs. It answers with logits (N, K),
with a tuple whose first item they are, or with an object that has them as ``.logits``."""


@contextlib.contextmanager
def untouched(model: Model, device: torch.device) -> Iterator[None]:
    """A time in which the model can be evaluated and differentiated towards its inputs, and after
    which nothing of it has changed.

    Inside: evaluation mode, grad mode on, inference mode and autocast off, no parameter requires a
    gradient (this saves the memory of what their gradients would need). Restored afterwards, also
    after an error: every submodule's own mode, ``requires_grad``, buffers and random states.
    """
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [module.training for module in modules]
    buffers = [_copied_buffers(module) for module in modules]
    trainable = [p for module in modules for p in module.parameters(False) if p.requires_grad]
    restore_random = _random_states()
    try:
        with (
            torch.inference_mode(False),
            torch.enable_grad(),
            torch.autocast(device.type, enabled=False),
        ):
            if isinstance(model, nn.Module):
                model.eval()
            for parameter in trainable:
                parameter.requires_grad_(False)
            yield
    finally:
        for parameter in trainable:
            parameter.requires_grad_(True)
        for module, mode, copies in zip(modules, modes, buffers, strict=True):
            module.training = mode
            _restore_buffers(module, copies)
        for restore in restore_random:
            restore()


_BufferCopies = dict[str, tuple[Tensor, Tensor] | None]


def _copied_buffers(module: nn.Module) -> _BufferCopies:
    return {
        name: None if buffer is None else (buffer, buffer.detach().clone())
        for name, buffer in module._buffers.items()
    }


def _restore_buffers(module: nn.Module, copies: _BufferCopies) -> None:
    # Written only where something changed: a write would spoil a backward pass that is under way.
    for name, entry in copies.items():
        if entry is None:
            module._buffers[name] = None
            continue
        buffer, copy = entry
        module._buffers[name] = buffer
        if not _same(buffer, copy):
            with torch.inference_mode(buffer.is_inference()), torch.no_grad():
                buffer.copy_(copy)


def _same(a: Tensor, b: Tensor) -> bool:
    if a.is_floating_point():
        return torch.equal(a.nan_to_num(), b.nan_to_num())
    return torch.equal(a, b)


def _random_states() -> list[Callable[[], object]]:
    """Returns what puts each random generator back where it is now."""
    restores: list[Callable[[], object]] = [
        functools.partial(random.setstate, random.getstate()),
        functools.partial(np.random.set_state, np.random.get_state()),
        functools.partial(torch.set_rng_state, torch.get_rng_state()),
    ]
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states = torch.cuda.get_rng_state_all()
        restores.append(functools.partial(torch.cuda.set_rng_state_all, states))
    if torch.backends.mps.is_available():
        restores.append(functools.partial(torch.mps.set_rng_state, torch.mps.get_rng_state()))
    return restores


def logits_of(output: Any, count: int) -> Tensor:
    """Finds the logits in a model's answer and checks them.

    Args:
        output: what the model returned.
        count: how many samples it was given.

    Returns:
        (count, K) floats, K ≥ 2.

    Raises:
        TypeError: there are no float logits in the answer.
        ValueError: they are of another shape, or hold NaN or +infinity.
    """
    if not isinstance(output, Tensor):
        if hasattr(output, "logits"):
            output = output.logits
        elif isinstance(output, Mapping) and "logits" in output:
            output = output["logits"]
        elif isinstance(output, tuple | list) and output:
            output = output[0]
    if not isinstance(output, Tensor) or not output.is_floating_point():
        raise TypeError(
            "the model answers with float logits, a tuple whose first item they are, or an object "
            f"with .logits; got {described(output)}"
        )
    if output.ndim != 2 or output.shape[0] != count or output.shape[1] < 2:
        raise ValueError(
            f"logits are ({count}, K) with K ≥ 2 classes for {count} samples, "
            f"got {tuple(output.shape)}"
        )
    if output.isnan().any() or output.isposinf().any():
        raise ValueError("the model's logits hold NaN or +infinity: has the training diverged?")
    return output
