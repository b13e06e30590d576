"""The reader: the same steps as TensorBoard, damage told and skipped."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import summary
from tests.format.event_files import blobs_of, events, frame, records, rewrite
from tests.networks import batch, convolutional


def log(directory: Path, *steps: int, tag: str = "fgsm", epsilon: float = 0.1) -> Path:
    """Logs steps to one new event file, by its name the last of its directory, and returns it.

    A writer's own names end in a count within the process, by which the tenth file is before the
    ninth.
    """
    before = set(directory.glob("*tfevents*"))
    with SummaryWriter(str(directory)) as writer:
        logger = FGSMLogger(writer, FGSM([epsilon]), tag=tag, max_samples=2)
        for step in steps:
            logger.log(convolutional(), *batch(), step=step)
    (path,) = set(directory.glob("*tfevents*")) - before
    return path.rename(directory / f"events.out.tfevents.{len(before)}")


def places(logdir: Path) -> list[tuple[str, str, int]]:
    return [(step.run, step.tag, step.step) for step in read_steps(logdir)]


def test_steps_come_run_by_run_tag_by_tag_in_order(tmp_path: Path) -> None:
    log(tmp_path / "b", 1, 2)
    log(tmp_path / "a" / "deep", 5)
    log(tmp_path / "b", 1, 7, tag="other")
    expected = [("a/deep", "fgsm", 5), ("b", "fgsm", 1), ("b", "fgsm", 2)]
    assert places(tmp_path) == [*expected, ("b", "other", 1), ("b", "other", 7)]
    assert places(tmp_path / "b")[0] == (".", "fgsm", 1)


def test_what_others_logged_is_passed_over(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_text("note", "fgsm", 0)
    assert places(tmp_path) == []


def test_a_scalar_under_the_same_tag_is_passed_over(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(), step=0)
        writer.add_scalar("fgsm", 0.5, 0)
        writer.add_scalar("fgsm", 0.5, 1)
    assert places(tmp_path) == [(".", "fgsm", 0)]


def test_two_values_of_a_tag_in_one_event_are_one_step(tmp_path: Path) -> None:
    path = log(tmp_path, 1)
    changed = events(path)
    (step,) = records(changed)
    step.summary.value.append(step.summary.value[0])
    rewrite(path, changed)
    assert places(tmp_path) == [(".", "fgsm", 1)]


def test_pictures_are_in_no_event_with_a_scalar(tmp_path: Path) -> None:
    """TensorBoard's Python reader keeps a thousand scalars and, with each, its whole event: 16
    photographs a step would come to gigabytes.
    """
    of = events(log(tmp_path, 1, 2))
    assert [len(step.summary.value) for step in records(of)] == [1, 1]
    named = [value.tag for event in of for value in event.summary.value]
    assert named.count("fgsm/clean_accuracy") == 2


def test_metadata_is_needed_only_once_a_tag(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    changed = events(path)
    records(changed)[1].summary.value[0].ClearField("metadata")
    rewrite(path, changed)
    assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 2)]


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    log(tmp_path / "elsewhere" / "run", 1)
    (logdir := tmp_path / "logdir").mkdir()
    (logdir / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(logdir)
    assert places(logdir) == [("linked/run", "fgsm", 1)]


def test_a_restarted_training_replaces_the_steps_it_writes_again(tmp_path: Path) -> None:
    log(tmp_path, 1, 2, 3, 4, epsilon=0.1)
    log(tmp_path, 3, 5, epsilon=0.2)
    steps = {step.step: step.record.epsilons[0] for step in read_steps(tmp_path)}
    assert steps == {1: 0.1, 2: 0.1, 3: 0.2, 5: 0.2}


@pytest.mark.parametrize("cut", [1, 5, 13, 400])
def test_a_file_still_being_written_ends_quietly(cut: int, tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2, 3)
    path.write_bytes(path.read_bytes()[:-cut])
    assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 2)]


def test_a_damaged_record_is_skipped_and_told(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2, 3)
    changed = events(path)
    blobs = blobs_of(changed)[1]
    blobs[0] = blobs[0].replace(b'"count":6', b'"count":x')
    rewrite(path, changed)
    with pytest.warns(RuntimeWarning, match=rf"{path.name}, byte \d+: run '.', .* step 2: not a"):
        assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 3)]


@pytest.mark.parametrize("picture", [1, 2, 4])
def test_a_flipped_bit_in_a_picture_is_told(picture: int, tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    changed = events(path)
    blobs = blobs_of(changed)[0]
    blobs[picture] = bytes([blobs[picture][0]]) + blobs[picture][1:-1] + b"\xff"
    rewrite(path, changed)
    with pytest.warns(
        RuntimeWarning, match=r"step 1: the (original|direction) of sample \d is dam"
    ):
        assert places(tmp_path) == [(".", "fgsm", 2)]


def test_a_missing_picture_is_told(tmp_path: Path) -> None:
    path = log(tmp_path, 1)
    changed = events(path)
    del blobs_of(changed)[0][-1]
    rewrite(path, changed)
    with pytest.warns(RuntimeWarning, match="3 pictures are stored for 2 samples, not 4"):
        assert places(tmp_path) == []


def test_a_step_without_blobs_is_told(tmp_path: Path) -> None:
    path = log(tmp_path, 1)
    changed = events(path)
    del blobs_of(changed)[0][:]
    rewrite(path, changed)
    with pytest.warns(RuntimeWarning, match="holds no blobs"):
        assert places(tmp_path) == []


def test_a_newer_record_is_told_as_such(tmp_path: Path) -> None:
    path = log(tmp_path, 1)
    changed = events(path)
    blobs = blobs_of(changed)[0]
    blobs[0] = blobs[0].replace(b'"version":1', b'"version":3')
    rewrite(path, changed)
    with pytest.warns(RuntimeWarning, match="version 3, .*: upgrade"):
        assert places(tmp_path) == []


def test_bytes_that_are_no_event_are_skipped(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    first, *rest = events(path)
    frames = [frame(event.SerializeToString()) for event in (first, *rest)]
    path.write_bytes(frames[0] + frame(b"\xff\xff\xff") + b"".join(frames[1:]))
    with pytest.warns(RuntimeWarning, match="no event can be read"):
        assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 2)]


def test_behind_a_damaged_length_nothing_can_be_found(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    data = bytearray(path.read_bytes())
    place = 0
    for _ in range(4):  # the opening, the scalars and the record of step 1, the scalars of step 2
        place += 16 + struct.unpack_from("<Q", data, place)[0]
    data[place] ^= 1
    path.write_bytes(bytes(data))
    with pytest.warns(RuntimeWarning, match=f"byte {place}: the length is damaged"):
        assert places(tmp_path) == [(".", "fgsm", 1)]


@pytest.mark.parametrize("cut", [1, 5, 13, 400])
def test_a_truncated_file_that_another_follows_is_told(cut: int, tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    whole = path.read_bytes()
    log(tmp_path, 3)
    path.write_bytes(whole[:-cut])
    with pytest.warns(RuntimeWarning, match=rf"{path.name}, byte \d+: the file ends within an ev"):
        assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 3)]


def test_a_file_that_ends_within_a_length_is_told_where_another_follows(tmp_path: Path) -> None:
    path = log(tmp_path, 1)
    log(tmp_path, 2)
    path.write_bytes(path.read_bytes() + bytes(7))
    with pytest.warns(RuntimeWarning, match="the file ends within an event"):
        assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 2)]


@pytest.mark.parametrize("length", [2**31, 2**62, 2**64 - 1])
def test_a_length_beyond_the_file_is_told_and_later_runs_are_read(
    length: int, tmp_path: Path
) -> None:
    path = log(tmp_path / "a", 1)
    log(tmp_path / "b", 2)
    header = struct.pack("<Q", length)
    path.write_bytes(path.read_bytes() + header + struct.pack("<I", masked_crc32c(header)))
    with pytest.warns(RuntimeWarning, match=rf"{path.name}, byte \d+: an event of {length:,} byt"):
        assert places(tmp_path) == [("a", "fgsm", 1), ("b", "fgsm", 2)]


def test_an_event_too_long_to_be_read_is_passed_over(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    *others, last = (frame(event.SerializeToString()) for event in events(path))
    header = struct.pack("<Q", length := 2**30 + 1)
    with path.open("wb") as file:
        file.write(b"".join(others) + header + struct.pack("<I", masked_crc32c(header)))
        file.seek(length + 4, os.SEEK_CUR)  # a hole: a sparse file costs its author nothing
        file.write(last)
    with pytest.warns(RuntimeWarning, match="an event of 1,073,741,825 bytes, 1,073,741,824 are"):
        assert places(tmp_path) == [(".", "fgsm", 1), (".", "fgsm", 2)]


def test_a_file_written_anew_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    *others, last = events(path)
    other = event_pb2.Event()
    while (missing := last.ByteSize() - other.ByteSize()) > 0:
        other.file_version += "x" * max(1, missing - 8)
    steps = read_steps(tmp_path)
    assert next(steps).step == 1
    rewrite(path, [*others, other])
    with pytest.warns(RuntimeWarning, match="the file was written anew while it was read"):
        assert list(steps) == []


def test_a_directory_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    log(tmp_path / "b", 1)
    below = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # until their path is longer than a system call takes
        os.mkdir("a" * 250, dir_fd=below)
        deeper = os.open("a" * 250, os.O_RDONLY, dir_fd=below)
        os.close(below)
        below = deeper
    os.close(below)
    with pytest.warns(RuntimeWarning, match=r"a, byte 0: the directory cannot be read \(File name"):
        assert places(tmp_path) == [("b", "fgsm", 1)]


def test_a_file_that_goes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = log(tmp_path, 1, 2)
    steps = read_steps(tmp_path)
    assert next(steps).step == 1
    path.unlink()
    with pytest.warns(RuntimeWarning, match="cannot be read any more"):
        assert list(steps) == []


def test_samples_that_are_not_there_are_refused(tmp_path: Path) -> None:
    log(tmp_path, 1)
    (step,) = read_steps(tmp_path)
    for i in (-1, 2):
        with pytest.raises(IndexError, match=f"sample {i} is not among the 2"):
            step.original(i)


def test_a_step_with_fewer_samples_has_all_else(tmp_path: Path) -> None:
    log(tmp_path, 1)
    (step,) = read_steps(tmp_path)
    fewer = step.with_samples(1)
    assert fewer.curve() == step.curve()
    assert fewer.stored(0) == step.stored(0)
    assert (fewer.original(0) == step.original(0)).all()
    assert fewer.picture_bytes == sum(map(len, step.stored(0)))
    with pytest.raises(IndexError, match="sample 1 is not among the 1 that have pictures"):
        fewer.stored(1)
    with pytest.raises(ValueError, match="0 or more, got -1"):
        step.with_samples(-1)
    assert len(step.record.samples) == 2


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="give what tensorboard --logdir reads"):
        list(read_steps(tmp_path / "nowhere"))


def test_a_value_must_hold_the_pictures_its_record_speaks_of(tmp_path: Path) -> None:
    log(tmp_path, 1)
    (step,) = read_steps(tmp_path)
    pictures = step._pictures
    with pytest.raises(ValueError, match="not 4"):
        summary.value("fgsm", step.record, pictures[:2])
    with pytest.raises(ValueError, match="original of sample 0 is damaged"):
        summary.value("fgsm", step.record, pictures[::-1])
    unpacked, stored = summary.unpack(summary.value("fgsm", step.record, pictures))
    assert (unpacked, stored) == (step.record, pictures)
