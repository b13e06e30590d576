"""The documentation site, built as ``make docs`` does, and the tutorial, run as it stands."""

from __future__ import annotations

import contextlib
import multiprocessing
import re
from pathlib import Path

import pytest

import tensorboard_fgsm
from tensorboard_fgsm import read_steps

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)

ROOT = Path(__file__).parent.parent
TUTORIALS = ["tutorial.md", "tutorial.ko.md"]


def script(file: str) -> str:
    return "".join(
        re.findall(r"```python\n(.*?)```", (ROOT / "docs" / file).read_text(), re.DOTALL)
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site; a warning is an error, be it a link that leads nowhere or a docstring's."""
    built = tmp_path_factory.mktemp("docs")
    (said := built / "said").touch()
    # A fork of this process, in which much is imported already that the reference documents.
    forking = multiprocessing.get_context("fork")
    process = forking.Process(target=_build, args=(built,), daemon=True)
    process.start()
    process.join(120)
    process.kill()
    assert process.exitcode == 0, said.read_text()
    return built


def _build(target: Path) -> None:
    from sphinx.cmd.build import main

    flags = ["--fail-on-warning", "--keep-going", "--quiet"]
    places = ["-c", str(ROOT / "docs"), "-d", str(target / "cache"), str(ROOT), str(target)]
    with (
        (target / "said").open("w") as said,
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
    ):
        raise SystemExit(main([*flags, *places]))


@pytest.mark.process
def test_every_public_name_is_in_the_reference(site: Path) -> None:
    found = set(
        re.findall(r'id="tensorboard_fgsm\.(\w+)"', (site / "docs/reference.html").read_text())
    )
    assert found == set(tensorboard_fgsm.__all__)


@pytest.mark.process
def test_every_page_is_in_the_contents(site: Path) -> None:
    contents = (site / "docs/index.html").read_text()
    for page in (ROOT / "docs").glob("*.md"):
        if page.stem != "index":
            assert f'href="{page.stem}.html"' in contents, page.name


@pytest.mark.long
def test_the_tutorial_shows_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(script("tutorial.md"), {})
    said = capsys.readouterr().out
    shares = [float(share) for share in re.findall(r"([\d.]+)%", said)]
    clean, fooled, noisy = shares[:3]
    assert clean == pytest.approx(94, abs=2)
    assert fooled == pytest.approx(33, abs=8)
    assert clean - noisy == pytest.approx(3, abs=2)
    assert f"ε = 0.10: right on {fooled}%" in said
    standard, adversarial = (
        [step.record for step in read_steps(tmp_path / "runs") if (step.run, step.tag) == place][-1]
        for place in (("standard", "fgsm"), ("adversarial", "fgsm"))
    )
    at = standard.epsilons.index(0.2)
    assert standard.robust_accuracy[at] < 0.1
    assert adversarial.robust_accuracy[at] == pytest.approx(0.67, abs=0.1)
    (pgd,) = (step.record for step in read_steps(tmp_path / "runs") if step.tag == "pgd")
    assert pgd.robust_accuracy[1] < adversarial.robust_accuracy[at]


def test_the_tutorial_has_the_same_code_in_both_languages() -> None:
    one, other = map(script, TUTORIALS)
    assert one == other
