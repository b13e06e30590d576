"""One logged step, read through TensorBoard's data provider: what is got is checked here."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from tensorboard import errors

from tensorboard_fgsm.format import pixels, record, summary
from tensorboard_fgsm.format.curve import Curve
from tensorboard_fgsm.format.pixels import PictureError
from tensorboard_fgsm.format.record import Record, RecordError
from tensorboard_fgsm.plugin.description import MAX_ANSWER
from tensorboard_fgsm.plugin.gate import Gate
from tensorboard_fgsm.plugin.recent import Recent

_CONCURRENT_READS = 16
"""A small answer of TensorBoard's data server waits 40 ms for the acknowledgement of the one before
it, unless others are under way: 46 reads in turn take 1.9 s, 16 at a time 0.09 s."""

readers = ThreadPoolExecutor(_CONCURRENT_READS, thread_name_prefix="fgsm-read")

_parsing = Gate(2)


class DamagedError(errors.PublicError):
    """What is stored cannot be read; HTTP 422."""

    http_code = 422


class Place(NamedTuple):
    """Names a step. A run that is logged anew has the same steps, but not from the same time."""

    experiment: str
    run: str
    tag: str
    step: int
    wall_time: float

    def __str__(self) -> str:
        return f"run {self.run!r}, tag {self.tag!r}, step {self.step}"


Records = Recent[Place, "tuple[Record, bytes] | str"]
"""The last records read, each with its JSON; or what is wrong with it."""


class Step:
    """One logged step: its record, and its pictures as they are stored."""

    def __init__(
        self, data_provider: Any, context: Any, keys: list[str], place: Place, records: Records
    ) -> None:
        self._provider = data_provider
        self._context = context
        self._keys = keys
        self._place = place
        self._records = records
        self.picture_count = len(keys) - 1

    def record(self) -> tuple[Record, bytes]:
        """Returns the record, and its JSON as it is stored.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: the record cannot be read, or is of a newer version.
            BusyError: too many records are being read.
        """
        found = self._records.get(self._place)
        if found is None:
            with _parsing:
                # Whoever waited for others who want the same finds it read.
                found = self._records.get(self._place) or self._read()
        if isinstance(found, str):
            raise DamagedError(found)
        return found

    def curve(self) -> Curve:
        """Returns the record's accuracies, which are found fast however many samples it has.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: the record cannot be read, or is of a newer version.
        """
        try:
            return record.decode_curve(self._blob(0))
        except RecordError as error:
            raise DamagedError(f"{self._place}: {error}") from None

    def stored(
        self, step_record: Record, samples: Iterable[int], most: int | None = None
    ) -> list[bytes]:
        """Returns all pictures of some samples as they are stored, ``most`` bytes if given, and
        nothing for what is no picture of the record's size; otherwise unchecked.

        Raises:
            NotFoundError: the step is no longer kept.
            InvalidArgumentError: they are too many bytes for one answer.
        """
        each, size = step_record.pictures_a_sample, step_record.picture
        most = MAX_ANSWER if most is None else most
        found, room = [], most
        places = (each * sample + kind for sample in samples for kind in range(each))
        with contextlib.closing(self._pictures(places)) as pictures:
            for data in pictures:
                room -= len(data)
                if room < 0:
                    raise errors.InvalidArgumentError(
                        f"{self._place}: these pictures are more than {most:,} bytes: ask "
                        "for fewer samples at once, or by the route picture for one of them"
                    )
                try:
                    pixels.check_header(data, size.height, size.width)
                except PictureError:
                    data = b""
                found.append(data)
        return found

    def checked(self, step_record: Record, sample: int, kinds: Sequence[int]) -> list[bytes]:
        """Returns some of a sample's pictures: 0 is the original, 1 the direction or from 1 on
        the adversarial picture at each epsilon.

        Raises:
            NotFoundError: the step is no longer kept.
            DamagedError: one is not what the record speaks of.
        """
        first = sample * step_record.pictures_a_sample
        found = list(self._pictures(first + kind for kind in kinds))
        try:
            for kind, data in zip(kinds, found, strict=True):
                summary.check_picture(step_record, sample, kind, data)
        except RecordError as error:
            raise DamagedError(f"{self._place}: {error}") from None
        return found

    def _pictures(self, places: Iterable[int]) -> Generator[bytes, None, None]:
        """Reads many at once; closed early, reads no more than are on their way."""
        yield from readers.map(self._blob, [1 + place for place in places])

    def _read(self) -> tuple[Record, bytes] | str:
        data, found = self._blob(0), None
        try:
            step_record = record.decode(data)
            summary.check_picture_count(step_record, self.picture_count)
            found = step_record, data
        except RecordError as error:
            found = f"{self._place}: {error}"
        self._records.put(self._place, found, weight=len(data))
        return found

    def _blob(self, index: int) -> bytes:
        try:
            data = self._provider.read_blob(self._context, blob_key=self._keys[index])
        except errors.InvalidArgumentError:
            raise errors.InvalidArgumentError(
                f"{self._place}: TensorBoard's data server reads no names with quotes, backslashes "
                "or control characters: start tensorboard with --load_fast=false"
            ) from None
        except (errors.PublicError, LookupError, ValueError):
            # Evicted since it was listed; the two providers say so in different ways.
            raise errors.NotFoundError(f"{self._place} is no longer kept: reload") from None
        if not isinstance(data, bytes):
            raise DamagedError(f"{self._place}: what is stored is no bytes")
        return data
