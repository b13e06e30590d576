"""Which Chromium drives the tab, and how it is started."""

from __future__ import annotations

import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")


def launch_options() -> dict[str, Any]:
    """Debian's Chromium where there is one, else Playwright's own; without a graphics card."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    options = {"executable_path": executable} if executable else {}
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {**options, "args": flags}
