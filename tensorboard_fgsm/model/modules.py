"""What a user's model consists of: its modules, and the device that they are on."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

Model = Callable[..., Any]
"""A classifier: a module, or any function of (N, C, H, W) inputs. It answers with logits (N, K), or
(N,) or (N, 1) of a binary one; with a tuple whose first item they are; or with an object that has
them as ``.logits``. Of a function, the modules that it refers to, such as those of a lambda, or
that an object holds which it refers to, such as a trainer, are treated as the model."""


def modules_of(model: Model) -> list[nn.Module]:
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
        modules += modules_of(model.func)
    return list(dict.fromkeys(modules))


def modules_of_all(models: Iterable[Model]) -> list[nn.Module]:
    """Returns the modules that models consist of, each once, which several may share."""
    return list(dict.fromkeys(module for model in models for module in modules_of(model)))


def check_shaped(modules: list[nn.Module]) -> None:
    """Refuses lazy modules before their first forward, by a ValueError."""
    for module in modules:
        for kept in (module._parameters, module._buffers):
            if any(value is not None and is_lazy(value) for value in kept.values()):
                raise ValueError(
                    f"the model has a {type(module).__name__} whose parameters have no shape yet: "
                    "run the model once on a batch before it is attacked"
                )


def device_of(model: Any) -> torch.device | None:
    """Returns where a module's parameters are; None of a function."""
    parameters = model.parameters() if isinstance(model, nn.Module) else iter(())
    first = next(parameters, None)
    return None if first is None else first.device
