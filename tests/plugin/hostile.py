"""A log directory that somebody hostile wrote, beside a sound run."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec

from tensorboard_fgsm.format import record
from tests.format.event_files import event, frame, header, stored, with_checksums, write

MARKUP = '<img src=x onerror=alert(1)>\u202e & "quotes"'
NAMES = ["<script>alert(1)</script>", "__proto__", "constructor", "evil\u202egnp", "a&b=c#d?e%2e"]
"""Names of runs: markup, JavaScript's own words, text that runs backwards, a query."""


def hostile_logdir(root: Path) -> Path:
    """Writes one run of each kind of harm; ``sound`` has steps 1 and 2."""
    sound, (original, direction) = stored()
    text = record.encode(sound)
    write(root / "sound", event(1), event(2))
    for name in NAMES:
        write(root / name, event(1))
    claims = bytearray(original)
    claims[21:25] = (11999 | 7999 << 14).to_bytes(4, "little")
    smaller = bytearray(original)
    smaller[21:25] = (0).to_bytes(4, "little")
    blobs = {
        "no blobs": [],
        "no record": [b"\xff\0", original, direction],
        "empty record": [b"", original, direction],
        "deep record": [b"[" * 10**5, original, direction],
        "many epsilons": [text.replace(b'"epsilons":[', b'"epsilons":[' + b"0.5," * 10**5)],
        "long count": [text.replace(b'"count":4', b'"count":' + b"9" * 4300), original, direction],
        "picture missing": [text, original],
        "picture too many": [text, original, direction, original],
        "pictures missing": [text],
        "too large": [
            text.replace(b'"height":16,"width":48', b'"height":8000,"width":12000'),
            *(original, direction),
        ],
    }
    for name, each in blobs.items():
        write(root / name, event(1, each), event(2))
    for name, pictures in {
        "claims too much": [bytes(claims), direction],
        "claims another size": [bytes(smaller), direction],
        "no picture": [b"", b"\0" * 40],
        "no direction": [original, original],
    }.items():
        encoded = record.encode(with_checksums(sound, pictures))
        write(root / name, event(1, [encoded, *pictures]), event(2))
    caveat = record.Caveat("__proto__", MARKUP, MARKUP)
    named = msgspec.structs.replace(
        sound, class_names=(MARKUP, "__proto__", "constructor"), warnings=(caveat,)
    )
    write(root / "named", event(1, [record.encode(named), original, direction]))
    write(root / "steps", event(-(2**63)), event(-1), event(1), event(2**53), event(2**63 - 1))
    untimed = event(1)
    untimed.wall_time = math.nan
    write(root / "untimed", untimed)
    # No length beyond all memory: it ends TensorBoard's own readers, before any plugin is asked.
    for name, tail in {
        "cut": frame(event(2).SerializeToString())[:-9],
        "length": header(2**20),
    }.items():
        with write(root / name, event(1)).open("ab") as file:
            file.write(tail)
    return root
