"""Embedded samples as they are stored: what is read again, and what is refused."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorboard_fgsm.format import embedding, record
from tests.format.test_golden import example_embedding, example_record


def example() -> record.Record:
    return msgspec.structs.replace(example_record(), embedding=example_embedding())


def test_points_survive_the_json() -> None:
    found = record.decode(record.encode(example()))
    assert found == example()
    assert found.embedding is not None
    assert found.embedding.points().shape == (3, 3, 2)
    assert found.embedding.points()[1, 1] == pytest.approx([2, 1], abs=1e-4)


numbers = st.floats(-1e12, 1e12)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=9))
def test_points_are_kept_to_half_a_level_of_their_box(places: list[tuple[float, float]]) -> None:
    points = np.array(places)[None]
    box, positions = embedding.packed(points)
    count = len(places)
    stored = msgspec.structs.replace(
        example_embedding(),
        box=box,
        positions=positions,
        indices=tuple(range(count)),
        labels=(0,) * count,
        flip_epsilons=(None,) * count,
    )
    sides = np.array([box[2] - box[0], box[3] - box[1]])
    assert (abs(stored.points() - points) <= sides * (0.5 / embedding.LEVELS + 1e-9)).all()


POSITIONS = example_embedding().positions


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"indices": (0, 5, 2)}, "do not increase"),
        ({"indices": (0, 2)}, "2 samples are embedded, but there are 3 labels"),
        ({"indices": ()}, "length >= 1"),
        ({"labels": (0, 1, 3)}, "class 3 is embedded, but the classes are 0 to 2"),
        ({"flip_epsilons": (0.1, None, 1.5)}, "flip_epsilons"),
        ({"box": (0.0, 0.0, 0.0, 1.0)}, "is no box"),
        ({"box": (0.0, 0.0, math.inf, 1.0)}, "box"),
        ({"positions": POSITIONS[:-4]}, "of 3 samples, clean and at 2 epsilons, are 36 bytes"),
        ({"positions": POSITIONS[:-1] + "*"}, "no base64"),
        ({"positions": POSITIONS[:-2] + "=="}, "are 36 bytes"),
        ({"positions": "\u00e9" * len(POSITIONS)}, "no base64"),
        ({"fit": "../../etc/passwd"}, "fit"),
        ({"layer": "x" * 301}, "layer"),
        ({"explained": (0.5, 1.5)}, "explained"),
        ({"features": 0}, "features"),
    ],
)
def test_what_is_no_embedding_is_refused(fields: dict[str, Any], message: str) -> None:
    whole = json.loads(record.encode(example()))
    whole["embedding"] |= fields
    text = json.dumps(whole).replace("Infinity", "1e999").encode()
    with pytest.raises(record.RecordError, match=message):
        record.decode(text)


def test_more_samples_than_are_drawn_are_refused() -> None:
    count = embedding.MAX_SAMPLES + 1
    whole = json.loads(record.encode(example()))
    whole["embedding"] |= {
        "indices": list(range(count)),
        "labels": [0] * count,
        "flip_epsilons": [None] * count,
        "positions": base64.b64encode(bytes(12 * count)).decode(),
    }
    with pytest.raises(record.RecordError, match="length <= 5000"):
        record.decode(json.dumps(whole).encode())


def test_a_reader_that_knows_no_embedding_passes_over_it() -> None:
    class Older(msgspec.Struct):
        version: int
        epsilons: tuple[float, ...]

    found = msgspec.json.decode(record.encode(example()), type=Older)
    assert (found.version, len(found.epsilons)) == (1, 2)
