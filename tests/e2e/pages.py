"""Pages of the browser with TensorBoard in them, lent to one test after another.

To load TensorBoard takes two seconds, which is most of a short test.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from playwright.sync_api import Browser, Page

_TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', (event) =>"
    " console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI))"
)


_TELL_OF_A_VISIT = "try { localStorage.setItem('p.fgsm.toured', '1'); } catch {}"
"""Most who look have been here before: to them the page offers no look around."""


class Pages:
    """``lend`` gives a page that no other tab has; ``take_back`` lets another test have it."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[tuple[str, str], list[Page]] = {}
        self._lent: dict[Page, tuple[str, str]] = {}

    def lend(
        self,
        address: str,
        *,
        viewport: dict[str, int],
        fresh: bool = False,
        newcomer: bool = False,
        **options: Any,
    ) -> Page:
        """Returns a page for a TensorBoard.

        Args:
            address: of the TensorBoard, which may be loaded in the page already.
            viewport: the window's width and height.
            fresh: whether the page is new, and given to no other test.
            newcomer: whether the browser has not been here before; its page is new.
            options: of the browser's context, such as ``locale``.
        """
        key = (address, repr(sorted(options.items())))
        free = self._free.setdefault(key, [])
        fresh = fresh or newcomer
        if free and not fresh:
            page = free.pop()
            page.set_viewport_size(viewport)  # pyright: ignore[reportArgumentType]
        else:
            context = self._browser.new_context(**{"locale": "en-US", **options})
            context.add_init_script(_TELL_VIOLATIONS)
            if not newcomer:
                context.add_init_script(_TELL_OF_A_VISIT)
            page = context.new_page()
            page.set_viewport_size(viewport)  # pyright: ignore[reportArgumentType]
        if not fresh:
            self._lent[page] = key
        return page

    def take_back(self, page: Page, *, sound: bool) -> None:
        """Takes a page back: as it was when it is sound, and else closes it."""
        key = self._lent.pop(page, None)
        if key is None or not sound or page.is_closed():
            page.context.close()
            return
        page.context.unroute_all(behavior="ignoreErrors")
        page.unroute_all(behavior="ignoreErrors")
        page.mouse.move(0, 0)
        self._free[key].append(page)

    def close(self, *, but: Collection[str] = ()) -> None:
        """Closes the pages that are not lent, but those of some addresses."""
        for address, options in [key for key in self._free if key[0] not in but]:
            for page in self._free.pop((address, options)):
                page.context.close()
