"""Pages of the browser with TensorBoard in them, lent to one test after another.

To load TensorBoard takes two seconds, which is most of a short test.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

from playwright.sync_api import Browser, CDPSession, Page

_TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', (event) =>"
    " console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))"
)

_EMPTY = """(frame) => new Promise((loaded) => {
    frame.addEventListener('load', loaded, { once: true });
    frame.contentWindow.location.replace('about:blank');
})"""

_TELL_OF_A_VISIT = "try { localStorage.setItem('p.fgsm.toured', '1'); } catch {}"
"""Most who look have been here before: to them the page offers no look around."""


class Pages:
    """``lend`` gives a page that no other tab has; ``take_back`` lets another test have it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[str, str], list[Page]] = {}
        self._lent: dict[Page, tuple[str, str]] = {}
        self._readers: dict[Page, _Reader] = {}

    def lend(
        self,
        address: str,
        *,
        viewport: dict[str, int],
        locale: str = "en-US",
        forced_colors: Literal["active", "none"] = "none",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        permissions: Sequence[str] = (),
        newcomer: bool = False,
        fresh: bool = False,
        **options: Any,
    ) -> Page:
        """Returns a page for a TensorBoard, which shows it to a reader like this when its frame
        with the dashboard is loaded anew.

        Args:
            address: of the TensorBoard, which may be loaded in the page already.
            viewport: the window's width and height.
            locale: the reader's language.
            forced_colors: whether the reader's own colours replace all others.
            reduced_motion: whether the reader wants little to move.
            permissions: what the page may do, such as "clipboard-read".
            newcomer: whether the browser has not been here before.
            fresh: whether the page is new, and given to no other test.
            options: of the browser's context, which cannot change later, such as ``has_touch``.
        """
        key = (address, repr(sorted(options.items())))
        free = self._free.setdefault(key, [])
        page = free.pop() if free and not fresh else self._new(options)
        if not fresh:
            self._lent[page] = key
        page.set_viewport_size(viewport)  # pyright: ignore[reportArgumentType]
        page.emulate_media(forced_colors=forced_colors, reduced_motion=reduced_motion)
        page.context.grant_permissions(permissions)
        self._readers[page].becomes(locale, newcomer=newcomer)
        return page

    def _new(self, options: dict[str, Any]) -> Page:
        context = self._browser.new_context(**options)
        context.add_init_script(_TELL_VIOLATIONS)
        page = context.new_page()
        self._readers[page] = _Reader(page)
        return page

    def take_back(self, page: Page, *, sound: bool) -> None:
        """Takes a page back: as it was when it is sound, and else closes it."""
        key = self._lent.pop(page, None)
        if key is None or not sound or page.is_closed():
            self._close(page)
            return
        page.context.unroute_all(behavior="ignoreErrors")
        page.unroute_all(behavior="ignoreErrors")
        page.context.clear_permissions()
        page.mouse.move(0, 0)
        self._free[key].append(page)

    def forget(self, address: str) -> None:
        """Has the pages of an address, where another TensorBoard is now, ask for all anew: none
        has a dashboard until it is lent.
        """
        for (place, _), free in self._free.items():
            for page in free if place == address else ():
                page.locator("iframe").evaluate(_EMPTY)
                self._readers[page].forgets()

    def close(self, *, but: Collection[str] = ()) -> None:
        """Closes the pages that are not lent, but those of some addresses."""
        for address, options in [key for key in self._free if key[0] not in but]:
            for page in self._free.pop((address, options)):
                self._close(page)

    def _close(self, page: Page) -> None:
        del self._readers[page]
        page.context.close()


class _Reader:
    """Who sits in front of a page: what Playwright says once of a context, said of it anew."""

    def __init__(self, page: Page) -> None:
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.send("Page.enable")
        self._agent: str = page.evaluate("navigator.userAgent")
        self._locale: str | None = None
        self._visit: str | None = None
        """Names the script that tells the page of a visit before."""

    def forgets(self) -> None:
        """What the browser keeps of earlier answers is gone."""
        self._wire.send("Network.clearBrowserCache")

    def becomes(self, locale: str, *, newcomer: bool) -> None:
        """The next documents in the page are for a reader of this language, new here or not."""
        if locale != self._locale:
            said = {"userAgent": self._agent, "acceptLanguage": locale}
            self._wire.send("Emulation.setUserAgentOverride", said)
            self._wire.send("Emulation.setLocaleOverride", {"locale": locale})
            self._locale = locale
        if newcomer and self._visit:
            script = {"identifier": self._visit}
            self._wire.send("Page.removeScriptToEvaluateOnNewDocument", script)
            self._visit = None
        elif not newcomer and not self._visit:
            script = {"source": _TELL_OF_A_VISIT}
            told = self._wire.send("Page.addScriptToEvaluateOnNewDocument", script)
            self._visit = told["identifier"]
