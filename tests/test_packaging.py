"""What pip builds of an sdist: a working plugin, dashboard included."""

from __future__ import annotations

import configparser
import gzip
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_SOURCES = (".git", ".venv", "node_modules", "static", "build", "*.egg-info", "__pycache__")


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of a clean copy of the sources."""
    sources = tmp_path_factory.mktemp("sources") / "checkout"
    shutil.copytree(ROOT, sources, ignore=shutil.ignore_patterns(*NOT_SOURCES))
    target = tmp_path_factory.mktemp("sdist")
    code = "import sys; from setuptools import build_meta; build_meta.build_sdist(sys.argv[1])"
    command = [sys.executable, "-c", code, str(target)]
    built = subprocess.run(command, cwd=sources, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = target.glob("tensorboard_plugin_fgsm-*.tar.gz")
    return path


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that pip builds of the sdist, as ``pip install`` does: Node and all."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(target)]
    built = subprocess.run([*command, str(sdist)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = target.glob("tensorboard_plugin_fgsm-*.whl")
    return zipfile.ZipFile(path)


def metadata(wheel: zipfile.ZipFile, name: str) -> str:
    (path,) = (p for p in wheel.namelist() if p.endswith(f".dist-info/{name}"))
    return wheel.read(path).decode()


def test_the_wheel_ships_the_dashboard_and_its_types(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert "tensorboard_fgsm/py.typed" in names
    dashboard = wheel.read("tensorboard_fgsm/plugin/static/index.js")
    assert b"fgsm-app" in dashboard
    assert b"fgsm-app" in wheel.read("tensorboard_fgsm/command/static/page.js")
    modules = (ROOT / "tensorboard_fgsm").rglob("*.py")
    assert {path.relative_to(ROOT).as_posix() for path in modules} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]


def test_the_wheel_ships_what_the_dashboard_loads(wheel: zipfile.ZipFile) -> None:
    static = "tensorboard_fgsm/plugin/static/"
    shipped = {name for name in wheel.namelist() if name.startswith(static)}
    scripts = {name for name in shipped if name.endswith(".js")}
    loaded = re.findall(rb"[\w-]+-[\w-]{8}\.js", b"".join(map(wheel.read, scripts)))
    assert loaded
    names = {static + "index.js", *(f"{static}assets/{name.decode()}" for name in loaded)}
    assert scripts == names
    assert shipped == names | {f"{name}.gz" for name in names}
    for name in names:
        assert gzip.decompress(wheel.read(f"{name}.gz")) == wheel.read(name)


def test_the_wheel_registers_the_plugin_and_the_command(wheel: zipfile.ZipFile) -> None:
    entries = configparser.ConfigParser()
    entries.read_string(metadata(wheel, "entry_points.txt"))
    assert entries["tensorboard_plugins"]["fgsm"] == "tensorboard_fgsm.plugin:FGSMLoader"
    assert entries["console_scripts"]["tensorboard-fgsm"] == "tensorboard_fgsm.command.cli:main"


def test_the_plugin_forces_no_torch_on_who_only_looks(wheel: zipfile.ZipFile) -> None:
    required = HeaderParser().parsestr(metadata(wheel, "METADATA")).get_all("Requires-Dist", [])
    always = [requirement for requirement in required if "extra ==" not in requirement]
    assert not [requirement for requirement in always if requirement.startswith("torch")]


def test_the_bundle_loads_nothing_from_elsewhere(wheel: zipfile.ZipFile) -> None:
    dashboard = wheel.read("tensorboard_fgsm/plugin/static/index.js").decode()
    dashboard += wheel.read("tensorboard_fgsm/command/static/page.js").decode()
    assert "//cdn" not in dashboard
    assert "fonts.googleapis" not in dashboard
    assert "eval(" not in dashboard
