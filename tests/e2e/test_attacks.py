"""Every attack in the tab: the page says what the record says, and shows what was attacked."""

from __future__ import annotations

import io
import math
import re
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.format.reader import LoggedStep
from tests import servers
from tests.e2e.tab import Tab
from tests.e2e.test_export import saved
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite
from tests.networks import convolutional

TAG = "fgsm/attacks"
TAG_WARNED = "fgsm/warned"
CLASSES = ["cannon", "drum", "kite", "moped", "palace"]
EPSILONS = (0.5 / 255, 2 / 255, 8 / 255, 0.2)
BELOW_HALF = (0.25 / 255, 0.2)
TARGET = 4
SETTINGS = {"steps": 3, "step_size": 2 / 255}
PGD_BESIDE = PerEpsilon(PGD(**SETTINGS), EPSILONS, control=True)
DAMAGED = 1


class OneLogit(nn.Module):
    """Whether a picture is one of the first class, as a single logit."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, inputs: Tensor) -> Tensor:
        logits = self.model(inputs)
        return 20 * (logits[:, 0] - logits[:, 1])


def network(run: str) -> nn.Module:
    """The model under attack of each run."""
    model = convolutional(seed=0).eval()
    if run == "binary":
        return OneLogit(model).eval()
    return nn.Sequential(model, nn.Softmax(1)).eval() if run == "softmax" else model


def tag(run: str) -> str:
    """Where another epsilon does not change the others' axis."""
    return TAG_WARNED if run == "softmax" else TAG


def photos() -> Tensor:
    """Smooth pictures that make the network say several classes, (20, 3, 24, 32) in [0, 1]."""
    coarse = torch.rand(20, 3, 4, 6, generator=torch.Generator().manual_seed(0))
    smooth = torch.nn.functional.interpolate(coarse, (24, 32), mode="bicubic")
    return (smooth * torch.linspace(0.4, 1.3, 20).view(-1, 1, 1, 1)).clamp(0, 1)


ATTACKS = {
    "control": FGSM(EPSILONS, control=True, refine=6),
    "plain": FGSM(EPSILONS),
    "targeted": FGSM(EPSILONS, target=TARGET),
    "transfer": FGSM(EPSILONS, surrogate=convolutional(seed=1), precision="bfloat16"),
    "quantized": FGSM(EPSILONS, quantize=True),
    "binary": FGSM(EPSILONS),
    "pgd": PGD_BESIDE,
    "damaged": PGD_BESIDE,
    "softmax": FGSM(BELOW_HALF),
}


@pytest.fixture(scope="module")
def attacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run an attack."""
    root = tmp_path_factory.mktemp("attacks")
    inputs = photos()
    for run, attack in ATTACKS.items():
        model = network(run)
        with torch.no_grad():
            said = model(inputs)
        labels = (said > 0).long() if run == "binary" else said.argmax(1)
        labels[::7] = (labels[::7] + 1) % 2
        names = CLASSES[:2] if run == "binary" else CLASSES
        with SummaryWriter(str(root / run)) as writer, warnings.catch_warnings():
            # The softmax and its smallest epsilon are there to be warned of.
            warnings.simplefilter("ignore" if run == "softmax" else "error", RuntimeWarning)
            logger = FGSMLogger(writer, attack, tag=tag(run), class_names=names, max_samples=20)
            logger.log(model, inputs, None if run == "transfer" else labels, step=0)
    (path,) = (root / "damaged").glob("*tfevents*")
    changed = events(path)
    (blobs,) = blobs_of(changed)
    place = 1 + DAMAGED * (1 + len(EPSILONS)) + 3
    blobs[place] = blobs[place][:30] + bytes([blobs[place][30] ^ 255]) + blobs[place][31:]
    rewrite(path, changed)
    return root


@pytest.fixture(scope="module")
def steps(attacks: Path) -> dict[str, LoggedStep]:
    """What Python reads, by run."""
    intact = [run for run in ATTACKS if run != "damaged"]
    return {run: step for run in intact for step in read_steps(attacks / run)}


@pytest.fixture(scope="module")
def address(attacks: Path, served) -> Iterator[str]:
    with served(attacks) as address:
        for run in ATTACKS:
            servers.wait_for_steps(address, run, tag(run), 1)
        yield address


def at(run: str, epsilon: float = 2 / 255, **others: object) -> dict[str, object]:
    """The selection of one run alone."""
    return {"tag": tag(run), "run": run, "runs": run, "epsilon": epsilon, **others}


def percent(share: float) -> str:
    return f"{100 * share:.1f}\u00a0%"


def per255(epsilon: float) -> str:
    return f"{round(255 * epsilon, 2):g}/255"


def through(tab: Tab, epsilons: tuple[float, ...]) -> Iterator[int]:
    """Moves epsilon to each of the logged ones in turn."""
    tab.epsilon.press("Home")
    for index, epsilon in enumerate(epsilons):
        tab.epsilon.press("ArrowRight")
        expect(tab.epsilon).to_have_attribute("aria-valuenow", str(epsilon))
        yield index


def expect_number(tab: Tab, name: str, share: float) -> None:
    """Expects a row of the panel beside the chart."""
    row = tab.frame.locator("fgsm-numbers dt", has_text=name).locator("+ dd")
    expect(row).to_have_text(percent(share))


def prediction(step: LoggedStep, said) -> str:
    names = step.record.class_names
    assert names is not None
    return f"{names[said.classes[0]]} {percent(said.probabilities[0])}"


# The control


def test_the_control_is_told_at_every_epsilon(address, open_tab, steps) -> None:
    step = steps["control"]
    record = step.record
    tab = open_tab(address, **at("control"))
    for index in through(tab, EPSILONS):
        expect_number(tab, "Robust accuracy", record.robust_accuracy[index])
        expect_number(tab, "Random noise", record.control_accuracy[index])
        for sample in (0, 1):
            said = prediction(step, record.samples[sample].control[index])
            expect(tab.card(sample).locator(".note.control")).to_have_text(f"random noise: {said}")
    tab.epsilon.press("Home")
    expect_number(tab, "Random noise", record.clean_accuracy)
    expect(tab.card(0).locator(".spark polyline")).to_have_count(2)
    assert record.control_accuracy[-1] > record.robust_accuracy[-1]


def test_the_tip_names_the_dashed_line_with_its_number(address, open_tab, steps) -> None:
    record = steps["control"].record
    tab = open_tab(address, **at("control"))
    plot = tab.frame.locator("fgsm-chart .over")
    box = plot.bounding_box()
    assert box is not None
    logged = dict(zip(map(per255, EPSILONS), record.control_accuracy, strict=True))
    told = {}
    for x in range(5, int(box["width"]), 20):
        plot.hover(position={"x": x, "y": 50})
        lines = tab.frame.locator("fgsm-chart .tip .at").all_inner_texts()
        epsilon, _ = lines[0].split("\n")
        (told[epsilon],) = (
            line.split("\n")[1] for line in lines if line.startswith("Random noise")
        )
    assert told.pop("0/255") == percent(record.clean_accuracy)
    assert told == {epsilon: percent(accuracy) for epsilon, accuracy in logged.items()}


def test_the_loss_along_the_steps_is_told_of_all_and_of_a_sample(address, open_tab, steps) -> None:
    record = steps["pgd"].record
    tab = open_tab(address, **at("pgd"))
    row = tab.frame.locator("fgsm-numbers dl > div", has_text="Loss by step")
    for index in through(tab, EPSILONS):
        first, *_, last = record.climb.right[index]
        term = row.get_by_role("button")
        term.focus()
        told = (
            f"right: {percent(first / record.count)} at its start, {percent(last / record.count)}"
        )
        expect(row.get_by_role("tooltip")).to_contain_text(told)
        points = row.locator("polyline:not(.right)").get_attribute("points").split()
        assert len(points) == 1 + SETTINGS["steps"]
        _check_shares(row, [count / record.count for count in record.climb.right[index]])
        tab.epsilon.focus()
    tab.epsilon.press("Home")
    expect(row).to_have_count(0)
    tab.epsilon.press("End")
    tab.card(0).locator(".open").click()
    fact = tab.frame.locator("fgsm-sample dl .climb")
    expect(fact).to_contain_text(re.compile("PGD"))


def _check_shares(row, shares: list[float]) -> None:
    drawn = row.locator("polyline.right").get_attribute("points").split()
    assert [float(point.split(",")[1]) / 12 for point in drawn] == pytest.approx(
        [1 - share for share in shares], abs=0.01
    )
    expect(row.get_by_role("img")).to_have_accessible_name(re.compile(percent(shares[-1])))


def test_the_losses_are_saved_where_there_are_steps(address, open_tab, steps) -> None:
    name, rows = saved(open_tab(address, **at("pgd")), "Loss along the attack's steps (CSV)")
    assert name == "pgd_fgsm-attacks_step-0_climb.csv"
    table = steps["pgd"].climb() | {"run": ["pgd"] * len(rows)}
    assert list(rows[0]) == list(table)
    for column, cells in table.items():
        assert [type(cell)(row[column]) for row, cell in zip(rows, cells, strict=True)] == cells
    tab = open_tab(address, **at("plain"))
    tab.frame.get_by_role("button", name="Save", exact=True).click()
    expect(tab.frame.get_by_role("button", name="Classes at this ε (CSV)")).to_be_enabled()
    expect(tab.frame.get_by_role("button", name="Loss along")).to_have_count(0)


def test_without_a_control_nothing_is_said_of_one(address, open_tab) -> None:
    tab = open_tab(address, **at("plain"))
    expect(tab.card(0).locator(".spark polyline")).to_have_count(1)
    expect(tab.frame.locator("fgsm-card .control")).to_have_count(0)
    expect(tab.frame.locator("fgsm-numbers dt")).to_have_count(3)
    expect(tab.frame.locator("fgsm-warnings details")).to_have_count(0)


# Exact flips


def test_a_pill_tells_the_exact_flip_and_the_grid_is_sorted_by_it(address, open_tab, steps) -> None:
    samples = steps["control"].record.samples
    flips = {
        i: sample.flip_epsilon
        for i, sample in enumerate(samples)
        if sample.correct and sample.flip_epsilon is not None
    }
    assert any(flip not in EPSILONS for flip in flips.values())
    tab = open_tab(address, **at("control", EPSILONS[-1], sort="flip", size=100))
    rank = [flips.get(i, math.inf) for i in range(len(samples))]
    expected = sorted(range(len(samples)), key=rank.__getitem__)
    read = "(cards) => cards.map((card) => Number(card.dataset.sample))"
    seen = tab.cards.evaluate_all(read)
    assert len(seen) >= 4
    assert seen == expected[: len(seen)]
    for sample in seen:
        if samples[sample].flipped(-1):
            pill = tab.card(sample).locator(".pill")
            expect(pill).to_have_text(f"✕ flips at {per255(flips[sample])}")


def test_a_film_strip_tells_the_flip_as_the_pill_does(address, open_tab, steps) -> None:
    samples = steps["control"].record.samples
    tab = open_tab(address, **at("control", EPSILONS[-1], shape="strip"))
    told = 0
    for i, sample in enumerate(samples):
        flip = sample.flip_epsilon
        if not sample.correct or flip is None:
            continue
        place = next(k for k, epsilon in enumerate(EPSILONS) if flip <= epsilon)
        before, after = (0.0, *EPSILONS)[place : place + 2]
        exact = f" (at {per255(flip)})" if flip < after else ""
        turn = tab.bring(i).locator('[data-turn="flipped"]').first
        expected = f"flips between {per255(before)} and {per255(after)}{exact}"
        expect(turn).to_have_attribute("aria-label", expected)
        told += bool(exact)
    assert told > 0, "the test's own data must have a flip between two logged epsilons"


def bars(tab: Tab, parts: int = 32) -> np.ndarray:
    """How high the bars at the foot of the plot are, in shares of its height."""
    drawn = tab.drawn(tab.frame.locator("fgsm-chart canvas"))
    plot, canvas = (
        tab.frame.locator(f"fgsm-chart {name}").bounding_box() for name in (".over", "canvas")
    )
    assert plot is not None
    assert canvas is not None
    left, top = round(plot["x"] - canvas["x"]), round(plot["y"] - canvas["y"])
    height = round(plot["height"])
    centres = [left + round((part + 0.3) * plot["width"] / parts) for part in range(parts)]
    # They are the only thing that one sees through so much, but for edges of lines here and there,
    # which do not stand on the axis.
    seen = np.abs(drawn[top : top + height, centres, 3].astype(int) - 56) < 4
    return np.where(seen[-6:-2].all(0), seen.sum(0), 0) / height


def test_the_histogram_tells_where_samples_flip(address, open_tab, steps) -> None:
    record = steps["control"].record
    places = [s.flip_epsilon / EPSILONS[-1] for s in record.samples if s.correct and s.flip_epsilon]
    counts = np.bincount([max(0, math.ceil(32 * x - 1e-9) - 1) for x in places], minlength=32)
    assert (counts > 0).sum() > 3
    tab = open_tab(address, **at("control", axis="linear"))
    assert bars(tab) == pytest.approx(0.3 * counts / counts.max(), abs=0.06)
    assert ((bars(tab) > 0.01) == (counts > 0)).all()
    tab.open(at("plain", axis="linear"), ready=True)
    assert (bars(tab) < 0.01).all()


# Targets, transfers, labels, binary models


def test_a_targeted_attack_speaks_of_its_targets(address, open_tab, steps) -> None:
    record = steps["targeted"].record
    tab = open_tab(address, **at("targeted"))
    show = tab.frame.locator("[data-show]")
    expect(show.filter(has_text="Predicted as target at this ε")).to_have_count(1)
    expect(show.filter(has_text="Not as target")).to_have_count(1)
    for index in through(tab, EPSILONS):
        reached = sum(sample.flipped(index) for sample in record.samples)
        missed = sum(sample.correct and not sample.flipped(index) for sample in record.samples)
        for name, count in (("flipped", reached), ("right", missed)):
            shown = tab.frame.locator(f'[data-show="{name}"] [data-count]')
            expect(shown).to_have_text(str(count))
        expect_number(tab, "Predicted as target", record.success_rate[index])
    assert record.success_rate[-1] > 0
    for i in (0, 1):
        title = f"{CLASSES[record.samples[i].label]} → {CLASSES[TARGET]}"
        expect(tab.card(i).get_by_role("heading")).to_have_text(title)
    led = next(i for i, sample in enumerate(record.samples) if sample.flipped(-1))
    expect(tab.bring(led).locator(".pill")).to_have_text(re.compile("^✕ target at "))
    expect(
        tab.frame.get_by_label("original + (−ε · sign ∇J(target)) = adversarial")
    ).to_be_visible()


@pytest.mark.parametrize(
    ("run", "sentences"),
    [
        ("targeted", ["towards one class"]),
        (
            "transfer",
            [
                "transfer from Sequential",
                "precision bfloat16",
                "labels are the model's own clean predictions",
            ],
        ),
        ("binary", ["the model's one logit z is read as two classes, [0, z]"]),
        ("quantized", ["the model saw these 8-bit pictures"]),
        ("plain", ["white-box", "a stronger attack may lower this accuracy further"]),
    ],
)
def test_the_small_print_tells_what_attack_it_is(run, sentences, address, open_tab, steps) -> None:
    tab = open_tab(address, **at(run))
    for sentence in sentences:
        expect(tab.frame.locator("fgsm-print")).to_contain_text(sentence)
    expect_number(tab, "Clean accuracy", steps[run].record.clean_accuracy)
    assert run != "transfer" or steps[run].record.clean_accuracy == 1
    expect(tab.card(0).locator("figcaption").first).to_contain_text(
        steps[run].record.class_names[steps[run].record.samples[0].clean.classes[0]]
    )


# Eight bits


def test_the_saved_picture_of_a_quantized_attack_is_what_was_classified(
    address, open_tab, steps, tmp_path
) -> None:
    record = steps["quantized"].record
    tab = open_tab(address, **at("quantized"))
    model = network("quantized")
    for index in through(tab, EPSILONS):
        tab.wait_for_epsilon(1)
        tab.card(1).hover()
        with tab.page.expect_download() as download:
            tab.card(1).locator("a.save").click()
        download.value.save_as(tmp_path / "saved.png")
        pixels = np.asarray(Image.open(tmp_path / "saved.png"), np.float32) / 255
        with torch.no_grad():
            said = model(torch.from_numpy(pixels).permute(2, 0, 1)[None]).softmax(1)[0]
        recorded = record.samples[1].adversarial[index]
        assert said.argmax().item() == recorded.classes[0]
        assert said.max().item() == pytest.approx(recorded.probabilities[0], abs=1e-5)


# An attack that has a picture an epsilon


def difference(step: LoggedStep, sample: int, index: int, times: float) -> np.ndarray:
    """What the adversarial picture differs in, around grey."""
    apart = step.adversarial(sample, EPSILONS[index]).astype(float) - step.original(sample)
    drawn = np.floor(127.5 + times * apart + 0.5).clip(0, 255)
    return np.where(apart == 0, 128, drawn)


def test_the_canvases_show_the_pictures_of_each_epsilon(address, open_tab, steps) -> None:
    step = steps["pgd"]
    tab = open_tab(address, **at("pgd"))
    for index in through(tab, EPSILONS):
        tab.wait_for_epsilon(0)
        epsilon = EPSILONS[index]
        assert np.array_equal(tab.pixels(0, "original")[..., :3], step.original(0))
        adversarial = tab.pixels(0, "adversarial")[..., :3]
        assert np.array_equal(adversarial, step.adversarial(0, epsilon))
        noise = tab.pixels(0, "noise")[..., :3]
        assert np.array_equal(noise, difference(step, 0, index, 0.5 / epsilon))
        expect_number(tab, "Robust accuracy", step.record.robust_accuracy[index])
        expect_number(tab, "Under plain FGSM", step.record.reference_accuracy[index])
        expect_number(tab, "Random noise", step.record.control_accuracy[index])
    tab.frame.locator('[data-noise="10"]').click()
    noise = tab.pixels(0, "noise")[..., :3]
    assert np.array_equal(noise, difference(step, 0, len(EPSILONS) - 1, 10))


def test_between_two_epsilons_the_picture_below_is_shown_and_said_to_be(
    address, open_tab, steps
) -> None:
    step = steps["pgd"]
    tab = open_tab(address, **at("pgd", axis="linear"))
    now = tab.drag_epsilon(0.5)
    below = EPSILONS[2]
    assert below < now < EPSILONS[3]
    card = tab.card(0)
    adversarial = card.locator('canvas[data-kind="adversarial"]')
    expect(adversarial).to_have_attribute("data-epsilon", str(below))
    assert np.array_equal(tab.pixels(0, "adversarial")[..., :3], step.adversarial(0, below))
    assert np.array_equal(tab.pixels(0, "noise")[..., :3], difference(step, 0, 2, 0.5 / below))
    expect(tab.toolbar.locator("output")).to_have_text(f"× {0.5 / below:.3g}")
    expect(card.locator("figure.adversarial[data-stand-in]")).to_contain_text("at 8/255")
    link = card.locator("a.save")
    expect(link).to_have_attribute("download", "adversarial-0-8-of-255.png")
    with urllib.request.urlopen(link.evaluate("(a) => a.href")) as answer:
        saved = np.asarray(Image.open(io.BytesIO(answer.read())))
    assert np.array_equal(saved, step.adversarial(0, below))


def test_below_the_smallest_epsilon_the_original_is_shown(address, open_tab, steps) -> None:
    tab = open_tab(address, **at("pgd", EPSILONS[0] / 2))
    expect(tab.card(0).locator("figure.adversarial[data-stand-in]")).to_contain_text("clean")
    assert np.array_equal(tab.pixels(0, "adversarial")[..., :3], steps["pgd"].original(0))
    assert (tab.pixels(0, "noise")[..., :3] == 128).all()
    expect(tab.toolbar.locator("output")).to_have_text("")


def test_a_film_strip_has_the_picture_of_each_epsilon(address, open_tab, steps) -> None:
    step = steps["pgd"]
    tab = open_tab(address, **at("pgd", 0.1, shape="strip"))
    frames = tab.card(0).locator("figure")
    expect(frames).to_have_count(1 + len(EPSILONS))
    for place, epsilon in enumerate((0.0, *EPSILONS)):
        drawn = tab.drawn(frames.nth(place).locator("canvas"))[..., :3]
        assert np.array_equal(drawn, step.adversarial(0, epsilon))
    current = tab.card(0).locator("figure[aria-current]")
    expect(current.locator(".epsilon")).to_have_text("8")


def test_its_name_and_settings_are_told_and_numbers_are_short(address, open_tab, steps) -> None:
    tab = open_tab(address, **at("pgd"))
    small = tab.frame.locator("fgsm-print")
    expect(small).to_contain_text("PGD · steps 3 · step_size 0.007843 · ")
    expect(small).to_contain_text("a stronger attack may lower this accuracy further")
    assert steps["pgd"].record.attack.settings["step_size"] == 2 / 255
    expect(tab.frame.get_by_label("original + difference = adversarial")).to_be_visible()


def test_a_damaged_adversarial_picture_is_named_and_the_others_are_shown(
    address, open_tab, steps
) -> None:
    tab = open_tab(address, **at("damaged"))
    expect(tab.card(DAMAGED)).to_contain_text("A stored adversarial picture is damaged")
    expect(tab.card(DAMAGED).locator("canvas")).to_have_count(0)
    tab.wait_for_epsilon(0)
    expected = steps["pgd"].adversarial(0, EPSILONS[1])  # the same, before it was damaged
    assert np.array_equal(tab.pixels(0, "adversarial")[..., :3], expected)


# Warnings


def test_warnings_are_counted_named_and_unfold_with_their_sources(address, open_tab, steps) -> None:
    caveats = steps["softmax"].record.warnings
    assert {"probabilities", "rounded-away"} <= {caveat.code for caveat in caveats}
    tab = open_tab(address, **at("softmax", 0.2))
    box = tab.frame.locator("fgsm-warnings")
    expect(box.locator("summary")).to_contain_text(f"{len(caveats)} warnings")
    expect(box.locator("summary")).to_contain_text("Probabilities where logits are expected")
    sentence = box.get_by_text(caveats[0].sentence)
    expect(sentence).to_be_hidden()
    box.locator("summary").focus()
    tab.page.keyboard.press("Enter")
    expect(sentence).to_be_visible()
    for caveat in caveats:
        item = box.locator(f'[data-caveat="{caveat.code}"]')
        expect(item).to_contain_text(caveat.sentence)
        name, _, source = caveat.source.rpartition(", ")
        expect(item.get_by_role("link")).to_have_count(1 if source else 0)
        if not source:
            continue
        tab.page.context.route(source, lambda route: route.fulfill(body="the paper"))
        with tab.page.expect_popup() as paper:
            item.get_by_role("link", name=name).click()
        assert paper.value.url == source
        expect(paper.value.locator("body")).to_have_text("the paper")
        paper.value.close()


def test_warnings_are_korean_in_korean_and_keep_their_numbers(address, open_tab, steps) -> None:
    caveats = steps["softmax"].record.warnings
    tab = open_tab(address, **at("softmax", 0.2), locale="ko-KR")
    summary = tab.frame.locator("fgsm-warnings summary")
    expect(summary).to_contain_text(f"경고 {len(caveats)}개")
    expect(summary).to_contain_text("로짓이 아닌 확률 출력 · 반올림으로 사라지는 공격")
    summary.click()
    for caveat in caveats:
        sentence = tab.frame.locator(f'[data-caveat="{caveat.code}"] p')
        expect(sentence).to_have_text(re.compile("[가-힣]"))
        expect(sentence).not_to_have_attribute("lang", "en")
        for number in re.findall(r"(?<!\S)\d+\.\d+", caveat.sentence):
            expect(sentence).to_contain_text(number)
