"""The cross-section through a sample, in a real browser: held to what Python reads."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, expect
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, LoggedStep, read_steps
from tensorboard_fgsm.format.cross_section import Cells
from tests import servers
from tests.e2e import axe
from tests.e2e.tab import Tab
from tests.networks import digits, train

EPSILONS = (8 / 255, 32 / 255, 96 / 255)
SIDE = 25
MIDDLE = SIDE // 2

_PATHS = """(paths) => paths.map((path) => [
    path.dataset.class, Number(path.getAttribute('fill-opacity')), path.getAttribute('d'),
])"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of five real digits, three have a cross-section."""
    (inputs, labels), root = digits(), tmp_path_factory.mktemp("sections")
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    train(model, inputs[:900], labels[:900], epochs=5, rate=1e-2)
    with SummaryWriter(str(root / "digits")) as writer:
        logger = FGSMLogger(
            *(writer, FGSM(EPSILONS)),
            max_samples=5,
            cross_sections=3,
            cross_section_resolution=SIDE,
        )
        logger.log(model, inputs[900:930], labels[900:930], step=0)
    return root


@pytest.fixture(scope="module")
def step(runs: Path) -> LoggedStep:
    (step,) = read_steps(runs)
    return step


@pytest.fixture(scope="module")
def address(runs: Path, served) -> Iterator[str]:
    with served(runs) as address:
        servers.wait_for_steps(address, "digits", "fgsm", 1)
        yield address


def section(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-cross-section")


def drawn(tab: Tab) -> tuple[np.ndarray, np.ndarray]:
    """The class of each cell, -1 for the others, and its strength, as they are seen."""
    paths = section(tab).locator("path.cells")
    expect(paths.first).to_be_attached()
    classes, strengths = np.full((SIDE, SIDE), -2), np.zeros((SIDE, SIDE))
    for label, strength, path in paths.evaluate_all(_PATHS):
        for part in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
            x, y, width = map(int, part)
            assert (classes[y, x : x + width] == -2).all(), "a cell is drawn twice"
            classes[y, x : x + width] = -1 if label == "others" else int(label)
            strengths[y, x : x + width] = strength
    return classes, strengths


def place(offset: float) -> str:
    if offset == 0:
        return "0"
    return f"{'−' if offset < 0 else ''}{round(255 * abs(offset), 2):g}/255"


def told(cells: Cells, row: int, column: int) -> str:
    """What is to be read of a cell."""
    said = f"class {cells.classes[row, column]} {100 * cells.probabilities[row, column]:.0f}\xa0%"
    if row == column == MIDDLE:
        return f"The original: {said}"
    along, across = place(cells.axis[column]), place(cells.axis[row])
    return f"{along} along FGSM's direction, {across} across: {said}"


def sentence(cells: Cells) -> str:
    own = cells.classes[MIDDLE, MIDDLE]
    along = cells.classes[MIDDLE, MIDDLE + 1 :] != own
    up, down = cells.classes[MIDDLE + 1 :, MIDDLE], cells.classes[MIDDLE - 1 :: -1, MIDDLE]
    parts = []
    for direction, other in (
        ("FGSM's direction", along),
        ("the random direction", (up != own) | (down != own)),
    ):
        first = place(float(cells.axis[MIDDLE + 1 + other.argmax()]))
        parts.append(
            f"Along {direction}, the first cell of another class is at {first}."
            if other.any()
            else f"Along {direction}, all cells up to {place(EPSILONS[-1])} are of the same class."
        )
    return " ".join(parts)


def test_each_cell_is_drawn_and_told_as_it_was_logged(address, open_tab, step) -> None:
    telling = max(range(3), key=lambda i: len(step.record.samples[i].section.classes))
    cells = step.cross_section(telling)
    assert len(np.unique(cells.classes)) > 1
    tab = open_tab(address, tag="fgsm", sample=telling, epsilon=EPSILONS[1])
    classes, strengths = drawn(tab)
    assert np.array_equal(classes, cells.classes[::-1])
    assert abs(strengths - (0.2 + 0.8 * cells.probabilities[::-1])).max() < 0.03
    expect(section(tab).locator(".says")).to_have_text(sentence(cells))
    shares = {
        str(label): f"{100 * (cells.classes == label).mean():.1f}\xa0%"
        for label in np.unique(cells.classes)
    }
    entries = section(tab).locator("li")
    expect(entries).to_have_count(len(shares))
    for label, share in shares.items():
        expect(section(tab).locator(f'li[data-class="{label}"]')).to_contain_text(share)
    # The rings are where the logged epsilons are, and the dot where epsilon is.
    half = (SIDE - 1) / 2
    at = [0.5 + half * (1 + epsilon / EPSILONS[-1]) for epsilon in EPSILONS]
    read = "(all) => all.map((circle) => Number(circle.getAttribute('cx')))"
    assert section(tab).locator("circle.mark").evaluate_all(read) == pytest.approx(at)
    assert section(tab).locator("circle.now").evaluate_all(read) == pytest.approx([at[1]])

    readout, square = section(tab).locator(".readout"), section(tab).locator("svg")
    expect(readout).to_have_text(told(cells, MIDDLE, MIDDLE))
    size = square.evaluate("(svg) => svg.clientWidth") / SIDE
    for row, column in ((0, 0), (20, 3), (MIDDLE, SIDE - 1), (SIDE - 1, 9)):
        square.hover(position={"x": (column + 0.5) * size, "y": (SIDE - row - 0.5) * size})
        expect(readout).to_have_text(told(cells, row, column))
    section(tab).locator(".says").hover()
    expect(readout).to_have_text(told(cells, MIDDLE, MIDDLE))
    section(tab).get_by_role("application").focus()
    for key, row, column in (
        ("ArrowRight", MIDDLE, MIDDLE + 1),
        ("ArrowUp", MIDDLE + 1, MIDDLE + 1),
        ("ArrowLeft", MIDDLE + 1, MIDDLE),
        ("Home", MIDDLE, MIDDLE),
    ):
        tab.page.keyboard.press(key)
        expect(readout).to_have_text(told(cells, row, column))
    heading = tab.frame.locator("fgsm-sample dialog[open]").get_by_role("heading", level=2)
    expect(heading).to_contain_text(f"#{telling}")  # arrow keys did not lead to another

    with tab.page.expect_download() as download:
        section(tab).locator('[data-save="cross-section"]').click()
    name = f"digits_fgsm_step-0_sample-{telling}_cross-section.png"
    assert download.value.suggested_filename == name
    saved = np.asarray(Image.open(io.BytesIO(download.value.path().read_bytes())).convert("RGB"))
    # Twice 720 × 560; in the square's corners, within the frame, are colours.
    assert saved.shape == (1120, 1440, 3)
    for y, x in ((138, 56), (920, 840)):
        assert np.ptp(saved[y, x].astype(int)) > 20


def test_it_is_there_where_it_was_logged_in_both_languages_themes_and_on_a_phone(
    address, open_tab, step
) -> None:
    tab = open_tab(address, tag="fgsm", sample=1, width=320, height=800, locale="ko-KR")
    expect(section(tab).locator(".readout")).to_contain_text("원본: ")
    body = tab.frame.locator("fgsm-sample .body")
    assert body.evaluate("(body) => body.scrollWidth - body.clientWidth") <= 0
    assert axe.violations(tab) == []
    tab.page.evaluate("document.body.classList.toggle('dark-mode', true)")
    expect(tab.frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert axe.violations(tab, axe.COLOURS) == []
    cells = step.cross_section(1)
    assert np.array_equal(drawn(tab)[0], cells.classes[::-1])
    tab.page.keyboard.press("j")
    expect(tab.frame.locator("fgsm-sample dialog[open]")).to_contain_text("#2")
    cells = step.cross_section(2)
    expect(section(tab).locator(".readout")).to_contain_text(
        f"원본: 클래스 {cells.classes[MIDDLE, MIDDLE]}"
    )
    assert np.array_equal(drawn(tab)[0], cells.classes[::-1])
    tab.page.keyboard.press("j")
    expect(section(tab)).to_have_count(0)
