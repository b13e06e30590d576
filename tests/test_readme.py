"""What README and docs say is true: the script runs, the routes and the fields are all there."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
import torch
from torch.utils.tensorboard import SummaryWriter

import tensorboard_fgsm
from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.format import record
from tensorboard_fgsm.format.class_counts import ClassCounts, Outcome
from tensorboard_fgsm.format.sample import Prediction, Sample
from tensorboard_fgsm.plugin import FGSMPlugin
from tests.networks import batch, convolutional

ROOT = Path(__file__).parent.parent


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text()


def snippet(text: str) -> str:
    """The one piece of Python in a text that says less than a whole script."""
    (code,) = re.findall(r"```py\n(.*?)```", text, re.DOTALL)
    return code


def first_cells(text: str) -> list[str]:
    """The names in the first column of the tables of a section."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([\w.]+)", row.split("|")[1])]


@pytest.mark.parametrize("file", ["README.md", "README.ko.md"])
def test_the_training_script_runs(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", (ROOT / file).read_text(), re.DOTALL)
    inputs, labels = batch()
    names = {
        "model": convolutional(),
        "train": lambda model: model.train(),
        "inputs": inputs,
        "labels": labels,
        "mean": None,
        "std": None,
        "class_names": list("abcde"),
        "epochs": 2,
    }
    monkeypatch.setattr(
        "torch.utils.tensorboard.SummaryWriter", lambda: SummaryWriter(str(tmp_path))
    )
    exec(script, names)
    names["writer"].close()
    assert [step.step for step in read_steps(tmp_path)] == [0, 1]


@pytest.mark.parametrize("file", ["README.md", "README.ko.md"])
def test_the_reading_script_reads(
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with SummaryWriter(str(tmp_path / "runs")) as writer:
        logger = FGSMLogger(writer, FGSM([0.1]))
        logger.log(convolutional(), *batch(), step=7)
    monkeypatch.chdir(tmp_path)
    exec(snippet((ROOT / file).read_text()), {})
    assert re.search(r"^\. 7 .*accuracy", capsys.readouterr().out)


def test_the_snippets_of_the_docs_run(tmp_path: Path) -> None:
    inputs, labels = batch()
    model = convolutional()
    names = {
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
        "model": model,
        "inputs": inputs,
        "labels": labels,
    }
    exec(snippet(page("attacks")), names)
    robust = names["attack"].sweep(model.eval(), inputs, labels).robust_accuracy
    assert len(robust) == 2
    names |= {"attack": FGSM([0.1]), "epsilon": 0.1, "functional": torch.nn.functional}
    exec(snippet(page("logging")), names)
    with SummaryWriter(str(tmp_path)) as writer:
        names |= {"writer": writer, "other_model": convolutional(seed=1), "model": model.eval()}
        exec(snippet(page("compare-models")), names)
    assert [step.tag for step in read_steps(tmp_path)] == ["transfer", "white-box"]
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_every_route_is_documented() -> None:
    context = SimpleNamespace(data_provider=None, flags=None)
    routes = {route.strip("/") for route in FGSMPlugin(context).get_plugin_apps()}
    documented = set(first_cells(page("routes")))
    expected = {"opening", "runs", "steps", "curves", "record", "picture", "pictures", "index.js"}
    assert documented == expected
    assert documented <= routes


def test_every_field_of_a_record_is_documented() -> None:
    text = page("record-format")
    assert set(first_cells(text)) == set(record.Record.__struct_fields__)
    for struct in (
        record.Attack,
        record.Caveat,
        record.Gradient,
        record.Picture,
        Sample,
        Prediction,
        ClassCounts,
        Outcome,
    ):
        for field in msgspec.structs.fields(struct):
            assert f"`{field.name}`" in text, field.name


def test_every_public_name_is_documented() -> None:
    documented = set(first_cells(page("logging").split("## The public names")[1]))
    assert documented == set(tensorboard_fgsm.__all__) - {"LoggedStep"}


def test_files_that_are_linked_are_there() -> None:
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    assert len(files) > 10
    for file in files:
        text = file.read_text()
        for link in re.findall(r"\]\((?!http)([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", text):
            assert (file.parent / "".join(link)).is_file(), f"{file.name}: {link}"
