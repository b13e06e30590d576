"""Of which samples with pictures a cross-section is logged, and how finely."""

from __future__ import annotations

import torch

from tensorboard_fgsm.attack.cross_section import cross_sections
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.format import cross_section as schema
from tensorboard_fgsm.logger.arguments import whole
from tensorboard_fgsm.model.modules import Model


class CrossSectioner:
    """Draws a square of cells through each of the first samples that have pictures.

    Args:
        attack: the attack that is logged.
        samples: of how many samples, 0 for none.
        resolution: how many cells a side has, an odd number, so that the original is in the middle.

    Raises:
        ValueError, TypeError: an argument is not as above.
    """

    def __init__(self, attack: FGSM | PerEpsilon, samples: int, resolution: int) -> None:
        self.samples = whole("cross_sections", samples)
        self.resolution = whole("cross_section_resolution", resolution)
        if self.samples > schema.MOST_SAMPLES:
            raise ValueError(
                f"cross_sections is at most {schema.MOST_SAMPLES}, for each is stored in every "
                f"step's record; got {self.samples:,}"
            )
        least, most = schema.LEAST_SIDE, schema.MOST_SIDE
        if not least <= self.resolution <= most or self.resolution % 2 == 0:
            raise ValueError(
                f"cross_section_resolution is an odd number from {least} to {most}, so that the "
                f"original is the cell in the middle; got {self.resolution:,}"
            )
        if self.samples and not attack.epsilons[-1]:
            raise ValueError(
                "cross_sections go as far as the largest epsilon, which is 0: give a larger one"
            )

    def of(
        self, sweep: Sweep, model: Model, count: int, *, before: int, size: int
    ) -> tuple[schema.CrossSection, ...]:
        """Returns the cross-sections of the first samples of a sweep; none if there were enough.

        Args:
            sweep: the samples.
            model: the classifier that was attacked.
            count: how many of the samples have pictures, from the first on.
            before: how many others that have pictures there were before.
            size: how many cells are classified together.
        """
        count = min(count, self.samples - before)
        if count <= 0:
            return ()
        some = sweep.of(slice(count))
        axis = schema.axis(self.resolution, sweep.attack.epsilons[-1])
        found = cross_sections(some, model, torch.from_numpy(axis), size=size)
        return tuple(
            schema.stored(classes.numpy(), probabilities.numpy())
            for classes, probabilities in zip(found.classes, found.probabilities, strict=True)
        )
