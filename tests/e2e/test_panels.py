"""What the large card says of a model: by epsilon, over training, by class; in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.format.interval import wilson
from tensorboard_fgsm.format.reader import LoggedStep
from tests.e2e.conftest import EPSILONS
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}
STEPS = (0, 10, 15, 20)  # of both runs together


@pytest.fixture(scope="module")
def steps(logdir: Path) -> dict[tuple[str, int], LoggedStep]:
    """What was logged, as Python reads it."""
    return {(s.run, s.step): s for s in read_steps(logdir / "photos")}


def percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}\u00a0%"


class TrainingMap:
    """The map of accuracy by step and epsilon, as a person points at it."""

    def __init__(self, tab: Tab, columns: int, rows: int) -> None:
        self.map = tab.frame.locator("fgsm-training .map")
        self.tip = tab.frame.locator("fgsm-training .tip")
        self._tab = tab
        self._columns = columns
        self._rows = rows

    def point(self, column: int, row: int) -> tuple[float, float]:
        """The middle of a cell on the page; rows from the bottom."""
        box = self.map.bounding_box()
        assert box is not None
        x = box["x"] + (column + 0.5) * box["width"] / self._columns
        return x, box["y"] + box["height"] * (1 - (row + 0.5) / self._rows)

    def hover(self, column: int, row: int) -> None:
        self._tab.page.mouse.move(*self.point(column, row))

    def click(self, column: int, row: int) -> None:
        self._tab.page.mouse.click(*self.point(column, row))

    def colour(self, column: int, row: int) -> list[int]:
        """The colour of a cell's middle, RGBA."""
        return self.map.locator("canvas").evaluate(
            "(c, [x, y]) => [...c.getContext('2d')"
            ".getImageData(Math.floor(x * c.width), Math.floor(y * c.height), 1, 1).data]",
            [(column + 0.5) / self._columns, 1 - (row + 0.4) / self._rows],
        )


def open_map(open_tab, address: str, **options) -> tuple[Tab, TrainingMap]:
    tab = open_tab(address, **{**PHOTOS, "panel": "training", **options})
    return tab, TrainingMap(tab, len(STEPS), 1 + len(EPSILONS))


# The tabs


def test_the_three_views_are_tabs_that_keys_and_clicks_switch(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    names = {
        "By epsilon": "fgsm-chart",
        "Over training": "fgsm-training",
        "By class": "fgsm-classes",
    }
    for name, element in names.items():
        tab.frame.get_by_role("tab", name=name).click()
        expect(tab.frame.get_by_role("tabpanel", name=name).locator(element)).to_be_visible()
        expect(tab.frame.locator("fgsm-panels [role=tabpanel] > *").first).to_be_attached()
        assert tab.epsilon.count() == (name != "Over training"), "the map has an axis of its own"
        assert tab.step.count() == 1
    chosen = tab.frame.locator('[role="tab"][aria-selected="true"]')
    chosen.press("ArrowLeft")
    expect(chosen).to_have_text("Over training")
    expect(chosen).to_be_focused()
    chosen.press("Home")
    expect(chosen).to_have_text("By epsilon")
    expect(chosen).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 600)])
def test_chart_and_map_are_of_one_size_and_all_fit(width, height, rust_server, open_tab) -> None:
    tab = open_tab(rust_server, width=width, height=height, **PHOTOS)
    card = tab.frame.locator(".top")
    tops = []
    for name in ("By epsilon", "Over training", "By class"):
        tab.frame.get_by_role("tab", name=name).click()
        tab.wait_until_ready()
        thumb, box = tab.step.bounding_box(), card.bounding_box()
        assert thumb is not None
        assert box is not None
        tops.append((thumb["y"], box["y"], box["height"]))
        assert thumb["y"] + thumb["height"] <= box["y"] + box["height"]
        overflow = tab.app.evaluate(
            "(e) => e.ownerDocument.documentElement.scrollWidth - innerWidth"
        )
        assert overflow <= 0
    curve, training, classes = tops
    assert curve == training
    assert classes[2] >= curve[2], "a table wants more rows than a curve wants height"


def test_the_view_is_in_the_address(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.frame.get_by_role("tab", name="By class").click()
    tab.page.wait_for_function("location.hash.includes('p.fgsm.panel=classes')")
    tab.reload()
    expect(tab.frame.locator("fgsm-classes")).to_be_visible()


# By epsilon


def test_the_chart_tells_exact_numbers_of_the_point_nearby(rust_server, open_tab, steps) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    box = tab.frame.locator("fgsm-chart .over").bounding_box()
    assert box is not None
    tip = tab.frame.locator("fgsm-chart .tip")
    for x, index in ((0.999, -1), (0.001, None)):
        tab.page.mouse.move(box["x"] + x * box["width"], box["y"] + 40)
        for run, step in (("standard", 20), ("robust", 15)):
            record = steps[run, step].record
            accuracy = record.clean_accuracy if index is None else record.robust_accuracy[index]
            expect(tip.locator(".spotted", has_text=run)).to_contain_text(percent(accuracy))
            if run == "standard":  # whose samples are shown
                low, high = wilson(accuracy, record.count)
                expect(tip).to_contain_text(f"{100 * low:.1f}–{percent(high)}")


def test_a_click_on_the_chart_sets_epsilon(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    box = tab.frame.locator("fgsm-chart .over").bounding_box()
    assert box is not None
    y = box["y"] + 30
    tab.page.mouse.click(box["x"] + box["width"] - 1, y)
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[-1]))
    tab.page.mouse.click(box["x"] + 1, y)
    expect(tab.epsilon).to_have_attribute("aria-valuenow", "0")


def test_the_axis_can_be_linear(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    middle = tab.drag_epsilon(0.37)
    tab.frame.get_by_role("button", name="linear", exact=True).click()
    assert tab.drag_epsilon(0.37) == pytest.approx(0.37 * EPSILONS[-1], rel=0.02)
    assert middle < 0.2 * EPSILONS[-1]


# Over training


def test_a_cell_tells_the_accuracy_of_its_step_and_epsilon(rust_server, open_tab, steps) -> None:
    _, training = open_map(open_tab, rust_server)
    for column, step in ((0, 0), (1, 10), (3, 20)):
        record = steps["standard", step].record
        for row, accuracy in enumerate([record.clean_accuracy, *record.robust_accuracy]):
            training.hover(column, row)
            expect(training.tip).to_contain_text(re.compile(rf"Step\s*{step}\s"))
            expect(training.tip).to_contain_text(percent(accuracy))


def test_a_cell_names_its_epsilon_in_both_notations(rust_server, open_tab) -> None:
    _, training = open_map(open_tab, rust_server)
    training.hover(0, 2)
    expect(training.tip).to_contain_text("2/255 = 0.0078")
    training.hover(0, 0)
    expect(training.tip).to_contain_text("clean")


def test_a_cells_colour_is_the_runs_by_its_accuracy(rust_server, open_tab, steps) -> None:
    tab, training = open_map(open_tab, rust_server)
    run = tab.frame.locator('[data-run="photos/standard"] .dot')
    colour = run.evaluate(
        "(e) => getComputedStyle(e, '::before').borderTopColor.match(/\\d+/g).map(Number)"
    )
    for column, step in ((0, 0), (3, 20)):
        record = steps["standard", step].record
        for row, accuracy in enumerate([record.clean_accuracy, *record.robust_accuracy]):
            # Some colour is left of 0 %, which is not nothing.
            share = 0.08 + 0.92 * accuracy
            expected = [255 + share * (level - 255) for level in colour]
            drawn = training.colour(column, row)
            assert drawn[:3] == pytest.approx(expected, abs=1), (step, row)


def test_a_click_sets_step_and_epsilon(rust_server, open_tab) -> None:
    tab, training = open_map(open_tab, rust_server)
    training.click(1, 2)
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    tab.expect_epsilon(EPSILONS[1])
    tab.wait_until_ready()
    training.click(0, 0)
    expect(tab.step).to_have_attribute("aria-valuetext", "0")
    tab.expect_epsilon(0)


def test_a_drag_over_the_map_goes_through_steps_and_epsilons(rust_server, open_tab) -> None:
    tab, training = open_map(open_tab, rust_server)
    mouse = tab.page.mouse
    mouse.move(*training.point(0, 0))
    mouse.down()
    for column, row in ((1, 1), (3, 3)):
        mouse.move(*training.point(column, row), steps=4)
        expect(tab.step).to_have_attribute("aria-valuetext", str(STEPS[column]))
        tab.expect_epsilon(EPSILONS[row - 1])
    mouse.up()
    mouse.move(*training.point(0, 0))
    expect(tab.step).to_have_attribute("aria-valuetext", "20")


def test_arrow_keys_move_over_the_map(rust_server, open_tab) -> None:
    tab, training = open_map(open_tab, rust_server, epsilon=EPSILONS[1])
    for key, step, epsilon in (
        ("ArrowLeft", 15, EPSILONS[1]),
        ("ArrowUp", 15, EPSILONS[2]),
        ("Home", 0, EPSILONS[2]),
        ("PageDown", 0, 0),
        ("ArrowDown", 0, 0),
        ("ArrowRight", 10, 0),
    ):
        training.map.press(key)
        expect(tab.step).to_have_attribute("aria-valuetext", str(step))
        tab.expect_epsilon(epsilon)
    expect(training.tip).to_contain_text("clean")


def test_the_thumb_stands_below_the_middle_of_its_column(rust_server, open_tab) -> None:
    tab, training = open_map(open_tab, rust_server)
    frame = tab.frame.locator("fgsm-training .frame")
    for column in range(len(STEPS)):
        training.click(column, 1)
        expect(tab.step).to_have_attribute("aria-valuetext", str(STEPS[column]))
        track, box = tab.step.bounding_box(), frame.bounding_box()
        assert track is not None
        assert box is not None
        thumb = track["x"] + 7 + column / (len(STEPS) - 1) * (track["width"] - 14)
        assert box["x"] + box["width"] / 2 == pytest.approx(thumb, abs=1)


def test_a_step_that_the_run_lacks_is_stood_in_for_and_says_so(rust_server, open_tab, steps):
    _, training = open_map(open_tab, rust_server)
    training.hover(2, 0)
    expect(training.tip).to_contain_text("no step 15: shown is step 10")
    expect(training.tip).to_contain_text(percent(steps["standard", 10].record.clean_accuracy))


def test_the_map_names_the_steps_that_have_room_and_the_current_one(rust_server, open_tab) -> None:
    tab, training = open_map(open_tab, rust_server)
    names = tab.frame.locator("fgsm-training .step")
    assert sorted(map(int, names.all_inner_texts())) == list(STEPS)
    training.click(1, 1)
    expect(tab.frame.locator("fgsm-training .step.now")).to_have_text("10")


def test_of_a_single_step_the_map_says_that_it_needs_more(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/digits", run="digits", panel="training")
    expect(tab.frame.get_by_role("tabpanel")).to_contain_text("a map over training needs two")
    expect(tab.frame.locator("fgsm-training .map")).to_have_count(0)
    expect(tab.step).to_have_count(0)


def test_steps_that_cannot_be_read_are_hatched_and_named(rust_server, open_tab) -> None:
    tab = open_tab(
        rust_server, tag="fgsm/damaged", run="damaged", panel="training", step=0, refusals=True
    )
    training = TrainingMap(tab, 4, 2)
    for column, sentence in ((2, "not a record"), (3, "version 8")):
        training.hover(column, 1)
        expect(training.tip).to_contain_text(sentence)
    for column in (0, 1):
        training.hover(column, 1)
        expect(training.tip).to_contain_text(re.compile(r"Accuracy\s*\d+\.\d\s%"))


def test_curves_are_fetched_for_who_looks_at_them_and_once(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)

    def asked() -> list[str]:
        return [url for url in tab.plugin_requests() if "/curves?" in url]

    assert asked() == []
    tab.frame.get_by_role("tab", name="Over training").click()
    tab.wait_until_ready()
    expect(tab.frame.locator("fgsm-training .frame")).to_be_visible()
    assert len(asked()) == 1
    assert "run=photos%2Fstandard" in asked()[0]
    with tab.page.expect_response("**/data/plugin/fgsm/runs*"):
        tab.page.locator("app-header .reload-button").click()
    tab.wait_until_ready()
    tab.frame.get_by_role("tab", name="By epsilon").click()
    tab.frame.get_by_role("tab", name="Over training").click()
    tab.wait_until_ready()
    assert len(asked()) == 1


def test_what_the_reader_looks_at_comes_before_the_curves(rust_server, open_tab) -> None:
    tab, _ = open_map(open_tab, rust_server)
    routes = [re.findall(r"/fgsm/(\w+)\?", url) for url in tab.plugin_requests()]
    names = [route for found in routes for route in found]
    assert names.index("curves") > names.index("pictures") > names.index("opening") == 0
    asked = [url for url in tab.plugin_requests() if re.search(r"/(opening|steps|record)\?", url)]
    focused = ["run=photos%2Fstandard" in url for url in asked]
    assert focused[0], "the focused run waits for no other"
    assert len(focused) > 1
    assert not any(focused[1:]), "nothing is asked twice"
