"""What is logged does not hang on where the model lies; and nothing is left there."""

from __future__ import annotations

import gc
from typing import Any

import pytest
import torch
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, FGSMLogger, PerEpsilon
from tests.devices import DEVICES
from tests.logger.datasets import EPSILONS, data, loader, steps
from tests.networks import convolutional

ATTACKS = {
    "fgsm": FGSM(EPSILONS, control=True, refine=3),
    "targeted": FGSM(EPSILONS, target="least-likely"),
    "bim": PerEpsilon(BIM(steps=3), EPSILONS, control=True),
}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_a_device_logs_what_the_cpu_logs(attack, device: str, tmp_path) -> None:
    """In float64, where another order of additions changes no prediction and no sign."""
    model, (inputs, labels) = convolutional().double(), data()
    options: dict[str, Any] = {"attack": attack, "max_samples": 4}
    options |= {"cross_sections": 2, "cross_section_resolution": 5}
    with SummaryWriter(str(tmp_path / "expected")) as writer:
        FGSMLogger(writer, **options).log(model, inputs, labels, step=0)
        (expected,) = steps(writer)
    model.to(device)
    with SummaryWriter(str(tmp_path / "found")) as writer:
        FGSMLogger(writer, tag="batch", **options).log(
            model, inputs.to(device), labels.to(device), step=0
        )
        pinned = loader(pin_memory=device != "cpu")
        FGSMLogger(writer, tag="dataset", **options).log_dataset(model, pinned, step=0)
        FGSMLogger(writer, tag="already there", **options).log_dataset(
            model, [(inputs.to(device), labels.to(device))], step=0
        )
        found = steps(writer)
    assert len(found) == 3
    for step in found:
        assert step.record.robust_accuracy == expected.record.robust_accuracy
        assert step.record.control_accuracy == expected.record.control_accuracy
        assert step.record.gradient == expected.record.gradient
        for here, there in zip(step.record.samples, expected.record.samples, strict=True):
            assert here.checksums == there.checksums
            assert here.clean.classes == there.clean.classes
            assert here.clean.probabilities == pytest.approx(there.clean.probabilities)
            assert here.flip_epsilon == there.flip_epsilon
            assert here.section == there.section


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("random_start", [False, True])
def test_perturbed_inputs_stay_where_they_are(device: str, random_start: bool) -> None:
    model, (inputs, labels) = convolutional().double().eval().to(device), data()
    inputs, labels = inputs.to(device), labels.to(device)
    there = FGSM(EPSILONS).perturb(model, inputs, labels, 0.1, random_start=random_start)
    assert there.device == inputs.device
    assert there.dtype == inputs.dtype
    assert 0 < (there - inputs).abs().max() <= 0.1 + 1e-12
    if not random_start:
        here = FGSM(EPSILONS).perturb(model.cpu(), inputs.cpu(), labels.cpu(), 0.1)
        assert torch.equal(there.cpu(), here)


@pytest.mark.parametrize("device", DEVICES)
def test_nothing_is_left_in_the_memory_of_a_graphics_card(device: str, writer) -> None:
    occupied = torch.cuda.memory_allocated
    model, (inputs, labels) = convolutional().double().to(device), data()
    inputs, labels = inputs.to(device), labels.to(device)
    logger = FGSMLogger(writer, ATTACKS["fgsm"], max_samples=4)
    logger.log(model, inputs, labels, step=0)  # what libraries keep for themselves
    gc.collect()
    before = occupied()
    for step in range(1, 4):
        logger.log(model, inputs, labels, step=step)
    gc.collect()
    assert occupied() == before
