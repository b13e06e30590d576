"""Catastrophic overfitting: a network that is trained on FGSM's examples suddenly holds against
FGSM, and falls to attacks of more steps.

Wong, Rice and Kolter, "Fast is better than free", 2020, https://arxiv.org/abs/2001.03994, section
5.4; Andriushchenko and Flammarion, "Understanding and Improving Fast Adversarial Training", 2020,
https://arxiv.org/abs/2007.02617.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.format.interval import wilson


@dataclass(frozen=True)
class Overfitting:
    """What was seen of it at one step."""

    step: int
    epsilon: float
    """Where the gap is widest, in pixel units."""
    count: int
    """How many samples were checked."""
    right: int
    """How many of them FGSM leaves right."""
    held: int
    """How many of them hold against the stronger attack, too."""
    best_step: int
    """The earlier step at which most of them held."""
    best_held: int
    """How many held then, of ``count``."""
    alignment: float | None
    """The mean gradient alignment at this epsilon, if it was asked for."""
    best_alignment: float | None
    """The same at ``best_step``."""


@dataclass(frozen=True)
class _Seen:
    """What a step said at one epsilon."""

    step: int
    right: float
    held: float
    alignment: float | None


class OverfittingWatch:
    """Remembers of a training how many samples held at best, and sees when they no longer do."""

    def __init__(self) -> None:
        self._best: dict[float, _Seen] = {}

    def look(
        self, step: int, check: Check, alignment: Sequence[float | None] | None
    ) -> Overfitting | None:
        """Looks at a step, and says whether the training has overfitted to the logged attack.

        It has at an epsilon where, of the samples checked,

        - fewer hold than at an earlier step, by more than chance (their 95 % intervals are apart),
        - while the logged attack leaves no fewer right than then,
        - and more than twice as many as hold (the upper end of their interval);
        - and the gradients are less aligned than then, if that is known.

        A training that merely gets worse fails the second, and a network that was never robust the
        first.

        Args:
            step: the global step.
            check: what the stronger attack left.
            alignment: the mean gradient alignment at each epsilon, or None.
        """
        found: list[Overfitting] = []
        for place, epsilon in enumerate(check.epsilons):
            if not epsilon:
                continue
            now = _Seen(
                step,
                check.right[place] / check.count,
                check.held[place] / check.count,
                None if alignment is None else alignment[place],
            )
            best = self._best.setdefault(epsilon, now)
            if now.held >= best.held:
                self._best[epsilon] = now
            elif _overfitted(now, best, check.count):
                found.append(
                    Overfitting(
                        step=step,
                        epsilon=epsilon,
                        count=check.count,
                        right=check.right[place],
                        held=check.held[place],
                        best_step=best.step,
                        best_held=round(best.held * check.count),
                        alignment=now.alignment,
                        best_alignment=best.alignment,
                    )
                )
        return max(found, key=lambda each: each.right - each.held, default=None)


def _overfitted(now: _Seen, best: _Seen, count: int) -> bool:
    _, highest = wilson(now.held, count)
    lowest, _ = wilson(best.held, count)
    bent = now.alignment is None or best.alignment is None or now.alignment < best.alignment
    return highest < lowest and now.right >= best.right and now.right > 2 * highest and bent
