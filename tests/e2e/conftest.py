"""A real ``tensorboard`` and a real Chromium for the browser tests."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tests import servers
from tests.e2e import chromium
from tests.e2e.pages import Pages
from tests.e2e.tab import Tab
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite
from tests.networks import convolutional

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong

CLASSES = ["cannon", "고양이", "kite", "a name of many words " * 10, "drum"]
EPSILONS = (0.5 / 255, 2 / 255, 8 / 255, 0.2)
COUNT = 40


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, **chromium.launch_options()}


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs to compare, small digits, and every kind of damage."""
    root = tmp_path_factory.mktemp("logdir")
    generator = torch.Generator().manual_seed(0)
    photos = torch.rand(COUNT, 3, 4, 6, generator=generator)
    photos = torch.nn.functional.interpolate(photos, (32, 48), mode="bicubic").clamp(0, 1)
    digits = torch.rand(8, 1, 28, 28, generator=generator)
    for seed, run in enumerate(["standard", "robust"]):
        model = convolutional(seed=seed).eval()
        labels = model(photos).argmax(1)
        labels[::5] = (labels[::5] + 1) % 5
        for run_steps in [(0, 10, 20), (0, 15)][seed : seed + 1]:
            with SummaryWriter(str(root / "photos" / run)) as writer:
                logger = FGSMLogger(
                    writer, FGSM(EPSILONS), tag="fgsm/photos", class_names=CLASSES, max_samples=30
                )
                for step in run_steps:
                    logger.log(model, (photos * (1 - step / 50)), labels, step=step)
    model = convolutional(channels=1)
    labels = torch.arange(8) % 5
    for tag, samples in (("fgsm/digits", 8), ("fgsm/numbers", 0)):
        with SummaryWriter(str(root / "digits"), filename_suffix=f".{samples}") as writer:
            FGSMLogger(writer, FGSM([0.3]), tag=tag, max_samples=samples).log(
                model, digits, labels, step=4
            )
    with SummaryWriter(str(root / "damaged")) as writer:
        logger = FGSMLogger(writer, FGSM([0.1]), tag="fgsm/damaged", max_samples=3)
        for step in range(4):
            logger.log(model, digits, labels, step=step)
    (path,) = (root / "damaged").glob("*tfevents*")
    changed = events(path)
    blobs = blobs_of(changed)
    blobs[1][1] = blobs[1][1][:30] + bytes([blobs[1][1][30] ^ 255]) + blobs[1][1][31:]
    blobs[2][0] = blobs[2][0][:-30]
    blobs[3][0] = blobs[3][0].replace(b'"version":1', b'"version":8')
    rewrite(path, changed)
    return root


@pytest.fixture(scope="session")
def lasting() -> set[str]:
    """The addresses of TensorBoards that serve more than one file of tests."""
    return set()


@pytest.fixture(scope="session")
def addresses(logdir: Path, lasting: set[str]) -> Iterator[dict[str, str]]:
    """The address of a TensorBoard with each data provider."""
    with contextlib.ExitStack() as stack:
        found = {
            provider: stack.enter_context(
                servers.process(logdir, "--load_fast", str(provider == "rust").lower())
            )
            for provider in servers.PROVIDERS
        }
        lasting.update(found.values())
        yield found


@pytest.fixture(params=servers.PROVIDERS)
def server(request: pytest.FixtureRequest, addresses: dict[str, str]) -> str:
    """The address of a TensorBoard with each data provider."""
    return addresses[request.param]


@pytest.fixture
def rust_server(addresses: dict[str, str]) -> str:
    """The address of a TensorBoard with the data provider that most people have."""
    return addresses["rust"]


@pytest.fixture(scope="session")
def served(
    lasting: set[str], all_pages: Pages
) -> Callable[..., contextlib.AbstractContextManager[str]]:
    """``served(logdir, *flags)`` is the address of a TensorBoard of this directory: the same one
    each time, so that pages in which TensorBoard is loaded, which takes two seconds, serve on.
    """
    port = servers.own_port()

    @contextlib.contextmanager
    def serve(logdir: Path, *flags: str) -> Iterator[str]:
        with servers.process(logdir, *flags, port=port) as address:
            lasting.add(address)
            all_pages.forget(address)
            yield address

    return serve


@pytest.fixture(scope="session")
def all_pages(browser: Browser) -> Iterator[Pages]:
    pages = Pages(browser)
    yield pages
    pages.close()


@pytest.fixture(scope="module")
def pages(all_pages: Pages, lasting: set[str]) -> Iterator[Pages]:
    """Pages with TensorBoard in them."""
    yield all_pages
    all_pages.close(but=lasting)


@pytest.fixture
def open_tab(pages: Pages, request: pytest.FixtureRequest) -> Iterator[Callable[..., Tab]]:
    """``open_tab(address, **selection)`` opens the FGSM tab; at the end of the test, no console
    error, no violation of the page's security policy and no failed request may have happened.
    ``fresh=True`` where TensorBoard itself must be loaded anew, or ends with the test.
    """
    tabs: list[Tab] = []
    failed = request.session.testsfailed

    def open(address: str, *, refusals: bool = False, ready: bool = True, **options) -> Tab:
        selection = {key: options.pop(key) for key in Tab.KEYS if key in options}
        viewport = {"width": options.pop("width", 1440), "height": options.pop("height", 900)}
        page = pages.lend(address, viewport=viewport, **options)
        tab = Tab(page, address, refusals=refusals)
        tabs.append(tab)
        tab.open(selection, ready=ready)
        return tab

    yield open
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    for tab in tabs:
        tab.leave()
        pages.take_back(tab.page, sound=request.session.testsfailed == failed)
    assert complaints == []
