"""The short look around the page: offered once to a browser that is new here, never forced."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import axe
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}
STOPS = {
    "en-US": [
        *("Three pictures", "Epsilon", "Flip", "The curve", "dashed line", "believe it"),
        *("on the way", "cannot tell"),
    ],
    "ko-KR": [
        *("세 장의 이미지", "엡실론", "뒤집힘", "곡선", "점선", "믿어도 되는지"),
        *("그사이에 일어나는 일", "알려 주지 못하는 것"),
    ],
}
ABOUT = [
    *("fgsm-card .row", "fgsm-panels fgsm-epsilon", "fgsm-card .pill"),
    *("fgsm-panels #panel", "fgsm-panels #panel", "fgsm-numbers"),
    *("fgsm-panels [role=tablist]", "fgsm-numbers"),
]
"""What the frame is around at each stop."""


def card(tab: Tab) -> Locator:
    return tab.frame.locator("fgsm-tour .card")


def test_a_newcomer_is_offered_it_once(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, newcomer=True, **PHOTOS)
    expect(card(tab)).to_contain_text("New here?")
    assert not axe.violations(tab)
    assert tab.drag_epsilon(0.5) > 0, "the page can be used beside it"
    card(tab).get_by_role("button", name="No, thanks").click()
    expect(card(tab)).to_have_count(0)
    tab.page.reload()
    tab.wait_until_ready()
    expect(card(tab)).to_have_count(0)


@pytest.mark.parametrize("locale", STOPS)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_it_leads_from_the_pictures_to_what_fgsm_cannot_tell(
    locale: str, width: int, height: int, rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, locale=locale, width=width, height=height, **PHOTOS)
    expect(card(tab)).to_have_count(0)
    tab.epsilon.press("?")
    names = {"en-US": ("Show me around", "Next"), "ko-KR": ("둘러보기", "다음")}[locale]
    tab.frame.get_by_role("button", name=names[0]).click()
    for stop, (title, about) in enumerate(zip(STOPS[locale], ABOUT, strict=True)):
        expect(card(tab)).to_contain_text(title)
        expect(card(tab).locator(".ways span")).to_contain_text(str(stop + 1))
        inside = card(tab).bounding_box()
        assert inside is not None
        assert inside["x"] >= 0
        assert inside["y"] >= 0
        frame = tab.frame.locator("fgsm-tour .around").bounding_box()
        found = tab.frame.locator(about).first.bounding_box()
        assert frame is not None
        assert found is not None
        assert abs(frame["x"] - found["x"]) <= 6
        assert abs(frame["y"] - found["y"]) <= 6
        if stop in (0, 7):
            assert not axe.violations(tab)
        if stop < 7:
            card(tab).get_by_role("button", name=names[1]).click()
    link = card(tab).get_by_role("link", name="Goodfellow")
    expect(link).to_have_attribute("href", "https://arxiv.org/abs/1412.6572")
    tab.page.keyboard.press("Escape")
    expect(card(tab)).to_have_count(0)
    expect(tab.frame.locator("fgsm-help .ask")).to_be_focused()
