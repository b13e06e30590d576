"""The lowest versions that ``pyproject.toml`` declares, and whether these are the ones installed:

    python -m tests.floors

names each that is not, and fails; ``make test-oldest`` begins with it.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pyright: ignore[reportMissingImports]

ROOT = Path(__file__).parents[1]


def requirements() -> list[Requirement]:
    """What the package and its extras ask for, but for one another."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [project["dependencies"], *project["optional-dependencies"].values()]
    found = [Requirement(line) for each in lines for line in each]
    return [each for each in found if each.name != project["name"]]


def floor(requirement: Requirement) -> Version | None:
    """Returns the lowest version that is asked for, None where any will do."""
    lowest = [each.version for each in requirement.specifier if each.operator == ">="]
    return Version(lowest[0]) if lowest else None


def main() -> None:
    wrong = []
    for requirement in requirements():
        lowest, installed = floor(requirement), Version(metadata.version(requirement.name))
        if lowest != installed:
            wrong.append(
                f"{requirement.name}: {lowest} is declared, {installed} the lowest to be had"
            )
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
