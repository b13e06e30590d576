"""The processes of a ``torch.distributed`` job: what they tell each other.

They speak over a gloo group of their own: on the CPU, whatever the job's backend is, and out of the
way of a sharded model's collectives.
"""

from __future__ import annotations

import atexit
import contextlib
import weakref
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import torch
from torch import distributed

Value = TypeVar("Value")

_CHUNK = 2**22
"""How many counts are summed at a time: 32 MiB."""

PATIENCE = timedelta(minutes=30)
"""How long a process waits for the others, whose shards may be larger."""

_groups: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
"""Our group of each job, by the job's own. It ends with that one; and where something holds that
one, as ``DistributedDataParallel`` does beyond ``destroy_process_group``, before the interpreter is
torn down: a thread of gloo's that then lets go of a tensor aborts the process."""

atexit.register(_groups.clear)


class Processes:
    """A job's processes, as one of them sees the others; one where ``torch.distributed`` is not
    initialised.

    Every method is called by all processes, in the same order.
    """

    def __init__(self) -> None:
        self._group = None
        self._all_failed = False
        self.rank, self.count = this_rank(), 1
        if distributed.is_available() and distributed.is_initialized():
            self.count = distributed.get_world_size()
        if self.count > 1:
            self._group = _group()

    def gather(self, value: Value) -> list[Value]:
        """Returns every process's value, by rank."""
        if self._group is None:
            return [value]
        values: list[Any] = [None] * self.count
        with _waiting():
            distributed.all_gather_object(values, value, group=self._group)
        return values

    def from_(self, rank: int, value: Value) -> Value:
        """Returns one process's value, that of ``rank``."""
        if self._group is None:
            return value
        values: list[Any] = [value if rank == self.rank else None]
        with _waiting():
            distributed.broadcast_object_list(values, rank, group=self._group)
        return values[0]

    def agree(self, **terms: Any) -> None:
        """Refuses what the processes do not have in common.

        Args:
            terms: this process's, by their names.

        Raises:
            ValueError: in every process; names the first term that differs, and whose.
        """
        first, *others = self.gather({name: repr(value) for name, value in terms.items()})
        for rank, theirs in enumerate(others, 1):
            for name, value in first.items():
                if theirs[name] != value:
                    raise ValueError(
                        f"the processes log together, but rank 0 has {name} {value}, and rank "
                        f"{rank} {theirs[name]}: let all make the same logger and the same calls, "
                        "but for the writer"
                    )

    def sum(self, counts: Counter[int], length: int) -> Counter[int]:
        """Adds up every process's counts.

        Args:
            counts: of numbers from 0 to ``length`` − 1.
            length: the same for all; so many 64-bit integers are reduced.
        """
        if self._group is None:
            return counts
        numbers = np.array(sorted(counts), dtype=np.int64)
        values = np.array([counts[number] for number in numbers.tolist()], dtype=np.int64)
        total: Counter[int] = Counter()
        for low in range(0, length, _CHUNK):
            dense = np.zeros(min(_CHUNK, length - low), np.int64)
            start, stop = np.searchsorted(numbers, [low, low + _CHUNK])
            dense[numbers[start:stop] - low] = values[start:stop]
            with _waiting():
                distributed.all_reduce(torch.from_numpy(dense), group=self._group)
            (places,) = dense.nonzero()
            total.update(dict(zip((places + low).tolist(), dense[places].tolist(), strict=True)))
        return total

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """A part of the work that fails for all if it fails for one, so that none waits for it.

        One part may lie within another: what all know already is not told again.

        Raises:
            RuntimeError: another process failed; the message says which one, and why. One that
                failed itself raises its own error.
        """
        try:
            yield
        except Exception as error:
            if not self._all_failed:
                self.gather(f"{type(error).__name__}: {error}")
                self._all_failed = True
            raise
        for rank, reason in enumerate(self.gather(None)):
            if reason is not None:
                self._all_failed = True
                raise RuntimeError(f"rank {rank} of {self.count} failed with {reason}")


def this_rank() -> int:
    """Returns this process's rank; 0 where ``torch.distributed`` is not initialised."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank()
    return 0


@contextlib.contextmanager
def _waiting() -> Iterator[None]:
    """Explains why the others may not have answered."""
    try:
        yield
    except RuntimeError as error:
        raise RuntimeError(
            "the other processes do not answer: every process of the job calls log_dataset, each "
            "with the loader of its own shard; or one of them has ended, see its own message"
        ) from error


def _group() -> Any:
    """Returns the group of all processes for this job, made when it is first asked for."""
    job = distributed.group.WORLD
    if job not in _groups:
        with _waiting():
            _groups[job] = distributed.new_group(backend="gloo", timeout=PATIENCE)
    return _groups[job]
