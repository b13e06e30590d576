"""How soon a directory of many runs can be read in the tab, also against the Images tab.

    python -m benchmarks.reading            # 100 runs of 50 steps of 16 samples: some 300 MB
    python -m benchmarks.reading --quick    # 10 runs of 10 steps

With both of TensorBoard's data providers: from its start to a usable tab, and each route's answers.
Against the Images tab, once both are found to have the same triplets of original, noise and
adversarial example: the time from the choice of the tab to the first complete triplet, and requests
and bytes until then, of an empty cache; then what all triplets of a step take over HTTP. It keeps
ten steps of a tag, and so only ten are written for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from benchmarks import agreement, logdirs, questions, tables
from benchmarks.logdirs import TAG, Size
from tests import servers
from tests.e2e import chromium

PROBE = Path(__file__).with_name("probe.js")
IMAGES = """new Promise(done => {
  const everywhere = (root) => [...root.querySelectorAll("*")].flatMap((element) => [
    ...(element.localName === "tf-image-loader" ? [element] : []),
    ...(element.shadowRoot ? everywhere(element.shadowRoot) : []),
  ]);
  const look = () => {
    const painted = {};
    for (const loader of everywhere(document)) {
      const image = (loader.shadowRoot ?? loader).querySelector("img");
      if (!image?.complete || !image.naturalWidth) continue;
      const [sample] = loader.tag.split("/");
      painted[sample] = 1 + (painted[sample] ?? 0);
    }
    if (Object.values(painted).some((count) => count === 3)) {
      setTimeout(() => done(performance.timeOrigin + performance.now()));
    } else requestAnimationFrame(look);
  };
  look();
})"""
"""Waits until three pictures of one sample are painted."""

FGSM = """new Promise(done => {
  const look = () => {
    if (window.probe.first) done(window.probe.first);
    else requestAnimationFrame(look);
  };
  look();
})"""
"""The same of our tab, whose frame tells by itself: to be asked would cost it time."""


FETCHED = """performance.getEntriesByType("resource").map((entry) => ({
  url: entry.name,
  began: performance.timeOrigin + entry.startTime,
  answered: performance.timeOrigin + entry.responseStart,
  ended: performance.timeOrigin + entry.responseEnd,
  bytes: entry.transferSize,
}))"""


@dataclass(frozen=True)
class Fetched:
    """An answer, as the browser's own clock has it."""

    url: str
    began: float
    answered: float
    ended: float
    bytes: float

    def until(self, moment: float) -> float:
        """Returns how many bytes had come: as many of all as of the time that they took."""
        if moment >= self.ended:
            return self.bytes
        return self.bytes * max(0, moment - self.answered) / (self.ended - self.answered)


@dataclass
class Opened:
    """What it took to see something."""

    milliseconds: float
    """Until the first complete triplet."""
    requests: int
    program: int
    """Bytes of the tab's own program; that of the Images tab is a part of TensorBoard's page."""
    data: int
    """Bytes of what was logged."""


@contextmanager
def served(logdir: Path, provider: str) -> Iterator[str]:
    """A TensorBoard that may not have read anything yet."""
    fast = "--load_fast=true" if provider == "rust" else "--load_fast=false"
    with servers.process(logdir, fast) as address:
        yield address


async def open_tab(browser: Browser, address: str, tab: str, run: str) -> Opened:
    """Chooses a tab where TensorBoard shows another, and waits for the first triplet."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.add_init_script(path=PROBE)
    await page.goto(f"{address.rstrip('/')}/#timeseries")
    await page.locator("app-header .reload-button").wait_for()
    # A page that still begins would have the tab wait, whichever it is.
    await page.wait_for_load_state("networkidle")
    await asyncio.sleep(1)
    where = f"#images&regexInput={run}" if tab == "Images" else "#fgsm"
    began = await page.evaluate(
        "where => { location.hash = where; return performance.timeOrigin + performance.now(); }",
        where,
    )
    first = await page.evaluate(IMAGES if tab == "Images" else FGSM)
    await asyncio.sleep(0.3)  # what is on its way is told of when it is here
    name = "images" if tab == "Images" else "fgsm"
    fetched = [Fetched(**each) for frame in page.frames for each in await frame.evaluate(FETCHED)]
    own = [
        each
        for each in fetched
        if (f"plugin/{name}/" in each.url or f"name={name}" in each.url) and each.began < first
    ]
    program = [each for each in own if ".js" in each.url or "plugin_entry" in each.url]
    opened = Opened(
        milliseconds=first - began,
        requests=len(own),
        program=int(sum(each.bytes for each in program)),
        data=int(sum(each.until(first) for each in own if each not in program)),
    )
    await context.close()
    return opened


def start(logdir: Path, size: Size, provider: str, count: int) -> dict[str, list[float]]:
    """Seconds from TensorBoard's start until it answers, has read all, and shows a triplet."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(count):
        began = time.perf_counter()
        with served(logdir, provider) as address:
            found["it answers"].append(time.perf_counter() - began)
            questions.wait_for_all(address, size.of_runs(), size.steps)
            found["all steps are read"].append(time.perf_counter() - began)
            asyncio.run(
                _with_browser(lambda browser, at=address: open_tab(browser, at, "FGSM", ""))
            )
            found["the first triplet is painted"].append(time.perf_counter() - began)
    return found


async def _with_browser(action):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**chromium.launch_options())
        try:
            return await action(browser)
        finally:
            await browser.close()


def routes(address: str, size: Size, count: int) -> list[list[str]]:
    """Asks each route for what is chosen at random; one row each."""
    chance = random.Random(0)
    times: dict[str, list[float]] = defaultdict(list)
    bytes_of: dict[str, list[int]] = defaultdict(list)
    for _ in range(count):
        series = {"run": chance.choice(size.of_runs()), "tag": TAG}
        step = series | {"step": chance.randrange(size.steps)}
        picture = step | {"sample": chance.randrange(size.samples), "kind": "adversarial"}
        for route, arguments in {
            "runs": {},
            "steps": series,
            "record": step,
            "picture": picture | {"epsilon": 0.02},
            "pictures": step | {"samples": f"0-{size.samples - 1}"},
        }.items():
            answer = questions.ask(address, route, **arguments)
            times[route].append(1000 * answer.seconds)
            bytes_of[route].append(len(answer.body))
    return [
        [
            f"`{route}`",
            tables.middle(each, 1),
            f"{tables.percentile(each, 0.99):.1f}",
            f"{statistics.median(bytes_of[route]) / 1000:.1f}",
        ]
        for route, each in times.items()
    ]


def against_images(ours: Path, theirs: Path, size: Size, count: int) -> list[list[str]]:
    """Opens both tabs in turn, which show the same; some rows."""
    found: dict[str, list[Opened]] = {"FGSM": [], "Images": []}

    async def measure(browser: Browser) -> None:
        for number in range(count + 1):
            for tab, address in boards.items():
                opened = await open_tab(browser, address, tab, size.of_runs()[-1])
                if number:  # the first is a warm-up
                    found[tab].append(opened)

    with served(ours, "rust") as one, served(theirs, "rust") as other:
        boards = {"FGSM": one, "Images": other}
        questions.wait_for_all(one, size.of_runs(), size.steps)
        time.sleep(5)  # the other has less to read
        agreement.check(one, other, size)
        asyncio.run(_with_browser(measure))
        whole = whole_step(one, other, size)
    what = f"{size.runs} runs of {size.side}×{size.side}"
    rows = []
    for quantity, of in {
        "ms to the first triplet": lambda o: o.milliseconds,
        "requests until then": lambda o: o.requests,
        "kB of data until then": lambda o: o.data / 1000,
        "kB with the tab's program": lambda o: (o.data + o.program) / 1000,
    }.items():
        values = {tab: list(map(of, each)) for tab, each in found.items()}
        ratios = [a / b for a, b in zip(values["FGSM"], values["Images"], strict=True)]
        figures = [tables.middle(each, 1) for each in values.values()]
        rows.append([f"{what}: {quantity}", *figures, tables.middle(ratios)])
    return [*rows, *whole]


def whole_step(ours: str, theirs: str, size: Size) -> list[list[str]]:
    """Asks both plugins for all triplets of one run's last step, at one epsilon, over HTTP."""
    run, step = size.of_runs()[-1], size.steps - 1
    series = {"run": run, "tag": TAG}
    of_ours = [
        questions.ask(ours, "runs"),
        questions.ask(ours, "steps", **series),
        questions.ask(ours, "record", step=step, **series),
        questions.ask(ours, "pictures", step=step, samples=f"0-{size.samples - 1}", **series),
    ]
    of_theirs = [questions.ask(theirs, "tags", "images")]
    for tag in json.loads(of_theirs[0].body)[run]:
        of_theirs += agreement.last_image(theirs, run, tag)
    what = f"{size.samples} triplets of {size.side}×{size.side}, over HTTP"
    figures = {
        "requests": lambda answers: len(answers),
        "kB": lambda answers: sum(len(each.body) for each in answers) / 1000,
        "ms, one after another": lambda answers: 1000 * sum(each.seconds for each in answers),
    }
    rows = []
    for name, of in figures.items():
        mine, other = of(of_ours), of(of_theirs)
        rows.append([f"{what}: {name}", f"{mine:,.0f}", f"{other:,.0f}", f"{mine / other:.2f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--samples", type=int, default=16)
    parser.add_argument("--quick", action="store_true", help="10 runs of 10 steps, fewer rounds")
    options = parser.parse_args()
    size = Size(options.runs, options.steps, options.samples, epsilons=8)
    if options.quick:
        size = replace(size, runs=10, steps=10)
    photographs = replace(size, runs=1, steps=10, side=224)
    starts, asked, opened = (1, 50, 3) if options.quick else (3, 300, 9)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        logdirs.write(root / "many", size)
        stored = sum(path.stat().st_size for path in (root / "many").rglob("*tfevents*"))
        print(f"{size.runs} runs × {size.steps} steps × {size.samples} samples of ", end="")
        print(f"{size.side}×{size.side}, {stored / 1e6:.0f} MB\n")
        for provider in servers.PROVIDERS:
            found = start(root / "many", size, provider, starts)
            rows = [[what, tables.middle(each, 1)] for what, each in found.items()]
            print(tables.table([f"from the start, {provider}", "s"], rows), flush=True)
            with served(root / "many", provider) as address:
                questions.wait_for_all(address, size.of_runs(), size.steps)
                rows = routes(address, size, asked)
            head = [f"route, {provider}", "ms", "99th percentile", "kB"]
            print(tables.table(head, rows), flush=True)
        logdirs.write_images(root / "images", replace(size, steps=min(10, size.steps)))
        logdirs.write(root / "photographs", photographs)
        logdirs.write_images(root / "photograph-images", photographs)
        rows = against_images(root / "many", root / "images", size, opened)
        rows += against_images(
            root / "photographs", root / "photograph-images", photographs, opened
        )
        print(tables.table(["", "FGSM tab", "Images tab", "ratio"], rows))


if __name__ == "__main__":
    main()
