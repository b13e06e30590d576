"""The notebook of the docs, executed, and the tab that ``%tensorboard`` shows in it."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.lazy import Lazy

nbclient, nbformat = Lazy("nbclient"), Lazy("nbformat")

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[Any]]]:
    """What each cell of code put out; the kernel, and with it TensorBoard, runs on meanwhile."""
    place = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources=place)
    with pytest.MonkeyPatch.context() as patched:
        # As in an activated environment: there `%tensorboard` finds its command.
        patched.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with client.setup_kernel():
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            yield [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.process
def test_it_says_how_robust_its_two_networks_are(outputs: list[list[Any]]) -> None:
    said = "".join(output.text for output in outputs[1] if output.output_type == "stream")
    shares = {
        name: [int(share) for share in re.findall(r"(\d+)%", line)]
        for name, line in re.findall(r"^(\w+): (.*)$", said, re.MULTILINE)
    }
    assert shares["standard"][0] > 90
    assert shares["adversarial"][4] > shares["standard"][4] + 30
    assert any("image/png" in output.get("data", {}) for output in outputs[3])


@contextlib.contextmanager
def served(body: str) -> Iterator[str]:
    """The address of a page that a server on this machine has, as a notebook's is."""
    page = Response(f"<body>{body}", mimetype="text/html")
    server = make_server("localhost", 0, page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.process
def test_the_tab_appears_below_its_cell(outputs: list[list[Any]], browser: Browser) -> None:
    (shown,) = filter(None, (output.get("data", {}).get("text/html") for output in outputs[2]))
    context = browser.new_context(locale="en-US", viewport={"width": 1200, "height": 900})
    page = context.new_page()
    with served(shown) as address:
        page.goto(address)
        tensorboard = page.frame_locator("iframe")
        tensorboard.get_by_role("tab", name="FGSM").click(timeout=60_000)
        tab = tensorboard.frame_locator("iframe")
        expect(tab.locator("fgsm-app[data-ready]")).to_be_attached()
        expect(tab.locator("fgsm-grid [data-place] article").first).to_be_visible()
        context.close()
