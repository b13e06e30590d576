"""Event files of past releases, which every later one reads: of record versions 1 and 2. Each holds
a step that is known here, down to its pixels.

They are never written anew. A change of what is written, such as of a picture's bits, adds its own
beside them, under a name that sorts behind theirs:

    python -m tests.format.test_golden_events NAME
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, LoggedStep, PerEpsilon, read_steps
from tensorboard_fgsm.format import pixels, record
from tests import servers

# TensorBoard leaves its data server to end by itself.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

EVENTS = Path(__file__).parents[1] / "golden" / "events"
TAGS = {"batch": 1, "data set": 1, "pgd": 2}
"""What was logged, and the version of its record."""
EPSILONS = (2 / 255, 0.1)
NAMES = ("cannon", "고양이", "kite")
STEP = 7
COUNT = 4
"""How many samples have pictures."""


def inputs_and_labels() -> tuple[Tensor, Tensor]:
    """Twelve pictures of 6×5 pixels, on the 8-bit grid; float64, so that all machines agree."""
    levels = torch.arange(12 * 3 * 6 * 5).mul(37).remainder(256).view(12, 3, 6, 5)
    return levels.double() / 255, torch.arange(12).remainder(3)


class Weighed(nn.Module):
    """Logits that are whole multiples of the pixels, the same on every machine."""

    def __init__(self) -> None:
        super().__init__()
        weight = torch.arange(3 * 90).mul(23).remainder(17).sub(8).view(3, 90)
        self.weight = nn.Parameter(weight.double() / 64)

    def forward(self, inputs: Tensor) -> Tensor:
        return inputs.flatten(1) @ self.weight.T


def write(folder: Path) -> None:
    """Logs what the golden files hold."""
    inputs, labels = inputs_and_labels()
    with SummaryWriter(str(folder)) as writer:
        options: dict[str, Any] = {"class_names": NAMES, "max_samples": COUNT}
        fgsm = FGSM(EPSILONS, control=True, refine=4)
        pgd = PerEpsilon(PGD(steps=3, restarts=2), EPSILONS)
        FGSMLogger(writer, fgsm, tag="batch", **options).log(Weighed(), inputs, labels, STEP)
        loader = DataLoader(TensorDataset(inputs, labels), batch_size=5)
        logger = FGSMLogger(writer, fgsm, tag="data set", **options)
        logger.log_dataset(Weighed(), loader, STEP, follow="flipped-first")
        torch.manual_seed(0)
        FGSMLogger(writer, pgd, tag="pgd", **options).log(Weighed(), inputs, labels, STEP)


def releases() -> list[str]:
    return sorted(path.name for path in EVENTS.iterdir())


class Told(NamedTuple):
    """What is known of a step, from the file beside its event file."""

    record: Any
    pictures: list[list[Any]]
    """Of each sample: the original, and the adversarial picture at each epsilon, as lists."""


def told(step: LoggedStep) -> Told:
    pictures = [
        [step.original(i).tolist(), *(step.adversarial(i, each).tolist() for each in EPSILONS)]
        for i in range(len(step.record.samples))
    ]
    return Told(json.loads(record.encode(step.record)), pictures)


def known(release: str) -> dict[str, Told]:
    text = (EVENTS / release / "known.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, Told])


@pytest.mark.parametrize("release", releases())
def test_past_steps_are_read_as_they_were(release: str) -> None:
    steps = {step.tag: step for step in read_steps(EVENTS / release)}
    assert set(steps) == set(TAGS)
    for tag, version in TAGS.items():
        expected = known(release)[tag]
        assert (steps[tag].step, steps[tag].record.version) == (STEP, version)
        found = told(steps[tag])
        # A later release may say more of a step; what it was, it says still.
        assert {field: found.record[field] for field in expected.record} == expected.record
        assert found.pictures == expected.pictures


@pytest.fixture(scope="module", params=servers.PROVIDERS)
def client(request: pytest.FixtureRequest) -> Iterator[servers.Client]:
    with servers.client(request.param, "--logdir", str(EVENTS)) as client:
        yield client


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("release", releases())
def test_past_steps_are_served_as_they_were(release: str, tag: str, client) -> None:
    at = {"run": release, "tag": tag, "step": STEP}

    def get(route: str, **arguments: Any) -> Any:
        return client.get(f"/data/plugin/fgsm/{route}", query_string=at | arguments)

    answer = servers.eventually(lambda: get("record"), lambda each: each.status_code == 200)
    expected = known(release)[tag]
    found = msgspec.json.decode(answer.data)
    assert {field: found[field] for field in expected.record} == expected.record
    for sample, (original, *adversarial) in enumerate(expected.pictures):
        pairs = [("original", None, original)]
        pairs += [("adversarial", e, each) for e, each in zip(EPSILONS, adversarial, strict=True)]
        for kind, epsilon, picture in pairs:
            chosen = {} if epsilon is None else {"epsilon": epsilon}
            answer = get("picture", sample=sample, kind=kind, **chosen)
            assert answer.status_code == 200, answer.data
            shown = pixels.decode(answer.data, np.shape(picture))  # pyright: ignore[reportArgumentType]
            assert shown.tolist() == picture


def test_what_is_written_today_says_what_the_newest_of_them_says(tmp_path: Path) -> None:
    with pytest.warns(RuntimeWarning, match="chosen when the model was right on 33.3 % of 12"):
        write(tmp_path)
    expected = known(releases()[-1])
    steps = {step.tag: told(step) for step in read_steps(tmp_path)}
    assert set(steps) == set(TAGS)
    for tag, step in steps.items():
        assert step.pictures == expected[tag].pictures
        assert step.record == expected[tag].record


def main(name: str) -> None:
    """Adds a release."""
    folder = EVENTS / name
    write(folder)
    (path,) = folder.glob("*tfevents*")
    path = shutil.move(path, folder / "events.out.tfevents.0.golden")
    steps = {step.tag: told(step) for step in read_steps(folder)}
    (folder / "known.json").write_bytes(msgspec.json.encode(steps) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
