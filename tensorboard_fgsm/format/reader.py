"""Reads what the logger wrote, from the event files themselves: no server, no torch."""

# Protobuf makes its classes at run time, where no type checker sees them.
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import os
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec
import numpy as np
from google.protobuf.message import DecodeError
from jaxtyping import Int8, UInt8
from tensorboard.compat.proto import event_pb2

from tensorboard_fgsm.format import crc32c, pixels, summary, tables
from tensorboard_fgsm.format.cross_section import Cells
from tensorboard_fgsm.format.logdir import event_files, log_directory
from tensorboard_fgsm.format.record import Record, RecordError
from tensorboard_fgsm.format.tables import Table

Picture = UInt8[np.ndarray, "h w c"]


class DamageWarning(RuntimeWarning):
    """Something in an event file, or below a log directory, that was skipped."""

    def __init__(self, file: str, offset: int, what: str) -> None:
        super().__init__(file, offset, what)
        self.file = file
        """Its path, or its address."""
        self.offset = offset
        """The byte from which on."""
        self.what = what

    def __str__(self) -> str:
        return f"{self.file}, byte {self.offset}: {self.what}; skipped"


MAX_EVENT_BYTES = 2**30
"""The largest event that is read, in bytes. In memory a hostile one takes up to 48 times as much,
which is protobuf's doing, and one of ours three times."""


@dataclass(frozen=True, eq=False)
class LoggedStep:
    """One step of one tag of one run. ``i`` is a position in ``record.samples``."""

    run: str
    """The run as TensorBoard names it: its directory below the logdir, ``.`` for the logdir."""
    tag: str
    step: int
    wall_time: float
    """Seconds since the epoch."""
    record: Record
    _pictures: list[bytes] = field(repr=False)

    @property
    def picture_bytes(self) -> int:
        """How many bytes its pictures are stored in."""
        return sum(map(len, self._pictures))

    def curve(self) -> Table:
        """Returns accuracy against epsilon as columns: ``pandas.DataFrame(step.curve())``.

        A row for epsilon 0, the clean inputs, and each logged epsilon: ``run``, ``tag``, ``step``;
        ``epsilon`` in pixel units of [0, 1] and ``epsilon_255`` in 255ths; ``accuracy`` over all
        samples, ``random_noise_accuracy`` along a random sign and ``plain_fgsm_accuracy`` by FGSM
        beside another attack, each in [0, 1] or None where it was not logged; ``count``, how many
        samples they are over; ``accuracy_low`` and ``accuracy_high``, the bounds of the accuracy's
        95 % interval (Wilson's). The tab saves the same columns as CSV.
        """
        return tables.curve(self.record, self._place_columns)

    def classes(self) -> Table:
        """Returns what becomes of each true class, over all samples, as columns.

        A row for each logged epsilon and true class: ``run`` to ``epsilon_255`` as of ``curve``;
        the ``class`` and its ``name``; of its ``count`` samples the ``clean_right`` and
        ``robust_right`` ones; and what is predicted most often instead, how often
        (``predicted_instead``, ``predicted_instead_name``, ``predicted_instead_count``). None
        stands for what there is not. No rows where the record does not count by class.
        """
        return tables.classes(self.record, self._place_columns)

    def samples(self) -> Table:
        """Returns what the model says of each sample that has pictures as columns.

        A row for each sample at epsilon 0, the original, and each logged epsilon: ``run`` to
        ``epsilon_255`` as of ``curve``; ``sample``, its place in the batch or data set; its
        ``label`` and ``target``; the class ``predicted`` and its ``confidence``;
        ``label_probability``; whether the prediction is ``right``, and whether epsilon ``flipped``
        it; its ``flip_epsilon``; ``random_noise_predicted``, the class along a random sign; and
        ``label_name`` and ``predicted_name``. None stands for what there is not.
        """
        return tables.samples(self.record, self._place_columns)

    def transfers(self) -> Table:
        """Whom the examples made on each model fool, of those that ``tensorboard-fgsm attack
        --transfer`` attacked together, as columns: a row a logged epsilon and pair of models; none
        where there was one.

        ``made_on`` and ``shown_to`` name the two, ``right`` is on how many originals the second is
        right, ``fooled`` how many of their examples fool it, ``fooled_rate`` their share with its
        95 % interval; the others are as in ``curve``.
        """
        return tables.transfers(self.record, self._place_columns)

    def climb(self) -> Table:
        """Returns how the loss went along the steps of an attack that takes several, as columns.

        A row for each logged epsilon and ``attack_step``, of which 0 is the start: ``run`` to
        ``epsilon_255`` as of ``curve``; the mean ``loss``; how many of the ``count`` samples the
        model is ``right`` on, and their share, the ``accuracy``. No rows where the record tells of
        no steps.
        """
        return tables.climb(self.record, self._place_columns)

    @property
    def _place_columns(self) -> dict[str, Any]:
        return {"run": self.run, "tag": self.tag, "step": self.step}

    def original(self, i: int) -> Picture:
        """Returns sample ``i``'s original, (H, W, C) uint8 with C = 1 or 3.

        Raises:
            IndexError: there is no such sample.
            PictureError: the stored bytes are not the picture that the record promises.
        """
        return self._decoded(i, 0)

    def direction(self, i: int) -> Int8[np.ndarray, "h w c"]:
        """Returns sample ``i``'s direction, (H, W, C) int8 in {-1, 0, 1}.

        Raises:
            ValueError: the attack has a picture an epsilon and no direction.
            IndexError, PictureError: as ``original``.
        """
        if self.record.pictures == "each":
            raise ValueError(f"{self.record.attack.name} has no one direction: see adversarial()")
        return pixels.direction(self._decoded(i, 1))

    def adversarial(self, i: int, epsilon: float) -> Picture:
        """Returns sample ``i``'s adversarial example on the 8-bit grid, (H, W, C) uint8.

        Args:
            i: position in ``record.samples``.
            epsilon: any in [0, 1], in pixel units; one of ``record.epsilons``, or 0, where the
                attack has a picture an epsilon.

        Raises:
            ValueError: epsilon is not as above.
            IndexError, PictureError: as ``original``.
        """
        if self.record.pictures == "each":
            return self._decoded(i, 1 + self._place(epsilon) if epsilon else 0)
        return pixels.adversarial(self.original(i), self.direction(i), epsilon)

    def cross_section(self, i: int) -> Cells:
        """Returns what the model says on a square through sample ``i``: ``classes`` (R, R) int64,
        ``probabilities`` (R, R) in [0, 1] and ``axis`` (R,) in pixel units. Row j and column i are
        of ``clip(x + axis[i]·d + axis[j]·r)``, with FGSM's direction d and a random one r.

        Raises:
            ValueError: none was logged of this sample, as ``FGSMLogger(…, cross_sections=4)`` does.
            IndexError, PictureError: as ``original``.
        """
        self._check_sample(i)
        section = self.record.samples[i].section
        if section is None:
            raise ValueError(
                f"of sample {i} no cross-section was logged, as FGSMLogger(…, cross_sections=4) "
                "does of the first ones that have pictures"
            )
        return section.cells(self.record.epsilons[-1])

    def stored(self, i: int) -> list[bytes]:
        """Returns sample ``i``'s pictures as they are stored, lossless WebP: the original, then the
        direction or the adversarial picture at each epsilon, as ``record.pictures`` says.

        Raises:
            IndexError: there is no such sample.
        """
        self._check_sample(i)
        each = self.record.pictures_a_sample
        return self._pictures[each * i : each * (i + 1)]

    def with_samples(self, count: int) -> LoggedStep:
        """Returns the step with the pictures of its first ``count`` samples; its accuracies are
        those of all samples still.

        Raises:
            ValueError: the count is below 0.
        """
        if count < 0:
            raise ValueError(f"the count of samples is 0 or more, got {count}")
        kept = msgspec.structs.replace(self.record, samples=self.record.samples[:count])
        pictures = self._pictures[: count * self.record.pictures_a_sample]
        return replace(self, record=kept, _pictures=pictures)

    def _place(self, epsilon: float) -> int:
        if epsilon not in self.record.epsilons:
            raise ValueError(
                f"{self.record.attack.name} has pictures at the epsilons "
                f"{list(self.record.epsilons)}, not at {epsilon:g}"
            )
        return self.record.epsilons.index(epsilon)

    def _decoded(self, i: int, kind: int) -> Picture:
        self._check_sample(i)
        size = self.record.picture
        shape = (size.height, size.width, pixels.shown_channels(size.channels))
        return pixels.decode(self._pictures[self.record.pictures_a_sample * i + kind], shape)

    def _check_sample(self, i: int) -> None:
        if not 0 <= i < len(self.record.samples):
            raise IndexError(
                f"sample {i} is not among the {len(self.record.samples)} that have pictures"
            )


def read_steps(logdir: str | Path) -> Iterator[LoggedStep]:
    """Reads every logged step below a directory, one in memory at a time.

    Events and pictures are checked against their checksums, records against their schema. What is
    damaged is skipped with a ``RuntimeWarning`` that names the file and the place in it; so is an
    event longer than ``MAX_EVENT_BYTES``. A file that ends within an event is still being written,
    and no damage, unless another follows it in its directory. Where a training was restarted at
    an earlier step, the steps it wrote again replace the old ones, as in TensorBoard.

    Args:
        logdir: what one would give to ``tensorboard --logdir``; also an address that fsspec reads,
            such as ``s3://bucket/runs`` (``pip install 'tensorboard-plugin-fgsm[remote]'``).

    Yields:
        The steps, run by run, tag by tag, in increasing order.

    Raises:
        FileNotFoundError: there is no such directory.
        ModuleNotFoundError: it is an address, and what reads it is not installed.
    """
    root = log_directory(logdir)
    if not root.is_dir():
        raise FileNotFoundError(f"{root} is no directory: give what tensorboard --logdir reads")
    files = event_files(root, _cannot_list)
    for directory in sorted(files):
        run = directory.relative_to(root).as_posix()
        for tag, places in sorted(_index(files[directory]).items()):
            for place in places:
                step = _read(run, tag, place)
                if step is not None:
                    yield step


class _Place(NamedTuple):
    """Where a value is stored: the file, the event's offset and length in it, its place there."""

    path: Path
    offset: int
    length: int
    step: int
    value: int


def _index(paths: list[Path]) -> dict[str, list[_Place]]:
    """Finds the events of each of our tags, in order, without keeping their contents."""
    index: dict[str, list[_Place]] = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                for offset, payload in _frames(file, path, growing=path == paths[-1]):
                    _add(index, path, offset, payload)
        except OSError as error:
            _warn(path, 0, f"the file cannot be read ({error.strerror})")
    return index


def _add(index: dict[str, list[_Place]], path: Path, offset: int, payload: bytes) -> None:
    event = _parsed(payload, path, offset)
    if event is None:
        return
    for number, value in enumerate(event.summary.value):
        if not _ours(value, value.tag in index):
            continue
        places = index.setdefault(value.tag, [])
        while places and places[-1].step >= event.step:
            places.pop()  # a restarted training writes this step again
        places.append(_Place(path, offset, len(payload), event.step, number))


def _ours(value: Any, known: bool) -> bool:
    """Whether a value is of this plugin: only a tag's first needs metadata that says so."""
    if value.HasField("metadata") and value.metadata.plugin_data.plugin_name:
        return value.metadata.plugin_data.plugin_name == summary.PLUGIN_NAME
    return known and value.HasField("tensor")


def _frames(file: BinaryIO, path: Path, growing: bool) -> Iterator[tuple[int, bytes]]:
    """Yields the offset and the bytes of each record of an event file (TFRecord: length, its
    checksum, payload, its checksum). A tail still being written ends the file.
    """
    size, start = file.seek(0, os.SEEK_END), file.seek(0)
    while start + 12 <= size:
        header = file.read(12)
        length, checksum = struct.unpack("<QI", header)
        if crc32c.masked(header[:8]) != checksum:
            _warn(path, start, "the length is damaged, what follows cannot be found")
            return
        end = start + 16 + length
        if length > MAX_EVENT_BYTES:
            _warn(path, start, f"an event of {length:,} bytes, {MAX_EVENT_BYTES:,} are the most")
        if end > size:
            break
        if length <= MAX_EVENT_BYTES:
            payload, checksum = file.read(length), file.read(4)
            if struct.pack("<I", crc32c.masked(payload)) == checksum:
                yield start + 12, payload
            else:
                _warn(path, start + 12, "an event whose checksum is not that of its bytes")
        start = file.seek(end)
    if start < size and not growing:
        _warn(path, start, "the file ends within an event, though another file follows it")


def _read(run: str, tag: str, place: _Place) -> LoggedStep | None:
    try:
        with place.path.open("rb") as file:
            file.seek(place.offset)
            payload = file.read(place.length)
    except OSError as error:
        _warn(place.path, place.offset, f"the file cannot be read any more ({error.strerror})")
        return None
    event = _parsed(payload, place.path, place.offset)
    if event is None:
        return None
    if place.value >= len(event.summary.value):
        _warn(place.path, place.offset, "the file was written anew while it was read")
        return None
    try:
        record, pictures = summary.unpack(event.summary.value[place.value])
    except RecordError as error:
        _warn(place.path, place.offset, f"run {run!r}, tag {tag!r}, step {event.step}: {error}")
        return None
    return LoggedStep(run, tag, event.step, event.wall_time, record, pictures)


def _parsed(payload: bytes, path: Path, offset: int) -> event_pb2.Event | None:
    try:
        return event_pb2.Event.FromString(payload)
    except (DecodeError, UnicodeDecodeError):  # the latter by protobuf's parser in Python
        _warn(path, offset, "no event can be read from it")
        return None


def _cannot_list(directory: str, why: str) -> None:
    _warn(directory, 0, f"the directory cannot be read ({why})")


def _warn(path: Path | str, offset: int, what: str) -> None:
    # A generator's caller is no fixed number of frames away: the message names the place itself.
    warnings.warn(DamageWarning(str(path), offset, what), stacklevel=2)
