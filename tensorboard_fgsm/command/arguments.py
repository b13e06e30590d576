"""Arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tensorboard_fgsm.command.failure import CommandError, one_line_errors
from tensorboard_fgsm.format.logdir import log_directory


def _read(text: str) -> Path:
    with one_line_errors(debug=False):
        try:
            return log_directory(text)
        except ValueError as error:  # fsspec knows no such protocol
            raise CommandError(f"{text} is no directory: {error}") from error


Logdir = Annotated[
    Path,
    typer.Argument(
        parser=_read,
        metavar="LOGDIR",
        help="What you give to tensorboard --logdir; also an address such as s3://bucket/runs.",
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
