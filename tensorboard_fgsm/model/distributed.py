"""Models that several processes train together: spread by FSDP, or wrapped for data parallelism."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel

from tensorboard_fgsm.model.forwards import OtherForward
from tensorboard_fgsm.model.modules import Model, modules_of


def is_sharded(model: Model) -> bool:
    """Whether a model's parameters are spread over processes, which then forward in step."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return False
    from torch.distributed.fsdp import FSDPModule, FullyShardedDataParallel
    from torch.distributed.tensor import DTensor

    return any(
        isinstance(module, FullyShardedDataParallel | FSDPModule)
        or any(isinstance(parameter, DTensor) for parameter in module.parameters(False))
        for module in modules_of(model)
    )


def fully_sharded(modules: list[nn.Module]) -> list[Any]:
    """Returns those of the modules whose parameters ``fully_shard`` manages."""
    if "torch.distributed.fsdp" not in sys.modules:
        return []
    from torch.distributed.fsdp import FSDPModule

    return [module for module in modules if isinstance(module, FSDPModule)]


class Resharded:
    """A module whose parameters ``fully_shard`` manages: an optimizer's step would not reach what
    a forward has left gathered.
    """

    def __init__(self, module: Any) -> None:
        self._module = module

    def change(self) -> None:
        """Does nothing: a forward gathers."""

    def give_back(self) -> None:
        """Spreads the parameters again."""
        self._module.reshard()


def stood_aside(modules: Iterable[nn.Module]) -> list[OtherForward]:
    """Finds the wrappers for which the modules inside shall answer.

    A wrapper's own forward sends the buffers to the other processes, waits for them, and gets
    ready to average gradients that never come.
    """
    return [
        OtherForward(module, module.module.__call__)
        for module in modules
        if isinstance(module, DistributedDataParallel)
    ]
