"""A page that stands alone: the dashboard over logged steps, in one HTML file without a server.

The steps lie in elements of their own, which the dashboard reads as they are asked for
(``frontend/src/data/carried.ts``): a list of all, and of each its record and its pictures.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import msgspec
from rich.filesize import decimal

from tensorboard_fgsm import __version__
from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.format import record
from tensorboard_fgsm.format.names import natural
from tensorboard_fgsm.format.reader import LoggedStep

Language = Literal["en", "ko"]
Theme = Literal["light", "dark"]

SCRIPT = Path(__file__).parent / "static" / "page.js"
"""The built dashboard, as one script."""

_GENERATOR = b'<meta name="generator" content="tensorboard-fgsm '


@dataclass(frozen=True)
class Written:
    """What a page has become."""

    bytes: int
    runs: int
    steps: int


def write(
    out: Path,
    steps: Iterable[LoggedStep],
    *,
    title: str,
    max_bytes: int,
    language: Language | None = None,
    theme: Theme | None = None,
) -> Written:
    """Writes a page, in whose place there was none or another such page.

    Args:
        out: the HTML file.
        steps: what it shows, one in memory at a time.
        title: the window's.
        max_bytes: how long it may be.
        language: by default that of the reader's browser.
        theme: by default that of the reader's system.

    Raises:
        CommandError: there is another file, the page would be too long, or no dashboard is built.
    """
    script = _script()
    listed = []
    with _replacing(out) as file:
        page = _Bounded(file, max_bytes)
        page.write(_head(title, script, language, theme))
        for place, step in enumerate(steps):
            page.write(_element("application/json", f"record-{place}", record.encode(step.record)))
            page.write(_element("text/plain", f"pictures-{place}", _pictures(step)))
            listed.append(_listed(place, step))
        listed.sort(key=lambda each: (natural(each["run"]), each["tag"], each["step"]))
        page.write(_element("application/json", "steps", msgspec.json.encode(listed)))
        page.write(b'<script type="module">' + script + b"</script>\n")
        if page.bytes > max_bytes:
            raise CommandError(
                f"the page would have {decimal(page.bytes)}, and --max-mb allows "
                f"{decimal(max_bytes)}: choose with --run, --tag, --step and --samples what it "
                "shows, or allow more"
            )
    return Written(page.bytes, len({each["run"] for each in listed}), len(listed))


class _Bounded:
    """Counts all that is written, and keeps as much as there is room for."""

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._room = room
        self.bytes = 0

    def write(self, data: bytes) -> None:
        self.bytes += len(data)
        if self.bytes <= self._room:
            self._file.write(data)


@contextlib.contextmanager
def _replacing(out: Path) -> Iterator[IO[bytes]]:
    """Opens a file that takes its place once it is whole; of a part of it nothing is left."""
    if out.exists() and not _ours(out):
        raise CommandError(
            f"{out} is there already, and no page of this command's: give another name"
        )
    if not out.parent.is_dir():
        raise CommandError(f"{out.parent} is no directory: make it first")
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".fgsm-", delete=False) as file:
        written = Path(file.name)
        try:
            yield file
            file.close()
            written.chmod(0o644)
            written.replace(out)
        finally:
            written.unlink(missing_ok=True)


def _ours(out: Path) -> bool:
    """Whether what is there may be replaced: it is a page that was written here before."""
    if not out.is_file():
        return False
    with out.open("rb") as file:
        return _GENERATOR in file.read(1024)


def _script() -> bytes:
    """Returns the dashboard, so that no part of it ends the element in which it stands."""
    try:
        built = SCRIPT.read_text()
    except FileNotFoundError:
        raise CommandError(
            'this installation has no built dashboard: run "pip install ."'
        ) from None
    return re.sub(r"<(?=/script|!--)", r"\\x3c", built, flags=re.IGNORECASE).encode()


def _head(title: str, script: bytes, language: Language | None, theme: Theme | None) -> bytes:
    """Returns the page's beginning. By its policy it can ask nothing of anyone."""
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    attributes = "".join(
        f' {name}="{value}"' for name, value in (("lang", language), ("data-theme", theme)) if value
    )
    return b"".join(
        (
            f"<!doctype html>\n<html{attributes}>\n".encode(),
            b'<meta charset="utf-8">\n',
            _GENERATOR + f'{__version__}">\n'.encode(),
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'.encode(),
            b'<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{html.escape(title)}</title>\n".encode(),
        )
    )


def _element(kind: str, name: str, data: bytes) -> bytes:
    """Returns an element of data. Of JSON, what could end it is written in another way."""
    safe = data.replace(b"<", b"\\u003c")
    return f'<script type="{kind}" id="fgsm-{name}">'.encode() + safe + b"</script>\n"


def _listed(place: int, step: LoggedStep) -> dict[str, str | int | float]:
    return {
        "run": step.run,
        "tag": step.tag,
        "step": step.step,
        "wall_time": step.wall_time,
        "place": place,
    }


def _pictures(step: LoggedStep) -> bytes:
    """Returns all pictures of a step in base64, a space between two."""
    count = len(step.record.samples)
    return b" ".join(base64.b64encode(data) for i in range(count) for data in step.stored(i))
