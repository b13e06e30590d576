"""What the tab gives away as files: tables that other programs read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tensorboard_fgsm import read_steps
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "epsilon": EPSILONS[1]}


def saved(tab: Tab, what: str) -> tuple[str, list[dict[str, str]]]:
    """The name of the file that the menu saves, and its rows."""
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    with tab.page.expect_download() as download:
        tab.frame.get_by_role("button", name=what).click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return download.value.suggested_filename, list(csv.DictReader(text.splitlines()))


def test_the_tables_have_what_was_logged(rust_server, open_tab, logdir: Path) -> None:
    records = {(s.run, s.step): s.record for s in read_steps(logdir / "photos")}
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
    name, rows = saved(tab, "Classes at this ε (CSV)")
    assert "epsilon-2-of-255" in name
    counts = records["standard", 20].classes
    assert [int(row["class"]) for row in rows] == [each.label for each in counts]
    for row, each in zip(rows, counts, strict=True):
        assert row["name"].strip() == CLASSES[each.label].strip()
        assert int(row["count"]) == each.count
        assert int(row["robust_right"]) == each.adversarial[1].correct


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
