"""Tensors that modules keep as plain attributes, neither parameters nor buffers.

Such are the weights that ``torch.nn.utils.weight_norm`` and ``spectral_norm`` make anew in each
forward, and the features that a model keeps for a further loss: of those of the training's own
forward, a backward is still to come.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from torch import Tensor, nn

from tensorboard_fgsm.model.loan import Borrowed

_OTHERS = frozenset({bool, int, float, str, tuple, list, set, dict, OrderedDict, type(None)})
"""What nearly all attributes are. To ask each of thousands whether it is a tensor takes a training
step's while."""


def kept_tensors(modules: Iterable[nn.Module]) -> list[Borrowed]:
    """Finds the tensors that are to be found again where modules keep them."""
    attributes = map(vars, modules)
    return [_Kept(own) for own in attributes if not _OTHERS.issuperset(map(type, own.values()))]


class _Kept:
    """The tensors among a module's attributes."""

    def __init__(self, own: dict[str, Any]) -> None:
        self._own = own
        self._tensors = {name: each for name, each in own.items() if isinstance(each, Tensor)}

    def change(self) -> None:
        """Does nothing: forwards put others in their place."""

    def give_back(self) -> None:
        self._own.update(self._tensors)
