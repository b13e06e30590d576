"""The plugin's routes, through TensorBoard's own application and both of its data providers."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from torch.utils.tensorboard import SummaryWriter
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import pixels, record, summary
from tensorboard_fgsm.plugin import opening, query
from tensorboard_fgsm.plugin.gate import Gate
from tensorboard_fgsm.plugin.routes import STATIC, _file
from tests import servers
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite
from tests.networks import batch, convolutional

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

PLACE = {"run": "train/a b", "tag": "fgsm", "step": 2}
PREFIX = "/data/plugin/fgsm/"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sound steps; a run with damage; a run of other plugins' data."""
    root = tmp_path_factory.mktemp("logdir")
    with SummaryWriter(str(root / "train" / "a b")) as writer:
        writer.add_scalar("loss", 1.0, 0)
        writer.add_image("image", np.zeros((3, 4, 4), np.uint8), 0)
        writer.add_text("note", "private", 0)
        logger = FGSMLogger(writer, FGSM([2 / 255, 0.1]), max_samples=4)
        for step in (0, 2, 10):
            logger.log(convolutional(), *batch(), step=step)
    with SummaryWriter(str(root / "damaged")) as writer:
        logger = FGSMLogger(writer, FGSM([0.1]), max_samples=2)
        for step in range(4):
            logger.log(convolutional(), *batch(), step=step)
    (path,) = (root / "damaged").glob("*tfevents*")
    changed = events(path)
    blobs = blobs_of(changed)
    blobs[0][0] = blobs[0][0][:-20]
    blobs[1][1] = blobs[1][1][:20] + bytes([blobs[1][1][20] ^ 255]) + blobs[1][1][21:]
    blobs[2][0] = blobs[2][0].replace(b'"version":1', b'"version":7')
    rewrite(path, changed)
    with SummaryWriter(str(root / "run10")) as writer:
        FGSMLogger(writer, FGSM([0.1]), tag="ε/태그").log(convolutional(), *batch(), step=1)
    with SummaryWriter(str(root / "run9")) as writer:
        FGSMLogger(writer, FGSM([0.1]), max_samples=0).log(convolutional(), *batch(), step=1)
    return root


@pytest.fixture(scope="module", params=servers.PROVIDERS)
def client(request: pytest.FixtureRequest, logdir: Path) -> Iterator[Client]:
    with servers.client(request.param, "--logdir", str(logdir)) as client:
        servers.eventually(
            lambda: client.get(PREFIX + "runs").json,
            lambda runs: len(runs["runs"]) == 4,
        )
        for run, tag, count in [("train/a b", "fgsm", 3), ("damaged", "fgsm", 4)]:
            servers.eventually(
                lambda run=run, tag=tag: get(client, "steps", run=run, tag=tag),
                lambda answer, count=count: (
                    answer.status_code == 200 and len(answer.json["steps"]) == count
                ),
            )
        yield client


def get(client: Client, route: str, **arguments: object) -> TestResponse:
    return client.get(f"{PREFIX}{route}?{urlencode(arguments)}")


@pytest.fixture(scope="module")
def logged(logdir: Path):
    return {step.step: step for step in read_steps(logdir / "train" / "a b")}


# What is served


def test_runs_and_tags_are_listed_in_natural_order(client: Client) -> None:
    answer = client.get(PREFIX + "runs")
    assert answer.json == {
        "kept": 50,
        "runs": [
            {"run": "damaged", "tags": ["fgsm"]},
            {"run": "run9", "tags": ["fgsm"]},
            {"run": "run10", "tags": ["ε/태그"]},
            {"run": "train/a b", "tags": ["fgsm"]},
        ],
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


OPENINGS = [
    ({}, ("damaged", "fgsm", 3)),
    ({"run": "train/a b"}, ("train/a b", "fgsm", 10)),
    ({"run": "train/a b", "step": 9}, ("train/a b", "fgsm", 2)),
    ({"run": "train/a b", "tag": "fgsm", "step": 2}, ("train/a b", "fgsm", 2)),
    ({"tag": "ε/태그"}, ("run10", "ε/태그", 1)),
    ({"run": "train/a b", "tag": "ε/태그"}, ("run10", "ε/태그", 1)),
    ({"run": "run10", "tag": "nowhere"}, ("run10", "ε/태그", 1)),
    ({"run": "nowhere", "tag": "nowhere"}, ("damaged", "fgsm", 3)),
]


@pytest.mark.parametrize(("chosen", "shown"), OPENINGS)
def test_an_opening_is_what_the_single_routes_say(client: Client, chosen, shown) -> None:
    answer = get(client, "opening", **chosen)
    run, tag, step = shown
    series = {"run": run, "tag": tag}
    blobs = get(client, "pictures", **series, step=step, samples=0).data
    length = int.from_bytes(blobs[:4], "little")
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == client.get(PREFIX + "runs").headers["Cache-Control"]
    pictures = [base64.b64decode(each) for each in answer.json["pictures"]]
    assert answer.json == {
        **client.get(PREFIX + "runs").json,
        **series,
        **get(client, "steps", **series).json,
        "step": step,
        "record": get(client, "record", **series, step=step).json,
        "pictures": answer.json["pictures"],
    }
    assert pictures == [blobs[4 : 4 + length], blobs[8 + length :]]


@pytest.mark.parametrize("step", [0, 2])
def test_an_opening_leaves_out_what_cannot_be_read(client: Client, step: int) -> None:
    answer = get(client, "opening", run="damaged", step=step)
    assert answer.status_code == 200
    assert list(answer.json) == ["kept", "runs", "run", "tag", "steps"]
    assert len(answer.json["steps"]) == 4


def test_an_opening_has_no_pictures_where_there_are_none_or_they_are_large(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(client, "opening", run="run9").json["pictures"] == []
    monkeypatch.setattr(opening, "_MOST_PICTURES", 100)
    large = get(client, "opening", run="train/a b").json
    assert (large["pictures"], large["step"]) == ([], 10)


def test_an_opening_does_not_wait_for_room_to_read_pictures(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_collecting", full := Gate(1, seconds=0.01))
    with full:
        answer = get(client, "opening", run="train/a b")
    assert (answer.status_code, answer.json["pictures"], answer.json["step"]) == (200, [], 10)


def test_steps_are_listed_in_order(client: Client) -> None:
    steps = get(client, "steps", run="train/a b", tag="fgsm").json["steps"]
    assert [step["step"] for step in steps] == [0, 2, 10]
    assert all(step["wall_time"] > 1e9 for step in steps)
    assert get(client, "steps", run="run10", tag="ε/태그").json["steps"][0]["step"] == 1


def test_a_record_is_served_as_it_was_logged(client: Client, logged) -> None:
    answer = get(client, "record", **PLACE)
    assert answer.content_type == "application/json"
    assert record.decode(answer.data) == logged[2].record


def test_a_record_without_samples_is_served(client: Client) -> None:
    assert get(client, "record", run="run9", tag="fgsm", step=1).json["samples"] == []


def test_curves_are_what_the_records_say_in_the_order_asked_for(client: Client, logged) -> None:
    answer = get(client, "curves", run="train/a b", tag="fgsm", steps="10,0,2")
    listed = get(client, "steps", run="train/a b", tag="fgsm").json["steps"]
    times = {step["step"]: step["wall_time"] for step in listed}
    assert answer.content_type == "application/json"
    assert answer.json == {
        "curves": [
            {
                "step": step,
                "wall_time": times[step],
                "epsilons": [2 / 255, 0.1],
                "clean_accuracy": logged[step].record.clean_accuracy,
                "robust_accuracy": list(logged[step].record.robust_accuracy),
                "count": 6,
            }
            for step in (10, 0, 2)
        ]
    }


def test_curves_tell_of_damaged_steps_among_sound_ones(client: Client) -> None:
    curves = get(client, "curves", run="damaged", tag="fgsm", steps="0,1,2,3").json["curves"]
    assert [("error" in curve, "epsilons" in curve) for curve in curves] == [
        (True, False),
        (False, True),  # its picture is damaged, not its record
        (True, False),
        (False, True),
    ]
    assert "run 'damaged', tag 'fgsm', step 0: not a record" in curves[0]["error"]
    assert "version 7, this release reads up to version 2: upgrade" in curves[2]["error"]
    assert all(curve["wall_time"] > 1e9 for curve in curves)
    assert get(client, "curves", run="damaged", tag="fgsm", steps="0,1,2,3").json == {
        "curves": curves
    }


@pytest.mark.parametrize("format", ["webp", "png"])
@pytest.mark.parametrize("epsilon", [0, 2 / 255, 0.05, 1])
def test_a_picture_is_served_at_any_epsilon(client, logged, format: str, epsilon: float) -> None:
    answer = get(
        client, "picture", **PLACE, sample=3, kind="adversarial", epsilon=epsilon, format=format
    )
    assert answer.content_type == f"image/{format}"
    read = np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGB"))
    assert np.array_equal(read, logged[2].adversarial(3, epsilon))


def test_the_two_stored_pictures_are_served(client: Client, logged) -> None:
    original = get(client, "picture", **PLACE, sample=1, kind="original", format="png")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(original.data))), logged[2].original(1))
    direction = get(client, "picture", **PLACE, sample=1, kind="direction")
    noise = np.asarray(Image.open(io.BytesIO(direction.data)))
    assert np.array_equal(pixels.direction(noise), logged[2].direction(1))


def test_pictures_of_several_samples_come_in_one_answer(client: Client, logged) -> None:
    answer = get(client, "pictures", **PLACE, samples="2,0-1")
    assert answer.content_type == "application/octet-stream"
    found, offset = [], 0
    while offset < len(answer.data):
        (length,) = struct.unpack_from("<I", answer.data, offset)
        found.append(answer.data[offset + 4 : offset + 4 + length])
        offset += 4 + length
    stored = logged[2]._pictures
    assert found == [stored[i] for i in (4, 5, 0, 1, 2, 3)]


def test_head_answers_without_a_body(client: Client) -> None:
    answer = client.head(PREFIX + "runs")
    assert (answer.status_code, answer.data) == (200, b"")


# What is refused


def refused(answer: TestResponse, status: int, sentence: str) -> None:
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, text
    assert sentence in text
    assert len(text.splitlines()) == 1
    assert answer.content_type.startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("route", "change", "status", "sentence"),
    [
        ("steps", {"run": "nowhere"}, 404, "there is no run 'nowhere'"),
        ("steps", {"tag": "other"}, 404, "run 'train/a b' has no tag 'other': it has 'fgsm'"),
        ("steps", {"tag": "loss"}, 404, "has no tag 'loss'"),
        ("steps", {"tag": "image"}, 404, "has no tag 'image'"),
        ("record", {"tag": "image", "step": 0}, 404, "has no tag 'image'"),
        ("pictures", {"tag": "image", "step": 0, "samples": 0}, 404, "has no tag 'image'"),
        ("opening", {"step": -1}, 400, "step is a whole number from 0 on, got '-1'"),
        ("opening", {"step": "last"}, 400, "step is a whole number from 0 on, got 'last'"),
        ("record", {"run": "nowhere"}, 404, "there is no run 'nowhere'"),
        ("record", {"run": ""}, 404, "there is no run ''"),
        ("record", {"step": 1}, 404, "has no step 1: it was never logged, or"),
        ("record", {"step": 9223372036854775807}, 404, "has no step"),
        ("record", {"step": 10**30}, 400, "step is a whole number from 0 on"),
        ("record", {"step": "9" * 5000}, 400, "step is a whole number from 0 on"),
        ("record", {"step": -1}, 400, "step is a whole number from 0 on, got '-1'"),
        ("record", {"step": "1.0"}, 400, "got '1.0'"),
        ("record", {"step": "٢"}, 400, "step is a whole number"),
        ("record", {"step": ""}, 400, "step is a whole number"),
        ("curves", {}, 400, "the argument steps is missing"),
        ("curves", {"steps": ""}, 400, "a step is a whole number from 0 on, got ''"),
        ("curves", {"steps": "0,,2"}, 400, "a step is a whole number from 0 on, got ''"),
        ("curves", {"steps": "0-2"}, 400, "a step is a whole number from 0 on, got '0-2'"),
        ("curves", {"steps": 10**19}, 400, "a step is a whole number from 0 on"),
        ("curves", {"steps": 10**18}, 404, "has no step"),
        ("curves", {"steps": "0,1,2"}, 404, "has no step 1: it was never logged, or"),
        ("curves", {"steps": ",".join(["0"] * 65)}, 400, "64 steps at most"),
        ("curves", {"run": "nowhere", "steps": 0}, 404, "there is no run 'nowhere'"),
        ("curves", {"tag": "image", "steps": 0}, 404, "has no tag 'image'"),
        ("picture", {"sample": 4}, 404, "no sample 4: this step has pictures of 4"),
        ("picture", {"sample": -1}, 400, "sample is a whole number from 0 on, got '-1'"),
        ("picture", {"sample": 10**18}, 404, "no sample"),
        ("picture", {"kind": "noise"}, 400, "kind is one of original, direction, adversarial"),
        ("picture", {"kind": "adversarial", "epsilon": "8/255"}, 400, "epsilon is a number in [0"),
        ("picture", {"kind": "adversarial", "epsilon": "nan"}, 400, "got 'nan'"),
        ("picture", {"kind": "adversarial", "epsilon": "inf"}, 400, "got 'inf'"),
        ("picture", {"kind": "adversarial", "epsilon": 1.5}, 400, "got '1.5'"),
        ("picture", {"kind": "adversarial", "epsilon": "0_0.1"}, 400, "got '0_0.1'"),
        ("picture", {"kind": "adversarial", "epsilon": -0.1}, 400, "got '-0.1'"),
        ("picture", {"kind": "adversarial", "epsilon": ""}, 400, "got ''"),
        ("picture", {"kind": "adversarial"}, 400, "the argument epsilon is missing"),
        ("picture", {"format": "gif"}, 400, "format is one of webp, png; got 'gif'"),
        ("pictures", {"samples": "0-4"}, 404, "no sample 4"),
        ("pictures", {"samples": "2-1"}, 400, "samples are such as 0,2,5-9"),
        ("pictures", {"samples": "0-"}, 400, "samples are such as 0,2,5-9"),
        ("pictures", {"samples": "-1"}, 400, "whole number"),
        ("pictures", {"samples": ""}, 400, "whole number"),
        ("pictures", {"samples": ",".join(["0"] * 65)}, 400, "64 samples at most"),
        ("pictures", {}, 400, "the argument samples is missing"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client, route, change, status, sentence) -> None:
    arguments = PLACE | ({"sample": 0, "kind": "original"} if route == "picture" else {}) | change
    refused(get(client, route, **arguments), status, sentence)


def test_64_steps_are_answered_at_once(client: Client) -> None:
    answer = get(client, "curves", run="train/a b", tag="fgsm", steps=",".join(["0", "2"] * 32))
    assert len(answer.json["curves"]) == 64


@pytest.mark.parametrize("missing", ["run", "tag", "step", "sample", "kind"])
def test_a_missing_argument_is_named(client: Client, missing: str) -> None:
    arguments = PLACE | {"sample": 0, "kind": "original"}
    del arguments[missing]
    refused(get(client, "picture", **arguments), 400, f"the argument {missing} is missing")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.open(PREFIX + "runs", method=method)
    refused(answer, 405, "answers GET")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_damaged_record_is_told(client: Client) -> None:
    place = {"run": "damaged", "tag": "fgsm", "step": 0}
    refused(get(client, "record", **place), 422, "run 'damaged', tag 'fgsm', step 0: not a record")
    refused(get(client, "picture", **place, sample=0, kind="original"), 422, "not a record")


def test_a_damaged_picture_is_told_and_the_others_are_served(client: Client) -> None:
    place = {"run": "damaged", "tag": "fgsm", "step": 1, "kind": "original"}
    assert get(client, "record", run="damaged", tag="fgsm", step=1).status_code == 200
    refused(get(client, "picture", **place, sample=0), 422, "the original of sample 0 is damaged")
    assert get(client, "picture", **place, sample=1).status_code == 200


def test_a_newer_record_is_told_as_such(client: Client) -> None:
    answer = get(client, "record", run="damaged", tag="fgsm", step=2)
    refused(answer, 422, "version 7, this release reads up to version 2: upgrade")


def test_a_sound_step_beside_damaged_ones_is_served(client: Client) -> None:
    assert get(client, "record", run="damaged", tag="fgsm", step=3).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "../plugin.py",
        "%2e%2e/plugin.py",
        "static/../plugin.py",
        "..%2f..%2fsetup.py",
        "index.js/..",
        "//etc/passwd",
        "py.typed",
    ],
)
def test_no_path_leads_out_of_the_built_files(client: Client, path: str) -> None:
    answer = client.get(PREFIX + path)
    assert answer.status_code == 404 or answer.data == (STATIC / "index.js").read_bytes()


def test_the_dashboard_is_served(client: Client) -> None:
    answer = client.get(PREFIX + "index.js")
    assert answer.content_type.startswith("text/javascript")
    assert b"render" in answer.data
    listed = client.get("/data/plugins_listing").json["fgsm"]
    assert listed["tab_name"] == "FGSM"
    assert listed["loading_mechanism"]["module_path"] == "/data/plugin/fgsm/index.js"
    assert listed["enabled"]


def test_each_built_file_is_served_as_what_it_is(client: Client) -> None:
    built = [path for path in STATIC.rglob("*.js") if path.is_file()]
    assert STATIC / "index.js" in built
    for path in built:
        answer = client.get(PREFIX + path.relative_to(STATIC).as_posix())
        assert answer.data == path.read_bytes()
        assert answer.content_type.startswith("text/javascript")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        route = PREFIX + path.relative_to(STATIC).as_posix()
        packed = client.get(route, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == path.read_bytes()
        assert len(packed.data) == int(packed.headers["Content-Length"])
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_file_that_is_built_anew_is_served_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.js"
    client = Client(Request.application(_file(path)))
    for number, content in enumerate([b"old", b"new"]):
        path.write_bytes(content)
        os.utime(path, (number, number))
        assert client.get("/").data == content


# How TensorBoard is started


@pytest.mark.long
@pytest.mark.parametrize("provider", servers.PROVIDERS)
@pytest.mark.parametrize(("flags", "kept"), [((), 50), (("--samples_per_plugin", "fgsm=7"), 7)])
def test_50_steps_are_kept_unless_the_user_says_otherwise(
    provider: str, flags: tuple[str, ...], kept: int, tmp_path: Path
) -> None:
    (logdir := tmp_path / "logdir").mkdir()
    with SummaryWriter(str(logdir)) as writer:
        logger = FGSMLogger(writer, FGSM([0.1]), max_samples=0)
        for step in range(60):
            logger.log(convolutional(), *batch(size=4), step=step)
    with servers.client(provider, "--logdir", str(logdir), *flags) as client:
        answer = servers.eventually(
            lambda: get(client, "steps", run=".", tag="fgsm"),
            lambda answer: answer.status_code == 200 and answer.json["steps"][-1]["step"] == 59,
        )
        assert len(answer.json["steps"]) == kept
        assert client.get(PREFIX + "runs").json["kept"] == kept


def test_a_path_prefix_is_honoured(logdir: Path) -> None:
    with servers.client("rust", "--logdir", str(logdir), "--path_prefix", "/deep/er") as client:
        assert client.get("/deep/er" + PREFIX + "runs").status_code == 200
        assert client.get(PREFIX + "runs").status_code == 404


def test_a_logdir_spec_names_the_runs(logdir: Path) -> None:
    with servers.client("python", "--logdir_spec", f"mine:{logdir / 'train'}") as client:
        answer = servers.eventually(
            lambda: client.get(PREFIX + "runs").json["runs"], lambda runs: bool(runs)
        )
        assert answer == [{"run": "mine/a b", "tags": ["fgsm"]}]


def test_many_requests_at_once_are_all_answered(client: Client) -> None:
    def ask(number: int) -> int:
        arguments = PLACE | {"samples": f"0-{number % 4}"} if number % 2 else {"run": "damaged"}
        route = "pictures" if number % 2 else "steps"
        return get(client, route, **{"tag": "fgsm", **arguments}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(64))) == {200}


@pytest.mark.long
def test_a_step_that_is_logged_anew_has_a_new_curve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tensorboard_fgsm.plugin.store._REMEMBERED_SECONDS", 1.0)

    def log(epsilon: float) -> None:
        with SummaryWriter(str(tmp_path / "logdir")) as writer:
            FGSMLogger(writer, FGSM([epsilon])).log(convolutional(), *batch(size=4), step=0)

    def epsilons(client: Client) -> object:
        answer = get(client, "curves", run=".", tag="fgsm", steps="0")
        return answer.status_code == 200 and answer.json["curves"][0]["epsilons"]

    log(0.1)
    # TensorBoard's other provider goes on with the step as it was first logged.
    with servers.client("rust", "--logdir", str(tmp_path / "logdir")) as client:
        servers.eventually(lambda: epsilons(client), lambda found: found == [0.1])
        log(0.2)
        servers.eventually(lambda: epsilons(client), lambda found: found == [0.2])


@pytest.mark.parametrize("provider", servers.PROVIDERS)
def test_a_run_whose_name_the_data_server_cannot_read_is_told(provider: str, tmp_path) -> None:
    with SummaryWriter(str(tmp_path / "logdir" / 'a"b')) as writer:
        FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(size=4), step=0)
    with servers.client(provider, "--logdir", str(tmp_path / "logdir")) as client:
        servers.eventually(lambda: client.get(PREFIX + "runs").json["runs"], bool)
        answer = get(client, "record", run='a"b', tag="fgsm", step=0)
        if provider == "rust":
            refused(answer, 400, "start tensorboard with --load_fast=false")
        else:
            assert answer.status_code == 200


def test_an_empty_logdir_has_no_runs(tmp_path: Path) -> None:
    with servers.client("rust", "--logdir", str(tmp_path)) as client:
        assert client.get(PREFIX + "runs").json == {"kept": 50, "runs": []}
        assert client.get(PREFIX + "opening").json == {"kept": 50, "runs": []}
        refused(get(client, "record", **PLACE), 404, "there is no run")


@pytest.mark.long
@pytest.mark.parametrize("provider", servers.PROVIDERS)
def test_a_step_that_is_dropped_between_listing_and_reading_is_a_404(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than TensorBoard takes to read what is new, and no longer than it need be.
    monkeypatch.setattr("tensorboard_fgsm.plugin.store._REMEMBERED_SECONDS", 3.0)
    logdir = tmp_path / "logdir"
    with (
        SummaryWriter(str(logdir)) as writer,
        servers.client(
            provider, "--logdir", str(logdir), "--samples_per_plugin", "fgsm=1"
        ) as client,
    ):
        logger = FGSMLogger(writer, FGSM([0.1]), max_samples=1)

        def newest(step: int) -> None:
            logger.log(convolutional(), *batch(size=4), step=step)
            writer.flush()
            servers.eventually(
                lambda: get(client, "steps", run=".", tag="fgsm"),
                lambda answer: (
                    answer.status_code == 200
                    and [s["step"] for s in answer.json["steps"]] == [step]
                ),
            )

        newest(0)
        assert get(client, "record", run=".", tag="fgsm", step=0).status_code == 200
        # What the store remembers is deliberately stale now: the step goes while it believes in it.
        logger.log(convolutional(), *batch(size=4), step=1)
        writer.flush()
        answer = servers.eventually(
            lambda: get(client, "record", run=".", tag="fgsm", step=0),
            lambda answer: answer.status_code != 200,
        )
        refused(answer, 404, "step 0")


@pytest.mark.parametrize("provider", servers.PROVIDERS)
def test_a_value_that_is_no_blob_sequence_is_no_500(provider: str, tmp_path: Path) -> None:
    from tensorboard.compat.proto import summary_pb2, tensor_pb2, types_pb2

    logdir = tmp_path / "logdir"
    with SummaryWriter(str(logdir)) as writer:
        for tag, tensor in {
            "scalar": tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, float_val=[1.0]),
            "rank0": tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=[b"{}"]),
        }.items():
            value = summary_pb2.Summary.Value(tag=tag, metadata=summary.METADATA, tensor=tensor)
            writer.file_writer.add_summary(summary_pb2.Summary(value=[value]), 0)
        FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(size=4), step=0)
    with servers.client(provider, "--logdir", str(logdir)) as client:
        servers.eventually(lambda: client.get(PREFIX + "runs").json["runs"], bool)
        for tag in ("scalar", "rank0"):
            for route in ("record", "picture", "pictures"):
                answer = get(
                    client, route, run=".", tag=tag, step=0, sample=0, samples=0, kind="original"
                )
                assert 400 <= answer.status_code < 500, answer.data
            answer = get(client, "curves", run=".", tag=tag, steps="0")
            assert answer.status_code == 404 or "error" in answer.json["curves"][0], answer.data


def test_the_limits_are_the_documented_ones() -> None:
    assert query.MAX_SAMPLES == query.MAX_STEPS == 64


def test_the_schema_is_valid_json() -> None:
    assert json.loads(json.dumps(record.schema()))["$ref"] == "#/$defs/Record"
