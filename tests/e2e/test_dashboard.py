"""The dashboard in a real Chromium, in a real TensorBoard, on real event files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Error, expect
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.reader import LoggedStep
from tests import servers
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab
from tests.networks import batch, convolutional

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}


@pytest.fixture(scope="module")
def steps(logdir: Path) -> dict[tuple[str, str, int], LoggedStep]:
    """What was logged, as Python reads it."""
    return {(s.run, s.tag, s.step): s for s in read_steps(logdir / "photos")} | {
        (s.run, s.tag, s.step): s for s in read_steps(logdir / "digits")
    }


def rgb(picture: np.ndarray) -> np.ndarray:
    return np.broadcast_to(picture, (*picture.shape[:2], 3))


def assert_drawn(tab: Tab, step: LoggedStep, sample: int, epsilon: float) -> None:
    """The three canvases of a card hold exactly what Python computes."""
    for kind, expected in {
        "original": step.original(sample),
        "noise": pixels.noise(step.direction(sample)),
        "adversarial": step.adversarial(sample, epsilon),
    }.items():
        drawn = tab.pixels(sample, kind)
        assert np.array_equal(drawn[..., :3], rgb(expected)), kind
        assert (drawn[..., 3] == 255).all()


# Pictures


def test_the_canvases_show_what_python_computes_at_every_epsilon(server, open_tab, steps) -> None:
    step = steps["standard", "fgsm/photos", 20]
    tab = open_tab(server, **PHOTOS)
    tab.epsilon.press("Home")
    expect(tab.epsilon).to_have_attribute("aria-valuenow", "0")
    for expected in EPSILONS:
        tab.press_epsilon("ArrowRight")
        assert tab.wait_for_epsilon(0) == pytest.approx(expected)
        assert_drawn(tab, step, 0, tab.epsilon_now())
    tab.wait_for_epsilon(29)
    assert_drawn(tab, step, 29, tab.epsilon_now())


def test_epsilon_moves_continuously_between_the_logged_ones(rust_server, open_tab, steps) -> None:
    step = steps["standard", "fgsm/photos", 20]
    tab = open_tab(rust_server, **PHOTOS)
    seen = set()
    for share in (0.1, 0.37, 0.63, 0.91):
        epsilon = tab.drag_epsilon(share)
        assert all(abs(epsilon - logged) > 1e-9 for logged in EPSILONS)
        tab.wait_for_epsilon(1)
        assert_drawn(tab, step, 1, epsilon)
        seen.add(epsilon)
    assert len(seen) == 4


def test_moving_epsilon_asks_the_server_nothing(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.page.wait_for_timeout(500)
    before = len(tab.plugin_requests())
    for share in (0.2, 0.8, 0.5):
        tab.drag_epsilon(share)
    for key in ("Home", "End", "ArrowLeft", "Shift+ArrowLeft"):
        tab.epsilon.press(key)
    tab.wait_for_epsilon(0)
    assert len(tab.plugin_requests()) == before


def test_the_thumb_snaps_to_a_logged_epsilon_nearby(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.drag_epsilon(1.0)
    assert tab.epsilon_now() == pytest.approx(EPSILONS[-1])
    tab.drag_epsilon(0.003)
    assert tab.epsilon_now() == 0


def test_the_step_slider_goes_through_the_steps(server, open_tab, steps) -> None:
    tab = open_tab(server, **PHOTOS)
    tab.step.press("Home")
    tab.wait_until_ready()
    tab.wait_for_epsilon(0)
    assert_drawn(tab, steps["standard", "fgsm/photos", 0], 0, tab.epsilon_now())
    tab.step.press("End")
    tab.wait_until_ready()
    tab.wait_for_epsilon(0)
    assert_drawn(tab, steps["standard", "fgsm/photos", 20], 0, tab.epsilon_now())


def test_a_run_without_the_step_shows_its_nearest_earlier_one(rust_server, open_tab, steps) -> None:
    tab = open_tab(rust_server, tag="fgsm/photos", run="photos/robust", step=20)
    tab.wait_for_epsilon(0)
    assert_drawn(tab, steps["robust", "fgsm/photos", 15], 0, tab.epsilon_now())
    expect(tab.app).to_contain_text(re.compile(r"step 15"))


def test_grey_digits_are_drawn_and_enlarged_by_a_whole_factor(rust_server, open_tab, steps) -> None:
    tab = open_tab(rust_server, tag="fgsm/digits", run="digits")
    tab.wait_for_epsilon(0)
    assert_drawn(tab, steps[".", "fgsm/digits", 4], 0, tab.epsilon_now())
    canvas = tab.card(0).locator('canvas[data-kind="original"]')
    assert canvas.evaluate("(c) => getComputedStyle(c).imageRendering") == "pixelated"
    box = canvas.bounding_box()
    assert box is not None
    assert box["width"] / 28 == pytest.approx(round(box["width"] / 28), abs=0.02)


def test_photographs_keep_their_aspect(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    box = tab.card(0).locator('canvas[data-kind="original"]').bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(48 / 32, rel=0.02)


# Words and numbers


def test_a_card_says_what_the_model_says(rust_server, open_tab, steps) -> None:
    step = steps["standard", "fgsm/photos", 20]
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    for i, sample in enumerate(step.record.samples[:4]):
        card = tab.card(i)
        expect(card.locator("h3")).to_have_text(CLASSES[sample.label].strip())
        said = (sample.clean, sample.noise, sample.adversarial[-1])
        for figure, prediction in zip(card.locator("figure").all(), said, strict=True):
            expect(figure).to_contain_text(CLASSES[prediction.classes[0]].strip())
            expect(figure).to_contain_text(f"{100 * prediction.probabilities[0]:.1f}")


def test_keys_that_come_faster_than_frames_are_all_heeded(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.evaluate(
        """(thumb) => {
            for (const key of ["End", "Home", "ArrowRight", "ArrowRight", "ArrowRight"]) {
                thumb.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            }
        }"""
    )
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[2]))
    tab.drag_epsilon(0.37)
    there = tab.epsilon_now()
    tab.epsilon.press("Shift+ArrowLeft")
    expect(tab.epsilon).not_to_have_attribute("aria-valuenow", str(there))
    assert 0.8 * there < tab.epsilon_now() < there  # not from where the keys had led


def test_state_is_told_in_words_and_agrees_with_the_record(rust_server, open_tab, steps) -> None:
    record = steps["standard", "fgsm/photos", 20].record
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    tab.epsilon.press("ArrowLeft")
    states = {"flipped": 0, "right": 0, "wrong": 0}
    for i, sample in enumerate(record.samples):
        state = "flipped" if sample.flipped(2) else "right" if sample.correct else "wrong"
        states[state] += 1
        sign = {"flipped": "✕", "right": "✓", "wrong": "–"}[state]
        tab.bring(i)
        expect(tab.card(i)).to_have_attribute("data-state", state)
        expect(tab.card(i).locator(".pill")).to_contain_text(sign)
    assert min(states.values()) > 0, "the test's own data must show every state"
    for state, count in {"all": 30, **states}.items():
        expect(tab.frame.locator(f'[data-show="{state}"] [data-count]')).to_have_text(str(count))


def test_the_counts_are_the_filters(rust_server, open_tab, steps) -> None:
    record = steps["standard", "fgsm/photos", 20].record
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    button = tab.frame.locator('button[data-show="wrong"]')
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    tab.expect_samples(sum(not sample.correct for sample in record.samples))
    assert {card.get_attribute("data-state") for card in tab.cards.all()} == {"wrong"}


def test_between_logged_epsilons_the_numbers_are_marked(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    figure = tab.card(0).locator("figure.adversarial")
    marked = tab.card(0).locator("figure[data-stand-in]")
    expect(marked).to_have_count(0)
    expect(figure).not_to_contain_text("at 8/255")
    tab.epsilon.press("Shift+ArrowLeft")
    expect(marked).to_have_count(1)
    expect(figure).to_contain_text("at 8/255")
    expect(tab.frame.locator("fgsm-numbers")).to_contain_text(
        "predictions shown are for 8/255 (nearest logged)"
    )
    tab.drag_epsilon(0.05)
    expect(figure).to_contain_text("clean")
    expect(tab.frame.locator("fgsm-numbers")).to_contain_text(
        "predictions shown are without attack"
    )


def test_the_cards_keep_their_places_while_epsilon_is_dragged(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS, show="flipped")
    tab.epsilon.press("End")
    flipped = tab.frame.locator('[data-show="flipped"] [data-count]')
    shown = int(flipped.inner_text())
    assert shown > 0
    tab.expect_samples(shown)
    axis = tab.frame.locator("fgsm-epsilon").first.bounding_box()
    assert axis is not None
    y = axis["y"] + axis["height"]
    tab.page.mouse.move(axis["x"] + axis["width"], y)
    tab.page.mouse.down()
    tab.page.mouse.move(axis["x"], y, steps=5)
    expect(flipped).to_have_text("0")
    tab.expect_samples(shown)
    tab.page.mouse.up()
    tab.expect_samples(0)


def test_the_numbers_are_those_of_the_whole_batch(rust_server, open_tab, steps) -> None:
    record = steps["standard", "fgsm/photos", 20].record
    tab = open_tab(rust_server, **PHOTOS)
    tab.epsilon.press("End")
    numbers = tab.frame.locator("fgsm-numbers")
    expect(numbers).to_contain_text(f"{100 * record.clean_accuracy:.1f} %")
    expect(numbers).to_contain_text(f"{100 * record.robust_accuracy[-1]:.1f} %")
    expect(tab.app).to_contain_text("30 of 40 samples")


def test_the_dashboard_speaks_korean(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, locale="ko-KR", **PHOTOS)
    expect(tab.app).to_contain_text("엡실론")
    expect(tab.frame.locator('[data-show="all"]')).to_contain_text(re.compile("[가-힣]"))


# Runs, theme, address


def test_choosing_a_run_shows_its_samples(rust_server, open_tab, steps) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    row = tab.frame.locator('[data-run="photos/robust"]')
    row.get_by_text("photos/robust").click()
    tab.wait_until_ready()
    tab.wait_for_epsilon(0)
    assert_drawn(tab, steps["robust", "fgsm/photos", 15], 0, tab.epsilon_now())


def test_each_tag_keeps_its_own_epsilon(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.press_epsilon("Home")
    assert tab.press_epsilon("ArrowRight") == pytest.approx(EPSILONS[0])
    tag = tab.frame.get_by_label("Tag")
    tag.select_option("fgsm/digits")
    tab.wait_until_ready()
    expect(tab.epsilon).to_have_attribute("aria-valuenow", "0.3")
    tag.select_option("fgsm/photos")
    tab.wait_until_ready()
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(EPSILONS[0]))


def test_the_selection_survives_a_reload(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.drag_epsilon(0.37)
    tab.step.press("Home")
    tab.frame.locator('button[data-show="right"]').click()
    epsilon = tab.epsilon_now()
    tab.page.wait_for_timeout(600)
    tab.page.reload()
    tab.wait_until_ready()
    assert tab.epsilon_now() == pytest.approx(epsilon)
    expect(tab.step).to_have_attribute("aria-valuetext", "0")
    expect(tab.frame.locator('button[data-show="right"]')).to_have_attribute("aria-pressed", "true")


def test_the_theme_is_tensorboards(rust_server, open_tab) -> None:
    def brightness() -> float:
        colour = tab.app.evaluate("(e) => getComputedStyle(e.ownerDocument.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3

    tab = open_tab(rust_server, **PHOTOS)
    assert brightness() > 220
    tab.page.evaluate("document.body.classList.add('dark-mode')")
    expect(tab.frame.locator('html[data-theme="dark"]')).to_be_attached()
    assert brightness() < 80


@pytest.mark.parametrize("width", [800, 1280, 1920])
def test_the_layout_fits_the_window(width: int, rust_server, open_tab) -> None:
    tab = open_tab(rust_server, width=width, **PHOTOS)
    overflow = tab.app.evaluate("(e) => e.ownerDocument.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    boxes = [card.bounding_box() for card in tab.frame.locator("fgsm-card").all()[:6]]
    lefts = {round(box["x"]) for box in boxes if box}
    assert len(lefts) == {800: 1, 1280: 2, 1920: 3}[width]


def test_it_works_under_a_path_prefix(logdir: Path, open_tab, steps) -> None:
    with servers.process(logdir, "--path_prefix", "/deep/er") as address:
        tab = open_tab(address, fresh=True, **PHOTOS)
        tab.wait_for_epsilon(0)
        assert_drawn(tab, steps["standard", "fgsm/photos", 20], 0, tab.epsilon_now())
        assert all("/deep/er/data/" in url for url in tab.plugin_requests())


def test_a_saved_picture_is_the_one_on_the_screen(rust_server, open_tab, steps, tmp_path) -> None:
    from PIL import Image

    tab = open_tab(rust_server, **PHOTOS)
    epsilon = tab.drag_epsilon(0.63)
    tab.wait_for_epsilon(0)
    tab.card(0).hover()
    with tab.page.expect_download() as download:
        tab.card(0).locator("a.save").click()
    download.value.save_as(tmp_path / "saved.png")
    saved = np.asarray(Image.open(tmp_path / "saved.png"))
    expected = steps["standard", "fgsm/photos", 20].adversarial(0, epsilon)
    assert np.array_equal(saved, expected)


# States


def test_without_data_it_shows_how_to_log_until_data_arrive(
    tmp_path: Path, open_tab: Callable[..., Tab]
) -> None:
    with servers.process(tmp_path) as address, SummaryWriter(str(tmp_path / "run")) as writer:
        clipboard = ["clipboard-read", "clipboard-write"]
        tab = open_tab(address, fresh=True, ready=False, permissions=clipboard)
        expect(tab.app).to_contain_text("FGSMLogger(writer, attack")
        tab.frame.get_by_role("button", name=re.compile("copy", re.IGNORECASE)).click()
        expect(tab.frame.get_by_role("button", name="Copied")).to_be_visible()
        copied = tab.page.evaluate("navigator.clipboard.readText()")
        compile(copied, "snippet", "exec")
        assert "fgsm.log(model, inputs, labels, step=epoch)" in copied
        logger = FGSMLogger(writer, FGSM([0.1]))
        for step in (0, 1):
            logger.log(convolutional(), *batch(), step=step)
            writer.flush()
            for _ in range(20):
                tab.page.locator("app-header .reload-button").click()
                tab.page.wait_for_timeout(500)
                shown = tab.frame.locator("fgsm-print details p").last
                if shown.count() and f"step {step} ·" in (shown.text_content() or ""):
                    break
            else:
                pytest.fail(f"step {step} was not shown")
        expect(tab.cards).to_have_count(6)


def test_a_damaged_picture_is_named_and_the_others_shown(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/damaged", run="damaged", step=1)
    expect(tab.card(0)).to_contain_text(re.compile("damaged"))
    tab.wait_for_epsilon(1)
    expect(tab.card(1).locator("canvas")).to_have_count(3)


@pytest.mark.parametrize(("step", "sentence"), [(2, "not a record"), (3, "version 8")])
def test_a_step_that_cannot_be_read_is_named_and_another_can_be_chosen(
    step: int, sentence: str, rust_server, open_tab
) -> None:
    tab = open_tab(
        rust_server, tag="fgsm/damaged", run="damaged", step=step, refusals=True, ready=False
    )
    expect(tab.app).to_contain_text(sentence)
    tab.step.press("Home")
    expect(tab.card(0).locator("canvas")).to_have_count(3)
    expect(tab.app).not_to_contain_text(sentence)


def test_a_step_without_pictures_shows_its_curve(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/numbers", run="digits")
    expect(tab.frame.locator("fgsm-chart canvas").first).to_be_visible()
    expect(tab.cards).to_have_count(0)


def test_an_unreachable_server_is_told_and_can_be_asked_again(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.page.route("**/data/plugin/fgsm/record*", lambda route: route.abort())
    tab.step.press("Home")
    retry = tab.frame.get_by_role("button", name=re.compile("again|retry", re.IGNORECASE))
    expect(retry.first).to_be_visible()
    tab.page.unroute("**/data/plugin/fgsm/record*")
    retry.first.click()
    tab.wait_until_ready()
    tab.wait_for_epsilon(0)
    tab.complaints[:] = [c for c in tab.complaints if "ERR_FAILED" not in c]


def test_a_violation_of_the_security_policy_would_be_noticed(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    assert not tab.complaints
    with pytest.raises(Error):
        tab.app.evaluate("() => fetch('blob:nothing')")
    tab.page.wait_for_timeout(200)
    assert any(
        "CSP" in complaint or "Content Security" in complaint for complaint in tab.complaints
    )
    tab.complaints.clear()
