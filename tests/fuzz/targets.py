"""What is fuzzed: each target takes any bytes, and fails if they do more than be refused."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from tensorboard.compat.proto import event_pb2

from tensorboard_fgsm.format import pixels, record
from tensorboard_fgsm.format.reader import LoggedStep, read_steps
from tests.format.event_files import event, frame, stored, with_checksums

_NAME = "events.out.tfevents.1"

CORPUS = Path(__file__).parent / "corpus"


def fuzz_record(data: bytes) -> None:
    """Reads the bytes as a record's JSON. What is read can be written, and says the same."""
    try:
        found = record.decode(data)
    except record.RecordError:
        return
    assert record.decode(record.encode(found)) == found
    if found.embedding is not None:
        assert np.isfinite(found.embedding.points()).all()
    curve = record.decode_curve(data)
    assert (curve.epsilons, curve.count) == (found.epsilons, found.count)


def fuzz_picture(data: bytes) -> None:
    """Reads the bytes as a stored picture of the size that their own header says."""
    bits = int.from_bytes(data[21:25], "little")
    shape = (1 + (bits >> 14 & 0x3FFF), 1 + (bits & 0x3FFF), 3)
    if shape[0] * shape[1] > 2**16:
        return  # as slow as large, and in no other way
    try:
        found = pixels.decode(data, shape)
    except pixels.PictureError:
        return
    assert found.shape == shape


def fuzz_reader(data: bytes) -> None:
    """Reads the bytes as (part of) an event file beside a sound one, whose step must be read.

    The first byte says as what: the tail of a file, an event in a file, a record in an event, or a
    picture in a value, with all checksums around it repaired.
    """
    kinds = (_as_file, _as_event, _as_record, _as_picture)
    logdir = _logdir()
    hostile = kinds[data[0] % 4 if data else 0](data[1:])
    (logdir / "a" / _NAME).write_bytes(_sound() + hostile)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the sentences; any other is an error
        steps = list(read_steps(logdir))
    assert [step.step for step in steps if step.run == "b"] == [1]
    for step in steps:
        if step._pictures != stored()[1]:
            _look_at(step)


def _as_file(data: bytes) -> bytes:
    return data


def _as_event(data: bytes) -> bytes:
    return frame(data)


def _as_record(data: bytes) -> bytes:
    _, pictures = stored()
    return frame(event(2, [data, *pictures]).SerializeToString())


def _as_picture(data: bytes) -> bytes:
    sound, (_, direction) = stored()
    pictures = [data, direction]
    blobs = [record.encode(with_checksums(sound, pictures)), *pictures]
    return frame(event(2, blobs).SerializeToString())


@cache
def _sound() -> bytes:
    opening = event_pb2.Event(file_version="brain.Event:2")
    return b"".join(frame(each.SerializeToString()) for each in (opening, event(1)))


def _look_at(step: LoggedStep) -> None:
    for i in range(len(step.record.samples)):
        for epsilon in step.record.epsilons:
            try:
                step.adversarial(i, epsilon)
            except pixels.PictureError:
                return


@cache
def _logdir() -> Path:
    """A directory of two runs; in memory, where that can be had, as a million files are written."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    logdir = Path(tempfile.mkdtemp(dir=memory))
    atexit.register(shutil.rmtree, logdir)
    for run in ("a", "b"):
        (logdir / run).mkdir()
        (logdir / run / _NAME).write_bytes(_sound())
    return logdir


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reader": fuzz_reader,
    "record": fuzz_record,
    "picture": fuzz_picture,
}
