"""A sweep of eight epsilons with predictions: ours, by hand, by foolbox and by torchattacks.

    python -m benchmarks.sweep [--device cuda]

Each round runs every contender once, in turn, so that a machine that slows down slows all of them;
a figure is the median over the rounds of the ratio in the same round, and, in brackets, between
which values half of them lie. Before that it is seen that all give the same pixels and predictions.
"""

from __future__ import annotations

import argparse
import time
import warnings

import foolbox
import torch
import torchattacks
import torchvision
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.tables import middle, table
from tensorboard_fgsm import FGSM
from tensorboard_fgsm.command import demo

EPSILONS = [k / 255 for k in (0.5, 1, 2, 3, 4, 6, 8, 16)]
ROUNDS = 5


def ours(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    FGSM(EPSILONS, loss_fn=functional.cross_entropy).sweep(model, inputs, labels)


def by_hand(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """The least that must be done: a forward, a backward to inputs, and a forward an epsilon."""
    inputs = inputs.detach().requires_grad_()
    parameters = [each for each in model.parameters() if each.requires_grad]
    for each in parameters:
        each.requires_grad_(False)
    logits = model(inputs)
    (gradient,) = torch.autograd.grad(functional.cross_entropy(logits, labels), inputs)
    for each in parameters:
        each.requires_grad_(True)
    with torch.no_grad():
        sign = gradient.sign()
        logits.softmax(1)
        for epsilon in EPSILONS:
            model((inputs + epsilon * sign).clamp(0, 1)).softmax(1)


def with_foolbox(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    theirs = foolbox.PyTorchModel(model, bounds=(0, 1))
    theirs(inputs).softmax(1)
    fgsm = foolbox.attacks.LinfFastGradientAttack()
    for clipped in fgsm(theirs, inputs, labels, epsilons=EPSILONS)[1]:
        theirs(clipped).softmax(1)


def with_torchattacks(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    with torch.no_grad():
        model(inputs)
    for epsilon in EPSILONS:
        adversarial = torchattacks.FGSM(model, eps=epsilon)(inputs, labels)
        with torch.no_grad():
            model(adversarial)


CONTENDERS = {
    "ours": ours,
    "by hand": by_hand,
    "torchattacks": with_torchattacks,
    "foolbox": with_foolbox,
}


def check_agreement(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """Makes sure that the same is measured: ours and theirs give the same pixels and predictions.

    Raises:
        ValueError: they differ, other than where a gradient is too near 0 to have a sign.
    """
    sweep = FGSM(EPSILONS, loss_fn=functional.cross_entropy).sweep(model, inputs, labels)
    theirs = foolbox.PyTorchModel(model, bounds=(0, 1))
    fgsm = foolbox.attacks.LinfFastGradientAttack()
    by_foolbox = fgsm(theirs, inputs, labels, epsilons=EPSILONS)[1]
    for epsilon, logits, other in zip(EPSILONS, sweep.logits, by_foolbox, strict=True):
        by_torchattacks = torchattacks.FGSM(model, eps=epsilon)(inputs, labels)
        for name, clipped in {"foolbox": other, "torchattacks": by_torchattacks}.items():
            with torch.no_grad():
                said = model(clipped).argmax(1)
            apart = ((clipped - sweep.adversarial(epsilon)).abs() > 1e-6).float().mean()
            if apart > 1e-3 or not torch.equal(said, logits.argmax(1)):
                raise ValueError(f"at {epsilon:.4g} {name} differs in {apart:.2%} of the pixels")


def cases() -> dict[str, tuple[nn.Module, tuple[int, ...]]]:
    resnet = torchvision.models.get_model("resnet18").eval()
    small = demo._small_network().eval()
    return {
        "ResNet-18, 8×3×224²": (resnet, (8, 3, 224, 224)),
        "ResNet-18, 1×3×224²": (resnet, (1, 3, 224, 224)),
        "ResNet-18, 8×3×32²": (resnet, (8, 3, 32, 32)),
        "ResNet-18, 1×3×32²": (resnet, (1, 3, 32, 32)),
        "small CNN, 1×1×28²": (small, (1, 1, 28, 28)),
        "small CNN, 16×1×28²": (small, (16, 1, 28, 28)),
        "small CNN, 64×1×28²": (small, (64, 1, 28, 28)),
        "small CNN, 256×1×28²": (small, (256, 1, 28, 28)),
    }


def measured(model: nn.Module, shape: tuple[int, ...], device: str) -> dict[str, list[float]]:
    """The seconds of each contender in each round."""
    model.to(device)
    inputs = torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(device)
    labels = torch.zeros(shape[0], dtype=torch.int64, device=device)
    check_agreement(model, inputs, labels)
    finished = torch.cuda.synchronize if device == "cuda" else lambda: None
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    repeats = max(1, 2**14 // inputs.numel())
    for round_ in range(ROUNDS + 1):  # the first is a warm-up
        for name, contender in CONTENDERS.items():
            start = time.perf_counter()
            for _ in range(repeats):
                contender(model, inputs, labels)
            finished()
            if round_:
                times[name].append((time.perf_counter() - start) / repeats)
    return times


def ratios(times: dict[str, list[float]], of: str, to: str) -> str:
    return middle([mine / theirs for mine, theirs in zip(times[of], times[to], strict=True)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    device = parser.parse_args().device
    warnings.simplefilter("ignore")
    where = (
        f"{torch.get_num_threads()} threads" if device == "cpu" else torch.cuda.get_device_name()
    )
    print(f"torch {torch.__version__}, {where}, {len(EPSILONS)} epsilons\n")
    rows = []
    for name, (model, shape) in cases().items():
        times = measured(model, shape, device)
        peers = (ratios(times, peer, "ours") for peer in ("torchattacks", "foolbox"))
        milliseconds = middle([1000 * seconds for seconds in times["ours"]], 1)
        rows.append([name, milliseconds, ratios(times, "ours", "by hand"), *peers])
    head = ["", "ours, ms", "ours / by hand", "torchattacks / ours", "foolbox / ours"]
    print(table(head, rows))


if __name__ == "__main__":
    main()
