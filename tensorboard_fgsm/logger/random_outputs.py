"""Which models answer randomly: found out once a model, and remembered."""

from __future__ import annotations

import contextlib
from typing import Any
from weakref import WeakKeyDictionary

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model


class RandomOutputs:
    """What was found of each model. A pickled copy, for a process that is spawned, knows none."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[Any, tuple[Caveat, ...]] = WeakKeyDictionary()

    def __reduce__(self) -> tuple[type[RandomOutputs], tuple[()]]:
        return RandomOutputs, ()

    def known(self, model: Model) -> tuple[Caveat, ...] | None:
        """Returns what was found of a model; None where it was not looked for."""
        with contextlib.suppress(TypeError):  # what cannot be remembered is asked each time
            return self._found.get(model)
        return None

    def remember(self, model: Model, found: tuple[Caveat, ...]) -> tuple[Caveat, ...]:
        """Keeps what was found, and returns it."""
        with contextlib.suppress(TypeError):
            self._found[model] = found
        return found

    def of(self, model: Model, sweep: Sweep) -> tuple[Caveat, ...]:
        """Returns what is known of a model, or passes the batch through it once more to see."""
        known = self.known(model)
        if known is not None:
            return known
        again = classify(model, sweep.inputs, classes=sweep.clean_logits.shape[1], redrawn=True)
        return self.remember(model, tuple(caveats.random_outputs(sweep.clean_logits, again)))
