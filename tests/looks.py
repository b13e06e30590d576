"""Holds pictures of the page to golden ones, as an eye would compare them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

GOLDEN = Path(__file__).parent / "golden" / "looks"

BLOCK = 8
LEVELS = 4.0
BLOCKS = 4
"""Two pictures differ where the mean colours of a block are more than LEVELS of 255 apart, and they
are two looks if that is so in more than BLOCKS blocks. Blocks overlap by half, so that a spot of
4 × 4 pixels, or one pixel turned from black to white, is in four of them at most.

Measured on the reading view: the same page again differs by .2 levels at most, and by as much with
other flags for hinting (--font-render-hinting none, slight). A label's move by one pixel makes 14
blocks differ, a missing "± ε" 15, a missing "+" 10, a card's missing border 10, an accent of
#e05a00 for #ee6c00 500. Only fonts or a Chromium that set text otherwise (2,000 blocks without
subpixel positions) are a look of their own."""


def check(
    name: str, pictures: Iterable[Image.Image], *, update: bool, folder: Path = GOLDEN
) -> list[str]:
    """Compares pictures with the golden one of their name, until one looks like it.

    Args:
        name: what the pictures show.
        pictures: what there is to see, until it stands still: the last one counts.
        update: whether to make it the golden one if it differs.
        folder: where the golden pictures are.

    Returns:
        What is to be told, if anything; the picture then lies beside the golden one.
    """
    golden, new = folder / f"{name}.webp", folder / f"{name}.new.webp"
    new.unlink(missing_ok=True)
    was = Image.open(golden) if golden.exists() else None
    told, picture = "is not there yet", None
    for picture in pictures:
        told = difference(was, picture) if was else told
        if told is None:
            return []
    assert picture is not None
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(golden if update else new, lossless=True, quality=100)
    if update:
        return []
    return [
        f"{golden} {told}.\nIt now looks like {new}\n"
        "If that is meant: pytest tests/e2e/test_looks.py --update-golden"
    ]


def difference(golden: Image.Image, new: Image.Image) -> str | None:
    """Returns in words how the new picture differs, None where an eye sees no difference."""
    if golden.size != new.size:
        return "is {}×{} and not {}×{}".format(*golden.size, *new.size)
    golden, new = golden.convert("RGB"), new.convert("RGB")
    differing = ImageChops.difference(golden, new).getbbox()
    if differing is None:
        return None
    box = _with_whole_blocks(*differing, golden.size)
    apart = np.abs(_blocks(golden.crop(box)) - _blocks(new.crop(box))).max(2)
    rows, columns = np.nonzero(apart > LEVELS)
    if len(rows) <= BLOCKS:
        return None
    left, top = box[0] + columns.min() * BLOCK // 2, box[1] + rows.min() * BLOCK // 2
    right = box[0] + columns.max() * BLOCK // 2 + BLOCK
    bottom = box[1] + rows.max() * BLOCK // 2 + BLOCK
    return (
        f"differs in {len(rows)} blocks, by up to {apart.max():.0f} of 255 levels, "
        f"between x {left} and {right}, y {top} and {bottom}"
    )


def _with_whole_blocks(
    left: int, top: int, right: int, bottom: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """A box with all of the blocks that it has a part of; outside it nothing need be compared."""
    half = BLOCK // 2
    return (
        max(0, left // half * half - half),
        max(0, top // half * half - half),
        min(size[0], (right - 1) // half * half + BLOCK),
        min(size[1], (bottom - 1) // half * half + BLOCK),
    )


def _blocks(picture: Image.Image) -> np.ndarray:
    """The mean colours of blocks that overlap by half; a rest at the edges is in none."""
    half = BLOCK // 2
    levels = np.asarray(picture, np.float32)
    height, width = (length // half for length in levels.shape[:2])
    levels = levels[: height * half, : width * half]
    quarters = levels.reshape(height, half, width, half, 3).mean((1, 3))
    return (quarters[:-1, :-1] + quarters[:-1, 1:] + quarters[1:, :-1] + quarters[1:, 1:]) / 4
