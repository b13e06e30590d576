"""Checks a few samples of each logged step by a stronger attack, and watches how that goes on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.overfitting import Overfitting, OverfittingWatch
from tensorboard_fgsm.attack.per_epsilon import Attack, PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.logger.arguments import whole
from tensorboard_fgsm.logger.followed_samples import Chooser, FollowedSamples
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.model.modules import Model

OnOverfitting = Callable[[Overfitting], object]


class Checked(NamedTuple):
    """What a step's check has found."""

    check: Check
    overfitting: Overfitting | None
    caveats: tuple[Caveat, ...]


class Checker:
    """A stronger attack, run on a few samples of each logged step of one training.

    Args:
        attack: the attack that is logged.
        stronger: ``attack(model, inputs, labels, epsilon)``, such as ``PGD(steps=10)``.
        samples: how many are checked, 1 or more.

    Raises:
        ValueError, TypeError: an argument is not as above; or the logged attack is targeted, which
            no stronger one without a target could be compared with.
    """

    def __init__(self, attack: FGSM | PerEpsilon, stronger: Attack, samples: int) -> None:
        if isinstance(attack, FGSM) and attack.target is not None:
            raise ValueError(
                "check compares attacks away from the label, but the logged one has a target: "
                "log another without a target under a tag of its own, and check that"
            )
        if isinstance(stronger, FGSM | PerEpsilon):
            raise TypeError(
                "check is an attack such as PGD(steps=10), which is run at the logged epsilons; "
                f"got {stronger!r}"
            )
        self.samples = whole("check_samples", samples, least=1)
        self._attack = attack
        self._stronger = PerEpsilon(
            stronger,
            attack.epsilons,
            mean=attack.normalisation.mean,
            std=attack.normalisation.std,
            quantize=attack.quantize,
        )
        self._watch = OverfittingWatch()
        self._kept: dict[int | None, FollowedSamples | None] = {}

    @property
    def name(self) -> str:
        """What the stronger attack is called."""
        return self._stronger.name

    def chooser(self, length: int | None) -> Chooser:
        """Returns what takes the first samples of a loader of this length, or nothing once they
        are known.
        """
        return Chooser("first", 0 if length in self._kept else self.samples)

    def kept(
        self, length: int | None, chooser: Chooser, processes: Processes
    ) -> FollowedSamples | None:
        """Returns the samples of a loader of this length, which all processes know then."""
        if length not in self._kept:
            self._kept[length] = chooser.made(processes)
        return self._kept[length]

    def check(self, model: Model, sweeps: Iterable[Sweep]) -> Check:
        """Checks samples that were attacked: one or more batches of them."""
        parts = (self._stronger.check(model, sweep) for sweep in sweeps)
        return functools.reduce(Check.plus, parts)

    def look(self, step: int, check: Check, tally: Tally) -> Checked:
        """Compares a step's check with those before, and says what may be wrong."""
        overfitting = self._watch.look(step, check, tally.mean_alignment)
        found = (
            *caveats.of_overfitting(overfitting, self._attack.name, self.name),
            *caveats.of_check(check, self._attack.name),
        )
        return Checked(check, overfitting, found)


def checked_on_overfitting(function: Any, check: Any) -> OnOverfitting | None:
    """Returns a function to be called with an ``Overfitting``, or None.

    Raises:
        TypeError: it is something else.
        ValueError: there is no check to see it by.
    """
    if function is not None and not callable(function):
        raise TypeError(f"on_overfitting is a function of what was seen, got {function!r}")
    if function is not None and check is None:
        raise ValueError(
            "on_overfitting is called where a stronger attack tells: give it, such as "
            "check=PGD(steps=10, restarts=2)"
        )
    return function
