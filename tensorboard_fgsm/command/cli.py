"""The command line: ``tensorboard-fgsm demo``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs ``tensorboard-fgsm``.

    Args:
        arguments: the words after the command; by default the process's own.

    Raises:
        SystemExit: with a message, where an argument or the installation is at fault.
    """
    parser = argparse.ArgumentParser(
        prog="tensorboard-fgsm", description="FGSM adversarial examples in TensorBoard"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser(
        "demo",
        help="attack real models on real pictures and open the result in TensorBoard",
        description="Attacks an ImageNet classifier on photographs, trains two networks on MNIST, "
        "one of them robust, and opens TensorBoard. Needs no download.",
    )
    demo.add_argument(
        "--logdir", type=Path, help="an empty or new directory (default: a temporary one)"
    )
    demo.add_argument(
        "--port", type=int, help="TensorBoard's port (default: 6006, or the next free one)"
    )
    demo.add_argument(
        "--no-serve", dest="serve", action="store_false", help="only write the event files"
    )
    demo.set_defaults(run=_demo)
    options = parser.parse_args(arguments)
    options.run(options)


def _demo(options: argparse.Namespace) -> None:
    logdir = options.logdir or Path(tempfile.mkdtemp(prefix="tensorboard-fgsm-"))
    if logdir.exists() and (not logdir.is_dir() or any(logdir.iterdir())):
        sys.exit(f"--logdir {logdir} is not empty: give a new directory, so that nothing is mixed")
    if options.port is not None and not 0 <= options.port < 2**16:
        sys.exit(f"--port is from 0 to 65535, got {options.port}")
    try:
        from tensorboard_fgsm.command import demo

        demo.log_photos(logdir)
        demo.log_digits(logdir)
    except ModuleNotFoundError as error:
        sys.exit(f"the demo needs {error.name}: pip install 'tensorboard-plugin-fgsm[demo]'")
    print(f"Event files: {logdir}", flush=True)
    if options.serve:
        _serve(logdir, options.port)


def _serve(logdir: Path, port: int | None) -> None:
    """Runs TensorBoard until it is interrupted."""
    from tensorboard import default, program

    server = program.TensorBoard(default.get_plugins())
    server.configure(logdir=str(logdir), port=port)
    url = server.launch()
    print(f"TensorBoard: {url}#fgsm&p.fgsm.epsilon=0.007 (Ctrl+C ends it)", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
