"""A hostile log directory: the routes give the sound steps, and a sentence for what is not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from tensorboard_fgsm.format import record
from tensorboard_fgsm.plugin.description import ROUTES, Argument, Route
from tests import servers
from tests.format.event_files import event, stored, write
from tests.plugin.hostile import MARKUP, NAMES, hostile_logdir

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.long,
]

PREFIX = "/data/plugin/fgsm/"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_logdir(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module", params=servers.PROVIDERS)
def client(request: pytest.FixtureRequest, logdir: Path) -> Iterator[Client]:
    with servers.client(request.param, "--logdir", str(logdir)) as client:
        servers.eventually(lambda: listed(client), lambda runs: {*NAMES, "sound", "steps"} <= runs)
        servers.eventually(
            lambda: [get(client, "record", run=run, step=2) for run in ("sound", "no blobs")],
            lambda answers: all(answer.status_code == 200 for answer in answers),
        )
        yield client


def listed(client: Client) -> set[str]:
    return {run["run"] for run in client.get(PREFIX + "runs").json["runs"]}


def get(client: Client, route: str, **arguments: object) -> TestResponse:
    return client.get(f"{PREFIX}{route}?{urlencode({'tag': 'fgsm', 'step': 1, **arguments})}")


def refused(answer: TestResponse, status: int, sentence: str) -> None:
    assert (answer.status_code, sentence in answer.text) == (status, True), answer.text[:500]
    assert len(answer.text) < 1000
    assert answer.content_type.startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("run", ["sound", "cut", "length", *NAMES])
def test_a_sound_step_is_served_whatever_lies_beside_it(client: Client, run: str) -> None:
    assert record.decode(get(client, "record", run=run).data) == stored()[0]
    drawn = get(client, "picture", run=run, sample=0, kind="adversarial", epsilon=0.5)
    assert (drawn.status_code, drawn.content_type) == (200, "image/webp")
    assert get(client, "pictures", run=run, samples=0).status_code == 200
    (curve,) = get(client, "curves", run=run, steps=1).json["curves"]
    assert curve["count"] == 4


@pytest.mark.parametrize(
    ("run", "sentence"),
    [
        ("no record", "not a record"),
        ("empty record", "not a record"),
        ("deep record", "not a record"),
        ("many epsilons", "not a record: epsilons increase strictly"),
        ("long count", "$.count"),
        ("picture missing", "1 pictures are stored for 1 samples, not 2"),
        ("picture too many", "3 pictures are stored for 1 samples, not 2"),
        ("pictures missing", "0 pictures are stored for 1 samples, not 2"),
        ("too large", "pictures of 8000 × 12000 pixels are not stored"),
    ],
)
def test_a_hostile_record_is_a_422_by_every_route(client: Client, run: str, sentence: str) -> None:
    for _ in range(2):  # the second time it is remembered
        refused(get(client, "record", run=run), 422, sentence)
        refused(get(client, "picture", run=run, sample=0, kind="original"), 422, sentence)
        refused(get(client, "pictures", run=run, samples=0), 422, sentence)
        refused(get(client, "pictures", run=run, samples=0, each=3), 422, sentence)
    (curve,) = get(client, "curves", run=run, steps=1).json["curves"]
    assert len(json.dumps(curve)) < 1000
    assert get(client, "record", run=run, step=2).status_code == 200


def test_a_record_that_is_too_long_is_a_422(tmp_path: Path) -> None:
    write(tmp_path, event(1, [b" " * (record.MAX_BYTES + 1)]))
    # TensorBoard's other provider takes ten seconds for its checksum.
    with servers.client("rust", "--logdir", str(tmp_path)) as client:
        servers.eventually(lambda: listed(client), bool)
        answer = get(client, "record", run=".")
        refused(answer, 422, "a record of 33,554,433 bytes is too long")


@pytest.mark.parametrize(
    ("run", "kind", "sentence"),
    [
        ("claims too much", "original", "pictures of 8000 × 12000 pixels are not stored"),
        ("claims another size", "original", "1 × 1 pixels, the record says 16 × 48"),
        ("no picture", "original", "no WebP picture"),
        ("no picture", "direction", "no WebP picture"),
        ("no direction", "direction", "values other than 0, 128 and 255"),
    ],
)
def test_a_hostile_picture_is_a_422_and_costs_no_more_than_a_good_one(
    client: Client, run: str, kind: str, sentence: str
) -> None:
    def seconds(run: str) -> float:  # of computing: what is waited for is the machine's affair
        start = time.thread_time()
        get(client, "picture", run=run, sample=0, kind=kind)
        return time.thread_time() - start

    refused(get(client, "picture", run=run, sample=0, kind=kind), 422, sentence)
    assert get(client, "picture", run="sound", sample=0, kind=kind).status_code == 200
    good = min(seconds("sound") for _ in range(5))
    assert min(seconds(run) for _ in range(5)) < 20 * good


@pytest.mark.parametrize(
    ("run", "lengths"),
    [
        ("claims too much", [0, len(stored()[1][1])]),
        ("claims another size", [0, len(stored()[1][1])]),
        ("no picture", [0, 0]),
        ("no direction", [len(stored()[1][0])] * 2),  # of the record's size, if of no signs
    ],
)
def test_what_claims_another_size_is_not_sent_to_be_decoded(client, run, lengths) -> None:
    answer, found = get(client, "pictures", run=run, samples=0).data, []
    while answer:
        found.append(int.from_bytes(answer[:4], "little"))
        answer = answer[4 + found[-1] :]
    assert found == lengths


def test_steps_that_javascript_cannot_tell_apart_are_not_listed(client: Client) -> None:
    steps = get(client, "steps", run="steps").json["steps"]
    assert {step["step"] for step in steps} <= {1}
    assert get(client, "record", run="steps", step=2**53).status_code == 404
    assert get(client, "record", run="steps", step=2**63 - 1).status_code == 404


def test_a_time_that_is_no_number_is_one_in_the_answer(client: Client) -> None:
    answer = get(client, "steps", run="untimed")
    if answer.status_code == 200:  # TensorBoard's data server passes over such a step
        assert answer.json == {"steps": [{"step": 1, "wall_time": 0.0}]}
        assert get(client, "record", run="untimed").status_code == 200
    else:
        refused(answer, 404, "there is no run 'untimed'")


def test_names_are_text(client: Client) -> None:
    assert set(NAMES) <= listed(client)
    found = get(client, "record", run="named").json
    assert found["class_names"][0] == MARKUP
    for name in NAMES:
        answer = get(client, "steps", run=name, tag=name)
        refused(answer, 404, f"run {name!r} has no tag {name!r}: it has 'fgsm'")


# Any request


def texts(argument: Argument) -> st.SearchStrategy[str]:
    """What an argument may be, and what it may not."""
    likely = {
        "run": st.sampled_from(["sound", "cut", "claims too much", "picture missing", "steps"]),
        "tag": st.just("fgsm"),
        "step": st.sampled_from(["1", "2", "01", "3"]),
        "steps": st.lists(st.sampled_from(["1", "2"]), max_size=70).map(",".join),
        "sample": st.sampled_from(["0", "1"]),
        "samples": st.lists(st.sampled_from(["0", "0-0", "0-1", "1"]), max_size=70).map(",".join),
        "kind": st.sampled_from(["original", "direction", "adversarial"]),
        "epsilon": st.floats(0, 1).map(str) | st.floats().map(str),
        "format": st.sampled_from(["webp", "png"]),
        "each": st.integers(0, 1100).map(str),
    }
    any_text = st.text(st.characters(codec="utf-8"), max_size=30)
    digits = st.integers(0, 3000).map(lambda length: "9" * length)
    long = st.sampled_from(["x", "0", "1e", ",", "0-"]).map(lambda text: text * argument.longest)
    return st.integers(0, 9).flatmap(
        lambda chance: likely[argument.name] if chance else any_text | digits | long
    )


def requests(route: Route) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Arguments of a route: some of them missing, some twice, and some that are not its own."""
    named = [st.tuples(st.just(each.name), texts(each)) for each in route.arguments]
    all_of = st.tuples(*named).map(list)
    some_of = st.lists(st.one_of(*named), max_size=9) if named else st.just([])
    strange = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=2)
    encodable = strange.filter(lambda pairs: str(pairs).isascii())
    return st.tuples(all_of | all_of | some_of, encodable).map(lambda both: both[0] + both[1])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_any_request_is_answered_as_described(client, route: Route, exhaustive: bool) -> None:
    @settings(
        max_examples=3000 if exhaustive else 60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(route), st.sampled_from(["GET", "HEAD"]))
    def answered(arguments: list[tuple[str, str]], method: str) -> None:
        answer = client.open(f"{PREFIX}{route.name}?{urlencode(arguments)}", method=method)
        assert answer.status_code in (200, 400, 404, 422), answer.text[:500]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        if answer.status_code == 200:
            assert answer.content_type in route.content_types
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        else:
            assert answer.content_type == "text/plain; charset=utf-8"
            assert len(answer.text) < 10_000

    answered()
