"""FGSM for TensorBoard: see how easily a PyTorch image classifier is fooled.

The names load lazily (PEP 562): TensorBoard imports this package when it starts, and neither it
nor ``read_steps`` may have to load PyTorch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tensorboard_fgsm.attack.adapters.art import from_art
    from tensorboard_fgsm.attack.adapters.captum import from_captum
    from tensorboard_fgsm.attack.adapters.foolbox import from_foolbox
    from tensorboard_fgsm.attack.adapters.torchattacks import from_torchattacks
    from tensorboard_fgsm.attack.bim import BIM
    from tensorboard_fgsm.attack.fgsm import FGSM
    from tensorboard_fgsm.attack.loss import stable_loss
    from tensorboard_fgsm.attack.overfitting import Overfitting
    from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
    from tensorboard_fgsm.attack.pgd import PGD
    from tensorboard_fgsm.attack.random_start_fgsm import RandomStartFGSM
    from tensorboard_fgsm.attack.sweep import Sweep
    from tensorboard_fgsm.format.reader import LoggedStep, read_steps
    from tensorboard_fgsm.logger.embedding import Embedding
    from tensorboard_fgsm.logger.evaluation import Evaluation
    from tensorboard_fgsm.logger.logger import FGSMLogger

__version__ = "0.1.0"

_ROOMS = {
    "BIM": "attack.bim",
    "Embedding": "logger.embedding",
    "Evaluation": "logger.evaluation",
    "FGSM": "attack.fgsm",
    "FGSMLogger": "logger.logger",
    "LoggedStep": "format.reader",
    "Overfitting": "attack.overfitting",
    "PGD": "attack.pgd",
    "PerEpsilon": "attack.per_epsilon",
    "RandomStartFGSM": "attack.random_start_fgsm",
    "Sweep": "attack.sweep",
    "from_art": "attack.adapters.art",
    "from_captum": "attack.adapters.captum",
    "from_foolbox": "attack.adapters.foolbox",
    "from_torchattacks": "attack.adapters.torchattacks",
    "read_steps": "format.reader",
    "stable_loss": "attack.loss",
}

__all__ = [
    "BIM",
    "FGSM",
    "PGD",
    "Embedding",
    "Evaluation",
    "FGSMLogger",
    "LoggedStep",
    "Overfitting",
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
