"""The FGSM tab in a browser, as a person handles it."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

import numpy as np
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

_BEGIN_ANEW = """(frame, hash) => new Promise((loaded) => {
    // Not before the dashboard that is there has ended: it may be about to write the address.
    frame.contentWindow.addEventListener('pagehide', () => {
        history.replaceState(history.state, '', hash);
        localStorage.clear();
        document.body.classList.remove('dark-mode');
    });
    frame.addEventListener('load', loaded, { once: true });
    const { location: shown } = frame.contentWindow;
    if (shown.href === 'about:blank') shown.replace(frame.src);
    else shown.reload();
})"""

_RELOAD = """(frame) => new Promise((loaded) => {
    frame.addEventListener('load', loaded, { once: true });
    frame.contentWindow.location.reload();
})"""

_GO_TO = """(frame, hash) => new Promise((heard) => {
    const dashboard = frame.contentWindow;
    // Two frames later the dashboard has asked for all that it lacks.
    const twoFrames = () => dashboard.requestAnimationFrame(
        () => dashboard.requestAnimationFrame(() => dashboard.setTimeout(heard)));
    if (location.hash === hash) return twoFrames();
    addEventListener('hashchange', twoFrames, { once: true });
    location.replace(hash);
})"""

# Playwright would look after 0.1 s, 0.35 s and 0.85 s.
_READY = """(app, seconds) => new Promise((ready, late) => {
    const look = () => {
        if (!app.hasAttribute('data-ready')) return;
        observer.disconnect();
        clearTimeout(timer);
        ready();
    };
    const observer = new MutationObserver(look);
    observer.observe(app, { attributes: true, attributeFilter: ['data-ready'] });
    const timer = setTimeout(() => late(new Error(`not ready in ${seconds} s`)), 1000 * seconds);
    look();
})"""

# As one text: of a million numbers each would be wrapped by itself.
_LEVELS = """(canvas) => {
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const texts = [];
    for (let at = 0; at < data.length; at += 2 ** 15) {
        texts.push(String.fromCharCode(...data.subarray(at, at + 2 ** 15)));
    }
    return [width, height, btoa(texts.join(''))];
}"""


class Tab:
    """One opened FGSM tab, or a page that stands ``alone``. ``complaints`` holds what must not
    happen in it.
    """

    KEYS = (
        *("run", "runs", "tag", "step", "epsilon", "panel", "axis"),
        *("show", "class", "predicted", "text", "sort", "shape", "noise", "size", "trueSize"),
        *("against", "otherStep", "otherTag", "disagree", "flips", "reversed", "sample"),
    )

    def __init__(self, page: Page, address: str, *, refusals: bool, alone: bool = False) -> None:
        self.page = page
        self.frame = page if alone else page.frame_locator("iframe")
        self.app = self.frame.locator("fgsm-app")
        self.toolbar = self.frame.locator("fgsm-toolbar")
        self.cards = self.frame.locator("fgsm-grid [data-place] article")
        # While the large card is out of sight, another stands in the strip above the cards.
        self.epsilon = self.frame.locator("fgsm-epsilon").get_by_role("slider").first
        self.step = self.frame.get_by_role("slider", name="Step")
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._address = address.rstrip("/")
        self._refusals = refusals
        self._listeners = {
            "console": self._on_console,
            "pageerror": lambda error: self.complaints.append(f"error: {error}"),
            "requestfailed": self._on_failed,
            "response": self._on_response,
            "request": lambda request: self.requests.append(request.url),
        }
        for event, listener in self._listeners.items():
            page.on(event, listener)  # pyright: ignore[reportArgumentType, reportCallIssue]

    def open(self, selection: dict[str, object], *, ready: bool) -> None:
        """Opens the tab with a selection in the address's hash. Where TensorBoard is loaded, only
        its frame with the dashboard is loaded anew, into which nothing passes from before.
        """
        if self.page.url.startswith(f"{self._address}/"):
            self.page.locator("iframe").evaluate(_BEGIN_ANEW, _hash(selection))
        else:
            self.page.goto(f"{self._address}/{_hash(selection)}")
        if ready:
            self.wait_until_ready()

    def reload(self) -> None:
        """Loads the frame with the dashboard anew, which then has the address to go by."""
        self.page.locator("iframe").evaluate(_RELOAD)
        self.wait_until_ready()

    def go_to(self, selection: dict[str, object]) -> None:
        """Changes the address of the opened tab, as a link in a note to it does: the dashboard
        stays, with all that is not in the address.
        """
        self.page.locator("iframe").evaluate(_GO_TO, _hash(selection))

    def class_picker(self, kind: str) -> Locator:
        """The field in which one chooses a class, "True class" or "Predicted class"."""
        return self.frame.get_by_role("combobox", name=kind, exact=True)

    def offered_classes(self, kind: str) -> dict[str, str]:
        """What the picker offers: texts by class, "" being all of them."""
        picker = self.class_picker(kind)
        picker.press("ArrowDown")
        read = "(all) => all.map((o) => [o.dataset.class, o.title])"
        options = self.frame.locator("fgsm-class-picker [role=option]")
        expect(options.first).to_be_visible()
        texts = options.evaluate_all(read)
        picker.press("Escape")
        return dict(texts)

    def choose_class(self, kind: str, text: str) -> None:
        """Types a text into the picker and takes the first class that it finds."""
        self.class_picker(kind).fill(text)
        self.class_picker(kind).press("Enter")

    def leave(self) -> None:
        """Listens to its page no longer."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def wait_until_ready(self) -> None:
        """Waits until all that was asked for is shown."""
        self.app.evaluate(_READY, 20)

    def card(self, sample: int) -> Locator:
        """The card of the sample at this position in the record."""
        return self.frame.locator(f'fgsm-grid [data-place] article[data-sample="{sample}"]')

    def bring(self, sample: int) -> Locator:
        """Scrolls until a card is in sight: only such cards are in the document."""
        # A page that told of an error was ready, too, and is so until it begins anew.
        expect(self.frame.locator("fgsm-grid")).to_be_attached(timeout=20_000)
        self.app.evaluate(
            """async (app, sample) => {
                const main = app.shadowRoot.querySelector('main');
                const grid = main.querySelector('fgsm-grid').shadowRoot;
                const found = () =>
                    [...grid.querySelectorAll('[data-place]')].find((c) => c.position === sample);
                const painted = () => new Promise((next) => requestAnimationFrame(
                    () => requestAnimationFrame(next)));
                if (!found()) main.scrollTop = 0;
                for (let last = -1; !found() && main.scrollTop !== last; await painted()) {
                    last = main.scrollTop;
                    await painted();
                    if (!found()) main.scrollTop += main.clientHeight / 2;
                }
            }""",
            sample,
        )
        self.card(sample).scroll_into_view_if_needed()
        return self.card(sample)

    def expect_samples(self, count: int) -> None:
        """Expects that so many samples pass the filters."""
        if count == 0:
            expect(self.cards).to_have_count(0)
        else:
            first = self.frame.locator("fgsm-grid .cards > *").first
            expect(first).to_have_attribute("aria-setsize", str(count))

    def pixels(self, sample: int, kind: str) -> np.ndarray:
        """What a canvas shows, (H, W, 4) uint8."""
        return self.drawn(self.bring(sample).locator(f'canvas[data-kind="{kind}"]'))

    def drawn(self, canvas: Locator) -> np.ndarray:
        """What this canvas shows, (H, W, 4) uint8."""
        width, height, data = canvas.evaluate(_LEVELS)
        return np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)

    def expect_epsilon(self, epsilon: float) -> None:
        """Expects an epsilon where it is told in large, beside every chart and map."""
        shown = self.frame.locator("fgsm-numbers .epsilon")
        expect(shown).to_contain_text(re.compile(rf"(^|\s|= ){255 * epsilon:g}\s*/255"))

    def epsilon_now(self) -> float:
        """Where the epsilon slider stands."""
        return float(self.epsilon.get_attribute("aria-valuenow") or "nan")

    def press_epsilon(self, key: str) -> float:
        """Moves the epsilon slider with a key, and returns where it comes to stand."""
        before = self.epsilon.get_attribute("aria-valuenow") or ""
        self.epsilon.press(key)
        expect(self.epsilon).not_to_have_attribute("aria-valuenow", before)
        return self.epsilon_now()

    def drag_epsilon(self, share: float) -> float:
        """Drags the thumb to a share of its axis and returns the epsilon there."""
        box = self.frame.locator("fgsm-epsilon").first.bounding_box()
        thumb = self.epsilon.bounding_box()
        assert box is not None
        assert thumb is not None
        mouse = self.page.mouse
        mouse.move(thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2)
        mouse.down()
        mouse.move(box["x"] + share * box["width"], thumb["y"] + thumb["height"] / 2, steps=5)
        mouse.up()
        return self.epsilon_now()

    def wait_for_epsilon(self, sample: int) -> float:
        """Waits until a card's adversarial picture is the one of the slider's epsilon."""
        canvas = self.bring(sample).locator('canvas[data-kind="adversarial"]')
        now = self.epsilon.get_attribute("aria-valuenow") or ""
        expect(canvas).to_have_attribute("data-epsilon", now)
        return float(now)

    def plugin_requests(self) -> list[str]:
        """The requests for the plugin's data so far."""
        return [url for url in self.requests if "/data/plugin/fgsm/" in url]

    def _on_console(self, message: ConsoleMessage) -> None:
        expected = self._refusals and "status of 422" in message.text
        if message.type == "error" and not expected:
            self.complaints.append(f"console: {message.text}")

    def _on_failed(self, request: Request) -> None:
        # What the page no longer wants it aborts itself.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= (500 if self._refusals else 400):
            self.complaints.append(f"{response.status}: {response.url}")


def _hash(selection: dict[str, object]) -> str:
    """The end of the address that a selection has."""
    keys = (f"&p.fgsm.{key}={quote(str(value), '')}" for key, value in selection.items())
    return f"#fgsm{''.join(keys)}"
