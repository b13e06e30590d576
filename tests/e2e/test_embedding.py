"""Where samples lie for the model, in a real browser: held to what NumPy makes of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format.embedding import Embedding
from tensorboard_fgsm.format.record import Record
from tests import servers
from tests.e2e import axe
from tests.e2e.tab import Tab
from tests.networks import digits

EPSILONS = (2 / 255, 8 / 255, 16 / 255, 64 / 255)
COUNT = 150
PICTURES = 6
EDGE = 14
COLOURS = ((0xDB, 0x63, 0x00), (0x00, 0x5D, 0x92), (0x00, 0x99, 0x88), (0xCC, 0x33, 0x11))
"""Of the light theme: those of the first four classes."""


def classifier() -> nn.Module:
    """A random layer, and one that fits the digits as well as least squares do."""
    inputs, labels = digits()
    torch.manual_seed(0)
    body = nn.Sequential(nn.Flatten(), nn.Linear(64, 40), nn.Tanh())
    head = nn.Linear(40, 10, bias=False)
    with torch.no_grad():
        body[1].weight *= 3
        targets = 20 * nn.functional.one_hot(labels, 10).float()
        head.weight.copy_(torch.linalg.lstsq(body(inputs), targets).solution.T)
    return nn.Sequential(*body, head)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two steps in one plane, and a third, of a restarted job, in another; a tag without any."""
    root = tmp_path_factory.mktemp("embedded")
    (inputs, labels), model = digits(), classifier()
    with SummaryWriter(str(root / "digits")) as writer:
        for tag, steps, embed in (
            ("fgsm", (0, 1), COUNT),
            ("fgsm", (2,), COUNT),
            ("none", (0,), None),
        ):
            logger = FGSMLogger(writer, FGSM(EPSILONS), tag=tag, max_samples=PICTURES, embed=embed)
            for step in steps:
                logger.log(model, inputs[:200] * (1 - step / 10), labels[:200], step=step)
    return root


@pytest.fixture(scope="module")
def record(runs: Path) -> Record:
    return next(s for s in read_steps(runs) if (s.tag, s.step) == ("fgsm", 0)).record


@pytest.fixture(scope="module")
def embedding(record: Record) -> Embedding:
    assert record.embedding is not None
    return record.embedding


@pytest.fixture(scope="module")
def address(runs: Path, served) -> Iterator[str]:
    with served(runs) as address:
        servers.wait_for_steps(address, "digits", "fgsm", 3)
        yield address


def places(embedding: Embedding, epsilon: float) -> np.ndarray:
    """(N, 2) where the samples lie, between logged epsilons on straight lines."""
    points, known = embedding.points(), np.array([0, *EPSILONS])
    return np.stack(
        [[np.interp(epsilon, known, points[:, i, axis]) for axis in (0, 1)] for i in range(COUNT)]
    )


def sentence(embedding: Embedding, epsilon: float, label: int | None = None) -> str:
    """What is to be read above the points."""
    labels = np.array(embedding.labels)
    flips = np.array([2 if flip is None else flip for flip in embedding.flip_epsilons])
    clean, now = places(embedding, 0), places(embedding, epsilon)
    centres = np.stack([clean[labels == each].mean(0) for each in np.unique(labels)])
    apart = np.linalg.norm(centres[:, None] - centres, axis=2)
    apart[np.diag_indices(len(apart))] = np.inf
    mine = slice(None) if label is None else labels == label
    moved = np.median(np.linalg.norm(now - clean, axis=1)[mine]) / np.median(apart.min(1))
    of = "" if label is None else f' of class "class {label}"'
    count, wrong = len(flips[mine]), (flips[mine] == 0).sum()
    flipped = ((flips[mine] > 0) & (flips[mine] <= epsilon + 1e-9)).sum()
    return (
        f"At {round(255 * epsilon, 2):g}/255, {flipped} of {count} samples{of} have flipped; "
        f"{wrong} were wrong without attack. In this plane, half of them have moved at least "
        f"{moved:.2f} times as far as classes are apart."
    )


def map_of(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-embedding .map")


def on_canvas(tab: Tab, embedding: Embedding, epsilon: float) -> np.ndarray:
    """(N, 2) where the samples are to be seen on the map, in pixels."""
    width, height = map_of(tab).evaluate("(map) => [map.clientWidth, map.clientHeight]")
    left, bottom, right, top = embedding.box
    times = min((width - 2 * EDGE) / (right - left), (height - 2 * EDGE) / (top - bottom))
    centred = places(embedding, epsilon) - np.array([left + right, bottom + top]) / 2
    return np.array([width, height]) / 2 + centred * times * np.array([1, -1])


def test_points_and_sentence_follow_epsilon_between_the_logged_ones(
    address, open_tab, embedding
) -> None:
    middle = (EPSILONS[2] + EPSILONS[3]) / 2
    tab = open_tab(address, tag="fgsm", step=0, panel="embedding", epsilon=middle)
    says = tab.frame.locator("fgsm-embedding .says")
    expect(says).to_have_text(sentence(embedding, middle))
    drawn = tab.drawn(map_of(tab).locator("canvas"))[..., :3].astype(int)
    at = on_canvas(tab, embedding, middle)
    apart = np.linalg.norm(at[:, None] - at, axis=2)
    apart[np.diag_indices(COUNT)] = np.inf
    flips = [2 if flip is None else flip for flip in embedding.flip_epsilons]
    alone = [
        i for i in np.flatnonzero(apart.min(1) > 8)
        if embedding.labels[i] < len(COLOURS) and flips[i] > middle
    ]  # fmt: skip
    assert len(alone) > 3
    for i in alone:
        x, y = at[i].round().astype(int)
        assert abs(drawn[y, x] - COLOURS[embedding.labels[i]]).max() < 8
    for _ in range(2):
        epsilon = tab.press_epsilon("ArrowLeft")
        expect(says).to_have_text(sentence(embedding, epsilon))
    tab.epsilon.press("Home")
    wrong = sum(flip == 0 for flip in embedding.flip_epsilons)
    expect(says).to_have_text(f"Without attack, {wrong} of {COUNT} samples are wrong.")


def test_the_classes_are_those_of_the_pages_filter(address, open_tab, embedding) -> None:
    tab = open_tab(address, tag="fgsm", step=0, panel="embedding", epsilon=EPSILONS[2])
    legend = tab.frame.locator("fgsm-embedding .classes button")
    expect(legend).to_have_count(10)
    legend.nth(3).click()
    expect(legend.nth(3)).to_have_attribute("aria-pressed", "true")
    says = tab.frame.locator("fgsm-embedding .says")
    expect(says).to_have_text(sentence(embedding, EPSILONS[2], 3))
    tab.page.wait_for_function("/p.fgsm.class=3/.test(location.hash)")
    tab.frame.get_by_role("button", name="Clear filters").click()
    expect(legend.nth(3)).to_have_attribute("aria-pressed", "false")
    expect(says).to_have_text(sentence(embedding, EPSILONS[2]))


def test_points_are_named_and_opened_by_pointer_and_by_keys(address, open_tab, embedding) -> None:
    tab = open_tab(address, tag="fgsm", step=0, panel="embedding", epsilon=EPSILONS[1])
    tip = map_of(tab).locator(".tip")
    at = on_canvas(tab, embedding, EPSILONS[1])
    for i, told in ((3, "Enter or a click looks closely"), (PICTURES, "no pictures")):
        x, y = at[i]
        map_of(tab).hover(position={"x": x, "y": y})
        expect(tip).to_contain_text(f"#{i} · class {embedding.labels[i]}")
        expect(tip).to_contain_text(told)
    map_of(tab).click(position={"x": at[3][0], "y": at[3][1]})
    dialog = tab.frame.locator("fgsm-sample dialog[open]")
    expect(dialog).to_contain_text("#3")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    tab.frame.get_by_role("tab", name="Embedding").focus()
    tab.page.keyboard.press("Tab")
    while not map_of(tab).evaluate("(map) => map.matches(':focus')"):
        tab.page.keyboard.press("Tab")
    said = map_of(tab).locator("[aria-live]")
    expect(said).to_have_text(re.compile(r"^#\d+, class \d, "))

    def told() -> int:
        found = re.match(r"#(\d+), ", said.text_content() or "")
        assert found is not None
        return int(found[1])

    middle = told()
    tab.page.keyboard.press("ArrowRight")
    expect(said).not_to_have_text(re.compile(rf"^#{middle},"))
    (ax, ay), (bx, by) = at[middle], at[told()]
    assert bx - ax >= abs(by - ay), "it lies to the right"
    tab.page.keyboard.press("Home")
    expect(said).to_have_text(re.compile(r"^#0, "))
    tab.page.keyboard.press("PageDown")
    expect(said).to_have_text(re.compile(r"^#1, "))
    tab.page.keyboard.press("Enter")
    expect(dialog).to_contain_text("#1")


def test_another_plane_is_told_and_where_there_is_none_too(address, open_tab, runs) -> None:
    tab = open_tab(address, tag="fgsm", step=0, panel="embedding")
    plane = tab.frame.locator("fgsm-embedding .plane")
    other = plane.locator(".other")
    fits = [s.record.embedding for s in read_steps(runs) if s.tag == "fgsm"]
    assert [a.fit == b.fit for a, b in pairwise(fits) if a and b] == [True, False]
    for step, fitted in ((1, 0), (2, 2)):
        tab.step.press("ArrowRight")
        expect(plane).to_contain_text(f"Plane {fits[step].fit[:6]}: ")  # pyright: ignore[reportOptionalMemberAccess]
        expect(plane).to_contain_text(f"of their variance at step {fitted}.")
        expect(other).to_have_count(int(step == 2))
    assert axe.violations(tab) == []
    tab.page.evaluate("document.body.classList.toggle('dark-mode', true)")
    expect(tab.frame.locator("html")).to_have_attribute("data-theme", "dark")
    assert axe.violations(tab, axe.COLOURS) == []
    tab = open_tab(address, tag="none", panel="embedding")
    expect(tab.frame.locator("fgsm-embedding .none")).to_contain_text("FGSMLogger(…, embed=1000)")
    tab.frame.get_by_role("tab", name="By class").click()
    expect(tab.frame.get_by_role("tab", name="Embedding")).to_have_count(0)
