"""Reads the arguments of a request; what is wrong with one is a 400 or a 404 with a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tensorboard import errors
from werkzeug.wrappers import Request

from tensorboard_fgsm.plugin.description import (
    ARGUMENTS,
    MAX_EACH,
    MAX_QUERY,
    MAX_SAMPLES,
    MAX_STEPS,
)


def check_length(request: Request) -> None:
    """Refuses a query that is longer than any sensible one, before it is taken apart."""
    if len(request.query_string) > MAX_QUERY:
        raise errors.InvalidArgumentError(
            f"a query has {MAX_QUERY} bytes at most, got {len(request.query_string)}"
        )


def argument(request: Request, name: str, default: str | None = None) -> str:
    """Returns an argument that must be there, or has a default."""
    value = request.args.get(name, default)
    if value is None:
        raise errors.InvalidArgumentError(f"the argument {name} is missing")
    if len(value) > ARGUMENTS[name].longest:
        raise _wrong(name, value)
    return value


def choice(request: Request, name: str, choices: Sequence[str], default: str | None = None) -> str:
    """Returns an argument that is one of a few words."""
    value = argument(request, name, default)
    if value not in choices:
        raise errors.InvalidArgumentError(f"{name} is one of {', '.join(choices)}; got {value!r}")
    return value


def _wrong(name: str, value: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(f"{name} is {ARGUMENTS[name].expected}, got {value[:40]!r}")


def whole(name: str, text: str) -> int:
    """Reads a number from 0 on."""
    if not re.fullmatch(r"[0-9]{1,19}", text, re.ASCII):
        raise errors.InvalidArgumentError(f"{name} is a whole number from 0 on, got {text[:40]!r}")
    return int(text)


def epsilon(request: Request) -> float:
    """Reads an epsilon in pixel units."""
    text = argument(request, "epsilon")
    # Where one part ends and the next begins is never in doubt, so that nothing is tried twice.
    number = re.fullmatch(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE]-?[0-9]+)?", text, re.ASCII)
    if not number or not 0 <= (value := float(text)) <= 1:
        raise _wrong("epsilon", text)
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
    count = whole("each", argument(request, "each", "2"))
    if not 2 <= count <= MAX_EACH:
        raise _wrong("each", str(count))
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
