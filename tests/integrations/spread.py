"""Run by tests in two processes, whose frameworks spread the samples: logs as many steps as cases.

ACCELERATE_USE_CPU=true \\
    torchrun --standalone --nproc-per-node 2 tests/integrations/spread.py stream LOGDIR
torchrun --standalone --nproc-per-node 2 tests/integrations/spread.py lightning LOGDIR
"""

from __future__ import annotations

import sys

from torch.utils.data import DataLoader, IterableDataset, Subset, TensorDataset

from tensorboard_fgsm import FGSM, FGSMLogger
from tests.networks import batch, convolutional

COUNTS = (1, 5, 8, 9)
"""How many samples there are at each step."""
ATTACK = FGSM([2 / 255, 0.1])


class Stream(IterableDataset):
    """Samples that Accelerate reads in one process and sends to the others."""

    def __init__(self, count: int) -> None:
        self.samples = TensorDataset(*batch(n=count))

    def __iter__(self):
        return (self.samples[index] for index in range(len(self.samples)))


def stream(logdir: str) -> None:
    from accelerate import Accelerator

    from tensorboard_fgsm.integrations.accelerate import writer_of

    accelerator = Accelerator(log_with="tensorboard", project_dir=logdir)
    accelerator.init_trackers("stream")
    fgsm = FGSMLogger(writer_of(accelerator), ATTACK)
    model = accelerator.prepare(convolutional())
    for step, count in enumerate(COUNTS):
        loader = accelerator.prepare(DataLoader(Stream(count), batch_size=4))
        fgsm.log_dataset(model, loader, step)
    accelerator.end_training()


def lightning(logdir: str) -> None:
    import lightning.pytorch as pl

    from tensorboard_fgsm.integrations.lightning import FGSMCallback
    from tests.integrations.test_lightning import classifier, trainer_of

    model, samples = classifier(pl), TensorDataset(*batch(n=9))
    trainer = trainer_of(pl, logdir, FGSMCallback(ATTACK), devices=2, strategy="ddp")
    loaders = [DataLoader(Subset(samples, range(count)), batch_size=4) for count in COUNTS]
    trainer.validate(model, loaders, verbose=False)


if __name__ == "__main__":
    {"stream": stream, "lightning": lightning}[sys.argv[1]](sys.argv[2])
