"""PGD at the demo's epsilons, of all digits and of those alone that are still right.

    python -m benchmarks.early_stop [--device cuda]

On the demo's two networks, trained as it trains them. First it is seen that both sides climb to the
same pixels, and that to stop early leaves right whom no step fools. Each round runs every contender
in turn; a time is the median over the rounds of the ratio to ours without ``early_stop`` in the
same round. What is measured is the processor time of one thread; on a graphics card, the time that
passes.
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
from tensorboard_fgsm import BIM, FGSM, PGD, PerEpsilon
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


def theirs(model: nn.Module, epsilon: float, *, random_start: bool) -> torchattacks.PGD:
    step = 2.5 * epsilon / STEPS if random_start else epsilon / STEPS
    return torchattacks.PGD(model, eps=epsilon, alpha=step, steps=STEPS, random_start=random_start)


def of_torchattacks(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    shares = []
    for epsilon in EPSILONS:
        examples = theirs(model, epsilon, random_start=True)(inputs, labels)
        with torch.no_grad():
            right = model(examples).argmax(1) == labels
        shares.append(right.double().mean())
    return torch.stack(shares).cpu()


def of_ours(early_stop: bool) -> Callable[[nn.Module, Tensor, Tensor], Tensor]:
    attack = PerEpsilon(PGD(steps=STEPS), EPSILONS, early_stop=early_stop)
    return lambda model, inputs, labels: attack.sweep(model, inputs, labels).robust_accuracy.cpu()


CONTENDERS = {PLAIN: of_ours(False), EARLY: of_ours(True), PEER: of_torchattacks}


def check_agreement(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """Makes sure that the same is measured. From the inputs, because random starts differ: ours and
    theirs climb to the same pixels and predictions, and to stop early leaves right who is right
    after each step at each epsilon so far.

    Raises:
        ValueError: they differ, other than where a gradient is too near 0 to have a sign.
    """
    attack = BIM(STEPS, loss_fn=functional.cross_entropy)
    plain, early = (
        PerEpsilon(attack, EPSILONS, early_stop=early_stop).sweep(model, inputs, labels)
        for early_stop in (False, True)
    )
    assert plain.step_right is not None
    if not torch.equal(early.robust, plain.step_right.all(1).cummin(0).values):
        raise ValueError(f"{EARLY} leaves others right than no step fools")
    for epsilon, logits in zip(EPSILONS, plain.logits, strict=True):
        examples = theirs(model, epsilon, random_start=False)(inputs, labels)
        with torch.no_grad():
            said = model(examples).argmax(1)
        apart = ((examples - plain.adversarial(epsilon)).abs() > 1e-6).float().mean()
        if apart > 1e-3 or not torch.equal(said, logits.argmax(1)):
            raise ValueError(f"at {epsilon:g} {PEER} differs in {apart:.2%} of the pixels")


def measured(
    model: nn.Module, inputs: Tensor, labels: Tensor, device: str
) -> tuple[dict[str, list[float]], dict[str, Tensor]]:
    """The seconds of each round, and the accuracies."""
    check_agreement(model, inputs, labels)
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
    networks = []
    for name, epsilon in (("standard", 0.0), ("adversarial", demo.TRAINING_EPSILON)):
        times, found = measured(trained(training, epsilon, device), inputs, labels, device)
        networks.append(times)
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
    plain, early = (
        [sum(each) for each in zip(*(times[name] for times in networks), strict=True)]
        for name in (PLAIN, EARLY)
    )
    shares = [mine / whole for mine, whole in zip(early, plain, strict=True)]
    print(f"\nOf both networks one after the other, {EARLY} takes {middle(shares)} of the time.")


if __name__ == "__main__":
    main()
