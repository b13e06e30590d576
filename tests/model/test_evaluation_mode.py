"""How a user's model is called: in any context, whatever it answers, and without a trace."""

from __future__ import annotations

import functools
import math
import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon
from tests.networks import batch, convolutional

EPSILONS = (0.5 / 255, 2 / 255, 8 / 255, 0.3)


# Wherever it is called


@pytest.mark.parametrize(
    "context",
    [torch.no_grad, torch.inference_mode, lambda: torch.autocast("cpu", torch.bfloat16)],
    ids=["no_grad", "inference_mode", "autocast"],
)
def test_the_surrounding_context_changes_nothing(context) -> None:
    model = convolutional()
    inputs, labels = batch()
    expected = FGSM(EPSILONS).sweep(model, inputs, labels)
    with context():
        before = (torch.is_grad_enabled(), torch.is_inference_mode_enabled())
        autocast = torch.is_autocast_enabled("cpu")
        sweep = FGSM(EPSILONS).sweep(model, inputs.clone(), labels.clone())
        assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == before
        assert torch.is_autocast_enabled("cpu") == autocast
    assert torch.equal(sweep.direction, expected.direction)
    assert torch.equal(sweep.logits, expected.logits)
    assert not sweep.logits.requires_grad


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16, torch.float64])
def test_weights_of_any_float_type(dtype: torch.dtype) -> None:
    inputs, labels = batch()
    sweep = FGSM([8 / 255]).sweep(convolutional().to(dtype), inputs.to(dtype), labels)
    assert sweep.adversarial(8 / 255).dtype == dtype
    expected = FGSM([8 / 255]).sweep(convolutional(), inputs, labels)
    assert (sweep.direction == expected.direction).float().mean() > 0.9


@pytest.mark.parametrize(
    "wrap",
    [
        lambda logits: (logits, "features"),
        lambda logits: [logits],
        lambda logits: SimpleNamespace(logits=logits),
        lambda logits: {"logits": logits},
    ],
    ids=["tuple", "list", "object", "mapping"],
)
def test_models_that_answer_with_more_than_logits(wrap) -> None:
    model = convolutional().eval()
    inputs, labels = batch()
    sweep = FGSM([0.1]).sweep(lambda x: wrap(model(x)), inputs, labels)
    assert torch.equal(sweep.clean_logits, model(inputs).detach())


def test_models_that_normalise_their_inputs_in_place() -> None:
    model = convolutional().eval()
    inputs, labels = batch()
    kept = inputs.clone()
    FGSM([0.1]).sweep(lambda x: model(x.sub_(0.5)), inputs, labels)
    assert torch.equal(inputs, kept)


# No trace


def _state(model: nn.Module) -> list[object]:
    return [
        [module.training for module in model.modules()],
        [
            (p.requires_grad, None if p.grad is None else p.grad.tolist())
            for p in model.parameters()
        ],
        {name: (id(b), b.tolist(), b._version) for name, b in model.named_buffers()},
        [p.tolist() for p in model.parameters()],
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
        torch.is_grad_enabled(),
        torch.is_autocast_enabled("cpu"),
    ]


@pytest.fixture
def model_in_training() -> nn.Module:
    model = convolutional().train()
    model[1].eval()  # a frozen BatchNorm
    model[0].weight.requires_grad_(False)
    inputs, labels = batch()
    functional.cross_entropy(model(inputs), labels).backward()
    return model


def test_the_model_is_left_as_it_was(model_in_training: nn.Module) -> None:
    inputs, labels = batch()
    before = _state(model_in_training)
    FGSM(EPSILONS).sweep(model_in_training, inputs, labels)
    assert _state(model_in_training) == before


def test_the_model_is_left_as_it_was_when_it_raises(model_in_training: nn.Module) -> None:
    inputs, labels = batch()
    calls = []

    def fail(*_: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("out of memory")

    handle = model_in_training.register_forward_hook(fail)
    before = _state(model_in_training)
    with pytest.raises(RuntimeError, match="out of memory"):
        FGSM(EPSILONS).sweep(model_in_training, inputs, labels)
    handle.remove()
    assert _state(model_in_training) == before


def test_buffers_that_a_model_changes_in_evaluation_are_put_back() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = convolutional()
            self.register_buffer("calls", torch.zeros(()))
            self.register_buffer("last", torch.zeros(()))

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            self.last = inputs.mean().detach()
            torch.rand(3), np.random.rand(3), random.random()
            return self.inner(inputs)

    model = Counting()
    before = _state(model)[2:]
    before[0] = {name: values[:2] for name, values in before[0].items()}
    FGSM(EPSILONS).sweep(model, *batch())
    after = _state(model)[2:]
    after[0] = {name: values[:2] for name, values in after[0].items()}
    assert after == before


class Odd(nn.Module):
    """Changes a buffer of an odd kind in each forward."""

    def __init__(self, buffer: torch.Tensor, change) -> None:
        super().__init__()
        self.inner = convolutional()
        self.register_buffer("odd", buffer)
        self.change = change

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            self.change(self)
        return self.inner(inputs)


@pytest.mark.parametrize(
    ("buffer", "change"),
    [
        (torch.zeros(2), lambda m: m.odd.fill_(math.nan)),
        (torch.full((2,), math.nan), lambda m: m.odd.fill_(0)),
        (torch.zeros(2), lambda m: m.odd.data.add_(1)),
        (torch.zeros(0), lambda m: m.odd.resize_(3).fill_(1)),
        (torch.zeros(2, dtype=torch.bool), lambda m: m.odd.fill_(True)),
        (torch.zeros(2, dtype=torch.complex64), lambda m: m.odd.fill_(1j)),
        (torch.zeros(2), lambda m: m.register_buffer("new", torch.ones(2))),
        (torch.zeros(2), lambda m: setattr(m, "odd", None)),
        (torch.eye(2).to_sparse(), lambda m: None),
        (torch.zeros(2, device="meta"), lambda m: None),
    ],
    ids=["nan", "from-nan", "data", "resized", "bool", "complex", "new", "gone", "sparse", "meta"],
)
def test_buffers_of_every_kind_are_put_back(buffer: torch.Tensor, change) -> None:
    model = Odd(buffer, change).train()
    kept = None if buffer.is_meta or buffer.is_sparse else str(buffer)
    FGSM(EPSILONS).sweep(model, *batch())
    assert list(model._buffers) == ["odd"]
    assert model.odd is buffer
    assert kept is None or str(buffer) == kept
    assert all(module.training for module in model.modules())


def test_an_unchanged_buffer_with_nan_is_not_written() -> None:
    model = Odd(torch.full((2,), math.nan), lambda m: None)
    version = model.odd._version
    FGSM([0.1]).sweep(model, *batch())
    assert model.odd._version == version


def test_a_restoration_that_fails_keeps_no_other_from_running() -> None:
    class Stubborn(nn.Module):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "training" and value and "training" in self.__dict__:
                raise RuntimeError("no")
            super().__setattr__(name, value)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            torch.rand(1)
            return inputs

    model = nn.Sequential(Stubborn(), convolutional())
    state = torch.get_rng_state()
    with pytest.raises(RuntimeError, match="no"):
        FGSM([0.1]).sweep(model, *batch())
    assert model[1].training
    assert all(p.requires_grad for p in model.parameters())
    assert torch.equal(torch.get_rng_state(), state)


def test_modules_whose_train_changes_weights_are_not_asked_to() -> None:
    class Merging(nn.Linear):
        def train(self, mode: bool = True) -> nn.Module:
            self.weight.data.add_(1 if mode else -1)
            return super().train(mode)

    model = nn.Sequential(nn.Flatten(), Merging(432, 5))
    before = model[1].weight.clone()
    FGSM([0.1]).sweep(model, *batch())
    assert torch.equal(model[1].weight, before)


class Trainer:
    """Has a model and is none."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model

    def predict(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.model(inputs)

    def function(self):
        return lambda inputs: self.model(inputs)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda model: model.forward,
        lambda model: lambda x: model(x),
        lambda model: functools.partial(lambda m, x: m(x), model),
        lambda model: functools.partial(model.forward),
        lambda model: Trainer(model).predict,
        lambda model: Trainer(model).function(),
        lambda model: functools.partial(Trainer(model).predict),
    ],
    ids=[
        "method",
        "lambda",
        "partial",
        "partial-of-a-method",
        "trainers-method",
        "trainers-lambda",
        "partial-of-a-trainers-method",
    ],
)
def test_the_modules_of_a_function_are_evaluated_and_left_alone(wrap, model_in_training) -> None:
    inputs, labels = batch()
    before = _state(model_in_training)
    sweep = FGSM([0.1]).sweep(wrap(model_in_training), inputs, labels)
    assert _state(model_in_training) == before
    assert torch.equal(sweep.clean_logits, model_in_training.eval()(inputs).detach())


def test_no_parameter_asks_for_a_gradient_meanwhile() -> None:
    model, seen = convolutional(), []
    model.register_forward_hook(
        lambda module, *_: seen.append(any(p.requires_grad for p in module.parameters()))
    )
    FGSM([0.1]).sweep(model, *batch())
    assert seen == [False, False]


def test_a_model_made_in_inference_mode_is_refused() -> None:
    with torch.inference_mode():
        model = convolutional()
    for context in (torch.inference_mode, torch.enable_grad):
        with context(), pytest.raises(ValueError, match=r"made in torch.inference_mode"):
            FGSM([0.1]).sweep(model, *batch())


@pytest.mark.parametrize(
    "layer",
    [nn.LazyConv2d(5, 12), nn.LazyBatchNorm2d(affine=False)],
    ids=["parameters", "buffers"],
)
def test_a_lazy_model_is_refused_until_it_has_its_shapes(layer: nn.Module) -> None:
    model = nn.Sequential(layer, nn.AdaptiveAvgPool2d(1), nn.Flatten())
    attack, (inputs, labels) = FGSM([0.1]), batch(classes=3)
    for attacked in (attack.sweep, functools.partial(attack.perturb, epsilon=0.1)):
        with pytest.raises(
            ValueError, match=r"a Lazy\w+ whose .* no shape yet: run the model once"
        ):
            attacked(model, inputs, labels)
    model(inputs)
    attack.sweep(model, inputs, labels)


@pytest.mark.parametrize("how", ["sweep", "perturb"])
def test_a_cache_of_parametrized_weights_is_not_filled(how: str) -> None:
    def gradients(*, attacked: bool) -> list[torch.Tensor | None]:
        model, (inputs, labels) = convolutional().eval(), batch()
        parametrizations.weight_norm(model[0])
        with parametrize.cached():
            if attacked and how == "sweep":
                FGSM([0.1]).sweep(model, inputs, labels)
            elif attacked:
                FGSM([0.1]).perturb(model, inputs, labels, 0.1)
            assert model[0].weight is model[0].weight  # it is cached as before
            functional.cross_entropy(model(inputs), labels).backward()
        assert model[0].weight is not model[0].weight
        return [p.grad for p in model.parameters()]

    for found, expected in zip(gradients(attacked=True), gradients(attacked=False), strict=True):
        assert found is not None
        assert torch.equal(found, expected)


def test_a_backward_pass_under_way_is_not_spoilt() -> None:
    model, (inputs, labels) = convolutional().train(), batch()
    torch.manual_seed(0)
    functional.cross_entropy(model(inputs), labels).backward()
    expected = [p.grad.clone() for p in model.parameters()]
    model.load_state_dict(convolutional().state_dict())
    model.zero_grad()
    torch.manual_seed(0)
    loss = functional.cross_entropy(model(inputs), labels)
    FGSM(EPSILONS).sweep(model, inputs, labels)
    loss.backward()
    assert all(torch.equal(p.grad, e) for p, e in zip(model.parameters(), expected, strict=True))


def test_the_model_is_evaluated_in_evaluation_mode(model_in_training: nn.Module) -> None:
    inputs, labels = batch()
    sweep = FGSM([0.1]).sweep(model_in_training, inputs, labels)
    assert torch.equal(sweep.clean_logits, model_in_training.eval()(inputs).detach())


# Bad answers


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (lambda x: x.flatten(1) * math.nan, ValueError, "logits hold NaN"),
        (lambda x: x.flatten(1)[:, :0], ValueError, r"K ≥ 2 classes.* got \(6, 0\)"),
        (lambda x: x.flatten(), ValueError, r"\(6,\) of a binary model, got \(2592,\)"),
        (lambda x: x, ValueError, r"logits are \(6, K\)"),
        (lambda x: x.flatten(1)[:3], ValueError, "for 6 samples"),
        (lambda x: "logits", TypeError, "got str: attacked are classifiers with one label a pic"),
        (
            lambda x: {"out": x, "aux": x},
            TypeError,
            r"got dict with 'out', 'aux', of which lambda inputs: model\(inputs\)\['out'\] takes",
        ),
        (lambda x: x.repeat(1, 2, 1, 1), ValueError, r"got \(6, 6, 12, 12\): attacked are class"),
        (lambda x: [{"boxes": x, "scores": x}], TypeError, "got dict with 'boxes', 'scores', of"),
        (lambda x: x.flatten(1).detach(), ValueError, "does not depend on the inputs"),
        (lambda x: torch.ones(6, 5, requires_grad=True), ValueError, "does not depend on the in"),
        (lambda x: x.flatten(1).argmax(1, keepdim=True).repeat(1, 5), TypeError, "int64"),
    ],
)
def test_bad_answers_of_the_model(answer, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM([0.1]).sweep(answer, *batch())


class Shrinking(nn.Module):
    """Forgets a class after so many calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.inner, self.left = convolutional(), calls

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.left -= 1
        return self.inner(inputs)[:, : 5 if self.left >= 0 else 4]


FULL = FGSM(
    [0.1, 0.2], control=True, refine=1, together=False
)  # 1 + 2 + 2 + 1 calls, a second pass, the noise
STRONG = PerEpsilon(PGD(1), [0.1])  # 2 calls, 1 of PGD, its outcome, a second pass


@pytest.mark.parametrize(
    ("attack", "calls"),
    [*((FULL, calls) for calls in range(1, 8)), *((STRONG, calls) for calls in range(1, 5))],
)
def test_a_model_whose_number_of_classes_changes_is_told_so(attack, calls: int, writer) -> None:
    inputs, labels = batch()
    with pytest.raises(ValueError, match="the model answers with 4 classes, and before with 5"):
        FGSMLogger(writer, attack).log(Shrinking(calls), inputs, labels.clamp(max=3), step=0)
    FGSMLogger(writer, attack).log(Shrinking(8), inputs, labels, step=0)
