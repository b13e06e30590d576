"""How a user's model is called: in evaluation mode, without a trace, and its logits found."""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel
from torch.nn.parameter import is_lazy
from torch.nn.utils import parametrize

from tensorboard_fgsm.model.accelerate import without_autocast
from tensorboard_fgsm.model.buffers import exchanged, restored
from tensorboard_fgsm.model.checks import described
from tensorboard_fgsm.model.random_numbers import draw, same_random_numbers

Model = Callable[..., Any]
"""A classifier: a module, or any function of (N, C, H, W) inputs. It answers with logits (N, K), or
(N,) or (N, 1) of a binary one; with a tuple whose first item they are; or with an object that has
them as ``.logits``. Of a function, the modules that it refers to, such as those of a lambda, or
that an object holds which it refers to, such as a trainer, are treated as the model."""


@contextlib.contextmanager
def untouched(model: Model, device: torch.device) -> Iterator[None]:
    """A time in which the model can be evaluated and differentiated towards its inputs, and after
    which nothing of it has changed.

    Inside: evaluation mode, grad mode on, inference mode and autocast off, no parameter requires a
    gradient (this saves the memory of what their gradients would need), what is compiled runs as
    it was written, and DistributedDataParallel stands aside. Restored afterwards, also after an
    error: every submodule's own mode, ``requires_grad``, buffers and random states. The modes are
    set and not asked for: ``train()`` and ``eval()`` of some modules change weights.

    Raises:
        ValueError: the model was made in inference mode, so that no gradient can pass through it,
            or has lazy parameters of no shape yet.
    """
    modules = _modules_of(model)
    _check_shaped(modules)
    with contextlib.ExitStack() as stack:  # each runs, whatever the others raise
        stack.enter_context(restored(modules))
        for module in modules:
            if hasattr(module, "training"):  # torch.jit.freeze leaves none
                stack.callback(setattr, module, "training", module.training)
        stack.enter_context(same_random_numbers())
        stack.enter_context(_ungraded(modules))
        stack.enter_context(torch.autocast(device.type, enabled=False))
        stack.enter_context(without_autocast(modules))
        stack.enter_context(_uncompiled())
        for module in modules:
            if hasattr(module, "training"):
                module.training = False
        yield


def _check_shaped(modules: list[nn.Module]) -> None:
    for module in modules:
        for kept in (module._parameters, module._buffers):
            if any(value is not None and is_lazy(value) for value in kept.values()):
                raise ValueError(
                    f"the model has a {type(module).__name__} whose parameters have no shape yet: "
                    "run the model once on a batch before it is attacked"
                )


@contextlib.contextmanager
def borrowed(model: Model) -> Iterator[None]:
    """A time within a training step in which a model can be evaluated as it is, in its own mode,
    and differentiated towards its inputs, and after which nothing of it has changed.

    Inside: grad mode on and inference mode off, no parameter requires a gradient, copies stand for
    the buffers, and DistributedDataParallel stands aside. The buffers themselves are not written,
    so that no backward pass under way is spoilt and nothing waits for a GPU. Autocast and the
    random states are the caller's and go on: what is random in the model draws from them.

    Raises:
        ValueError: the model was made in inference mode, so that no gradient can pass through it,
            or has lazy parameters of no shape yet.
    """
    modules = _modules_of(model)
    _check_shaped(modules)
    with _ungraded(modules), exchanged(modules):
        yield


@contextlib.contextmanager
def _ungraded(modules: list[nn.Module]) -> Iterator[None]:
    """A time in which a gradient can pass through modules, wherever this is called, and none lands
    on them.
    """
    # Not parameters(), which takes a training step's while over many small modules.
    parameters = [p for module in modules for p in module._parameters.values() if p is not None]
    if any(parameter.is_inference() for parameter in parameters):
        raise ValueError(
            "the model was made in torch.inference_mode, where no gradient can pass through it: "
            "build or load it outside, and use it inside as you like"
        )
    sharded = _sharded(modules)
    # From sharded parameters others are made, which stay as they are then.
    managed = {id(parameter) for module in sharded for parameter in module.parameters()}
    with contextlib.ExitStack() as stack:
        for module in sharded:  # an optimizer's step would not reach what stays gathered
            stack.callback(module.reshard)
        stack.callback(_give_back, [(p, p.requires_grad, p.grad) for p in parameters])
        for parameter in parameters:
            if parameter.requires_grad and id(parameter) not in managed:
                parameter.requires_grad_(False)
            parameter.grad = None  # out of reach: attacks call zero_grad()
        for module in modules:
            if isinstance(module, DistributedDataParallel):
                stack.enter_context(_aside(module))
        stack.enter_context(_uncached())
        stack.enter_context(torch.inference_mode(False))
        stack.enter_context(torch.enable_grad())
        yield


@contextlib.contextmanager
def _uncached() -> Iterator[None]:
    """A time in which ``parametrize.cached`` around it keeps nothing.

    It would hand the weights that are made here, which need no gradient, to the training's own
    forward, and the parameters that they are made of would be trained no more.
    """
    kept = parametrize._cache, parametrize._cache_enabled
    parametrize._cache, parametrize._cache_enabled = {}, 0
    try:
        yield
    finally:
        parametrize._cache, parametrize._cache_enabled = kept


def _give_back(kept: list[tuple[nn.Parameter, bool, Tensor | None]]) -> None:
    for parameter, required, gradient in kept:
        if parameter.requires_grad != required:
            parameter.requires_grad_(required)
        parameter.grad = gradient


def _sharded(modules: list[nn.Module]) -> list[Any]:
    """Returns those of the modules whose parameters ``fully_shard`` manages."""
    if "torch.distributed.fsdp" not in sys.modules:
        return []
    from torch.distributed.fsdp import FSDPModule

    return [module for module in modules if isinstance(module, FSDPModule)]


def _uncompiled() -> contextlib.AbstractContextManager[Any]:
    """Has compiled modules run as they were written.

    An attack would have them compiled anew, for evaluation and for inputs that require gradients,
    and each such version counts towards the limit beyond which training is compiled no more.
    """
    if "torch._dynamo" not in sys.modules:  # nothing is compiled, and to load it takes seconds
        return contextlib.nullcontext()
    return torch.compiler.set_stance("force_eager")


@contextlib.contextmanager
def _aside(wrapper: DistributedDataParallel) -> Iterator[None]:
    """Has the module inside a wrapper answer for it.

    The wrapper's own forward sends the buffers to the other processes, waits for them, and gets
    ready to average gradients that never come.
    """
    own = vars(wrapper).get("forward")
    wrapper.forward = wrapper.module.__call__
    try:
        yield
    finally:
        if own is None:
            del wrapper.forward
        else:
            wrapper.forward = own


def _modules_of(model: Model) -> list[nn.Module]:
    """Returns the modules that a model consists of; of a function, those that it refers to."""
    if isinstance(model, nn.Module):
        return list(model.modules())
    referred = [getattr(model, "__self__", None), *getattr(model, "__dict__", {}).values()]
    if isinstance(model, functools.partial):
        referred += [model.func, *model.args, *model.keywords.values()]
    if inspect.isfunction(model):
        variables = inspect.getclosurevars(model)
        referred += [*variables.nonlocals.values(), *variables.globals.values()]
    for value in list(referred):
        if not isinstance(value, nn.Module | ModuleType):  # such as a trainer that has the model
            referred += getattr(value, "__dict__", {}).values()
    modules = [
        part for value in referred if isinstance(value, nn.Module) for part in value.modules()
    ]
    if isinstance(model, functools.partial) and not isinstance(model.func, nn.Module):
        modules += _modules_of(model.func)
    return list(dict.fromkeys(modules))


def is_sharded(model: Model) -> bool:
    """Whether a model's parameters are spread over processes, which then forward in step."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return False
    from torch.distributed.fsdp import FSDPModule, FullyShardedDataParallel
    from torch.distributed.tensor import DTensor

    return any(
        isinstance(module, FullyShardedDataParallel | FSDPModule)
        or any(isinstance(parameter, DTensor) for parameter in module.parameters(False))
        for module in _modules_of(model)
    )


def classified(model: Model, inputs: Tensor, *, redrawn: bool = False) -> Tensor:
    """Returns the logits (N, K) of what the model eats, in one forward that leaves no trace.

    Args:
        model: the classifier.
        inputs: (N, C, H, W).
        redrawn: let a random model draw other numbers than in the pass before, from which the
            random states were put back.
    """
    with untouched(model, inputs.device), torch.no_grad():
        if redrawn:
            draw(inputs.device)
        return logits_of(model(inputs.clone()), len(inputs))  # a clone: models work in place


def logits_of(output: Any, count: int) -> Tensor:
    """Finds the logits in a model's answer and checks them.

    Args:
        output: what the model returned.
        count: how many samples it was given.

    Returns:
        (count, K) floats, K ≥ 2; of a model with one logit z a sample, [0, z]: two classes whose
        softmax is the sigmoid of z.

    Raises:
        TypeError: there are no float logits in the answer.
        ValueError: they are of another shape, or hold NaN or +infinity.
    """
    logits = unchecked_logits(output, count)
    if logits.isnan().any() or logits.isposinf().any():
        raise ValueError("the model's logits hold NaN or +infinity: has the training diverged?")
    return logits


def unchecked_logits(output: Any, count: int) -> Tensor:
    """Finds the same without waiting for a GPU: they may hold NaN or infinity."""
    logits = _found(output)
    if not isinstance(logits, Tensor) or not logits.is_floating_point():
        raise TypeError(
            "the model answers with float logits, a tuple whose first item they are, or an object "
            f"with .logits; got {described(logits)}"
        )
    if logits.shape in ((count,), (count, 1)):
        one = logits.view(count)
        logits = torch.stack([torch.zeros_like(one), one], 1)
    if logits.ndim != 2 or logits.shape[0] != count or logits.shape[1] < 2:
        raise ValueError(
            f"logits are ({count}, K) for {count} samples and K ≥ 2 classes, or ({count},) of a "
            f"binary model, got {tuple(logits.shape)}"
        )
    return logits


def is_one_logit(output: Any) -> bool:
    """Whether a binary model answers with one logit a sample, which ``logits_of`` reads as two."""
    logits = _found(output)
    return isinstance(logits, Tensor) and (logits.ndim == 1 or logits.shape[1:] == (1,))


def _found(output: Any) -> Any:
    if isinstance(output, Tensor):
        return output
    if hasattr(output, "logits"):
        return output.logits
    if isinstance(output, Mapping) and "logits" in output:
        return output["logits"]
    if isinstance(output, tuple | list) and output:
        return output[0]
    return output
