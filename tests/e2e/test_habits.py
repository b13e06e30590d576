"""What readers expect of any page: Back and Forward, a link to hand on, a way to begin anew."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import EPSILONS
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "photos/standard"}


def panel(tab: Tab, name: str) -> None:
    """Expects a panel of the large card."""
    expect(tab.frame.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def test_back_and_forward_undo_what_was_chosen_and_lead_out_of_the_tab(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, fresh=True, **PHOTOS)
    page = tab.page
    page.get_by_role("tab", name="Time Series").click()
    page.wait_for_function("location.hash.startsWith('#timeseries')")
    page.get_by_role("tab", name="FGSM").click()
    tab.wait_until_ready()
    tab.app.evaluate("(app) => { app.ownerDocument.defaultView.stays = true; }")
    tab.frame.get_by_role("tab", name="By class").click()
    length = page.evaluate("history.length")
    tab.frame.get_by_role("tab", name="By class").click()
    assert page.evaluate("history.length") == length, "chosen again it is no step"
    epsilon = tab.drag_epsilon(0.5)
    tab.frame.get_by_role("tab", name="Over training").click()
    panel(tab, "Over training")
    page.go_back()
    panel(tab, "By class")
    expect(tab.epsilon).to_have_attribute("aria-valuenow", str(epsilon))
    page.go_back()
    panel(tab, "By epsilon")
    page.go_forward()
    panel(tab, "By class")
    assert tab.app.evaluate("(app) => app.ownerDocument.defaultView.stays"), "it was not reloaded"
    page.go_back()
    page.go_back()
    page.wait_for_function("location.hash.startsWith('#timeseries')")


def test_the_view_is_reset_but_for_run_and_tag(rust_server, open_tab) -> None:
    tab = open_tab(
        rust_server, show="right", panel="classes", sort="loss", reversed="true",
        flips="0..0.01", epsilon=EPSILONS[0], **PHOTOS,
    )  # fmt: skip
    tab.frame.get_by_role("button", name="Reset view").click()
    panel(tab, "By epsilon")
    tab.expect_samples(30)
    tab.page.wait_for_function("!/fgsm.(show|sort|reversed|flips|epsilon)=/.test(location.hash)")
    assert "p.fgsm.run=photos%2Fstandard" in tab.page.url
    tab.page.go_back()
    panel(tab, "By class")


def test_a_link_has_what_was_changed_just_now(rust_server, open_tab) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    tab = open_tab(rust_server, permissions=permissions, **PHOTOS)
    tab.frame.locator('[data-show="right"]').click()
    tab.frame.get_by_role("button", name="Copy link").click()
    expect(tab.frame.get_by_role("status").get_by_text("Link copied")).to_be_attached()
    copied = tab.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(tab.page.url.split("#")[0] + "#fgsm&")
    said = dict(part.split("=") for part in copied.split("&")[1:])
    assert said["p.fgsm.show"] == "right"
    assert said["p.fgsm.run"] == "photos%2Fstandard"
    # What is shown stays so, when newer steps come.
    assert said["p.fgsm.step"] == "20"
    assert float(said["p.fgsm.epsilon"]) == tab.epsilon_now()


def test_where_the_clipboard_is_refused_the_link_can_be_copied_by_hand(
    rust_server, open_tab
) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    tab.frame.locator("body").evaluate(
        """() => {
            const refused = new DOMException('no', 'NotAllowedError');
            navigator.clipboard.writeText = () => Promise.reject(refused);
            document.execCommand = () => false;
        }"""
    )
    tab.frame.get_by_role("button", name="Copy link").click()
    field = tab.frame.locator("fgsm-foot input")
    expect(field).to_be_focused()
    assert field.input_value().startswith(tab.page.url.split("#")[0] + "#fgsm&")
    whole = "(input) => [input.selectionStart, input.selectionEnd === input.value.length]"
    assert field.evaluate(whole) == [0, True]
    tab.page.keyboard.press("Escape")
    expect(field).to_have_count(0)


def test_an_order_can_be_reversed(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    first = tab.frame.locator("fgsm-card article").first
    expect(first).to_have_attribute("data-sample", "0")
    tab.frame.get_by_role("button", name="Reverse order").click()
    expect(tab.card(29)).to_be_visible()


def test_a_range_of_flips_is_chosen_and_cleared(rust_server, open_tab) -> None:
    tab = open_tab(rust_server, **PHOTOS)
    to = tab.frame.get_by_label("Flips up to this ε")
    to.select_option(index=2)
    expect(tab.frame.get_by_label("Flips from this ε on")).to_have_value("0")
    expect(tab.frame.locator('[data-show="all"] [data-count]')).not_to_have_text("30")
    tab.frame.get_by_role("button", name="Clear: flips between").click()
    expect(tab.frame.locator('[data-show="all"] [data-count]')).to_have_text("30")
    expect(to).to_have_value("")
