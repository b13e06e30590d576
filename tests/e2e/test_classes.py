"""What becomes of each class, in a real browser: of all samples, those without pictures too."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.format.class_counts import ClassCounts, Outcome
from tensorboard_fgsm.format.record import Record
from tests.e2e.conftest import CLASSES
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "panel": "classes"}


@pytest.fixture(scope="module")
def record(logdir: Path) -> Record:
    """The step that is shown first, as Python reads it."""
    (step,) = [s for s in read_steps(logdir / "photos") if (s.run, s.step) == ("standard", 20)]
    return step.record


def percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}\u00a0%"


def row_of(tab: Tab, label: int) -> Locator:
    return tab.frame.locator(f'fgsm-classes [data-class="{label}"]')


def accuracy(counts: ClassCounts, outcome: Outcome) -> str:
    return percent(outcome.correct / counts.count)


def test_a_row_says_how_robust_a_class_is_and_what_becomes_of_it(
    rust_server, open_tab, record
) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    for counts in record.classes:
        last = counts.adversarial[-1]
        row = row_of(tab, counts.label)
        expect(row.locator(".count")).to_have_text(str(counts.count))
        expect(row.locator(".accuracy > span").last).to_have_text(accuracy(counts, last))
        clean = re.escape(accuracy(counts, counts.clean))
        expect(row.locator(".accuracy")).to_have_attribute(
            "title", re.compile(f"{clean} without attack")
        )
        for became in last.became[:1]:
            said = row.locator(f'[data-predicted="{became.predicted}"]')
            expect(said).to_contain_text(CLASSES[became.predicted].strip()[:10])
            expect(said.locator(".times")).to_have_text(f"×{became.count}")


def test_it_says_that_all_samples_are_counted_where_few_have_pictures(
    rust_server, open_tab, record
) -> None:
    assert len(record.samples) < record.count
    tab = open_tab(rust_server, **PHOTOS)
    expect(tab.frame.locator("fgsm-panels")).to_contain_text("over all 40 samples")


def test_the_rows_follow_epsilon(rust_server, open_tab, record) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    counts = record.classes[0]
    tab.epsilon.press("Home")
    shown = row_of(tab, counts.label).locator(".accuracy > span").last
    expect(shown).to_have_text(accuracy(counts, counts.clean))
    for outcome in counts.adversarial:
        tab.epsilon.press("ArrowRight")
        expect(shown).to_have_text(accuracy(counts, outcome))


def test_a_click_on_a_class_shows_its_samples_and_again_all(rust_server, open_tab, record) -> None:
    samples = record.samples
    tab = open_tab(rust_server, **PHOTOS)
    label = samples[0].label
    of_class = sum(sample.label == label for sample in samples)
    count = tab.frame.locator('[data-show="all"] [data-count]')
    name = row_of(tab, label).get_by_role("cell").first.get_by_role("button")
    name.click()
    expect(count).to_have_text(str(of_class))
    expect(name).to_have_attribute("aria-pressed", "true")
    expect(tab.class_picker("True class")).to_have_value(re.compile(re.escape(CLASSES[label])))
    name.click()
    expect(count).to_have_text(str(len(samples)))


def test_a_click_on_what_it_became_shows_those_with_pictures(rust_server, open_tab, record) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    shown = Counter((s.label, s.adversarial[-1].classes[0]) for s in record.samples)
    most = max(record.classes, key=lambda each: each.count - each.adversarial[-1].correct)
    label, predicted = most.label, most.adversarial[-1].became[0].predicted
    row_of(tab, label).locator(f'[data-predicted="{predicted}"]').click()
    count = shown[label, predicted]
    expect(tab.frame.locator('[data-show="all"] [data-count]')).to_have_text(str(count))
    expect(tab.class_picker("Predicted class")).to_have_value(
        re.compile(re.escape(CLASSES[predicted]))
    )
    expect(tab.class_picker("True class")).to_have_value(re.compile(re.escape(CLASSES[label])))


def test_the_columns_heads_sort_the_rows(rust_server, open_tab, record) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    counts = {each.label: each.count for each in record.classes}
    right = {each.label: each.adversarial[-1].correct for each in record.classes}

    def order() -> list[int]:
        rows = tab.frame.locator("fgsm-classes [data-class]").all()
        found = [(int(r.get_attribute("aria-rowindex") or 0), r) for r in rows]
        return [
            int(r.get_attribute("data-class") or -1) for _, r in sorted(found, key=lambda f: f[0])
        ]

    accuracies = [right[label] / counts[label] for label in order()]
    assert accuracies == sorted(accuracies)
    for head, key in (
        ("Samples", lambda label: -counts[label]),
        ("True class", CLASSES.__getitem__),
    ):
        column = tab.frame.get_by_role("columnheader", name=head)
        column.get_by_role("button").click()
        expect(column).to_have_attribute("aria-sort", re.compile("ascending|descending"))
        if head == "Samples":
            assert order() == sorted(order(), key=key)
        else:
            latin = [label for label in order() if CLASSES[label].isascii()]
            assert latin == sorted(latin, key=key)


def test_rows_keep_their_places_while_epsilon_is_dragged(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    places = "(es) => es.map((e) => [e.dataset.class, e.style.top]).sort().join()"
    rows = tab.frame.locator("fgsm-classes [data-class]")
    before = rows.evaluate_all(places)
    axis = tab.frame.locator("fgsm-epsilon").first.bounding_box()
    assert axis is not None
    y = axis["y"] + axis["height"]
    tab.page.mouse.move(axis["x"] + axis["width"], y)
    tab.page.mouse.down()
    tab.page.mouse.move(axis["x"], y, steps=5)
    expect(tab.epsilon).to_have_attribute("aria-valuenow", "0")
    tab.page.wait_for_timeout(200)
    assert rows.evaluate_all(places) == before
    tab.page.mouse.up()


def test_a_class_chosen_elsewhere_is_brought_into_sight(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, width=800, height=600, **PHOTOS)
    tab.frame.get_by_role("columnheader", name="True class").get_by_role("button").click()
    body = tab.frame.locator("fgsm-classes .body")
    for end in ("e.scrollHeight", "0"):
        body.evaluate(f"(e) => {{ e.scrollTop = {end}; }}")
        rows = tab.frame.locator("fgsm-classes [data-class]")
        hidden = rows.last if end == "0" else rows.first
        label = hidden.get_attribute("data-class")
        tab.page.evaluate(f"location.hash = location.hash + '&p.fgsm.class={label}'")
        expect(tab.frame.locator("fgsm-classes .chosen")).to_be_in_viewport(ratio=0.9)
