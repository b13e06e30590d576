"""The logger: real event files of both writers, and what it refuses before it computes."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
import tensorboardX
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch import nn
from torch.nn import functional
from torch.utils import tensorboard

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import pixels
from tests.networks import batch, convolutional

EPSILONS = (2 / 255, 8 / 255, 0.3)
WRITERS = [tensorboard.SummaryWriter, tensorboardX.SummaryWriter]


@pytest.fixture
def writer(tmp_path: Path):
    with tensorboard.SummaryWriter(str(tmp_path)) as writer:
        yield writer


def only_step(logdir: Path):
    (step,) = read_steps(logdir)
    return step


@pytest.mark.parametrize("writer_class", WRITERS, ids=["torch", "tensorboardX"])
def test_what_is_logged_is_what_was_computed(writer_class, tmp_path: Path) -> None:
    model, (inputs, labels) = convolutional(), batch(n=20)
    with writer_class(str(tmp_path / "run")) as writer:
        logger = FGSMLogger(writer, FGSM(EPSILONS), tag="eval", max_samples=5)
        sweep = logger.log(model, inputs, labels, step=3)
    logged = only_step(tmp_path)
    assert (logged.run, logged.tag, logged.step) == ("run", "eval", 3)
    assert logged.record.count == 20
    assert logged.record.epsilons == EPSILONS
    assert logged.record.clean_accuracy == sweep.clean_accuracy
    assert list(logged.record.robust_accuracy) == sweep.robust_accuracy.tolist()
    assert len(logged.record.samples) == 5
    for i, sample in enumerate(logged.record.samples):
        assert (sample.index, sample.label) == (i, int(labels[i]))
        assert sample.clean.classes[0] == sweep.clean_logits[i].argmax()
        assert [sample.flipped(e) for e in range(3)] == sweep.flipped[:, i].tolist()
        for e, prediction in enumerate(sample.adversarial):
            probabilities = sweep.logits[e, i].double().softmax(0)
            assert prediction.label_probability == pytest.approx(
                probabilities[labels[i]].item(), rel=1e-5
            )
            assert prediction.probabilities[0] == pytest.approx(
                probabilities.max().item(), rel=1e-5
            )
        original = pixels.levels(inputs[i].permute(1, 2, 0).numpy())
        direction = sweep.direction[i].permute(1, 2, 0).numpy()
        assert np.array_equal(logged.original(i), original)
        assert np.array_equal(logged.direction(i), direction)
        assert np.array_equal(
            logged.adversarial(i, 0.1), pixels.adversarial(original, direction, 0.1)
        )


@pytest.mark.parametrize("writer_class", WRITERS, ids=["torch", "tensorboardX"])
def test_the_accuracies_are_scalars_too(writer_class, tmp_path: Path) -> None:
    with writer_class(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, FGSM([2 / 255, 0.3]))
        sweeps = [logger.log(convolutional(), *batch(), step=step) for step in (1, 5)]
    events = EventAccumulator(str(tmp_path)).Reload()
    tags = ["fgsm/clean_accuracy", "fgsm/robust_accuracy/eps=0.00784314"]
    tags.append("fgsm/robust_accuracy/eps=0.3")
    assert sorted(events.Tags()["scalars"] or events.Tags()["tensors"]) == sorted(tags)
    for tag, expected in zip(
        tags, [sweeps[0].clean_accuracy, *sweeps[0].robust_accuracy.tolist()], strict=True
    ):
        assert [event.step for event in events.Scalars(tag)] == [1, 5]
        assert events.Scalars(tag)[0].value == pytest.approx(expected)


def test_epsilons_alike_to_six_digits_get_tags_of_their_own(writer, tmp_path: Path) -> None:
    FGSMLogger(writer, FGSM([0.1, 0.10000001])).log(convolutional(), *batch(), step=0)
    writer.flush()
    tags = EventAccumulator(str(tmp_path)).Reload().Tags()["scalars"]
    assert "fgsm/robust_accuracy/eps=0.1" in tags
    assert "fgsm/robust_accuracy/eps=0.10000001" in tags


def test_the_noise_picture_is_classified(writer, tmp_path: Path) -> None:
    model, (inputs, labels) = convolutional().eval(), batch()
    FGSMLogger(writer, FGSM([0.1], mean=[0.5] * 3, std=[0.25] * 3)).log(
        model, (inputs - 0.5) / 0.25, labels, step=0
    )
    writer.flush()
    logged = only_step(tmp_path)
    for i, sample in enumerate(logged.record.samples):
        noise = torch.from_numpy(pixels.noise(logged.direction(i))).permute(2, 0, 1) / 255
        probabilities = model(((noise - 0.5) / 0.25)[None])[0].softmax(0)
        assert sample.noise.classes[0] == probabilities.argmax()
        assert sample.noise.probabilities[0] == pytest.approx(probabilities.max().item(), rel=1e-4)


@pytest.mark.parametrize(("channels", "shown"), [(1, 1), (2, 1), (3, 3), (5, 3)])
def test_pictures_show_one_channel_or_three(channels: int, shown: int, writer, tmp_path) -> None:
    inputs, labels = batch(channels=channels)
    FGSMLogger(writer, FGSM([0.1])).log(convolutional(channels), inputs, labels, step=0)
    writer.flush()
    logged = only_step(tmp_path)
    assert logged.record.picture.channels == channels
    expected = pixels.levels(inputs[0, :shown].permute(1, 2, 0).contiguous().numpy())
    assert np.array_equal(logged.original(0), expected)


def test_a_quantized_attack_says_so_and_shows_what_was_classified(writer, tmp_path: Path) -> None:
    model, (inputs, labels) = convolutional().eval(), batch()
    FGSMLogger(writer, FGSM([2 / 255], quantize=True)).log(model, inputs, labels, step=0)
    writer.flush()
    logged = only_step(tmp_path)
    assert logged.record.attack.quantize
    for i, sample in enumerate(logged.record.samples):
        picture = torch.from_numpy(logged.adversarial(i, 2 / 255)).permute(2, 0, 1) / 255
        probabilities = model(picture[None])[0].softmax(0)
        assert sample.adversarial[0].classes[0] == probabilities.argmax()
        assert sample.adversarial[0].probabilities[0] == pytest.approx(
            probabilities.max().item(), rel=1e-4
        )


def test_the_record_names_the_attack(writer, tmp_path: Path) -> None:
    attack = FGSM([0.1], loss_fn=functional.cross_entropy)
    FGSMLogger(writer, attack, class_names=list("abcde")).log(convolutional(), *batch(), step=0)
    writer.flush()
    record = only_step(tmp_path).record
    assert (record.attack.name, record.attack.loss) == ("FGSM", "cross_entropy")
    assert record.class_names == tuple("abcde")
    assert record.gradient.elements == 6 * 3 * 12 * 12


@pytest.mark.parametrize("width", [12, 2**14])  # wider than any picture
def test_numbers_alone_can_be_logged(width: int, writer, tmp_path: Path) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(width, 2))
    given = torch.rand(1, 1, 1, width), torch.tensor([0])
    FGSMLogger(writer, FGSM([0.1]), max_samples=0).log(model, *given, step=0)
    writer.flush()
    assert only_step(tmp_path).record.samples == ()


def test_logging_adds_a_forward_for_the_noise_and_once_one_for_randomness(writer) -> None:
    model, calls = convolutional(), []
    model.register_forward_hook(lambda module, args, output: calls.append(len(output)))
    logger = FGSMLogger(writer, FGSM(EPSILONS, together=False), max_samples=4)
    logger.log(model, *batch(size=64), step=0)
    sweep = [6] * (1 + len(EPSILONS))
    assert sorted(calls) == sorted([*sweep, 6, 4])
    calls.clear()
    logger.log(model, *batch(size=64), step=1)
    assert calls == [*sweep, 4]


def test_training_goes_on_as_if_nothing_had_been_logged(tmp_path: Path) -> None:
    def trained(log: bool) -> list[list[float]]:
        torch.manual_seed(0)
        model, (inputs, labels) = convolutional(), batch(n=16)
        optimizer = torch.optim.Adam(model.parameters())
        with tensorboard.SummaryWriter(str(tmp_path / str(log))) as writer:
            logger = FGSMLogger(writer, FGSM(EPSILONS))
            for step in range(4):
                optimizer.zero_grad()
                functional.cross_entropy(model.train()(inputs), labels).backward()
                if log:
                    logger.log(model, inputs, labels, step=step)
                optimizer.step()
        return [value.tolist() for value in model.state_dict().values()]

    assert trained(log=True) == trained(log=False)


# What is refused, before anything is computed


def never(inputs: torch.Tensor) -> torch.Tensor:
    raise AssertionError("the model was called")


def test_a_repeated_step_is_refused_by_every_logger_of_the_tag(writer) -> None:
    FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(), step=3)
    for step in (3, 2, 0):
        with pytest.raises(ValueError, match=f"step {step} under tag 'fgsm' comes after step 3"):
            FGSMLogger(writer, FGSM([0.2])).log(never, *batch(), step=step)
    FGSMLogger(writer, FGSM([0.1]), tag="other").log(convolutional(), *batch(), step=3)


@pytest.mark.parametrize("writer_class", WRITERS, ids=["torch", "tensorboardX"])
def test_a_closed_writer_is_refused(writer_class, tmp_path: Path) -> None:
    writer = writer_class(str(tmp_path))
    logger = FGSMLogger(writer, FGSM([0.1]))
    writer.close()
    with pytest.raises(ValueError, match="the writer is closed"):
        logger.log(never, *batch(), step=0)


def test_too_few_class_names_are_refused(writer, tmp_path: Path) -> None:
    inputs, _ = batch()
    logger = FGSMLogger(writer, FGSM([0.1]), class_names=["a", "b"])
    with pytest.raises(ValueError, match="labels reach 3 but there are 2 class_names"):
        logger.log(never, inputs, torch.tensor([0, 1, 3, 1, 1, 1]), step=0)
    with pytest.raises(ValueError, match="2 class_names for 5 classes"):
        logger.log(convolutional(), inputs, torch.zeros(6, dtype=torch.int64), step=0)
    writer.flush()
    assert not list(read_steps(tmp_path))


@pytest.mark.parametrize(
    ("step", "error"),
    [(-1, ValueError), (2**63, ValueError), (1.5, TypeError), ("1", TypeError), (True, ValueError)],
)
def test_steps_that_are_no_whole_numbers_are_refused(step, error, writer) -> None:
    with pytest.raises(error, match="step is a whole number"):
        FGSMLogger(writer, FGSM([0.1])).log(never, *batch(), step=step)


@pytest.mark.parametrize("step", [2**53, 1_700_000_000_000_000_000])
def test_steps_that_javascript_would_round_are_refused(step: int, writer) -> None:
    with pytest.raises(ValueError, match=rf"step {step} is above 9007199254740991 .* count steps"):
        FGSMLogger(writer, FGSM([0.1])).log(never, *batch(), step=step)


@pytest.mark.parametrize("size", [(1, pixels.MAX_SIDE + 1), (4097, 4096)])
def test_pictures_too_large_for_the_codec_are_refused(size: tuple[int, int], writer) -> None:
    inputs = torch.zeros(1, 1, 1, 1).expand(1, 1, *size)
    with pytest.raises(ValueError, match="log with max_samples=0"):
        FGSMLogger(writer, FGSM([0.1])).log(never, inputs, torch.tensor([0]), step=0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"writer": "runs"}, TypeError, "writer is a SummaryWriter .* got str"),
        ({"attack": [0.1]}, TypeError, "attack is an FGSM"),
        ({"tag": ""}, ValueError, "tag is a name"),
        ({"tag": 'a"b'}, ValueError, "without quotes, backslashes"),
        ({"tag": "a\\b"}, ValueError, "without quotes, backslashes"),
        ({"tag": "a\nb"}, ValueError, "without quotes, backslashes"),
        ({"tag": "\udc80"}, ValueError, "tag is a name"),
        ({"class_names": "abc"}, TypeError, "class_names is a list"),
        ({"class_names": {0: "cat"}}, TypeError, r"list\(id2label.values\(\)\)"),
        ({"class_names": {"cat", "dog"}}, TypeError, "class_names is a list"),
        ({"class_names": ["\udc80"]}, ValueError, "class_names are Unicode text"),
        ({"max_samples": -1}, ValueError, "max_samples is a whole number"),
        ({"max_samples": 1.5}, TypeError, "max_samples is a whole number"),
    ],
)
def test_bad_arguments_of_a_logger(arguments, error, message: str, writer) -> None:
    given = {"writer": writer, "attack": FGSM([0.1])} | arguments
    with pytest.raises(error, match=message):
        FGSMLogger(given.pop("writer"), given.pop("attack"), **given)


def test_bad_labels_are_told_before_the_class_names(writer) -> None:
    inputs, labels = batch()
    logger = FGSMLogger(writer, FGSM([0.1]), class_names=["a"])
    with pytest.raises(TypeError, match="labels are an"):
        logger.log(never, inputs, labels.to(torch.complex64), step=0)


@pytest.mark.filterwarnings("ignore:6 of 6 samples have a gradient of 0")
def test_equal_logits_rank_as_argmax_takes_them(writer, tmp_path: Path) -> None:
    inputs, _ = batch()
    labels = torch.ones(6, dtype=torch.int64)
    sweep = FGSMLogger(writer, FGSM([0.1])).log(
        lambda x: x.flatten(1)[:, :1] * 0 + x.new_zeros(5), inputs, labels, step=0
    )
    writer.flush()
    for sample in only_step(tmp_path).record.samples:
        assert sample.clean.classes == (0, 1, 2, 3, 4)
    assert sweep.clean_accuracy == 0


def test_after_an_error_the_same_step_can_be_logged(writer, tmp_path: Path) -> None:
    logger, (inputs, labels) = FGSMLogger(writer, FGSM([0.1])), batch()
    with pytest.raises(ValueError, match="inputs span"):
        logger.log(convolutional(), inputs * 255, labels, step=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        logger.log(convolutional(), inputs, labels, step=0)
    writer.flush()
    assert only_step(tmp_path).record.logged == 1


@pytest.mark.parametrize("side", [16, 48, 120])
def test_pictures_are_the_same_by_one_thread_and_by_many(side: int, writer, tmp_path) -> None:
    inputs = torch.rand(5, 3, side, side, generator=torch.Generator().manual_seed(0))
    model, before = convolutional().eval(), torch.get_num_threads()
    try:
        for threads in (1, 4):
            torch.set_num_threads(threads)
            logger = FGSMLogger(writer, FGSM([0.1], together=False), tag=f"by {threads}")
            sweep = logger.log(model, inputs, torch.zeros(5, dtype=torch.int64), step=0)
    finally:
        torch.set_num_threads(before)
    assert sweep is not None
    assert sweep.direction is not None
    writer.flush()
    for step in read_steps(tmp_path):
        for i, (original, direction) in enumerate(zip(inputs, sweep.direction, strict=True)):
            levels = pixels.levels(original.permute(1, 2, 0).numpy())
            assert (step.original(i) == levels).all()
            assert (step.direction(i) == direction.permute(1, 2, 0).numpy()).all()
    assert [thread for thread in threading.enumerate() if thread.name.startswith("fgsm")] == []
