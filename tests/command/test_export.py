"""``tensorboard-fgsm export``: a page with all that it shows, and files for a paper."""

from __future__ import annotations

import base64
import csv
import hashlib
import html.parser
import json
import re
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from PIL import Image
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.command import cli, page
from tensorboard_fgsm.command.export import Choice, choose
from tensorboard_fgsm.format.reader import LoggedStep
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite
from tests.networks import batch, convolutional

EPSILONS = (2 / 255, 8 / 255)
CLASSES = ["</script><b>", "고양이", "$x$", "=1+1", "drum"]
NUMBERS = PerEpsilon(PGD(steps=2), EPSILONS)


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs that sort by number, a second tag, and names that are no HTML."""
    root = tmp_path_factory.mktemp("runs")
    for run in ("run10", "run2"):
        with SummaryWriter(str(root / run)) as writer:
            logger = FGSMLogger(
                writer, FGSM(EPSILONS, control=True), class_names=CLASSES, max_samples=3
            )
            for step in (0, 5, 9):
                logger.log(convolutional().eval(), *batch(), step=step)
    with SummaryWriter(str(root / "run2"), filename_suffix=".pgd") as writer:
        logger = FGSMLogger(writer, NUMBERS, tag="</script>pgd", max_samples=2)
        logger.log(convolutional().eval(), *batch(), step=9)
    return root


class Elements(html.parser.HTMLParser):
    """What a browser's own parser finds: the elements, their attributes and the scripts' texts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.texts: dict[str, str] = {}
        self._open = ""
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes[tag] = dict(attrs)
        self._open = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts[self._open] = self.texts.get(self._open, "") + data


def carried(path: Path) -> dict[tuple[str, str, int], tuple[dict, list[bytes]]]:
    """The record and the pictures of each step that a page carries."""
    texts = Elements(path).texts
    return {
        (step["run"], step["tag"], step["step"]): (
            json.loads(texts[f"fgsm-record-{step['place']}"]),
            [
                base64.b64decode(text)
                for text in texts.get(f"fgsm-pictures-{step['place']}", "").split()
            ],
        )
        for step in json.loads(texts["fgsm-steps"])
    }


def export(*arguments: object) -> None:
    cli.main(["export", *map(str, arguments)])


def stored(step: LoggedStep) -> list[bytes]:
    return [data for i in range(len(step.record.samples)) for data in step.stored(i)]


def test_the_page_carries_every_step_as_it_is_stored(logdir: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "page.html"
    export(logdir, out)
    assert re.search(r"page.html: 7 steps of 2 runs, \d+\.\d kB", capsys.readouterr().out)
    found = carried(out)
    assert list(found) == [
        *(("run2", "</script>pgd", 9), ("run2", "fgsm", 0), ("run2", "fgsm", 5)),
        *(("run2", "fgsm", 9), ("run10", "fgsm", 0), ("run10", "fgsm", 5), ("run10", "fgsm", 9)),
    ]
    for step in read_steps(logdir):
        record, pictures = found[step.run, step.tag, step.step]
        assert record["robust_accuracy"] == list(step.record.robust_accuracy)
        assert pictures == stored(step)


def test_no_name_ends_an_element_or_begins_one(logdir: Path, tmp_path: Path) -> None:
    export(logdir, out := tmp_path / "page.html")
    elements = Elements(out)
    assert {*elements.tags} == {"html", "meta", "title", "script"}
    assert elements.texts["script"].endswith(page.SCRIPT.read_text()[-30:])
    record, _ = carried(out)["run2", "fgsm", 9]
    assert record["class_names"] == CLASSES


def test_the_page_may_ask_nothing_of_anyone_and_run_only_the_dashboard(
    logdir: Path, tmp_path: Path
) -> None:
    export(logdir, out := tmp_path / "page.html")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', out.read_text())
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    script = out.read_bytes().split(b'<script type="module">')[1].split(b"</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert allowed["default-src"] == "'none'"
    assert allowed["script-src"] == f"'sha256-{digest}'"
    assert "connect-src" not in allowed


def test_language_and_theme_are_the_readers_unless_given(logdir: Path, tmp_path: Path) -> None:
    export(logdir, free := tmp_path / "free.html")
    export(logdir, given := tmp_path / "given.html", "--lang", "ko", "--theme", "dark")
    assert Elements(free).attributes["html"] == {}
    assert Elements(given).attributes["html"] == {"lang": "ko", "data-theme": "dark"}


def test_runs_tags_steps_and_samples_are_chosen(logdir: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    export(logdir, out, "--run", "run2", "--tag", "fgsm", "--step", "0", "--step", "last")
    assert list(carried(out)) == [("run2", "fgsm", 0), ("run2", "fgsm", 9)]
    export(logdir, out, "--step", "last", "--samples", "1")
    found = carried(out)
    assert {key[2] for key in found} == {9}
    (whole,) = (s for s in read_steps(logdir / "run10") if s.step == 9)
    record, pictures = found["run10", "fgsm", 9]
    assert pictures == whole.stored(0)
    assert [sample["index"] for sample in record["samples"]] == [0]
    assert record["count"] == whole.record.count
    export(logdir, out, "--step", "last", "--samples", "0")
    assert [pictures for _, pictures in carried(out).values()] == [[], [], []]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--run", "run3"], "--run run3 is not in .*: there is run10, run2"),
        (["--tag", "photos"], "--tag photos is not in .*: there is fgsm, </script>pgd"),
        (["--step", "7"], "--step 7 is not in .*: there is 0, 5, 9"),
        (["--step", "first"], "--step is a whole number or last, got 'first'"),
        (["--max-mb", "0.1"], r"would have \d+\.\d kB, and --max-mb allows 100.0 kB: choose with"),
        (["--epsilon", "4/255"], "--epsilon goes with --figures"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_left(
    logdir: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    with pytest.raises(SystemExit, match=said):
        export(logdir, tmp_path / "page.html", *arguments)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_is_logged_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no step of FGSM is logged in"):
        export(tmp_path, tmp_path / "page.html")
    with pytest.raises(SystemExit, match="is no directory"):
        export(tmp_path / "no", tmp_path / "page.html")
    with pytest.raises(SystemExit, match="say what to write"):
        export(tmp_path)


def test_only_a_page_of_this_command_is_replaced(logdir: Path, tmp_path: Path) -> None:
    (mine := tmp_path / "mine.html").write_text("<!doctype html>my thesis")
    with pytest.raises(SystemExit, match="is there already, and no page of this command's"):
        export(logdir, mine)
    assert mine.read_text() == "<!doctype html>my thesis"
    export(logdir, out := tmp_path / "page.html")
    export(logdir, out, "--run", "run2")
    assert {run for run, _, _ in carried(out)} == {"run2"}
    with pytest.raises(SystemExit, match="is no directory: make it first"):
        export(logdir, tmp_path / "no" / "page.html")


def test_what_is_damaged_is_told_and_left_out(logdir: Path, tmp_path: Path, capsys) -> None:
    (path,) = (logdir / "run10").glob("*tfevents*")
    (tmp_path / "torn").mkdir()
    (torn := tmp_path / "torn" / path.name).write_bytes(path.read_bytes())
    changed = events(torn)
    blobs = blobs_of(changed)
    blobs[1][1] = blobs[1][1][:30] + bytes([blobs[1][1][30] ^ 255]) + blobs[1][1][31:]
    rewrite(torn, changed)
    export(tmp_path, out := tmp_path / "page.html")
    assert [step for _, _, step in carried(out)] == [0, 9]
    assert "step 5: the original of sample 0 is damaged" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:a glyph is missing")
def test_a_warning_of_who_draws_the_steps_is_no_damage(logdir: Path, capsys) -> None:
    for _ in choose(logdir, Choice()):
        warnings.warn("a glyph is missing", UserWarning, stacklevel=1)
    assert capsys.readouterr().err == ""


@pytest.mark.filterwarnings("error")
def test_figures_are_files_for_a_paper(logdir: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "figures"
    export(logdir, "--figures", out, "--tag", "fgsm", "--samples", "2")
    assert "figures: 12 files" in capsys.readouterr().out
    (step,) = (s for s in read_steps(logdir / "run2") if (s.tag, s.step) == ("fgsm", 9))
    with (out / "run2_fgsm_step-9_accuracy.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["accuracy"]) for row in rows] == step.curve()["accuracy"]
    assert {row["run"] for row in rows} == {"run2"}
    with (out / "run2_fgsm_step-9_classes.csv").open(encoding="utf-8-sig", newline="") as file:
        named = {row["class"]: row["name"] for row in csv.DictReader(file)}
    assert named["3"] == "'=1+1"  # or a spreadsheet would compute it
    ElementTree.parse(out / "run2_fgsm_step-9_accuracy.svg")
    sample = step.record.samples[0].index
    epsilon = f"{255 * min(e for e in (*EPSILONS, 1) if e in telling(step)):g}"
    picture = Image.open(
        out / f"run2_fgsm_step-9_sample-{sample}_epsilon-{epsilon}-of-255_triplet.png"
    )
    assert picture.size[0] > 1000
    assert shows(picture, step.original(0))
    assert shows(picture, step.adversarial(0, float(epsilon) / 255))


def test_how_an_attack_climbed_is_a_table(logdir: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures"
    export(logdir, "--figures", out, "--tag", "</script>pgd", "--samples", "0")
    (step,) = (s for s in read_steps(logdir) if s.tag == "</script>pgd")
    (path,) = out.glob("run2_*pgd_step-9_climb.csv")
    table = pandas.read_csv(path)
    expected = step.climb()
    assert len(table) == len(step.record.epsilons) * 3  # the start and two steps
    assert list(table.columns) == list(expected)
    for name, values in expected.items():
        read = table[name].tolist()
        assert read == (values if name in ("run", "tag") else pytest.approx(values))


def telling(step: LoggedStep) -> list[float]:
    """The logged epsilons that halve the accuracy, or the largest."""
    record = step.record
    halved = [
        epsilon
        for epsilon, accuracy in zip(record.epsilons, record.robust_accuracy, strict=True)
        if accuracy <= record.clean_accuracy / 2
    ]
    return halved or [record.epsilons[-1]]


def shows(figure: Image.Image, picture: np.ndarray) -> bool:
    """Whether each of a picture's colours is somewhere in a figure, level for level."""
    drawn = np.unique(np.asarray(figure.convert("RGB")).reshape(-1, 3), axis=0)
    levels = np.unique(np.broadcast_to(picture, (*picture.shape[:2], 3)).reshape(-1, 3), axis=0)
    return {*map(tuple, levels.tolist())} <= {*map(tuple, drawn.tolist())}


def test_figures_of_an_attack_with_a_picture_an_epsilon(logdir: Path, tmp_path: Path) -> None:
    chosen = ["--figures", tmp_path, "--tag", "</script>pgd"]
    export(logdir, *chosen, "--epsilon", "2/255")
    (step,) = (s for s in read_steps(logdir / "run2") if s.tag != "fgsm")
    sample = step.record.samples[1].index
    (path,) = tmp_path.glob(f"run2_script-pgd_step-9_sample-{sample}_epsilon-2-of-255_triplet.png")
    assert shows(Image.open(path), step.adversarial(1, 2 / 255))
    with pytest.raises(SystemExit, match=r"--epsilon 3/255: PGD has pictures at the epsilons"):
        export(logdir, *chosen, "--epsilon", "3/255")


def test_without_matplotlib_it_says_what_to_install(
    logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "tensorboard_fgsm.command.figures", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit, match=r"need matplotlib: pip install '.*\[figures\]'"):
        export(logdir, "--figures", tmp_path)
