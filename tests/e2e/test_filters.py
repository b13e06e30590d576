"""Finding samples: text, classes, states, their counts; the address; the steps that are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format.sample import Sample
from tests import servers
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab
from tests.networks import batch, convolutional

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "epsilon": EPSILONS[-1]}


@pytest.fixture(scope="module")
def samples(logdir: Path) -> tuple[Sample, ...]:
    """The samples of the step that is shown first."""
    (step,) = [s for s in read_steps(logdir / "photos") if (s.run, s.step) == ("standard", 20)]
    return step.record.samples


def state(sample: Sample, index: int = -1) -> str:
    return "flipped" if sample.flipped(index) else "right" if sample.correct else "wrong"


def said(sample: Sample, index: int = -1) -> int:
    return sample.adversarial[index].classes[0]


def expect_states(tab: Tab, samples: list[Sample], index: int = -1) -> None:
    """The numbers beside the states are those of these samples."""
    counts = Counter(state(sample, index) for sample in samples)
    for show, count in {
        "all": len(samples),
        **{s: counts[s] for s in ("flipped", "right", "wrong")},
    }.items():
        expect(tab.frame.locator(f'[data-show="{show}"] [data-count]')).to_have_text(str(count))


def text_field(tab: Tab) -> Locator:
    return tab.frame.get_by_role("searchbox", name="Find")


def expect_hits(tab: Tab, count: int) -> None:
    """The grid says that it shows as many of the 30 samples."""
    expect(tab.frame.locator("fgsm-grid")).to_contain_text(
        re.compile(rf"(?<!\d){count} of 30 with pictures")
    )


# Text


def test_text_finds_true_and_predicted_classes(rust_server, open_tab, samples) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    for text in ("CANNON", "고양", " kit "):
        text_field(tab).fill(text)
        found = [
            sample
            for sample in samples
            if any(text.strip().lower() in CLASSES[n].lower() for n in (sample.label, said(sample)))
        ]
        assert 0 < len(found) < len(samples)
        expect_states(tab, found)
        expect_hits(tab, len(found))


def test_text_finds_a_sample_by_its_number(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, text="17", **PHOTOS)
    expect(tab.cards).to_have_count(1)
    expect(tab.card(17)).to_be_visible()


def test_text_finds_a_class_without_a_name_as_it_is_shown(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/digits", run="digits", epsilon=0)
    text_field(tab).fill("class 3")
    expect(tab.card(3)).to_be_visible()
    assert "class 3" in " ".join(tab.cards.first.all_inner_texts())


def test_a_slash_goes_to_the_field_and_escape_clears_it(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("/")
    expect(text_field(tab)).to_be_focused()
    text_field(tab).press_sequentially("no/such")
    expect(text_field(tab)).to_have_value("no/such")
    expect_states(tab, [])
    text_field(tab).press("Escape")
    expect(text_field(tab)).to_have_value("")
    expect_hits(tab, 30)


def test_a_slash_unfolds_the_sidebar_where_it_is_folded(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, width=800, height=600, **PHOTOS)
    expect(text_field(tab)).not_to_be_visible()
    tab.epsilon.press("/")
    expect(text_field(tab)).to_be_focused()


# Classes and states


def test_the_predicted_class_is_a_filter_with_counts(rust_server, open_tab, samples) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    counts = Counter(said(sample) for sample in samples)
    offered = tab.offered_classes("Predicted class")
    assert {int(value) for value in offered if value} == set(counts)
    for number, count in counts.items():
        assert offered[str(number)] == f"{CLASSES[number]} ({count})"
    chosen, count = counts.most_common(1)[0]
    tab.choose_class("Predicted class", str(chosen))
    expect_states(tab, [sample for sample in samples if said(sample) == chosen])
    expect_hits(tab, count)


def test_a_predicted_class_stays_chosen_where_nothing_is_said_to_be_it(
    rust_server, open_tab, samples
) -> None:
    clean = {sample.clean.classes[0] for sample in samples}
    absent = next(number for number in range(99) if number not in clean)
    tab = open_tab(rust_server, predicted=absent, **{**PHOTOS, "epsilon": 0})
    expect(tab.class_picker("Predicted class")).to_have_value(re.compile(r"\(no pictures\)$"))
    assert tab.offered_classes("Predicted class")[str(absent)].endswith("(no pictures)")
    expect_states(tab, [])


def test_each_count_is_of_what_the_other_filters_let_through(
    rust_server, open_tab, samples
) -> None:
    tab = open_tab(rust_server, show="flipped", **PHOTOS)
    flipped = [sample for sample in samples if state(sample) == "flipped"]
    expect_states(tab, list(samples))
    label = Counter(sample.label for sample in flipped).most_common(1)[0][0]
    for number, count in Counter(sample.label for sample in flipped).items():
        assert tab.offered_classes("True class")[str(number)].endswith(f"({count})")
    tab.choose_class("True class", str(label))
    expect_states(tab, [sample for sample in samples if sample.label == label])
    among = Counter(said(sample) for sample in flipped if sample.label == label)
    predicted = tab.offered_classes("Predicted class")
    assert len(predicted) == 1 + len(among)
    for number, count in among.items():
        assert predicted[str(number)].endswith(f"({count})")
    labels = tab.offered_classes("True class")
    for number, count in Counter(sample.label for sample in flipped).items():
        assert labels[str(number)].endswith(f"({count})"), "its own filter is no other"


def test_all_filters_can_be_cleared_at_once(rust_server, open_tab, samples) -> None:
    tab = open_tab(rust_server, show="flipped", text="n", predicted=2, **{"class": 1}, **PHOTOS)
    clear = tab.frame.get_by_role("button", name="Clear filters")
    clear.click()
    expect_states(tab, list(samples))
    expect_hits(tab, 30)
    expect(text_field(tab)).to_have_value("")
    expect(clear).not_to_be_visible()
    tab.page.wait_for_function("!/p.fgsm.(show|text|predicted|class)=/.test(location.hash)")


def test_the_filters_are_in_the_address(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    text_field(tab).fill("a b")
    tab.frame.get_by_label("Sort by").select_option("loss")
    tab.page.wait_for_function("location.hash.includes('p.fgsm.sort=loss')")
    tab.reload()
    expect(text_field(tab)).to_have_value("a b")
    expect(tab.frame.get_by_label("Sort by")).to_have_value("loss")


# The address


def test_a_change_of_the_address_is_followed(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    hash = tab.page.evaluate("location.hash")
    changed = re.sub(r"p\.fgsm\.epsilon=[^&]*", "p.fgsm.epsilon=0", hash)
    tab.page.evaluate(f"location.hash = {changed + '&p.fgsm.show=right&p.fgsm.step=10'!r}")
    expect(tab.frame.locator('[data-show="right"]')).to_have_attribute("aria-pressed", "true")
    expect(tab.epsilon).to_have_attribute("aria-valuenow", "0")
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    tab.page.go_back()
    expect(tab.frame.locator('[data-show="all"]')).to_have_attribute("aria-pressed", "true")
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[-1]))
    expect(tab.step).to_have_attribute("aria-valuetext", "20")
    tab.page.go_forward()
    expect(tab.frame.locator('[data-show="right"]')).to_have_attribute("aria-pressed", "true")


def test_another_tab_of_tensorboard_does_not_change_the_selection(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, fresh=True, show="right", **PHOTOS)
    tab.page.get_by_role("tab", name="Time Series").click()
    tab.page.wait_for_function("location.hash.startsWith('#timeseries')")
    tab.page.get_by_role("tab", name="FGSM").click()
    expect(tab.frame.locator('[data-show="right"]')).to_have_attribute("aria-pressed", "true")


def test_the_step_survives_a_change_of_run_and_tag(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, step=10, **PHOTOS)
    tab.frame.locator('[data-run="photos/robust"]').get_by_text("photos/robust").click()
    tab.wait_until_ready()
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    tag = tab.frame.get_by_label("Tag")
    tag.select_option("fgsm/digits")
    tab.wait_until_ready()
    tag.select_option("fgsm/photos")
    tab.wait_until_ready()
    expect(tab.step).to_have_attribute("aria-valuetext", "10")


# What is kept, and what cannot be read


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of five steps; and two runs of another tag, of which one begins late."""
    root = tmp_path_factory.mktemp("five")
    torch.manual_seed(0)
    for run, tag, steps in (("run", "fgsm", range(5)), ("early", "two", [0]), ("late", "two", [7])):
        with SummaryWriter(str(root / run)) as writer:
            logger = FGSMLogger(writer, FGSM([0.1]), tag=tag)
            for step in steps:
                logger.log(convolutional(), *batch(), step=step)
    return root


@pytest.fixture(scope="module")
def all_kept(five: Path) -> Iterator[str]:
    """A TensorBoard with the flag that the page says to keep all five steps with."""
    with servers.process(five, "--samples_per_plugin", "fgsm=5") as address:
        yield address


def test_the_sampling_limit_is_told_with_the_flag_that_lifts_it(five, all_kept, open_tab) -> None:
    run = {"run": "run", "tag": "fgsm"}
    print_ = "fgsm-print"
    with servers.process(five, "--samples_per_plugin", "fgsm=2") as address:
        tab = open_tab(address, fresh=True, **run)
        expect(tab.frame.locator(print_)).to_contain_text(
            "2 of 5 logged steps available; --samples_per_plugin fgsm=5 keeps all"
        )
        tab.frame.locator(f"{print_} summary").click()
        tab.frame.locator(f"{print_} code").click()
        chosen = tab.app.evaluate("(e) => e.ownerDocument.defaultView.getSelection().type")
        assert chosen == "Range"
    tab = open_tab(all_kept, **run)
    expect(tab.frame.locator(print_)).to_contain_text("5 of 5 logged steps available")
    expect(tab.frame.locator(print_)).not_to_contain_text("samples_per_plugin")


def test_a_step_that_cannot_be_read_offers_the_one_before(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/damaged", run="damaged", refusals=True)
    for step in (2, 1):
        tab.frame.get_by_role("button", name=f"Show step {step}").click()
        tab.wait_until_ready()
        expect(tab.step).to_have_attribute("aria-valuetext", str(step))
    expect(tab.card(1).locator("canvas").first).to_be_visible()


def test_a_step_before_a_runs_first_offers_the_first(all_kept, open_tab) -> None:
    tab = open_tab(all_kept, run="late", tag="two", step=0)
    expect(tab.app).to_contain_text("late has no step this early; its first is 7")
    tab.frame.get_by_role("button", name="Show step 7").click()
    expect(tab.card(0)).to_be_visible()
