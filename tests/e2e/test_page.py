"""The page that ``tensorboard-fgsm export`` writes, from disk: the tab without TensorBoard."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.command import cli
from tensorboard_fgsm.format.reader import LoggedStep
from tests.e2e import axe
from tests.e2e.conftest import EPSILONS
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard", "epsilon": EPSILONS[1]}


@pytest.fixture(scope="module")
def page_file(logdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of all that is sound in the logdir."""
    out = tmp_path_factory.mktemp("page") / "robust #1?.html"
    cli.main(["export", str(logdir), str(out)])
    return out


@pytest.fixture(scope="module")
def step(logdir: Path) -> LoggedStep:
    (step,) = (s for s in read_steps(logdir / "photos" / "standard") if s.step == 20)
    return step


@pytest.fixture
def open_page(browser: Browser, page_file: Path) -> Iterator[Callable[..., Tab]]:
    """``open_page(**selection)`` opens the file without a network; no error and no request but the
    one for the file may have happened at the end.
    """
    tabs: list[Tab] = []

    def open(**options) -> Tab:
        selection = {key: options.pop(key) for key in Tab.KEYS if key in options}
        context = browser.new_context(**{"locale": "en-US", **options})
        context.set_offline(True)
        context.add_init_script("try { localStorage.setItem('p.fgsm.toured', '1'); } catch {}")
        tab = Tab(context.new_page(), "file://", refusals=False, alone=True)
        tabs.append(tab)
        keys = "&".join(f"p.fgsm.{key}={quote(str(v), '')}" for key, v in selection.items())
        tab.page.goto(f"{page_file.as_uri()}#{keys}")
        tab.wait_until_ready()
        return tab

    yield open
    for tab in tabs:
        tab.page.context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []
    assert {url.split("#")[0] for tab in tabs for url in tab.requests if url[:5] != "blob:"} <= {
        page_file.as_uri()
    }


def test_epsilon_moves_freely_and_every_pixel_is_pythons(open_page, step: LoggedStep) -> None:
    tab = open_page(**PHOTOS)
    between = tab.drag_epsilon(0.62)
    assert not any(between == pytest.approx(epsilon) for epsilon in EPSILONS)
    for sample in (0, 29):
        shown = tab.wait_for_epsilon(sample)
        drawn = tab.pixels(sample, "adversarial")[..., :3]
        np.testing.assert_array_equal(drawn, step.adversarial(sample, shown))
        drawn = tab.pixels(sample, "original")[..., :3]
        np.testing.assert_array_equal(drawn, step.original(sample))


@pytest.mark.parametrize("panel", ["epsilon", "classes"])
def test_it_looks_as_the_tab_does(open_page, open_tab, rust_server: str, panel: str) -> None:
    selection = {**PHOTOS, "runs": '["photos/standard", "photos/robust"]', "panel": panel}
    tab = open_tab(rust_server, **selection, reduced_motion="reduce")
    iframe = tab.page.locator("iframe")
    box = iframe.bounding_box()
    size = {"width": int(box["width"]), "height": int(box["height"])}
    page = open_page(**selection, viewport=size, reduced_motion="reduce").page
    # TensorBoard's header throws a shadow onto its page.
    hidden = "app-header { visibility: hidden }"
    pictures = [
        Image.open(io.BytesIO(shown.screenshot(style=hidden, animations="disabled")))
        for shown in (iframe, page)
    ]
    one, other = (np.asarray(picture.convert("RGB")).astype(int) for picture in pictures)
    # The greys of a dotted underline depend on where in the window it stands.
    assert np.abs(one - other).max() < 20


def test_samples_open_close_compare_and_lead_back(open_page) -> None:
    tab = open_page(**PHOTOS)
    tab.card(0).locator("canvas").first.click()
    expect(tab.frame.get_by_role("dialog")).to_be_visible()
    expect(tab.page).to_have_url(re.compile(r"#.*p\.fgsm\.sample=0"))
    tab.page.go_back()
    expect(tab.frame.get_by_role("dialog")).to_have_count(0)
    tab.frame.get_by_role("button", name="Compare").click()
    tab.wait_until_ready()
    expect(tab.page).to_have_url(re.compile(r"p\.fgsm\.shape=compare"))


def test_pictures_are_saved_without_a_server(open_page, step: LoggedStep) -> None:
    tab = open_page(**PHOTOS)
    card = tab.card(0)
    card.locator("figure.adversarial").hover()
    with tab.page.expect_download() as download:
        card.locator("button.save").click()
    assert re.fullmatch(r"adversarial-\d+-2-of-255\.png", download.value.suggested_filename)
    picture = np.asarray(Image.open(download.value.path()).convert("RGB"))
    np.testing.assert_array_equal(picture, step.adversarial(0, EPSILONS[1]))
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    with tab.page.expect_download() as download:
        tab.frame.get_by_role("button", name="Accuracy by epsilon (CSV)").click()
    assert Path(download.value.path()).read_text().startswith("run,tag,step,epsilon")


def test_axe_finds_nothing_and_the_readers_language_and_theme_are_taken(open_page) -> None:
    tab = open_page(**PHOTOS, locale="ko-KR", color_scheme="dark")
    expect(tab.frame.locator('html[lang="ko"][data-theme="dark"]')).to_be_attached()
    assert axe.violations(tab, None) == []


def test_a_given_language_and_theme_stand_whatever_the_reader_has(
    open_page, logdir: Path, page_file: Path
) -> None:
    page_file.unlink()
    cli.main(["export", str(logdir), str(page_file), "--lang", "ko", "--theme", "dark"])
    tab = open_page(**PHOTOS)
    expect(tab.frame.locator('html[lang="ko"][data-theme="dark"]')).to_be_attached()
    tab.frame.get_by_role("button", name="English").click()
    expect(tab.frame.locator('html[lang="en"]')).to_be_attached()
