"""The comparison with golden pictures: what it must see, and what it must not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests import looks

SIZE = (320, 203)


def page(
    *, text: str = "flips at 4/255", x: int = 40, y: int = 60, dot: str = "#ee6c00", size=SIZE
) -> Image.Image:
    """A line of text, a dot and a border, light grey on white as the page has them."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 300, 180), outline="#e0e0e0")
    draw.text((x, y), text, "#616161", ImageFont.load_default(13))
    draw.ellipse((200, 100, 212, 112), fill=dot)
    return picture


def test_a_picture_looks_like_itself() -> None:
    assert looks.difference(page(), page()) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"x": 41},
        {"y": 61},
        {"text": ""},
        {"text": "flips at 8/255"},
        {"text": "flips at 4/255 ✕"},
        {"dot": "white"},
        {"dot": "#e05a00"},
    ],
    ids=str,
)
def test_what_an_eye_would_see_is_told(changes: dict) -> None:
    assert "differs in" in (looks.difference(page(), page(**changes)) or "")


def test_it_says_where_to_look() -> None:
    told = looks.difference(page(), page(dot="#0077bb"))
    assert told is not None
    assert "between x 196 and 220, y 96 and 120" in told


def test_another_size_is_another_look() -> None:
    told = looks.difference(page(), page(size=(320, 204)))
    assert told == "is 320×203 and not 320×204"


def test_what_no_eye_sees_is_passed_over() -> None:
    chance = np.random.default_rng(0)
    levels = np.asarray(page()).astype(int)
    levels += chance.integers(-4, 5, levels.shape)
    levels[::40, ::40] -= 100  # a pixel here and there that is smoothed otherwise
    jittered = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
    assert looks.difference(page(), jittered) is None


def test_a_picture_that_differs_is_written_beside_the_golden_one(tmp_path: Path) -> None:
    golden, new = tmp_path / "dot.webp", tmp_path / "dot.new.webp"
    (told,) = looks.check("dot", [page()], update=False, folder=tmp_path)
    assert "dot.webp is not there yet" in told
    assert looks.check("dot", [page()], update=True, folder=tmp_path) == []
    assert np.array_equal(np.asarray(Image.open(golden)), np.asarray(page()))
    assert not new.exists()

    (told,) = looks.check("dot", [page(dot="white")], update=False, folder=tmp_path)
    assert str(golden) in told
    assert str(new) in told
    assert "--update-golden" in told
    assert np.array_equal(np.asarray(Image.open(golden)), np.asarray(page()))
    assert np.array_equal(np.asarray(Image.open(new)), np.asarray(page(dot="white")))

    assert looks.check("dot", [page()], update=False, folder=tmp_path) == []
    assert not new.exists()


def test_a_golden_picture_is_not_written_anew_for_what_no_eye_sees(tmp_path: Path) -> None:
    assert looks.check("dot", [page()], update=True, folder=tmp_path) == []
    before = (tmp_path / "dot.webp").read_bytes()
    speck = page()
    speck.putpixel((5, 5), (0, 0, 0))
    assert looks.check("dot", [speck], update=True, folder=tmp_path) == []
    assert (tmp_path / "dot.webp").read_bytes() == before


def test_of_a_page_that_comes_to_rest_one_picture_must_look_like_the_golden_one(tmp_path) -> None:
    looks.check("dot", [page()], update=True, folder=tmp_path)
    assert looks.check("dot", [page(dot="white"), page()], update=False, folder=tmp_path) == []
    (told,) = looks.check("dot", [page(dot="white")] * 2, update=False, folder=tmp_path)
    assert "differs in" in told
