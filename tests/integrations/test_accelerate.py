"""Accelerate itself: its tracker's writer, its loaders, its mixed precision."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.tracking import GeneralTracker
from accelerate.utils import DataLoaderConfiguration
from torch.utils.data import DataLoader, TensorDataset

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.integrations.accelerate import writer_of
from tests.networks import batch, convolutional

ATTACK = FGSM([2 / 255, 0.1])
SAMPLES = TensorDataset(*batch(n=12))


@pytest.fixture(autouse=True)
def _one_accelerator_a_test():
    yield
    AcceleratorState._reset_state(reset_partial_state=True)


def accelerator_of(logdir: Path, **options) -> Accelerator:
    accelerator = Accelerator(cpu=True, log_with="tensorboard", project_dir=logdir, **options)
    accelerator.init_trackers("run")
    return accelerator


@pytest.mark.parametrize("precision", ["no", "bf16"])
def test_mixed_precision_changes_no_sign_and_stays_as_it_is(precision, tmp_path: Path) -> None:
    accelerator = accelerator_of(tmp_path, mixed_precision=precision)
    model, loader = accelerator.prepare(convolutional(), DataLoader(SAMPLES, batch_size=5))
    forward = model.forward
    fgsm = FGSMLogger(writer_of(accelerator), ATTACK)
    evaluation = fgsm.log_dataset(model, loader, step=1, follow=range(12))
    assert model.forward == forward
    accelerator.end_training()
    sweep = ATTACK.sweep(convolutional(), *SAMPLES.tensors)
    (step,) = read_steps(tmp_path)
    assert evaluation.count == step.record.count == 12
    assert evaluation.robust_accuracy.tolist() == sweep.robust_accuracy.tolist()
    for i in range(12):
        assert step.direction(i).tolist() == sweep.direction[i].permute(1, 2, 0).tolist()


def test_an_error_leaves_mixed_precision_as_it_is(tmp_path: Path) -> None:
    accelerator = accelerator_of(tmp_path, mixed_precision="bf16")
    model = accelerator.prepare(convolutional())
    forward = model.forward
    with pytest.raises(ValueError, match="classes"):
        ATTACK.sweep(model, batch()[0], torch.full((6,), 9))
    assert model.forward == forward
    accelerator.end_training()


def test_a_loader_that_is_not_read_to_its_end_is_left_behind(tmp_path: Path) -> None:
    accelerator = accelerator_of(tmp_path, gradient_accumulation_steps=8)
    model, loader, other = accelerator.prepare(
        convolutional(), DataLoader(SAMPLES, batch_size=5), DataLoader(SAMPLES, batch_size=5)
    )
    fgsm = FGSMLogger(writer_of(accelerator), ATTACK)
    for index, _ in enumerate(loader):
        if index == 0:
            evaluation = fgsm.log_dataset(model, other, step=1, max_batches=1)
            assert evaluation.count == 5
        with accelerator.accumulate(model):
            pass
    assert accelerator.sync_gradients
    accelerator.end_training()


@pytest.mark.parametrize("seedable", [True, False])
@pytest.mark.parametrize("most", [None, 1])
def test_the_trainings_own_loader_is_shuffled_as_without_the_attack(
    most, seedable: bool, tmp_path: Path
) -> None:
    drawn = []
    for attacked in (False, True):
        config = DataLoaderConfiguration(use_seedable_sampler=seedable, data_seed=1)
        accelerator = accelerator_of(tmp_path, dataloader_config=config)
        torch.manual_seed(0)
        loader = DataLoader(SAMPLES, batch_size=5, shuffle=True)
        model, loader = accelerator.prepare(convolutional(), loader)
        fgsm = FGSMLogger(writer_of(accelerator), ATTACK)
        seen = []
        for epoch in range(3):
            seen += [inputs for inputs, _ in loader]
            if attacked:
                fgsm.log_dataset(model, loader, step=epoch, max_batches=most)
        drawn.append(torch.cat(seen))
        accelerator.end_training()
    assert torch.equal(*drawn)


class Notebook(GeneralTracker):
    """A tracker of another kind."""

    name = "notebook"
    requires_logging_directory = False
    tracker = None


@pytest.mark.parametrize(("trackers", "found"), [(None, "no tracker"), (Notebook(), "notebook")])
def test_without_its_tracker_the_error_says_what_to_do(trackers, found: str) -> None:
    accelerator = Accelerator(cpu=True, log_with=trackers)
    accelerator.init_trackers("run")
    with pytest.raises(TypeError, match=rf"has {found}: Accelerator\(log_with=.*init_trackers"):
        writer_of(accelerator)
