"""What goes wrong at the command line: one line that says what to do, and an exit code."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

FAILED = 1
"""An error, or something that ``doctor`` or ``inspect`` found to be wrong."""
INTERRUPTED = 130
"""Ctrl-C, as shells count it."""


class CommandError(Exception):
    """What whoever typed the command can mend; the message says how, in one line."""


@contextlib.contextmanager
def one_line_errors(debug: bool) -> Iterator[None]:
    """Turns what is raised into one line on stderr and an exit code.

    Args:
        debug: let the error through, traceback and all.

    Raises:
        SystemExit: with the line, and code 1; or 130 after Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        if debug:
            raise
        print(f"tensorboard-fgsm: interrupted{_more(error)}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # whoever read the output has had enough
        raise
    except Exception as error:
        if debug:
            raise
        sys.exit(f"tensorboard-fgsm: {sentence_of(error)}")


def sentence_of(error: BaseException) -> str:
    """Returns what an error says, in one line."""
    said = " ".join(str(error).split())
    if isinstance(error, CommandError):
        return said
    if isinstance(error, ModuleNotFoundError) and "pip install" not in said:
        return f"{said} ({_DEBUG})"
    # Errors of our own library are sentences; those of others begin with their kind.
    ours = isinstance(error, TypeError | ValueError | ModuleNotFoundError)
    return said if ours and said else f"{type(error).__name__}: {said or 'no message'} ({_DEBUG})"


_DEBUG = "--debug shows where"


def _more(error: BaseException) -> str:
    said = " ".join(str(error).split())
    return f": {said}" if said else ""
