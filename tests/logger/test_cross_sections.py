"""Cross-sections of logged samples: of which ones, at what cost, and what is read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, LoggedStep, PerEpsilon, read_steps
from tests.model.broken_off import broken_off, lines_of, raise_interrupt
from tests.model.training import Training
from tests.networks import batch, convolutional, digits, train

# Of small networks there is much to warn of.
pytestmark = pytest.mark.filterwarnings("ignore:.*(gradient|ndom).*:RuntimeWarning")

EPSILONS = (8 / 255, 16 / 255, 64 / 255)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SummaryWriter]:
    with SummaryWriter(str(tmp_path)) as writer:
        yield writer


def steps(writer: SummaryWriter) -> list[LoggedStep]:
    """The steps so far."""
    writer.flush()
    return list(read_steps(writer.log_dir))


def drawn(step: LoggedStep) -> list[int]:
    """The numbers of the samples of which there is a cross-section."""
    return [sample.index for sample in step.record.samples if sample.section is not None]


def test_of_real_digits_the_middle_row_is_what_the_record_and_its_pictures_say(writer) -> None:
    """With ``quantize`` the stored pictures are what the model saw, from which NumPy makes each
    cell of the row anew.
    """
    inputs, labels = digits()
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    train(model, inputs[:900], labels[:900], epochs=5, rate=1e-2)
    attack = FGSM(EPSILONS, quantize=True)
    logger = FGSMLogger(writer, attack, cross_sections=5, cross_section_resolution=17)
    logger.log(model, inputs[900:930], labels[900:930], step=0)
    (step,) = steps(writer)
    assert drawn(step) == [0, 1, 2, 3, 4]
    seen = set()
    for i, sample in enumerate(step.record.samples[:5]):
        cells = step.cross_section(i)
        assert cells.axis.tolist() == [k * 8 / 255 for k in range(-8, 9)]
        for place, said in zip((8, 9, 10, 16), (sample.clean, *sample.adversarial), strict=True):
            assert cells.classes[8, place] == said.classes[0]
            assert cells.probabilities[8, place] == pytest.approx(said.probabilities[0], abs=2e-3)
        moved = step.original(i) + 255 * cells.axis[:, None, None, None] * step.direction(i)
        pictures = np.clip(np.floor(moved + 0.5), 0, 255).transpose(0, 3, 1, 2) / 255
        with torch.no_grad():
            probabilities = model(torch.from_numpy(pictures).float()).softmax(1)
        assert cells.classes[8].tolist() == probabilities.argmax(1).tolist()
        assert cells.probabilities[8] == pytest.approx(probabilities.amax(1).numpy(), abs=2e-3)
        seen |= set(cells.classes.ravel().tolist())
    assert len(seen) > 3  # there was something to tell apart
    with pytest.raises(ValueError, match=r"of sample 5 no cross-section was logged"):
        step.cross_section(5)


def test_a_sample_keeps_its_random_direction_from_step_to_step(writer) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), cross_sections=3, cross_section_resolution=9)
    model, (inputs, labels) = convolutional(), batch()
    logger.log(model, inputs, labels, step=0)
    logger.log(model, inputs.flip(0)[3:], labels.flip(0)[3:], step=1)
    first, second = steps(writer)
    for i in range(3):
        one, two = first.cross_section(i), second.cross_section(2 - i)
        assert np.array_equal(one.classes, two.classes)
        assert one.probabilities == pytest.approx(two.probabilities, abs=1.1 / 255)


class Counted(nn.Module):
    """Counts the samples of each forward."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.sizes = model, []

    def forward(self, inputs: Tensor) -> Tensor:
        self.sizes.append(len(inputs))
        return self.model(inputs)


def forwards(folder: Path, attack: Any, loader: Any, sections: int) -> list[int]:
    """How many samples each forward of a step has, in order of size."""
    counted = Counted(convolutional())
    with SummaryWriter(str(folder)) as writer:
        logger = FGSMLogger(
            writer, attack, max_samples=5, cross_sections=sections, cross_section_resolution=7
        )
        if isinstance(loader, DataLoader):
            logger.log_dataset(counted, loader, step=0)
        else:
            logger.log(counted, *loader, step=0)
    return sorted(counted.sizes)


@pytest.mark.parametrize("attack", [FGSM(EPSILONS), PerEpsilon(PGD(2), EPSILONS)])
def test_it_costs_the_forwards_that_the_docstring_says(attack: Any, tmp_path: Path) -> None:
    whole, loader = batch(n=20), DataLoader(TensorDataset(*batch(n=20)), 8)
    plain = forwards(tmp_path / "0", attack, whole, 0)
    # 3 · 49 cells in batches of 20, and of 8.
    more = [20] * 7 + [7]
    assert forwards(tmp_path / "1", attack, whole, 3) == sorted(plain + more)
    plain = forwards(tmp_path / "2", attack, loader, 0)
    assert forwards(tmp_path / "3", attack, loader, 3) == sorted(plain + [8] * 18 + [3])


def test_of_a_data_set_they_are_of_the_first_that_have_pictures(writer) -> None:
    """In float64, so that no prediction hangs on how samples are batched."""
    model, (inputs, labels) = convolutional().double(), batch(n=12)
    inputs = inputs.double()
    loader = DataLoader(TensorDataset(inputs, labels), 2)  # of which two make five samples
    follows: list[Any] = [[7, 3, 11, 0, 5], "weakest"]
    for number, follow in enumerate(follows):
        logger = FGSMLogger(
            *(writer, FGSM(EPSILONS)),
            tag=f"{number}",
            max_samples=5,
            cross_sections=3,
            cross_section_resolution=9,
        )
        logger.log_dataset(model, loader, step=0, follow=follow)
    alone = FGSMLogger(
        writer, FGSM(EPSILONS), tag="2", cross_sections=12, cross_section_resolution=9
    )
    alone.log(model, inputs, labels, step=0)
    named, weakest, all_of_them = steps(writer)
    assert drawn(named) == [7, 3, 11]
    assert drawn(weakest) == [sample.index for sample in weakest.record.samples[:3]]
    assert drawn(all_of_them) == list(range(12))
    for step in (named, weakest):
        for sample in step.record.samples[:3]:
            assert sample.section == all_of_them.record.samples[sample.index].section


def test_without_being_asked_for_there_are_none(writer) -> None:
    FGSMLogger(writer, FGSM(EPSILONS)).log(convolutional(), *batch(), step=0)
    FGSMLogger(writer, FGSM(EPSILONS), max_samples=0, cross_sections=4).log(
        convolutional(), *batch(), step=1
    )
    assert [drawn(step) for step in steps(writer)] == [[], []]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cross_sections": True}, "cross_sections is a whole number from 0 on"),
        ({"cross_sections": 65}, "cross_sections is at most 64, .*; got 65"),
        ({"cross_sections": "4"}, "cross_sections is a whole number, got '4'"),
        ({"cross_section_resolution": 1}, "an odd number from 3 to 129, .*; got 1"),
        ({"cross_section_resolution": 32}, "an odd number from 3 to 129, .*; got 32"),
        ({"cross_section_resolution": 131}, "an odd number from 3 to 129, .*; got 131"),
    ],
)
def test_arguments_are_refused_in_a_sentence(given: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        FGSMLogger(None, FGSM(EPSILONS), **given)


def test_an_attack_that_goes_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="as far as the largest epsilon, which is 0"):
        FGSMLogger(None, FGSM([0]), cross_sections=1)


def test_whatever_line_breaks_it_off_the_training_is_as_it_was(writer) -> None:
    training, tags = Training(), iter(range(10**6))

    def call() -> None:
        logger = FGSMLogger(
            *(writer, FGSM([0.1])),
            tag=f"{next(tags)}",
            cross_sections=2,
            cross_section_resolution=3,
        )
        logger.log(training.model, training.inputs, training.labels, 0)

    before = training.traces()
    call()
    assert training.traces() == before
    lines = lines_of(call)
    last = {line: place for place, line in enumerate(lines)}
    ours = ("/attack/cross_section.py", "/logger/cross_sections.py")
    places = [place for line, place in last.items() if line.file.endswith(ours)]
    assert len(places) > 20
    for place in places:
        assert isinstance(broken_off(call, place, raise_interrupt), KeyboardInterrupt)
        assert training.traces() == before, lines[place]
