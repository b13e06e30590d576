"""Event files by hand: taken apart, put together, and steps that no model was needed for."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from tensorboard.compat.proto import event_pb2

from tensorboard_fgsm.format import crc32c, pixels, summary
from tensorboard_fgsm.format.record import Record
from tests.format.test_golden import example_pictures, example_record


def events(path: Path) -> list[event_pb2.Event]:
    data, found, offset = path.read_bytes(), [], 0
    while offset < len(data):
        (length,) = struct.unpack_from("<Q", data, offset)
        found.append(event_pb2.Event.FromString(data[offset + 12 : offset + 12 + length]))
        offset += length + 16
    return found


def records(of: list[event_pb2.Event]) -> list[event_pb2.Event]:
    """Those of the events that hold a step's record and pictures."""
    return [each for each in of if each.summary.value and each.summary.value[0].tensor.string_val]


def blobs_of(changed: list[event_pb2.Event]) -> list[Any]:
    """The blobs of each of their records, which may be changed."""
    return [each.summary.value[0].tensor.string_val for each in records(changed)]


def rewrite(path: Path, changed: list[event_pb2.Event]) -> None:
    payloads = [event.SerializeToString() for event in changed]
    path.write_bytes(b"".join(map(frame, payloads)))


def frame(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    checksums = (struct.pack("<I", crc32c.masked(part)) for part in (length, payload))
    return length + next(checksums) + payload + next(checksums)


def header(length: int) -> bytes:
    """What stands before a payload that is said to be so long."""
    data = struct.pack("<Q", length)
    return data + struct.pack("<I", crc32c.masked(data))


@cache
def stored() -> tuple[Record, list[bytes]]:
    """A sound record of one sample, and its two pictures as they are stored."""
    original, direction = example_pictures()
    pictures = [pixels.encode(original), pixels.encode(pixels.noise(direction))]
    return with_checksums(example_record(), pictures), pictures


def with_checksums(step_record: Record, pictures: Sequence[bytes]) -> Record:
    """The record, and its one sample says of these pictures that they are its own."""
    (sample,) = step_record.samples
    checksums = tuple(map(pixels.checksum, pictures))
    samples = (msgspec.structs.replace(sample, checksums=checksums),)
    return msgspec.structs.replace(step_record, samples=samples)


def event(step: int, blobs: Sequence[bytes] | None = None, tag: str = "fgsm") -> event_pb2.Event:
    """One step as it is logged, or with other blobs than sound ones."""
    value = summary.value(tag, *stored())
    if blobs is not None:
        value.tensor.string_val[:] = blobs
        value.tensor.tensor_shape.dim[0].size = len(blobs)
    logged = event_pb2.Event(step=step, wall_time=1.7e9 + step)
    logged.summary.value.append(value)
    return logged


def opening() -> event_pb2.Event:
    """What every event file begins with."""
    return event_pb2.Event(wall_time=1.7e9, file_version="brain.Event:2")


def write(directory: Path, *logged: event_pb2.Event, name: str = "events.out.tfevents.1") -> Path:
    """Writes an event file as a SummaryWriter would."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    rewrite(path, [opening(), *logged])
    return path
