"""``tensorboard-fgsm doctor``: each reason why the tab does not appear, made really so."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.command import cli, doctor
from tests.networks import batch, convolutional

pytestmark = pytest.mark.process

HERE = Path(sys.executable)


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """``only(python)`` lets the shell find a ``tensorboard`` that this Python runs."""

    def put(python: Path, folder: str = "bin") -> Path:
        script = tmp_path / folder / "tensorboard"
        script.parent.mkdir()
        script.write_text(f"#!{python}\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", str(script.parent))
        return script

    return put


class Other:
    """Another environment, empty but for what is put into it."""

    def __init__(self, root: Path) -> None:
        venv.create(root)
        self.python = root / "bin" / "python"
        (self.packages,) = root.glob("lib/python*/site-packages")

    def put(self, name: str, version: str, points: str = "", **modules: str) -> None:
        """Puts a distribution there, with modules and entry points."""
        info = self.packages / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(points)
        for module, text in modules.items():
            path = self.packages / module.replace(".", "/")
            path.mkdir(parents=True, exist_ok=True)
            (path / "__init__.py").write_text(text)


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Other:
    monkeypatch.delenv("PYTHONPATH", raising=False)  # it would be the other one's, too
    return Other(tmp_path / "other")


def wrong(logdir: Path | None = None) -> list[str]:
    """What is found to be wrong, and what to do."""
    return [f"{each.what} -> {each.do}" for each in doctor.examine(logdir) if each.wrong]


def test_where_all_is_well_it_says_so(only, tmp_path: Path, capsys) -> None:
    only(HERE)
    with SummaryWriter(str(tmp_path / "runs" / "a")) as writer:
        FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(), step=3)
    cli.main(["doctor", str(tmp_path / "runs")])
    said = capsys.readouterr().out
    assert f"your shell starts {tmp_path / 'bin' / 'tensorboard'}: tensorboard " in said
    assert "that TensorBoard finds the FGSM plugin" in said
    assert "holds 1 steps of FGSM in 1 runs" in said
    assert "Nothing is wrong here. A TensorBoard that has run since" in said
    assert f"torch {torch.__version__.partition('+')[0]}" in said


def test_a_shell_without_tensorboard(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as end:
        cli.main(["doctor"])
    assert end.value.code == 1
    said = capsys.readouterr().out
    assert "your shell finds no `tensorboard` on its PATH" in said
    assert f"→ activate the environment, or start {sys.executable} -m tensorboard.main" in said
    assert "1 to mend" in said


def test_the_tensorboard_of_another_environment_that_does_not_have_the_plugin(
    only, other: Other
) -> None:
    other.put("tensorboard", "2.21.0", tensorboard="", **{"tensorboard.default": ""})
    only(other.python)
    (found,) = wrong()
    assert "does not find the FGSM plugin, which is installed in" in found
    assert f"{other.python} -m pip install tensorboard-plugin-fgsm, or start" in found


def test_two_tensorboards_in_one_environment(only, other: Other) -> None:
    for name in ("tensorboard", "tb-nightly"):
        other.put(name, "2.21.0", tensorboard="", **{"tensorboard.default": ""})
    only(other.python)
    assert "(tb-nightly 2.21.0, tensorboard 2.21.0), whose files overwrite each other" in wrong()[0]
    assert "pip uninstall -y tb-nightly tensorboard, then" in wrong()[0]


def test_an_older_tensorboard_beside_setuptools_82(only, other: Other) -> None:
    other.put(
        "tensorboard", "2.20.0", tensorboard="", **{"tensorboard.default": "import pkg_resources"}
    )
    other.put("setuptools", "82.0.1")
    only(other.python)
    assert (
        "TensorBoard 2.20.0 needs pkg_resources, which setuptools has no more from 82" in wrong()[0]
    )
    assert "'tensorboard>=2.21', or 'setuptools<82'" in wrong()[0]


def test_another_plugin_that_breaks_tensorboard(only, other: Other) -> None:
    other.put("tensorboard", "2.21.0", tensorboard="", **{"tensorboard.default": ""})
    points = "[tensorboard_plugins]\nnoisy = noisy:Plugin\n"
    other.put("noisy", "1.0", points, noisy="raise ValueError('boo')")
    only(other.python)
    assert any("another plugin, noisy, cannot be loaded" in each for each in wrong())
    assert any("ValueError: boo" in each for each in wrong())


def test_a_dashboard_that_is_not_built(only, other: Other) -> None:
    other.put("tensorboard", "2.21.0", tensorboard="", **{"tensorboard.default": ""})
    points = "[tensorboard_plugins]\nfgsm = tensorboard_fgsm.plugin:FGSMLoader\n"
    loader = "class FGSMLoader: pass"
    other.put(
        doctor.PACKAGE,
        "0.1.0",
        points,
        **{"tensorboard_fgsm": "", "tensorboard_fgsm.plugin": loader},
    )
    only(other.python)
    (found,) = wrong()
    assert "its dashboard is not built: " in found
    assert "plugin/static/index.js is missing" in found


def test_a_script_whose_python_is_gone(only, tmp_path: Path) -> None:
    only(tmp_path / "gone" / "python3")
    assert "which cannot be asked" in wrong()[0]


def test_what_a_log_directory_lacks(only, tmp_path: Path) -> None:
    only(HERE)
    (empty := tmp_path / "empty").mkdir()
    with SummaryWriter(str(tmp_path / "plain")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    said = [wrong(folder)[0] for folder in (empty, tmp_path / "plain", tmp_path / "none")]
    assert "holds no event file (events.out.tfevents.…)" in said[0]
    assert "and no step of FGSM in them: the tab hides until there is one" in said[1]
    assert "is no directory: give what tensorboard --logdir reads" in said[2]


def test_neither_doctor_nor_inspect_loads_torch(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom tensorboard_fgsm.command import cli\n"
        f"cli.main(['inspect', {str(tmp_path)!r}])\n"
        "from tensorboard_fgsm.command import doctor\n"
        "assert 'torch' not in sys.modules and 'torchvision' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
