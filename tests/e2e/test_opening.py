"""What is rendered first when the tab is opened."""

from __future__ import annotations

from playwright.sync_api import expect

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}

_FIRST_FRAME = """if (window !== top) {
    const inside = (element, selector) =>
        [...(element?.shadowRoot?.querySelectorAll(selector) ?? [])];
    const look = () => {
        const app = document.querySelector('fgsm-app');
        const cards = inside(inside(app, 'fgsm-grid')[0], 'fgsm-card');
        const rendered = cards.filter((card) => inside(card, 'article').length > 0);
        if (rendered.length === 0) return requestAnimationFrame(look);
        window.firstFrame = {
            cards: cards.length,
            rendered: rendered.length,
            pictured: rendered.filter(({ decoded }) => decoded !== undefined).length,
            others: ['fgsm-runs', 'fgsm-panels', 'fgsm-numbers'].flatMap(
                (name) => inside(inside(app, name)[0], '*')).length,
        };
    };
    requestAnimationFrame(look);
}"""


def test_until_the_first_paint_all_waits_for_the_card_that_has_a_picture(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, **PHOTOS, fresh=True)
    tab.page.add_init_script(_FIRST_FRAME)
    tab.reload()
    first = tab.app.evaluate("() => window.firstFrame")
    assert first["cards"] > 1
    if first["pictured"]:  # else it took longer than is waited for
        assert first["rendered"] == 1
        assert first["others"] == 0
    assert tab.cards.count() == first["cards"]
    assert tab.frame.locator("fgsm-runs [data-run]").count() > 0


def test_what_does_not_come_after_the_first_pictures_can_be_asked_for_again(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, **PHOTOS, fresh=True)
    later = "**/assets/rest-*.js"
    tab.page.route(later, lambda route: route.abort())
    tab.reload()
    notice = tab.frame.locator("fgsm-notice")
    expect(notice).to_contain_text("TensorBoard does not answer. Is it still running?")
    expect(tab.frame.locator("fgsm-runs [data-run]")).to_have_count(0)
    assert tab.cards.count() > 0
    tab.page.keyboard.press("/")  # goes to a field that is not there
    tab.page.unroute(later)
    notice.get_by_role("button", name="Try again").click()
    expect(tab.frame.locator("fgsm-runs [data-run]")).not_to_have_count(0)
    expect(notice).to_have_count(0)
    lost = ("ERR_FAILED", "dynamically imported module")
    tab.complaints[:] = [each for each in tab.complaints if not any(text in each for text in lost)]
