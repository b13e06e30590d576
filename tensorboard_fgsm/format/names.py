"""In which order the names of runs are shown."""

from __future__ import annotations

import re


def natural(run: str) -> list[tuple[str, int]]:
    """Sorts run2 before run10."""
    return [(text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]*)([0-9]{0,18})", run)]
