"""The page for everyone: with a keyboard, a screen reader, forced colours, a phone, enlarged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format.record import Record
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab
from tests.networks import convolutional

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}
FOCUSED = """() => {
    let at = document.activeElement;
    const path = [];
    for (; at; at = at.shadowRoot?.activeElement ?? null) path.push(at);
    const card = path.find((e) => e.localName === 'fgsm-card');
    const box = path.at(-1).getBoundingClientRect();
    return {
        name: path.at(-1).className || path.at(-1).localName,
        sample: card ? card.position : null,
        top: box.top, bottom: box.bottom,
    };
}"""


@pytest.fixture(scope="module")
def record(logdir: Path) -> Record:
    (step,) = [s for s in read_steps(logdir / "photos") if (s.run, s.step) == ("standard", 20)]
    return step.record


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweep")


@pytest.fixture(scope="module")
def many(root: Path, served) -> Iterator[str]:
    """Twelve runs of a sweep, with 120 steps the first, and a targeted attack."""
    digits = torch.rand(60, 1, 12, 12, generator=torch.Generator().manual_seed(0))
    model = convolutional(channels=1).eval()
    labels = model(digits).argmax(1)
    for number in range(12):
        run = root / f"sweep/2026-11-25/resnet18-rate={number}-seed=0-does-not-fit-the-list"
        with SummaryWriter(str(run)) as writer:
            logger = FGSMLogger(writer, FGSM([0.02, 0.1]), tag="fgsm", max_samples=60)
            for step in range(120 if number == 0 else 1):
                chosen = slice(4) if number == 0 and step < 119 else slice(60)
                logger.log(model, digits[chosen], labels[chosen], step=step)
    with SummaryWriter(str(root / "targeted")) as writer:
        labels = torch.arange(60) % 5
        FGSMLogger(writer, FGSM([0.02, 0.1], target=int(labels[3])), tag="fgsm/aimed").log(
            model, digits, labels, step=0
        )
    with served(root, "--samples_per_plugin", "fgsm=200") as address:
        yield address


def sweep(number: int) -> str:
    return f"sweep/2026-11-25/resnet18-rate={number}-seed=0-does-not-fit-the-list"


def focused(tab: Tab) -> dict:
    return tab.frame.locator("body").evaluate(FOCUSED)


def scroll(tab: Tab, to: str) -> None:
    tab.frame.locator("main").evaluate(
        f"(m) => {{ m.scrollTop = {to};"
        " return new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f))); }"
    )


def percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def overflow(tab: Tab) -> int:
    """How far the page or its column can be scrolled sideways."""
    return tab.frame.locator("main").evaluate(
        "(m) => Math.max(m.scrollWidth - m.clientWidth,"
        " document.documentElement.scrollWidth - innerWidth)"
    )


# The keyboard


def test_arrow_keys_go_from_card_to_card_however_many_there_are(many, open_tab) -> None:
    tab = open_tab(many, tag="fgsm", run=sweep(0))
    tab.card(0).locator(".open").focus()
    for sample in range(1, 40):
        tab.page.keyboard.press("ArrowRight")
        expect(tab.card(sample).locator(".open")).to_be_focused()
        expect(tab.card(sample)).to_be_visible()
    for sample in range(38, 20, -1):
        tab.page.keyboard.press("ArrowLeft")
        expect(tab.card(sample).locator(".open")).to_be_focused()


def test_a_focused_card_keeps_the_focus_while_one_scrolls_far_away(many, open_tab) -> None:
    tab = open_tab(many, tag="fgsm", run=sweep(0))
    tab.card(1).locator(".open").focus()
    scroll(tab, "m.scrollHeight")
    expect(tab.card(59)).to_be_in_viewport()
    assert focused(tab)["sample"] == 1
    tab.page.keyboard.press("ArrowRight")
    expect(tab.card(2).locator(".open")).to_be_focused()
    expect(tab.card(2)).to_be_in_viewport()


def test_what_has_the_focus_is_not_behind_the_strip_above_the_cards(many, open_tab) -> None:
    tab = open_tab(many, tag="fgsm", run=sweep(0))
    scroll(tab, "m.scrollHeight / 2")
    tab.frame.locator("fgsm-card .open").last.focus()
    for _ in range(14):
        before = focused(tab)["sample"]
        tab.page.keyboard.press("ArrowUp")
        expect(tab.card(before).locator(".open")).not_to_be_focused()
        bar = tab.toolbar.evaluate("(e) => e.getBoundingClientRect().bottom")
        assert focused(tab)["top"] >= bar - 1


def test_a_tip_opens_by_focus_and_escape_takes_it_away(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tip = tab.frame.get_by_role("tooltip")
    for name, text in (("Robust accuracy", "still right"), ("Median flip", "half of")):
        term = tab.frame.get_by_role("button", name=name)
        term.focus()
        expect(tip).to_contain_text(text)
        expect(tip).to_be_in_viewport(ratio=1)
        described = term.evaluate(
            "(e) => e.getRootNode().getElementById(e.getAttribute('aria-describedby')).textContent"
        )
        assert text in described
        tab.page.keyboard.press("Escape")
        expect(tip).to_have_count(0)
    tab.frame.locator("fgsm-card [data-state=flipped] .open").first.click()
    tab.frame.get_by_role("button", name="Flips at ε").focus()
    expect(tip).to_have_text("The prediction stops being right")
    tab.page.keyboard.press("Escape")  # the tip alone
    expect(tip).to_have_count(0)
    expect(tab.frame.locator("fgsm-sample dialog[open]")).to_be_visible()


def test_escape_takes_the_charts_numbers_away(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    plot = tab.frame.locator("fgsm-chart .over")
    tab.epsilon.focus()  # What is pressed goes to the frame that has the focus.
    plot.hover(position={"x": 100, "y": 40})
    tip = tab.frame.locator("fgsm-chart .tip")
    expect(tip).to_be_visible()
    numbers, box = tip.bounding_box(), plot.bounding_box()
    assert numbers is not None
    assert box is not None
    assert numbers["y"] + numbers["height"] <= box["y"] + box["height"], "nothing below is covered"
    tab.page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_the_help_opens_with_a_button_and_a_key_and_gives_the_focus_back(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    button = tab.frame.get_by_role("button", name="What is this?")
    dialog = tab.frame.get_by_role("dialog", name="What is to be seen here")
    expect(dialog).to_have_count(0)
    button.click()
    for text in ("1/255 is one grey level", "half of the right ones", "original + ε · sign ∇J"):
        expect(dialog).to_contain_text(text)
    expect(dialog.get_by_role("link", name="Goodfellow")).to_have_attribute(
        "href", "https://arxiv.org/abs/1412.6572"
    )
    tab.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    tab.epsilon.press("?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    tab.frame.get_by_role("searchbox", name="Find").press_sequentially("?")
    expect(dialog).to_have_count(0)


# A screen reader


def test_the_chart_says_what_one_sees(rust_server, open_tab, record) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    label = tab.frame.locator("fgsm-chart canvas").get_attribute("aria-label") or ""
    told = label.partition("photos/standard: right on ")[2].partition(". ")[0]
    assert told.startswith(f"{percent(record.clean_accuracy)} without attack")
    first = re.findall(r"([\d.]+)\s% (at|from) ([\d.]+)/255", told)
    by_epsilon = dict(zip(EPSILONS, record.robust_accuracy, strict=True))
    assert first, told
    for share, _, epsilon in first:
        (logged,) = [e for e in EPSILONS if f"{255 * e:g}" == epsilon]
        assert f"{100 * by_epsilon[logged]:.0f}" == share


def test_the_slider_tells_the_accuracy_and_a_picture_what_it_becomes(
    rust_server, open_tab, record
) -> None:
    tab = open_tab(rust_server, epsilon=EPSILONS[-1], **PHOTOS)
    expect(tab.epsilon).to_have_attribute(
        "aria-valuetext", f"51/255, right on {percent(record.robust_accuracy[-1])}"
    )
    for i, sample in enumerate(record.samples[:6]):
        said, now = sample.clean, sample.adversarial[-1]
        name = tab.bring(i).locator('canvas[data-kind="adversarial"]').get_attribute("aria-label")
        assert name is not None
        before = f"{CLASSES[said.classes[0]]} {percent(said.probabilities[0])}"
        assert name.startswith(before)
        assert name.endswith("at ε = 51/255")
        turned = said.classes[0] != now.classes[0]
        assert ("becomes" if turned else "stays") in name
        assert percent(now.probabilities[0]) in name
        spark = tab.card(i).locator(".spark").get_attribute("aria-label") or ""
        assert f"{percent(said.label_probability)} without attack" in spark


def test_hits_and_accuracy_are_announced_once_they_stand_still(
    rust_server, open_tab, record
) -> None:
    tab = open_tab(rust_server, epsilon=EPSILONS[-1], **PHOTOS)
    told = tab.frame.locator("fgsm-numbers [role=status]")
    expect(told).to_have_text("")
    tab.epsilon.press("Home")
    expect(told).to_contain_text(
        f"Without attack the model is right on {percent(record.clean_accuracy)}"
    )
    tab.step.press("Home")
    tab.epsilon.press("End")
    expect(told).to_contain_text("At 51/255 the model is right on")
    hits = tab.frame.locator("fgsm-toolbar [role=status]")
    expect(hits).to_have_text("30 of 30 with pictures")
    tab.frame.locator('button[data-show="wrong"]').click()
    wrong = sum(not sample.correct for sample in record.samples)
    expect(hits).to_have_text(f"{wrong} of 30 with pictures")


def test_a_target_that_is_the_true_class_is_no_success_against_it(many, open_tab, root) -> None:
    tab = open_tab(many, tag="fgsm/aimed", run="targeted", epsilon=0.1)
    told = re.compile("the target is the true class|wrong without attack")
    (step,) = read_steps(root / "targeted")
    own = [i for i, sample in enumerate(step.record.samples) if sample.label == sample.target]
    assert own
    for sample in own[:3]:
        pill = tab.bring(sample).locator(".pill")
        expect(pill).to_have_text(told)
        expect(pill).not_to_contain_text("✓")


# Touch, phones, enlarged text, forced colours


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 800), (320, 256)])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_on_a_phone_or_enlarged_all_can_be_read_and_used(
    width, height, locale, rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, width=width, height=height, locale=locale, **PHOTOS)
    for panel in ("training", "classes", "epsilon"):
        tab.frame.locator(f"#tab-{panel}").click()
        assert overflow(tab) <= 0
        expect(tab.frame.locator("[role=tabpanel] > *").first).to_be_visible()
        plot = tab.frame.locator("[role=tabpanel] > *").first.bounding_box()
        numbers = tab.frame.locator("fgsm-numbers").bounding_box()
        card = tab.frame.locator(".top").bounding_box()
        assert plot is not None
        assert numbers is not None
        assert card is not None
        assert plot["width"] > 0.8 * card["width"]
        assert numbers["y"] >= plot["y"] + plot["height"], "stacked"
    tab.epsilon.press("End")
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[-1]))
    dragged = tab.drag_epsilon(0.5)
    assert 0 < dragged < EPSILONS[-1]
    scroll(tab, "m.scrollHeight")
    expect(tab.frame.locator("fgsm-folded")).to_be_hidden()
    tab.frame.locator(".unfold").click()
    expect(tab.frame.locator("aside.open input[type=search]").last).to_be_visible()


def test_once_scrolled_the_card_folds_to_a_strip_of_72_pixels(many, open_tab) -> None:
    tab = open_tab(many, tag="fgsm", run=sweep(0), width=1280, height=800)
    expect(tab.frame.locator("fgsm-folded")).to_be_hidden()
    scroll(tab, "800")
    strip = tab.frame.locator("fgsm-folded .strip")
    expect(strip).to_be_visible()
    top = tab.frame.locator("main").evaluate("(m) => m.getBoundingClientRect().top")
    bottom = tab.toolbar.evaluate("(e) => e.getBoundingClientRect().bottom")
    assert bottom - top == 72
    before = tab.frame.locator("main").evaluate("(m) => m.scrollTop")
    slider = strip.get_by_role("slider", name="Epsilon")
    slider.press("Home")
    expect(strip).to_contain_text("0")
    slider.press("End")
    expect(strip).to_contain_text("0.1")
    assert tab.frame.locator("main").evaluate("(m) => m.scrollTop") == before, "nothing moves"


def test_pictures_can_be_saved_without_a_mouse_and_from_a_film_strip(
    rust_server, open_tab, record
) -> None:
    tab = open_tab(rust_server, has_touch=True, is_mobile=True, shape="strip", **PHOTOS)
    links = tab.card(0).locator(".save")
    expect(links).to_have_count(len(EPSILONS))
    for link, epsilon in zip(links.all(), EPSILONS, strict=True):
        assert link.evaluate("(a) => getComputedStyle(a).opacity") == "1"
        name = link.get_attribute("aria-label") or ""
        assert f"#{record.samples[0].index}" in name
        assert name.endswith(f"at ε = {255 * epsilon:g}/255")


def test_with_forced_colours_every_control_and_mark_is_there(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, forced_colors="active", **PHOTOS)
    ground = "(e) => getComputedStyle(e.ownerDocument.body).backgroundColor"
    page = tab.app.evaluate(ground)

    def painted(where: Locator, part: str = "") -> str:
        return where.evaluate(
            "(e, part) => getComputedStyle(e, part || null).backgroundColor", part
        )

    drawn = {
        "dot": (tab.frame.locator('.dot[aria-pressed="true"]').first, "::before"),
        "thumb": (tab.frame.locator("fgsm-chart .thumb"), ""),
        "spark": (tab.card(0).locator(".spark i"), ""),
        "tab": (tab.frame.locator('[role=tab][aria-selected="true"]'), ""),
        "filter": (tab.frame.locator('[data-show="all"]'), ""),
        "shape": (tab.frame.locator('[data-shape="triplet"]').first, ""),
        "run": (tab.frame.locator('.pick[aria-current="true"]'), ""),
    }
    for name, (where, part) in drawn.items():
        assert painted(where, part) not in (page, "rgba(0, 0, 0, 0)"), name
    for slider in tab.frame.locator("input[type=range]").all():
        assert slider.evaluate("(e) => getComputedStyle(e).forcedColorAdjust") == "none"
    tab.frame.get_by_role("tab", name="By class").click()
    bar = tab.frame.locator("fgsm-classes .bar i").last
    assert painted(bar) not in (page, "rgba(0, 0, 0, 0)")


# Many runs, many steps


def test_of_a_sweeps_names_what_tells_them_apart_is_read(many, open_tab) -> None:
    tab = open_tab(many, tag="fgsm", run=sweep(3))
    marks = set()
    for number in range(12):
        run = tab.frame.locator(f'[data-run="{sweep(number)}"]')
        expect(run.locator(".pick .name > span").first).to_have_text(f"…{number}…")
        expect(run.locator(".pick")).to_have_attribute("title", sweep(number))
        marks.add((run.get_attribute("style"), run.locator(".dot").get_attribute("data-mark")))
    assert len(marks) == 12
    tab.frame.get_by_role("searchbox", name="Filter runs").fill("rate=7")
    expect(tab.frame.locator(".run")).to_have_count(1)


def test_another_run_shows_the_sample_that_was_in_sight(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/photos", run="photos/standard", step=0)
    tab.wait_until_ready()
    scroll(tab, "900")
    at = "(cards) => cards.map((c) => [c.dataset.sample, c.getBoundingClientRect().top])"
    before = dict(tab.cards.evaluate_all(at))
    tab.frame.locator('[data-run="photos/robust"]').get_by_text("photos/robust").click()
    tab.wait_until_ready()
    expect(tab.toolbar).to_contain_text("photos/robust")
    scroll(tab, "m.scrollTop")
    after = dict(tab.cards.evaluate_all(at))
    assert after == before


def test_a_hundred_changes_of_step_leave_the_document_as_large_as_it_was(many, open_tab) -> None:
    tab = open_tab(many, fresh=True, tag="fgsm", run=sweep(0), runs=f'["{sweep(0)}"]')
    client = tab.page.context.new_cdp_session(tab.page)

    def nodes() -> int:
        for _ in range(3):
            client.send("HeapProfiler.collectGarbage")
        return client.send("Memory.getDOMCounters")["nodes"]

    def move(count: int) -> None:
        for i in range(count):
            tab.step.press("ArrowLeft" if i % 2 == 0 else "ArrowRight")
            tab.page.wait_for_timeout(30)
        tab.wait_until_ready()

    tab.step.press("PageDown")
    move(10)
    plot = tab.frame.locator("fgsm-chart canvas")
    plot.evaluate("(plot) => { plot.dataset.kept = ''; }")
    before = nodes()
    move(100)
    assert nodes() - before < 40
    # A canvas made anew would lie about until it is collected.
    expect(plot).to_have_attribute("data-kept", "")
