"""What axe-core, the checker of accessibility, finds in the tab."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.e2e.tab import Tab

_SOURCE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (app, only) => {
    const runOnly = only && { type: 'rule', values: only };
    const { violations } = await axe.run(
        app.ownerDocument, { resultTypes: ['violations'], ...(only && { runOnly }) });
    const told = ({ target, failureSummary }) =>
        `${target.flat().join(' ')}: ${failureSummary.split('\\n').at(-1)}`;
    return violations.flatMap(
        ({ id, impact, nodes }) => nodes.map((node) => `${id} (${impact}): ${told(node)}`));
}"""


@cache
def _source() -> str:
    assert _SOURCE.exists(), f"{_SOURCE} is not there: npm --prefix frontend ci"
    return _SOURCE.read_text()


COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that another theme may break, of those that axe applies by itself."""


def violations(tab: Tab, only: Sequence[str] | None = None) -> list[str]:
    """Returns what any of axe's rules finds wrong in the document, best practices included.

    Args:
        tab: of the document.
        only: these rules; by default all.
    """
    body = tab.frame.locator("body")
    if not body.evaluate("() => 'axe' in window"):
        # Unlike a script in the page, an evaluation is nothing that the page's policy forbids.
        body.evaluate(f"() => {{ {_source()} }}")
    return body.evaluate(_RUN, only and list(only))
