"""Which Chromium drives the tab, and how it is started."""

from __future__ import annotations

import shutil
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first has no windows to take care of, and so takes less time, as Playwright's own does."""


def launch_options() -> dict[str, Any]:
    """Debian's Chromium where there is one, else Playwright's own; without a graphics card."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    options = {"executable_path": executable} if executable else {}
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**options, "args": flags}
