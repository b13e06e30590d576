"""Run in two processes, between which Accelerate spreads a stream: a step for each length.

python -m tests.job 2 tests.integrations.spread_stream LOGDIR
"""

from __future__ import annotations

from accelerate import Accelerator
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from tensorboard_fgsm import FGSMLogger
from tensorboard_fgsm.integrations.accelerate import writer_of
from tests.integrations.spread import ATTACK, COUNTS
from tests.networks import batch, convolutional


class Stream(IterableDataset):
    """Samples that Accelerate reads in one process and sends to the others."""

    def __init__(self, count: int) -> None:
        self.samples = TensorDataset(*batch(n=count))

    def __iter__(self):
        return (self.samples[index] for index in range(len(self.samples)))


def main(arguments: list[str]) -> None:
    (logdir,) = arguments
    accelerator = Accelerator(log_with="tensorboard", project_dir=logdir)
    accelerator.init_trackers("stream")
    fgsm = FGSMLogger(writer_of(accelerator), ATTACK)
    model = accelerator.prepare(convolutional())
    for step, count in enumerate(COUNTS):
        loader = accelerator.prepare(DataLoader(Stream(count), batch_size=4))
        fgsm.log_dataset(model, loader, step)
    accelerator.end_training()
