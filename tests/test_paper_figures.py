"""The page on a paper's figures: its script makes them from what was really logged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tests.networks import batch, convolutional

PAGE = Path(__file__).parent.parent / "docs" / "paper-figures.md"


def test_the_script_makes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    for run, control in (("standard", True), ("robust", False)):
        with SummaryWriter(str(tmp_path / "runs" / run)) as writer:
            attack = FGSM(["2/255", "8/255"], control=control)
            logger = FGSMLogger(writer, attack, class_names=list("abcde"))
            for step in (0, 1):
                logger.log(convolutional(seed=step), *batch(), step=step)
    monkeypatch.chdir(tmp_path)
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    exec(script, {})
    for figure in ("robust-accuracy.pdf", "sample.pdf"):
        assert (tmp_path / figure).read_bytes().startswith(b"%PDF")
    table = capsys.readouterr().out
    assert table.count("\\\\") >= 3  # a row of heads, and one for each run
    assert "robust &" in table
    assert "standard &" in table
