"""What logging costs the training thread and the disk: one call of the logger's picture and
record part against ``SummaryWriter.add_image`` of the same pictures: each sample's original and
noise, and its adversarial example at each epsilon.

    python -m benchmarks.storage

Each round runs both in turn. At the end adversarial pictures of the first step are read back: both
hold the same, to a grey level, for ``add_image`` rounds down.
"""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.utils.tensorboard import SummaryWriter

from benchmarks.tables import middle, table
from tensorboard_fgsm import FGSM, FGSMLogger, Sweep, read_steps
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


class Case(NamedTuple):
    """What is logged."""

    attack: FGSM
    sweep: Sweep


def cases() -> dict[str, Case]:
    """Eight photographs, one of them mirrored, and 64 digits."""
    photos = torch.stack([demo._photo(package, file) for package, file, _ in demo.PHOTOS])
    photos = torch.cat([photos, photos[:1].flip(3)])
    options = {"mean": [0.5] * 3, "std": [0.5] * 3}
    of_photos = FGSM(demo.PHOTO_EPSILONS, **options)
    labels = torch.zeros(len(photos), dtype=torch.int64)
    _, held_out = demo._digits()
    digits, numbers = held_out[:64]
    torch.manual_seed(0)
    of_digits = FGSM(demo.DIGIT_EPSILONS)
    return {
        "8 photographs of 224×224, 7 epsilons": Case(
            Replayed(demo.PHOTO_EPSILONS, **options),
            of_photos.sweep(demo._efficientnet(), (photos - 0.5) / 0.5, labels),
        ),
        "64 digits of 28×28, 6 epsilons": Case(
            Replayed(demo.DIGIT_EPSILONS),
            of_digits.sweep(demo._small_network().eval(), digits, numbers),
        ),
    }


class Times(NamedTuple):
    """Seconds, of a round."""

    again: float
    """What the training waits for where the samples are those of the step before."""
    our_thread: float
    """What the writer's own thread takes afterwards."""
    anew: float
    """What the training waits for where the samples are others."""
    add_image: float


def measured(case: Case) -> tuple[list[Times], list[float]]:
    """The rounds, and the bytes of a step of ours and of theirs."""
    attack, sweep = case
    count, given = len(sweep.labels), (Precomputed(sweep), sweep.inputs, sweep.labels)
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as writers:
        root = Path(directory)
        a, b, c = (writers.enter_context(SummaryWriter(str(root / name))) for name in "abc")
        logger = FGSMLogger(a, attack, max_samples=count)
        rounds = []
        for step in range(ROUNDS + 1):  # the first is a warm-up
            other = FGSMLogger(c, attack, max_samples=count)
            # All writers are at rest then, or one would write on while another is timed.
            add_image, _ = seconds(add_images, b, attack, sweep, step), b.flush()
            anew, _ = seconds(other.log, *given, step), c.flush()
            again, our_thread = seconds(logger.log, *given, step), seconds(a.flush)
            rounds.append(Times(again, our_thread, anew, add_image))
        check_agreement(root, attack)
        sizes = [sum(f.stat().st_size for f in (root / name).iterdir()) for name in "ab"]
    return rounds[1:], [size / (ROUNDS + 1) for size in sizes]


def seconds(work: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def add_images(writer: SummaryWriter, attack: FGSM, sweep: Sweep, step: int) -> None:
    assert sweep.direction is not None
    for i in range(len(sweep.labels)):
        writer.add_image(f"{i}/original", sweep.pixels[i], step)
        writer.add_image(f"{i}/noise", (sweep.direction[i] + 1) / 2, step)
    for place, epsilon in enumerate(attack.epsilons):
        adversarial = attack.to_pixels(sweep.adversarial(epsilon))
        for i in range(len(adversarial)):
            writer.add_image(f"{i}/adversarial/{place}", adversarial[i], step)


def check_agreement(root: Path, attack: FGSM) -> None:
    """Makes sure that both have written the same pictures.

    Raises:
        ValueError: they differ by more than a grey level.
    """
    step = next(read_steps(root / "a"))
    written = EventAccumulator(str(root / "b"), size_guidance={"images": 1}).Reload()
    for i in (0, len(step.record.samples) - 1):
        for place, epsilon in enumerate(attack.epsilons):
            (event,) = written.Images(f"{i}/adversarial/{place}")
            image = Image.open(io.BytesIO(event.encoded_image_string)).convert("RGB")
            apart = np.abs(np.array(image, int) - step.adversarial(i, epsilon).astype(int)).max()
            if apart > 1:
                raise ValueError(f"sample {i} at {epsilon:.4g}: {apart} grey levels apart")


def main() -> None:
    rows = []
    for name, case in cases().items():
        rounds, (our_bytes, their_bytes) = measured(case)
        columns = ([1000 * each for each in column] for column in zip(*rounds, strict=True))
        again, our_thread, anew, add_image = (middle(column, 0) for column in columns)
        ratios = (
            middle([each.add_image / each.again for each in rounds], 1),
            middle([each.add_image / each.anew for each in rounds], 1),
        )
        size = f"{our_bytes / 1e6:.2f}", f"{their_bytes / our_bytes:.1f}"
        rows.append([name, again, our_thread, anew, add_image, *ratios, *size])
    print(f"{torch.get_num_threads()} threads; the same samples at each step, or others\n")
    head = ["", "log(), ms", "then its writer's thread, ms", "log() of others, ms"]
    head += ["add_image, ms", "add_image / log()", "add_image / log() of others"]
    head += ["MB a step", "add_image / ours"]
    print(table(head, rows))


if __name__ == "__main__":
    main()
