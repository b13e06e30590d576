"""What the README says is true: the script runs, the routes and the fields are all there."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from torch.utils.tensorboard import SummaryWriter

import tensorboard_fgsm
from tensorboard_fgsm import read_steps
from tensorboard_fgsm.format import record
from tensorboard_fgsm.plugin import FGSMPlugin
from tests.networks import batch, convolutional

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def section(title: str, text: str = README) -> str:
    return re.split(r"^## ", text.split(f"## {title}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


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


def test_every_route_is_documented() -> None:
    context = SimpleNamespace(data_provider=None, flags=None)
    routes = {route.strip("/") for route in FGSMPlugin(context).get_plugin_apps()}
    documented = set(first_cells(section("HTTP routes")))
    assert documented == {"runs", "steps", "curves", "record", "picture", "pictures", "index.js"}
    assert documented <= routes


def test_every_field_of_a_record_is_documented() -> None:
    text = section("The record format")
    assert set(first_cells(text)) == set(record.Record.__struct_fields__)
    for struct in (
        record.Attack,
        record.Caveat,
        record.Gradient,
        record.Picture,
        record.Sample,
        record.Prediction,
        record.ClassCounts,
        record.Outcome,
    ):
        for field in msgspec.structs.fields(struct):
            assert f"`{field.name}`" in text, field.name


def test_every_public_name_is_documented() -> None:
    documented = set(first_cells(section("Log")))
    assert documented == set(tensorboard_fgsm.__all__) - {"LoggedStep"}


def test_files_that_are_linked_are_there() -> None:
    for file in ("README.md", "README.ko.md"):
        text = (ROOT / file).read_text()
        for link in re.findall(r"\]\((?!http)([^)#]+)\)|(?:src|srcset)=\"([^\"]+)\"", text):
            assert (ROOT / "".join(link)).is_file(), link
