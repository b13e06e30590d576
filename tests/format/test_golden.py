"""The golden files that Python and TypeScript are both held to, and that pin the record format."""

from __future__ import annotations

import base64
import json

import msgspec
import numpy as np

from tensorboard_fgsm.format import cross_section, embedding, pixels, record
from tensorboard_fgsm.format.sample import Prediction, Sample

TIMES = (1, 10, 50)
EPSILONS = (0.0, 0.25 / 255, 0.5 / 255, 1 / 255, 0.007, 1.5 / 255, 2 / 255, 8 / 255, 0.3, 1.0)


def example_pictures() -> tuple[np.ndarray, np.ndarray]:
    """An original with every level and a direction with every sign, (16, 48, 3)."""
    index = np.arange(16 * 48 * 3)
    original = (index % 256).astype(np.uint8).reshape(16, 48, 3)
    direction = (index // 256 % 3 - 1).astype(np.int8).reshape(16, 48, 3)
    return original, direction


def example_record() -> record.Record:
    original, direction = example_pictures()
    checksums = (pixels.checksum(original.tobytes()), pixels.checksum(direction.tobytes()))
    right = Prediction((2, 0, 1), (0.9, 0.0625, 0.0375), 0.9)
    wrong = Prediction((1, 2, 0), (0.5, 0.375, 0.125), 0.375)
    noise = Prediction((0, 1, 2), (0.5, 0.25, 0.25), 0.25)
    return record.Record(
        version=1,
        attack=record.Attack(name="FGSM", loss="stable", quantize=False),
        epsilons=(0.5 / 255, 0.007),
        count=4,
        clean_accuracy=0.75,
        robust_accuracy=(0.5, 0.25),
        gradient=record.Gradient(elements=9216, zero=12, nonfinite=0),
        picture=record.Picture(height=16, width=48, channels=3),
        class_count=3,
        class_names=("cannon", "고양이", "kite"),
        logged=7,
        samples=(Sample(0, 2, right, noise, (right, wrong), checksums),),
    )


def test_the_bytes_of_a_record_are_pinned(golden) -> None:
    golden("record.json", record.encode(example_record()))


def test_the_schema_of_a_record_is_pinned(golden) -> None:
    text = json.dumps(record.schema(), indent=2, ensure_ascii=False) + "\n"
    golden("record.schema.json", text.encode())


def example_embedding() -> embedding.Embedding:
    """Three samples, clean and at two epsilons: one stays, one flips, one was wrong before."""
    places = [[[0, 0], [4, 0], [-1.5, 3]], [[0, 0], [2, 1], [-1.5, 4]], [[0, 0], [-2, 2], [0, 6]]]
    box, positions = embedding.packed(np.array(places, float))
    return embedding.Embedding(
        fit="0123456789abcdef",
        fitted=0,
        layer="fc",
        features=32,
        explained=(0.5, 0.25),
        box=box,
        indices=(0, 2, 5),
        labels=(0, 1, 1),
        flip_epsilons=(None, 0.007, 0.0),
        positions=positions,
    )


def test_the_places_of_embedded_samples_are_pinned(golden) -> None:
    stored = example_embedding()
    golden(
        "embedding.json",
        msgspec.json.encode(
            {
                "record": {"epsilons": [0.5 / 255, 0.007], "embedding": stored},
                "points": stored.points().tolist(),
            }
        ),
    )


SURE = [[0.6, 0.7, 0.5], [0.75, 0.9, 0.5], [0.4, 0.95, 1]]


def example_section() -> cross_section.CrossSection:
    """Nine cells: class 2 in the middle, and two other classes."""
    classes = np.array([[2, 2, 1], [2, 2, 1], [0, 2, 2]])
    return cross_section.stored(classes, np.array(SURE))


def test_the_cells_of_a_cross_section_are_pinned(golden) -> None:
    stored = example_section()
    cells = stored.cells(0.007)
    picture = pixels.decode(base64.b64decode(stored.picture), (3, 3, 3))
    golden(
        "cross-section.json",
        msgspec.json.encode(
            {
                "section": stored,
                "levels": picture.ravel().tolist(),
                "classes": cells.classes.ravel().tolist(),
                "probabilities": cells.probabilities.ravel().tolist(),
                "epsilon": 0.007,
                "axis": cells.axis.tolist(),
            }
        ),
    )


def shades(epsilon: float, times: int) -> list[int]:
    """The levels of the signs -1, 0 and 1 in magnified noise."""
    signs = np.array([[[-1, 0, 1]]], np.int8)
    return pixels.magnified_noise(signs, epsilon, times).ravel().tolist()


def test_the_pixel_arithmetic_is_pinned(golden) -> None:
    original, direction = example_pictures()
    golden(
        "pixels.json",
        msgspec.json.encode(
            {
                "original": original.ravel().tolist(),
                "direction": direction.ravel().tolist(),
                "shape": list(original.shape),
                "cases": [
                    {
                        "epsilon": epsilon,
                        "table": pixels.table(epsilon).tolist(),
                        "adversarial": pixels.adversarial(original, direction, epsilon)
                        .ravel()
                        .tolist(),
                        "noise": [
                            {"times": times, "shades": shades(epsilon, times)} for times in TIMES
                        ],
                    }
                    for epsilon in EPSILONS
                ],
            }
        ),
    )
