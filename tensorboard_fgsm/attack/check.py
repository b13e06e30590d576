"""What a stronger attack left of a few samples, so that a weak one is not believed too much."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tensorboard_fgsm.attack.scalars import by_epsilon
from tensorboard_fgsm.attack.settings import Setting
from tensorboard_fgsm.format.interval import wilson


@dataclass(frozen=True)
class Check:
    """Counts of the samples that were checked, at E epsilons.

    A sample holds at an epsilon where neither the logged attack nor the stronger one has found an
    example of it that fools the model, there or at a smaller epsilon. So these numbers never rise
    with epsilon, and are never above what the logged attack leaves.
    """

    name: str
    """What the stronger attack is called."""
    settings: dict[str, Setting]
    epsilons: tuple[float, ...]
    """In pixel units, increasing."""
    count: int
    """How many samples were checked."""
    right: tuple[int, ...]
    """How many of them the logged attack leaves right at each epsilon."""
    held: tuple[int, ...]
    """How many of them hold at each epsilon."""

    def plus(self, other: Check) -> Check:
        """Adds the counts of other samples, checked in the same way."""
        return replace(
            self,
            count=self.count + other.count,
            right=tuple(a + b for a, b in zip(self.right, other.right, strict=True)),
            held=tuple(a + b for a, b in zip(self.held, other.held, strict=True)),
        )

    @property
    def accuracy(self) -> tuple[float, ...]:
        """The share that holds at each epsilon, in [0, 1]."""
        return tuple(held / self.count for held in self.held)

    def interval(self, place: int) -> tuple[float, float]:
        """Returns Wilson's 95 % interval of the share that holds at an epsilon, by its place."""
        return wilson(self.held[place] / self.count, self.count)

    def scalars(self, tag: str) -> dict[str, float]:
        """Returns the shares that hold as ordinary scalars, by their tags below ``tag``."""
        return by_epsilon(tag, self.epsilons, check_accuracy=self.accuracy)
