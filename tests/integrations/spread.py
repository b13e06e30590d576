"""What two processes log, between which a framework spreads the samples."""

from __future__ import annotations

from tensorboard_fgsm import FGSM

COUNTS = (1, 5, 8, 9)
"""How many samples there are at each step."""
ATTACK = FGSM([2 / 255, 0.1])
