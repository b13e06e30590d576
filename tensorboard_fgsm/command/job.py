"""The processes that ``torchrun`` has started, or the one that there is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import distributed

from tensorboard_fgsm.command.failure import CommandError


@dataclass(frozen=True)
class Job:
    """The place of this process among all."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and speaks."""
        return self.rank == 0

    def device(self, text: str | None) -> torch.device:
        """Returns the device that the user named, or the best there is.

        Raises:
            CommandError: there is no such device here.
        """
        if text is None:
            if torch.cuda.is_available():
                return torch.device("cuda", self.local_rank % torch.cuda.device_count())
            return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
        try:
            device = torch.device(text)
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError, ValueError) as error:
            there = ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count()))]
            raise CommandError(
                f"--device {text} cannot be used, there are {', '.join(there)} "
                f"({str(error).splitlines()[0]})"
            ) from error
        if device.type == "cuda" and device.index is None:
            return torch.device("cuda", self.local_rank % torch.cuda.device_count())
        return device


@contextlib.contextmanager
def joined() -> Iterator[Job]:
    """Joins the other processes, if ``torchrun`` or the like has started several."""
    place = [os.environ.get(name) for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR")]
    if None in place or place[1] == "1":
        yield Job()
        return
    rank, count = int(place[0] or 0), int(place[1] or 1)
    # Only counts and a few pictures go between them, over the CPU.
    distributed.init_process_group("gloo", rank=rank, world_size=count)
    try:
        yield Job(rank, count, int(os.environ.get("LOCAL_RANK", rank)))
    finally:
        distributed.destroy_process_group()
