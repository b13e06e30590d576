"""How each state of the tab looks, light and dark, held to golden pictures.

Where one differs, the new picture is written beside the golden one. If it is meant:

    pytest tests/e2e/test_looks.py --update-golden
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests import looks, servers
from tests.e2e import axe, gallery
from tests.e2e.camera import Camera
from tests.e2e.pages import Pages
from tests.e2e.tab import Tab

PHOTOS = {"tag": "fgsm/photos", "run": "nets/standard", "epsilon": 4 / 255}
ATTACK = {"tag": "fgsm/photos", "epsilon": 4 / 255}
DATA_SET = {"run": "ten", "panel": "classes", "epsilon": 2 / 255}
COMPARE = PHOTOS | {"shape": "compare", "runs": '["nets/standard", "nets/robust"]'}
ALONE = {"tag": "fgsm", "run": "net", "runs": '["net"]', "shape": "compare", "epsilon": 4 / 255}
DOUBTED = {"tag": "fgsm/doubted", "run": "doubted", "epsilon": 4 / 255}
SECTION = DOUBTED | {"sample": 0, "step": 20}
WARNED = {"tag": "fgsm/warned", "run": "softmax", "epsilon": 4 / 255}

PHONE = (390, 844)
FORCED = {"forced_colors": "active"}


def nothing(_: object) -> None:
    pass


@dataclass(frozen=True)
class State:
    """What is to be seen."""

    name: str
    selection: dict[str, Any] = field(default_factory=dict)
    size: tuple[int, int] = (1280, 800)
    locale: str = "en-US"
    before: Callable[[Page], None] = nothing
    """What is done before the tab is opened."""
    seen: str | None = None
    """What is there when the state is reached, if it is not that all is shown."""
    then: Callable[[Tab], None] = nothing
    """What is done in the tab, once in each theme."""
    options: dict[str, Any] = field(default_factory=dict)
    """Of whoever looks, or of the browser's context."""
    shelf: str = "training"
    """Which directory is looked at."""

    anew: bool = False
    """Whether what was looked at before would show in it."""

    @property
    def linked(self) -> bool:
        """Whether one comes to it and leaves it by the address alone, as if it were opened anew."""
        special = self.before is not nothing or self.then is not nothing or self.options
        # A closed sample leaves the focus at its card.
        return not (special or self.anew or "sample" in self.selection)


FIRST = re.compile(r"/fgsm/(opening|runs)\?")
"""What the page asks for before anything else."""


def without_runs(page: Page) -> None:
    empty = {"kept": 50, "runs": []}
    page.route(FIRST, lambda route: route.fulfill(json=empty))


def slow(what: str) -> Callable[[Page], None]:
    """A server that does not answer some requests."""

    def unanswered(route: Route) -> None:
        pass

    def slowed(page: Page) -> None:
        page.route("**/fgsm/opening*", lambda route: route.abort())
        page.route(f"**/fgsm/{what}*", unanswered)

    return slowed


def gone(page: Page) -> None:
    page.route(FIRST, lambda route: route.abort())


def hover(tab: Tab) -> None:
    tab.frame.locator("fgsm-chart .over").hover(position={"x": 330, "y": 60})
    expect(tab.frame.locator("fgsm-chart .tip")).to_be_visible()


def focus(tab: Tab) -> None:
    tab.epsilon.press("Home")
    tab.wait_until_ready()


def unfold(tab: Tab) -> None:
    if not tab.frame.locator("aside.open").count():
        tab.frame.locator(".unfold").click()


def unfold_warnings(tab: Tab) -> None:
    if not tab.frame.locator("fgsm-warnings details[open]").count():
        tab.frame.locator("fgsm-warnings summary").click()


def open_help(tab: Tab) -> None:
    if not tab.frame.get_by_role("dialog").count():
        tab.frame.locator("fgsm-help .ask").click()


def look_around(tab: Tab) -> None:
    if not tab.frame.locator("fgsm-tour .around").count():
        open_help(tab)
        tab.frame.locator("fgsm-help .head button").first.click()
        tab.frame.locator("fgsm-tour .ways button").first.click()
    expect(tab.frame.locator("fgsm-tour .around")).to_be_visible()


def scroll(tab: Tab) -> None:
    tab.frame.locator("main").evaluate("(main) => { main.scrollTop = 500; }")
    expect(tab.frame.locator("fgsm-folded .strip")).to_be_visible()


def scroll_to_cards(tab: Tab) -> None:
    # Two frames later the cards that came into sight have asked for their pictures.
    tab.frame.locator("fgsm-toolbar").evaluate(
        """async (toolbar) => {
            toolbar.scrollIntoView();
            for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
        }"""
    )
    tab.wait_until_ready()


def unfold_print(tab: Tab) -> None:
    if not tab.frame.locator("fgsm-print details[open]").count():
        tab.frame.locator("fgsm-print summary").click()


def open_picker(tab: Tab) -> None:
    tab.frame.locator("fgsm-class-picker input").first.press("ArrowDown")
    expect(tab.frame.locator("fgsm-class-picker .popup")).to_be_visible()


def open_save(tab: Tab) -> None:
    if not tab.frame.locator("fgsm-save .menu").count():
        tab.frame.locator("fgsm-save .ask").click()


def scroll_sample(tab: Tab) -> None:
    tab.frame.locator("fgsm-sample .body").evaluate("(body) => { body.scrollTop = 9999; }")


def scroll_to_section(tab: Tab) -> None:
    section = tab.frame.locator("fgsm-cross-section")
    expect(section.locator("path.cells").first).to_be_attached()
    section.evaluate("(section) => { section.scrollIntoView({ block: 'center' }); }")


def point_at_card(tab: Tab) -> None:
    tab.cards.nth(1).locator("figure.adversarial").hover()


STATES = [
    State("reading", PHOTOS),
    State("reading-wide", PHOTOS, size=(1920, 1080)),
    State("reading-narrow", PHOTOS, size=(800, 600)),
    State("sidebar-unfolded", PHOTOS, size=(800, 600), then=unfold),
    State("korean", PHOTOS, locale="ko-KR"),
    State("reading-huge", PHOTOS, size=(2560, 1440)),
    State("folded", PHOTOS, then=scroll),
    State("help", PHOTOS, then=open_help),
    State("help-korean", PHOTOS, locale="ko-KR", then=open_help),
    State("newcomer", PHOTOS, options={"newcomer": True}),
    State("tour", PHOTOS, then=look_around),
    State("tour-phone-korean", PHOTOS, size=PHONE, locale="ko-KR", then=look_around),
    State("phone", PHOTOS, size=PHONE),
    State("phone-cards", PHOTOS, size=PHONE, then=scroll_to_cards),
    State("class-picker", PHOTOS, then=open_picker),
    State("class-picker-korean", PHOTOS, locale="ko-KR", then=open_picker),
    State("save-menu", PHOTOS, then=open_save),
    State("save-menu-phone", PHOTOS, size=PHONE, then=open_save),
    State("phone-korean", PHOTOS, size=PHONE, locale="ko-KR"),
    State("phone-classes", PHOTOS | {"panel": "classes"}, size=PHONE),
    State("enlarged", PHOTOS, size=(320, 256), then=scroll_to_cards),
    State("forced-colours", PHOTOS, options=FORCED),
    State("forced-colours-classes", PHOTOS | {"panel": "classes"}, options=FORCED),
    State("print-unfolded", PHOTOS, then=unfold_print),
    State("between-epsilons", PHOTOS | {"epsilon": 6 / 255, "axis": "linear"}),
    State("pointed-at", PHOTOS, then=hover),
    State("epsilon-0-by-keyboard", PHOTOS, then=focus),
    State("noise-times-10", PHOTOS | {"noise": 10}),
    State("true-size", PHOTOS | {"trueSize": "true"}),
    State("strip", PHOTOS | {"shape": "strip"}),
    State("training", PHOTOS | {"panel": "training", "step": 30}),
    State("classes", PHOTOS | {"panel": "classes"}),
    State("filtered", PHOTOS | {"show": "flipped", "class": 1, "sort": "flip"}),
    State("nothing-passes", PHOTOS | {"text": "no class is called so"}),
    State("sample", PHOTOS | {"sample": 2}),
    State("sample-below", PHOTOS | {"sample": 2}, then=scroll_sample),
    State("sample-korean", PHOTOS | {"sample": 2}, locale="ko-KR", then=scroll_sample),
    State("sample-phone", PHOTOS | {"sample": 2}, size=PHONE),
    State("sample-phone-below", PHOTOS | {"sample": 2}, size=PHONE, then=scroll_sample),
    State("sample-forced-colours", PHOTOS | {"sample": 2}, options=FORCED),
    State("sample-missing", PHOTOS | {"sample": 99}),
    State("sample-damaged", {"tag": "fgsm/damaged", "step": 1, "sample": 0}),
    State("step-too-early", PHOTOS | {"run": "nets/late", "step": 10}),
    State("numbers-only", {"tag": "fgsm/numbers"}),
    State("one-sample", {"tag": "fgsm/one"}),
    State("long-names", {"tag": f"fgsm/long/{gallery.LONG}", "epsilon": 4 / 255}),
    State("damaged-pictures", {"tag": "fgsm/damaged", "step": 1, "epsilon": 2 / 255}),
    State("damaged-record", {"tag": "fgsm/damaged", "step": 2}, anew=True),
    State("newer-record", {"tag": "fgsm/damaged", "step": 3}, anew=True),
    State("compare", COMPARE),
    State("compare-phone", COMPARE, size=PHONE, then=scroll_to_cards),
    State("compare-phone-korean", COMPARE, size=PHONE, locale="ko-KR", then=scroll_to_cards),
    State("compare-korean", COMPARE, locale="ko-KR"),
    State("compare-disagree", COMPARE | {"disagree": "true"}),
    State("compare-forced-colours", COMPARE, options=FORCED),
    State("over-time", PHOTOS | {"shape": "time"}),
    State("over-time-phone", PHOTOS | {"shape": "time"}, size=PHONE, then=scroll_to_cards),
    State("empty", before=without_runs),
    State("unreachable", before=gone),
    State("loading", before=slow("runs"), seen="fgsm-app .outline"),
    State("loading-samples", PHOTOS, before=slow("record"), seen="fgsm-app .ghosts"),
    *(
        replace(state, name=f"attack-{state.name}", shelf="attacks")
        for state in (
            State("control", ATTACK | {"run": "fgsm"}, then=hover),
            State("brushed", ATTACK | {"run": "fgsm", "flips": "0.002..0.012"}),
            State("targeted", ATTACK | {"run": "targeted"}, size=(1440, 900)),
            State("pgd", ATTACK | {"run": "pgd", "epsilon": 6 / 255}, then=point_at_card),
            State("forced-colours", ATTACK | {"run": "fgsm"}, options=FORCED),
            State("warned-korean", WARNED, locale="ko-KR", then=unfold_warnings),
            State(
                "doubted-korean",
                DOUBTED | {"panel": "training", "step": 40},
                locale="ko-KR",
                then=unfold_warnings,
            ),
            State("section", SECTION, then=scroll_to_section),
            State("section-korean", SECTION, locale="ko-KR", then=scroll_to_section),
            State("sample-pgd", ATTACK | {"run": "pgd", "sample": 2}),
            State("sample-targeted", ATTACK | {"run": "targeted", "sample": 2}, then=scroll_sample),
            State("pgd-narrow", ATTACK | {"run": "pgd"}, size=(800, 600)),
            State("pgd-strip", ATTACK | {"run": "pgd", "shape": "strip"}, locale="ko-KR"),
            State("warned", WARNED),
            State("doubted", DOUBTED),
            State("doubted-training", DOUBTED | {"panel": "training", "step": 40}),
            State("warnings-unfolded", WARNED, then=unfold_warnings),
        )
    ),
    *(
        replace(state, name=f"compare-{state.name}", shelf="compared")
        for state in (
            State("tags", ALONE | {"against": "tag"}),
            State("steps", ALONE | {"against": "step"}),
            State("one-run", ALONE),
            State("many", ALONE | {"runs": json.dumps(list(gallery.COMPARED))}),
        )
    ),
    *(
        replace(state, name=f"data-set-{state.name}", shelf="data-sets")
        for state in (
            State("classes", DATA_SET),
            State("thousand-classes", DATA_SET | {"run": "thousand", "class": 500}),
            State(
                "unpictured",
                DATA_SET | {"run": "weakest", "class": 9, "predicted": 9},
                locale="ko-KR",
            ),
        )
    ),
]
# Where one can go on from a state to the next, the page with axe in it need not begin anew.
STATES.sort(key=lambda state: (state.shelf, state.locale, not state.linked))


CONTENTS = {
    "training": (gallery.write, gallery.RUNS),
    "attacks": (gallery.write_attacks, gallery.ATTACKS),
    "compared": (gallery.write_compared, gallery.COMPARED),
    "data-sets": (gallery.write_data_sets, gallery.DATA_SETS),
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, served) -> Iterator[Callable[[str], str]]:
    """``shelf(name)`` is the address of a TensorBoard of that shelf, and of the others no more."""
    with contextlib.ExitStack() as stack:
        addresses: dict[str, str] = {}

        def address(name: str) -> str:
            if name not in addresses:
                stack.close()
                addresses.clear()
                write, runs = CONTENTS[name]
                write(root := tmp_path_factory.mktemp(name))
                addresses[name] = stack.enter_context(served(root))
                for run, (tag, steps, _) in runs.items():
                    servers.wait_for_steps(addresses[name], run, tag, len(steps))
            return addresses[name]

        yield address


@pytest.fixture(scope="module", autouse=True)
def fonts() -> None:
    """The golden pictures are set in these; with others, every line of text would differ."""
    installed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True).stdout
    families = {name for line in installed.splitlines() for name in line.split(",")}
    missing = {"Roboto", "Noto Sans CJK KR"} - families
    assert not missing, f"install the fonts {missing}: as root, tests/e2e/install-chromium does it"


@pytest.fixture(scope="module")
def left() -> dict[Page, State]:
    """Pages that show a state from which one can go on to the next."""
    return {}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_it_looks_as_it_did_and_axe_finds_nothing_wrong(
    state: State,
    shelf: Callable[[str], str],
    pages: Pages,
    left: dict[Page, State],
    request: pytest.FixtureRequest,
) -> None:
    width, height = state.size
    address = shelf(state.shelf)
    page = pages.lend(
        address,
        viewport={"width": width, "height": height},
        locale=state.locale,
        reduced_motion="reduce",
        **state.options,
    )
    tab = Tab(page, address, refusals=True)
    state.before(page)
    here = left.pop(page, None)
    alike = here and (here.shelf, here.locale) == (state.shelf, state.locale)
    if alike and state.linked:
        tab.go_to(state.selection)
    else:
        tab.open(state.selection, ready=False)
    if state.seen is None:
        tab.wait_until_ready()
    else:
        expect(tab.frame.locator(state.seen).first).to_be_attached()
    camera, complaints = Camera(tab), []
    dark = tab.page.evaluate("document.body.classList.contains('dark-mode')")
    # Of the document that is the same in both themes, only the colours are looked at twice.
    for theme, only in zip(
        ("dark", "light") if dark else ("light", "dark"), (None, axe.COLOURS), strict=True
    ):
        # What TensorBoard's own switch does.
        switch = "dark => document.body.classList.toggle('dark-mode', dark)"
        tab.page.evaluate(switch, theme == "dark")
        expect(tab.frame.locator(f'html[data-theme="{theme}"]')).to_be_attached()
        state.then(tab)
        update = request.config.getoption("--update-golden")
        complaints += looks.check(f"{state.name}-{theme}", shots(camera), update=update)
        complaints += [f"{theme}: {found}" for found in axe.violations(tab, only)]
    camera.put_away()
    tab.leave()
    pages.take_back(page, sound=True)
    if state.linked:
        left[page] = state
    assert not complaints, "\n".join(complaints)


def test_no_golden_picture_is_left_over() -> None:
    names = {f"{state.name}-{theme}" for state in STATES for theme in ("light", "dark")}
    found = {path.stem for path in looks.GOLDEN.glob("*.webp") if ".new" not in path.suffixes}
    assert found == names


def shots(camera: Camera) -> Iterator[Image.Image]:
    """Pictures of the plugin's part of the page, until two in a row are the same."""
    last = None
    for _ in range(20):
        picture = camera.picture()
        yield picture
        if picture == last:
            return
        last = picture
    raise AssertionError("the page does not come to rest")
