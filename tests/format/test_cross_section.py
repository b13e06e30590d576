"""Cross-sections as they are stored: what is read again, and what is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_fgsm.format import cross_section, pixels, record
from tests.format.test_golden import example_record, example_section


def example() -> record.Record:
    plain = example_record()
    (sample,) = plain.samples
    section = msgspec.structs.replace(sample, section=example_section())
    return msgspec.structs.replace(plain, samples=(section,))


def test_cells_survive_the_json() -> None:
    found = record.decode(record.encode(example()))
    assert found == example()
    section = found.samples[0].section
    assert section is not None
    cells = section.cells(found.epsilons[-1])
    assert cells.classes.tolist() == [[2, 2, 1], [2, 2, 1], [0, 2, 2]]
    assert cells.probabilities[1] == pytest.approx([0.75, 0.9, 0.5], abs=0.5 / 255)
    assert cells.axis.tolist() == [-0.007, 0, 0.007]
    assert section.classes == (2, 1, 0)  # the most frequent first


@given(
    st.integers(1, 64).map(lambda half: 2 * half + 1),
    st.integers(1, 30_000),
    st.integers(0, 2**32 - 1),
)
def test_any_classes_and_probabilities_are_read_again(side: int, classes: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    said = generator.integers(0, classes, (side, side))
    sure = generator.random((side, side))
    stored = cross_section.stored(said, sure)
    read = msgspec.json.decode(msgspec.json.encode(stored), type=cross_section.CrossSection)
    cells = read.cells(0.5)
    assert np.array_equal(cells.classes, said)
    assert abs(cells.probabilities - sure).max() <= 0.5 / 255 + 1e-12
    counts = [int((said == each).sum()) for each in read.classes]
    assert counts == sorted(counts, reverse=True)


def test_it_is_small() -> None:
    generator = np.random.default_rng(0)
    said, sure = generator.permutation(129**2).reshape(129, 129), generator.random((129, 129))
    assert len(cross_section.stored(said, sure).picture) < 64_000
    smooth = np.add.outer(np.arange(33), np.arange(33)) // 22
    assert len(cross_section.stored(smooth, np.full((33, 33), 0.9)).picture) < 300


PICTURE = example_section().picture
OTHER = base64.b64encode(pixels.encode(np.zeros((5, 3, 3), np.uint8))).decode()
# 34 bytes that promise 12000 × 8000 pixels.
BOMB = base64.b64encode(
    b"RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/" + (11999 | 7999 << 14).to_bytes(4, "little") + bytes(9)
).decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"side": 2}, ">= 3"),
        ({"side": 4}, "of 4 cells a side has none in the middle"),
        ({"side": 131}, "<= 129"),
        ({"side": 5}, "3 × 3 pixels, the record says 5 × 5"),
        ({"classes": []}, "length >= 1"),
        ({"classes": [2, 1, 1]}, "names a class twice"),
        ({"classes": [2, 1, 3]}, "names class 3, but the classes are 0 to 2"),
        ({"picture": PICTURE[:-1] + "*"}, "no base64"),
        ({"picture": "\u00e9" * 40}, "no base64"),
        ({"picture": ""}, "no WebP picture"),
        ({"picture": OTHER}, "5 × 3 pixels, the record says 3 × 3"),
        ({"picture": BOMB}, "pixels are not stored"),
        ({"picture": "A" * (2**17 + 4)}, "length <= 131072"),
    ],
)
def test_what_is_no_cross_section_is_refused(fields: dict[str, Any], message: str) -> None:
    whole = json.loads(record.encode(example()))
    whole["samples"][0]["section"] |= fields
    with pytest.raises(record.RecordError, match=message):
        record.decode(json.dumps(whole).encode())


def test_one_up_to_an_epsilon_of_0_is_refused() -> None:
    whole = json.loads(record.encode(example()))
    whole |= {"epsilons": [0.0], "robust_accuracy": [0.75]}
    whole["samples"][0]["adversarial"] = whole["samples"][0]["adversarial"][:1]
    with pytest.raises(record.RecordError, match="sample 0 has a cross-section up to an epsilon"):
        record.decode(json.dumps(whole).encode())


def test_a_picture_that_names_a_class_that_is_not_there_is_refused_when_it_is_read() -> None:
    fewer = msgspec.structs.replace(example_section(), classes=(2, 1))
    with pytest.raises(pixels.PictureError, match="names class 2 of 2"):
        fewer.cells(0.1)


def test_a_picture_that_ends_early_is_refused_when_it_is_read() -> None:
    data = base64.b64decode(PICTURE)[:26]
    cut = msgspec.structs.replace(example_section(), picture=base64.b64encode(data).decode())
    with pytest.raises(pixels.PictureError, match="no WebP picture"):
        cut.cells(0.1)


class OlderSample(msgspec.Struct):
    index: int
    target: int | None = None


class Older(msgspec.Struct):
    version: int
    samples: tuple[OlderSample, ...]


def test_a_reader_that_knows_no_cross_section_passes_over_it() -> None:
    found = msgspec.json.decode(record.encode(example()), type=Older)
    assert (found.version, found.samples[0].index) == (1, 0)
