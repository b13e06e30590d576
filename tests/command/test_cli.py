"""The command line, and the demo on its real pictures."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tensorboard_fgsm import read_steps
from tensorboard_fgsm.command import cli
from tests.servers import eventually

pytestmark = pytest.mark.filterwarnings("ignore")  # other packages' own, while they load


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo writes."""
    logdir = tmp_path_factory.mktemp("demo")
    cli.main(["demo", "--logdir", str(logdir), "--no-serve"])
    return logdir


def test_the_demo_shows_a_figure_like_the_pandas(logdir: Path) -> None:
    (step,) = read_steps(logdir / "imagenet")
    record = step.record
    assert record.class_names is not None
    panda = record.epsilons.index(0.007)
    confident = [
        sample
        for sample in record.samples
        if sample.clean.probabilities[0] > 0.9
        and sample.flipped(panda)
        and sample.adversarial[panda].probabilities[0] > 0.6
    ]
    names = [
        (record.class_names[s.label], record.class_names[s.adversarial[panda].classes[0]])
        for s in confident
    ]
    assert ("tripod", "harmonica") in names
    assert record.clean_accuracy > 0.8
    assert record.robust_accuracy[panda] < 0.2


def test_the_demos_two_networks_come_apart(logdir: Path) -> None:
    final = {
        step.run: step.record for step in read_steps(logdir / "mnist") if step.record.logged == 6
    }
    strong = final["standard"].epsilons.index(0.25)
    assert final["standard"].clean_accuracy > 0.9
    assert final["adversarial"].clean_accuracy > 0.9
    assert (
        final["adversarial"].robust_accuracy[strong]
        > final["standard"].robust_accuracy[strong] + 0.3
    )
    assert final["standard"].count == 500
    for record in final.values():
        assert record.alignment is not None
        assert record.check is not None
    # PGD leaves nothing of the one network, and of the other what was trained for.
    held = {run: record.check.held[strong] / 50 for run, record in final.items()}
    assert held["standard"] < 0.1 < 0.4 < held["adversarial"]


def test_the_demo_shows_the_control_exact_flips_and_a_stronger_attack(logdir: Path) -> None:
    steps = list(read_steps(logdir))
    (photos,) = (step.record for step in steps if step.tag == "fgsm/photos")
    assert photos.attack.refine == 6
    assert photos.control_accuracy is not None
    assert min(photos.control_accuracy) > max(photos.robust_accuracy)
    left = {
        (step.run, step.tag): step.record.robust_accuracy[step.record.epsilons.index(0.25)]
        for step in steps
        if step.step == 5
    }
    for run in ("mnist/standard", "mnist/adversarial"):
        assert left[run, "fgsm/digits-pgd"] < left[run, "fgsm/digits"] - 0.1
    # Of the two networks, training has helped the one under this attack, too.
    assert left["mnist/adversarial", "fgsm/digits-pgd"] > 0.3


def test_the_demo_warns_of_nothing_that_would_make_its_numbers_wrong(logdir: Path) -> None:
    codes = {caveat.code for step in read_steps(logdir) for caveat in step.record.warnings}
    assert codes <= {"rises", "check-below"}  # which FGSM may do honestly


def test_the_demo_mixes_nothing_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("")
    with pytest.raises(SystemExit, match="is not empty: give a new directory"):
        cli.main(["demo", "--logdir", str(tmp_path), "--no-serve"])


def test_a_port_out_of_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--port is from 0 to 65535, got 70000"):
        cli.main(["demo", "--logdir", str(tmp_path), "--port", "70000"])


def test_without_the_demos_packages_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "tensorboard_fgsm.command.demo", raising=False)
    monkeypatch.delattr("tensorboard_fgsm.command.demo", raising=False)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(
        SystemExit, match=r"needs tqdm: pip install 'tensorboard-plugin-fgsm\[demo\]'"
    ):
        cli.main(["demo", "--logdir", str(tmp_path), "--no-serve"])


def test_it_serves_the_tab_and_prints_its_address(logdir: Path) -> None:
    code = f"from tensorboard_fgsm.command import cli; cli._serve({str(logdir)!r}, 0)"
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert running.stdout is not None
        found = re.match(
            r"TensorBoard: (http://\S+/)#fgsm&p.fgsm.epsilon=0.007 ", running.stdout.readline()
        )
        assert found

        def runs() -> bytes:
            with urllib.request.urlopen(f"{found[1]}data/plugin/fgsm/runs") as answer:
                return answer.read()

        eventually(runs, lambda answer: answer.count(b'"run"') == 3)
    finally:
        running.terminate()
        running.wait(20)
