"""TensorBoard itself, on a logdir: its WSGI application with either data provider, or its
process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tensorboard import default, program
from tensorboard.backend import application
from tensorboard.plugins.core import core_plugin
from werkzeug.test import Client

PROVIDERS = ["rust", "python"]


@contextlib.contextmanager
def client(provider: str, *flags: str) -> Iterator[Client]:
    """A werkzeug client of the application that ``tensorboard`` with these flags would serve."""
    # TensorBoard's other plugins start threads that outlive the data server.
    server = program.TensorBoard([core_plugin.CorePluginLoader(), *default.get_dynamic_plugins()])
    load_fast = "--load_fast=true" if provider == "rust" else "--load_fast=false"
    server.configure(["tensorboard", load_fast, "--reload_interval", "1", *flags])
    data_provider, multiplexer = server._make_data_provider()
    app = application.TensorBoardWSGIApp(
        server.flags, server.plugin_loaders, data_provider, None, multiplexer
    )
    try:
        yield Client(app)
    finally:
        if provider == "rust":
            server._ingester._stdin_handle.close()  # the data server ends with its input


def eventually(ask, accepted, seconds: float = 20.0):
    """Asks until the answer is accepted, as the providers load in the background."""
    deadline = time.monotonic() + seconds
    while not accepted(answer := ask()):
        assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
        time.sleep(0.1)
    return answer


def own_port() -> int:
    """A free port that no connection is given by chance, for one server after another."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    first = 20_000 + 1_000 * worker
    for port in range(first + os.getpid() % 500, first + 1_000):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no port is free below {first + 1_000}")


@contextlib.contextmanager
def process(logdir: Path, *flags: str, port: int = 0) -> Iterator[str]:
    """A real ``tensorboard`` process, at some free port or at this one; yields its address."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    command += ["--port", str(port)]
    with tempfile.TemporaryFile("w+") as output:
        running = subprocess.Popen(
            [*command, "--reload_interval", "1", *flags],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        try:
            yield _address(running, output)
        finally:
            running.terminate()
            running.wait(20)


def wait_for_steps(address: str, run: str, tag: str, count: int) -> None:
    """Waits until a TensorBoard has read all steps of a tag."""
    place = urllib.parse.urlencode({"run": run, "tag": tag})
    url = f"{address.rstrip('/')}/data/plugin/fgsm/steps?{place}"

    def read() -> int:
        try:
            with urllib.request.urlopen(url) as answer:
                return len(json.load(answer)["steps"])
        except urllib.error.HTTPError as error:
            error.close()
            return 0

    eventually(read, lambda found: found == count, seconds=60)


def _address(running: subprocess.Popen, output) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        output.seek(0)
        found = re.search(r"at (http://\S+)", text := output.read())
        if found:
            return found.group(1)
        assert running.poll() is None, f"tensorboard ended:\n{text}"
        time.sleep(0.1)
    raise AssertionError("tensorboard did not say its address")
