"""What is rendered first when the tab is opened."""

from __future__ import annotations

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
            runs: inside(inside(app, 'fgsm-runs')[0], '*').length,
        };
    };
    requestAnimationFrame(look);
}"""


def test_until_the_first_paint_all_waits_for_the_card_that_has_a_picture(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, tag="fgsm/photos", run="photos/standard", fresh=True)
    tab.page.add_init_script(_FIRST_FRAME)
    tab.reload()
    first = tab.app.evaluate("() => window.firstFrame")
    assert first["cards"] > 1
    if first["pictured"]:  # else it took longer than is waited for
        assert first["rendered"] == 1
        assert first["runs"] == 0
    assert tab.cards.count() == first["cards"]
    assert tab.frame.locator("fgsm-runs [data-run]").count() > 0
