"""Asks a TensorBoard's plugin over HTTP, each time by a new connection: it keeps none."""

from __future__ import annotations

import http.client
import json
import time
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit


class Answer(NamedTuple):
    """What came, and how soon."""

    seconds: float
    body: bytes


def ask(address: str, route: str, plugin: str = "fgsm", **arguments: object) -> Answer:
    """Asks one question.

    Args:
        address: TensorBoard's.
        route: of the plugin.
        plugin: which one.
        arguments: of the question.

    Raises:
        ValueError: the answer is not a 200.
    """
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    start = time.perf_counter()
    try:
        connection.request("GET", f"/data/plugin/{plugin}/{route}?{urlencode(arguments)}")
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise ValueError(f"{route} {arguments}: {answer.status} {body[:200]!r}")
    return Answer(time.perf_counter() - start, body)


def wait_for_all(address: str, runs: list[str], steps: int, seconds: float = 600) -> None:
    """Waits until a TensorBoard has read all steps of all runs.

    Raises:
        TimeoutError: it had not after so many seconds.
    """
    missing, deadline = list(runs), time.monotonic() + seconds
    while missing:
        listed = {
            each["run"]: each["tags"] for each in json.loads(ask(address, "runs").body)["runs"]
        }
        # The last are read last, and no run is asked for again that was complete.
        while missing and missing[-1] in listed:
            (tag,) = listed[missing[-1]]
            found = json.loads(ask(address, "steps", run=missing[-1], tag=tag).body)["steps"]
            if len(found) < steps:
                break
            missing.pop()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(missing)} runs are not read after {seconds:g} s")
        if missing:
            time.sleep(0.05)
