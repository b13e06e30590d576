"""No request holds the server: what it says and what it costs is bounded."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from tensorboard_fgsm.format import record
from tensorboard_fgsm.plugin import description, routes, step
from tensorboard_fgsm.plugin.gate import BusyError, Gate
from tensorboard_fgsm.plugin.recent import Recent
from tests import servers
from tests.format.event_files import event, write

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

PREFIX = "/data/plugin/fgsm/"
ORIGINAL = {"sample": 0, "kind": "original"}
ADVERSARIAL = {"sample": 0, "kind": "adversarial"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    logdir = tmp_path_factory.mktemp("logdir")
    write(logdir, event(1), event(2), event(3))
    with servers.client("rust", "--logdir", str(logdir)) as client:
        servers.eventually(lambda: get(client, "record", step=3).status_code, lambda s: s == 200)
        yield client


def get(client: Client, route: str, headers: dict[str, str] | None = None, **arguments: object):
    query = urlencode({"run": ".", "tag": "fgsm", "step": 1, **arguments})
    return client.get(f"{PREFIX}{route}?{query}", headers=headers)


# What a request says


@pytest.mark.parametrize(
    "epsilon", ["0" * 32_000 + "x", "0" * 31 + "x", "." * 32, "1" * 32_000, "0." + "1" * 30 + "e"]
)
def test_an_epsilon_of_any_length_is_refused_at_once(client: Client, epsilon: str) -> None:
    start = time.perf_counter()
    answer = get(client, "picture", **ADVERSARIAL, epsilon=epsilon)
    assert time.perf_counter() - start < 0.5
    assert answer.status_code == 400
    assert "epsilon is a number in [0, 1]" in answer.text


@pytest.mark.parametrize("epsilon", ["0", "1", ".5", "0.5", "5e-324", "1E-3", "0.0078431372549"])
def test_an_epsilon_may_be_written_in_any_usual_way(client: Client, epsilon: str) -> None:
    assert get(client, "picture", **ADVERSARIAL, epsilon=epsilon).status_code == 200


def test_a_query_that_is_too_long_is_refused_whatever_it_says(client: Client) -> None:
    answer = client.get(f"{PREFIX}runs?{'a&' * 2**14}b")
    assert answer.status_code == 400
    assert "a query has 32768 bytes at most, got 32769" in answer.text


# What a request costs


def test_costly_requests_wait_for_one_another_and_others_do_not(client, monkeypatch) -> None:
    monkeypatch.setattr(routes, "_drawing", gate := Gate(1, seconds=0.1))
    with gate:
        answer = get(client, "picture", **ORIGINAL)
        assert get(client, "steps").status_code == 200
        assert get(client, "pictures", samples=0).status_code == 200
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.text == "too many costly requests at once: ask again in a second"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert get(client, "picture", **ORIGINAL).status_code == 200


def test_a_gate_lets_so_many_pass_at_a_time_and_has_the_others_wait() -> None:
    gate, within, most, lock = Gate(3, seconds=20), 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal within, most
        with gate:
            with lock:
                within += 1
                most = max(most, within)
            time.sleep(0.002)
            with lock:
                within -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(60)))
    assert most == 3


def test_a_gate_is_free_again_after_an_error() -> None:
    gate = Gate(1, seconds=0.01)
    with pytest.raises(KeyError), gate:
        raise KeyError
    with gate, pytest.raises(BusyError), gate:
        pass
    with gate:
        pass


def test_a_record_is_not_parsed_anew_for_each_of_its_pictures(client: Client, monkeypatch) -> None:
    parsed: list[int] = []
    decode = record.decode
    monkeypatch.setattr(record, "decode", lambda data: parsed.append(len(data)) or decode(data))

    def ask(_: int) -> int:
        return get(client, "picture", step=2, **ORIGINAL).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(24))) == {200}
    assert get(client, "record", step=2).status_code == 200
    assert get(client, "pictures", step=2, samples=0).status_code == 200
    assert len(parsed) <= 2  # by so many at a time, before it is remembered


def test_an_answer_of_too_many_bytes_is_refused(client: Client, monkeypatch) -> None:
    stored = len(get(client, "pictures", samples="0,0").data)
    monkeypatch.setattr(step, "MAX_ANSWER", stored - 16)
    assert get(client, "pictures", samples="0,0").status_code == 200
    monkeypatch.setattr(step, "MAX_ANSWER", stored - 17)
    answer = get(client, "pictures", samples="0,0")
    assert answer.status_code == 400
    assert f"these pictures are more than {stored - 17:,} bytes: ask for fewer" in answer.text


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12)), max_size=40))
def test_what_is_remembered_never_weighs_more_than_there_is_room_for(puts) -> None:
    recent: Recent[int, int] = Recent(10)
    for key, weight in puts:
        recent.put(key, weight, weight)
        assert recent.get(key) == (weight if weight <= 10 else None)
        held = [found for key in range(6) if (found := recent.get(key)) is not None]
        assert sum(held) <= 10


# Who asks


def asked(client: Client, site: str, mode: str, dest: str) -> TestResponse:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    return get(client, "picture", headers, **ORIGINAL)


@pytest.mark.parametrize(
    ("mode", "dest"),
    [
        ("no-cors", "image"),
        ("no-cors", "script"),
        ("cors", "empty"),
        ("no-cors", "empty"),
        ("navigate", "iframe"),
        ("navigate", "embed"),
    ],
)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_origin_is_refused(client: Client, site, mode, dest) -> None:
    answer = asked(client, site, mode, dest)
    assert answer.status_code == 403
    assert "open the address in a tab of its own" in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("site", "mode", "dest"),
    [
        ("same-origin", "cors", "empty"),
        ("same-origin", "no-cors", "image"),
        ("none", "navigate", "document"),
        ("cross-site", "navigate", "document"),  # a link that somebody sent
    ],
)
def test_our_own_page_and_a_link_are_answered(client: Client, site, mode, dest) -> None:
    answer = asked(client, site, mode, dest)
    assert answer.status_code == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("route", [*(route.name for route in description.ROUTES), "index.js"])
def test_no_route_is_open_to_pages_of_other_sites(client: Client, route: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = client.get(PREFIX + route, headers=headers)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/%2e%2e/pyproject.toml",
        "..%5c..%5cpyproject.toml",
        "assets/%2e%2e/%2e%2e/routes.py",
        "assets/..%2f..%2froutes.py",
        "%252e%252e/routes.py",
        "assets/",
        "assets",
        "index.js%00.png",
        "index.js/",
        "/index.js",
        "runs/../../../../etc/passwd",
    ],
)
def test_no_path_leads_to_other_files(client: Client, path: str) -> None:
    answer = client.get(PREFIX + path)
    built = (Path(routes.STATIC) / "index.js").read_bytes()
    assert answer.status_code == 404 or answer.data == built
