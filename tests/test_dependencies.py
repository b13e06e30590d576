"""What ``pyproject.toml`` asks for: each with a lowest version, and within the constraints with
which ``make test`` installs it on every supported Python.
"""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

from tests.floors import ROOT, floor, requirements

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "tests" / "constraints.txt").read_text().splitlines()
    if not line.startswith("#")
]


def pins(name: str, python: str) -> list[str]:
    """The versions that the constraints leave of a package."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
    }
    return [
        str(each.specifier).removeprefix("==")
        for each in CONSTRAINTS
        if each.name.lower() == name and (not each.marker or each.marker.evaluate(environment))
    ]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: each.name)
def test_each_is_within_the_constraints(requirement: Requirement, python: str) -> None:
    name = requirement.name.lower().replace("_", "-")
    found = pins(name, python)
    assert len(found) == 1, f"{name} on Python {python}: {found}; if meant, make lock"
    assert found[0] in requirement.specifier, "if meant, make lock"


@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: each.name)
def test_each_has_a_lowest_version(requirement: Requirement) -> None:
    assert floor(requirement)


def test_the_constraints_name_no_path_and_no_index() -> None:
    text = (ROOT / "tests" / "constraints.txt").read_text()
    assert "://" not in text
    assert "-e" not in text.split()
    assert not [line for line in text.splitlines() if line.startswith("--")]


def test_every_line_is_a_pin() -> None:
    for each in CONSTRAINTS:
        (specifier,) = each.specifier
        assert specifier.operator == "==", each
