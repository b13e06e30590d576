"""Run in two processes, between which Lightning spreads the samples: a step for each loader.

python -m tests.job 2 tests.integrations.spread_lightning LOGDIR
"""

from __future__ import annotations

import lightning.pytorch as pl
from torch.utils.data import DataLoader, Subset, TensorDataset

from tensorboard_fgsm.integrations.lightning import FGSMCallback
from tests.integrations.spread import ATTACK, COUNTS
from tests.integrations.test_lightning import classifier, trainer_of
from tests.networks import batch


def main(arguments: list[str]) -> None:
    (logdir,) = arguments
    model, samples = classifier(pl), TensorDataset(*batch(n=9))
    trainer = trainer_of(pl, logdir, FGSMCallback(ATTACK), devices=2, strategy="ddp")
    loaders = [DataLoader(Subset(samples, range(count)), batch_size=4) for count in COUNTS]
    trainer.validate(model, loaders, verbose=False)
