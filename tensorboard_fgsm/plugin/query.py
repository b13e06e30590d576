"""Reads the arguments of a request; what is wrong with one is a 400 or a 404 with a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tensorboard import errors
from werkzeug.wrappers import Request

MAX_EACH = 1024
"""The most pictures that a sample may have: an original and one for each epsilon."""

MAX_SAMPLES = 64
"""How many samples one request for pictures may name."""

MAX_STEPS = 64
"""How many steps one request for curves may name."""


def argument(request: Request, name: str) -> str:
    """Returns an argument that must be there."""
    value = request.args.get(name)
    if value is None:
        raise errors.InvalidArgumentError(f"the argument {name} is missing")
    return value


def choice(request: Request, name: str, choices: Sequence[str], default: str | None = None) -> str:
    """Returns an argument that is one of a few words."""
    value = argument(request, name) if default is None else request.args.get(name, default)
    if value not in choices:
        raise errors.InvalidArgumentError(f"{name} is one of {', '.join(choices)}; got {value!r}")
    return value


def whole(name: str, text: str) -> int:
    """Reads a number from 0 on."""
    if not re.fullmatch(r"[0-9]{1,19}", text, re.ASCII):
        raise errors.InvalidArgumentError(f"{name} is a whole number from 0 on, got {text[:40]!r}")
    return int(text)


def epsilon(request: Request) -> float:
    """Reads an epsilon in pixel units."""
    text = argument(request, "epsilon")
    number = re.fullmatch(r"[0-9]*\.?[0-9]+(e-?[0-9]+)?", text, re.ASCII | re.IGNORECASE)
    if not number or not 0 <= (value := float(text)) <= 1:
        raise errors.InvalidArgumentError(
            f"epsilon is a number in [0, 1] such as 0.0314 for 8/255, got {text[:40]!r}"
        )
    return value


def sample(text: str, count: int) -> int:
    """Reads the position of one of ``count`` samples."""
    position = whole("sample", text)
    if position >= count:
        raise errors.NotFoundError(
            f"there is no sample {position}: this step has pictures of {count}, counted from 0"
        )
    return position


def each(request: Request) -> int:
    """Reads how many pictures are stored of each sample: 2 where nothing is said."""
    count = whole("each", request.args.get("each", "2"))
    if not 2 <= count <= MAX_EACH:
        raise errors.InvalidArgumentError(f"each is from 2 to {MAX_EACH}, got {count}")
    return count


def samples(text: str, count: int) -> list[int]:
    """Reads positions such as ``0,2,5-9``."""
    positions: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        start = sample(first, count)
        stop = sample(last, count) if last else start
        if stop < start or ("-" in part and not last):
            raise errors.InvalidArgumentError(f"samples are such as 0,2,5-9; got {part[:40]!r}")
        positions += range(start, stop + 1)
        if len(positions) > MAX_SAMPLES:
            raise errors.InvalidArgumentError(
                f"one request may name {MAX_SAMPLES} samples at most: ask for the rest in another"
            )
    return positions


def steps(text: str) -> list[int]:
    """Reads steps such as ``0,10,20``."""
    parts = text.split(",")
    if len(parts) > MAX_STEPS:
        raise errors.InvalidArgumentError(
            f"one request may name {MAX_STEPS} steps at most: ask for the rest in another"
        )
    return [whole("a step", part) for part in parts]
