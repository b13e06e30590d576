"""The HTTP routes as they are documented: what each is asked, and what it answers.

Requests are held to the lengths that stand here, the table of the docs is made from it, and the
tests draw their requests from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

MAX_QUERY = 2**15
"""The longest query of a request, in bytes: what is longer is refused before anything parses it."""

MAX_EACH = 1024
"""The most pictures that a sample may have: an original and one for each epsilon."""

MAX_SAMPLES = 64
"""How many samples one request for pictures may name."""

MAX_STEPS = 64
"""How many steps one request for curves may name."""

MAX_ANSWER = 2**28
"""The most bytes of pictures in one answer: some 10 photographs of the largest size."""

KINDS = ("original", "direction", "adversarial")
FORMATS = ("webp", "png")

_DIGITS = 19
_NUMBER = "a whole number from 0 on"
_NAME = "a name of 4096 characters at most"


@dataclass(frozen=True)
class Argument:
    """What a request says after ``name=``."""

    name: str
    longest: int
    """In characters."""
    expected: str
    """What it has to be, as a refusal says it."""
    remark: str = ""
    """What the documentation says behind the name."""
    needed: bool = True


@dataclass(frozen=True)
class Route:
    """What lies at one path below ``data/plugin/fgsm/``."""

    name: str
    arguments: tuple[Argument, ...]
    answer: str
    content_types: tuple[str, ...]


_SERIES = Argument("run", 4096, _NAME), Argument("tag", 4096, _NAME)
_STEP = (*_SERIES, Argument("step", _DIGITS, _NUMBER))

ROUTES = (
    Route(
        "opening",
        tuple(replace(each, needed=False) for each in _STEP),
        "what `runs` answers; and where they can be had the `run` and `tag` asked for, or the "
        "first, with their `steps`, the `step`, or the last before it, with its `record`, and "
        "`pictures`, all that are stored of its first sample, in base64",
        ("application/json",),
    ),
    Route("runs", (), '`{"kept": 50, "runs": [{"run", "tags"}]}`', ("application/json",)),
    Route("steps", _SERIES, '`{"steps": [{"step", "wall_time"}]}`', ("application/json",)),
    Route(
        "curves",
        (
            *_SERIES,
            Argument(
                "steps",
                MAX_STEPS * (_DIGITS + 1),
                "a list such as 0,10,20",
                f" (such as `0,10,20`, {MAX_STEPS} at most)",
            ),
        ),
        '`{"curves": [{"step", "wall_time", "epsilons", "clean_accuracy", "robust_accuracy", '
        '"count"}]}`, in the order asked, with `alignment`, `check` and `overfitted` where the '
        "record has them; instead of all but the first two, `error` with a sentence where a record "
        "is damaged or of a newer version",
        ("application/json",),
    ),
    Route("record", _STEP, "the record", ("application/json",)),
    Route(
        "picture",
        (
            *_STEP,
            Argument("sample", _DIGITS, _NUMBER),
            Argument(
                "kind",
                16,
                f"one of {', '.join(KINDS)}",
                f" ({', '.join(f'`{kind}`' for kind in KINDS)})",
            ),
            Argument(
                "epsilon",
                32,
                "a number in [0, 1] such as 0.0314 for 8/255",
                " for the last",
                needed=False,
            ),
            Argument(
                "format",
                16,
                f"one of {', '.join(FORMATS)}",
                " (`webp` or `png`)",
                needed=False,
            ),
        ),
        "one picture",
        ("image/webp", "image/png"),
    ),
    Route(
        "pictures",
        (
            *_STEP,
            Argument(
                "samples",
                MAX_SAMPLES * 2 * (_DIGITS + 1),
                "a list such as 0,2,5-9",
                f" (such as `0,2,5-9`, {MAX_SAMPLES} at most)",
            ),
            Argument(
                "each",
                _DIGITS,
                f"from 2 to {MAX_EACH}",
                " (how many are stored of each sample; 2 if left out)",
                needed=False,
            ),
        ),
        "for each sample, the original and the direction, or what else is stored of it, each after "
        "its length in bytes as a little-endian uint32, which is 0 for what is no picture of the "
        "record's size; otherwise unchecked: compare the record's `checksums`",
        ("application/octet-stream",),
    ),
)

ARGUMENTS = {argument.name: argument for route in ROUTES for argument in route.arguments}


def table() -> str:
    """Returns the routes as docs/routes.md shows them, a row of Markdown each."""
    rows = []
    for route in ROUTES:
        arguments = ", ".join(f"`{each.name}`{each.remark}" for each in route.arguments)
        rows.append(f"| `{route.name}` | {arguments}{' ' * bool(arguments)}| {route.answer} |\n")
    return "".join(rows)
