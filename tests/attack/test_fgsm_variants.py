"""FGSM's variants: targets, a surrogate, a control, exact flips, one logit, 8 bits, own labels."""

from __future__ import annotations

import copy
import io
import math
import pickle
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger, PerEpsilon, read_steps
from tensorboard_fgsm.format import pixels
from tests.networks import batch, convolutional, linear

EPSILONS = (0.5 / 255, 2 / 255, 8 / 255, 0.3)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def normalised(inputs: Tensor) -> Tensor:
    mean, std = (torch.tensor(values, dtype=inputs.dtype).view(3, 1, 1) for values in (MEAN, STD))
    return (inputs - mean) / std


def trace(*models: nn.Module) -> list[object]:
    """All that an attack could leave behind."""
    return [
        [
            [module.training for module in model.modules()],
            [(p.requires_grad, None if p.grad is None else p.grad.tolist()) for p in parameters],
            [(name, b.tolist(), b._version) for name, b in model.named_buffers()],
            [p.tolist() for p in parameters],
        ]
        for model in models
        for parameters in [list(model.parameters())]
    ] + [torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), random.getstate()]


def in_training(seed: int, classes: int = 5) -> nn.Module:
    """A network in the middle of a training step."""
    model = convolutional(seed=seed, classes=classes).train()
    model[1].eval()  # a frozen BatchNorm
    model[0].weight.requires_grad_(False)
    inputs, labels = batch(classes=classes)
    functional.cross_entropy(model(inputs), labels).backward()
    return model


# Targets


def test_a_targeted_attack_on_a_linear_model_goes_down_the_targets_loss() -> None:
    weight = torch.randn(2, 12, generator=torch.Generator().manual_seed(0))
    inputs, labels = batch(n=8, size=2, classes=2)
    targets = torch.tensor([0, 1] * 4)
    sweep = FGSM([0.1], target=targets).sweep(linear(weight), inputs, labels)
    towards_the_target = (weight[targets] - weight[1 - targets]).sign().view_as(inputs)
    assert torch.equal(sweep.direction, towards_the_target.to(torch.int8))
    assert torch.equal(sweep.adversarial(0.1), (inputs + 0.1 * towards_the_target).clamp(0, 1))


def test_the_direction_is_minus_the_sign_of_the_gradient_of_the_targets_loss() -> None:
    model, (inputs, labels) = convolutional().double().eval(), batch()
    leaf = inputs.double().requires_grad_()
    functional.cross_entropy(model(leaf), torch.full((6,), 3), reduction="sum").backward()
    sweep = FGSM([0.1], target=3).sweep(model, inputs.double(), labels)
    assert torch.equal(sweep.direction, -leaf.grad.sign().to(torch.int8))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (3, [3] * 6),
        (np.int64(3), [3] * 6),
        (torch.tensor(3), [3] * 6),
        (torch.tensor([0, 1, 2, 3, 4, 0]), [0, 1, 2, 3, 4, 0]),
    ],
    ids=["int", "numpy", "scalar", "tensor"],
)
def test_targets_are_one_class_or_one_a_sample(target, expected: list[int]) -> None:
    inputs, labels = batch()
    assert FGSM([0.1], target=target).sweep(convolutional(), inputs, labels).targets.tolist() == (
        expected
    )


def test_the_least_likely_class_is_the_clean_logits_smallest() -> None:
    inputs, labels = batch(n=30)
    model = convolutional(seed=3)
    sweep = FGSM([0.1], target="least-likely").sweep(model, inputs, labels)
    assert torch.equal(sweep.targets, sweep.clean_logits.argmin(1))
    given = FGSM([0.1], target=sweep.targets).sweep(model, inputs, labels)
    assert torch.equal(given.direction, sweep.direction)
    assert torch.equal(given.logits, sweep.logits)


def test_flipped_means_it_says_a_target_that_is_not_its_label() -> None:
    weight = torch.eye(3, 4)
    inputs = torch.tensor([0.6, 0.5, 0.4, 0.5]).view(1, 1, 2, 2).repeat(4, 1, 1, 1)
    # Right and sent to 1; right and sent to where it is; wrong and sent to where it belongs;
    # right and sent to 2.
    labels, targets = torch.tensor([0, 0, 1, 0]), torch.tensor([1, 0, 1, 2])
    sweep = FGSM([0.04, 0.06, 0.12], target=targets).sweep(linear(weight), inputs, labels)
    assert sweep.flipped.T.tolist() == [
        [False, True, True],
        [False, False, False],
        [False, False, False],
        [False, False, True],
    ]
    assert sweep.flip_epsilon.tolist() == [0.06, math.inf, 0, 0.12]
    assert sweep.success_rate.tolist() == pytest.approx([0, 1 / 3, 2 / 3])
    assert sweep.robust_accuracy.tolist() == [0.75, 0.75, 0.5]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_targeted_attack_agrees_with_foolbox_and_torchattacks(seed: int, normalise: bool) -> None:
    import foolbox
    import torchattacks

    model = convolutional(seed=seed).eval()
    raw, labels = batch(seed=seed)
    targets = (labels + 1 + torch.arange(6) % 4) % 5
    attack = FGSM(
        EPSILONS,
        loss_fn=functional.cross_entropy,
        target=targets,
        **({"mean": MEAN, "std": STD} if normalise else {}),
    )
    sweep = attack.sweep(model, normalised(raw) if normalise else raw, labels)
    inside = nn.Sequential(_Normalise(), model).eval() if normalise else model
    preprocessing = {"mean": list(MEAN), "std": list(STD), "axis": -3} if normalise else None
    their_model = foolbox.PyTorchModel(model, bounds=(0, 1), preprocessing=preprocessing)
    criterion = foolbox.criteria.TargetedMisclassification(targets)
    for epsilon in EPSILONS:
        ours = attack.to_pixels(sweep.adversarial(epsilon))
        # Their FGSM takes no targets; their BIM does, and its one full step is FGSM.
        one_step = foolbox.attacks.LinfBasicIterativeAttack(rel_stepsize=1.0, steps=1)
        _, theirs, _ = one_step(their_model, raw, criterion, epsilons=epsilon)
        assert (ours - theirs).abs().max() <= 1e-6
        fgsm = torchattacks.FGSM(inside, eps=epsilon)
        fgsm.set_mode_targeted_by_label(quiet=True)
        assert (ours - fgsm(raw, targets)).abs().max() <= 1e-6


class _Normalise(nn.Module):
    def forward(self, inputs: Tensor) -> Tensor:
        return normalised(inputs)


EXPECTED = r"target is a class from 0 on, an \(N,\) int64 tensor of classes, or 'least-likely'"


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        ("most-likely", TypeError, f"{EXPECTED}; got 'most-likely'"),
        (1.0, TypeError, f"{EXPECTED}; got float"),
        ([1, 2], TypeError, f"{EXPECTED}; got list"),
        (np.array([1, 2]), TypeError, f"{EXPECTED}; got ndarray"),
        (True, TypeError, f"{EXPECTED}; got True"),
        (torch.tensor(True), TypeError, f"{EXPECTED}; got tensor"),
        (torch.tensor(1.5), TypeError, rf"{EXPECTED}; got \(\) of float32"),
        (-1, ValueError, f"{EXPECTED}; got -1"),
        (2**63, ValueError, f"{EXPECTED}; got 9223372036854775808"),
        (torch.ones(6), TypeError, r"got \(6,\) of float32: targets.long\(\) converts"),
        (torch.tensor([True]), TypeError, r"int64 classes, got \(1,\) of bool"),
        (torch.ones(6, 1).long(), ValueError, r"one a sample of inputs, got \(6, 1\)"),
        (torch.tensor([1, -1]), ValueError, "classes from 0 on, got -1"),
    ],
    ids=str,
)
def test_bad_targets(target, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM([0.1], target=target)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (torch.tensor([1, 2]), "target has 2 classes for 6 samples: give one a sample"),
        (torch.tensor([]).long(), "target has 0 classes for 6 samples"),
        (5, "targets reach 5 but the model has 5 classes, 0 to 4: check them"),
        (torch.tensor([0, 0, 0, 0, 0, 9]), "targets reach 9 but the model has 5 classes"),
    ],
    ids=str,
)
def test_targets_that_do_not_fit_the_batch_or_the_model(target, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FGSM([0.1], target=target).sweep(convolutional(), *batch())


@pytest.mark.parametrize("target", [3, torch.tensor([1, 2]), "least-likely"], ids=str)
def test_targeted_configurations_can_be_compared_copied_and_pickled(target) -> None:
    attack = FGSM([0.1, "8/255"], mean=MEAN, std=STD, target=target, control=True, refine=3)
    assert pickle.loads(pickle.dumps(attack)) == copy.deepcopy(attack) == copy.copy(attack)
    assert attack == copy.deepcopy(attack)
    assert hash(attack) == hash(copy.deepcopy(attack))
    assert attack != FGSM([0.1, "8/255"], mean=MEAN, std=STD, target=4, control=True, refine=3)
    assert attack != FGSM([0.1, "8/255"], mean=MEAN, std=STD, control=True, refine=3)


# Transfer


def test_the_gradient_is_the_surrogates_and_the_predictions_are_the_models() -> None:
    model, surrogate = convolutional(seed=1), convolutional(seed=2)
    inputs, labels = batch()
    sweep = FGSM(EPSILONS, surrogate=surrogate).sweep(model, inputs, labels)
    own = FGSM(EPSILONS).sweep(surrogate, inputs, labels)
    assert torch.equal(sweep.direction, own.direction)
    assert torch.equal(sweep.zero_gradients, own.zero_gradients)
    model.eval()
    assert torch.equal(sweep.clean_logits, model(inputs).detach())
    for e, epsilon in enumerate(EPSILONS):
        assert torch.equal(sweep.logits[e], model(sweep.adversarial(epsilon)).detach())
    assert not torch.equal(sweep.logits, own.logits)
    assert torch.equal(sweep.surrogate_logits, own.clean_logits)
    assert own.surrogate_logits is None


def test_the_models_own_gradient_plays_no_part_in_a_transfer_attack() -> None:
    inputs, labels = batch()
    black_box = convolutional(seed=1).eval()

    def without_gradient(x: Tensor) -> Tensor:
        with torch.no_grad():
            return black_box(x)

    sweep = FGSM([0.1], surrogate=convolutional(seed=2)).sweep(without_gradient, inputs, labels)
    known = FGSM([0.1], surrogate=convolutional(seed=2)).sweep(black_box, inputs, labels)
    assert torch.equal(sweep.logits, known.logits)


def test_the_least_likely_class_of_a_transfer_attack_is_the_surrogates() -> None:
    model, surrogate = convolutional(seed=1), convolutional(seed=2).eval()
    inputs, labels = batch(n=20)
    attack = FGSM([0.1], surrogate=surrogate, target="least-likely")
    sweep = attack.sweep(model, inputs, labels)
    assert torch.equal(sweep.targets, surrogate(inputs).argmin(1))
    assert not torch.equal(sweep.targets, sweep.clean_logits.argmin(1))


def test_a_surrogate_that_counts_as_false_is_a_surrogate() -> None:
    class Empty(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = convolutional(seed=2)

        def __len__(self) -> int:
            return 0

        def forward(self, inputs: Tensor) -> Tensor:
            return self.inner(inputs)

    model, (inputs, labels) = convolutional(seed=1), batch()
    surrogate = Empty().train()
    sweep = FGSM([0.1], surrogate=surrogate).sweep(model, inputs, labels)
    expected = FGSM([0.1]).sweep(surrogate.inner, inputs, labels)
    assert torch.equal(sweep.direction, expected.direction)


def test_model_and_surrogate_are_left_as_they_were() -> None:
    model, surrogate = in_training(1), in_training(2)
    before = trace(model, surrogate)
    FGSM(EPSILONS, surrogate=surrogate, control=True, refine=2).sweep(model, *batch())
    assert trace(model, surrogate) == before


@pytest.mark.parametrize("culprit", ["model", "surrogate"])
def test_model_and_surrogate_are_left_as_they_were_after_an_error(culprit: str) -> None:
    model, surrogate = in_training(1), in_training(2)

    def fail(*_: object) -> None:
        raise RuntimeError("out of memory")

    before = trace(model, surrogate)
    handle = {"model": model, "surrogate": surrogate}[culprit].register_forward_hook(fail)
    with pytest.raises(RuntimeError, match="out of memory"):
        FGSM([0.1], surrogate=surrogate).sweep(model, *batch())
    handle.remove()
    assert trace(model, surrogate) == before


def test_a_surrogate_of_other_classes_is_refused() -> None:
    model, surrogate = in_training(1), in_training(2, classes=7)
    before = trace(model, surrogate)
    with pytest.raises(ValueError, match="the surrogate has 7 classes, the model 5: a transfer"):
        FGSM([0.1], surrogate=surrogate).sweep(model, *batch())
    assert trace(model, surrogate) == before


def test_a_surrogate_is_a_model() -> None:
    with pytest.raises(TypeError, match="surrogate is a model, got 'resnet18'"):
        FGSM([0.1], surrogate="resnet18")


# The control


@pytest.mark.parametrize(
    "options",
    [{}, {"mean": MEAN, "std": STD}, {"quantize": True}],
    ids=["plain", "normalised", "quantized"],
)
def test_the_control_is_the_models_answer_to_random_signs(options) -> None:
    model, (inputs, labels) = convolutional().eval(), batch()
    attack = FGSM([0, 3 / 255, 0.3], control=True, **options)
    inputs = inputs.clamp(0.01, 0.99)
    sweep = attack.sweep(model, normalised(inputs) if "mean" in options else inputs, labels)
    signs = _signs_of(attack, inputs)
    assert sweep.control_logits.shape == (3, 6, 5)
    assert torch.equal(sweep.control_logits[0], sweep.clean_logits)
    for e, epsilon in ((1, 3 / 255), (2, 0.3)):
        shown = (inputs * 255 + 0.5).floor() / 255 if attack.quantize else inputs
        moved = (shown + epsilon * signs).clamp(0, 1)
        if attack.quantize:
            # On the grid: floor(x + 255·ε·s + 0.5) in float64, whatever the half levels round to.
            levels = (shown * 255).round().double() + 255 * epsilon * signs.double()
            moved = ((levels + 0.5).floor().clamp(0, 255) / 255).float()
        eaten = normalised(moved) if "mean" in options else moved
        assert torch.allclose(sweep.control_logits[e], model(eaten), atol=1e-5)
    said = sweep.control_logits.argmax(2) == labels
    assert torch.equal(sweep.control_accuracy, said.double().mean(1))


def _signs_of(attack: FGSM, inputs: Tensor) -> Tensor:
    """Reads the random signs of pictures off a model that keeps what it is given."""
    seen: list[Tensor] = []

    def keeps(inputs: Tensor) -> Tensor:
        seen.append(inputs.detach())
        return inputs.flatten(1)[:, :5]

    normalisation = attack.normalisation
    little = FGSM([0.5 / 255], mean=normalisation.mean, std=normalisation.std, control=True)
    eaten = attack.to_inputs(inputs, torch.float32)
    little.sweep(keeps, eaten, torch.zeros(len(inputs), dtype=torch.int64))
    return (attack.to_pixels(seen[-1]) - attack.to_pixels(eaten)).sign()


def test_the_random_signs_are_fair_and_the_same_at_every_call() -> None:
    attack, (inputs, _) = FGSM([0.1], control=True), batch(n=8, size=24)
    inputs = inputs.clamp(0.01, 0.99)
    first = _signs_of(attack, inputs)
    torch.rand(5)
    assert torch.equal(first, _signs_of(attack, inputs))
    assert set(first.unique().tolist()) == {-1, 1}
    assert first.mean().abs() < 0.05
    assert (first[0] * first[1]).mean().abs() < 0.05


def test_a_sample_has_the_same_control_in_whichever_batch_it_comes() -> None:
    attack, model, (inputs, labels) = FGSM([0.3], control=True), convolutional().double(), batch()
    inputs = inputs.double()
    together = attack.sweep(model, inputs, labels).control_logits
    rows = torch.tensor([4, 0, 5])
    apart = attack.sweep(model, inputs[rows], labels[rows]).control_logits
    assert torch.allclose(together[:, rows], apart, rtol=0, atol=1e-12)
    assert not torch.allclose(together[:, :3], apart)


def test_without_a_control_nothing_is_said_of_it() -> None:
    sweep = FGSM([0.1]).sweep(convolutional(), *batch())
    assert sweep.control_logits is None
    assert sweep.control_accuracy is None


# The exact flip


def linear_flips(options: dict[str, object], margins: list[float]) -> tuple[Tensor, Tensor]:
    """The flip epsilons of samples on a linear model, and those of the formula: half a margin."""
    pictures = [[0.5 + margin / 2, 0.5 - margin / 2, 0.5, 0.5] for margin in margins]
    inputs = torch.tensor(pictures, dtype=torch.float64).view(-1, 1, 2, 2)
    model = linear(5 * torch.eye(2, 4, dtype=torch.float64))
    sweep = FGSM([0.01, 0.05, 0.2], **options).sweep(
        model, inputs, torch.zeros(len(margins)).long()
    )
    return sweep.flip_epsilon, torch.tensor(margins, dtype=torch.float64) / 2


@pytest.mark.parametrize("refine", [0, 1, 4, 20])
@pytest.mark.parametrize("target", [None, 1], ids=["untargeted", "targeted"])
def test_refining_closes_in_on_the_flip_by_halves(refine: int, target: int | None) -> None:
    margins = [0.013, 0.03, 0.0999, 0.11, 0.2517, 0.39, 0.41, -0.1]
    found, exact = linear_flips({"refine": refine, "target": target}, margins)
    assert found[-2:].tolist() == [math.inf, 0]
    below = torch.tensor([0.0, 0.01, 0.01, 0.05, 0.05, 0.05], dtype=torch.float64)
    above = torch.tensor([0.01, 0.05, 0.05, 0.2, 0.2, 0.2], dtype=torch.float64)
    assert (found[:6] >= exact[:6]).all()
    assert (found[:6] - exact[:6] <= (above - below) / 2**refine + 1e-15).all()
    if refine == 0:
        assert torch.equal(found[:6], above)


@pytest.mark.parametrize("quantize", [False, True], ids=["exact", "quantized"])
@pytest.mark.parametrize("target", [None, "least-likely", 2])
def test_a_refined_epsilon_always_flips(quantize: bool, target) -> None:
    weight = torch.randn(5, 432, generator=torch.Generator().manual_seed(0))
    model, (inputs, _) = linear(weight).eval(), batch(n=24)
    plain = FGSM([0.02, 0.3], quantize=quantize, target=target)
    fine = FGSM([0.02, 0.3], quantize=quantize, target=target, refine=6)
    logged = plain.sweep(model, inputs).flip_epsilon
    sweep = fine.sweep(model, inputs)
    assert (sweep.flip_epsilon <= logged).all()
    assert torch.equal(sweep.flip_epsilon.isfinite(), logged.isfinite())
    flipping = [i for i in range(24) if 0 < sweep.flip_epsilon[i] < math.inf]
    assert len(flipping) >= 10
    assert any(sweep.flip_epsilon[i] < logged[i] for i in flipping)
    for i in flipping:
        said = model(sweep.adversarial(sweep.flip_epsilon[i].item()))[i].argmax()
        assert said != sweep.labels[i] if target is None else said == sweep.targets[i]


def test_with_8_bits_the_flip_is_where_the_rounded_picture_flips() -> None:
    inputs = torch.tensor([130, 124, 0, 0]).view(1, 1, 2, 2) / 255
    model, label = linear(torch.eye(2, 4)), torch.tensor([0])
    # Three levels each way make 127 of both, which argmax gives to class 0; four flip it.
    (found,) = (
        FGSM([2 / 255, 9 / 255], quantize=True, refine=20)
        .sweep(model, inputs, label)
        .flip_epsilon.tolist()
    )
    assert found == pytest.approx(3.5 / 255, abs=1e-7)
    assert found >= 3.5 / 255


def test_a_sample_that_is_right_again_later_keeps_its_first_flip() -> None:
    def wavy(x: Tensor) -> Tensor:
        """Says 1 while the first pixel is in (.3, .4), and 0 else; grows towards 1."""
        first = x.flatten(1)[:, 0]
        inside = ((first > 0.3) & (first < 0.4)).to(first.dtype)
        return torch.stack([torch.zeros_like(first), first * 1e-3 + 2 * inside - 1], 1)

    inputs = torch.full((1, 1, 1, 1), 0.2, dtype=torch.float64)
    attack = FGSM([0.05, 0.15, 0.25, 0.35], refine=20)
    sweep = attack.sweep(wavy, inputs, torch.tensor([0]))
    assert sweep.flipped[:, 0].tolist() == [False, True, False, False]
    assert sweep.flip_epsilon.item() == pytest.approx(0.1, abs=1e-6)
    assert FGSM(attack.epsilons).sweep(wavy, inputs, torch.tensor([0])).flip_epsilon.item() == 0.15


@pytest.mark.parametrize(
    ("refine", "error", "message"),
    [
        (-1, ValueError, "refine is from 0 to 52, got -1"),
        (53, ValueError, "refine is from 0 to 52, got 53"),
        (True, ValueError, "got True"),
        (1.5, TypeError, "how often to bisect, such as 6; got 1.5"),
        ("6", TypeError, "got '6'"),
    ],
)
def test_bad_refinements(refine, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM([0.1], refine=refine)


# 8 bits, from end to end


@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised"])
@pytest.mark.parametrize("variant", ["fgsm", "targeted", "per-epsilon"])
def test_a_logged_picture_saved_as_png_is_classified_as_recorded(
    variant: str, normalise: bool, tmp_path: Path
) -> None:
    statistics = {"mean": MEAN, "std": STD} if normalise else {}
    epsilons = [0, "0.7/255", "2/255", 0.1]  # off the grid, on it, off it
    attack = {
        "fgsm": FGSM(epsilons, quantize=True, **statistics),
        "targeted": FGSM(epsilons, quantize=True, target="least-likely", **statistics),
        "per-epsilon": PerEpsilon(_noise, epsilons, quantize=True, **statistics),
    }[variant]
    model, (inputs, labels) = convolutional().eval(), batch()
    with SummaryWriter(str(tmp_path)) as writer:
        sweep = FGSMLogger(writer, attack).log(
            model, normalised(inputs) if normalise else inputs, labels, step=0
        )
    (step,) = read_steps(tmp_path)
    for e, epsilon in enumerate(step.record.epsilons):
        for i, sample in enumerate(step.record.samples):
            png = pixels.encode(step.adversarial(i, epsilon), "png")
            read = torch.from_numpy(np.array(Image.open(io.BytesIO(png)))).permute(2, 0, 1) / 255
            logits = model((normalised(read) if normalise else read)[None])[0].detach()
            assert torch.allclose(logits, sweep.logits[e, i], atol=1e-5)
            probabilities, classes = logits.double().softmax(0).sort(descending=True)
            said = sample.adversarial[e]
            assert list(said.classes) == classes.tolist()
            assert list(said.probabilities) == pytest.approx(probabilities.tolist(), abs=2e-6)


def _noise(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return (inputs + epsilon * (2 * torch.rand(inputs.shape, generator=generator) - 1)).clamp(0, 1)


def test_without_8_bits_an_epsilon_that_rounding_undoes_is_told() -> None:
    with pytest.warns(RuntimeWarning, match=r"below 0.5/255 .* shown at 0.4/255 are the originals"):
        FGSM(["0.4/255", "1/255"]).sweep(convolutional(), *batch())
    FGSM(["0.4/255", "1/255"], quantize=True).sweep(convolutional(), *batch())  # an error else
    FGSM(["0.5/255"]).sweep(convolutional(), *batch())


# Binary models with one logit


class _WithZero(nn.Module):
    """The two-class model [0, z] of a model that answers with z."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, inputs: Tensor) -> Tensor:
        z = self.inner(inputs)
        return torch.cat([torch.zeros_like(z), z], 1)


VARIANTS = {
    "plain": {},
    "targeted": {"target": 1},
    "least-likely": {"target": "least-likely"},
    "refined": {"refine": 3, "control": True},
    "cross-entropy": {"loss_fn": functional.cross_entropy},
}


@pytest.mark.parametrize("squeeze", [False, True], ids=["(N, 1)", "(N,)"])
@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_one_logit_is_read_as_two_classes(squeeze: bool, options) -> None:
    model = convolutional(classes=1).eval()
    inputs, labels = batch(n=8, classes=2)
    binary: Callable[[Tensor], Tensor] = (lambda x: model(x).squeeze(1)) if squeeze else model
    sweep = FGSM(EPSILONS, **options).sweep(binary, inputs, labels)
    two = FGSM(EPSILONS, **options).sweep(_WithZero(model), inputs, labels)
    assert torch.equal(sweep.direction, two.direction)
    assert torch.equal(sweep.logits, two.logits)
    assert torch.equal(sweep.flip_epsilon, two.flip_epsilon)
    assert (sweep.one_logit, two.one_logit) == (True, False)
    probability = sweep.clean_logits.softmax(1)[:, 1]
    assert torch.allclose(probability, model(inputs).sigmoid().squeeze(1))


def test_the_record_says_that_there_is_one_logit(tmp_path: Path) -> None:
    inputs, labels = batch(classes=2)
    with SummaryWriter(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, FGSM([0.1]), class_names=["benign", "malignant"])
        logger.log(convolutional(classes=1), inputs, labels, step=0)
        logger.log(convolutional(classes=2), inputs, labels, step=1)
    one, two = read_steps(tmp_path)
    assert one.record.class_count == two.record.class_count == 2
    assert (one.record.attack.one_logit, two.record.attack.one_logit) == (True, False)


@pytest.mark.parametrize("classes", [(1, 2), (2, 1)], ids=str)
def test_one_logit_can_be_attacked_by_way_of_two_and_the_other_way_round(classes) -> None:
    inputs, labels = batch(classes=2)
    model, surrogate = (convolutional(classes=k, seed=k) for k in classes)
    sweep = FGSM([0.1], surrogate=surrogate).sweep(model, inputs, labels)
    assert sweep.one_logit == (classes[0] == 1)
    assert torch.equal(sweep.direction, FGSM([0.1]).sweep(surrogate, inputs, labels).direction)


# No labels


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_without_labels_the_models_own_predictions_are_taken(options) -> None:
    model, (inputs, _) = convolutional().eval(), batch(n=12)
    sweep = FGSM(EPSILONS, **options).sweep(model, inputs)
    assert torch.equal(sweep.labels, model(inputs).argmax(1))
    assert sweep.own_labels
    assert sweep.clean_accuracy == 1
    given = FGSM(EPSILONS, **options).sweep(model, inputs, sweep.labels)
    assert not given.own_labels
    assert torch.equal(given.logits, sweep.logits)
    assert torch.equal(given.flip_epsilon, sweep.flip_epsilon)


def test_without_labels_a_transfer_attack_takes_the_models_and_not_the_surrogates() -> None:
    model, surrogate = convolutional(seed=1), convolutional(seed=2)
    inputs, _ = batch(n=20)
    sweep = FGSM([0.1], surrogate=surrogate).sweep(model, inputs)
    assert torch.equal(sweep.labels, model.eval()(inputs).argmax(1))
    assert not torch.equal(sweep.labels, surrogate.eval()(inputs).argmax(1))
    expected = FGSM([0.1]).sweep(surrogate, inputs, sweep.labels)
    assert torch.equal(sweep.direction, expected.direction)


def test_what_the_variants_found_is_recorded(tmp_path: Path) -> None:
    model, (inputs, _) = convolutional().eval(), batch()
    attack = FGSM(
        EPSILONS, target="least-likely", surrogate=convolutional(seed=2), control=True, refine=3
    )
    with SummaryWriter(str(tmp_path)) as writer:
        sweep = FGSMLogger(writer, attack).log(model, inputs, None, step=0)
    (step,) = read_steps(tmp_path)
    record = step.record
    assert (record.version, record.pictures) == (1, "direction")
    assert record.attack.own_labels
    assert (record.attack.target, record.attack.refine) == ("least-likely", 3)
    assert record.attack.surrogate == "Sequential"
    assert list(record.control_accuracy) == sweep.control_accuracy.tolist()
    assert list(record.success_rate) == sweep.success_rate.tolist()
    for i, sample in enumerate(record.samples):
        assert sample.target == sweep.targets[i]
        assert sample.label == sweep.labels[i]
        found = sweep.flip_epsilon[i].item()
        assert sample.flip_epsilon == (found if math.isfinite(found) else None)
        said = [prediction.classes[0] for prediction in sample.control]
        assert said == sweep.control_logits[:, i].argmax(1).tolist()
        assert [sample.flipped(e) for e in range(4)] == sweep.flipped[:, i].tolist()


@pytest.mark.parametrize(
    ("target", "kind"),
    [(None, None), (2, "class"), (torch.tensor([0, 1, 2, 3, 4, 0]), "labels")],
    ids=str,
)
def test_the_record_names_the_kind_of_target(target, kind: str | None, tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        FGSMLogger(writer, FGSM([0.1], target=target)).log(convolutional(), *batch(), step=0)
    (step,) = read_steps(tmp_path)
    assert step.record.attack.target == kind


# The cost


class _Backwards(TorchDispatchMode):
    """Counts the backward passes through convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += func is torch.ops.aten.convolution_backward.default
        return func(*args, **(kwargs or {}))


E = len(EPSILONS)
COSTS = {
    "base": ({}, 1 + E, 0),
    "control": ({"control": True}, 1 + 2 * E, 0),
    "refine": ({"refine": 5}, 1 + E + 5, 0),
    "label": ({"target": 1}, 1 + E, 0),
    "least-likely": ({"target": "least-likely"}, 1 + E, 0),
    "quantize": ({"quantize": True}, 1 + E, 0),
    "alignment": ({"alignment": True}, 1 + E, E),
    "all": (
        {"control": True, "refine": 5, "target": "least-likely", "alignment": True},
        1 + 2 * E + 5,
        E,
    ),
}
"""The options; the forwards of the model that it costs in any case; and the gradients more, each a
forward and a backward, of the model or the surrogate."""


@pytest.mark.parametrize("given", [True, False], ids=["labels", "no-labels"])
@pytest.mark.parametrize("transfer", [False, True], ids=["white-box", "transfer"])
@pytest.mark.parametrize(("options", "forwards", "gradients"), COSTS.values(), ids=COSTS)
def test_each_variant_costs_what_its_docstring_says(
    options, forwards, gradients, transfer, given
) -> None:
    model, surrogate, (inputs, labels) = convolutional(), convolutional(seed=1), batch()
    calls = {"model": 0, "surrogate": 0}

    def count(name: str):
        return lambda *_: calls.update({name: calls[name] + 1})

    model.register_forward_hook(count("model"))
    surrogate.register_forward_hook(count("surrogate"))
    attack = FGSM(
        [0, *EPSILONS],
        surrogate=surrogate if transfer else None,
        together=False,
        **options,
    )
    with _Backwards() as backwards:
        attack.sweep(model, inputs, labels if given else None)
    more = (
        {"model": 0, "surrogate": 1 + gradients + ("target" not in options)}
        if transfer
        else {"model": gradients, "surrogate": 0}
    )
    assert calls == {"model": forwards + more["model"], "surrogate": more["surrogate"]}
    assert backwards.count == 2 * (1 + gradients)  # two convolutions, each gone back through once


@pytest.mark.parametrize("control", [False, True])
def test_per_epsilon_costs_a_run_and_a_forward_an_epsilon_more(control: bool) -> None:
    model, runs, calls = convolutional(), [], []
    model.register_forward_hook(lambda *_: calls.append(1))

    def attack(given: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        runs.append(epsilon)
        return inputs

    with _Backwards() as backwards:
        PerEpsilon(attack, [0, *EPSILONS], control=control, together=False).sweep(model, *batch())
    assert runs == list(EPSILONS)
    assert len(calls) == 1 + E + E * control + E
    assert backwards.count == 2


# Epsilons as text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8/255", 8 / 255),
        ("0.03", 0.03),
        (".5", 0.5),
        ("1/3", 1 / 3),
        ("0", 0.0),
        ("1e-2", 0.01),
        ("0.5/255", 0.5 / 255),
        (".7/255", 0.7 / 255),
        ("8 / 255", 8 / 255),
    ],
)
def test_epsilons_as_text_are_exactly_the_numbers(text: str, number: float) -> None:
    assert FGSM([text]).epsilons == (number,)
    assert FGSM([text, number, f" {text} "]) == FGSM([number])


def test_every_255th_as_text_is_the_quotient() -> None:
    texts = [f"{k}/255" for k in range(256)]
    assert FGSM(texts).epsilons == tuple(k / 255 for k in range(256))


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("8/0", TypeError, r"numbers such as 8/255 or '8/255', got \['8/0'\]"),
        ("a", TypeError, "numbers such as"),
        ("", TypeError, "numbers such as"),
        ("8/255/2", TypeError, "numbers such as"),
        ("8/", TypeError, "numbers such as"),
        ("nan", ValueError, "got nan"),
        ("1e999", ValueError, "got inf"),
        ("300/255", ValueError, r"in \[0, 1\] pixel units, got 1.17647: did you mean 8/255"),
        ("8", ValueError, "got 8: did you mean 8/255"),
        ("-1/255", ValueError, "got -0.0039"),
    ],
)
def test_bad_epsilons_as_text(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM(["1/255", text] if error is ValueError else [text])
