"""A training under way: small, but with everything in it that an attack could leave a trace in."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize


class Restless(nn.Module):
    """Flattens; draws random numbers and writes a buffer each time, whatever its mode."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, inputs: Tensor) -> Tensor:
        self.calls += 1
        torch.rand(1), np.random.rand(), random.random()
        return inputs.flatten(1)


class Training:
    """Between a backward and a step: a model with gradients, in parts frozen and evaluated."""

    def __init__(self, wrap: Callable[[nn.Module], nn.Module] = lambda model: model) -> None:
        torch.manual_seed(0), np.random.seed(0), random.seed(0)
        convolution = nn.Conv2d(1, 2, 1)
        parametrizations.weight_norm(convolution)
        normalisation, last = nn.BatchNorm2d(2), nn.Linear(8, 3)
        self.inner = nn.Sequential(convolution, normalisation, nn.Dropout(), Restless(), last)
        self.inner.register_forward_hook(_nothing)
        last.register_forward_pre_hook(_nothing)
        last.register_full_backward_hook(_nothing)
        last.bias.requires_grad_(False)
        normalisation.eval()
        part: Any = last  # Accelerate puts mixed precision into a module like this
        part._original_forward = part.forward
        part.forward = lambda inputs: part._original_forward(inputs)
        self.model = wrap(self.inner)
        self.inputs = torch.rand(2, 1, 2, 2, generator=torch.Generator().manual_seed(1))
        self.generator = torch.Generator().manual_seed(2)
        self.labels = torch.tensor([0, 2])
        functional.cross_entropy(self.model(self.inputs), self.labels).backward()

    def traces(self) -> dict[str, object]:
        """All that an attack is to leave as it is."""
        order = {"the loader's random numbers": _bytes(self.generator.get_state())}
        return dict(_of_model(self.model)) | _of_process() | order


def _nothing(*_: object) -> None:
    """Is a hook."""


def _of_model(model: nn.Module):
    for name, module in model.named_modules():
        yield f"mode of {name!r}", module.training
        yield f"forward of {name!r}", vars(module).get("forward")
        for kind in (
            "_forward_hooks",
            "_forward_pre_hooks",
            "_forward_pre_hooks_with_kwargs",
            "_backward_hooks",
        ):
            yield f"{kind} of {name!r}", list(getattr(module, kind))
        yield f"buffers of {name!r}", [(each, id(b)) for each, b in module._buffers.items()]
    for name, parameter in model.named_parameters():
        gradient = parameter.grad
        yield f"parameter {name}", (parameter.requires_grad, parameter._version, _bytes(parameter))
        yield f"gradient of {name}", (id(gradient), None if gradient is None else _bytes(gradient))
    for name, buffer in model.named_buffers():
        yield f"buffer {name}", _bytes(buffer)


def _of_process() -> dict[str, object]:
    numpy_state: Any = np.random.get_state()
    return {
        "random numbers": random.getstate(),
        "NumPy's random numbers": (numpy_state[1].tobytes(), numpy_state[2:]),
        "PyTorch's random numbers": _bytes(torch.get_rng_state()),
        "SIGINT's handler": signal.getsignal(signal.SIGINT),
    } | surroundings()


def surroundings() -> dict[str, object]:
    """The modes in which PyTorch is."""
    frames: Any = sys.modules.get("torch._dynamo.eval_frame")
    return {
        "grad mode": torch.is_grad_enabled(),
        "inference mode": torch.is_inference_mode_enabled(),
        "autocast": (
            torch.is_autocast_enabled("cpu"),
            torch.get_autocast_dtype("cpu"),
            torch.is_autocast_cache_enabled(),
            torch.autocast_increment_nesting() + torch.autocast_decrement_nesting(),
        ),
        "cache of parametrized weights": parametrize._cache_enabled and id(parametrize._cache),
        "compiler's stance": frames and frames._stance,
    }


def _bytes(tensor: Tensor) -> bytes:
    return tensor.detach().numpy().tobytes()
