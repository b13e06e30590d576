"""No regular expression of the package can be made to backtrack."""

from __future__ import annotations

import ast
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    from re import _constants as constants
    from re import _parser as parser
else:
    import sre_constants as constants
    import sre_parse as parser

PACKAGE = Path(__file__).parent.parent / "tensorboard_fgsm"
SHORT, LONG = 1_000, 4_000
"""Characters. At the larger number a quadratic expression takes a quarter of a second, sixteen
times as long as at the smaller one; any other takes some thousandths."""


def expressions() -> Iterator[tuple[str, str]]:
    """Every call of the module ``re``, and its pattern."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr != "escape"
            ):
                place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                yield place, ast.literal_eval(node.args[0])


EXPRESSIONS = dict(expressions())


def adversaries(pattern: str, length: int) -> Iterator[str]:
    """Long texts of the expression's own characters, and pairs of them, that almost match."""
    own = {c for c in pattern if c.isalnum() or c in ".-_/ "} | {"0", "9", "a", "é", " ", "\n"}
    for character in sorted(own):
        yield character * length
        yield character * length + "!"
        yield from ((character + other) * (length // 2) + "!" for other in sorted(own))


def repeats(parsed: object, within: bool = False) -> Iterator[bool]:
    """Of each repetition without a limit, whether it stands within another."""
    if not isinstance(parsed, (parser.SubPattern, list, tuple)):
        return
    for item in parsed:
        unlimited = (
            isinstance(item, tuple)
            and item[0] in (constants.MAX_REPEAT, constants.MIN_REPEAT)
            and item[1][1] == constants.MAXREPEAT
        )
        if unlimited:
            yield within
        yield from repeats(item, within or unlimited)


def slowest(pattern: str, length: int) -> float:
    """Seconds of this thread alone, for the text that it takes the longest for."""
    expression = re.compile(pattern)
    longest = 0.0
    for text in adversaries(pattern, length):
        for ask in (expression.search, expression.fullmatch, expression.findall):
            start = time.thread_time()
            ask(text)
            longest = max(longest, time.thread_time() - start)
    return longest


def backtracks(pattern: str) -> bool:
    """Whether four times the text takes far more than four times as long."""
    short, long = (min(slowest(pattern, n) for _ in range(2)) for n in (SHORT, LONG))
    return long > 8 * short + 0.05


def test_every_use_of_the_module_is_found() -> None:
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    assert len(EXPRESSIONS) == len(re.findall(r"\bre\.[a-z]+\(", text)) > 3
    assert "from re import" not in text


@pytest.mark.parametrize("place", EXPRESSIONS)
def test_no_repetition_stands_within_another(place: str) -> None:
    assert not any(repeats(parser.parse(EXPRESSIONS[place])))


@pytest.mark.parametrize("place", EXPRESSIONS)
def test_the_time_an_expression_takes_grows_with_the_text_alone(place: str) -> None:
    assert not backtracks(EXPRESSIONS[place])


def test_the_expression_that_once_froze_tensorboard_would_be_found() -> None:
    assert backtracks(r"[0-9]*\.?[0-9]+(e-?[0-9]+)?")
    assert any(repeats(parser.parse("(a+b?)+")))
