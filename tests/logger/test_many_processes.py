"""A data set divided among processes of torch.distributed: the numbers of one process, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from torch.utils.data import DataLoader

from tensorboard_fgsm import LoggedStep, read_steps
from tests import job as jobs
from tests.logger import job

pytestmark = pytest.mark.process

EXACT = ("in_order", "shuffled", "flipped_first", "weakest", "per_class", "own_shards", "ddp")
TOLD = ("unsharded", "broken_data", "broken_write", "unlike", "unlike_sections", "argument")
SHARDED = ("fsdp", "fsdp1")
EMBEDDED = ("embedded", "embedded_sharded")
GOING_ON = {
    "goes_on_without_data": (1, "ValueError: labels reach 9 but the model has 5"),
    "goes_on_without_writer": (0, "ValueError: the writer is closed"),
    "goes_on_diverged": (None, "NaN"),
}
"""Who fails, and with what."""


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """What one process says, in batches of another size, and where it wrote it."""
    folder = tmp_path_factory.mktemp("one")
    loader = DataLoader(job.data(), batch_size=30)
    return job.numbers(job.logged(folder, "in_order", job.classifier(), loader)), folder


@pytest.fixture(scope="module", params=[2, 4])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """All cases in two and in four processes."""
    folder = tmp_path_factory.mktemp(f"of{request.param}")
    cases = (*EXACT, *TOLD, *SHARDED, *EMBEDDED, *GOING_ON)
    jobs.run(request.param, "tests.logger.job", str(folder), *cases)
    return request.param, folder


def said(run: tuple[int, Path], case: str) -> list[Any]:
    """What every process said, by rank."""
    count, folder = run
    return [json.loads((folder / f"{case}.{rank}.json").read_text()) for rank in range(count)]


def steps(folder: Path, case: str) -> list[LoggedStep]:
    return list(read_steps(folder / case))


def assert_alike(all_said: list[Any], numbers: dict[str, Any], *, same_samples: bool) -> None:
    """All say what one process says; of the check where it is of the same samples."""
    checks = [each.pop("check") for each in all_said]
    assert all_said == [{name: numbers[name] for name in numbers if name != "check"}] * len(
        all_said
    )
    assert checks == [numbers["check"] if same_samples else checks[0]] * len(checks)
    assert checks[0][0] == 20


@pytest.mark.parametrize("case", EXACT)
def test_every_process_has_exactly_the_numbers_of_one(case: str, run, one_process) -> None:
    numbers, _ = one_process
    assert numbers["count"] == job.COUNT
    assert_alike(said(run, case), numbers, same_samples=case != "own_shards")


def test_rank_0_writes_the_record_that_one_process_writes(run, one_process) -> None:
    ours, theirs = steps(one_process[1], "in_order"), steps(run[1], "in_order")
    assert [step.step for step in theirs] == [0, 1]
    for one, many in zip(ours, theirs, strict=True):
        assert [sample.index for sample in many.record.samples] == list(range(7))
        sections = [sample.section is not None for sample in many.record.samples]
        assert sections == [True] * 2 + [False] * 5
        assert many.record == one.record


def test_samples_are_followed_by_their_numbers_wherever_they_are_evaluated(run) -> None:
    dataset = job.data()
    for step in steps(run[1], "shuffled"):
        assert step.record.chosen == "indices"
        assert [sample.index for sample in step.record.samples] == [100, 0, 50]
        for place, sample in enumerate(step.record.samples):
            pixels, label = dataset[sample.index]
            assert sample.label == int(label)
            shown = step.original(place).transpose(2, 0, 1) / 255
            assert abs(shown - pixels.numpy()).max() <= 0.5 / 255 + 1e-6


@pytest.mark.filterwarnings("ignore:the samples with pictures:RuntimeWarning")
def test_those_that_flip_first_are_chosen_among_all_processes(run, one_process) -> None:
    loader = DataLoader(job.data(), batch_size=30)
    folder = run[1] / "alone"
    job.logged(folder, "flipped_first", job.classifier(), loader, follow="flipped-first")
    ours = [step.record for step in steps(folder, "flipped_first")]
    theirs = [step.record for step in steps(run[1], "flipped_first")]
    assert ours[0].chosen == "flipped-first"
    assert ours == theirs
    flips = [sample.flip_epsilon for sample in ours[0].samples]
    assert flips == sorted(flips)
    assert flips[0] > 0


@pytest.mark.parametrize(
    ("case", "options", "anew"),
    [
        ("weakest", {"follow": "weakest"}, [True, True]),
        ("per_class", {"follow": "per-class", "settle": 1}, [True, False]),
    ],
)
@pytest.mark.filterwarnings("ignore:the samples with pictures:RuntimeWarning")
def test_they_choose_anew_and_by_class_as_one_process_does(case, options, anew, run) -> None:
    loader = DataLoader(job.data(), batch_size=30)
    folder = run[1] / "alone"
    job.logged(folder, case, job.classifier(), loader, **options)
    ours, theirs = ([step.record for step in steps(each, case)] for each in (folder, run[1]))
    assert [record.anew for record in ours] == anew
    assert ours == theirs


def test_processes_that_all_evaluate_everything_are_warned_of(run) -> None:
    count, folder = run
    assert all(each["count"] == count * job.COUNT for each in said(run, "unsharded"))
    for step in steps(folder, "unsharded"):
        (caveat,) = [each for each in step.record.warnings if each.code == "same-samples"]
        assert f"all {count} processes began with the same batch" in caveat.sentence


def test_a_process_that_fails_makes_all_fail_with_its_message(run) -> None:
    count, folder = run
    reason = f"ValueError: labels reach {2 * job.CLASSES - 1} but the model has {job.CLASSES}"
    for rank, error in enumerate(said(run, "broken_data")):
        start = "" if rank == 1 else f"RuntimeError: rank 1 of {count} failed with "
        assert error.startswith(start + reason), error
    assert not steps(folder, "broken_data")


def test_a_writer_that_fails_makes_all_fail_before_they_compute(run) -> None:
    count, _ = run
    for rank, error in enumerate(said(run, "broken_write")):
        start = "" if rank == 0 else f"RuntimeError: rank 0 of {count} failed with "
        assert error.startswith(f"{start}ValueError: the writer is closed"), error


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("unlike", "max_samples 7, and rank 1 0:"),
        ("unlike_sections", "cross_sections (1, 33), and rank 1 (2, 33):"),
    ],
)
def test_processes_that_log_unlike_are_told_in_what(case: str, told: str, run) -> None:
    for error in said(run, case):
        beginning = "ValueError: the processes log together, but rank 0 has"
        assert error.startswith(f"{beginning} {told}"), error


def test_an_argument_that_one_process_refuses_makes_all_fail(run) -> None:
    for rank, error in enumerate(said(run, "argument")):
        start = "" if rank == 1 else f"RuntimeError: rank 1 of {run[0]} failed with "
        assert error == f"{start}TypeError: step is a whole number, got 0.5"


@pytest.mark.parametrize("case", GOING_ON)
def test_where_one_fails_all_warn_once_and_go_on_together(case: str, run) -> None:
    count, folder = run
    assert [each["count"] for each in said(run, case)] == [job.COUNT] * count
    assert [step.step for step in steps(folder, case)] == [1]
    failing, reason = GOING_ON[case]
    for rank in range(count):
        message = (folder / f"{case}.warning.{rank}").read_text()
        assert message.startswith("step 0 under tag 'fgsm' is not logged"), message
        assert reason in message
        others = failing is not None and rank != failing
        assert (f"rank {failing} of {count} failed with" in message) == others


def test_a_process_that_is_left_alone_says_so_and_does_not_wait_for_ever(tmp_path: Path) -> None:
    jobs.run(2, "tests.logger.job", str(tmp_path), "alone")
    error, _ = said((2, tmp_path), "alone")
    assert error.startswith("RuntimeError: the other processes do not answer: every process of")


@pytest.mark.parametrize("case", SHARDED)
def test_a_sharded_model_has_the_numbers_of_the_whole_one(case: str, run, one_process) -> None:
    numbers, folder = one_process
    assert_alike(said(run, case), numbers, same_samples=False)
    for one, many in zip(steps(folder, "in_order"), steps(run[1], case), strict=True):
        assert len(many.record.samples) == 7  # their shards are uneven, so these are others
        assert all(sample.section is not None for sample in many.record.samples[:2])
        others = {"samples": one.record.samples, "check": one.record.check}
        assert msgspec.structs.replace(many.record, **others) == one.record


@pytest.mark.parametrize("case", EMBEDDED)
def test_the_first_samples_of_all_processes_are_embedded_as_of_one(
    case: str, run, one_process, tmp_path: Path
) -> None:
    assert_alike(said(run, case), one_process[0], same_samples=case == "embedded")
    theirs = [step.record.embedding for step in steps(run[1], case)]
    assert len(theirs) == 2
    for embedding in theirs:
        assert embedding is not None
        # Of uneven shards, some of the first places are nobody's.
        most = 20 if case == "embedded" else 19
        assert set(embedding.indices) <= set(range(20))
        assert len(embedding.indices) >= most
    if case == "embedded":
        loader = DataLoader(job.data(), batch_size=30)
        job.logged(tmp_path, case, job.classifier(), loader, embed=20)
        for one, many in zip(steps(tmp_path, case), theirs, strict=True):
            ours = one.record.embedding
            assert ours is not None
            assert (ours.labels, ours.flip_epsilons) == (many.labels, many.flip_epsilons)
            assert ours.points() == pytest.approx(many.points(), abs=1e-4)
            assert ours.explained == pytest.approx(many.explained)
