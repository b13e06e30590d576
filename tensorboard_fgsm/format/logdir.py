"""A log directory and the event files in it: on this machine, or wherever fsspec reads, such as in
an object store.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast


def log_directory(logdir: str | Path) -> Path:
    """Returns a directory of this machine, or one behind an address such as ``s3://bucket/runs``.

    The latter is no ``Path`` but has its methods, as far as they are needed to read.

    Raises:
        ModuleNotFoundError: an address, for which ``universal_pathlib`` is needed.
    """
    if not isinstance(logdir, str) or "://" not in logdir:
        return logdir if not isinstance(logdir, str) else Path(logdir)
    try:
        from upath import UPath
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{logdir} is read by fsspec: pip install 'tensorboard-plugin-fgsm[remote]', and what "
            "fsspec needs for it, such as s3fs"
        ) from error
    return cast(Path, UPath(logdir))


def event_files(root: Path, unlisted: Callable[[str, str], None]) -> dict[Path, list[Path]]:
    """Finds the event files of each directory, behind links, too, as TensorBoard does.

    Args:
        root: the log directory.
        unlisted: hears of a directory that cannot be read, and why.
    """
    return _local(root, unlisted) if isinstance(root, Path) else _remote(root, unlisted)


def _local(root: Path, unlisted: Callable[[str, str], None]) -> dict[Path, list[Path]]:
    def refused(error: OSError) -> None:
        unlisted(error.filename, str(error.strerror))

    files: dict[Path, list[Path]] = {}
    visited: set[tuple[int, int]] = set()
    for directory, below, names in os.walk(root, onerror=refused, followlinks=True):
        try:
            status = os.stat(directory)
        except OSError as error:
            refused(error)
            continue
        if (status.st_dev, status.st_ino) in visited:
            below.clear()  # a link that leads back up
            continue
        visited.add((status.st_dev, status.st_ino))
        paths = (Path(directory, name) for name in sorted(names) if _is_event_file(name))
        if found := [path for path in paths if os.path.isfile(path)]:
            files[Path(directory)] = found
    return files


def _remote(root: Any, unlisted: Callable[[str, str], None]) -> dict[Path, list[Path]]:
    def refused(error: OSError) -> None:
        unlisted(str(root), str(error))

    found = {
        directory: [directory / name for name in sorted(names) if _is_event_file(name)]
        for directory, _, names in root.walk(on_error=refused)
    }
    return {directory: files for directory, files in found.items() if files}


def _is_event_file(name: str) -> bool:
    return "tfevents" in name
