"""A directory for each run, in which nothing was before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm.command.failure import CommandError


def new_run(logdir: Path, name: str) -> Path:
    """Makes the directory of a run: ``logdir/name``, or ``name-2`` and so on where there is one.

    Raises:
        CommandError: it cannot be made.
    """
    number = 1
    while True:
        path = logdir / (name if number == 1 else f"{name}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError as error:
            if not path.is_dir():
                raise CommandError(f"{path} is a file: give another --logdir or --name") from error
            number += 1
        except OSError as error:
            raise CommandError(
                f"{path} cannot be made ({error.strerror}): give another --logdir"
            ) from error
        else:
            return path


@contextlib.contextmanager
def writer_in(path: Path) -> Iterator[SummaryWriter]:
    """Gives a writer, closed in any case, so that its file is whole; and takes a run in which
    nothing was logged away again.
    """
    writer = SummaryWriter(str(path))
    try:
        with writer:
            yield writer
    except BaseException:
        with contextlib.suppress(OSError):
            for file in path.glob("events.out.tfevents.*"):
                file.unlink()
            path.rmdir()
        raise
