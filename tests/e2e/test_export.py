"""What the tab gives away as files: the chart, the samples, and tables that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Route, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format.reader import LoggedStep
from tests import servers
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab
from tests.networks import convolutional

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<svg onload=alert(1)>&\u202e]]>"
PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "epsilon": EPSILONS[1]}


def file(tab: Tab, what: str) -> tuple[str, bytes]:
    """The name of the file that the menu saves, and what is in it."""
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    with tab.page.expect_download() as download:
        tab.frame.get_by_role("button", name=what).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def saved(tab: Tab, what: str) -> tuple[str, list[dict[str, str]]]:
    """The name of the table that the menu saves, and its rows."""
    name, data = file(tab, what)
    return name, list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, served) -> Iterator[tuple[str, LoggedStep]]:
    """A TensorBoard with more samples than a sheet has, of a run with a name of markup, beside
    another run; and what that run logged."""
    root = tmp_path_factory.mktemp("many")
    generator = torch.Generator().manual_seed(3)
    inputs = torch.rand(64, 3, 20, 28, generator=generator)
    for seed, run in enumerate(["plain", HOSTILE]):
        model = convolutional(seed=seed).eval()
        with SummaryWriter(str(root / run)) as writer:
            logger = FGSMLogger(writer, FGSM(EPSILONS, control=True), max_samples=64)
            logger.log(model, inputs, model(inputs).argmax(1), step=7)
    with served(root) as address:
        for run in ("plain", HOSTILE):
            servers.wait_for_steps(address, run, "fgsm", 1)
        yield address, next(step for step in read_steps(root) if step.run == HOSTILE)


def test_the_chart_is_saved_for_paper(open_tab, many: tuple[str, LoggedStep]) -> None:
    address, _ = many
    tab = open_tab(address, run=HOSTILE, epsilon=EPSILONS[1])
    name, text = file(tab, "Chart (SVG)")
    assert name.endswith("+1_fgsm_step-7_chart.svg")
    root = ElementTree.fromstring(text)
    lines = {
        group.findtext(f"{SVG}title"): line
        for group in root.iter(f"{SVG}g")
        for line in group.iter(f"{SVG}polyline")
        if line.get("class") == "line"
    }
    shown = HOSTILE.replace("\u202e", "\ufffd")
    assert set(lines) == {"plain", shown}
    assert {element.tag for element in root.iter()} == {
        f"{SVG}{tag}" for tag in ("svg", "title", "rect", "text", "g", "path", "polyline")
    }
    texts = {element.text for element in root.iter(f"{SVG}text")}
    assert {shown, "plain", "ε = 2/255", "Random noise", "0.5", "100 %"} <= texts
    dashed = [line for line in root.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]
    assert len(dashed) == 1
    # The same as pixels, two each way for one, also where the page is dark.
    tab.page.evaluate("document.body.classList.add('dark-mode')")
    name, data = file(tab, "Chart (PNG)")
    assert name.endswith("+1_fgsm_step-7_chart.png")
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    assert picture.shape == (2 * int(root.attrib["height"]), 2 * int(root.attrib["width"]), 3)
    assert picture[0, 0].tolist() == [255, 255, 255]
    own = lines[shown]
    x, y = (round(2 * float(at)) for at in own.attrib["points"].split()[-1].split(","))
    assert picture[y, x].tobytes().hex() == own.attrib["stroke"].removeprefix("#")


def test_the_shown_samples_are_saved_on_one_sheet(open_tab, many: tuple[str, LoggedStep]) -> None:
    address, step = many
    tab = open_tab(address, run=HOSTILE, epsilon=EPSILONS[2], reversed="true")
    name, data = file(tab, "Shown samples on one sheet")
    assert name.endswith("_fgsm_step-7_epsilon-8-of-255_samples.png")
    expect(tab.frame.locator("fgsm-save [role=status]")).to_contain_text("60 of 64 samples")
    sheet = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    # The first and the last of those that there is room for, in the order of the grid: as large as
    # whole factors allow, and pixel for pixel.
    for sample in (63, 4):
        for picture in (step.original(sample), step.adversarial(sample, EPSILONS[2])):
            assert contains(sheet, np.kron(picture, np.ones((8, 8, 1), np.uint8)))
    assert not contains(sheet, np.kron(step.original(3), np.ones((8, 8, 1), np.uint8)))
    # Where none is shown, there is none to save.
    tab.frame.get_by_role("searchbox").fill("nothing has this name")
    tab.expect_samples(0)
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    expect(tab.frame.get_by_role("button", name="Shown samples on one sheet")).to_be_disabled()


def test_a_sheet_that_takes_long_can_be_cancelled(open_tab, many: tuple[str, LoggedStep]) -> None:
    address, _ = many
    tab = open_tab(address, run=HOSTILE, epsilon=EPSILONS[2])
    downloads, held = [], []
    tab.page.on("download", lambda download: downloads.append(download))
    asked = 0

    def answer_once(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            route.continue_()
        else:
            held.append(route)

    tab.page.route("**/fgsm/pictures*", answer_once)
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    tab.frame.get_by_role("button", name="Shown samples on one sheet").click()
    expect(tab.frame.locator("fgsm-save .told")).to_contain_text("Sheet: ")
    tab.frame.locator("fgsm-save").get_by_role("button", name="Cancel").click()
    expect(tab.frame.locator("fgsm-save .told")).to_have_count(0)
    for route in held:
        route.continue_()
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    expect(tab.frame.get_by_role("button", name="Shown samples on one sheet")).to_be_enabled()
    assert downloads == []


def contains(sheet: np.ndarray, picture: np.ndarray) -> bool:
    """Whether a picture lies somewhere on a sheet."""
    height, width, _ = picture.shape
    corners = np.argwhere((sheet == picture[0, 0]).all(2))
    return any(np.array_equal(sheet[y : y + height, x : x + width], picture) for y, x in corners)


def test_the_tables_have_what_was_logged(rust_server, open_tab, logdir: Path) -> None:
    steps = {(s.run, s.step): s for s in read_steps(logdir / "photos")}
    records = {place: step.record for place, step in steps.items()}
    tab = open_tab(rust_server, **PHOTOS)
    name, rows = saved(tab, "Accuracy by epsilon (CSV)")
    assert name == "photos-standard_fgsm-photos_step-20_accuracy.csv"
    for run, step in (("standard", 20), ("robust", 15)):
        mine = [row for row in rows if row["run"] == f"photos/{run}"]
        record = records[run, step]
        assert {int(row["step"]) for row in mine} == {step}
        assert [float(row["epsilon"]) for row in mine] == pytest.approx([0, *EPSILONS])
        accuracies = [record.clean_accuracy, *record.robust_accuracy]
        assert [float(row["accuracy"]) for row in mine] == accuracies
        assert list(mine[0]) == list(steps[run, step].curve())
    name, rows = saved(tab, "Classes at this ε (CSV)")
    assert "epsilon-2-of-255" in name
    assert list(rows[0]) == list(steps["standard", 20].classes())
    counts = records["standard", 20].classes
    assert [int(row["class"]) for row in rows] == [each.label for each in counts]
    for row, each in zip(rows, counts, strict=True):
        assert row["name"].strip() == CLASSES[each.label].strip()
        assert int(row["count"]) == each.count
        assert int(row["robust_right"]) == each.adversarial[1].correct
    _, rows = saved(tab, "Predictions by class at this ε (CSV)")
    for each in counts:
        mine = [row for row in rows if int(row["class"]) == each.label]
        said = {int(row["predicted"]): int(row["count"]) for row in mine}
        assert said.pop(each.label, 0) == each.adversarial[1].correct
        assert said == {each.predicted: each.count for each in each.adversarial[1].became}


def test_a_trainings_table_has_its_own_steps(rust_server, open_tab, logdir: Path) -> None:
    tab = open_tab(rust_server, panel="training", **PHOTOS)
    _, rows = saved(tab, "Accuracy by step (CSV)")
    for step in read_steps(logdir / "photos"):
        if step.run != "standard":
            continue
        mine = [float(row["accuracy"]) for row in rows if int(row["step"]) == step.step]
        assert mine == [step.record.clean_accuracy, *step.record.robust_accuracy]
    assert {int(row["step"]) for row in rows} == {0, 10, 20}


def test_the_menu_is_left_by_escape(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    save = tab.frame.get_by_role("button", name="Save", exact=True)
    save.press("Enter")
    expect(save).to_have_attribute("aria-expanded", "true")
    save.press("Tab")
    tab.page.keyboard.press("Escape")
    expect(save).to_have_attribute("aria-expanded", "false")
    expect(save).to_be_focused()


def test_what_cannot_be_made_is_said(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, sample=0, **PHOTOS)
    lost = "**/assets/exports-*.js"
    answer = {"body": "throw new Error()", "content_type": "text/javascript"}
    tab.page.route(lost, lambda route: route.fulfill(**answer))
    tab.frame.get_by_role("button", name="Save as PNG: Figure").click()
    files = tab.frame.locator("fgsm-sample-files [role=status]")
    expect(files).to_have_text("TensorBoard does not answer. Is it still running?")
    tab.page.keyboard.press("Escape")
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    tab.frame.get_by_role("button", name="Chart (SVG)").click()
    said = tab.frame.locator("fgsm-save [role=status]")
    expect(said).to_have_text("TensorBoard does not answer. Is it still running?")
    tab.page.unroute(lost)
