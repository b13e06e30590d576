"""What logging costs the training thread and the disk: one call of the logger's picture and
record part against ``SummaryWriter.add_image`` of the same pictures: each sample's original and
noise, and its adversarial example at each epsilon.

    python benchmarks/storage.py
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import torch
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, Sweep
from tensorboard_fgsm.command import demo

ROUNDS = 7


class Replayed(FGSM):
    """An attack whose sweep was computed before, so that only the logging is timed."""

    def sweep_quietly(self, model, inputs, labels) -> Sweep:
        return model.sweep


class Precomputed(torch.nn.Module):
    """Answers the noise pictures with the clean logits; holds the sweep."""

    def __init__(self, sweep: Sweep) -> None:
        super().__init__()
        self.sweep = sweep

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.sweep.clean_logits[: len(inputs)]


def main() -> None:
    pixels = torch.stack([demo._photo(package, file) for package, file, _ in demo.PHOTOS])
    labels = torch.zeros(len(pixels), dtype=torch.int64)
    attack = FGSM(demo.PHOTO_EPSILONS, mean=[0.5] * 3, std=[0.5] * 3)
    sweep = attack.sweep(demo._efficientnet(), (pixels - 0.5) / 0.5, labels)
    replayed = Replayed(demo.PHOTO_EPSILONS, mean=[0.5] * 3, std=[0.5] * 3)
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        with SummaryWriter(str(root / "a")) as a, SummaryWriter(str(root / "b")) as b:
            logger = FGSMLogger(a, replayed)
            for step in range(ROUNDS):
                start = time.perf_counter()
                logger.log(Precomputed(sweep), pixels, labels, step)
                middle = time.perf_counter()
                add_images(b, attack, sweep, step)
                ours.append(middle - start)
                theirs.append(time.perf_counter() - middle)
        sizes = [sum(f.stat().st_size for f in (root / name).iterdir()) for name in "ab"]
    ratio = statistics.median(t / o for t, o in zip(theirs[1:], ours[1:], strict=True))
    count = f"{len(pixels)} photographs of 224×224, {len(attack.epsilons)} epsilons"
    print(f"{count}, {torch.get_num_threads()} threads")
    print(f"FGSMLogger: {1000 * statistics.median(ours[1:]):.0f} ms, {megabytes(sizes[0])} a step")
    print(
        f"add_image: {1000 * statistics.median(theirs[1:]):.0f} ms, {megabytes(sizes[1])} a step; "
        f"{ratio:.0f} times the time, {sizes[1] / sizes[0]:.0f} times the bytes"
    )


def add_images(writer: SummaryWriter, attack: FGSM, sweep: Sweep, step: int) -> None:
    for i in range(len(sweep.labels)):
        writer.add_image(f"{i}/original", sweep.pixels[i], step)
        writer.add_image(f"{i}/noise", (sweep.direction[i] + 1) / 2, step)
    for epsilon in attack.epsilons:
        adversarial = attack.to_pixels(sweep.adversarial(epsilon))
        for i in range(len(adversarial)):
            writer.add_image(f"{i}/adversarial/{epsilon:.6g}", adversarial[i], step)


def megabytes(size: int) -> str:
    return f"{size / ROUNDS / 1e6:.2f} MB"


if __name__ == "__main__":
    main()
