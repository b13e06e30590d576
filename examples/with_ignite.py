"""Ignite: a handler attacks the model when an epoch is completed."""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from ignite.engine import Events, create_supervised_trainer
from ignite.handlers.tensorboard_logger import TensorboardLogger
from torch.nn import functional
from torch.utils.data import DataLoader

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.integrations.ignite import FGSMHandler


def main() -> None:
    arguments = options(__doc__).parse_args()
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train, held_out = digits()
    model = network().to(device)
    optimizer = torch.optim.Adam(model.parameters(), 2e-3)
    trainer = create_supervised_trainer(model, optimizer, functional.cross_entropy, device)

    with TensorboardLogger(log_dir=str(arguments.logdir)) as logger:
        logger.attach_output_handler(
            trainer,
            event_name=Events.EPOCH_COMPLETED,
            tag="training",
            output_transform=lambda loss: {"loss": loss},
        )
        fgsm = FGSMHandler(
            FGSM(EPSILONS, mean=MEAN, std=STD),
            model,
            DataLoader(held_out, batch_size=125),
            class_names=CLASSES,
        )
        logger.attach(trainer, log_handler=fgsm, event_name=Events.EPOCH_COMPLETED)
        trainer.run(DataLoader(train, batch_size=64, shuffle=True), max_epochs=arguments.epochs)
    torch.save(model.state_dict(), arguments.logdir / "weights.pt")


if __name__ == "__main__":
    main()
