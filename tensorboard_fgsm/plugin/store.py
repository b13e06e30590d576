"""Finds logged steps through TensorBoard's data provider."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

from tensorboard import errors
from tensorboard.data import provider

from tensorboard_fgsm.format import record, summary
from tensorboard_fgsm.format.curve import Curve
from tensorboard_fgsm.format.ranges import MAX_WHOLE
from tensorboard_fgsm.plugin.prompt import prompt
from tensorboard_fgsm.plugin.recent import Recent
from tensorboard_fgsm.plugin.step import DamagedError, Place, Records, Step, readers

_ALL_STEPS = 2**31 - 1
_REMEMBERED_SERIES = 32
_REMEMBERED_SECONDS = 5.0
_REMEMBERED_CURVES = 4096
_REMEMBERED_RECORDS = record.MAX_BYTES
"""How many bytes of records' JSON are remembered: at least one record, whatever its size."""
_NAMED_TAGS = 20


class Series:
    """One tag of one run, as it is stored now: its steps, and where each of their blobs is."""

    def __init__(self, data: Sequence[provider.BlobSequenceDatum]) -> None:
        # Another program's steps may be any 64 bits, and its times no numbers.
        shown = [datum for datum in data if 0 <= datum.step <= MAX_WHOLE]
        self.times = {
            datum.step: datum.wall_time if math.isfinite(datum.wall_time) else 0.0
            for datum in shown
        }
        self.keys = {datum.step: [blob.blob_key for blob in datum.values] for datum in shown}
        self.read_at = time.monotonic()

    def listed(self) -> list[dict[str, Any]]:
        """Returns the steps as the routes list them."""
        return [{"step": step, "wall_time": time} for step, time in self.times.items()]

    @property
    def fresh(self) -> bool:
        """Whether the provider need not be asked again."""
        return time.monotonic() - self.read_at < _REMEMBERED_SECONDS


class Store:
    """The logged steps of one TensorBoard.

    A screenful of pictures is many requests for one series, and listing a series means listing
    each of its blobs, so the last few listings are remembered for some seconds. A curve is small
    and its record large, so curves are remembered until there are too many; so are records, each of
    which is needed again with each of its pictures, until they are too long together.
    """

    def __init__(self, data_provider: Any) -> None:
        self._provider = prompt(data_provider)  # a provider.DataProvider: its methods are untyped
        self._series: Recent[tuple[str, str, str], Series] = Recent(_REMEMBERED_SERIES)
        self._curves: Recent[Place, Curve | str] = Recent(_REMEMBERED_CURVES)
        self._records: Records = Recent(_REMEMBERED_RECORDS)

    def tags(self, context: Any, experiment: str) -> dict[str, list[str]]:
        """Returns the tags of each run that has any."""
        listed = self._provider.list_blob_sequences(
            context, experiment_id=experiment, plugin_name=summary.PLUGIN_NAME
        )
        return {run: sorted(tags) for run, tags in listed.items() if tags}

    def series(self, context: Any, experiment: str, run: str, tag: str) -> Series:
        """Returns one series as it is now.

        Raises:
            NotFoundError: there is no such run, or no such tag in it.
        """
        listed = self._provider.read_blob_sequences(
            context,
            experiment_id=experiment,
            plugin_name=summary.PLUGIN_NAME,
            downsample=_ALL_STEPS,
            run_tag_filter=provider.RunTagFilter(runs=[run], tags=[tag]),
        )
        data = listed.get(run, {}).get(tag)
        if not data:
            raise errors.NotFoundError(self._missing(context, experiment, run, tag))
        series = Series(data)
        self._series.put((experiment, run, tag), series)
        return series

    def step(self, context: Any, experiment: str, run: str, tag: str, step: int) -> Step:
        """Returns one step.

        Raises:
            NotFoundError: there is no such run, tag or step.
            DamagedError: the step has no blobs.
        """
        series = self._listed(context, experiment, run, tag, [step])
        return self._opened(context, series, Place(experiment, run, tag, step, series.times[step]))

    def curves(
        self, context: Any, experiment: str, run: str, tag: str, steps: Sequence[int]
    ) -> list[tuple[float, Curve | str]]:
        """Returns when each step was written, and its accuracies or why they cannot be read.

        Raises:
            NotFoundError: there is no such run, tag or step.
        """
        series = self._listed(context, experiment, run, tag, steps)

        def read(step: int) -> Curve | str:
            place = Place(experiment, run, tag, step, series.times[step])
            found = self._curves.get(place)
            if found is None:
                try:
                    found = self._opened(context, series, place).curve()
                except DamagedError as error:
                    found = str(error)
                self._curves.put(place, found)
            return found

        times = [series.times[step] for step in steps]
        return list(zip(times, readers.map(read, steps), strict=True))

    def _listed(
        self, context: Any, experiment: str, run: str, tag: str, steps: Sequence[int]
    ) -> Series:
        """Returns the remembered listing, or a new one if a step is not in it."""
        series = self._series.get((experiment, run, tag))
        if series is None or not series.fresh or not series.keys.keys() >= set(steps):
            series = self.series(context, experiment, run, tag)
        for step in steps:
            if step not in series.keys:
                raise errors.NotFoundError(
                    f"run {run!r}, tag {tag!r} has no step {step}: "
                    "it was never logged, or TensorBoard no longer keeps it"
                )
        return series

    def _opened(self, context: Any, series: Series, place: Place) -> Step:
        if not series.keys[place.step]:
            raise DamagedError(f"{place} is stored empty")
        return Step(self._provider, context, series.keys[place.step], place, self._records)

    def _missing(self, context: Any, experiment: str, run: str, tag: str) -> str:
        tags = self.tags(context, experiment).get(run)
        if tags is None:
            return f"there is no run {run!r} with adversarial examples"
        more = ", …" if len(tags) > _NAMED_TAGS else ""
        named = ", ".join(map(repr, tags[:_NAMED_TAGS]))
        return f"run {run!r} has no tag {tag!r}: it has {named}{more}"
