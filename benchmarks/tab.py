"""The FGSM tab in a real Chromium, and the hand that drags and scrolls in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Browser, CDPSession, Frame, Page

MOUSE_HZ = 125
WHEEL_HZ = 30
NODES, HEAP, RENDERERS = "nodes", "JavaScript heap, MB", "renderers' memory, MB"
PROBE = Path(__file__).with_name("probe.js")


class Frames(NamedTuple):
    """What was drawn while something happened."""

    drawn: list[tuple[float, str | None]]
    """Of each frame, when it began in milliseconds, and which epsilon its pictures were of."""
    busy: float
    """Milliseconds of processor time that the page's main thread took for them."""

    @property
    def lengths(self) -> list[float]:
        """Milliseconds from each frame to the next."""
        return [after - before for (before, _), (after, _) in pairwise(self.drawn)]


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
        drawn = await self.frame.evaluate("probe.stop()")
        return Frames([(began, epsilon) for began, epsilon, _ in drawn], busy)

    async def shown(self, action: Awaitable[object]) -> float:
        """Returns the share of the cards in sight that have pictures, while something happens."""
        await self.frame.evaluate("probe.start(true)")
        await action
        counted = [cards for _, _, cards in await self.frame.evaluate("probe.stop()")]
        return sum(painted for _, painted in counted) / sum(cards for cards, _ in counted)

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

    async def scrub_steps(self, steps: int) -> None:
        """Goes so many steps back and forth again."""
        slider = self.frame.get_by_role("slider", name="Step")
        for key in ["ArrowLeft"] * steps + ["ArrowRight"] * steps:
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

    async def occupied(self) -> dict[str, float]:
        """Measures after a garbage collection; what the browser's process shares is not counted."""
        await self.devtools.send("HeapProfiler.collectGarbage")
        heap = await self.devtools.send("Runtime.getHeapUsage")
        counters = await self.devtools.send("Memory.getDOMCounters")
        return {
            HEAP: heap["usedSize"] / 1e6,
            "array buffers, MB": heap.get("backingStorageSize", 0) / 1e6,
            NODES: counters["nodes"],
            "listeners": counters["jsEventListeners"],
            RENDERERS: sum(map(proportional_set, await self._renderers())) / 1e6,
        }

    async def _renderers(self) -> list[int]:
        assert self.page.context.browser is not None
        devtools = await self.page.context.browser.new_browser_cdp_session()
        processes = (await devtools.send("SystemInfo.getProcessInfo"))["processInfo"]
        await devtools.detach()
        return [process["id"] for process in processes if process["type"] == "renderer"]

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


def proportional_set(pid: int) -> int:
    """The bytes of a process in memory, shared ones divided among those who share them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return 1024 * int(line.split()[1])
    raise ValueError(f"process {pid} does not say its size")
