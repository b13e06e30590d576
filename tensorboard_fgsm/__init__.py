"""FGSM for TensorBoard: see how easily a PyTorch image classifier is fooled.

The names load lazily (PEP 562): TensorBoard imports this package when it starts, and neither it
nor ``read_steps`` may have to load PyTorch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tensorboard_fgsm.adapters import (
        from_art,
        from_captum,
        from_foolbox,
        from_torchattacks,
    )
    from tensorboard_fgsm.attack import FGSM
    from tensorboard_fgsm.evaluation import Evaluation
    from tensorboard_fgsm.iterated import BIM, PGD, RandomStartFGSM
    from tensorboard_fgsm.logger import FGSMLogger
    from tensorboard_fgsm.loss import stable_loss
    from tensorboard_fgsm.per_epsilon import PerEpsilon
    from tensorboard_fgsm.reader import LoggedStep, read_steps
    from tensorboard_fgsm.sweep import Sweep

__version__ = "0.1.0"

_ROOMS = {
    "BIM": "iterated",
    "Evaluation": "evaluation",
    "FGSM": "attack",
    "PGD": "iterated",
    "PerEpsilon": "per_epsilon",
    "RandomStartFGSM": "iterated",
    "Sweep": "sweep",
    "stable_loss": "loss",
    "FGSMLogger": "logger",
    "LoggedStep": "reader",
    "from_art": "adapters",
    "from_captum": "adapters",
    "from_foolbox": "adapters",
    "from_torchattacks": "adapters",
    "read_steps": "reader",
}

__all__ = [
    "BIM",
    "FGSM",
    "PGD",
    "Evaluation",
    "FGSMLogger",
    "LoggedStep",
    "PerEpsilon",
    "RandomStartFGSM",
    "Sweep",
    "from_art",
    "from_captum",
    "from_foolbox",
    "from_torchattacks",
    "read_steps",
    "stable_loss",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_ROOMS[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError(
            f"{name} needs PyTorch: pip install 'tensorboard-plugin-fgsm[torch]'", name="torch"
        ) from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
