"""How fast the tab is, in a real Chromium without a graphics card, on a real TensorBoard.

    python -m benchmarks.dashboard                  # some five minutes
    python -m benchmarks.dashboard --minutes 10     # for the memory's course

Run it from the repository's root with the dashboard built, on a machine that does nothing else. It
logs a thousand samples of 224×224 (``--logdir`` keeps them for the next time), opens the tab, drags
epsilon, scrolls, and scrubs through steps. No test depends on these times.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, CDPSession, Frame, Page, async_playwright

from benchmarks import photos
from tensorboard_fgsm.plugin.routes import STATIC
from tests import servers
from tests.e2e import chromium

SIZES = {"1920×1080": (1920, 1080), "1280×800": (1280, 800)}
STEPS = 3
OPENINGS = 5
MOUSE_HZ = 125
WHEEL_HZ = 30
FRAME = 1000 / 60
BUNDLE_LIMIT = 110_000
PROBE = Path(__file__).with_name("probe.js")


class Frames(NamedTuple):
    """What was drawn while something happened."""

    drawn: list[tuple[float, str | None]]
    """Of each frame, when it began in milliseconds, and which epsilon its pictures were of."""
    busy: float
    """Milliseconds of processor time that the page's main thread took for them."""


class Tab:
    """The FGSM tab in a context of its own: nothing cached, nothing remembered."""

    def __init__(self, page: Page, frame: Frame, devtools: CDPSession) -> None:
        self.page = page
        self.frame = frame
        self.devtools = devtools
        self.opened = (0.0, 0.0)
        """Milliseconds until TensorBoard had made the plugin's frame, and from then until the first
        triplet was painted."""

    @classmethod
    async def open(
        cls, browser: Browser, address: str, size: tuple[int, int], by_click: bool = False
    ) -> Tab:
        """Opens the tab by its address, or by a click while TensorBoard shows another."""
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = await context.new_page()
        await page.add_init_script(path=PROBE)
        if by_click:
            await page.goto(f"{address.rstrip('/')}/#scalars", wait_until="networkidle")
            await page.evaluate(
                "addEventListener('pointerdown', () => (probe.began = probe.clock()), true)"
            )
            await page.get_by_role("tab", name="FGSM").click()
        else:
            await page.goto(f"{address.rstrip('/')}/#fgsm", wait_until="commit")
        element = await page.wait_for_selector("iframe", state="attached")
        frame = element and await element.content_frame()
        assert frame is not None
        await frame.wait_for_function("window.probe?.first")
        born, first = await frame.evaluate("[probe.began, probe.first]")
        await frame.locator("fgsm-app[data-ready]").wait_for(state="attached")
        devtools = await context.new_cdp_session(page)
        await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened = cls(page, frame, devtools)
        opened.opened = (born - await page.evaluate("probe.began"), first - born)
        return opened

    async def close(self) -> None:
        await self.page.context.close()

    async def frames(self, action: Awaitable[object]) -> Frames:
        """Returns the plugin's frames while something happens."""
        await self.frame.evaluate("probe.start()")
        before = await self._busy()
        await action
        busy = await self._busy() - before
        return Frames(await self.frame.evaluate("probe.stop()"), busy)

    async def drag_epsilon(self, seconds: float) -> None:
        """Presses epsilon's thumb and moves it to and fro over the whole axis."""
        axis = await self.frame.locator("fgsm-epsilon").first.bounding_box()
        thumb = await self.frame.get_by_role("slider", name="Epsilon").first.bounding_box()
        assert axis is not None
        assert thumb is not None
        left, width, y = axis["x"], axis["width"], thumb["y"] + thumb["height"] / 2
        await self.page.mouse.move(thumb["x"] + thumb["width"] / 2, y)
        await self.page.mouse.down()
        held = {"type": "mouseMoved", "y": y, "button": "left", "buttons": 1}
        period = width / 400  # seconds there and back: 800 pixels a second

        def place(now: float) -> float:
            return left + width * abs(2 * (now / period % 1) - 1)

        await _often(MOUSE_HZ, seconds, lambda now: self._mouse(held | {"x": place(now)}))
        await self.page.mouse.up()

    async def scroll(self, seconds: float, down: bool = True) -> None:
        """Turns the wheel over the grid, two notches at a time."""
        size = self.page.viewport_size or {}
        wheel = {"type": "mouseWheel", "x": size["width"] * 0.6, "y": size["height"] * 0.8}
        turn = wheel | {"deltaX": 0, "deltaY": 240 if down else -240}
        await _often(WHEEL_HZ, seconds, lambda _: self._mouse(turn))

    async def scrub_steps(self) -> None:
        """Goes through all steps and back."""
        slider = self.frame.get_by_role("slider", name="Step")
        for key in ["ArrowLeft"] * (STEPS - 1) + ["ArrowRight"] * (STEPS - 1):
            await slider.press(key)
            await asyncio.sleep(0.3)

    async def settled(self) -> float:
        """Waits until each card in sight has its pictures, and returns the seconds it took."""
        start = time.perf_counter()
        while True:
            cards, painted = await self.frame.evaluate("probe.cards()")
            if painted >= cards > 0:
                return time.perf_counter() - start
            await asyncio.sleep(0.02)

    async def _busy(self) -> float:
        """Milliseconds for which the page's main thread has had a processor."""
        metrics = (await self.devtools.send("Performance.getMetrics"))["metrics"]
        return 1000 * next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    async def _mouse(self, event: dict[str, Any]) -> None:
        await self.devtools.send("Input.dispatchMouseEvent", event)


async def _often(hz: float, seconds: float, send: Callable[[float], Awaitable[None]]) -> None:
    """Sends at a steady pace, as a hand does: without waiting until the page has dealt with it."""
    sent: list[asyncio.Future[None]] = []
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < seconds:
        sent.append(asyncio.ensure_future(send(now)))
        await asyncio.sleep(len(sent) / hz - (time.perf_counter() - start))
    await asyncio.gather(*sent)


def frame_row(name: str, frames: Frames) -> str:
    """One line of the table of frames."""
    deltas = sorted(b - a for (a, _), (b, _) in pairwise(frames.drawn))
    epsilons = {epsilon for _, epsilon in frames.drawn}
    changes = sum(a != b for (_, a), (_, b) in pairwise(frames.drawn))
    return _row(
        name,
        len(deltas),
        f"{statistics.median(deltas):.1f}",
        f"{deltas[int(0.9 * len(deltas))]:.1f}",
        f"{deltas[int(0.99 * len(deltas))]:.1f}",
        f"{deltas[-1]:.0f}",
        _share(delta > 1.1 * FRAME for delta in deltas),
        _share(delta > 2.1 * FRAME for delta in deltas),
        f"{frames.busy / len(deltas):.1f}",
        *([f"{changes / len(deltas):.0%}", len(epsilons)] if len(epsilons) > 2 else ["", ""]),
    )


def _share(late: Iterable[bool]) -> str:
    return f"{statistics.mean(late):.1%}"


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
    """How smoothly epsilon follows the mouse, and the grid the wheel."""
    rows = [
        "| | frames | median, ms | p90 | p99 | most | over 18 ms | over 35 ms | main thread, ms "
        "| with a new ε | different ε |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, size in SIZES.items():
        tab = await Tab.open(browser, address, size)
        await tab.settled()
        cards, _ = await tab.frame.evaluate("probe.cards()")
        drawn = await tab.frames(tab.drag_epsilon(seconds))
        rows.append(frame_row(f"{name}, dragging ε over {cards} cards", drawn))
        drawn = await tab.frames(tab.scroll(seconds))
        wait = await tab.settled()
        reached = await tab.frame.evaluate("probe.reached()")
        what = f"scrolling to sample {reached}, the last pictures {1000 * wait:.0f} ms later"
        rows.append(frame_row(f"{name}, {what}", drawn))
        await tab.close()
    return rows


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
    devtools = await browser.new_browser_cdp_session()
    tab = await Tab.open(browser, address, SIZES["1920×1080"])
    taken: list[dict[str, float]] = []
    start = time.perf_counter()
    while (now := time.perf_counter() - start) < 60 * minutes:
        await tab.scrub_steps()
        await tab.drag_epsilon(2)
        await tab.scroll(2)
        await tab.scroll(2.2, down=False)
        await tab.settled()
        taken.append({"at": now, **await occupied(tab, devtools)})
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


async def occupied(tab: Tab, browser_devtools: CDPSession) -> dict[str, float]:
    """Measures after a garbage collection; what the browser's process shares is not counted."""
    await tab.devtools.send("HeapProfiler.collectGarbage")
    heap = await tab.devtools.send("Runtime.getHeapUsage")
    counters = await tab.devtools.send("Memory.getDOMCounters")
    processes = (await browser_devtools.send("SystemInfo.getProcessInfo"))["processInfo"]
    renderers = [process["id"] for process in processes if process["type"] == "renderer"]
    return {
        "JavaScript heap, MB": heap["usedSize"] / 1e6,
        "array buffers, MB": heap.get("backingStorageSize", 0) / 1e6,
        "nodes": counters["nodes"],
        "listeners": counters["jsEventListeners"],
        "renderers' memory, MB": sum(map(proportional_set, renderers)) / 1e6,
    }


def proportional_set(pid: int) -> int:
    """The bytes of a process in memory, shared ones divided among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    raise ValueError(f"process {pid} does not say its size")


def bundle() -> str:
    """The built files that a reader in English may load, as a server would send them."""
    built = [path for path in STATIC.rglob("*") if path.is_file() and path.suffix != ".map"]
    files = [path for path in built if not path.name.startswith("korean-")]
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    verdict = "within" if size <= BUNDLE_LIMIT else "OVER"
    return f"The bundle: {size / 1000:.1f} kB gzipped, {verdict} {BUNDLE_LIMIT / 1000:.0f} kB."


@contextlib.contextmanager
def served(logdir: Path) -> Iterator[str]:
    """A TensorBoard that has read all there is."""
    with servers.process(logdir) as address:
        servers.wait_for_steps(address, photos.RUN, photos.TAG, STEPS)
        yield address


async def report(arguments: argparse.Namespace, logdir: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium.launch_options())
        load = os.getloadavg()[0]
        print(f"Chromium {browser.version}, {os.cpu_count()} cores, load {load:.1f} at the start;")
        print(f"{STEPS} steps of {arguments.samples} samples, {len(photos.EPSILONS)} epsilons\n")
        print(bundle(), end="\n\n")
        if "open" in arguments.only:
            print(*await openings(browser, logdir), sep="\n", end="\n\n", flush=True)
        with served(logdir) as address:
            if "frames" in arguments.only:
                rows = await frames(browser, address, arguments.seconds)
                print(*rows, sep="\n", end="\n\n", flush=True)
            if "sample" in arguments.only:
                print(*await samples(browser, address), sep="\n", end="\n\n", flush=True)
            if "memory" in arguments.only:
                print(*await memory(browser, address, arguments.minutes), sep="\n", flush=True)
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--logdir", type=Path, help="written if it is not there, and kept")
    parser.add_argument("--samples", type=int, default=1000, help="samples in a step (1000)")
    parser.add_argument("--seconds", type=float, default=10, help="of dragging, of scrolling (10)")
    parser.add_argument("--minutes", type=float, default=1, help="of watching the memory (1)")
    parts = ["open", "frames", "sample", "memory"]
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, metavar="PART")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        logdir = arguments.logdir or Path(temporary)
        if not list(logdir.rglob("*tfevents*")):
            photos.write(logdir, arguments.samples, STEPS)
        asyncio.run(report(arguments, logdir))


if __name__ == "__main__":
    main()
