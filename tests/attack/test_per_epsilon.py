"""Other attacks than FGSM, run anew at each epsilon, and FGSM beside them."""

from __future__ import annotations

import copy
import functools
import json
import math
import pickle
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.format import pixels, record
from tests.format.test_golden import example_record
from tests.networks import batch, convolutional, linear

EPSILONS = (0.0, 2 / 255, 8 / 255, 0.3)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def fgsm(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """As one writes it by hand."""
    inputs = inputs.clone().requires_grad_()
    functional.cross_entropy(model(inputs), labels, reduction="sum").backward()
    return (inputs + epsilon * inputs.grad.sign()).clamp(0, 1)


def noise(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    return (inputs + epsilon * torch.rand_like(inputs)).clamp(0, 1)


def nothing(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    return inputs


def normalised(inputs: Tensor) -> Tensor:
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
    return (inputs - mean) / std


def in_training() -> nn.Module:
    """A network in the middle of a training step."""
    model = convolutional().train()
    model[1].eval()  # a frozen BatchNorm
    model[0].weight.requires_grad_(False)
    inputs, labels = batch()
    functional.cross_entropy(model(inputs), labels).backward()
    return model


def trace(model: nn.Module) -> list[object]:
    return [
        [module.training for module in model.modules()],
        [(p.requires_grad, id(p.grad), str(p.grad)) for p in model.parameters()],
        [(name, b.tolist()) for name, b in model.named_buffers()],
        [p.tolist() for p in model.parameters()],
        torch.get_rng_state().tolist(),
        np.random.get_state()[1].tolist(),
        random.getstate(),
        torch.is_grad_enabled(),
    ]


# What comes out


@pytest.mark.parametrize("quantize", [False, True], ids=["exact", "quantized"])
@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised"])
def test_the_examples_are_the_attacks_and_the_predictions_the_models(normalise, quantize) -> None:
    model, (inputs, labels) = convolutional().eval(), batch(n=12)
    statistics = {"mean": MEAN, "std": STD} if normalise else {}
    attack = PerEpsilon(noise, EPSILONS, quantize=quantize, **statistics)
    torch.manual_seed(5)
    sweep = attack.sweep(model, normalised(inputs) if normalise else inputs, labels)
    shown = (inputs * 255 + 0.5).floor() / 255 if quantize else inputs
    for e, epsilon in enumerate(EPSILONS):
        torch.manual_seed(5)
        expected = noise(model, shown, labels, epsilon)
        expected = (expected * 255 + 0.5).floor() / 255 if quantize else expected
        # A pixel halfway between two levels may be rounded either way.
        apart = (sweep.examples[e] - expected).abs()
        assert apart.max() <= (1.001 / 255 if quantize else 1e-6)
        assert (apart > 1e-6).float().mean() < 1e-3
        eaten = attack.normalisation.to_inputs(sweep.examples[e], torch.float32)
        assert torch.equal(sweep.adversarial(epsilon), eaten if epsilon else sweep.inputs)
        assert torch.allclose(sweep.logits[e], model(sweep.adversarial(epsilon)), atol=1e-5)
    assert sweep.direction is None
    assert torch.equal(sweep.logits[0], sweep.clean_logits)
    said_right = sweep.logits.argmax(2) == labels
    assert torch.equal(sweep.robust_accuracy, said_right.double().mean(1))


@pytest.mark.parametrize("given", [True, False], ids=["labels", "no-labels"])
@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised"])
def test_fgsm_as_a_function_has_fgsms_own_numbers(normalise: bool, given: bool) -> None:
    # In float64, where cross-entropy has the sign of the stable loss.
    model, (inputs, labels) = convolutional().double(), batch(n=20)
    inputs = inputs.double()
    statistics = {"mean": MEAN, "std": STD} if normalise else {}
    eaten = normalised(inputs) if normalise else inputs
    ours = FGSM(EPSILONS, **statistics).sweep(model, eaten, labels if given else None)
    theirs = PerEpsilon(fgsm, EPSILONS, **statistics).sweep(model, eaten, labels if given else None)
    for epsilon in EPSILONS:
        assert torch.allclose(theirs.adversarial(epsilon), ours.adversarial(epsilon), atol=1e-12)
    assert torch.allclose(theirs.logits, ours.logits)
    assert torch.equal(theirs.flip_epsilon, ours.flip_epsilon)
    assert torch.equal(theirs.robust_accuracy, ours.robust_accuracy)
    assert torch.equal(theirs.success_rate, ours.success_rate)
    assert torch.equal(theirs.labels, ours.labels)
    assert theirs.own_labels is not given
    assert torch.equal(theirs.reference.logits, ours.logits)
    assert torch.equal(theirs.reference.direction, ours.direction)


@pytest.mark.filterwarnings("ignore:backwards moves:RuntimeWarning")
def test_the_flip_epsilon_is_the_first_logged_one_that_flips() -> None:
    def backwards(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        """Turns pictures upside down at 0.1, and leaves them at any other epsilon."""
        return inputs.flip(3) if epsilon == 0.1 else inputs

    model = linear(5 * torch.eye(2, 4))
    inputs = torch.tensor([0.6, 0.4, 0.5, 0.5]).view(1, 1, 2, 2).repeat(3, 1, 1, 1)
    inputs[1] = 0.5  # equal both ways: class 0
    labels = torch.tensor([0, 0, 1])
    sweep = PerEpsilon(backwards, [0.05, 0.1, 0.2]).sweep(model, inputs, labels)
    assert sweep.flip_epsilon.tolist() == [0.1, math.inf, 0]
    assert sweep.flipped[:, 0].tolist() == [False, True, False]
    assert sweep.robust_accuracy.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3])


def test_a_control_is_fgsms_control() -> None:
    model, (inputs, labels) = convolutional(), batch()
    sweep = PerEpsilon(noise, EPSILONS, control=True).sweep(model, inputs, labels)
    expected = FGSM(EPSILONS, control=True).sweep(model, inputs, labels)
    assert torch.equal(sweep.control_logits, expected.control_logits)


def test_an_epsilon_that_was_not_attacked_has_no_examples() -> None:
    sweep = PerEpsilon(noise, [0.1, 0.2]).sweep(convolutional(), *batch())
    assert torch.equal(sweep.adversarial(0), sweep.inputs)
    with pytest.raises(ValueError, match=r"there are those of \[0.1, 0.2\], not of 0.15"):
        sweep.adversarial(0.15)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_any_float_type(dtype: torch.dtype) -> None:
    inputs, labels = batch()
    seen = []

    def watching(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        seen.append(inputs.dtype)
        return fgsm(model, inputs, labels, epsilon)

    sweep = PerEpsilon(watching, [0.1]).sweep(convolutional().to(dtype), inputs.to(dtype), labels)
    assert seen == [torch.promote_types(dtype, torch.float32)]
    assert sweep.adversarial(0.1).dtype == dtype


def test_models_of_one_logit_answer_with_two() -> None:
    def shapes(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        assert model(inputs).shape == (6, 2)
        return fgsm(model, inputs, labels, epsilon)

    inputs, labels = batch(classes=2)
    sweep = PerEpsilon(shapes, [0.1]).sweep(convolutional(classes=1), inputs, labels)
    assert sweep.one_logit


def test_models_that_work_in_place_leave_the_attacks_pictures_alone() -> None:
    model, (inputs, labels) = convolutional().eval(), batch()

    def strict(given: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        kept = inputs.clone()
        leaf = inputs.requires_grad_()
        given(leaf).sum().backward()
        assert torch.equal(leaf.detach(), kept)
        return fgsm(given, kept, labels, epsilon)

    sweep = PerEpsilon(strict, [0.1]).sweep(lambda x: model(x.sub_(0.5)), inputs, labels)
    expected = PerEpsilon(fgsm, [0.1]).sweep(lambda x: model(x - 0.5), inputs, labels)
    assert torch.equal(sweep.examples, expected.examples)


# Its name and settings


@dataclass(frozen=True)
class Push:
    """A dataclass's settings are its fields."""

    steps: int = 3
    rate: float = math.inf
    loss: str = "ce"
    restart: bool = False
    weights: tuple[float, ...] = (1.0,)

    def __call__(self, model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return inputs


class Named:
    name = "Someone's"
    settings: Mapping[str, object] = {
        "steps": np.int64(4),
        "rate": np.float32(0.5),
        "fast": np.bool_(True),
        "start": math.nan,
        "callback": print,
    }

    def __call__(self, model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return inputs


@pytest.mark.parametrize(
    ("attack", "options", "name", "settings"),
    [
        (nothing, {}, "nothing", {}),
        (nothing, {"name": "My own"}, "My own", {}),
        (functools.partial(nothing, steps=5), {}, "nothing", {"steps": 5}),
        (Push(), {}, "Push", {"steps": 3, "rate": "inf", "loss": "ce", "restart": False}),
        (Named(), {}, "Someone's", {"steps": 4, "rate": 0.5, "fast": True, "start": "nan"}),
        (Push().__call__, {}, "__call__", {}),
    ],
    ids=["function", "given", "partial", "dataclass", "attributes", "method"],
)
def test_the_name_and_the_settings(attack, options, name: str, settings) -> None:
    found = PerEpsilon(attack, [0.1], **options)
    assert found.name == name
    assert found.settings == settings
    assert [type(value) for value in found.settings.values()] == list(map(type, settings.values()))


@pytest.mark.parametrize("attack", [Push(), Named()], ids=["dataclass", "attributes"])
def test_the_record_has_the_name_and_the_settings(attack, tmp_path: Path) -> None:
    step = logged(PerEpsilon(attack, [0.1], quantize=True), tmp_path)
    assert step.record.attack.name == PerEpsilon(attack, [0.1]).name
    assert step.record.attack.settings == PerEpsilon(attack, [0.1]).settings
    assert step.record.attack.quantize


def test_configurations_can_be_copied_and_pickled() -> None:
    attack = PerEpsilon(Push(steps=7), ["8/255"], mean=MEAN, std=STD)
    for other in (copy.deepcopy(attack), pickle.loads(pickle.dumps(attack))):
        assert (other.attack, other.fgsm, other.name) == (attack.attack, attack.fgsm, attack.name)


# What is refused


@pytest.mark.parametrize("attack", [None, "PGD", 8 / 255, Push], ids=str)
def test_what_is_no_attack(attack) -> None:
    with pytest.raises(TypeError, match=r"\(model, inputs, labels, epsilon\), such as PGD\(steps"):
        PerEpsilon(attack, [0.1])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            lambda x: x[:3],
            r"bad returns adversarial inputs of \(6, 3, 12, 12\), got \(3, 3, 12, 12",
        ),
        (lambda x: x[0], r"got \(3, 12, 12\) of float32"),
        (lambda x: x.numpy(), "got ndarray"),
        (lambda x: (x, None), "got tuple"),
        (lambda x: None, "got NoneType"),
        (
            lambda x: x + 1,
            r"bad returns pictures in \[0, 1\], got values from 1.* to .*: attack the",
        ),
        (lambda x: x - 0.1, "got values from -0.0"),
        (lambda x: x * 255, "which has the normalisation inside"),
        (lambda x: x * math.nan, "got values from nan to nan"),
        (lambda x: x / (x > 0.5), "to inf"),
    ],
)
def test_bad_answers_of_an_attack(answer, message: str) -> None:
    def bad(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return answer(inputs)

    with pytest.raises(ValueError, match=message):
        PerEpsilon(bad, [0.1]).sweep(convolutional(), *batch())


def test_what_rounding_put_beyond_a_bound_is_clipped() -> None:
    def rounded(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return inputs * (1 + 2e-5) + 5e-5 * (inputs > 0.5) - 5e-5 * (inputs < 0.1)

    inputs, labels = batch()
    inputs[0, 0, 0, 0], inputs[0, 0, 0, 1] = 0, 1
    examples = PerEpsilon(rounded, [0.1]).sweep(convolutional(), inputs, labels).examples
    assert (examples.min(), examples.max()) == (0, 1)


def test_bad_options_are_told_as_by_fgsm() -> None:
    with pytest.raises(ValueError, match="did you mean 8/255"):
        PerEpsilon(nothing, [8])
    with pytest.raises(ValueError, match="go together"):
        PerEpsilon(nothing, [0.1], mean=[0.5])
    with pytest.raises(ValueError, match="pass the mean and std of your Normalize"):
        PerEpsilon(nothing, [0.1]).sweep(convolutional(), batch()[0] * 255, batch()[1])


# No trace


def rude(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    """Does what attacks found in the wild do."""
    model.train()
    found = fgsm(model, inputs, labels, epsilon)  # changes BatchNorm's statistics, draws dropout
    for parameter in model.parameters():
        parameter.requires_grad_(True)
    model(inputs).sum().backward()
    inputs.zero_()
    labels.zero_()
    torch.rand(3), np.random.rand(3), random.random()
    return found.detach()


def clearing(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    model.zero_grad()
    return fgsm(model, inputs, labels, epsilon)


def zeroing(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    model.zero_grad(set_to_none=False)
    return fgsm(model, inputs, labels, epsilon)


def raising(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    rude(model, inputs, labels, epsilon)
    raise RuntimeError("out of memory")


@pytest.mark.parametrize("attack", [noise, fgsm, rude, clearing, zeroing, raising])
@pytest.mark.parametrize(
    "context", [torch.enable_grad, torch.no_grad, torch.inference_mode], ids=lambda c: c.__name__
)
def test_the_model_and_the_batch_are_left_as_they_were(attack, context) -> None:
    model, (inputs, labels) = in_training(), batch()
    kept = inputs.clone(), labels.clone()
    with context():
        before = trace(model)
        if attack is raising:
            with pytest.raises(RuntimeError, match="out of memory"):
                PerEpsilon(attack, EPSILONS).sweep(model, inputs, labels)
        else:
            PerEpsilon(attack, EPSILONS).sweep(model, inputs, labels)
        assert trace(model) == before
    assert torch.equal(inputs, kept[0])
    assert torch.equal(labels, kept[1])


def test_one_run_changes_nothing_for_the_next() -> None:
    model, (inputs, labels) = in_training(), batch()
    together = PerEpsilon(rude, EPSILONS).sweep(model, inputs, labels)
    for e, epsilon in enumerate(EPSILONS):
        alone = PerEpsilon(rude, [epsilon]).sweep(model, inputs, labels)
        assert torch.equal(alone.examples[0], together.examples[e])
        assert torch.equal(alone.logits[0], together.logits[e])


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode])
def test_the_surrounding_context_changes_nothing(context) -> None:
    model, (inputs, labels) = convolutional(), batch()
    expected = PerEpsilon(fgsm, EPSILONS).sweep(model, inputs, labels)
    with context():
        sweep = PerEpsilon(fgsm, EPSILONS).sweep(model, inputs.clone(), labels.clone())
    assert torch.equal(sweep.examples, expected.examples)
    assert torch.equal(sweep.logits, expected.logits)
    for result in (sweep.examples, sweep.logits, sweep.clean_logits, sweep.adversarial(0.3)):
        assert not result.is_inference()
        assert not result.requires_grad


def test_the_attack_is_given_a_model_in_evaluation_that_asks_for_no_gradients() -> None:
    seen = []

    def watching(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        seen.append([isinstance(model, nn.Module), any(m.training for m in model.modules())])
        seen.append([torch.is_grad_enabled(), any(p.requires_grad for p in model.parameters())])
        return inputs

    PerEpsilon(watching, [0.1]).sweep(in_training(), *batch())
    assert seen == [[True, False], [True, False]]


# Written and read back


def logged(attack: PerEpsilon, logdir: Path, shown: int = 16):
    model, (inputs, labels) = convolutional(), batch()
    with SummaryWriter(str(logdir)) as writer:
        FGSMLogger(writer, attack, max_samples=shown).log(model, inputs, labels, step=0)
    (step,) = read_steps(logdir)
    return step


def test_what_is_logged_is_read_back(tmp_path: Path) -> None:
    model, (inputs, labels) = convolutional(), batch()
    with SummaryWriter(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, PerEpsilon(noise, EPSILONS), max_samples=4)
        sweep = logger.log(model, inputs, labels, step=0)
    (step,) = read_steps(tmp_path)
    assert len(step.record.samples) == 4
    assert list(step.record.robust_accuracy) == sweep.robust_accuracy.tolist()
    assert list(step.record.success_rate) == sweep.success_rate.tolist()
    assert list(step.record.reference_accuracy) == sweep.reference.robust_accuracy.tolist()
    for i, sample in enumerate(step.record.samples):
        assert np.array_equal(step.original(i), levels(inputs[i]))
        assert np.array_equal(step.adversarial(i, 0), levels(inputs[i]))
        for e, epsilon in enumerate(EPSILONS):
            assert np.array_equal(step.adversarial(i, epsilon), levels(sweep.examples[e, i]))
            assert sample.adversarial[e].classes[0] == sweep.logits[e, i].argmax()
        assert sample.noise is None
        found = sweep.flip_epsilon[i].item()
        assert sample.flip_epsilon == (found if math.isfinite(found) else None)
        assert [sample.flipped(e) for e in range(4)] == sweep.flipped[:, i].tolist()


def levels(picture: Tensor) -> np.ndarray:
    return pixels.levels(picture.permute(1, 2, 0).contiguous().numpy())


def test_what_was_not_stored_is_refused(tmp_path: Path) -> None:
    step = logged(PerEpsilon(noise, [0.1, 0.2]), tmp_path, shown=2)
    with pytest.raises(ValueError, match=r"noise has no one direction: see adversarial\(\)"):
        step.direction(0)
    with pytest.raises(ValueError, match=r"pictures at the epsilons \[0.1, 0.2\], not at 0.15"):
        step.adversarial(0, 0.15)
    with pytest.raises(IndexError, match="sample 2 is not among the 2"):
        step.adversarial(2, 0.1)


def test_a_picture_an_epsilon_is_version_2_and_plain_fgsm_stays_version_1(tmp_path: Path) -> None:
    assert logged(PerEpsilon(noise, [0.1]), tmp_path / "each").record.version == 2
    with SummaryWriter(str(tmp_path / "plain")) as writer:
        FGSMLogger(writer, FGSM([0.1])).log(convolutional(), *batch(), step=0)
    (plain,) = read_steps(tmp_path / "plain")
    assert plain.record.version == 1
    assert plain.record.pictures == "direction"


def test_what_version_1_could_say_has_the_bytes_that_it_had() -> None:
    golden = (Path(__file__).parents[1] / "golden" / "record.json").read_bytes()
    assert record.encode(example_record()) == golden
    said = json.loads(golden)
    assert set(said) == {
        *("version", "attack", "epsilons", "count", "clean_accuracy", "robust_accuracy"),
        *("gradient", "picture", "class_count", "class_names", "logged", "samples"),
    }
    assert set(said["attack"]) == {"name", "loss", "quantize"}
    (sample,) = said["samples"]
    assert set(sample) == {"index", "label", "clean", "noise", "adversarial", "checksums"}


def test_pictures_of_other_channels_are_shown_as_those_of_fgsm(tmp_path: Path) -> None:
    for channels, shown in ((1, 1), (2, 1), (4, 3)):
        inputs, labels = batch(channels=channels)
        with SummaryWriter(str(tmp_path / str(channels))) as writer:
            logger = FGSMLogger(writer, PerEpsilon(noise, [0.1]))
            sweep = logger.log(convolutional(channels), inputs, labels, step=0)
        (step,) = read_steps(tmp_path / str(channels))
        assert np.array_equal(step.adversarial(1, 0.1), levels(sweep.examples[0, 1, :shown]))


def test_numbers_alone_can_be_logged(tmp_path: Path) -> None:
    assert logged(PerEpsilon(noise, [0.1]), tmp_path, shown=0).record.samples == ()


def test_the_record_says_whose_labels_and_how_many_logits(tmp_path: Path) -> None:
    inputs, labels = batch(classes=2)
    with SummaryWriter(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, PerEpsilon(noise, [0.1]), max_samples=0)
        logger.log(convolutional(classes=1), inputs, None, step=0)
        logger.log(convolutional(classes=2), inputs, labels, step=1)
    own, given = (step.record.attack for step in read_steps(tmp_path))
    assert (own.own_labels, own.one_logit) == (True, True)
    assert (given.own_labels, given.one_logit) == (False, False)
