"""Trains twice, as it is and by fast adversarial training, and logs what FGSM leaves of both: by
epsilon and epoch in the tab FGSM, side by side in the tab HParams.

    python examples/adversarial_training.py
    tensorboard --logdir runs

Wong, Rice and Kolter, "Fast is better than free: Revisiting adversarial training", 2020,
https://arxiv.org/abs/2001.03994: each training example is moved by one FGSM step of 1.25·ε from a
random start.
"""

from __future__ import annotations

import torch
from digits import CLASSES, EPSILONS, MEAN, STD, digits, network, options
from torch.nn import functional
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger

LEARNING_RATE = 2e-3


def train(writer: SummaryWriter, *, epochs: int, epsilon: float) -> None:
    """Trains a network on examples that are moved by up to epsilon, and logs each epoch."""
    torch.manual_seed(0)
    training, held_out = digits()
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    fgsm = FGSMLogger(writer, attack, class_names=CLASSES)
    metrics = {}
    for epoch in range(1, epochs + 1):
        model.train()
        for inputs, labels in DataLoader(training, 32, shuffle=True):
            if epsilon:
                inputs = attack.perturb(
                    model, inputs, labels, epsilon, random_start=True, step=1.25 * epsilon
                )
            optimizer.zero_grad()
            functional.cross_entropy(model(inputs), labels).backward()
            optimizer.step()
        metrics = fgsm.log_dataset(model, DataLoader(held_out, 250), step=epoch).scalars()
        print(f"{writer.log_dir}, epoch {epoch}:", metrics)
    # For the tab HParams. The metrics have the tags of the scalars that the logger wrote, and so
    # are these. By default they would go to a run of their own beside this one, to which "." is the
    # name, and without a step to a step 0 after the last. TensorBoard leaves a run's file when the
    # next one is there: what was logged has to be in it by then.
    writer.flush()
    writer.add_hparams(
        {"training_epsilon": epsilon, "learning_rate": LEARNING_RATE, "epochs": epochs},
        metrics,
        run_name=".",
        global_step=epochs,
    )


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--epsilon", type=float, default=0.2, help="how far examples are moved")
    chosen = parser.parse_args()
    for name, epsilon in (("standard", 0.0), ("adversarial", chosen.epsilon)):
        with SummaryWriter(str(chosen.logdir / name)) as writer:
            train(writer, epochs=chosen.epochs, epsilon=epsilon)


if __name__ == "__main__":
    main()
