"""Several epsilons in one forward, where the model answers the same to them and is faster so.

Small inputs leave cores and GPUs idle. But not every model takes its samples one by one: BatchNorm
without running statistics looks at a whole batch, and others run for one batch size alone. So it is
tried on the very model first.
"""

from __future__ import annotations

import math
import time
import weakref
from typing import Any, Literal

import torch
from jaxtyping import Float, Int8
from torch import Tensor, nn

from tensorboard_fgsm.attack.forwards import Forwards, Precision
from tensorboard_fgsm.model.activations import Activations, activations_of
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.modules import modules_of

Together = Literal["auto"] | bool
"""Whether epsilons share a forward: where the answers are the same and it is faster (``"auto"``),
wherever they are the same, or never."""

WORTH = 0.9
"""What takes less than this share of the time is faster."""

ROUNDINGS = 100
"""Logits are the same where they differ by at most so many roundings of the largest of them..."""

MOST_APART = 1e-2
"""...and by no more than this share of it, of float types that round coarsely."""

MOST_NUMBERS = 2**19
"""Inputs of more numbers than this keep a CPU busy by themselves."""

MOST_NUMBERS_ELSEWHERE = 2**23
"""The same of a GPU."""

_Key = tuple[Together, torch.Size, torch.dtype, torch.device, int, Precision | None]

_known: weakref.WeakKeyDictionary[nn.Module, dict[_Key, int]] = weakref.WeakKeyDictionary()
"""How many epsilons a forward takes, by the model and what it is given."""


def classified(
    forwards: Forwards, direction: Int8[Tensor, "n c h w"], together: Together
) -> Float[Tensor, "e n k"]:
    """Returns the logits at every epsilon along a direction, by as few forwards as is known to be
    good.

    At the first call for a model and a shape of inputs it is tried, which costs a forward at each
    epsilon, another, and those by which the groups, the first of them twice, are passed.
    """
    count = len(forwards.epsilons)
    zero = [forwards.clean_logits.unsqueeze(0)] * (len(forwards.attack.epsilons) - count)
    if not count:
        return zero[0]
    return torch.cat([*zero, _positive(forwards, direction, together)])


def _positive(forwards: Forwards, direction: Tensor, together: Together) -> Tensor:
    """Returns the logits at every epsilon above 0."""
    model, inputs, count = forwards.model, forwards.inputs, len(forwards.epsilons)
    if not together or count < 2 or not isinstance(model, nn.Module):
        return forwards.in_groups(direction, 1)  # a function may be made anew for each call
    sizes = _known.setdefault(model, {})
    key = together, inputs.shape, inputs.dtype, inputs.device, count, forwards.precision
    if key in sizes:
        return forwards.in_groups(direction, sizes[key])
    sizes[key], logits = _tried(forwards, direction, together)
    return logits


def _tried(forwards: Forwards, direction: Tensor, together: Together) -> tuple[int, Tensor]:
    """Returns how many epsilons a forward is to take from now on, and the logits."""
    model, inputs, epsilons = forwards.model, forwards.inputs, forwards.epsilons
    on_cpu = inputs.device.type == "cpu"
    most = (MOST_NUMBERS if on_cpu else MOST_NUMBERS_ELSEWHERE) // inputs.numel()
    if most < 2 or is_sharded(model) or any(map(_looks_at_batch, modules_of(model))):
        return 1, forwards.in_groups(direction, 1)
    apart, taken_apart = _timed(forwards, direction, 1)
    try:
        _, seen = activations_of(model, lambda: forwards.at(direction, epsilons[0]))
        size = _equal(len(epsilons), min(most, _within_memory(forwards, seen)))
        if size == 1:
            return 1, apart
        forwards.at(direction, *epsilons[:size])  # the first of a shape is slower than the others
        joined, taken = _timed(forwards, direction, size)
    except Exception:  # whatever it is that a model of a fixed batch size raises
        return 1, apart
    if not _same(joined, apart, forwards.precision) or (
        together == "auto" and taken > WORTH * taken_apart
    ):
        return 1, apart
    return size, joined


def _within_memory(forwards: Forwards, seen: Activations) -> int:
    """Returns how many epsilons a forward may take that needs no more memory than a training step,
    which keeps what every layer answers, and has a gradient for each parameter.
    """
    modules = modules_of(forwards.model)
    parameters = {each for module in modules for each in module.parameters(False)}  # tied ones once
    step = seen.total + sum(each.nbytes for each in parameters)
    # Without gradients there live at once what a layer is given, what it answers, and a shortcut.
    return step // (3 * max(seen.largest, forwards.inputs.nbytes))


def _equal(count: int, most: int) -> int:
    """Returns the size of as few groups as there can be, none of them much smaller."""
    return math.ceil(count / math.ceil(count / max(1, most)))


def _looks_at_batch(module: nn.Module) -> bool:
    """Whether a module makes statistics of the whole batch in evaluation mode, too."""
    if not isinstance(module, nn.modules.batchnorm._BatchNorm):
        return False
    return module.running_mean is None or module.running_var is None


def _timed(forwards: Forwards, direction: Tensor, size: int) -> tuple[Tensor, float]:
    began = _now(forwards.inputs.device)
    logits = forwards.in_groups(direction, size)
    return logits, _now(forwards.inputs.device) - began


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _same(joined: Tensor, apart: Tensor, precision: Precision | None) -> bool:
    if not torch.equal(joined.argmax(2), apart.argmax(2)):
        return False
    largest = max(1.0, apart.nan_to_num(neginf=0).abs().max().item())
    eps = torch.finfo(torch.bfloat16 if precision else apart.dtype).eps
    share = min(ROUNDINGS * eps, MOST_APART)
    return torch.allclose(joined, apart, rtol=0, atol=share * largest)


def checked_together(together: Any) -> Together:
    """Reads whether epsilons share a forward.

    Raises:
        ValueError: it is neither ``"auto"`` nor True or False.
    """
    if together not in ("auto", True, False):
        raise ValueError(f"together is 'auto', True or False, got {together!r}")
    return "auto" if together == "auto" else bool(together)
