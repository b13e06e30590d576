"""Pictures of the plugin's part of a page, in a third of the time that Playwright takes."""

from __future__ import annotations

import base64
import io

from PIL import Image

from tests.e2e.tab import Tab

# TensorBoard's header throws a shadow onto the plugin's part.
_HIDE_HEADER = """(hidden) => {
    document.querySelector('app-header').style.visibility = hidden ? 'hidden' : '';
}"""

_STAND_STILL = """(body) => {
    const still = (root) => {
        for (const animation of root.getAnimations()) {
            const { endTime } = animation.effect.getComputedTiming();
            if (endTime === Infinity) animation.cancel();
            else animation.finish();
        }
        for (const { shadowRoot } of root.querySelectorAll('*')) if (shadowRoot) still(shadowRoot);
    };
    body.style.caretColor = 'transparent';
    still(document);
    return document.fonts.ready.then(() => {});
}"""


class Camera:
    """Stands in front of a tab, of which no header is seen until it is put away."""

    def __init__(self, tab: Tab) -> None:
        self._page, self._body = tab.page, tab.frame.locator("body")
        self._wire = tab.page.context.new_cdp_session(tab.page)
        self._page.evaluate(_HIDE_HEADER, True)
        box = tab.page.locator("iframe").bounding_box()
        assert box is not None
        left, top, width, height = (round(box[side]) for side in ("x", "y", "width", "height"))
        self._box = left, top, left + width, top + height

    def picture(self) -> Image.Image:
        """What is to be seen now, with what moves at its end, and no caret."""
        self._body.evaluate(_STAND_STILL)
        # Neither does the picture's size matter, nor that it is one of the viewport.
        quickly = {"format": "png", "optimizeForSpeed": True}
        shot = self._wire.send("Page.captureScreenshot", quickly)
        with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as whole:
            return whole.convert("RGB").crop(self._box)

    def put_away(self) -> None:
        self._page.evaluate(_HIDE_HEADER, False)
        self._wire.detach()
