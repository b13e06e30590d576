"""What a stronger attack left of a few samples."""

from __future__ import annotations

import msgspec

from tensorboard_fgsm.format.ranges import Count, Positive, same_length


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a stronger attack left of a few samples."""

    name: str
    """What the stronger attack is called, such as ``PGD``."""
    count: Positive
    """How many samples were checked."""
    right: tuple[Count, ...]
    """How many of them the logged attack leaves right, one a logged epsilon."""
    held: tuple[Count, ...]
    """How many of them neither attack has fooled, there or at a smaller epsilon."""
    settings: dict[str, str | int | float | bool] = {}
    """The stronger attack's settings, as it names them."""

    def __post_init__(self) -> None:
        for right, held in zip(self.right, self.held, strict=False):
            if not held <= right <= self.count:
                raise ValueError(
                    f"of {self.count} samples checked {right} are right, and {held} of these hold"
                )

    def check_length(self, epsilons: tuple[float, ...]) -> None:
        """Raises a ValueError unless there is a number for each epsilon."""
        same_length("check.right", self.right, epsilons)
        same_length("check.held", self.held, epsilons)
