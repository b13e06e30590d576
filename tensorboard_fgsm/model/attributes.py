"""Tensors that modules keep as plain attributes, neither parameters nor buffers.

Such are the weights that ``torch.nn.utils.weight_norm`` and ``spectral_norm`` make anew in each
forward, and the features that a model keeps for a further loss: of those of the training's own
forward, a backward is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor, nn

from tensorboard_fgsm.model.loan import Borrowed


def kept_tensors(modules: Iterable[nn.Module]) -> list[Borrowed]:
    """Finds the tensors that are to be found again where modules keep them."""
    found = ((vars(module), _tensors_of(module)) for module in modules)
    return [_Kept(own, tensors) for own, tensors in found if tensors]


def _tensors_of(module: nn.Module) -> dict[str, Tensor]:
    return {name: value for name, value in vars(module).items() if isinstance(value, Tensor)}


class _Kept:
    """Some attributes of a module."""

    def __init__(self, own: dict[str, Any], tensors: dict[str, Tensor]) -> None:
        self._own, self._tensors = own, tensors

    def change(self) -> None:
        """Does nothing: forwards put others in their place."""

    def give_back(self) -> None:
        self._own.update(self._tensors)
