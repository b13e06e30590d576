"""One sample whose pictures are stored, and what the model says of it at every epsilon."""

from __future__ import annotations

from typing import Annotated

import msgspec

from tensorboard_fgsm.format.climb import Losses
from tensorboard_fgsm.format.cross_section import CrossSection
from tensorboard_fgsm.format.ranges import Count, Fraction

Checksum = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]


class Prediction(msgspec.Struct, frozen=True):
    """What the model says of one picture: its most probable classes and how sure it is of them."""

    classes: Annotated[tuple[Count, ...], msgspec.Meta(min_length=1)]
    """The most probable classes, the most probable first."""
    probabilities: tuple[Fraction, ...]
    """Their probabilities (softmax of the logits), one a class."""
    label_probability: Fraction
    """The probability of the sample's true class, which need not be among ``classes``."""

    def __post_init__(self) -> None:
        if len(self.classes) != len(self.probabilities):
            raise ValueError(
                f"a prediction names {len(self.classes)} classes "
                f"but {len(self.probabilities)} probabilities"
            )


class Sample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sample whose pictures are stored with the record."""

    index: Count
    """Its place in the batch or data set, from 0."""
    label: Count
    """Its true class; the model's own clean prediction where the attack says ``own_labels``."""
    clean: Prediction
    """What the model says of the original."""
    noise: Prediction | None
    """What the model says of the noise picture alone, grey plus half a scale of the direction; None
    where each epsilon has a picture, and noise, of its own."""
    adversarial: tuple[Prediction, ...]
    """What the model says at each epsilon, one a logged epsilon."""
    checksums: Annotated[tuple[Checksum, ...], msgspec.Meta(min_length=2)]
    """CRC-32 of the stored bytes of each of its pictures."""
    control: tuple[Prediction, ...] = ()
    """What the model says along a random sign, one a logged epsilon; empty without a control."""
    flip_epsilon: Fraction | None = None
    """The smallest epsilon known to flip it: 0 where it is wrong already when clean, None where it
    does not flip up to the largest, or in records that do not say."""
    climb: tuple[Losses, ...] = ()
    """Its loss at the attack's start and after each step, one row a logged epsilon; empty where the
    record tells of no climb."""
    target: Count | None = None
    """The class that a targeted attack aims at."""
    section: CrossSection | None = None
    """What the model says on a square through it; None where that was not asked for."""

    @property
    def correct(self) -> bool:
        """Whether the model is right on the original."""
        return self.clean.classes[0] == self.label

    def flipped(self, epsilon_index: int) -> bool:
        """Whether the model is right on the original and wrong at this logged epsilon; targeted:
        whether it then says the target.
        """
        said = self.adversarial[epsilon_index].classes[0]
        fooled = said != self.label if self.target is None else said == self.target != self.label
        return self.correct and fooled
