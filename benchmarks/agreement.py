"""Whether two tabs show the same triplets: what is compared must be the same first."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qsl

import numpy as np
from PIL import Image

from benchmarks import questions
from benchmarks.logdirs import TAG, Size

KINDS = {"original": "original", "noise": "direction", "adversarial": "adversarial"}
"""What the Images tab calls a picture, and what our route does."""


def check(ours: str, theirs: str, size: Size) -> None:
    """Compares all pictures of the last run's last step.

    Args:
        ours: the address of a TensorBoard whose FGSM tab has the triplets.
        theirs: of one whose Images tab has them.
        size: what both have.

    Raises:
        ValueError: a picture is another one.
    """
    run, step = size.of_runs()[-1], size.steps - 1
    for sample in range(size.samples):
        for tag, kind in KINDS.items():
            mine = questions.ask(
                ours,
                "picture",
                run=run,
                tag=TAG,
                step=step,
                sample=sample,
                kind=kind,
                epsilon=size.of_epsilons()[0],
                format="png",
            )
            other = last_image(theirs, run, f"sample {sample:02}/{tag}")[-1]
            if not np.array_equal(_levels(mine.body), _levels(other.body)):
                raise ValueError(f"the {tag} of sample {sample} is another in the Images tab")


def last_image(address: str, run: str, tag: str) -> list[questions.Answer]:
    """Asks as the Images tab does: for a tag's list, and for the last of its pictures."""
    listed = questions.ask(address, "images", "images", run=run, tag=tag, sample=0)
    key = dict(parse_qsl(json.loads(listed.body)[-1]["query"]))
    return [listed, questions.ask(address, "individualImage", "images", **key)]


def _levels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
