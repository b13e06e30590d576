"""Records the moving pictures of the README: epsilon, dragged in the real tab.

make pictures
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tensorboard_fgsm.command import demo
from tests import servers
from tests.e2e import chromium
from tests.e2e.pages import Pages
from tests.e2e.tab import Tab

DOCS = Path(__file__).parents[2] / "docs"
WINDOW = {"width": 1100, "height": 800}
SELECTION = {"tag": "fgsm/photos", "epsilon": 0}
FRAMES = 40
SECONDS_A_FRAME = 0.07
SECONDS_AT_AN_END = 1.2


def main() -> None:
    """Attacks the demo's photographs, and records the tab in both themes."""
    with tempfile.TemporaryDirectory() as logdir, sync_playwright() as playwright:
        demo.log_photos(Path(logdir))
        browser = playwright.chromium.launch(**chromium.launch_options())
        with servers.process(Path(logdir)) as address:
            servers.wait_for_steps(address, "imagenet/efficientnet_lite0", "fgsm/photos", 1)
            page = Pages(browser).lend(address, viewport=WINDOW)
            tab = Tab(page, address, refusals=False)
            for theme in ("light", "dark"):
                tab.open(SELECTION, ready=True)
                switch = "dark => document.body.classList.toggle('dark-mode', dark)"
                page.evaluate(switch, theme == "dark")
                save(DOCS / f"slider-{theme}.webp", list(frames(tab)))
        browser.close()


def frames(tab: Tab) -> Iterator[Image.Image]:
    """The tab while epsilon is dragged from one end of its axis to the other."""
    axis, thumb = tab.frame.locator("fgsm-epsilon").first.bounding_box(), tab.epsilon.bounding_box()
    assert axis is not None
    assert thumb is not None
    y = thumb["y"] + thumb["height"] / 2
    tab.page.mouse.move(thumb["x"] + thumb["width"] / 2, y)
    tab.page.mouse.down()
    for frame in range(FRAMES + 1):
        tab.page.mouse.move(axis["x"] + axis["width"] * frame / FRAMES, y)
        tab.wait_until_ready()
        shot = tab.page.locator("iframe").screenshot(
            style="app-header { visibility: hidden }", animations="disabled"
        )
        yield Image.open(io.BytesIO(shot)).convert("RGB")
    tab.page.mouse.up()


def save(path: Path, pictures: list[Image.Image]) -> None:
    """Writes the pictures there and back, with a rest at both ends."""
    there_and_back = [*pictures, *pictures[-2:0:-1]]
    lengths = [SECONDS_A_FRAME] * len(there_and_back)
    lengths[0] = lengths[len(pictures) - 1] = SECONDS_AT_AN_END
    there_and_back[0].save(
        path,
        save_all=True,
        append_images=there_and_back[1:],
        duration=[round(1000 * length) for length in lengths],
        loop=0,
        quality=60,
        method=6,
        minimize_size=True,
    )
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
