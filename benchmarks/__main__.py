"""Runs the benchmarks one after another and writes benchmarks/REPORT.md of what they print.

    python -m benchmarks            # on a machine that does nothing else
    python -m benchmarks --quick    # fewer rounds and smaller directories

Those of failures (kills, faults, load) and of the tab's frames (dashboard) are left to their own.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

REPORT = Path(__file__).with_name("REPORT.md")
MODULES = (
    "sweep",
    "precision",
    "perturb",
    "storage",
    "cost",
    "evaluation",
    "early_stop",
    "growth",
    "reading",
)
QUICKER = {"growth", "reading"}
PACKAGES = ("torch", "tensorboard", "torchattacks", "foolbox")


def heading() -> str:
    """When, where and with what it was measured."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return (
        f"# What the benchmarks gave\n\n{datetime.date.today()}, {platform.machine()}, "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; "
        f"Python {platform.python_version()}, {versions}. Figures are medians; brackets, if "
        "any, say between which values half of the rounds lie.\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", choices=MODULES, default=MODULES, metavar="NAME")
    options = parser.parse_args()
    parts, failed = [heading()], []
    for name in options.only:
        quick = ["--quick"] if options.quick and name in QUICKER else []
        print(f"benchmarks.{name} …", flush=True)
        command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", *quick]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        said = " ".join(["python -m", f"benchmarks.{name}", *quick])
        parts.append(f"## `{said}`\n\n{done.stdout.strip()}\n")
        if done.returncode:
            failed.append(name)
            parts.append(f"**It ended with status {done.returncode}.**\n")
        REPORT.write_text("\n".join(parts))
        print(done.stdout, flush=True)
    print(f"{REPORT} is written.")
    if failed:
        sys.exit(f"not kept, or broken off: {', '.join(failed)}")


if __name__ == "__main__":
    main()
