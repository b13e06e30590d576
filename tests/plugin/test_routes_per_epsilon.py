"""The routes for an attack that stores a picture an epsilon."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from torch.utils.tensorboard import SummaryWriter
from werkzeug.test import Client, TestResponse

from tensorboard_fgsm import FGSMLogger, PerEpsilon, read_steps
from tests import servers
from tests.networks import batch, convolutional

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

EPSILONS = (2 / 255, 0.1)
PLACE = {"run": "each", "tag": "fgsm", "step": 3}


def brightened(model, inputs, labels, epsilon):
    return (inputs + epsilon).clamp(0, 1)


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("logdir")
    with SummaryWriter(str(root / "each")) as writer:
        attack = PerEpsilon(brightened, EPSILONS)
        FGSMLogger(writer, attack, max_samples=3).log(convolutional(), *batch(), step=3)
    return root


@pytest.fixture(scope="module", params=servers.PROVIDERS)
def client(request: pytest.FixtureRequest, logdir: Path) -> Iterator[Client]:
    with servers.client(request.param, "--logdir", str(logdir)) as client:
        servers.eventually(
            lambda: client.get("/data/plugin/fgsm/runs").json, lambda runs: len(runs["runs"]) == 1
        )
        yield client


def get(client: Client, route: str, **arguments: object) -> TestResponse:
    return client.get(f"/data/plugin/fgsm/{route}?{urlencode({**PLACE, **arguments})}")


def test_all_pictures_of_several_samples_come_in_one_answer(client: Client, logdir: Path) -> None:
    (step,) = read_steps(logdir)
    answer, at = get(client, "pictures", samples="0,2", each=3), 0
    for sample in (0, 2):
        for picture in (step.original(sample), *(step.adversarial(sample, e) for e in EPSILONS)):
            (length,) = struct.unpack_from("<I", answer.data, at)
            image = Image.open(io.BytesIO(answer.data[at + 4 : at + 4 + length]))
            assert np.array_equal(np.asarray(image), picture)
            at += 4 + length
    assert at == len(answer.data)


def test_a_picture_is_served_at_a_logged_epsilon(client: Client, logdir: Path) -> None:
    (step,) = read_steps(logdir)
    for epsilon in (0, *EPSILONS):
        answer = get(client, "picture", sample=1, kind="adversarial", epsilon=epsilon, format="png")
        picture = np.asarray(Image.open(io.BytesIO(answer.data)))
        assert np.array_equal(picture, step.adversarial(1, epsilon))
    answer = get(client, "picture", sample=1, kind="original")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.data))), step.original(1))


@pytest.mark.parametrize(
    ("route", "arguments", "status", "sentence"),
    [
        ("picture", {"sample": 0, "kind": "direction"}, 404, "brightened has no direction"),
        (
            *("picture", {"sample": 0, "kind": "adversarial", "epsilon": 0.05}, 404),
            "the adversarial pictures at the epsilons [0.00784",
        ),
        ("pictures", {"samples": "0"}, 400, "stores 9 pictures, which is not 2 of each"),
        ("pictures", {"samples": "0", "each": 1}, 400, "each is from 2 to"),
        ("pictures", {"samples": "3", "each": 3}, 404, "there is no sample 3"),
    ],
)
def test_what_is_not_there_is_told(client, route, arguments, status, sentence) -> None:
    answer = get(client, route, **arguments)
    assert answer.status_code == status
    assert sentence in answer.text
