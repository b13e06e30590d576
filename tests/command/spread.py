"""What each process of a job does, as ``torchrun -m tensorboard_fgsm`` does it."""

from __future__ import annotations

from tensorboard_fgsm.command import cli


def main(arguments: list[str]) -> None:
    cli.main(arguments)
