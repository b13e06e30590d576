"""How the loss went along the steps of an attack that takes several."""

from __future__ import annotations

from typing import Annotated

import msgspec

from tensorboard_fgsm.format.ranges import Count, same_length

MOST_STEPS = 1000
"""Of attacks with more steps, nothing is stored."""

Losses = Annotated[tuple[float, ...], msgspec.Meta(min_length=3, max_length=MOST_STEPS + 1)]
"""At the start, and after each step."""


class Climb(msgspec.Struct, frozen=True):
    """Over all samples: a row a logged epsilon, with a number for the attack's start and one for
    after each of its steps.
    """

    losses: tuple[Losses, ...]
    """The mean loss: the one that the attack makes grow."""
    right: tuple[tuple[Count, ...], ...]
    """How many samples the model is right on."""
    held: tuple[Count, ...]
    """How many samples it is right on when clean and at the end; one an epsilon."""
    fell: tuple[Count, ...]
    """Of how many of these the loss ends lower than it was on the way, by more than a tenth of its
    rise; one an epsilon."""
    passed: tuple[Count, ...]
    """On how many of these the model was wrong on the way; one an epsilon."""

    def check(self, epsilons: tuple[float, ...], count: int) -> None:
        """Raises a ValueError unless each epsilon has a row, of no more samples than all."""
        for name in ("losses", "right", "held", "fell", "passed"):
            same_length(f"climb.{name}", getattr(self, name), epsilons)
        points = len(self.losses[0])
        if any(len(row) != points for row in (*self.losses, *self.right)):
            raise ValueError(f"not each row of the climb has {points} points")
        if max(*(max(row) for row in self.right), *self.held) > count:
            raise ValueError(f"the climb tells of more than {count} samples")
        for held, fell, passed in zip(self.held, self.fell, self.passed, strict=True):
            if max(fell, passed) > held:
                raise ValueError(f"the climb tells of more than the {held} samples that held")
