"""Finds logged steps through TensorBoard's data provider and checks what it gets."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from tensorboard import errors
from tensorboard.data import provider

from tensorboard_fgsm.format import record, summary
from tensorboard_fgsm.format.record import Curve, Record, RecordError

_ALL_STEPS = 2**31 - 1
_REMEMBERED_SERIES = 32
_REMEMBERED_SECONDS = 5.0
_REMEMBERED_CURVES = 4096

_CONCURRENT_READS = 16
"""A small answer of TensorBoard's data server waits 40 ms for the acknowledgement of the one before
it, unless others are under way: 46 reads in turn take 1.9 s, 16 at a time 0.09 s."""


_readers = ThreadPoolExecutor(_CONCURRENT_READS, thread_name_prefix="fgsm-read")


class DamagedError(errors.PublicError):
    """What is stored cannot be read; HTTP 422."""

    http_code = 422


class Series:
    """One tag of one run, as it is stored now: its steps, and where each of their blobs is."""

    def __init__(self, data: Sequence[provider.BlobSequenceDatum]) -> None:
        self.times = {datum.step: datum.wall_time for datum in data}
        self.keys = {datum.step: [blob.blob_key for blob in datum.values] for datum in data}
        self.read_at = time.monotonic()

    @property
    def fresh(self) -> bool:
        """Whether the provider need not be asked again."""
        return time.monotonic() - self.read_at < _REMEMBERED_SECONDS


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _Recent(Generic[_Key, _Value]):
    """A dictionary that forgets what was not asked for the longest."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = threading.Lock()  # TensorBoard answers in several threads

    def get(self, key: _Key) -> _Value | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: _Key, value: _Value) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)


class Store:
    """The logged steps of one TensorBoard.

    A screenful of pictures is many requests for one series, and listing a series means listing
    each of its blobs, so the last few listings are remembered for some seconds. A curve is small
    and its record large, so curves are remembered until there are too many.
    """

    def __init__(self, data_provider: Any) -> None:
        self._provider = data_provider  # a provider.DataProvider, whose methods are untyped
        self._series: _Recent[tuple[str, str, str], Series] = _Recent(_REMEMBERED_SERIES)
        self._curves: _Recent[object, Curve | str] = _Recent(_REMEMBERED_CURVES)

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
        return self._opened(context, series, run, tag, step)

    def curves(
        self, context: Any, experiment: str, run: str, tag: str, steps: Sequence[int]
    ) -> list[tuple[float, Curve | str]]:
        """Returns when each step was written, and its accuracies or why they cannot be read.

        Raises:
            NotFoundError: there is no such run, tag or step.
        """
        series = self._listed(context, experiment, run, tag, steps)

        def read(step: int) -> Curve | str:
            # A run that is logged anew has the same steps, but not from the same time.
            key = (experiment, run, tag, step, series.times[step], *series.keys[step][:1])
            found = self._curves.get(key)
            if found is None:
                try:
                    found = self._opened(context, series, run, tag, step).curve()
                except DamagedError as error:
                    found = str(error)
                self._curves.put(key, found)
            return found

        times = [series.times[step] for step in steps]
        return list(zip(times, _readers.map(read, steps), strict=True))

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

    def _opened(self, context: Any, series: Series, run: str, tag: str, step: int) -> Step:
        if not series.keys[step]:
            raise DamagedError(f"step {step} of run {run!r}, tag {tag!r} is stored empty")
        name = f"run {run!r}, tag {tag!r}, step {step}"
        return Step(self._provider, context, series.keys[step], name)

    def _missing(self, context: Any, experiment: str, run: str, tag: str) -> str:
        tags = self.tags(context, experiment).get(run)
        if tags is None:
            return f"there is no run {run!r} with adversarial examples"
        return f"run {run!r} has no tag {tag!r}: it has {', '.join(map(repr, tags))}"


class Step:
    """One logged step: its record, and its pictures as they are stored."""

    def __init__(self, data_provider: Any, context: Any, keys: list[str], name: str) -> None:
        self._provider = data_provider
        self._context = context
        self._keys = keys
        self._name = name
        self.picture_count = len(keys) - 1

    def record(self) -> tuple[Record, bytes]:
        """Returns the record, and its JSON as it is stored.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: the record cannot be read, or is of a newer version.
        """
        data = self._blob(0)
        try:
            step_record = record.decode(data)
            summary.check_picture_count(step_record, len(self._keys) - 1)
        except RecordError as error:
            raise DamagedError(f"{self._name}: {error}") from None
        return step_record, data

    def curve(self) -> Curve:
        """Returns the record's accuracies, which are found fast however many samples it has.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: the record cannot be read, or is of a newer version.
        """
        try:
            return record.decode_curve(self._blob(0))
        except RecordError as error:
            raise DamagedError(f"{self._name}: {error}") from None

    def stored(self, places: Iterable[int]) -> list[bytes]:
        """Returns pictures as they are stored, unchecked.

        Args:
            places: of the pictures, counted from 0 over all samples.

        Raises:
            NotFoundError: the step is no longer kept.
        """
        return list(_readers.map(self._blob, (1 + place for place in places)))

    def checked(self, step_record: Record, sample: int, kinds: Sequence[int]) -> list[bytes]:
        """Returns some of a sample's pictures: 0 is the original, 1 the direction or from 1 on
        the adversarial picture at each epsilon.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: one is not what the record speaks of.
        """
        first = sample * step_record.pictures_a_sample
        found = self.stored(first + kind for kind in kinds)
        try:
            for kind, data in zip(kinds, found, strict=True):
                summary.check_picture(step_record, sample, kind, data)
        except RecordError as error:
            raise DamagedError(f"{self._name}: {error}") from None
        return found

    def _blob(self, index: int) -> bytes:
        try:
            data = self._provider.read_blob(self._context, blob_key=self._keys[index])
        except errors.InvalidArgumentError:
            raise errors.InvalidArgumentError(
                f"{self._name}: TensorBoard's data server reads no names with quotes, backslashes "
                "or control characters: start tensorboard with --load_fast=false"
            ) from None
        except (errors.PublicError, LookupError, ValueError):
            # Evicted since it was listed; the two providers say so in different ways.
            raise errors.NotFoundError(f"{self._name} is no longer kept: reload") from None
        if not isinstance(data, bytes):
            raise DamagedError(f"{self._name}: what is stored is no bytes")
        return data
