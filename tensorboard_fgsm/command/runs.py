"""A directory for each run, in which nothing was before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm.command.failure import CommandError


@contextlib.contextmanager
def new_run(logdir: Path, name: str) -> Iterator[tuple[Path, SummaryWriter]]:
    """Gives a new directory, ``logdir/name``, or ``name-2`` and so on where there is one, and a
    writer in it, closed in any case, so that its file is whole.

    A run in which nothing was logged, because of an error or an interrupt, is taken away again.

    Raises:
        CommandError: the directory cannot be made.
    """
    path = None
    try:
        path = _made(logdir, name)
        with SummaryWriter(str(path)) as writer:
            yield path, writer
    except BaseException:
        if path is not None:
            with contextlib.suppress(OSError):
                for file in path.glob("events.out.tfevents.*"):
                    file.unlink()
                path.rmdir()
        raise


def _made(logdir: Path, name: str) -> Path:
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
