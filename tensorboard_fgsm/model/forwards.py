"""A module's own ``forward``, set beside that of its class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn


class OtherForward:
    """A module that answers by another function meanwhile."""

    def __init__(self, module: nn.Module, forward: Callable[..., Any]) -> None:
        self._own = vars(module)
        self._forward = forward
        self._kept = {name: self._own[name] for name in ("forward",) if name in self._own}

    def change(self) -> None:
        """Has the other function answer."""
        self._own["forward"] = self._forward

    def give_back(self) -> None:
        """Has the module answer as before."""
        if self._kept:
            self._own.update(self._kept)
        else:
            self._own.pop("forward", None)
