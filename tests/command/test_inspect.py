"""``tensorboard-fgsm inspect``: what is logged, and what is damaged, for people and programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.command import cli
from tests.format.event_files import blobs_of
from tests.format.test_reader import events, rewrite
from tests.networks import batch, convolutional


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("runs")
    for run in ("sound", "torn/[red]"):
        with SummaryWriter(str(root / run)) as writer:
            logger = FGSMLogger(writer, FGSM(["2/255", "8/255"]), max_samples=2)
            for step in (0, 5, 9):
                logger.log(convolutional().eval(), *batch(), step=step)
    (path,) = (root / "torn").rglob("*tfevents*")
    changed = events(path)
    blobs = blobs_of(changed)
    blobs[1][1] = blobs[1][1][:30] + bytes([blobs[1][1][30] ^ 255]) + blobs[1][1][31:]
    rewrite(path, changed)
    return root


def test_a_table_tells_people(logdir: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    with pytest.raises(SystemExit) as end:
        cli.main(["inspect", str(logdir)])
    assert end.value.code == 1
    said = capsys.readouterr().out
    for text in ("2 event files", "sound", "torn/[red]", "3: 0–9", "FGSM at 2 ε", "6 pictures"):
        assert text in said
    assert "damaged: torn/[red]/events.out.tfevents" in said
    assert "step 5: the original of sample 0 is damaged" in said


def test_json_tells_programs(logdir: Path, capsys) -> None:
    cli.main(["inspect", "--json", str(logdir / "sound")])
    found = json.loads(capsys.readouterr().out)
    assert found["damage"] == []
    (file,) = found["files"]
    assert file["bytes"] == (logdir / "sound" / file["file"]).stat().st_size
    (series,) = found["series"]
    assert (series["run"], series["tag"], series["steps"]) == (".", "fgsm", [0, 5, 9])
    assert series["versions"] == [1]
    assert series["last"]["epsilons"] == [2 / 255, 8 / 255]
    assert (series["last"]["count"], series["last"]["samples"]) == (6, 2)
    with pytest.raises(SystemExit):
        cli.main(["inspect", "--json", str(logdir)])
    (damage,) = json.loads(capsys.readouterr().out)["damage"]
    assert damage["byte"] > 0
    assert "step 5" in damage["what"]


def test_nothing_and_nowhere_are_said(tmp_path: Path, capsys) -> None:
    cli.main(["inspect", str(tmp_path)])
    assert "Nothing was logged here" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="is no directory: give what tensorboard --logdir reads"):
        cli.main(["inspect", str(tmp_path / "nowhere")])
