"""The close look at one sample, and the way there by keyboard."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.format.reader import LoggedStep
from tests.e2e import axe
from tests.e2e.conftest import CLASSES, EPSILONS
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "step": 0, "epsilon": 8 / 255}


@pytest.fixture(scope="module")
def photos(logdir: Path) -> LoggedStep:
    return next(s for s in read_steps(logdir / "photos") if (s.run, s.step) == ("standard", 0))


def dialog(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-sample dialog[open]")


def canvas(tab: Tab, kind: str) -> Locator:
    return dialog(tab).locator(f'fgsm-sample-pictures canvas[data-kind="{kind}"]')


def levels(tab: Tab, kind: str) -> np.ndarray:
    expect(canvas(tab, kind)).not_to_have_attribute("data-stale", "")
    return tab.drawn(canvas(tab, kind))[..., :3]


def title(tab: Tab, sample: int) -> Locator:
    return tab.card(sample).locator(".open")


def saved(tab: Tab, what: str) -> tuple[str, np.ndarray]:
    """A file's name and its levels."""
    with tab.page.expect_download() as download:
        dialog(tab).locator(f'[data-save="{what}"]').click()
    name = download.value.suggested_filename
    return name, np.asarray(Image.open(io.BytesIO(download.value.path().read_bytes())))


# The way there and back


def test_a_click_or_enter_opens_a_sample_and_escape_gives_the_focus_back(
    rust_server, open_tab, photos
) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.card(1).locator('canvas[data-kind="original"]').click()
    expect(dialog(tab)).to_be_visible()
    number = photos.record.samples[1].index
    expect(dialog(tab).get_by_role("heading", level=2)).to_contain_text(f"#{number}")
    tab.page.wait_for_url(re.compile(rf"p\.fgsm\.sample={number}(&|$)"))
    assert not axe.violations(tab)
    tab.page.keyboard.press("Escape")
    expect(dialog(tab)).to_have_count(0)
    expect(title(tab, 1)).to_be_focused()
    tab.page.keyboard.press("ArrowLeft")
    expect(title(tab, 0)).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(dialog(tab)).to_be_visible()
    tab.page.keyboard.press("/")
    expect(dialog(tab)).to_be_visible()
    for key, place in (("j", 1), ("ArrowRight", 2), ("k", 1)):
        tab.page.keyboard.press(key)
        number = photos.record.samples[place].index
        expect(dialog(tab).get_by_role("heading", level=2)).to_contain_text(f"#{number}")
        expect(dialog(tab).locator("nav")).to_contain_text(f"{place + 1} of 30")
    expect(dialog(tab).get_by_role("status").first).to_contain_text("2 of 30")
    dialog(tab).get_by_role("button", name="Close").click()
    expect(title(tab, 1)).to_be_focused()


def test_next_follows_the_grids_order(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, sample=photos.record.samples[5].index, reversed="true", **PHOTOS)
    expect(dialog(tab).locator("nav")).to_contain_text("25 of 30")
    tab.page.keyboard.press("j")
    number = photos.record.samples[4].index
    expect(dialog(tab).get_by_role("heading", level=2)).to_contain_text(f"#{number}")


def test_a_sample_that_is_not_there_is_said_to_be_missing(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, sample=999, **PHOTOS)
    expect(dialog(tab)).to_contain_text("This step has no sample #999 with pictures")
    dialog(tab).get_by_role("button", name="Close").click()
    expect(dialog(tab)).to_have_count(0)
    expect(tab.cards.first).to_be_visible()


# The pictures


def test_the_pictures_are_those_of_epsilon_pixel_for_pixel(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, sample=photos.record.samples[3].index, **PHOTOS)
    shown = photos.adversarial(3, 8 / 255)
    assert np.array_equal(levels(tab, "original"), photos.original(3))
    assert np.array_equal(levels(tab, "adversarial"), shown)
    stage = dialog(tab).get_by_role("application", name="Pictures")
    stage.focus()
    tab.page.keyboard.press("Shift+ArrowRight")
    told = dialog(tab).locator(".readout")
    expect(told).to_contain_text("Pixel ")
    x, y = map(int, re.findall(r"Pixel (\d+), (\d+)", told.inner_text())[0])
    before, after = photos.original(3)[y, x].astype(int), shown[y, x].astype(int)
    difference = " ".join(f"{d:+d}".replace("-", "−") if d else "0" for d in after - before)
    expect(told.locator("code")).to_have_text(
        [" ".join(map(str, before)), " ".join(map(str, after)), difference]
    )
    expect(dialog(tab).locator(".mark")).to_have_count(3)
    difference = np.abs(shown.astype(int) - photos.original(3))
    facts = dialog(tab).locator(".facts")
    expect(facts).to_contain_text(f"{difference.max()} levels of 255")
    expect(facts).to_contain_text(f"{np.sqrt((difference**2).sum()) / 255:.3f}")
    expect(facts).to_contain_text(f"{difference.any(axis=2).sum():,} of 1,536")


def test_one_zoom_moves_all_three(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, sample=photos.record.samples[0].index, **PHOTOS)

    def placed() -> set[str]:
        styles = [
            canvas(tab, k).get_attribute("style") for k in ("original", "noise", "adversarial")
        ]
        return {re.sub(r"\s+", " ", style or "") for style in styles}

    (whole,) = placed()
    tab.page.keyboard.press("+")
    (near,) = placed()
    assert near != whole
    stage = dialog(tab).get_by_role("application", name="Pictures")
    stage.press("ArrowRight")
    (moved,) = placed()
    assert moved != near
    tab.page.keyboard.press("0")
    assert placed() == {whole}
    canvas(tab, "noise").hover()
    tab.page.mouse.wheel(0, -300)
    expect(canvas(tab, "original")).not_to_have_attribute("style", re.compile("^$"))
    assert placed() != {whole}
    assert len(placed()) == 1
    assert "pixelated" in placed().pop()


def test_held_b_shows_the_original_and_a_divider_parts_the_two(
    rust_server, open_tab, photos
) -> None:
    tab = open_tab(rust_server, sample=photos.record.samples[3].index, **PHOTOS)
    levels(tab, "adversarial")
    tab.page.keyboard.down("b")
    expect(canvas(tab, "adversarial")).to_have_attribute("data-shows", "original")
    assert np.array_equal(levels(tab, "adversarial"), photos.original(3))
    tab.page.keyboard.up("b")
    expect(canvas(tab, "adversarial")).to_have_attribute("data-shows", "adversarial")
    dialog(tab).get_by_role("button", name="Difference", exact=True).first.click()
    drawn = levels(tab, "difference").astype(int)
    signs = np.sign(photos.adversarial(3, 8 / 255).astype(int) - photos.original(3))
    assert np.array_equal(np.sign(drawn - 128) * (drawn != 128), signs)
    dialog(tab).get_by_role("button", name="Swipe").click()
    divider = dialog(tab).get_by_role("slider", name="Divider")
    divider.press("Home")
    divider.press("Shift+ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "10")
    expect(dialog(tab).locator("fgsm-swipe .layer").last).to_have_css(
        "clip-path", "inset(0px 0px 0px 10%)"
    )
    assert np.array_equal(levels(tab, "adversarial"), photos.adversarial(3, 8 / 255))
    box = dialog(tab).locator("fgsm-swipe").bounding_box()
    grip = divider.bounding_box()
    assert box is not None
    assert grip is not None
    before = canvas(tab, "adversarial").get_attribute("style")
    tab.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + 20)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 0.75 * box["width"], grip["y"] + 40, steps=4)
    tab.page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "75")
    assert canvas(tab, "adversarial").get_attribute("style") == before, "the picture stays"


def test_two_fingers_zoom_and_one_moves(rust_server, open_tab, photos) -> None:
    sample = photos.record.samples[0].index
    tab = open_tab(rust_server, has_touch=True, is_mobile=True, sample=sample, **PHOTOS)
    levels(tab, "original")
    box = canvas(tab, "original").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    fingers = tab.page.context.new_cdp_session(tab.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": at[0], "y": at[1], "id": i} for i, at in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    def drawn() -> float:
        found = canvas(tab, "noise").bounding_box()
        assert found is not None
        return found["width"]

    whole = drawn()
    touch("touchStart", (x - 10, y), (x + 10, y))
    for apart in (14, 18, 22, 30):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    expect(canvas(tab, "original")).not_to_have_attribute("style", re.compile("^$"))
    assert drawn() == pytest.approx(3 * whole, rel=0.2), "as far apart as the fingers went"
    placed = canvas(tab, "adversarial").get_attribute("style")
    touch("touchStart", (x, y))
    touch("touchMove", (x + 8, y + 4))
    touch("touchMove", (x + 16, y + 8))
    touch("touchEnd")
    assert canvas(tab, "adversarial").get_attribute("style") != placed


# What is told of it


def test_the_curves_and_epsilon_move_with_the_pages_own(rust_server, open_tab, photos) -> None:
    sample = photos.record.samples[0]
    tab = open_tab(rust_server, sample=sample.index, **PHOTOS)
    own = dialog(tab).locator(f'fgsm-top-classes li[data-class="{sample.label}"]')
    place = EPSILONS.index(8 / 255)
    expect(own).to_contain_text(f"{100 * sample.adversarial[place].label_probability:.1f}")
    expect(own).to_contain_text("true class")
    slider = dialog(tab).get_by_role("slider", name="Epsilon")
    slider.press("End")
    tab.expect_epsilon(EPSILONS[-1])
    expect(own).to_contain_text(f"{100 * sample.adversarial[-1].label_probability:.1f}")
    assert np.array_equal(levels(tab, "adversarial"), photos.adversarial(0, EPSILONS[-1]))
    dialog(tab).get_by_text("All of them as a table").click()
    rows = dialog(tab).locator("fgsm-top-classes tbody tr")
    expect(rows).to_have_count(1 + len(EPSILONS))
    for label in sample.adversarial[-1].classes:
        expect(rows.last).to_contain_text(CLASSES[label].strip())


def test_a_click_goes_to_the_same_sample_in_another_run(rust_server, open_tab, photos) -> None:
    sample = photos.record.samples[2]
    tab = open_tab(rust_server, sample=sample.index, **PHOTOS)
    others = dialog(tab).locator("fgsm-sample-others")
    steps = others.get_by_role("list", name="At other steps").get_by_role("listitem")
    expect(steps).to_have_count(3)
    # In this directory the photographs grow darker from step to step: they are others.
    expect(steps.nth(1)).to_contain_text("not logged there")
    robust = others.get_by_role("button", name="photos/robust")
    robust.click()
    expect(dialog(tab).locator(".from")).to_contain_text("photos/robust")
    assert np.array_equal(levels(tab, "original"), photos.original(2))
    expect(robust).to_have_attribute("aria-current", "true")


# What can be taken along


def test_pictures_a_figure_and_a_link_can_be_taken_along(rust_server, open_tab, photos) -> None:
    number = photos.record.samples[3].index
    tab = open_tab(rust_server, sample=number, **PHOTOS)
    levels(tab, "adversarial")
    name, picture = saved(tab, "adversarial")
    assert name == (
        f"photos-standard_fgsm-photos_step-0_sample-{number}_epsilon-8-of-255_adversarial.png"
    )
    assert np.array_equal(picture[..., :3], photos.adversarial(3, 8 / 255))
    _, picture = saved(tab, "original")
    assert np.array_equal(picture[..., :3], photos.original(3))
    name, figure = saved(tab, "figure")
    assert name.endswith("_figure.png")
    # Enlarged by a whole factor, behind a margin.
    enlarged = np.kron(photos.original(3), np.ones((9, 9, 1), np.uint8))
    height, width, _ = enlarged.shape
    rows = figure[:, 32 : 32 + width, :3]
    tops = range(len(rows) - height)
    assert any(np.array_equal(rows[y : y + height], enlarged) for y in tops)
    copy = dialog(tab).get_by_role("button", name="Copy link")
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy.click()
    expect(dialog(tab).get_by_role("button", name="Copied")).to_be_visible()
    link = tab.page.evaluate("() => navigator.clipboard.readText()")
    for part in (f"sample={number}", "run=photos%2Fstandard", "step=0", "tag=fgsm%2Fphotos"):
        assert f"p.fgsm.{part}" in link


# From card to card


def test_arrow_keys_go_from_card_to_card_and_tab_leaves_the_grid(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    title(tab, 0).focus()
    boxes = [card.bounding_box() for card in tab.cards.all()]
    columns = len({box["x"] for box in boxes if box})
    for key, place in (("ArrowRight", 1), ("ArrowDown", 1 + columns), ("End", 29), ("Home", 0)):
        tab.page.keyboard.press(key)
        expect(title(tab, place)).to_be_focused()
        expect(title(tab, place)).to_be_in_viewport(ratio=1)
    expect(tab.frame.locator('fgsm-card .open[tabindex="0"]')).to_have_count(1)
    tab.page.keyboard.press("Tab")
    expect(tab.card(0).get_by_role("slider", name="Epsilon, on the curve")).to_be_focused()
    tab.page.keyboard.press("Tab")
    expect(tab.card(0).locator(".save")).to_be_focused()


def test_a_film_frame_and_a_cards_curve_set_epsilon(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, shape="strip", **PHOTOS)
    tab.card(0).get_by_role("button", name="Set ε to 2/255").click()
    tab.expect_epsilon(2 / 255)
    tab.card(0).locator('canvas[data-place="3"]').click()
    tab.expect_epsilon(EPSILONS[3])
    curve = tab.card(0).get_by_role("slider", name="Epsilon, on the curve")
    curve.click(position={"x": 5, "y": 10})
    tab.expect_epsilon(0)
    curve.press("ArrowRight")
    tab.expect_epsilon(EPSILONS[0])
    expect(curve).to_have_attribute("aria-valuenow", str(EPSILONS[0]))
    expect(dialog(tab)).to_have_count(0)
