"""Several epsilons in one forward, where the model answers the same to them and is faster so.

Small inputs leave cores and GPUs idle. But not every model takes its samples one by one: BatchNorm
without running statistics looks at a whole batch, and others run for one batch size alone. So it is
tried on the very model first.
"""

from __future__ import annotations

import math
import time
import weakref
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from tensorboard_fgsm.model.activations import Activations, activations_of
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.modules import Model, modules_of

Together = Literal["auto"] | bool
"""Whether epsilons share a forward: where the answers are the same and it is faster (``"auto"``),
wherever they are the same, or never."""

Forward = Callable[[Sequence[float]], Float[Tensor, "en k"]]
"""Classifies a batch of N samples at each of some epsilons, in one forward."""

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

_Key = tuple[Together, torch.Size, torch.dtype, torch.device, int]

_known: weakref.WeakKeyDictionary[nn.Module, dict[_Key, int]] = weakref.WeakKeyDictionary()
"""How many epsilons a forward takes, by the model and what it is given."""


class Passes(NamedTuple):
    """The forwards that a batch is to take."""

    model: Model
    inputs: Float[Tensor, "n c h w"]
    """When clean."""
    epsilons: Sequence[float]
    """Positive."""
    forward: Forward

    def in_groups(self, size: int) -> Float[Tensor, "e n k"]:
        """Returns the logits, by forwards of at most so many epsilons."""
        starts = range(0, len(self.epsilons), size)
        logits = [self.forward(self.epsilons[start : start + size]) for start in starts]
        return torch.cat(logits).unflatten(0, (len(self.epsilons), len(self.inputs)))


def classified(passes: Passes, together: Together) -> Float[Tensor, "e n k"]:
    """Returns the logits at every epsilon, by as few forwards as is known to be good.

    At the first call for a model and a shape of inputs it is tried, which costs a forward at each
    epsilon, another, and those by which the groups, the first of them twice, are passed.
    """
    model, inputs, epsilons, _ = passes
    if not together or len(epsilons) < 2 or not isinstance(model, nn.Module):
        return passes.in_groups(1)  # a function may be made anew for each call
    sizes = _known.setdefault(model, {})
    key = together, inputs.shape, inputs.dtype, inputs.device, len(epsilons)
    if key in sizes:
        return passes.in_groups(sizes[key])
    sizes[key], logits = _tried(passes, together)
    return logits


def _tried(passes: Passes, together: Together) -> tuple[int, Tensor]:
    """Returns how many epsilons a forward is to take from now on, and the logits."""
    model, inputs, epsilons, forward = passes
    on_cpu = inputs.device.type == "cpu"
    most = (MOST_NUMBERS if on_cpu else MOST_NUMBERS_ELSEWHERE) // inputs.numel()
    if most < 2 or is_sharded(model) or any(map(_looks_at_batch, modules_of(model))):
        return 1, passes.in_groups(1)
    apart, taken_apart = _timed(passes, 1)
    try:
        _, seen = activations_of(model, lambda: forward(epsilons[:1]))
        size = _equal(len(epsilons), min(most, _within_memory(passes, seen)))
        if size == 1:
            return 1, apart
        forward(epsilons[:size])  # the first of a shape is slower than the others
        joined, taken = _timed(passes, size)
    except Exception:  # whatever it is that a model of a fixed batch size raises
        return 1, apart
    if not _same(joined, apart) or (together == "auto" and taken > WORTH * taken_apart):
        return 1, apart
    return size, joined


def _within_memory(passes: Passes, seen: Activations) -> int:
    """Returns how many epsilons a forward may take that needs no more memory than a training step,
    which keeps what every layer answers, and has a gradient for each parameter.
    """
    modules = modules_of(passes.model)
    parameters = {each for module in modules for each in module.parameters(False)}  # tied ones once
    step = seen.total + sum(each.nbytes for each in parameters)
    # Without gradients there live at once what a layer is given, what it answers, and a shortcut.
    return step // (3 * max(seen.largest, passes.inputs.nbytes))


def _equal(count: int, most: int) -> int:
    """Returns the size of as few groups as there can be, none of them much smaller."""
    return math.ceil(count / math.ceil(count / max(1, most)))


def _looks_at_batch(module: nn.Module) -> bool:
    """Whether a module makes statistics of the whole batch in evaluation mode, too."""
    if not isinstance(module, nn.modules.batchnorm._BatchNorm):
        return False
    return module.running_mean is None or module.running_var is None


def _timed(passes: Passes, size: int) -> tuple[Tensor, float]:
    began = _now(passes.inputs.device)
    logits = passes.in_groups(size)
    return logits, _now(passes.inputs.device) - began


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()


def _same(joined: Tensor, apart: Tensor) -> bool:
    if not torch.equal(joined.argmax(2), apart.argmax(2)):
        return False
    largest = max(1.0, apart.nan_to_num(neginf=0).abs().max().item())
    share = min(ROUNDINGS * torch.finfo(apart.dtype).eps, MOST_APART)
    return torch.allclose(joined, apart, rtol=0, atol=share * largest)


def checked_together(together: Any) -> Together:
    """Reads whether epsilons share a forward.

    Raises:
        ValueError: it is neither ``"auto"`` nor True or False.
    """
    if together not in ("auto", True, False):
        raise ValueError(f"together is 'auto', True or False, got {together!r}")
    return "auto" if together == "auto" else bool(together)
