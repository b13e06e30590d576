"""The grid of samples: what is in the document, and how a card shows its sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import pixels
from tensorboard_fgsm.format.reader import LoggedStep
from tests import servers
from tests.e2e.conftest import EPSILONS
from tests.e2e.tab import Tab
from tests.networks import convolutional

COUNT = 3000
DIGITS = {"tag": "fgsm/many", "run": "."}
PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}
TWO_FRAMES = "return new Promise((f) => requestAnimationFrame(() => requestAnimationFrame(f)))"
FEW = 100
"""More cards than a screenful and its neighbours can be."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A step of 3,000 digits, attacked with twenty epsilons."""
    root = tmp_path_factory.mktemp("many")
    digits = torch.rand(COUNT, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    model = nn.Sequential(nn.AvgPool2d(4), convolutional(channels=1)).eval()  # quick at so many
    with torch.no_grad():
        labels = model(digits).argmax(1)
    labels[::7] = (labels[::7] + 1) % 5
    attack = FGSM([k / 100 for k in range(1, 21)])
    with SummaryWriter(str(root)) as writer:
        FGSMLogger(writer, attack, tag="fgsm/many", max_samples=COUNT).log(
            model, digits, labels, step=0
        )
    return root


@pytest.fixture(scope="module")
def digits(many: Path) -> LoggedStep:
    (step,) = read_steps(many)
    return step


@pytest.fixture(scope="module")
def photos(logdir: Path) -> LoggedStep:
    return next(s for s in read_steps(logdir / "photos") if (s.run, s.step) == ("standard", 20))


@pytest.fixture(scope="module")
def many_server(many: Path, served) -> Iterator[str]:
    with served(many) as address:
        yield address


def scroll(tab: Tab, to: str) -> None:
    """Scrolls to a place, an expression of ``m``, and waits until it is shown."""
    tab.frame.locator("main").evaluate(f"(m) => {{ m.scrollTop = {to}; {TWO_FRAMES} }}")


def first_in_sight(tab: Tab) -> int:
    """The first sample of which the top half is not hidden under the toolbar."""
    bar = tab.toolbar.bounding_box()
    assert bar is not None
    for card in tab.cards.all():
        box = card.bounding_box()
        if box and box["y"] + box["height"] / 2 > bar["y"] + bar["height"]:
            return int(card.get_attribute("data-sample") or -1)
    raise AssertionError("no card is in sight")


def asked_for(tab: Tab, since: int) -> list[int]:
    """How many samples each request for pictures asked for."""
    queries = [urlsplit(url) for url in tab.plugin_requests()[since:]]
    spans = [parse_qs(q.query)["samples"][0] for q in queries if q.path.endswith("/pictures")]
    counts = []
    for span in spans:
        ends = [part.split("-") for part in span.split(",")]
        counts.append(sum(int(end[-1]) - int(end[0]) + 1 for end in ends))
    return counts


def assert_shows(tab: Tab, canvas: Locator, picture: np.ndarray) -> None:
    drawn = tab.drawn(canvas)
    assert np.array_equal(drawn[..., :3], np.broadcast_to(picture, (*picture.shape[:2], 3)))
    assert (drawn[..., 3] == 255).all()


# What is in the document


def test_of_3000_samples_only_those_in_sight_are_in_the_document(many_server, open_tab) -> None:
    tab = open_tab(many_server, **DIGITS)
    expect(tab.toolbar).to_contain_text(re.compile(r"3,000 of 3,000 samples"))
    assert 0 < tab.cards.count() < FEW
    height = tab.frame.locator("main").evaluate("(m) => m.scrollHeight")
    scroll(tab, "m.scrollHeight / 2")
    assert 0 < tab.cards.count() < FEW
    assert tab.frame.locator("main").evaluate("(m) => m.scrollHeight") == height
    places = [int(p or 0) for p in (c.get_attribute("aria-posinset") for c in items(tab))]
    assert places == sorted(places), "the document's order is what one sees"
    assert places[0] > FEW


def items(tab: Tab) -> list[Locator]:
    return tab.frame.get_by_role("list", name="Samples").locator("fgsm-card").all()


def scroll_by_rows(tab: Tab, rows: int, focus: int | None = None) -> None:
    """Scrolls so many rows down, one in each frame; then a sample's card takes the focus."""
    tab.frame.locator("main").evaluate(
        """async (main, [rows, focus]) => {
          const [first] = main.getElementsByTagName("fgsm-grid");
          const cards = first.shadowRoot.querySelectorAll("fgsm-card");
          for (let row = 0; row < Math.abs(rows); row++) {
            main.scrollTop += Math.sign(rows) * (cards[0].offsetHeight + 12);
            await new Promise(requestAnimationFrame);
          }
          const card = [...cards].find(({ position }) => position === focus);
          card?.shadowRoot.querySelector(".open").focus();
        }""",
        [rows, focus],
    )


def places_in_the_document(tab: Tab) -> list[int]:
    cards = tab.frame.get_by_role("list", name="Samples").locator("fgsm-card")
    return cards.evaluate_all("(cards) => cards.map((card) => Number(card.ariaPosInSet))")


def in_the_documents_order(tab: Tab) -> bool:
    places = places_in_the_document(tab)
    return places == list(range(places[0], places[0] + len(places)))


def eventually_in_order(tab: Tab) -> None:
    servers.eventually(lambda: in_the_documents_order(tab), bool)


def test_whoever_scrolls_always_has_the_same_cards_in_the_order_of_what_they_see(
    many_server, open_tab
) -> None:
    tab = open_tab(many_server, **DIGITS)
    scroll_by_rows(tab, 4)
    eventually_in_order(tab)
    tab.frame.locator("fgsm-grid").evaluate(
        "(grid) => grid.shadowRoot.querySelectorAll('fgsm-card').forEach((c) => (c.old = true))"
    )
    before = len(items(tab))
    scroll_by_rows(tab, 9)
    eventually_in_order(tab)
    assert len(items(tab)) == before
    assert all(item.evaluate("(card) => card.old === true") for item in items(tab))


def test_a_card_that_takes_the_focus_while_one_scrolls_keeps_it_and_the_others_get_in_order(
    many_server, open_tab, digits
) -> None:
    tab = open_tab(many_server, **DIGITS)
    scroll_by_rows(tab, 4)
    eventually_in_order(tab)
    sample = first_in_sight(tab) + 5
    scroll_by_rows(tab, 1, focus=sample)
    main = tab.frame.locator("main")
    for rows in (0, 1, 9, -7):
        scroll_by_rows(tab, rows)
        before = main.evaluate("(m) => m.scrollTop")
        servers.eventually(lambda: places_in_the_document(tab), lambda at: at == sorted(at))
        expect(tab.card(sample).locator(".open")).to_be_focused()
        assert main.evaluate("(m) => m.scrollTop") == before, "nothing moves"
    tab.wait_until_ready()
    for other in tab.cards.all()[::7]:
        original = other.locator('canvas[data-kind="original"]')
        assert_shows(tab, original, digits.original(int(other.get_attribute("data-sample") or -1)))
    main.press("Escape")
    tab.epsilon.focus()
    eventually_in_order(tab)


def test_the_last_sample_is_at_the_end_with_its_own_pixels(many_server, open_tab, digits) -> None:
    tab = open_tab(many_server, **DIGITS)
    scroll(tab, "m.scrollHeight")
    last = COUNT - 1
    expect(tab.card(last)).to_be_in_viewport()
    epsilon = tab.wait_for_epsilon(last)
    card = tab.card(last)
    assert_shows(tab, card.locator('canvas[data-kind="original"]'), digits.original(last))
    assert_shows(
        tab,
        card.locator('canvas[data-kind="adversarial"]'),
        digits.adversarial(last, epsilon),
    )
    host = items(tab)[-1]
    assert host.get_attribute("aria-posinset") == host.get_attribute("aria-setsize") == str(COUNT)


def test_only_what_is_in_sight_is_fetched_however_fast_one_scrolls(many_server, open_tab) -> None:
    tab = open_tab(many_server, **DIGITS)
    assert sum(asked_for(tab, 0)) < FEW
    before = len(tab.plugin_requests())
    for share in range(1, 60):
        scroll(tab, f"m.scrollHeight * {share / 60}")
    scroll(tab, "m.scrollHeight")
    tab.wait_for_epsilon(COUNT - 1)
    tab.wait_until_ready()
    requests = asked_for(tab, before)
    assert sum(requests) < COUNT / 2
    assert max(requests) <= FEW


def test_a_recycled_card_never_shows_another_samples_picture(many_server, open_tab) -> None:
    tab = open_tab(many_server, **DIGITS)
    tab.page.route("**/pictures*", lambda route: None)
    scroll(tab, "m.scrollHeight / 2")
    card = tab.cards.nth(tab.cards.count() // 2)
    expect(card.locator("canvas[data-epsilon]")).to_have_count(0)
    assert not tab.drawn(card.locator('canvas[data-kind="original"]')).any()


def test_another_filter_goes_back_to_the_grids_top(many_server, open_tab) -> None:
    tab = open_tab(many_server, **DIGITS)
    scroll(tab, "m.scrollHeight / 2")
    assert first_in_sight(tab) > FEW
    tab.frame.locator('button[data-show="wrong"]').click()
    tab.wait_until_ready()
    expect(tab.card(0)).to_be_in_viewport()
    assert first_in_sight(tab) == 0


@pytest.mark.parametrize("by", ["size", "window"])
def test_another_size_keeps_the_first_visible_sample_in_place(by, many_server, open_tab) -> None:
    tab = open_tab(many_server, **DIGITS)
    scroll(tab, "m.scrollHeight / 2")
    before = first_in_sight(tab)
    wide = tab.card(before).bounding_box()
    if by == "size":
        # As it is moved, but without its line being scrolled into sight for that.
        tab.frame.get_by_label("Size").evaluate(
            "(i) => { i.value = i.min; i.dispatchEvent(new Event('input')); }"
        )
    else:
        tab.page.set_viewport_size({"width": 1000, "height": 900})
    for _ in range(3):
        scroll(tab, "m.scrollTop")
    narrow = tab.card(before).bounding_box()
    assert wide is not None
    assert narrow is not None
    assert narrow["width"] != wide["width"]
    columns = len({box["x"] for box in (c.bounding_box() for c in tab.cards.all()) if box})
    assert abs(first_in_sight(tab) - before) < 2 * columns


# The film strip


def test_a_film_strip_has_a_picture_for_each_logged_epsilon(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, shape="strip", **PHOTOS)
    for sample in (0, 1):
        card = tab.bring(sample)
        shots = card.locator("figure canvas")
        epsilons = photos.record.epsilons
        expect(card.locator("canvas[data-epsilon]").last).to_be_attached()
        expect(shots).to_have_count(1 + len(epsilons))
        assert_shows(tab, shots.nth(0), photos.original(sample))
        for place, epsilon in enumerate(epsilons):
            shot = shots.nth(1 + place)
            assert float(shot.get_attribute("data-epsilon") or "nan") == pytest.approx(epsilon)
            assert_shows(tab, shot, photos.adversarial(sample, epsilon))
            said = photos.record.samples[sample].adversarial[place]
            figure = card.locator("figure").nth(1 + place)
            expect(figure).to_contain_text(f"{100 * said.probabilities[0]:.1f}")


def test_the_flip_is_marked_where_the_model_changes_its_mind(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, shape="strip", **PHOTOS)
    marked = 0
    for i, sample in enumerate(photos.record.samples):
        right = [sample.correct, *(not sample.flipped(k) for k in range(len(sample.adversarial)))]
        turns = [""] * len(sample.adversarial)
        for k in range(len(turns)):
            if sample.correct and right[k] != right[k + 1]:
                turns[k] = "right" if right[k + 1] else "flipped"
        card = tab.bring(i)
        between = card.locator("figure + *:not(figure)")
        found = [turn.get_attribute("data-turn") or "" for turn in between.all()]
        assert found == turns, i
        for turn in card.locator('[data-turn="flipped"]').all():
            expect(turn).to_have_text("✕")
            assert (turn.get_attribute("aria-label") or "").startswith("flips between")
            marked += 1
    assert marked > 0, "the test's own data must have a flip"


def test_the_strip_marks_the_picture_that_epsilon_stands_on(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, shape="strip", **PHOTOS)
    current = tab.card(0).locator("figure[aria-current]")
    tab.epsilon.press("End")
    expect(current).to_have_count(1)
    expect(current.locator("canvas")).to_have_attribute("data-place", "3")
    expect(tab.card(0).locator("figure[data-stand-in]")).to_have_count(0)
    tab.epsilon.press("Shift+ArrowLeft")
    expect(current.locator("canvas")).to_have_attribute("data-place", "2")
    expect(current).to_have_attribute("data-stand-in", "")
    tab.epsilon.press("Home")
    expect(current.locator("canvas")).to_have_attribute("data-place", "-1")


def test_a_long_strip_scrolls_the_current_picture_into_view(many_server, open_tab) -> None:
    tab = open_tab(many_server, shape="strip", width=800, **DIGITS)
    strip = tab.card(0).locator(".strip")
    assert strip.evaluate("(s) => s.scrollWidth > s.clientWidth")
    current = tab.card(0).locator("figure[aria-current]")
    for key in ("End", "Home"):
        tab.epsilon.press(key)
        expect(current).to_be_in_viewport(ratio=0.4)


def test_the_shape_is_a_choice_in_the_toolbar(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    expect(tab.card(0).locator("canvas")).to_have_count(3)
    tab.frame.get_by_role("button", name="Film strip").click()
    expect(tab.card(0).locator("canvas")).to_have_count(5)
    tab.frame.get_by_role("button", name="Triplet").click()
    expect(tab.card(0).locator("canvas")).to_have_count(3)


# The noise's scale


@pytest.mark.parametrize("times", [1, 10, 50])
def test_noise_is_shown_at_one_declared_scale(times, rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, noise=times, epsilon=2 / 255, **PHOTOS)
    expect(tab.toolbar.locator(".legend")).to_contain_text(f"× {times}")
    for _ in range(2):
        epsilon = tab.wait_for_epsilon(0)
        for sample in (0, 1):
            expected = pixels.magnified_noise(photos.direction(sample), epsilon, times)
            noise = tab.card(sample).locator('canvas[data-kind="noise"]')
            assert_shows(tab, noise, expected)
        tab.epsilon.press("ArrowRight")


def test_noise_that_nobody_sees_is_said_to_be_invisible(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, noise=1, epsilon=EPSILONS[1], **PHOTOS)
    note = tab.card(0).locator("figure.noise .note")
    expect(note).to_have_text("invisible at this ε")
    tab.epsilon.press("End")
    expect(note).to_have_text("")


def test_noise_that_fills_the_range_tells_its_factor(rust_server, open_tab, photos) -> None:
    tab = open_tab(rust_server, epsilon=2 / 255, **PHOTOS)
    expect(tab.toolbar.locator(".legend")).to_contain_text("× 63.8")
    noise = tab.card(0).locator('canvas[data-kind="noise"]')
    assert_shows(tab, noise, pixels.noise(photos.direction(0)))
    tab.frame.locator('[data-noise="10"]').click()
    expect(tab.toolbar.locator(".legend")).to_contain_text("× 10")
    tab.wait_for_epsilon(0)
    expected = pixels.magnified_noise(photos.direction(0), tab.epsilon_now(), 10)
    assert_shows(tab, noise, expected)


# Sizes


def test_at_true_size_a_pixel_is_one_of_the_screens(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, trueSize="true", device_scale_factor=2, **PHOTOS)
    canvas = tab.card(0).locator('canvas[data-kind="original"]')
    box = canvas.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == pytest.approx((48 / 2, 32 / 2), abs=0.01)
    for figure in tab.card(0).locator("figure").all():
        box = figure.bounding_box()
        assert box is not None
        assert box["width"] >= 60, "a caption needs room"


def test_enlarged_pixels_are_crisp_and_shrunk_ones_smooth(rust_server, open_tab) -> None:
    def rendering(tab: Tab) -> str:
        canvas = tab.card(0).locator('canvas[data-kind="original"]')
        return canvas.evaluate("(c) => getComputedStyle(c).imageRendering")

    tab = open_tab(rust_server, **PHOTOS)
    assert rendering(tab) == "pixelated"
    tab.page.set_viewport_size({"width": 800, "height": 900})
    tab.open({**PHOTOS, "shape": "strip", "size": 280}, ready=True)
    box = tab.card(0).locator("canvas").first.bounding_box()
    assert box is not None
    assert (rendering(tab) == "pixelated") == (box["width"] >= 48)


# Stand-ins


def test_a_card_says_that_its_step_stands_for_another(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/photos", run="photos/robust", step=20)
    mark = tab.card(0).locator(".stand-in")
    expect(mark).to_have_text("step 15")
    assert "no step 20" in (mark.get_attribute("title") or "")
    tab.step.press("ArrowLeft")
    expect(tab.card(0).locator(".stand-in")).to_have_count(0)


def test_pictures_are_decoded_beside_the_page(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, tag="fgsm/photos", run="photos/standard")
    assert [worker.url.rsplit("/", 2)[1] for worker in tab.page.workers] == ["assets"]
