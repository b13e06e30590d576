"""How fast the tab is, in a real Chromium without a graphics card, on a real TensorBoard.

    python -m benchmarks.dashboard                  # some fifteen minutes, ten of them to log
    python -m benchmarks.dashboard --minutes 10     # for the memory's course

Run it from the repository's root with the dashboard built, on a machine that does nothing else. It
logs a thousand samples of 224×224, and three thousand (``--logdir`` keeps them for the next time),
opens the tab, drags epsilon, scrolls, and scrubs through steps. No test depends on these times.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, async_playwright

from benchmarks import photos, tables
from benchmarks.tab import HEAP, NODES, RENDERERS, Frames, Tab
from tensorboard_fgsm.plugin.routes import STATIC
from tests import servers
from tests.e2e import chromium

SIZES = {"1920×1080": (1920, 1080), "1280×800": (1280, 800)}
STEPS = 3
OPENINGS = 5
ROUNDS = 3
FRAME = 1000 / 60
BUNDLE_LIMIT = 110_000


FRAME_HEAD = [
    f"| {ROUNDS} rounds | frames | median, ms | p90 | p99 | most | over 18 ms, and of each round "
    "| over 35 ms | main thread, ms | nodes after the first and last | heap, MB | renderers, MB "
    "| with a new ε | different ε |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
]


class Round(NamedTuple):
    """What was drawn while something was done once, and what the tab occupied then."""

    frames: Frames
    occupied: dict[str, float]

    @classmethod
    async def of(cls, tab: Tab, action: Awaitable[object]) -> Round:
        drawn = await tab.frames(action)
        return cls(drawn, await tab.occupied())


def frame_row(name: str, rounds: Sequence[Round]) -> str:
    """One line of the table of frames."""
    lengths = [length for each in rounds for length in each.frames.lengths]
    shown = [[epsilon for _, epsilon in each.frames.drawn] for each in rounds]
    epsilons = {epsilon for each in shown for epsilon in each}
    changes = sum(a != b for each in shown for a, b in pairwise(each))
    late = " ".join(_late(each.frames.lengths) for each in rounds)
    first, last = rounds[0].occupied, rounds[-1].occupied
    return _row(
        name,
        len(lengths),
        *(f"{tables.percentile(lengths, share):.1f}" for share in (0.5, 0.9, 0.99)),
        f"{max(lengths):.0f}",
        f"{_late(lengths)} ({late})",
        _late(lengths, 2),
        f"{sum(each.frames.busy for each in rounds) / len(lengths):.1f}",
        *(f"{first[key]:,.0f}, {last[key]:,.0f}" for key in (NODES, HEAP, RENDERERS)),
        *([f"{changes / len(lengths):.0%}", len(epsilons)] if len(epsilons) > 2 else ["", ""]),
    )


def _late(lengths: Sequence[float], frames: int = 1) -> str:
    """The share of those that took longer than so many frames should."""
    return f"{statistics.mean(length > (frames + 0.1) * FRAME for length in lengths):.1%}"


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


async def openings(browser: Browser, logdir: Path) -> list[str]:
    """How long it takes to see something."""
    rows = [
        f"| first triplet, median of {OPENINGS}, ms | until TensorBoard has made the frame "
        "| from then on |",
        "|---|---|---|",
    ]
    for name, size in SIZES.items():
        with served(logdir) as address:
            tab = await Tab.open(browser, address, size)
            rows.append(_row(f"{name}, a server's first", *(f"{ms:.0f}" for ms in tab.opened)))
            await tab.close()
            for what, by_click in [("by its address", False), ("by a click on the tab", True)]:
                found = []
                for _ in range(OPENINGS):
                    tab = await Tab.open(browser, address, size, by_click)
                    found.append(tab.opened)
                    await tab.close()
                medians = map(statistics.median, zip(*found, strict=True))
                rows.append(_row(f"{name}, {what}", *(f"{ms:.0f}" for ms in medians)))
    return rows


async def frames(browser: Browser, address: str, seconds: float) -> list[str]:
    """How smoothly epsilon follows the mouse."""
    rows = [*FRAME_HEAD]
    for name, size in SIZES.items():
        tab = await Tab.open(browser, address, size)
        await tab.settled()
        cards, _ = await tab.frame.evaluate("probe.cards()")
        rounds = [await Round.of(tab, tab.drag_epsilon(seconds)) for _ in range(ROUNDS)]
        rows.append(frame_row(f"{name}, dragging ε over {cards} cards", rounds))
        await tab.close()
    return rows


async def scrolling(browser: Browser, address: str, seconds: float) -> list[str]:
    """How smoothly a long grid follows the wheel, and how much of it is there meanwhile."""
    rows, told = [*FRAME_HEAD], []
    for name, size in SIZES.items():
        tab = await Tab.open(browser, address, size)
        await tab.settled()
        rounds = [await Round.of(tab, tab.scroll(seconds)) for _ in range(ROUNDS)]
        wait = await tab.settled()
        reached = await tab.frame.evaluate("probe.reached()")
        rows.append(frame_row(f"{name}, scrolling to sample {reached}", rounds))
        # To look at every card in each frame takes time: so in a round whose frames do not count.
        shown = await tab.shown(tab.scroll(seconds, down=False))
        told.append(
            f"{name}: meanwhile {shown:.0%} of the cards in sight have their pictures, and "
            f"the last of them {1000 * wait:.0f} ms after the wheel has stopped."
        )
        await tab.close()
    return [*rows, "", *told]


async def samples(browser: Browser, address: str) -> list[str]:
    """How long it takes until one sample stands there, close."""
    rows = ["| one sample close, ms | the first | median of 20 more | most |", "|---|---|---|---|"]
    for name, size in SIZES.items():
        tab = await Tab.open(browser, address, size)
        await tab.settled()
        cards, _ = await tab.frame.evaluate("probe.cards()")
        found = []
        for number in range(21):
            found.append(await tab.frame.evaluate("card => probe.open(card)", number % cards))
            await tab.page.keyboard.press("Escape")
            await tab.frame.locator("fgsm-sample-pictures").wait_for(state="detached", timeout=5000)
        first, *more = found
        rows.append(
            _row(name, *(f"{ms:.0f}" for ms in (first, statistics.median(more), max(more))))
        )
        await tab.close()
    return rows


async def memory(browser: Browser, address: str, minutes: float) -> list[str]:
    """What the tab occupies while steps, epsilon and grid move, again and again."""
    tab = await Tab.open(browser, address, SIZES["1920×1080"])
    taken: list[dict[str, float]] = []
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < 60 * minutes:
        await tab.scrub_steps(STEPS - 1)
        await tab.drag_epsilon(2)
        await tab.scroll(2)
        await tab.scroll(2.2, down=False)
        await tab.settled()
        taken.append({"at": now, **await tab.occupied()})
    await tab.close()
    window = min(60, 60 * minutes / 3)
    first = [sample for sample in taken if sample["at"] <= taken[0]["at"] + window]
    last = [sample for sample in taken if sample["at"] >= taken[-1]["at"] - window]
    rows = [
        f"| memory over {minutes:g} min | first {window:.0f} s | last {window:.0f} s | most |",
        "|---|---|---|---|",
    ]
    for key in list(taken[0])[1:]:
        medians = (statistics.median(s[key] for s in part) for part in (first, last))
        most = max(sample[key] for sample in taken)
        rows.append(_row(key, *(f"{value:,.1f}".removesuffix(".0") for value in (*medians, most))))
    return rows


def bundle() -> str:
    """The built files that a reader in English may load, as a server would send them."""
    files = [path for path in STATIC.rglob("*.js") if not path.name.startswith("korean-")]
    size = sum(path.with_name(f"{path.name}.gz").stat().st_size for path in files)
    verdict = "within" if size <= BUNDLE_LIMIT else "OVER"
    return f"The bundle: {size / 1000:.1f} kB gzipped, {verdict} {BUNDLE_LIMIT / 1000:.0f} kB."


@contextlib.contextmanager
def served(logdir: Path) -> Iterator[str]:
    """A TensorBoard that has read all there is."""
    with servers.process(logdir) as address:
        servers.wait_for_steps(address, photos.RUN, photos.TAG, STEPS)
        yield address


def logged(root: Path, count: int) -> Path:
    """The logdir of steps of so many samples, written where it is not there."""
    logdir = root / str(count)
    if not list(logdir.rglob("*tfevents*")):
        photos.write(logdir, count, STEPS)
    return logdir


async def report(arguments: argparse.Namespace, root: Path) -> None:
    few, many, seconds = arguments.samples, arguments.many, arguments.seconds
    parts = {
        "frames": (few, lambda browser, address: frames(browser, address, seconds)),
        "scroll": (many, lambda browser, address: scrolling(browser, address, seconds)),
        "sample": (few, samples),
        "memory": (few, lambda browser, address: memory(browser, address, arguments.minutes)),
    }
    wanted = {part: how for part, how in parts.items() if part in arguments.only}
    logdirs = {count: logged(root, count) for count, _ in wanted.values()}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium.launch_options())
        load = os.getloadavg()[0]
        print(f"Chromium {browser.version}, {os.cpu_count()} cores, load {load:.1f} at the start;")
        print(f"{STEPS} steps of {few} samples, {len(photos.EPSILONS)} epsilons; where the grid")
        print(f"scrolls, of {many}\n\n{bundle()}\n")
        if "open" in arguments.only:
            print(*await openings(browser, logged(root, few)), sep="\n", end="\n\n", flush=True)
        for count, part in wanted.values():
            with served(logdirs[count]) as address:
                print(*await part(browser, address), sep="\n", end="\n\n", flush=True)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--logdir", type=Path, help="written if it is not there, and kept")
    parser.add_argument("--samples", type=int, default=1000, help="samples in a step (1000)")
    parser.add_argument("--many", type=int, default=3000, help="where the grid scrolls (3000)")
    parser.add_argument("--seconds", type=float, default=10, help="of each round (10)")
    parser.add_argument("--minutes", type=float, default=1, help="of watching the memory (1)")
    names = ["open", "frames", "scroll", "sample", "memory"]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="PART")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(report(arguments, arguments.logdir or Path(temporary)))


if __name__ == "__main__":
    main()
