"""Damaged and hostile event files: the reader gives the sound steps, and tells of the others."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.format import pixels, record
from tensorboard_fgsm.format.reader import LoggedStep
from tests.format import event_files
from tests.format.event_files import event, frame, header, stored, with_checksums

FRAMES = [
    frame(each.SerializeToString())
    for each in (event_files.opening(), event(1), event(2), event(3), event(4))
]
WHOLE = b"".join(FRAMES)
STARTS = [sum(map(len, FRAMES[:i])) for i in range(6)]


def read(logdir: Path) -> tuple[list[LoggedStep], list[str]]:
    """The steps that were read, and what was told; any other warning is an error."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        steps = list(read_steps(logdir))
    assert all(issubclass(each.category, RuntimeWarning) for each in told)
    return steps, [str(each.message) for each in told]


def put(logdir: Path, content: bytes, name: str = "events.out.tfevents.1") -> Path:
    logdir.mkdir(parents=True, exist_ok=True)
    (path := logdir / name).write_bytes(content)
    return path


def is_sound(step: LoggedStep) -> bool:
    return (step.record, step._pictures, step.wall_time) == (*stored(), 1.7e9 + step.step)


def test_a_file_cut_at_any_byte_gives_the_steps_before(
    tmp_path: Path, exhaustive: bool, record_property
) -> None:
    ends = range(STARTS[3], STARTS[5], 1 if exhaustive else 7)
    record_property("cases", len(ends))
    for end in ends:
        put(tmp_path, WHOLE[:end])
        steps, told = read(tmp_path)
        whole = [step for step in (1, 2, 3, 4) if STARTS[step + 1] <= end]
        assert ([step.step for step in steps], told) == (whole, []), end
        assert all(map(is_sound, steps))


def test_a_flipped_bit_costs_no_step_but_its_own(
    tmp_path: Path, exhaustive: bool, record_property
) -> None:
    chance, flips = random.Random(0), 2000 if exhaustive else 200
    record_property("cases", flips)
    for _ in range(flips):
        at, bit = chance.randrange(STARTS[1], len(WHOLE)), chance.randrange(8)
        put(tmp_path, WHOLE[:at] + bytes([WHOLE[at] ^ 1 << bit]) + WHOLE[at + 1 :])
        steps, told = read(tmp_path)
        hit = max(step for step in (1, 2, 3, 4) if STARTS[step] <= at)
        lost = [hit] if at >= STARTS[hit] + 12 else list(range(hit, 5))  # its length is damaged
        assert [step.step for step in steps] == [s for s in (1, 2, 3, 4) if s not in lost], at
        assert all(map(is_sound, steps))
        assert len(told) == 1, at


def test_a_flipped_bit_under_a_repaired_checksum_harms_nobody(
    tmp_path: Path, exhaustive: bool, record_property
) -> None:
    chance, flips = random.Random(0), 2000 if exhaustive else 200
    record_property("cases", flips)
    payload = event(3).SerializeToString()
    put(tmp_path / "later", WHOLE)
    for _ in range(flips):
        at, bit = chance.randrange(len(payload)), chance.randrange(8)
        changed = frame(payload[:at] + bytes([payload[at] ^ 1 << bit]) + payload[at + 1 :])
        put(tmp_path / "hit", b"".join([*FRAMES[:3], changed]))
        steps, _ = read(tmp_path)
        assert [step.step for step in steps if step.run == "later"] == [1, 2, 3, 4]
        for step in steps:
            decode(step)


def decode(step: LoggedStep) -> None:
    for i in range(len(step.record.samples)):
        try:
            shape = step.adversarial(i, step.record.epsilons[0]).shape
        except (pixels.PictureError, ValueError):
            continue
        assert shape[0] * shape[1] <= pixels.MAX_PIXELS


def hostile_records() -> dict[str, bytes]:
    """Records that are JSON, or almost, and no records."""
    sound = json.loads(record.encode(stored()[0]))
    text = json.dumps(sound)
    return {
        "no JSON": b"\x00\xff",
        "deep": b"[" * 100_000,
        "deep in an unknown field": text[:-1].encode() + b',"x":' + b"[" * 100_000,
        "a count of 4,300 digits": text.replace('"count": 4', '"count": ' + "9" * 4300).encode(),
        "a million epsilons": json.dumps({**sound, "epsilons": [0.5] * 10**6}).encode(),
        "a million samples": json.dumps({**sound, "samples": [1] * 10**6}).encode(),
        "a million pictures": json.dumps(
            {**sound, "samples": [{**sound["samples"][0], "checksums": [1] * 10**6}]}
        ).encode(),
        "too large": json.dumps(
            {**sound, "picture": {"height": 8000, "width": 12000, "channels": 3}}
        ).encode(),
        "too long": json.dumps({**sound, "class_names": ["x" * 2**20] * 40}).encode(),
    }


@pytest.mark.long
@pytest.mark.parametrize("name", hostile_records())
def test_a_hostile_record_is_told_and_the_steps_around_it_are_read(
    name: str, tmp_path: Path
) -> None:
    event_files.write(tmp_path, event(1), event(2, [hostile_records()[name], b""]), event(3))
    steps, told = read(tmp_path)
    assert [step.step for step in steps] == [1, 3]
    assert len(told) == 1
    assert "step 2: " in told[0]
    assert len(told[0]) < 1000


def test_a_picture_that_claims_more_pixels_than_may_be_stored_is_refused_unread(tmp_path) -> None:
    sound, (original, direction) = stored()
    claims = bytearray(original)
    claims[21:25] = (11999 | 7999 << 14).to_bytes(4, "little")
    pictures = [bytes(claims), direction]
    blobs = [record.encode(with_checksums(sound, pictures)), *pictures]
    event_files.write(tmp_path, event(1, blobs))
    (step,), told = read(tmp_path)
    assert told == []
    with pytest.raises(pixels.PictureError, match="pictures of 8000 × 12000 pixels are not"):
        step.original(0)


@pytest.mark.long
def test_hostile_files_stay_within_the_memory_that_is_promised(tmp_path: Path) -> None:
    largest = 2**22
    for name, payload in {
        "values": field(5, b"\x0a\x00" * (largest // 2)),
        "strings": field(5, field(1, field(8, b"\x42\x00" * (largest // 2)))),
        "dimensions": field(5, field(1, field(8, field(2, b"\x12\x00" * (largest // 2))))),
        "record": event(1, [b'{"epsilons":[' + b"0," * (largest // 2) + b"1]}"]),
    }.items():
        data = payload if isinstance(payload, bytes) else payload.SerializeToString()
        put(tmp_path / name, FRAMES[0] + frame(data))
    for length in (2**40, 2**62):
        put(tmp_path / f"length {length}", FRAMES[0] + header(length))
    script = f"""
import resource, warnings
from tensorboard_fgsm import read_steps
warnings.simplefilter("ignore")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert list(read_steps({str(tmp_path)!r})) == []
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 64 * 2**20 + 48 * largest


def field(number: int, data: bytes) -> bytes:
    """A field of a protobuf message that holds bytes or another message."""
    length, size = len(data), bytearray()
    while length >= 128:
        size.append(length & 127 | 128)
        length >>= 7
    return bytes([number << 3 | 2, *size, length]) + data
