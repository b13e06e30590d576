"""What FGSM has seen at the inputs, for an attack whose first step starts from there, too."""

from __future__ import annotations

import torch
from torch import Tensor

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.iterated_attack import IteratedAttack, Look
from tensorboard_fgsm.attack.loss import stable_loss
from tensorboard_fgsm.attack.sweep import Sweep


def first_look(attack: IteratedAttack, sweep: Sweep, start: Tensor) -> Look | None:
    """Returns what an attack would see in its first step; None where FGSM has not seen the same.

    Args:
        attack: takes steps.
        sweep: of the samples, by FGSM, or by an attack with FGSM beside it.
        start: (N, C, H, W) the inputs that the model is given there: mean and std, undone and
            applied again, may have changed their last bits.
    """
    fgsm = sweep.reference or sweep
    if not attack.starts_at_inputs or not isinstance(fgsm.attack, FGSM) or fgsm.direction is None:
        return None
    if fgsm.attack.surrogate is not None or fgsm.targets is not None:
        return None
    if (fgsm.attack.loss_fn or stable_loss) is not (attack.loss_fn or stable_loss):
        return None
    if not torch.equal(start, fgsm.inputs):
        return None
    direction = fgsm.direction.to(fgsm.pixels.dtype)
    losses = attack.losses(fgsm.clean_logits, fgsm.labels)
    return Look(direction, losses, fgsm.correct)
