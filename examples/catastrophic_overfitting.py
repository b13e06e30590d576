"""Trains on FGSM's examples twice: once into catastrophic overfitting, where the network holds
against FGSM alone, and once around it.

    python examples/catastrophic_overfitting.py
    tensorboard --logdir runs

Above "Over training", the run ``fgsm`` parts from what PGD leaves of it, and its gradients lose
their alignment; the run ``gradalign`` keeps both.

Andriushchenko and Flammarion, "Understanding and Improving Fast Adversarial Training", 2020,
https://arxiv.org/abs/2007.02617: its regulariser, GradAlign, is ``misalignment`` below. With these
digits a random start alone prevents the collapse at ε = 0.2 too; at 0.3 nothing here surely does.
"""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, Overfitting

EPSILON = 0.2
LEARNING_RATE = 5e-3
"""Reached after two epochs: begun with, it would keep some networks from learning at all."""
WEIGHT = 0.2
"""Of the regulariser, λ in the paper."""


def misalignment(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    """One minus the mean cosine between the gradients at the inputs and near them."""
    gradients = []
    for reach in (0.0, EPSILON / STD[0]):
        points = inputs + torch.empty_like(inputs).uniform_(-1, 1) * reach
        points.requires_grad_()
        loss = functional.cross_entropy(model(points), labels, reduction="sum")
        gradients.append(torch.autograd.grad(loss, points, create_graph=True)[0].flatten(1))
    return 1 - functional.cosine_similarity(*gradients, eps=1e-12).mean()


def train(writer: SummaryWriter, *, epochs: int, aligned: bool) -> None:
    """Trains a network on FGSM's examples: from a random start and with the regulariser, or not."""
    torch.manual_seed(0)
    training, held_out = digits()
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    loader = DataLoader(training, 32, shuffle=True)
    warmer = torch.optim.lr_scheduler.LinearLR(optimizer, 0.05, total_iters=2 * len(loader))
    attack = FGSM(EPSILONS, mean=MEAN, std=STD, alignment=True)

    def warn(found: Overfitting) -> None:
        # The moment to stop, or to go back to the weights of found.best_step.
        print(f"{writer.log_dir}, epoch {found.step}: {found.held} hold of {found.count}")

    fgsm = FGSMLogger(
        writer,
        attack,
        class_names=CLASSES,
        check=PGD(steps=10),
        check_samples=100,
        on_overfitting=warn,
    )
    for epoch in range(1, epochs + 1):
        model.train()
        for inputs, labels in loader:
            moved = attack.perturb(
                *(model, inputs, labels, EPSILON),
                random_start=aligned,
                step=1.25 * EPSILON if aligned else EPSILON,
            )
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(moved), labels)
            if aligned:
                # On half of the batch, which takes half of the time.
                loss = loss + WEIGHT * misalignment(model, inputs[::2], labels[::2])
            loss.backward()
            optimizer.step()
            warmer.step()
        fgsm.log_dataset(model, DataLoader(held_out, 100), step=epoch)


def main() -> None:
    parser = options(__doc__)
    parser.set_defaults(epochs=8)
    chosen = parser.parse_args()
    for name, aligned in (("fgsm", False), ("gradalign", True)):
        with SummaryWriter(str(chosen.logdir / name)) as writer:
            train(writer, epochs=chosen.epochs, aligned=aligned)


if __name__ == "__main__":
    main()
