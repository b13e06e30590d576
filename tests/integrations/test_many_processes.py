"""Two processes between which a framework spreads the samples: each sample counts once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tensorboard_fgsm import read_steps
from tests import job
from tests.integrations.spread import ATTACK, COUNTS
from tests.networks import batch, convolutional

pytestmark = pytest.mark.process


@pytest.mark.parametrize("framework", ["stream", "lightning"])
def test_each_sample_counts_once(framework: str, tmp_path: Path) -> None:
    job.run(2, f"tests.integrations.spread_{framework}", str(tmp_path))
    steps = sorted(read_steps(tmp_path), key=lambda step: (step.step, step.tag))
    assert [step.record.count for step in steps] == list(COUNTS)
    for step, count in zip(steps, COUNTS, strict=True):
        inputs, labels = batch(n=9) if framework == "lightning" else batch(n=count)
        sweep = ATTACK.sweep(convolutional(), inputs[:count], labels[:count])
        assert step.record.clean_accuracy == sweep.clean_accuracy
        assert list(step.record.robust_accuracy) == sweep.robust_accuracy.tolist()
        assert not step.record.warnings
