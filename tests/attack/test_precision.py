"""bfloat16 where no gradient is taken: what stays exact, what is coarser, and what is told."""

from __future__ import annotations

import dataclasses
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, read_steps
from tensorboard_fgsm.attack.caveats import caveats_of
from tensorboard_fgsm.attack.tally import Tally
from tests.networks import batch, convolutional

EPSILONS = [0, 0.01, 0.05, 0.2]
WITH = {"control": True, "refine": 3}


class Watched(nn.Module):
    """Keeps in what its layers answered, and how what it was given lies in memory."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.types: list[torch.dtype] = []
        self.last: list[bool] = []

    def forward(self, x: Tensor) -> Tensor:
        answer = self.inner(x)
        self.types.append(answer.dtype)
        self.last.append(x.is_contiguous(memory_format=torch.channels_last))
        return answer


def test_the_clean_forward_and_the_gradient_stay_exact() -> None:
    model = Watched(convolutional().eval())
    inputs, labels = batch(20)
    exact = FGSM(EPSILONS, **WITH, together=False).sweep(model, inputs, labels)
    before, model.types = len(model.types), []
    coarse = FGSM(EPSILONS, **WITH, together=False, precision="bfloat16").sweep(
        model, inputs, labels
    )
    assert model.types == [torch.float32] + [torch.bfloat16] * before  # one forward more
    assert torch.equal(coarse.clean_logits, exact.clean_logits)
    assert coarse.direction is not None
    assert exact.direction is not None
    assert torch.equal(coarse.direction, exact.direction)
    assert coarse.control_logits is not None
    assert exact.control_logits is not None
    for logits, others in (
        (coarse.logits, exact.logits),
        (coarse.control_logits, exact.control_logits),
    ):
        assert logits.dtype == torch.float32
        assert torch.equal(logits[0], exact.clean_logits)  # at ε = 0 no forward is needed
        assert not torch.equal(logits[1:], others[1:])
        torch.testing.assert_close(logits, others, rtol=0, atol=0.03 * float(others.abs().max()))


def test_it_is_what_autocast_gives_by_hand() -> None:
    model = convolutional().eval()
    inputs, labels = batch(20)
    sweep = FGSM(EPSILONS, precision="bfloat16", together=False).sweep(model, inputs, labels)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for place, epsilon in enumerate(EPSILONS[1:], 1):
            expected = model(sweep.adversarial(epsilon)).float()
            assert torch.equal(sweep.logits[place], expected)
        clean = model(inputs).float()
    assert sweep.coarse_clean_logits is not None
    assert torch.equal(sweep.coarse_clean_logits, clean)
    changed = int((clean.argmax(1) != sweep.clean_logits.argmax(1)).sum())
    assert sweep.predictions_changed == changed
    assert FGSM(EPSILONS).sweep(model, inputs, labels).predictions_changed is None


@pytest.mark.parametrize("together", [True, False])
def test_epsilons_may_share_its_forwards(together: bool) -> None:
    model = Watched(convolutional().eval())
    inputs, labels = batch(4, size=8)
    attack = FGSM(EPSILONS, precision="bfloat16", together=together)
    first = attack.sweep(model, inputs, labels)
    model.types = []
    second = attack.sweep(model, inputs, labels)
    # The clean one twice, and those at three epsilons above 0.
    assert len(model.types) == (4 if together else 5)
    apart = FGSM(EPSILONS, precision="bfloat16", together=False).sweep(model, inputs, labels)
    for sweep in (first, second):
        assert torch.equal(sweep.logits.argmax(2), apart.logits.argmax(2))
        torch.testing.assert_close(sweep.logits, apart.logits, rtol=0, atol=0.03)


def test_inputs_with_the_channels_last_stay_so() -> None:
    model = Watched(convolutional().eval().to(memory_format=torch.channels_last))
    inputs, labels = batch(6)
    laid = inputs.to(memory_format=torch.channels_last)
    for together in (True, False):
        model.last = []
        FGSM(EPSILONS, precision="bfloat16", together=together).sweep(model, laid, labels)
        assert model.last
        assert all(model.last)
    model.last = []
    FGSM(EPSILONS, precision="bfloat16").sweep(model, inputs, labels)
    assert not any(model.last)


class Close(nn.Module):
    """Two classes that a hundredth of a logit decides between, at logits of a hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3 * 8 * 8, 2, bias=False)
        with torch.no_grad():
            self.layer.weight.copy_(torch.ones(2, 3 * 8 * 8))
            self.layer.weight[1, ::2] += 1e-3

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x.flatten(1)) - torch.tensor([0.0, 0.048], device=x.device)


def close() -> tuple[nn.Module, Tensor, Tensor]:
    model = Close().eval()
    inputs = torch.rand(60, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    return model, inputs, model(inputs).argmax(1)


def test_what_it_changes_is_counted_and_told(tmp_path: Path) -> None:
    model, inputs, labels = close()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        changed = int((model(inputs).argmax(1) != labels).sum())
    assert changed > 10
    attack = FGSM([8 / 255], precision="bfloat16")
    told = f"otherwise of {changed} of 60 samples when clean"
    with pytest.warns(RuntimeWarning, match=told):
        sweep = attack.sweep(model, inputs, labels)
    assert sweep.predictions_changed == changed
    assert sweep.of(slice(30)).predictions_changed <= changed
    with SummaryWriter(str(tmp_path)) as writer:
        loader = DataLoader(TensorDataset(inputs, labels), batch_size=25)
        with pytest.warns(RuntimeWarning, match=told):
            evaluation = FGSMLogger(writer, attack).log_dataset(model, loader, step=0)
    assert evaluation is not None
    assert evaluation.predictions_changed == changed
    (step,) = read_steps(tmp_path)
    assert step.record.attack.settings == {
        "precision": "bfloat16",
        "clean_predictions_changed": changed,
    }
    (warning,) = (each for each in step.record.warnings if each.code == "coarse-precision")
    assert told in warning.sentence


@pytest.mark.parametrize(
    ("changed", "count", "told"),
    [
        *[(0, 20, False), (1, 8, False), (2, 20, False), (3, 20, True)],
        *[(2, 200, False), (3, 200, False), (7, 200, True)],
    ],
)
def test_a_few_are_no_reason_to_warn(changed: int, count: int, told: bool) -> None:
    inputs, labels = batch(count)
    attack = FGSM(EPSILONS, precision="bfloat16")
    tally = Tally.of(attack.sweep_quietly(convolutional().eval(), inputs, labels))
    found = caveats_of(dataclasses.replace(tally, changed=changed), attack)
    assert ("coarse-precision" in [each.code for each in found]) == told


def batch_of_a_sound_model() -> tuple[nn.Module, Tensor, Tensor]:
    model = convolutional().eval()
    inputs, _ = batch(20)
    return model, inputs, model(inputs).argmax(1)


def test_features_of_an_embedding_stay_exact(tmp_path: Path) -> None:
    model, inputs, labels = batch_of_a_sound_model()
    found = []
    for name, precision in (("exact", None), ("coarse", "bfloat16")):
        with SummaryWriter(str(tmp_path / name)) as writer:
            attack = FGSM(EPSILONS, precision=precision)
            FGSMLogger(writer, attack, embed=5).log(model, inputs, labels, step=0)
        (step,) = read_steps(tmp_path / name)
        assert step.record.embedding is not None
        levels = np.frombuffer(b64decode(step.record.embedding.positions), "<u2").astype(int)
        found.append(levels)
    assert len(found[0]) == 2 * 5 * (1 + len(EPSILONS))
    # The features of five samples alone, and those among twenty, are rounded otherwise.
    assert abs(found[0] - found[1]).max() <= 2


@pytest.mark.parametrize(
    ("precision", "dtype", "message"),
    [
        ("float16", torch.float32, "precision is 'bfloat16', or None .*; got 'float16'"),
        (torch.float16, torch.float32, "precision is 'bfloat16'"),
        (True, torch.float32, "precision is 'bfloat16'"),
        ("bfloat16", torch.float64, "is for float32, and the inputs are of torch.float64: leave"),
        ("bfloat16", torch.bfloat16, "is for float32, and the inputs are of torch.bfloat16"),
    ],
)
def test_what_makes_no_sense_is_refused(precision, dtype: torch.dtype, message: str) -> None:
    inputs, labels = batch(2)
    model = convolutional().eval().to(dtype)
    with pytest.raises(ValueError, match=message):
        FGSM(EPSILONS, precision=precision).sweep(model, inputs.to(dtype), labels)


def test_the_type_itself_is_understood() -> None:
    assert FGSM([0.1], precision=torch.bfloat16).precision == "bfloat16"  # pyright: ignore[reportArgumentType]
