"""One FGSM step for training: ours against the bare formula, torchattacks and foolbox.

    python -m benchmarks.perturb [--device cuda]

The model is in training mode. First it is seen that all give the same pixels. Each round runs every
contender in turn; a figure is the median over the rounds of the ratio to the bare formula in the
same round. What is measured is the processor time of one thread, which a busy machine blurs little;
on a graphics card, the time that passes.
"""

from __future__ import annotations

import argparse
import statistics
import time

import foolbox
import torch
import torchattacks
import torchvision
from torch import Tensor, nn
from torch.nn import functional

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.command import demo

EPSILON = 8 / 255
ATTACK = FGSM([EPSILON], loss_fn=functional.cross_entropy)
ROUNDS = 15
CASES = {
    "small CNN, 256×1×28²": (demo._small_network, (256, 1, 28, 28)),
    "ResNet-18, 8×3×32²": (torchvision.models.resnet18, (8, 3, 32, 32)),
    "ResNet-18, 8×3×224²": (torchvision.models.resnet18, (8, 3, 224, 224)),
}


def bare(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    """The formula by hand, which changes the running statistics of BatchNorm."""
    leaf = inputs.clone().requires_grad_()
    loss = functional.cross_entropy(model(leaf), labels)
    (gradient,) = torch.autograd.grad(loss, leaf)
    return (inputs + EPSILON * gradient.sign()).clamp(0, 1)


def ours(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    return ATTACK.perturb(model, inputs, labels, EPSILON)


def with_torchattacks(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    attack = torchattacks.FGSM(model, eps=EPSILON)
    attack.set_model_training_mode(True, True, True)
    return attack(inputs, labels)


def with_foolbox(model: nn.Module, inputs: Tensor, labels: Tensor) -> Tensor:
    theirs = foolbox.PyTorchModel(model, bounds=(0, 1))  # warns each time of the training mode
    return foolbox.attacks.LinfFastGradientAttack()(theirs, inputs, labels, epsilons=EPSILON)[1]


CONTENDERS = {
    "bare": bare,
    "ours": ours,
    "torchattacks": with_torchattacks,
    "foolbox": with_foolbox,
}


def now(device: str) -> float:
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def check_agreement(model: nn.Module, inputs: Tensor, labels: Tensor) -> None:
    """Makes sure that the same is measured: all give the same pixels.

    Raises:
        ValueError: they differ, other than where a gradient is too near 0 to have a sign.
    """
    expected = bare(model.train(), inputs, labels)
    for name, contender in CONTENDERS.items():
        examples = contender(model.train(), inputs, labels)
        apart = ((examples - expected).abs() > 1e-6).float().mean()
        if apart > 1e-3:
            raise ValueError(f"{name} differs in {apart:.2%} of the pixels")


def measured(model: nn.Module, shape: tuple[int, ...], device: str) -> dict[str, float]:
    model.to(device)
    inputs = torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(device)
    labels = torch.zeros(shape[0], dtype=torch.int64, device=device)
    check_agreement(model, inputs, labels)
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(ROUNDS + 1):  # the first is a warm-up
        for name, contender in CONTENDERS.items():
            start = now(device)
            contender(model.train(), inputs, labels)
            times[name].append(now(device) - start)
    ratios = {
        name: statistics.median(
            t / b for t, b in zip(times[name][1:], times["bare"][1:], strict=True)
        )
        for name in CONTENDERS
    }
    return ratios | {"ms": 1000 * statistics.median(times["bare"][1:])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    device = parser.parse_args().device
    torch.set_num_threads(1)
    others = list(CONTENDERS)[1:]
    where = "one thread" if device == "cpu" else torch.cuda.get_device_name()
    print(f"torch {torch.__version__}, {where}; the bare formula = 1.00")
    print("| | bare, ms | " + " | ".join(others) + " |")
    print("|---" * (len(others) + 2) + "|")
    for name, (build, shape) in CASES.items():
        row = measured(build(), shape, device)
        figures = " | ".join(f"{row[contender]:.3f}" for contender in others)
        print(f"| {name} | {row['ms']:.1f} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
