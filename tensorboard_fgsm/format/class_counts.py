"""What the model says of all samples of each true class, clean and at every epsilon."""

from __future__ import annotations

import msgspec

from tensorboard_fgsm.format.ranges import Count, Positive

MOST_BECAME = 20
"""How many of the classes that a class's samples turn into are kept at each epsilon, so that a
record of a thousand classes at seven epsilons stays below some 1.5 megabytes."""


class Became(msgspec.Struct, frozen=True, array_like=True):
    """Samples of one true class of which the model says one other class: ``[predicted, count]``."""

    predicted: Count
    count: Positive


class Outcome(msgspec.Struct, frozen=True):
    """What the model says of all samples of one true class, clean or at one epsilon."""

    correct: Count
    """Of how many of them it says the true class."""
    became: tuple[Became, ...]
    """What it says of the others, most frequent first; no more than the ``MOST_BECAME`` first."""


class ClassCounts(msgspec.Struct, frozen=True):
    """All samples of one true class, those without pictures too."""

    label: Count
    count: Positive
    clean: Outcome
    adversarial: tuple[Outcome, ...]
    """One a logged epsilon."""

    def __post_init__(self) -> None:
        for outcome in (self.clean, *self.adversarial):
            if outcome.correct + sum(each.count for each in outcome.became) > self.count:
                raise ValueError(
                    f"class {self.label} has {self.count} samples, but outcomes of more of them"
                )
