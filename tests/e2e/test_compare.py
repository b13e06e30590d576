"""The same samples side by side: under two runs, at two steps, under two tags, and over the steps;
and what plays by itself."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.format.reader import LoggedStep
from tests import servers
from tests.e2e.tab import Tab
from tests.networks import convolutional

EPSILONS = (1 / 255, 4 / 255, 16 / 255)
COUNT = 12
MISSING = 2
STEPS = (0, 10, 20)
BOTH = {"tag": "fgsm", "run": "one", "epsilon": EPSILONS[1]}
COMPARE = {**BOTH, "shape": "compare"}

Steps = dict[tuple[str, str, int], LoggedStep]


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of the same pictures, of which the second has them in another order and lacks some;
    the first logged a second attack, too.
    """
    root = tmp_path_factory.mktemp("compared")
    photos = torch.rand(COUNT, 3, 4, 6, generator=torch.Generator().manual_seed(0))
    photos = torch.nn.functional.interpolate(photos, (32, 48), mode="bicubic").clamp(0, 1)
    labels = convolutional(seed=0).eval()(photos).argmax(1)
    pgd = PerEpsilon(PGD(steps=3, step_size=1 / 255), EPSILONS)
    turned = torch.arange(COUNT).flip(0)[: COUNT - MISSING]
    everything = torch.arange(COUNT)
    for run, tag, steps, chosen, attack in (
        ("one", "fgsm", STEPS, everything, FGSM(EPSILONS)),
        ("one", "pgd", (20,), turned, pgd),
        ("two", "fgsm", (20,), turned, FGSM(EPSILONS)),
        ("alone", "single", (20,), everything, FGSM(EPSILONS)),
    ):
        with SummaryWriter(str(root / run), filename_suffix=f".{tag}") as writer:
            logger = FGSMLogger(writer, attack, tag=tag, max_samples=COUNT)
            for step in steps:
                seed = {("one", 0): 3, ("one", 10): 2, ("two", 20): 1}.get((run, step), 0)
                model = convolutional(seed=seed).eval()
                logger.log(model, photos[chosen], labels[chosen], step=step)
    return root


@pytest.fixture(scope="module")
def steps(logdir: Path) -> Steps:
    return {(s.run, s.tag, s.step): s for s in read_steps(logdir)}


@pytest.fixture(scope="module")
def address(logdir: Path, served) -> Iterator[str]:
    with served(logdir) as address:
        servers.wait_for_steps(address, "one", "fgsm", len(STEPS))
        for run, tag in (("one", "pgd"), ("two", "fgsm"), ("alone", "single")):
            servers.wait_for_steps(address, run, tag, 1)
        yield address


def partner(one: LoggedStep, sample: int, other: LoggedStep) -> int | None:
    """Where another record has the same original."""
    original = one.original(sample)
    same = (i for i in range(len(other.record.samples)) if (other.original(i) == original).all())
    return next(same, None)


def right(step: LoggedStep, sample: int, place: int = 1) -> bool:
    found = step.record.samples[sample]
    return found.adversarial[place].classes[0] == found.label


def judged(one: LoggedStep, other: LoggedStep) -> dict[int, tuple[bool, bool]]:
    """Of the samples that both have: whether each is right."""
    pairs = ((i, partner(one, i, other)) for i in range(len(one.record.samples)))
    return {i: (right(one, i), right(other, j)) for i, j in pairs if j is not None}


def side(card: Locator, place: int) -> Locator:
    return card.locator(f'figure[data-side="{place}"]')


def assert_shows(tab: Tab, canvas: Locator, picture: np.ndarray) -> None:
    expect(canvas).to_have_attribute("data-epsilon", re.compile(r"\d"))
    drawn = tab.drawn(canvas)
    assert np.array_equal(drawn[..., :3], np.broadcast_to(picture, (*picture.shape[:2], 3)))


def sentence(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-contest .outcome")


def pictures_asked_for(tab: Tab) -> list[str]:
    return [url for url in tab.plugin_requests() if "/pictures?" in url]


# Two runs


def test_each_run_has_its_own_picture_of_the_same_sample(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **COMPARE)
    one, two = steps["one", "fgsm", 20], steps["two", "fgsm", 20]
    for sample in (MISSING, COUNT - 1):
        card = tab.bring(sample)
        other = partner(one, sample, two)
        assert other is not None
        assert other != sample
        for epsilon in (EPSILONS[1], None):
            if epsilon is None:
                epsilon = tab.press_epsilon("Shift+ArrowRight")
                assert EPSILONS[1] < epsilon < EPSILONS[2]
            expect(side(card, 0).locator("canvas")).to_have_attribute("data-epsilon", str(epsilon))
            assert_shows(tab, side(card, 0).locator("canvas"), one.adversarial(sample, epsilon))
            assert_shows(tab, side(card, 1).locator("canvas"), two.adversarial(other, epsilon))
        original = tab.drawn(card.locator('canvas[data-kind="original"]'))
        assert np.array_equal(original[..., :3], one.original(sample))
        said = two.record.samples[other].adversarial[1]
        expect(side(card, 1)).to_contain_text(f"{100 * said.probabilities[0]:.1f}")
        state = "– wrong" if not two.record.samples[other].correct else r"[✓✕] "
        expect(side(card, 1).locator(".pill")).to_have_text(re.compile(state))
        assert tab.press_epsilon("ArrowLeft") == EPSILONS[1]


def test_a_sentence_tells_who_is_right_on_how_many(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **COMPARE)
    both = judged(steps["one", "fgsm", 20], steps["two", "fgsm", 20])
    assert len(both) == COUNT - MISSING
    counts = {"one": sum(a for a, _ in both.values()), "two": sum(b for _, b in both.values())}
    best = max(counts, key=lambda run: counts[run])
    lead = abs(counts["one"] - counts["two"])
    split = sum(a != b for a, b in both.values())
    assert lead > 0, "the test's own data must have a winner"
    for text in (
        f"At 4/255, of the {len(both)} samples that both have, {best} is right on {counts[best]}",
        f"{best} leads by {lead} ({100 * lead / len(both):.0f} points)",
        f"They disagree on {split}.",
    ):
        expect(sentence(tab)).to_contain_text(text)
    expect(tab.frame.locator("fgsm-contest .alone")).to_have_text("2 samples without a partner")
    tab.expect_samples(len(both))
    expect(tab.card(0)).to_have_count(0)
    tab.frame.get_by_role("button", name="Only where they disagree").click()
    tab.expect_samples(split)
    shown = [int(card.get_attribute("data-sample") or -1) for card in tab.cards.all()]
    assert set(shown) <= {i for i, (a, b) in both.items() if a != b}
    tab.page.wait_for_function("location.hash.includes('p.fgsm.disagree=true')")
    tab.frame.get_by_role("button", name="Triplet").click()
    tab.expect_samples(COUNT)


def test_a_sides_name_leads_to_its_samples(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **COMPARE)
    tab.bring(MISSING).get_by_title("Show the samples of two").click()
    tab.wait_until_ready()
    expect(tab.toolbar).to_contain_text("two")
    expect(side(tab.cards.first, 0)).to_have_attribute("aria-current", "true")
    tab.expect_samples(COUNT - MISSING)
    # The original is the second run's own: the same one.
    card = tab.cards.first
    drawn = tab.drawn(card.locator('canvas[data-kind="original"]'))
    number = int(card.get_attribute("data-sample") or -1)
    assert np.array_equal(drawn[..., :3], steps["two", "fgsm", 20].original(number))


def test_a_run_alone_is_told_what_to_do(address, open_tab) -> None:
    tab = open_tab(address, **COMPARE, runs=json.dumps(["one"]))
    expect(sentence(tab)).to_contain_text("One run is drawn")
    expect(tab.cards).to_have_count(0)
    expect(tab.toolbar.locator(".count")).to_have_count(0)
    tab.frame.get_by_role("button", name="Draw two too").click()
    expect(sentence(tab)).to_contain_text("They disagree on")
    expect(tab.cards.first).to_be_visible()


def test_a_card_is_one_stop_and_opens_what_the_others_follow_in_the_grids_order(
    address, open_tab, steps: Steps
) -> None:
    both = judged(steps["one", "fgsm", 20], steps["two", "fgsm", 20])
    split = [i for i, (a, b) in both.items() if a != b]
    assert len(split) > 1, "the test's own data must have a next one"
    tab = open_tab(address, **COMPARE, disagree="true")
    press = tab.page.keyboard.press
    tab.expect_samples(len(split))
    name = tab.card(split[0]).locator(".open")
    name.focus()
    press("ArrowRight")
    expect(tab.card(split[1]).locator(".open")).to_be_focused()
    press("ArrowLeft")
    for inside in (".seek", "button.side"):
        press("Tab")
        expect(tab.card(split[0]).locator(inside)).to_be_focused()
    press("Tab")
    expect(tab.card(split[1]).locator(":focus")).to_have_count(0)
    name.press("Enter")
    dialog = tab.frame.locator("fgsm-sample dialog")
    expect(dialog.locator("nav .place")).to_have_text(f"1 of {len(split)}")
    press("ArrowRight")
    expect(dialog.locator("h2 .index")).to_have_text(f"#{split[1]}")
    expect(dialog.get_by_role("list", name="In other runs").get_by_role("button")).to_have_count(2)
    press("Escape")
    expect(tab.card(split[1]).locator(".open")).to_be_focused()


def test_epsilon_moves_without_a_request_and_little_is_fetched(address, open_tab) -> None:
    tab = open_tab(address, **COMPARE)
    before = len(tab.plugin_requests())
    assert 0 < len(pictures_asked_for(tab)) <= 3
    tab.drag_epsilon(0.3)
    tab.drag_epsilon(0.9)
    tab.wait_until_ready()
    assert len(tab.plugin_requests()) == before


# Another step, another tag


def test_a_step_is_compared_with_another_of_its_run(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **COMPARE, against="step")
    now = steps["one", "fgsm", 20]
    for other in (0, 10):
        tab.frame.get_by_label("The step beside").select_option(str(other))
        both = judged(now, steps["one", "fgsm", other])
        count = sum(b for _, b in both.values())
        expect(sentence(tab)).to_contain_text(
            f"step 20 is right on {sum(a for a, _ in both.values())}, step {other} on {count}"
        )
        picture = steps["one", "fgsm", other].adversarial(0, EPSILONS[1])
        expect(side(tab.card(0), 1)).to_contain_text(f"step {other}")
        tab.wait_until_ready()
        assert_shows(tab, side(tab.card(0), 1).locator("canvas"), picture)
    tab.card(0).get_by_title("Go to step 10").click()
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    expect(sentence(tab)).to_contain_text(re.compile("step 10 is right .*step 20 on"))
    tab.frame.get_by_label("The step beside").select_option("10")
    expect(sentence(tab)).to_contain_text("Choose another")


def test_what_one_attack_hides_another_shows(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **COMPARE, against="tag")
    fgsm, pgd = steps["one", "fgsm", 20], steps["one", "pgd", 20]
    both = judged(fgsm, pgd)
    counts = [sum(a for a, _ in both.values()), sum(b for _, b in both.values())]
    expect(sentence(tab)).to_contain_text(f"{counts[0]} hold under fgsm, {counts[1]} under pgd")
    other = partner(fgsm, MISSING, pgd)
    assert other is not None
    canvas = side(tab.card(MISSING), 1).locator("canvas")
    assert_shows(tab, canvas, pgd.adversarial(other, EPSILONS[1]))
    # Between two logged epsilons it is the picture of the one below.
    moved = tab.press_epsilon("Shift+ArrowRight")
    expect(side(tab.card(MISSING), 0).locator("canvas")).to_have_attribute(
        "data-epsilon", str(moved)
    )
    assert_shows(tab, canvas, pgd.adversarial(other, EPSILONS[1]))
    expect(canvas).to_have_attribute("data-epsilon", str(EPSILONS[1]))


def test_one_step_and_one_tag_say_so(address, open_tab) -> None:
    alone = {"tag": "single", "run": "alone", "shape": "compare"}
    tab = open_tab(address, **alone, against="step")
    expect(sentence(tab)).to_contain_text("one step")
    for against, told in (("tag", "one tag"), ("runs", "One run is drawn")):
        tab.open({**alone, "against": against}, ready=True)
        expect(sentence(tab)).to_contain_text(told)
    tab.open({**alone, "shape": "time"}, ready=True)
    expect(tab.frame.locator("fgsm-grid .message")).to_contain_text("one step")


# Over time


def test_a_sample_is_followed_over_the_steps(address, open_tab, steps: Steps) -> None:
    tab = open_tab(address, **BOTH, shape="time")
    card = tab.card(0)
    logged = [steps["one", "fgsm", step] for step in STEPS]
    for place, step in enumerate(logged):
        expect(side(card, place)).to_contain_text(str(STEPS[place]))
        assert_shows(tab, side(card, place).locator("canvas"), step.adversarial(0, EPSILONS[1]))
        said = step.record.samples[0].adversarial[1]
        expect(side(card, place)).to_contain_text(f"{100 * said.probabilities[0]:.1f}")
    expect(card.locator("figure[aria-current]")).to_contain_text("20")
    marked = 0
    for sample in range(4):
        states = [step.record.samples[sample].correct and right(step, sample) for step in logged]
        turns = [
            "" if a == b else ("right" if b else "flipped") for a, b in itertools.pairwise(states)
        ]
        between = tab.bring(sample).locator("figure + *:not(figure)")
        assert [each.get_attribute("data-turn") or "" for each in between.all()] == turns
        marked += sum(map(bool, turns))
    assert marked > 0, "the test's own data must have a turn"
    side(tab.bring(0), 0).locator("canvas").click()
    expect(tab.step).to_have_attribute("aria-valuetext", "0")
    expect(tab.card(0).locator("figure[aria-current]")).to_contain_text("0")
    expect(tab.card(0).locator("figure")).to_have_count(len(STEPS))


# What plays


WATCH = """(app) => new Promise((ended) => {
    const within = (root, names) =>
        names.reduce((at, name) => at?.shadowRoot?.querySelector(name), root);
    const button = within(app, ['fgsm-numbers', 'fgsm-play', 'button']);
    const grid = within(app, ['fgsm-grid', '.cards > *']);
    const thumb = within(app, ['fgsm-panels', 'fgsm-chart', 'fgsm-epsilon', '.thumb']);
    const seen = [];
    const look = () => {
        if (button.ariaLabel !== 'Pause') return ended(seen);
        seen.push([Number(thumb.ariaValueNow), grid.ariaSetSize]);
        requestAnimationFrame(look);
    };
    button.click();
    setTimeout(look, 100);
})"""
"""Starts epsilon; what the thumb and the number of samples were in each frame until it stopped."""


def test_epsilon_plays_to_its_end_while_the_grid_stands(address, open_tab) -> None:
    tab = open_tab(address, **{**COMPARE, "show": "right"})
    tab.epsilon.press("Home")
    tab.wait_until_ready()
    requests = len(tab.plugin_requests())
    begun = time.monotonic()
    seen = tab.app.evaluate(WATCH)
    assert time.monotonic() - begun > 4
    epsilons = [epsilon for epsilon, _ in seen]
    assert epsilons == sorted(epsilons)
    assert len(set(epsilons) - set(EPSILONS)) > 4, "it is continuous"
    assert len({count for _, count in seen}) == 1
    assert len(tab.plugin_requests()) == requests
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[-1]))
    tab.page.wait_for_function(f"location.hash.includes('p.fgsm.epsilon={EPSILONS[-1]}')")
    tab.frame.locator('fgsm-numbers [data-play="epsilon"]').click()
    expect(tab.epsilon).not_to_have_attribute("aria-valuenow", str(EPSILONS[-1]))
    assert tab.epsilon_now() < EPSILONS[-1], "from the end it begins anew"


WRITTEN = """() => {
    window.written = [];
    for (const name of ['pushState', 'replaceState']) {
        const write = history[name];
        history[name] = (state, title, hash) => {
            window.written.push(hash);
            write.call(history, state, title, hash);
        };
    }
}"""
"""Keeps each address that is written."""


@pytest.mark.parametrize("by", ["Escape", "key", "press", "drag"])
def test_the_reader_stops_what_plays(by, address, open_tab) -> None:
    tab = open_tab(address, **BOTH)
    tab.epsilon.press("Home")
    play = tab.frame.locator('fgsm-numbers [data-play="epsilon"]')
    play.click()
    expect(play).to_have_accessible_name("Pause")
    if by == "Escape":
        tab.page.keyboard.press("Escape")
    elif by == "key":
        tab.epsilon.press("ArrowRight")
    elif by == "press":
        play.click()
    else:
        tab.drag_epsilon(0.5)
    expect(play).to_have_accessible_name("Play over epsilon")
    # The frame in which the button is told may be the one before the slider's.
    two_frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    tab.page.evaluate(two_frames)
    now = tab.epsilon_now()
    tab.page.wait_for_timeout(300)
    assert tab.epsilon_now() == now


def test_with_little_motion_epsilon_goes_from_logged_to_logged(address, open_tab) -> None:
    tab = open_tab(address, **BOTH, reduced_motion="reduce")
    tab.epsilon.press("Home")
    tab.frame.locator('fgsm-numbers [data-play="epsilon"]').click()
    seen = set()
    begun = time.monotonic()
    while len(seen) < 3 and time.monotonic() < begun + 20:
        seen.add(tab.epsilon_now())
        tab.page.wait_for_timeout(20)
    assert seen == {0, *EPSILONS[:2]}
    assert time.monotonic() - begun > 1.5


SEEN = """step => {
  step.seen = [];
  const see = () => step.seen.push(step.getAttribute("aria-valuetext"));
  new MutationObserver(see).observe(step, { attributeFilter: ["aria-valuetext"] });
}"""


def test_steps_play_in_turn_and_stop_at_the_newest(address, open_tab) -> None:
    tab = open_tab(address, **BOTH)
    play = tab.frame.locator('fgsm-steps [data-play="step"]')
    begun = time.monotonic()
    tab.page.evaluate(WRITTEN)
    tab.step.evaluate(SEEN)
    play.click()
    expect(play).to_have_accessible_name("Pause")
    expect(tab.step).to_have_attribute("aria-valuetext", "0")
    expect(tab.step).to_have_attribute("aria-valuetext", str(STEPS[-1]))
    # Who looks now and then may miss a step between.
    assert tab.step.evaluate("step => step.seen") == [str(step) for step in STEPS]
    assert time.monotonic() - begun > 0.9
    expect(play).to_have_accessible_name("Play over the steps")
    tab.page.wait_for_function("written.length > 0")
    assert tab.page.evaluate("written.length") == 1, "once it stands"


def test_steps_wait_for_their_data(address, open_tab) -> None:
    tab = open_tab(address, **BOTH)
    tab.page.route("**/record?*step=10*", lambda route: None)
    tab.frame.locator('fgsm-steps [data-play="step"]').click()
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    tab.page.wait_for_timeout(1200)
    expect(tab.step).to_have_attribute("aria-valuetext", "10")
    tab.page.keyboard.press("Escape")
