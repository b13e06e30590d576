"""The samples that were selected for pictures, kept from one step to the next."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from tensorboard_fgsm.attack import caveats
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format.record import Caveat
from tensorboard_fgsm.logger.followed_samples import (
    Chooser,
    Follow,
    FollowedSamples,
    is_for_good,
)
from tensorboard_fgsm.logger.processes import Processes


class Selection(NamedTuple):
    """Which samples are followed, and of what data set."""

    follow: Follow
    length: int | None
    """How many batches its loader has, if it tells."""


class Selections:
    """The samples of each selection, once they are chosen for good.

    Args:
        most: how many of them have pictures at most, where they are not named.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Selection, FollowedSamples | None] = {}
        self._calls: Counter[Selection] = Counter()
        self._caveats: dict[Selection, tuple[Caveat, ...]] = {}

    def is_kept(self, selection: Selection) -> bool:
        """Whether the samples were chosen for good."""
        return selection in self._kept

    def chooser(self, selection: Selection) -> Chooser:
        """Returns what chooses while the data set passes by: nothing where that is done."""
        return Chooser(selection.follow, 0 if self.is_kept(selection) else self._most)

    def samples(
        self,
        selection: Selection,
        chooser: Chooser,
        tally: Tally,
        processes: Processes,
        settle: int | None,
    ) -> FollowedSamples | None:
        """Returns the samples that were chosen before, or else now: then for good, if it is time.

        Args:
            selection: which ones.
            chooser: what was offered the data set.
            tally: what came out of it.
            processes: all of which call this.
            settle: after how many calls it is time, where the user says so.
        """
        if self.is_kept(selection):
            return self._kept[selection]
        made = chooser.made(processes)
        calls, self._calls[selection] = self._calls[selection], self._calls[selection] + 1
        if is_for_good(selection.follow, calls, settle, learned=tally.learned):
            self._kept[selection] = made
            if made is not None and selection.follow in ("flipped-first", "per-class"):
                self._caveats[selection] = tuple(caveats.untrained_choice(tally))
        return made

    def caveats(self, selection: Selection) -> tuple[Caveat, ...]:
        """Returns what may be wrong with samples that are kept."""
        return self._caveats.get(selection, ())

    def clear(self) -> None:
        """Chooses anew from here on."""
        self._kept.clear()
