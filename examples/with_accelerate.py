"""Accelerate: its own tracker writes. Run it with accelerate launch; in two processes on the CPU as

ACCELERATE_USE_CPU=true torchrun --standalone --nproc-per-node 2 examples/with_accelerate.py
"""

from __future__ import annotations

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from torch.nn import functional
from torch.utils.data import DataLoader

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.integrations.accelerate import writer_of


def main() -> None:
    arguments = options(__doc__).parse_args()
    set_seed(0)
    accelerator = Accelerator(log_with="tensorboard", project_dir=arguments.logdir)
    accelerator.init_trackers("digits")
    train, held_out = digits()
    model = network()
    model, optimizer, train_loader, loader = accelerator.prepare(
        model,
        torch.optim.Adam(model.parameters(), 2e-3),
        DataLoader(train, batch_size=64, shuffle=True),
        DataLoader(held_out, batch_size=64),
    )

    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    fgsm = FGSMLogger(writer_of(accelerator), attack, class_names=CLASSES)
    for epoch in range(1, arguments.epochs + 1):
        model.train()
        for inputs, labels in train_loader:
            loss = functional.cross_entropy(model(inputs), labels)
            optimizer.zero_grad()
            accelerator.backward(loss)
            optimizer.step()
        accelerator.log({"loss": loss.item()}, step=epoch)
        fgsm.log_dataset(model, loader, step=epoch)
    accelerator.end_training()


if __name__ == "__main__":
    main()
