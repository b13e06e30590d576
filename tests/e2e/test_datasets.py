"""A whole data set in the tab: what is told of all its samples, and what of those with pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, Evaluation, FGSMLogger
from tensorboard_fgsm.format.transfers import Transfers
from tests import servers
from tests.e2e import axe, datasets
from tests.e2e.datasets import ANIMALS, EPSILONS, DataSet
from tests.e2e.tab import Tab
from tests.networks import convolutional

COUNT = 10_000
PICTURES = 16
LAST = len(EPSILONS)
"""The place of the largest epsilon in what the model says."""

TEN = DataSet.drawn(COUNT, ANIMALS)
THOUSAND = DataSet.drawn(50_000, tuple(f"name {number}" for number in range(1000)))
MODELS = ("resnet18", "deep/er <b>", "mobilenet_v3_small")
TRANSFERS = Transfers(
    MODELS,
    0,
    (100, 90, 0),
    tuple(
        tuple(
            tuple(0 if to == 2 else (20 - 6 * (source + to)) * e for e in range(1, LAST + 1))
            for to in range(3)
        )
        for source in range(3)
    ),
)
"""At most 20 at the first epsilon, and so on; a model that is right on nothing is not fooled."""
RUNS = {
    "first": (TEN, {"pictures": PICTURES}),
    "weakest": (TEN, {"pictures": PICTURES, "chosen": "flipped-first"}),
    "indices": (TEN, {"pictures": PICTURES, "chosen": "indices"}),
    "anew": (TEN, {"pictures": PICTURES, "chosen": "flipped-first", "anew": True}),
    "each": (TEN, {"pictures": PICTURES, "chosen": "flipped-first", "per_class": True}),
    "transfer": (TEN, {"pictures": PICTURES, "transfers": TRANSFERS}),
    "none": (TEN, {"pictures": 0}),
    "older": (TEN, {"pictures": PICTURES, "classes": False}),
    "thousand": (THOUSAND, {"pictures": PICTURES}),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("datasets")


@pytest.fixture(scope="module")
def evaluation(root: Path) -> Evaluation:
    """What the logger itself returns of a small data set, of which it shows the weakest."""
    images = torch.rand(90, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    model = convolutional().eval()
    labels = model(images).argmax(1)
    labels[::7] = (labels[::7] + 1) % 5
    loader = DataLoader(TensorDataset(images, labels), batch_size=32)
    with SummaryWriter(str(root / "logged")) as writer:
        logger = FGSMLogger(writer, FGSM(EPSILONS, refine=3), max_samples=PICTURES)
        with pytest.warns(RuntimeWarning, match="right on 85.6 % of 90, not surely more than"):
            found = logger.log_dataset(model, loader, datasets.STEP, follow="flipped-first")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def address(root: Path, evaluation: Evaluation, served) -> Iterator[str]:
    for run, (data, options) in RUNS.items():
        datasets.write(root / run, data, **options)
    with served(root) as address:
        for run in (*RUNS, "logged"):
            servers.wait_for_steps(address, run, "fgsm", 1)
        yield address


@pytest.fixture
def open_run(address: str, open_tab):
    """``open_run("first")`` opens the classes of a run at the largest epsilon."""

    def opened(run: str, **selection) -> Tab:
        return open_tab(
            address, run=run, **{"epsilon": EPSILONS[-1], "panel": "classes"} | selection
        )

    return opened


def percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}\u00a0%"


def grouped(number: int) -> str:
    return f"{number:,}"


def row_of(tab: Tab, label: int) -> Locator:
    return tab.frame.locator(f'fgsm-classes [data-class="{label}"]')


def sort_by_name(tab: Tab) -> None:
    tab.frame.get_by_role("columnheader", name="True class").get_by_role("button").click()


def message(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-grid .message")


def unpictured(data: DataSet, pictures: list[int]) -> tuple[int, int, int]:
    """A class, what some of its samples become, and how many: none of those with pictures."""
    for label in range(len(data.names)):
        said = data.said[LAST, data.labels == label]
        for predicted in np.unique(said[said != label]).tolist():
            shown = [i for i in pictures if data.labels[i] == label]
            if all(data.said[LAST, i] != predicted for i in shown):
                return label, predicted, int((said == predicted).sum())
    raise AssertionError("each outcome has a picture")


def test_what_the_logger_counts_of_a_data_set_is_what_the_tab_shows(open_run, evaluation) -> None:
    tab = open_run("logged")
    confusion = evaluation.confusion(EPSILONS[-1])
    for label, row in enumerate(confusion.tolist()):
        if sum(row) > 0:
            expect(row_of(tab, label).locator(".count")).to_have_text(str(sum(row)))
            accuracy = row_of(tab, label).locator(".accuracy")
            expect(accuracy).to_contain_text(percent(row[label] / sum(row)))
    expect(tab.frame.locator("fgsm-panels .note")).to_have_text("over all 90 samples")
    expect(tab.toolbar).to_contain_text(f"{PICTURES} of {PICTURES} that flipped first")
    small = tab.frame.locator("fgsm-print")
    expect(small).to_contain_text(f"pictures of {PICTURES} of 90 samples: those that flipped first")
    expect(small).to_contain_text("bars in the chart: where the samples with pictures flip")


@pytest.mark.parametrize("run", ["first", "none"])
def test_the_classes_are_counted_over_all_samples_with_or_without_pictures(run, open_run) -> None:
    tab = open_run(run)
    sort_by_name(tab)
    for label in (0, 1, 2):
        mine = TEN.labels == label
        row = row_of(tab, label)
        expect(row.locator(".count")).to_have_text(grouped(int(mine.sum())))
        accuracy = row.locator(".accuracy")
        expect(accuracy).to_contain_text(percent(TEN.right[LAST, mine].mean()))
        clean = re.escape(percent(TEN.right[0, mine].mean()))
        expect(accuracy).to_have_attribute("title", re.compile(f"{clean} without attack"))
        said = TEN.said[LAST, mine]
        times = np.bincount(said[said != label])
        worst = row.locator("[data-predicted]").first
        expect(worst.locator(".times")).to_have_text(f"×{times.max()}")
    note = tab.frame.locator("fgsm-panels .note")
    expect(note).to_have_text(f"over all {grouped(COUNT)} samples")


def test_of_an_older_record_only_the_samples_with_pictures_are_counted(open_run) -> None:
    tab = open_run("older")
    note = tab.frame.locator("fgsm-panels .note")
    expect(note).to_have_text(f"of the {PICTURES} of {grouped(COUNT)} samples with pictures")
    first = tab.frame.locator("fgsm-classes .body .count").first
    assert int(first.inner_text()) < PICTURES


def test_what_a_row_has_no_room_for_adds_up_to_its_samples(open_run) -> None:
    tab = open_run("thousand")
    row = tab.frame.locator("fgsm-classes [data-class]").first
    label = int(row.get_attribute("data-class") or -1)
    mine = THOUSAND.labels == label
    shown = sum(int(times.strip("×")) for times in row.locator(".times").all_inner_texts())
    more = row.locator(".more")
    wrong = int((~THOUSAND.right[LAST, mine]).sum())
    expect(more).to_have_text(f"+{wrong - shown} more")


def test_classes_that_the_record_does_not_list_are_counted_among_the_rest(open_run) -> None:
    tab = open_run("thousand", epsilon=EPSILONS[2])
    said = THOUSAND.said[3]
    for label in range(1000):
        wrong = said[(THOUSAND.labels == label) & (said != label)]
        if len(np.unique(wrong)) > 20:
            break
    unlisted = len(wrong) - np.sort(np.unique(wrong, return_counts=True)[1])[-20:].sum()
    tab.page.evaluate(f"location.hash += '&p.fgsm.class={label}'")
    more = row_of(tab, label).locator(".more")
    expect(more).to_have_attribute("title", re.compile(rf"further classes \({unlisted}\)$"))


def test_a_thousand_classes_have_only_the_rows_in_sight_in_the_document(open_run) -> None:
    tab = open_run("thousand")
    table = tab.frame.get_by_role("table", name="By class")
    expect(table).to_have_attribute("aria-rowcount", "1001")
    assert tab.frame.locator("fgsm-classes [data-class]").count() < 30


def test_one_of_a_thousand_classes_is_found_by_typing_and_stands_in_full_close_up(open_run) -> None:
    tab = open_run("thousand")
    picker = tab.class_picker("True class")
    picker.click()
    options = tab.frame.locator("fgsm-class-picker [role=option]")
    expect(options.first).to_be_visible()
    assert options.count() <= 51  # that of all, and the first fifty
    label = int(THOUSAND.labels[3])
    picker.fill(f"name {label}")
    expect(options.first).to_contain_text(f"name {label}")
    picker.press("Enter")
    expect(picker).to_have_value(f"name {label}")
    tab.frame.locator("fgsm-card .open").first.click()
    expect(tab.frame.locator("fgsm-sample dl.facts dd").first).to_have_text(f"name {label}")


# What has no pictures


def test_an_outcome_without_pictures_says_how_many_samples_it_has(open_run) -> None:
    label, predicted, count = unpictured(TEN, list(range(PICTURES)))
    tab = open_run("first", **{"class": label, "predicted": predicted})
    expect(message(tab)).to_contain_text(f"None of the {PICTURES} samples with pictures")
    expect(message(tab)).to_contain_text(f"Of all {grouped(COUNT)} samples, {count} do")
    expect(message(tab)).to_contain_text("max_samples")
    message(tab).get_by_role("button", name=f"Show all {PICTURES} with pictures").click()
    tab.expect_samples(PICTURES)


def test_what_has_no_pictures_is_marked_before_one_chooses_it(open_run) -> None:
    shown = TEN.labels[:PICTURES].tolist()
    outcomes = set(zip(shown, TEN.said[LAST, :PICTURES].tolist(), strict=True))
    tab = open_run("first")
    sort_by_name(tab)
    for label in range(3):
        row = row_of(tab, label)
        expect(row.get_by_text("no pictures")).to_have_count(0 if label in shown else 1)
        for outcome in row.locator("[data-predicted]").all():
            predicted = int(outcome.get_attribute("data-predicted") or -1)
            bare = "bare" in (outcome.get_attribute("class") or "")
            assert bare == ((label, predicted) not in outcomes)


def test_a_class_without_pictures_is_chosen_and_named_so(open_run) -> None:
    tab = open_run("thousand")
    sort_by_name(tab)
    label = next(i for i in range(1000) if i not in THOUSAND.labels[:PICTURES])
    row_of(tab, label).get_by_role("cell").first.get_by_role("button").click()
    expect(message(tab)).to_contain_text("samples, 50 do")
    expect(tab.class_picker("True class")).to_have_value(f"name {label} (no pictures)")


def test_what_no_sample_passes_at_all_is_told_apart(open_run) -> None:
    tab = open_run("first", **{"class": 99})
    expect(message(tab)).to_contain_text("No sample passes these filters")


def test_a_text_is_looked_for_only_among_the_pictures(open_run) -> None:
    tab = open_run("first", text="no class is called so")
    expect(message(tab)).to_contain_text(f"None of the {PICTURES} samples with pictures")
    expect(message(tab)).not_to_contain_text("Of all")


def test_it_says_what_to_ask_the_logger_for(open_run) -> None:
    tab = open_run("indices", text="no class is called so")
    expect(message(tab)).to_contain_text("log_dataset's follow")


def test_without_pictures_a_class_can_be_chosen_and_the_numbers_stay(open_run) -> None:
    tab = open_run("none", **{"class": 4})
    expect(row_of(tab, 4)).to_have_class(re.compile("chosen"))
    expect(message(tab)).to_contain_text("only its numbers are known")


# What is of all samples, and what of those with pictures


@pytest.mark.parametrize(
    ("run", "shown", "told", "hint"),
    [
        ("first", "with pictures", "the first", None),
        ("weakest", "that flipped first", "those that flipped first", "not typical"),
        ("indices", "with pictures", "chosen by index", None),
        ("anew", "that flipped first", "those that flip first at this step", "may be others"),
        ("each", "with pictures", "of each class, those that flipped first", "not typical"),
    ],
)
def test_it_says_which_samples_have_pictures(run, shown, told, hint, open_run) -> None:
    tab = open_run(run)
    expect(tab.toolbar).to_contain_text(f"{PICTURES} of {PICTURES} {shown}")
    text = f"pictures of {PICTURES} of {grouped(COUNT)} samples: {told}"
    line = tab.frame.locator("fgsm-print p", has_text=text)
    expect(line).to_be_attached()
    assert (line.get_attribute("title") is None) == (hint is None)
    if hint:
        expect(line).to_have_attribute("title", re.compile(hint))


def test_the_counts_beside_the_filters_are_of_those_with_pictures(open_run) -> None:
    tab = open_run("first")
    everything = tab.frame.locator('[data-show="all"]')
    expect(everything).to_contain_text("All with pictures")
    expect(everything.locator("[data-count]")).to_have_text(str(PICTURES))
    present = len(set(TEN.labels[:PICTURES]))
    told = f"All {present} classes with pictures"
    expect(tab.class_picker("True class")).to_have_attribute("placeholder", told)
    assert tab.offered_classes("True class")[""] == told


@pytest.mark.parametrize("run", ["first", "weakest", "none"])
def test_the_median_flip_is_of_all_samples_whoever_has_pictures(run, open_run) -> None:
    right = TEN.right[0]
    flipped = (right & ~TEN.right[1:]).sum(1) / right.sum()
    epsilon = next(e for e, share in zip(EPSILONS, flipped, strict=True) if share >= 0.5)
    tab = open_run(run)
    numbers = tab.frame.locator("fgsm-numbers dd").last
    expect(numbers).to_have_text(f"{255 * epsilon:.0f}/255")
    tab.frame.get_by_role("button", name="Median flip").focus()
    expect(tab.frame.get_by_role("tooltip")).to_contain_text("all samples")


def test_it_says_so_in_korean(open_run) -> None:
    label, predicted, count = unpictured(TEN, TEN.pictured(PICTURES, "flipped-first"))
    tab = open_run("weakest", **{"class": label, "predicted": predicted}, locale="ko-KR")
    expect(message(tab)).to_contain_text(f"전체 샘플 {grouped(COUNT)}개 중에서는 {count}개")
    expect(tab.toolbar).to_contain_text(f"먼저 뒤집힌 샘플 {PICTURES}개 중 0개")
    line = tab.frame.locator("fgsm-print p", has_text=f"먼저 뒤집힌 {PICTURES}개만 이미지 저장")
    expect(line).to_have_attribute("title", re.compile("가장 약한"))


# Whom the examples made on one model fool


def test_the_transfers_are_a_table_at_each_epsilon(open_run) -> None:
    from scipy.stats import binomtest

    tab = open_run("transfer", panel="transfer")
    panel = tab.frame.locator("fgsm-transfers")
    fooled = TRANSFERS.fooled[0][1][-1]
    expect(panel.locator("p")).to_have_text(
        f"Examples made on resnet18 fool deep/er <b> in {fooled} of 90 that it is right on, "
        "at ε = 8/255"
    )
    rows = panel.get_by_role("table", name="Whom the examples").get_by_role("row")
    expect(rows).to_have_count(4)
    cell = rows.nth(2).get_by_role("cell").nth(0)  # made on the second, shown to the first
    count = TRANSFERS.fooled[1][0][-1]
    expect(cell).to_have_text(f"{percent(count / 100)}{count} of 100")
    interval = binomtest(count, 100).proportion_ci(method="wilson")
    told = f"{100 * interval.low:.1f}–{percent(interval.high)}$"
    expect(cell).to_have_attribute("title", re.compile(told))
    expect(rows.nth(1).get_by_role("cell").nth(2)).to_have_text("–")
    expect(rows.nth(2).get_by_role("rowheader")).to_have_text(MODELS[1])
    assert not axe.violations(tab)
    tab.press_epsilon("Home")
    expect(panel.locator("p")).to_have_text(
        "Examples made on resnet18 fool no other model, at ε = 0/255"
    )
    expect(cell).to_contain_text("0 of 100")
    tab.frame.get_by_role("tab", name="Transfer").press("ArrowRight")
    expect(tab.frame.get_by_role("tab", name="By epsilon")).to_be_focused()


def test_there_is_no_panel_of_transfers_where_there_are_none(open_run) -> None:
    tab = open_run("first", panel="transfer")
    expect(tab.frame.get_by_role("tab")).to_have_count(3)
    expect(tab.frame.get_by_role("tab", name="By epsilon", selected=True)).to_be_visible()


def test_the_transfers_are_told_in_korean(open_run) -> None:
    tab = open_run("transfer", panel="transfer", locale="ko-KR")
    fooled = TRANSFERS.fooled[0][1][-1]
    expect(tab.frame.locator("fgsm-transfers p")).to_contain_text(f"맞힌 샘플 90개 중 {fooled}개")
