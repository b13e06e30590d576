"""Log directories behind an address: the same steps as on the disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.command import cli
from tests.format.event_files import blobs_of, events, rewrite
from tests.networks import batch, convolutional

ADDRESS = "memory://bucket/runs"


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Path]:
    """Logs two runs, the second damaged at its last step; they lie in an object store, too."""
    for run in ("a/deep", "b"):
        with SummaryWriter(str(tmp_path / run)) as writer:
            logger = FGSMLogger(writer, FGSM([0.1]), max_samples=2)
            for step in (0, 5):
                logger.log(convolutional(), *batch(), step=step)
    (path,) = (tmp_path / "b").glob("*tfevents*")
    changed = events(path)
    blobs = blobs_of(changed)
    blobs[1][0] = blobs[1][0][:-30]
    rewrite(path, changed)
    store = fsspec.filesystem("memory")
    store.put(str(tmp_path), "/bucket/runs", recursive=True)
    store.pipe("/bucket/runs/notes.txt", b"tfevents")
    yield tmp_path
    store.rm("/bucket", recursive=True)


def test_what_an_object_store_has_is_read_as_from_the_disk(remote: Path) -> None:
    with pytest.warns(RuntimeWarning, match="skipped"):
        local = list(read_steps(remote))
    with pytest.warns(RuntimeWarning, match=rf"^{ADDRESS}/b/events.*step 5.*skipped$"):
        found = list(read_steps(ADDRESS))
    places = [(step.run, step.tag, step.step) for step in found]
    assert places == [("a/deep", "fgsm", 0), ("a/deep", "fgsm", 5), ("b", "fgsm", 0)]
    for one, other in zip(local, found, strict=True):
        assert one.record == other.record
        assert one.stored(1) == other.stored(1)


def test_the_commands_take_an_address(remote: Path, tmp_path: Path, capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["inspect", ADDRESS])
    assert "damaged: b/events.out.tfevents" in capsys.readouterr().out
    cli.main(["export", ADDRESS, str(tmp_path / "page.html"), "--run", "a/deep"])
    assert "2 steps of 1 runs" in capsys.readouterr().out
    assert b"<title>FGSM: runs</title>" in (tmp_path / "page.html").read_bytes()


def test_an_address_where_nothing_is_is_refused() -> None:
    with pytest.raises(FileNotFoundError, match="memory://nothing is no directory"):
        list(read_steps("memory://nothing"))
    with pytest.raises(SystemExit, match="tensorboard-fgsm: nowhere://runs"):
        cli.main(["inspect", "nowhere://runs"])


def test_without_what_reads_it_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install '.*\[remote\]'"):
        list(read_steps("s3://bucket/runs"))
