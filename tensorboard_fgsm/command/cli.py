"""The command line, ``tensorboard-fgsm``: its commands and their help."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import tensorboard_fgsm
from tensorboard_fgsm.command.arguments import Debug, Logdir
from tensorboard_fgsm.command.attack_command import attack
from tensorboard_fgsm.command.export_command import export
from tensorboard_fgsm.command.failure import FAILED, one_line_errors

app = typer.Typer(
    name="tensorboard-fgsm",
    help="FGSM adversarial examples in TensorBoard.",
    epilog="Exit codes: 0 done, 1 an error or a finding, 2 a command that is not understood, "
    "130 interrupted.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(attack)
app.command()(export)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs ``tensorboard-fgsm``.

    Args:
        arguments: the words after the command; by default the process's own.

    Raises:
        SystemExit: with a message or code 1, where an argument, the installation or what was looked
            at is at fault; 2, where the command is not understood; 130, where it was interrupted.
    """
    try:
        app(None if arguments is None else list(arguments), prog_name="tensorboard-fgsm")
    except SystemExit as end:
        if end.code:
            raise


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    if version:
        print(f"tensorboard-fgsm {tensorboard_fgsm.__version__}")
        raise typer.Exit


@app.command()
def demo(
    logdir: Annotated[
        Path | None,
        typer.Option(help="An empty or new directory; by default a temporary one."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="TensorBoard's port; by default 6006, or the next free one."),
    ] = None,
    serve: Annotated[bool, typer.Option(" /--no-serve", help="Only write the event files.")] = True,
) -> None:
    """Attack real models on real pictures and open the result in TensorBoard.

    Attacks an ImageNet classifier on photographs, trains two networks on MNIST, one of them robust,
    and opens TensorBoard. Needs no download.

    [cyan]tensorboard-fgsm demo[/]
    """
    logdir = logdir or Path(tempfile.mkdtemp(prefix="tensorboard-fgsm-"))
    if logdir.exists() and (not logdir.is_dir() or any(logdir.iterdir())):
        sys.exit(f"--logdir {logdir} is not empty: give a new directory, so that nothing is mixed")
    if port is not None and not 0 <= port < 2**16:
        sys.exit(f"--port is from 0 to 65535, got {port}")
    try:
        from tensorboard_fgsm.command import demo

        demo.log_photos(logdir)
        demo.log_digits(logdir)
    except ModuleNotFoundError as error:
        sys.exit(f"the demo needs {error.name}: pip install 'tensorboard-plugin-fgsm[demo]'")
    print(f"Event files: {logdir}", flush=True)
    if serve:
        _serve(logdir, port)


@app.command()
def doctor(
    logdir: Annotated[
        Path | None, typer.Argument(help="What you give to tensorboard --logdir.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Find out why the FGSM tab does not appear.

    Looks at the `tensorboard` that your shell starts, whether that one finds the plugin and its
    dashboard, and at what is in a log directory. Says what to do, a line a finding, and ends with
    code 1 where something is wrong.

    [cyan]tensorboard-fgsm doctor runs/[/]
    """
    from tensorboard_fgsm.command import doctor

    with one_line_errors(debug):
        findings = doctor.examine(logdir)
        doctor.show(findings)
        if any(finding.wrong for finding in findings):
            sys.exit(FAILED)


@app.command()
def inspect(
    logdir: Logdir,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    debug: Debug = False,
) -> None:
    """Show what is logged in a directory: runs, tags, steps, sizes, versions, and what is damaged.

    Every event, record and picture is checked against its checksum. Ends with code 1 where one is
    damaged.

    [cyan]tensorboard-fgsm inspect runs/[/]
    """
    from tensorboard_fgsm.command import inspection

    with one_line_errors(debug):
        found = inspection.inspect(logdir)
        inspection.show(found, as_json=json)
        if found.damage:
            sys.exit(FAILED)


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
