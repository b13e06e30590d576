"""PGD at the demo's epsilons, of all digits and of those alone that are still right.

    python -m benchmarks.early_stop [--device cuda]

On the demo's two networks, trained as it trains them. Each round runs every contender in turn; a
time is the median over the rounds of the ratio to ours without ``early_stop`` in the same round.
What is measured is the processor time of one thread; on a graphics card, the time that passes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import torch
import torchattacks
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.perturb import now
from benchmarks.tables import middle, table
from tensorboard_fgsm import FGSM, PGD, PerEpsilon
from tensorboard_fgsm.command import demo

EPSILONS, STEPS, ROUNDS = demo.DIGIT_EPSILONS, 10, 5
PLAIN, EARLY, PEER = "ours", "ours, `early_stop=True`", "torchattacks"


def trained(digits: TensorDataset, epsilon: float, device: str) -> nn.Module:
    """A network of the demo's: as it is, or trained on examples of FGSM."""
    torch.manual_seed(0)
    model = demo._small_network().to(device)
    optimizer, attack = torch.optim.Adam(model.parameters(), 2e-3), FGSM(EPSILONS)
    for _ in range(demo.DIGIT_EPOCHS):
        for batch in DataLoader(digits, batch_size=64, shuffle=True):
            inputs, labels = (each.to(device) for each in batch)
            examples = attack.perturb(
                model, inputs, labels, epsilon, random_start=True, step=1.25 * epsilon
            )
            optimizer.zero_grad()
            functional.cross_entropy(model(examples), labels).backward()
            optimizer.step()
    return model.eval()


def of_torchattacks(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    shares = []
    for epsilon in EPSILONS:
        attack = torchattacks.PGD(model, eps=epsilon, alpha=2.5 * epsilon / STEPS, steps=STEPS)
        examples = attack(inputs, labels)
        with torch.no_grad():
            right = model(examples).argmax(1) == labels
        shares.append(right.double().mean())
    return torch.stack(shares).cpu()


def of_ours(early_stop: bool) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    attack = PerEpsilon(PGD(steps=STEPS), EPSILONS, early_stop=early_stop)
    return lambda model, inputs, labels: attack.sweep(model, inputs, labels).robust_accuracy.cpu()


CONTENDERS = {PLAIN: of_ours(False), EARLY: of_ours(True), PEER: of_torchattacks}


def measured(
    model: nn.Module, inputs: Tensor, labels: Tensor, device: str
) -> tuple[dict[str, list[float]], dict[str, Tensor]]:
    """The seconds of each round, and the accuracies."""
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    found = {}
    for round_ in range(ROUNDS + 1):  # the first is a warm-up
        for name, contender in CONTENDERS.items():
            start = now(device)
            found[name] = contender(model, inputs, labels)
            if round_:
                times[name].append(now(device) - start)
    return times, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu")
    device = parser.parse_args().device
    torch.set_num_threads(1)
    training, held_out = demo._digits()
    inputs, labels = (each.to(device) for each in held_out.tensors)
    for name, epsilon in (("standard", 0.0), ("adversarial", demo.TRAINING_EPSILON)):
        times, found = measured(trained(training, epsilon, device), inputs, labels, device)
        print(f"\n`mnist/{name}`, {len(inputs)} digits, PGD({STEPS}); ε = {EPSILONS}\n")
        rows = [
            [
                contender,
                middle([mine / plain for mine, plain in zip(each, times[PLAIN], strict=True)]),
                *(f"{100 * share:.1f}" for share in found[contender].tolist()),
            ]
            for contender, each in times.items()
        ]
        print(table(["", "time", *(f"{epsilon:g}, %" for epsilon in EPSILONS)], rows))


if __name__ == "__main__":
    main()
