"""What importing this package loads, in fresh interpreters; who may import whom is the contracts'
affair, in ``pyproject.toml``.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import tensorboard_fgsm


def modules_of(folder: str) -> list[str]:
    """One of our folders and the modules below it, by their names."""
    paths = [f"{path}/{folder}" for path in tensorboard_fgsm.__path__]
    name = f"tensorboard_fgsm.{folder}"
    return [name, *(module.name for module in pkgutil.walk_packages(paths, f"{name}."))]


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


@pytest.mark.parametrize("folder", ["format", "plugin"])
def test_what_tensorboard_and_the_reader_need_loads_no_torch(folder: str) -> None:
    names = modules_of(folder)
    modules = loaded(f"import {', '.join(names)}")
    assert modules >= set(names)
    assert not {"torch", "torchvision"} & modules


def test_the_public_names_load_neither_torchvision_nor_a_framework() -> None:
    modules = loaded(f"from tensorboard_fgsm import {', '.join(tensorboard_fgsm.__all__)}")
    assert "torch" in modules
    assert not {"torchvision", "accelerate", "ignite", "lightning", "transformers"} & modules


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
