"""Asks the advisory databases about everything that ``make test`` installs: ``make audit``.

It fails where an advisory is known, and says so where a database cannot be asked, which is no
failure of this project.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

PIP_AUDIT = [
    *(sys.executable, "-m", "pip_audit", "--requirement", "tests/constraints.txt"),
    *("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"),
]


def answer(command: list[str]) -> tuple[Any, str]:
    """What a command prints as JSON, None if it is none, and the last line of its complaint."""
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        return json.loads(done.stdout), ""
    except json.JSONDecodeError:
        return None, (done.stderr.strip().splitlines() or ["no answer"])[-1]


def of_python() -> list[str] | str:
    """The advisories of the Python packages; or why there is no answer."""
    found, reason = answer(PIP_AUDIT)
    if found is None:
        return reason
    asked = [each for each in found["dependencies"] if "skip_reason" not in each]
    if not asked:
        return found["dependencies"][0]["skip_reason"]
    return [
        f"{each['name']} {each['version']}: {advisory['id']}"
        for each in asked
        for advisory in each["vulns"]
    ]


def of_node(npm: list[str]) -> list[str] | str:
    """The advisories of the dashboard's packages; or why there is no answer.

    Args:
        npm: the command that is npm, in the dashboard's folder.
    """
    found, reason = answer([*npm, "audit", "--json"])
    if found is None:
        return reason
    if "vulnerabilities" not in found:
        return found.get("message", "no answer")
    return [f"{name}: {each['severity']}" for name, each in found["vulnerabilities"].items()]


def main() -> None:
    failed = False
    for name, found in (("Python", of_python()), ("Node", of_node(sys.argv[1:]))):
        if isinstance(found, str):
            print(f"{name}: the advisory database cannot be asked from here: {found}")
            continue
        failed = failed or bool(found)
        print(f"{name}: {len(found)} advisories", *found, sep="\n  ")
    sys.exit(failed)


if __name__ == "__main__":
    main()
