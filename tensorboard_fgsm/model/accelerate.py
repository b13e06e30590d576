"""Models that Accelerate has put mixed precision into.

They are told by their attributes, so that Accelerate need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

from tensorboard_fgsm.model.forwards import OtherForward


def without_autocast(modules: Iterable[nn.Module]) -> list[OtherForward]:
    """Finds the modules that shall have the ``forward`` that they had before Accelerate put mixed
    precision into it: there, no context around the call reaches it.
    """
    return [
        OtherForward(module, own["_original_forward"])
        for module, own in ((module, vars(module)) for module in modules)
        if "_original_forward" in own and "forward" in own
    ]
