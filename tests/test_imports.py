"""Who may import whom: each module in a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tensorboard_fgsm

PACKAGE = Path(tensorboard_fgsm.__file__).parent

ALLOWED = {
    "__init__": set(),
    "record": set(),
    "pixels": set(),
    "checks": set(),
    "prepared": set(),
    "buffers": set(),
    "randomness": set(),
    "model": {"buffers", "checks", "prepared", "randomness"},
    "loss": set(),
    "iterated": {"grid", "loss"},
    "settings": set(),
    "foreign": {"settings"},
    "adapters": {"foreign"},
    "grid": set(),
    "normalisation": set(),
    "tally": {"record"},
    "sweep": {"checks", "grid", "tally"},
    "caveats": {"record", "tally"},
    "target": {"checks"},
    "perturbation": {"checks", "grid", "loss", "model", "target"},
    "attack": {
        *("caveats", "checks", "grid", "loss", "model", "normalisation", "perturbation"),
        *("sweep", "tally", "target"),
    },
    "per_epsilon": {
        *("attack", "caveats", "checks", "grid", "model", "normalisation", "settings", "sweep"),
        "tally",
    },
    "entry": {"attack", "model", "per_epsilon", "pixels", "record", "sweep", "tally"},
    "peers": set(),
    "shard": {"peers", "prepared"},
    "batches": {"checks", "prepared", "shard"},
    "choice": {"batches", "checks", "peers", "shard", "sweep"},
    "evaluation": {
        *("attack", "batches", "caveats", "checks", "choice", "model", "peers", "per_epsilon"),
        *("pixels", "record", "sweep", "tally"),
    },
    "summary": {"record", "pixels"},
    "reader": {"record", "pixels", "summary"},
    "logger": {
        *("attack", "batches", "caveats", "checks", "choice", "entry", "evaluation", "model"),
        *("peers", "per_epsilon", "pixels", "randomness", "record", "shard", "summary", "sweep"),
        "tally",
    },
    "query": set(),
    "store": {"record", "summary"},
    "plugin": {"pixels", "query", "record", "store", "summary"},
    "demo": {"attack", "iterated", "logger", "per_epsilon"},
    "integrations": set(),
    "integrations.series": {"attack", "logger", "model", "peers", "per_epsilon"},
    "integrations.accelerate": set(),
    "integrations.ignite": {
        *("attack", "batches", "integrations.series", "model", "peers", "per_epsilon"),
    },
    "integrations.lightning": {
        *("attack", "batches", "integrations.series", "peers", "per_epsilon"),
    },
    "integrations.transformers": {"attack", "batches", "integrations.series", "per_epsilon"},
    "cli": {"demo"},
    "__main__": {"cli"},
}
"""Imports run one way: which of our modules each module may import."""

WITH_TORCH = {
    *("adapters", "attack", "batches", "buffers", "caveats", "checks", "choice", "demo", "entry"),
    "randomness",
    *("evaluation", "foreign", "grid", "iterated", "peers", "prepared", "shard"),
    *("logger", "loss", "model", "normalisation", "per_epsilon", "perturbation"),
    *("sweep", "tally", "target"),
}

FRAMEWORKS = {
    "integrations.accelerate": "accelerate",
    "integrations.ignite": "ignite",
    "integrations.lightning": "lightning",
    "integrations.transformers": "transformers",
}
"""What a module needs that no other of ours does."""

WITHOUT_TORCH = sorted(
    set(ALLOWED) - WITH_TORCH - set(FRAMEWORKS) - {"integrations.series", "__main__", "__init__"}
)


def name_of(path: Path) -> str:
    """A file's name as a module below the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


PATHS = {name_of(path): path for path in PACKAGE.rglob("*.py")}


def ours(path: Path) -> set[str]:
    """The modules of this package that a file imports while it runs, at the top or inside."""
    found: set[str] = set()
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            node.body.clear()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "tensorboard_fgsm":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "tensorboard_fgsm."
        ):
            found.add((node.module or "").removeprefix("tensorboard_fgsm."))
    return found


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


def test_every_module_has_its_rule() -> None:
    assert set(PATHS) == set(ALLOWED)


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_a_module_imports_only_what_its_rule_allows(module: str) -> None:
    assert ours(PATHS[module]) <= ALLOWED[module]


@pytest.mark.parametrize("module", WITHOUT_TORCH)
def test_a_module_for_those_without_torch_loads_none(module: str) -> None:
    modules = loaded(f"import tensorboard_fgsm.{module}")
    assert f"tensorboard_fgsm.{module}" in modules
    assert not {"torch", "torchvision"} & modules


@pytest.mark.parametrize("module", sorted(WITH_TORCH))
def test_no_module_loads_torchvision_when_imported(module: str) -> None:
    assert "torchvision" not in loaded(f"import tensorboard_fgsm.{module}")


@pytest.mark.parametrize("module", sorted(ALLOWED))
def test_no_module_imports_a_framework_but_its_own(module: str) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(PATHS[module].read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
    }
    assert imported & set(FRAMEWORKS.values()) <= {FRAMEWORKS.get(module)}


def test_the_reader_needs_no_torch() -> None:
    assert "torch" not in loaded("from tensorboard_fgsm import read_steps")


def test_the_plugin_loads_no_picture_formats() -> None:
    modules = loaded("import tensorboard_fgsm.plugin")
    assert not {name for name in modules if name.startswith("PIL.") and name.endswith("Plugin")}


def test_the_public_names_are_there() -> None:
    assert set(tensorboard_fgsm.__all__) <= set(dir(tensorboard_fgsm))
    for name in tensorboard_fgsm.__all__:
        assert getattr(tensorboard_fgsm, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tensorboard_fgsm.nothing


def test_without_torch_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "try:\n    from tensorboard_fgsm import FGSM\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert "pip install 'tensorboard-plugin-fgsm[torch]'" in output
