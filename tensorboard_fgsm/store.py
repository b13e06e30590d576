"""Finds logged steps through TensorBoard's data provider and checks what it gets."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tensorboard import errors
from tensorboard.data import provider

from tensorboard_fgsm import record, summary
from tensorboard_fgsm.record import Record, RecordError

_ALL_STEPS = 2**31 - 1
_REMEMBERED_SERIES = 32
_REMEMBERED_SECONDS = 5.0

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
        self.steps = [(datum.step, datum.wall_time) for datum in data]
        self.keys = {datum.step: [blob.blob_key for blob in datum.values] for datum in data}
        self.read_at = time.monotonic()

    @property
    def fresh(self) -> bool:
        """Whether the provider need not be asked again."""
        return time.monotonic() - self.read_at < _REMEMBERED_SECONDS


class Store:
    """The logged steps of one TensorBoard.

    A screenful of pictures is many requests for one series, and listing a series means listing
    each of its blobs, so the last few listings are remembered for some seconds.
    """

    def __init__(self, data_provider: Any) -> None:
        self._provider = data_provider  # a provider.DataProvider, whose methods are untyped
        self._remembered: OrderedDict[tuple[str, str, str], Series] = OrderedDict()
        self._lock = threading.Lock()

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
        with self._lock:  # TensorBoard answers in several threads
            self._remembered[experiment, run, tag] = series
            self._remembered.move_to_end((experiment, run, tag))
            if len(self._remembered) > _REMEMBERED_SERIES:
                self._remembered.popitem(last=False)
        return series

    def step(self, context: Any, experiment: str, run: str, tag: str, step: int) -> Step:
        """Returns one step.

        Raises:
            NotFoundError: there is no such run, tag or step.
            DamagedError: the step has no blobs.
        """
        series = self._remembered.get((experiment, run, tag))
        if series is None or not series.fresh or step not in series.keys:
            series = self.series(context, experiment, run, tag)
        keys = series.keys.get(step)
        if keys is None:
            raise errors.NotFoundError(
                f"run {run!r}, tag {tag!r} has no step {step}: "
                "it was never logged, or TensorBoard no longer keeps it"
            )
        if not keys:
            raise DamagedError(f"step {step} of run {run!r}, tag {tag!r} is stored empty")
        return Step(self._provider, context, keys, f"run {run!r}, tag {tag!r}, step {step}")

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
        self.sample_count = (len(keys) - 1) // 2

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

    def stored(self, samples: Iterable[int]) -> list[bytes]:
        """Returns each sample's original and direction, unchecked.

        Raises:
            NotFoundError: the step is no longer kept.
        """
        places = [place for sample in samples for place in (1 + 2 * sample, 2 + 2 * sample)]
        return list(_readers.map(self._blob, places))

    def checked(self, step_record: Record, sample: int) -> list[bytes]:
        """Returns a sample's original and direction.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: one is not what the record speaks of.
        """
        pair = self.stored([sample])
        try:
            for kind, data in enumerate(pair):
                summary.check_picture(step_record, sample, kind, data)
        except RecordError as error:
            raise DamagedError(f"{self._name}: {error}") from None
        return pair

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
