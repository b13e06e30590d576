"""Lightning: a callback attacks the model after each validation."""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from lightning.pytorch import LightningModule, Trainer, seed_everything
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.integrations.lightning import FGSMCallback


class Classifier(LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.network = network()

    def forward(self, inputs: Tensor) -> Tensor:
        return self.network(inputs)

    def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
        inputs, labels = batch
        loss = functional.cross_entropy(self(inputs), labels)
        self.log("loss", loss, on_step=False, on_epoch=True)
        return loss

    def validation_step(self, batch: tuple[Tensor, Tensor], index: int) -> None:
        inputs, labels = batch
        self.log("validation_loss", functional.cross_entropy(self(inputs), labels))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.parameters(), 2e-3)


def main() -> None:
    arguments = options(__doc__).parse_args()
    seed_everything(0, verbose=False)
    train, held_out = digits()
    model = Classifier()
    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    trainer = Trainer(
        max_epochs=arguments.epochs,
        logger=TensorBoardLogger(arguments.logdir, name="", version=""),
        callbacks=[FGSMCallback(attack, class_names=CLASSES)],
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(
        model,
        DataLoader(train, batch_size=64, shuffle=True),
        DataLoader(held_out, batch_size=125),
    )
    torch.save(model.network.state_dict(), arguments.logdir / "weights.pt")


if __name__ == "__main__":
    main()
