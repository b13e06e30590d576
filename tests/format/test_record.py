"""The record: what it refuses to write and to read, and that it says where."""

from __future__ import annotations

import json
import math

import msgspec
import pytest

from tensorboard_fgsm.format import record
from tensorboard_fgsm.format.class_counts import Became, ClassCounts, Outcome
from tensorboard_fgsm.format.curve import Curve
from tensorboard_fgsm.format.transfers import Transfers
from tests.format.test_golden import example_record


def changed(**fields: object) -> record.Record:
    return msgspec.structs.replace(example_record(), **fields)


def test_a_record_survives_its_json() -> None:
    assert record.decode(record.encode(example_record())) == example_record()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"clean_accuracy": math.nan}, r"clean_accuracy"),
        ({"clean_accuracy": math.inf}, r"clean_accuracy"),
        ({"clean_accuracy": 1.5}, r"<= 1.0 - at `\$.clean_accuracy`"),
        ({"robust_accuracy": (0.5, math.nan)}, r"robust_accuracy\[1\]|robust_accuracy\[\.\.\.\]"),
        ({"count": 0}, r"\$.count"),
    ],
)
def test_numbers_out_of_range_are_not_written(fields: dict[str, object], message: str) -> None:
    with pytest.raises(record.RecordError, match=message):
        record.encode(changed(**fields))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"robust_accuracy": (0.5,)}, "robust_accuracy has 1 entries for 2 epsilons"),
        ({"epsilons": (0.2, 0.1)}, "increase strictly"),
        ({"class_names": ("cannon",)}, "1 names for 3 classes"),
        ({"class_count": 2, "class_names": None}, "sample 0 names class 2"),
    ],
)
def test_fields_that_contradict_each_other_make_no_record(fields, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        changed(**fields)


TRANSFERS = Transfers(("a", "b"), 1, (3, 4), (((1, 3), (0, 4)), ((0, 1), (2, 2))))
"""Between two models, at the example's two epsilons."""


def test_what_is_known_of_transfers_survives_its_json() -> None:
    known = changed(transfers=TRANSFERS)
    assert record.decode(record.encode(known)) == known


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"models": ("a",)}, r"length >= 2"),
        ({"models": ("a",) * 65}, r"length <= 64"),
        ({"models": ("a", "")}, r"length >= 1"),
        ({"own": 2}, r"between 2 models, but this is number 2"),
        ({"right": (3,)}, r"are 2×2 entries"),
        ({"fooled": TRANSFERS.fooled[:1]}, r"are 2×2 entries"),
        ({"fooled": (TRANSFERS.fooled[0], TRANSFERS.fooled[1][:1])}, r"are 2×2 entries"),
        ({"right": (2, 4)}, r"3 samples fool a model that is right on 2"),
        ({"right": (3, 5)}, r"transfers tell of more than 4 samples"),
        ({"fooled": ((((1,), (0,)),) * 2)}, r"transfers from a has 1 entries for 2 epsilons"),
    ],
)
def test_transfers_that_contradict_themselves_are_not_read(fields, message: str) -> None:
    damaged = msgspec.to_builtins(changed(transfers=TRANSFERS))
    damaged["transfers"] |= fields
    with pytest.raises(record.RecordError, match=message):
        record.decode(msgspec.json.encode(damaged))


def counted(*classes: ClassCounts) -> dict[str, object]:
    return {"classes": classes}


def counts(label: int, count: int, *outcomes: Outcome) -> ClassCounts:
    clean, *adversarial = outcomes or (Outcome(count, ()),) * 3
    return ClassCounts(label, count, clean, tuple(adversarial))


def test_counts_by_class_survive_their_json() -> None:
    outcomes = [
        Outcome(3, ()),
        Outcome(1, (Became(0, 2),)),
        Outcome(0, (Became(1, 2), Became(0, 1))),
    ]
    written = changed(**counted(counts(0, 1), counts(2, 3, *outcomes)))
    data = record.encode(written)
    assert b'{"correct":0,"became":[[1,2],[0,1]]}' in data
    assert record.decode(data) == written


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (counted(counts(0, 3)), "do not add up to 4"),
        (counted(counts(2, 2), counts(0, 2)), "do not increase"),
        (counted(counts(1, 2), counts(1, 2)), "do not increase"),
        (counted(counts(3, 4)), "class 3, but the classes are 0 to 2"),
        (
            counted(counts(2, 4, *[Outcome(3, (Became(5, 1),))] * 3)),
            "class 5, but the classes are 0 to 2",
        ),
        (counted(counts(0, 4, *[Outcome(4, ())] * 2)), "class 0 has 1 entries for 2"),
    ],
)
def test_counts_by_class_that_contradict_the_record_make_none(fields, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        changed(**fields)


def test_no_class_has_more_outcomes_than_samples() -> None:
    with pytest.raises(ValueError, match="class 1 has 3 samples, but outcomes of more"):
        counts(1, 3, Outcome(3, (Became(0, 1),)), Outcome(3, ()))


def test_a_record_that_is_too_long_is_neither_written_nor_parsed() -> None:
    names = ("x" * 1000,) * (record.MAX_BYTES // 1000)
    with pytest.raises(record.RecordError, match="bytes is too long, 33,554,432 are the most"):
        record.encode(changed(class_count=len(names), class_names=names))
    with pytest.raises(record.RecordError, match="is too long"):
        record.decode_curve(b"[" * (record.MAX_BYTES + 1))


@pytest.mark.parametrize("digits", [17, 400, 4300, 5000, 2_000_000])
def test_whole_numbers_that_javascript_would_round_make_no_record(digits: int) -> None:
    data = record.encode(example_record()).replace(b'"count":4', b'"count":' + b"9" * digits)
    with pytest.raises(record.RecordError, match=r"^not a record: .*\$.count`"):
        record.decode(data)
    with pytest.raises(record.RecordError, match=r"^not a record: .*\$.count`"):
        record.decode_curve(data)


def test_a_record_of_samples_too_large_to_be_stored_is_none() -> None:
    size = record.Picture(height=4097, width=4096, channels=3)
    with pytest.raises(ValueError, match="pictures of 4097 × 4096 pixels are not stored"):
        changed(picture=size)
    assert changed(picture=size, samples=()).picture == size  # the numbers alone


def test_a_record_of_a_newer_version_is_reported_as_such() -> None:
    data = json.dumps({"version": record.VERSION + 1, "epsilons": "in another form"}).encode()
    with pytest.raises(record.NewerRecordError, match=r"version 3, .* upgrade"):
        record.decode(data)


def test_a_field_that_is_not_known_is_passed_over() -> None:
    fields = json.loads(record.encode(example_record())) | {"a_later_field": [1, 2]}
    assert record.decode(json.dumps(fields).encode()) == example_record()


@pytest.mark.parametrize("length", [0, 1, 20, 300, 700])
def test_a_truncated_record_is_refused(length: int) -> None:
    with pytest.raises(record.RecordError, match="not a record"):
        record.decode(record.encode(example_record())[:length])


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"[]", b"null", b'{"version":"1"}', b'{"version":0}']
)
def test_other_bytes_are_no_record(data: bytes) -> None:
    with pytest.raises(record.RecordError, match="not a record"):
        record.decode(data)


def test_a_bottomless_record_is_refused() -> None:
    with pytest.raises(record.RecordError, match="not a record"):
        record.decode(b'{"version":1,"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}")


def test_a_field_of_the_wrong_type_is_named() -> None:
    fields = json.loads(record.encode(example_record()))
    fields["samples"][0]["clean"]["probabilities"][1] = "high"
    with pytest.raises(record.RecordError, match=r"probabilities"):
        record.decode(json.dumps(fields).encode())


def test_a_sample_knows_whether_it_is_flipped() -> None:
    sample = example_record().samples[0]
    assert sample.correct
    assert [sample.flipped(i) for i in range(2)] == [False, True]


def test_a_curve_is_what_its_record_says() -> None:
    expected, curve = example_record(), record.decode_curve(record.encode(example_record()))
    for field in Curve.__struct_fields__:
        assert getattr(curve, field) == getattr(expected, field), field


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"robust_accuracy": [0.5]}, "robust_accuracy has 1 entries for 2 epsilons"),
        ({"epsilons": [0.2, 0.1]}, "increase strictly"),
        ({"epsilons": [], "robust_accuracy": []}, r"\$.epsilons"),
        ({"clean_accuracy": None}, r"\$.clean_accuracy"),
        ({"robust_accuracy": [0.5, 2]}, r"\$.robust_accuracy"),
        ({"count": 0}, r"\$.count"),
        ({"version": 0}, r"\$.version"),
    ],
)
def test_a_curve_that_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    changed = json.loads(record.encode(example_record())) | fields
    with pytest.raises(record.RecordError, match=message):
        record.decode_curve(json.dumps(changed).encode())


def test_a_curve_of_a_newer_version_is_reported_as_such() -> None:
    data = json.dumps({"version": record.VERSION + 1, "epsilons": "in another form"}).encode()
    with pytest.raises(record.NewerRecordError, match=r"version 3, .* upgrade"):
        record.decode_curve(data)


@pytest.mark.parametrize("length", [0, 20, 300, 700])
def test_no_curve_is_read_from_a_truncated_record(length: int) -> None:
    with pytest.raises(record.RecordError, match="not a record"):
        record.decode_curve(record.encode(example_record())[:length])
