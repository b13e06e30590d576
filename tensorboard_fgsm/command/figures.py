"""Logged steps as files for a paper: the curve, the classes, and each sample as a figure."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tensorboard_fgsm.command.failure import CommandError
from tensorboard_fgsm.command.report import epsilon_text, percent
from tensorboard_fgsm.format.reader import LoggedStep
from tensorboard_fgsm.format.record import Record
from tensorboard_fgsm.format.sample import Prediction, Sample
from tensorboard_fgsm.format.tables import Table

_KOREAN = (
    *("Noto Sans KR", "Noto Sans CJK KR", "Noto Sans CJK JP", "NanumGothic"),
    *("Malgun Gothic", "Apple SD Gothic Neo"),
)
"""Fonts that have Hangul, which matplotlib's own has not; those that are installed are taken."""

_RESOLUTION = 300
_MOST_LETTERS = 32
_ATTACKED, _OTHER = "#b8330a", "#5f6368"


def write(directory: Path, steps: Iterable[LoggedStep], epsilon: float | None) -> int:
    """Writes the files of each step, named after run, tag, step, sample and epsilon.

    Args:
        directory: where; it is made if there is none.
        steps: what is shown.
        epsilon: at which the samples are shown, in pixel units; by default at the smallest logged
            one that halves the accuracy, or the largest.

    Returns:
        How many files were written. Of the same name there is only one: the new one.

    Raises:
        CommandError: the attack has no pictures at this epsilon.
    """
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    with _style():
        for step in steps:
            for name, file in _files(step, epsilon):
                if isinstance(file, Figure):
                    file.savefig(directory / name, dpi=_RESOLUTION)
                else:
                    _write_csv(directory / name, file)
                count += 1
    return count


def _files(step: LoggedStep, epsilon: float | None) -> Iterator[tuple[str, Table | Figure]]:
    place = "_".join((_plain(step.run), _plain(step.tag), f"step-{step.step}")).lstrip("_")
    yield f"{place}_accuracy.csv", step.curve()
    drawn = curve(step)
    for ending in ("svg", "png"):
        yield f"{place}_accuracy.{ending}", drawn
    if step.record.classes:
        yield f"{place}_classes.csv", step.classes()
    if step.record.transfers is not None:
        yield f"{place}_transfers.csv", step.transfers()
    if step.record.climb is not None:
        yield f"{place}_climb.csv", step.climb()
    shown = telling(step.record) if epsilon is None else epsilon
    at = epsilon_text(shown).replace("/", "-of-")
    for i, sample in enumerate(step.record.samples):
        yield f"{place}_sample-{sample.index}_epsilon-{at}_triplet.png", triplet(step, i, shown)


def telling(record: Record) -> float:
    """Returns the smallest logged epsilon that halves the accuracy, or the largest."""
    for epsilon, accuracy in zip(record.epsilons, record.robust_accuracy, strict=True):
        if epsilon > 0 and accuracy <= record.clean_accuracy / 2:
            return epsilon
    return record.epsilons[-1]


def curve(step: LoggedStep) -> Figure:
    """Draws accuracy against epsilon with its 95 % interval, and what it is compared with."""
    record, columns = step.record, step.curve()
    figure = Figure(figsize=(3.3, 2.4), layout="constrained")
    axes = figure.subplots()
    lines = [
        ("accuracy", record.attack.name, _ATTACKED, "solid"),
        ("plain_fgsm_accuracy", "FGSM", _OTHER, "dotted"),
        ("random_noise_accuracy", "random signs", _OTHER, "dashed"),
    ]
    drawn = [line for line in lines if columns[line[0]][-1] is not None]
    for name, label, colour, style in drawn:
        axes.plot(
            columns["epsilon_255"],
            [100 * share for share in columns[name]],
            color=colour,
            linestyle=style,
            marker="o",
            markersize=3,
            label=label,
        )
    axes.fill_between(
        columns["epsilon_255"],
        [100 * share for share in columns["accuracy_low"]],
        [100 * share for share in columns["accuracy_high"]],
        color=_ATTACKED,
        alpha=0.15,
        linewidth=0,
    )
    axes.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    axes.set(xlabel="ε in 255ths", ylabel="accuracy in %", ylim=(-2, 102), xlim=(0, None))
    axes.spines[["top", "right"]].set_visible(False)
    if len(drawn) > 1:
        axes.legend(frameon=False)
    return figure


def triplet(step: LoggedStep, i: int, epsilon: float) -> Figure:
    """Draws sample ``i``: its original, what is added to it, and its adversarial example.

    Raises:
        CommandError: the attack has no picture at this epsilon.
    """
    record, sample = step.record, step.record.samples[i]
    original = step.original(i)
    try:
        adversarial = step.adversarial(i, epsilon)
    except ValueError as error:
        raise CommandError(f"--epsilon {epsilon_text(epsilon)}: {error}") from None
    each = record.pictures == "each"
    noise = adversarial.astype(int) - original if each else step.direction(i).astype(int)
    logged = _logged(record, epsilon)
    said = sample.clean if logged is None else sample.adversarial[logged]
    panels = [
        (original, "original", _says(record, sample.clean)),
        (
            _visible(noise),
            "difference" if each else "sign of the gradient",
            _says(record, sample.noise),
        ),
        (adversarial, f"adversarial, ε = {epsilon_text(epsilon)}", _says(record, said)),
    ]
    width, height = 1.6, 1.6 * record.picture.height / record.picture.width
    figure = Figure(figsize=(3 * width + 0.3, height + 1.0), layout="constrained")
    title = f"#{sample.index}: {_name(record, sample.label)}"
    figure.suptitle(title, parse_math=False, fontsize=9)
    for axes, panel in zip(figure.subplots(1, 3), panels, strict=True):
        _show(axes, *panel)
    figure.supxlabel(_caption(step, sample, epsilon, logged), parse_math=False, fontsize=5)
    return figure


def _show(axes: Axes, picture: np.ndarray, name: str, says: str) -> None:
    grey = picture.shape[-1] == 1
    shown = picture[..., 0] if grey else picture
    axes.imshow(shown, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.set_title(name, fontsize=7, parse_math=False)
    axes.set_xlabel(says, fontsize=7, parse_math=False)


def _visible(noise: np.ndarray) -> np.ndarray:
    """Returns noise around grey, its largest part at full contrast."""
    largest = max(1, int(np.abs(noise).max()))
    return np.round(127.5 + 127.5 * noise / largest).astype(np.uint8)


def _logged(record: Record, epsilon: float) -> int | None:
    """Returns whose predictions stand for an epsilon: the nearest logged one not above it."""
    below = [i for i, logged in enumerate(record.epsilons) if logged <= epsilon]
    return below[-1] if below else None


def _says(record: Record, said: Prediction | None) -> str:
    if said is None:
        return ""
    return f"{_name(record, said.classes[0])}\n{percent(said.probabilities[0])}"


def _name(record: Record, label: int) -> str:
    return f"class {label}" if record.class_names is None else record.class_names[label]


def _caption(step: LoggedStep, sample: Sample, epsilon: float, logged: int | None) -> str:
    at = 0.0 if logged is None else step.record.epsilons[logged]
    stands = "" if at == epsilon else f" (predictions of ε = {epsilon_text(at)})"
    attack = f"{step.record.attack.name}, ε = {epsilon_text(epsilon)}{stands}"
    target = "" if sample.target is None else f"target {_name(step.record, sample.target)}"
    said = (attack, target, step.run, step.tag, f"step {step.step}")
    return " · ".join(filter(None, said))


@contextmanager
def _style() -> Iterator[None]:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    fonts = ["DejaVu Sans", *(name for name in _KOREAN if name in installed)]
    with matplotlib.rc_context({"font.family": fonts, "font.size": 8, "svg.hashsalt": "fgsm"}):
        yield


_FORMULA = re.compile(r"[=+\-@\t\r]")
"""What a spreadsheet would take for a formula, and run."""


def _write_csv(path: Path, table: Table) -> None:
    # Without the mark spreadsheets misread all letters but the plainest.
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(table)
        for row in zip(*table.values(), strict=True):
            rows.writerow(
                f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
                for cell in row
            )


def _plain(name: str) -> str:
    """Returns a name of letters, digits and few signs: any file system takes it as it is."""
    safe = re.sub(r"[^\w.=+-]+", "-", unicodedata.normalize("NFC", name))
    return safe[-_MOST_LETTERS:].strip("-.")  # the end is where names differ most
