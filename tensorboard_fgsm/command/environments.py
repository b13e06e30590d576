"""The TensorBoards of this machine, each as its own Python sees it."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SECONDS = 120
"""After which an interpreter is given up: TensorBoard's imports can take many on a slow disk."""

_PROBE = r"""
import json, sys
if sys.path and sys.path[0] == "":
    del sys.path[0]  # a console script does not look where it is started
from importlib import metadata, util

def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None

def message(error):
    return type(error).__name__ + ": " + " ".join(str(error).split())

found = {"python": sys.version.split()[0], "prefix": sys.prefix, "executable": sys.executable}
names = ("tensorboard-plugin-fgsm", "tensorboard", "setuptools", "torch", "protobuf", "numpy")
found["versions"] = {name: version(name) for name in names}
plain = lambda name: (name or "").lower().replace("_", "-")
boards = ("tensorboard", "tb-nightly", "tensorflow-tensorboard")
found["boards"] = sorted(
    {(plain(d.metadata["Name"]), d.version) for d in metadata.distributions()
     if plain(d.metadata["Name"]) in boards}
)
found["pkg_resources"] = util.find_spec("pkg_resources") is not None
points = metadata.entry_points()
group = "tensorboard_plugins"
points = points.select(group=group) if hasattr(points, "select") else points.get(group, ())
found["registered"] = sorted({point.name for point in points})
try:
    from tensorboard import default
    found["starts"] = None
except BaseException as error:
    found["starts"] = message(error)
found["broken"] = {}
for point in points:
    try:
        loaded = point.load()
    except BaseException as error:
        found["broken"][point.name] = message(error)
    else:
        if point.name == "fgsm":
            from pathlib import Path
            package = Path(sys.modules[loaded.__module__.partition(".")[0]].__file__).parent
            found["package"] = str(package)
            found["built"] = (package / "plugin" / "static" / "index.js").is_file()
sys.__stdout__.write("\n" + json.dumps(found) + "\n")
"""


@dataclass(frozen=True)
class Environment:
    """What a Python with TensorBoard in it says of itself."""

    python: str
    prefix: str
    executable: str
    versions: dict[str, str | None]
    boards: list[list[str]]
    """The packages that bring the module ``tensorboard``, each with its version."""
    pkg_resources: bool
    registered: list[str]
    """The plugins that this TensorBoard loads."""
    starts: str | None
    """Why TensorBoard cannot be imported, None if it can."""
    broken: dict[str, str]
    """The plugins that cannot be imported, and why."""
    package: str | None = None
    """Where our package lies, if it is found."""
    built: bool = False
    """Whether its dashboard is built."""


class ProbeError(Exception):
    """An interpreter that cannot be asked; the message says why."""


def tensorboards() -> list[Path]:
    """Returns every ``tensorboard`` that the shell finds, the one that it starts first."""
    found: list[Path] = []
    names = ("tensorboard.exe", "tensorboard") if os.name == "nt" else ("tensorboard",)
    for directory in os.get_exec_path():
        for name in names:
            path = Path(directory or ".", name)
            if path.is_file() and os.access(path, os.X_OK) and path not in found:
                found.append(path)
                break
    return found


def interpreter_of(script: Path) -> str | None:
    """Returns the Python that runs a console script; None if it cannot be told."""
    if script.suffix == ".exe":
        beside = (script.with_name("python.exe"), script.parent.parent / "python.exe")
        return next((str(path) for path in beside if path.is_file()), None)
    try:
        text = script.read_bytes()[:2048].decode("utf-8", "replace")
    except OSError:
        return None
    # Where the path is long or has blanks, pip writes a shell script that is Python, too.
    found = re.search(r"^'''exec' (\"[^\"]+\"|\S+)", text, re.MULTILINE)
    if found:
        return found[1].strip('"')
    line = text.partition("\n")[0]
    words = shlex.split(line[2:]) if line.startswith("#!") else []
    if words and Path(words[0]).name == "env":
        words = [word for word in words[1:] if not word.startswith("-")]
    return words[0] if words and "python" in Path(words[0]).name else None


def probe(interpreter: str = sys.executable) -> Environment:
    """Asks a Python about its TensorBoard and plugins, which are imported there.

    Raises:
        ProbeError: it cannot be started, or does not answer.
    """
    try:
        done = subprocess.run(
            [interpreter, "-c", _PROBE],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProbeError(" ".join(str(error).split())) from error
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        said = done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"]
        raise ProbeError(said[-1])
    answer: dict[str, Any] = json.loads(lines[-1])
    return Environment(**answer)
