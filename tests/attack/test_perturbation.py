"""Adversarial examples for training: the formula, its laws, and no trace on the training step."""

from __future__ import annotations

import copy
import math
import pickle

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations

from tensorboard_fgsm import FGSM
from tests.laws import tried
from tests.networks import batch, convolutional

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CLASSES = torch.tensor([0, 1, 2, 3, 4, 0])

# The formula


@pytest.mark.parametrize("normalised", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"quantize": True},
        {"target": 2},
        {"target": CLASSES},
        {"target": "least-likely"},
        {"surrogate": convolutional(seed=1).eval()},
        {"loss_fn": functional.cross_entropy},
    ],
    ids=["plain", "quantize", "target", "targets", "least-likely", "surrogate", "loss"],
)
def test_an_evaluated_models_perturbed_inputs_are_those_of_the_sweep(
    options, normalised: bool
) -> None:
    attack = FGSM([8 / 255], **options, **({"mean": MEAN, "std": STD} if normalised else {}))
    model, (inputs, labels) = convolutional().eval(), batch()
    inputs = attack.to_inputs(inputs, inputs.dtype)
    for given_labels in (labels,) if attack.surrogate else (labels, None):
        found = attack.perturb(model, inputs, given_labels, "8/255")
        expected = attack.sweep(model, inputs, given_labels).adversarial(8 / 255)
        assert torch.equal(found, expected)
        assert not found.requires_grad


def test_a_model_in_training_is_attacked_as_the_bare_formula_does() -> None:
    inputs, labels = batch()
    torch.manual_seed(0)
    leaf = inputs.clone().requires_grad_()
    loss = functional.cross_entropy(convolutional().train()(leaf), labels)
    sign = torch.autograd.grad(loss, leaf)[0].sign()
    torch.manual_seed(0)
    attack = FGSM([0.1], loss_fn=functional.cross_entropy)
    found = attack.perturb(convolutional().train(), inputs, labels, 0.1)
    assert torch.equal(found, (inputs + 0.1 * sign).clamp(0, 1))


def test_a_random_start_is_that_of_wong_and_others() -> None:
    model, (inputs, labels) = convolutional().eval(), batch()
    torch.manual_seed(3)
    noise = torch.empty_like(inputs).uniform_(-0.1, 0.1)
    leaf = (inputs + noise).requires_grad_()
    sign = torch.autograd.grad(functional.cross_entropy(model(leaf), labels), leaf)[0].sign()
    moved = (leaf + 0.125 * sign - inputs).clamp(-0.1, 0.1)
    torch.manual_seed(3)
    attack = FGSM([0.1], loss_fn=functional.cross_entropy)
    found = attack.perturb(model, inputs, labels, 0.1, random_start=True, step=0.125)
    assert torch.allclose(found, (inputs + moved).clamp(0, 1), atol=1e-6)


@tried(25)
@given(
    epsilon=st.floats(1e-3, 1),
    times=st.floats(0.1, 2),
    random_start=st.booleans(),
    dtype=st.sampled_from([torch.float32, torch.float64, torch.bfloat16]),
    normalised=st.booleans(),
)
def test_no_pixel_moves_further_than_epsilon_nor_out_of_bounds(
    epsilon: float, times: float, random_start: bool, dtype: torch.dtype, normalised: bool
) -> None:
    attack = FGSM([0.1], mean=[0.5] * 3, std=[0.5] * 3) if normalised else FGSM([0.1])
    model, (pixels, labels) = convolutional().to(dtype), batch()
    inputs = attack.to_inputs(pixels, dtype)
    found = attack.perturb(
        model, inputs, labels, epsilon, random_start=random_start, step=times * epsilon
    )
    assert found.dtype == dtype
    moved = attack.to_pixels(found)
    rounding = 1e-2 if dtype == torch.bfloat16 else 1e-6
    assert (moved - attack.to_pixels(inputs)).abs().max() <= epsilon + rounding
    assert -rounding <= moved.min() <= moved.max() <= 1 + rounding


def test_a_short_step_goes_as_far_as_it_says() -> None:
    inputs, labels = batch()
    found = FGSM([0.1]).perturb(convolutional(), 0.2 + 0.6 * inputs, labels, 0.1, step=0.05)
    assert torch.allclose((found - (0.2 + 0.6 * inputs)).abs().max(), torch.tensor(0.05))


def test_epsilon_0_is_the_identity_and_a_copy() -> None:
    inputs, labels = batch()
    found = FGSM([0.1]).perturb(convolutional(), inputs, labels, 0, random_start=True, step=0.1)
    assert torch.equal(found, inputs)
    assert found.data_ptr() != inputs.data_ptr()


def test_the_start_is_drawn_from_the_global_generator() -> None:
    model, (inputs, labels) = convolutional().eval(), batch()

    def perturbed(seed: int) -> Tensor:
        torch.manual_seed(seed)
        return FGSM([0.1]).perturb(model, inputs, labels, 0.1, random_start=True, step=0.05)

    assert torch.equal(perturbed(0), perturbed(0))
    assert not torch.equal(perturbed(0), perturbed(1))


# No trace


class Various(nn.Module):
    """What training leaves traces in."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.inner = convolutional()
        self.first = parametrizations.spectral_norm(nn.Conv2d(3, 3, 3, padding=1))
        self.instances = nn.InstanceNorm2d(3, track_running_stats=True)
        self.frozen = nn.BatchNorm2d(3).eval()
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("last", torch.zeros(()))
        self.shared = self.instances

    def forward(self, inputs: Tensor) -> Tensor:
        self.calls += 1
        self.last = inputs.mean().detach()
        return self.inner(self.frozen(self.instances(self.first(inputs))))


def state(model: nn.Module) -> list[object]:
    return [
        [module.training for module in model.modules()],
        [(p.requires_grad, p.tolist(), p._version) for p in model.parameters()],
        [None if p.grad is None else p.grad.tolist() for p in model.parameters()],
        [id(p.grad) for p in model.parameters()],
        {name: (id(b), b.tolist(), b._version) for name, b in model.named_buffers()},
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
    ]


@pytest.fixture
def model() -> nn.Module:
    model, (inputs, labels) = Various().train(), batch()
    model.frozen.eval()
    model.inner[0].weight.requires_grad_(False)
    functional.cross_entropy(model(inputs), labels).backward()
    return model


@pytest.mark.parametrize(
    "context",
    [
        torch.enable_grad,
        torch.no_grad,
        torch.inference_mode,
        lambda: torch.autocast("cpu", torch.bfloat16),
    ],
    ids=["grad", "no_grad", "inference_mode", "autocast"],
)
def test_the_model_is_left_as_it_was(model: nn.Module, context) -> None:
    inputs, labels = batch()
    kept = inputs.clone()
    with context():
        before = state(model)
        found = FGSM([0.1]).perturb(model, inputs.clone(), labels.clone(), 0.1, random_start=True)
        assert state(model) == before
    FGSM([0.1]).perturb(model, inputs, labels, 0.1)
    assert torch.equal(inputs, kept)
    functional.cross_entropy(model(found), labels).backward()  # can be trained on


def test_the_model_is_left_as_it_was_when_it_raises(model: nn.Module) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    before = state(model)
    with model.inner[-1].register_forward_hook(fail), pytest.raises(RuntimeError, match="out of"):
        FGSM([0.1]).perturb(model, *batch(), 0.1)
    assert state(model) == before


def test_a_surrogate_is_left_as_it_was(model: nn.Module) -> None:
    before = state(model)
    FGSM([0.1], surrogate=model).perturb(convolutional(), *batch(), 0.1)
    assert state(model) == before


def test_a_backward_pass_under_way_is_not_spoilt() -> None:
    def gradients(*, perturbed: bool) -> list[Tensor]:
        model, (inputs, labels) = Various().train(), batch()
        torch.manual_seed(0)
        loss = functional.cross_entropy(model(inputs), labels)
        if perturbed:
            FGSM([0.1]).perturb(model, inputs, labels, 0.1)
        loss.backward()
        return [p.grad for p in model.parameters()]

    assert all(map(torch.equal, gradients(perturbed=True), gradients(perturbed=False)))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_casts_of_weights_that_autocast_keeps_are_still_trained(dtype: torch.dtype) -> None:
    def gradients(*, perturbed: bool) -> list[Tensor]:
        model, (inputs, labels) = convolutional().train(), batch()
        with torch.autocast("cpu", dtype):
            if perturbed:
                FGSM([0.1]).perturb(model, inputs, labels, 0.1)
            torch.manual_seed(0)
            functional.cross_entropy(model(inputs), labels).backward()
        return [p.grad for p in model.parameters()]

    assert all(map(torch.equal, gradients(perturbed=True), gradients(perturbed=False)))


def test_the_model_runs_in_its_own_mode_under_the_callers_autocast() -> None:
    model, seen = convolutional().train(), []
    model.register_forward_hook(
        lambda module, _, output: seen.append((module.training, output.dtype))
    )
    inputs, labels = batch()
    with torch.autocast("cpu", torch.bfloat16):
        assert FGSM([0.1]).perturb(model, inputs, labels, 0.1).dtype == torch.float32
    FGSM([0.1]).perturb(model.eval(), inputs, labels, 0.1)
    assert seen == [(True, torch.bfloat16), (False, torch.float32)]


def test_models_that_work_in_place_leave_the_inputs_alone() -> None:
    model, (inputs, labels) = convolutional(), batch()
    kept = inputs.clone()
    FGSM([0.1]).perturb(lambda x: model(x.sub_(0.5)), inputs, labels, 0.1)
    assert torch.equal(inputs, kept)


def test_a_gradient_that_a_hook_keeps_is_left_alone() -> None:
    model, kept = nn.Sequential(convolutional()), []
    model.register_full_backward_hook(lambda _, inputs, __: kept.append(inputs[0]))
    FGSM([0.1]).perturb(model, *batch(), 0.1)
    assert len(kept[0].unique()) > 3


def test_a_gradient_whose_elements_share_memory() -> None:
    weight, (inputs, labels) = torch.randn(3, 5), batch()

    def model(inputs: Tensor) -> Tensor:
        return inputs.sum((2, 3)) @ weight

    found = FGSM([0.1]).perturb(model, inputs, labels, 0.1)
    assert torch.equal(found, FGSM([0.1]).sweep(model, inputs, labels).adversarial(0.1))


# The cost


def test_no_gpu_is_waited_for() -> None:
    """A tensor on the meta device has no values, so that whoever asks for one raises."""
    attack = FGSM([0.1], mean=MEAN, std=STD)
    model, (inputs, labels) = convolutional(), batch()
    attack.perturb(model, attack.to_inputs(inputs, inputs.dtype), labels, 0.1)  # looks at the range
    model, inputs, labels = model.to("meta"), inputs.to("meta"), labels.to("meta")
    for options in ({}, {"random_start": True, "step": 0.125}):
        assert attack.perturb(model, inputs, labels, 0.1, **options).is_meta
        assert attack.perturb(model, inputs, None, 0.1, **options).is_meta


def test_that_an_attack_has_looked_at_inputs_is_no_part_of_what_it_is() -> None:
    attack = FGSM([0.1])
    attack.perturb(convolutional(), *batch(), 0.1)
    assert attack == FGSM([0.1])
    assert repr(attack) == repr(FGSM([0.1]))
    assert pickle.loads(pickle.dumps(attack)) == copy.copy(attack) == attack


def test_it_takes_one_forward_and_no_gradient_of_weights() -> None:
    model, seen = convolutional(), []
    model.register_forward_hook(
        lambda module, *_: seen.append(any(p.requires_grad for p in module.parameters()))
    )
    FGSM([0.1]).perturb(model, *batch(), 0.1, random_start=True)
    assert seen == [False]


# Bad input


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"inputs": batch()[0][0]}, ValueError, r"\(N, C, H, W\), got \(3, 12, 12\)"),
        ({"inputs": batch()[0].byte()}, TypeError, "got .* of uint8"),
        ({"inputs": batch()[0] * 255}, ValueError, r"inputs span .* but pixels lie in \[0, 1\]"),
        ({"labels": batch()[1][:3]}, ValueError, r"labels are \(6,\), .* got \(3,\)"),
        ({"labels": batch()[1].float()}, TypeError, "int64 classes, got .* of float32"),
        ({"epsilon": 8}, ValueError, "did you mean 8/255"),
        ({"epsilon": "much"}, TypeError, "numbers such as 8/255"),
        ({"step": "much"}, TypeError, "step is in pixel units, such as 10/255; got 'much'"),
        ({"step": 0}, ValueError, "step is .* above 0"),
        ({"step": 10}, ValueError, r"at most 2·epsilon.* got 10 at epsilon 0.1"),
        ({"step": math.nan}, ValueError, "got nan"),
        ({"model": nn.Flatten(2)}, ValueError, r"logits are \(6, K\)"),
        ({"model": lambda x: x.flatten(1).detach()}, ValueError, "does not depend on the inputs"),
    ],
)
def test_what_is_refused(change, error: type[Exception], message: str) -> None:
    inputs, labels = batch()
    model = convolutional()
    arguments = {"model": model, "inputs": inputs, "labels": labels, "epsilon": 0.1} | change
    with pytest.raises(error, match=message):
        FGSM([0.1]).perturb(**arguments)


def test_targets_for_another_number_of_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="target has 2 classes for 6 samples"):
        FGSM([0.1], target=CLASSES[:2]).perturb(convolutional(), *batch(), 0.1)
