"""A sweep whose forwards without gradients are computed in bfloat16: how fast, and how true.

    python -m benchmarks.precision [--device cuda]

An ImageNet network with its real weights on 64 parts of the demo's photographs, in batches of
eight, the labels being its own clean predictions. Each round runs every contender in turn; a time
is the median over the rounds of the ratio to float32's in the same round.
"""

from __future__ import annotations

import argparse
import copy
import time
from typing import Literal

import torch
from torch import Tensor, nn

from benchmarks.photos import parts
from benchmarks.tables import middle, table
from tensorboard_fgsm import FGSM
from tensorboard_fgsm.command import demo

EPSILONS = demo.PHOTO_EPSILONS
COUNT, BATCH, ROUNDS = 64, 8, 5


def attack(precision: Literal["bfloat16"] | None) -> FGSM:
    return FGSM(EPSILONS, mean=(0.5,) * 3, std=(0.5,) * 3, precision=precision)


def swept(precision: Literal["bfloat16"] | None, model: nn.Module, inputs: Tensor) -> Tensor:
    """The classes (1 + E, N): when clean in that precision, and at each epsilon."""
    found = []
    for batch in inputs.split(BATCH):
        sweep = attack(precision).sweep(model, batch)
        clean = sweep.clean_logits if precision is None else sweep.coarse_clean_logits
        assert clean is not None
        found.append(torch.cat([clean.argmax(1).unsqueeze(0), sweep.logits.argmax(2)]))
    return torch.cat(found, 1).cpu()


def now(device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    device = parser.parse_args().device
    model = demo._efficientnet().eval().to(device)
    last = copy.deepcopy(model).to(memory_format=torch.channels_last)
    inputs = ((parts(COUNT) - 0.5) / 0.5).to(device)
    laid = inputs.to(memory_format=torch.channels_last)
    contenders = {
        "float32": (None, model, inputs),
        "float32, `channels_last`": (None, last, laid),
        "bfloat16": ("bfloat16", model, inputs),
        "bfloat16, `channels_last`": ("bfloat16", last, laid),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    said: dict[str, Tensor] = {}
    for round_ in range(ROUNDS + 1):  # the first is a warm-up
        for name, (precision, network, pictures) in contenders.items():
            start = now(device)
            said[name] = swept(precision, network, pictures)
            if round_:
                times[name].append(now(device) - start)
    exact = said["float32"]
    head = ["", "time", "clean, changed", *(f"{255 * e:.3g}/255, changed" for e in EPSILONS)]
    rows = [
        [
            name,
            middle([mine / theirs for mine, theirs in zip(each, times["float32"], strict=True)]),
            *(int(changed) for changed in (said[name] != exact).sum(1)),
        ]
        for name, each in times.items()
    ]
    threads = torch.get_num_threads()
    print(f"EfficientNet-lite0, {COUNT} photographs of 224×224, {threads} threads\n")
    print(table(head, rows))


if __name__ == "__main__":
    main()
