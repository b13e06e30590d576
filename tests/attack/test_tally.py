"""What a tally counts, of few samples and of many."""

from __future__ import annotations

import pytest
import torch

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.attack.tally import Tally
from tests.networks import convolutional


@pytest.mark.parametrize(("samples", "classes"), [(40, 2), (40, 5), (6, 300)])
def test_it_counts_as_many_right_as_the_sweep_has(samples: int, classes: int) -> None:
    model = convolutional(classes=classes).double().eval()
    inputs = torch.rand(samples, 3, 8, 8, generator=torch.Generator().manual_seed(0)).double()
    labels = model(inputs).argmax(1)
    labels[::3] = (labels[::3] + 1) % classes
    sweep = FGSM([0.02, 0.1]).sweep_quietly(model, inputs, labels)
    clean, *robust = Tally.of(sweep).correct
    assert clean == samples - len(labels[::3])
    assert robust == sweep.robust.sum(1).tolist()
