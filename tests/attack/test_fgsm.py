"""FGSM: the formula, its peers, its laws, its cost, and what it refuses."""

from __future__ import annotations

import copy
import functools
import io
import math
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from tensorboard_fgsm import FGSM, stable_loss
from tensorboard_fgsm.format import pixels
from tests.laws import tried
from tests.networks import batch, convolutional, digits, linear, train

EPSILONS = (0.5 / 255, 2 / 255, 8 / 255, 0.3)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
epsilon_values = st.floats(0, 1, allow_nan=False)


def normalised(inputs: torch.Tensor) -> torch.Tensor:
    mean, std = (torch.tensor(values, dtype=inputs.dtype).view(3, 1, 1) for values in (MEAN, STD))
    return (inputs - mean) / std


# The formula


def test_on_a_linear_model_the_direction_is_the_sign_of_the_weights_difference() -> None:
    weight = torch.randn(2, 12, generator=torch.Generator().manual_seed(0))
    inputs, labels = batch(n=8, size=2, classes=2)
    sweep = FGSM([0.1]).sweep(linear(weight), inputs, labels)
    towards_the_other = (weight[1 - labels] - weight[labels]).sign().view_as(inputs)
    assert torch.equal(sweep.direction, towards_the_other.to(torch.int8))
    assert torch.equal(sweep.adversarial(0.1), (inputs + 0.1 * towards_the_other).clamp(0, 1))


def test_on_a_linear_model_a_sample_flips_just_beyond_its_margin() -> None:
    weight = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    inputs = torch.tensor([0.6, 0.4, 0.5, 0.5]).view(1, 1, 2, 2)
    sweep = FGSM([0.09, 0.11]).sweep(linear(weight), inputs, torch.tensor([0]))
    assert sweep.flipped.tolist() == [[False], [True]]
    assert sweep.clean_accuracy == 1
    assert sweep.robust_accuracy.tolist() == [1, 0]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_cross_entropy_agrees_with_foolbox_and_torchattacks(seed: int, normalise: bool) -> None:
    import foolbox
    import torchattacks

    model = convolutional(seed=seed).eval()
    raw, labels = batch(seed=seed)
    statistics = {"mean": MEAN, "std": STD} if normalise else {}
    attack = FGSM(EPSILONS, loss_fn=functional.cross_entropy, **statistics)
    sweep = attack.sweep(model, normalised(raw) if normalise else raw, labels)
    preprocessing = {"mean": list(MEAN), "std": list(STD), "axis": -3} if normalise else None
    their_model = foolbox.PyTorchModel(model, bounds=(0, 1), preprocessing=preprocessing)
    inside = nn.Sequential(_Normalise(), model) if normalise else model
    for epsilon in EPSILONS:
        ours = attack.to_pixels(sweep.adversarial(epsilon))
        _, theirs, _ = foolbox.attacks.LinfFastGradientAttack()(
            their_model, raw, labels, epsilons=epsilon
        )
        assert (ours - theirs).abs().max() <= 1e-6
        theirs = torchattacks.FGSM(inside.eval(), eps=epsilon)(raw, labels)
        assert (ours - theirs).abs().max() <= 1e-6


class _Normalise(nn.Module):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return normalised(inputs)


def test_the_stable_loss_has_the_sign_of_cross_entropy() -> None:
    logits = torch.randn(50, 7, dtype=torch.float64, requires_grad=True)
    labels = torch.randint(7, (50,))
    ours = torch.autograd.grad(stable_loss(logits, labels).sum(), logits)[0]
    theirs = torch.autograd.grad(functional.cross_entropy(logits, labels), logits)[0]
    assert torch.equal(ours.sign(), theirs.sign())
    assert torch.allclose(
        functional.softplus(stable_loss(logits, labels)),
        functional.cross_entropy(logits, labels, reduction="none"),
    )


@pytest.mark.long
def test_a_saturated_network_is_not_taken_for_a_robust_one() -> None:
    model, inputs, labels = _overtrained_network()

    def robust_accuracy(model: nn.Module, inputs: torch.Tensor, **options) -> float:
        return FGSM([0.2], **options).sweep(model, inputs, labels).robust_accuracy.item()

    stable = robust_accuracy(model, inputs)
    single = robust_accuracy(model, inputs, loss_fn=functional.cross_entropy)
    double = robust_accuracy(model.double(), inputs.double(), loss_fn=functional.cross_entropy)
    assert abs(stable - double) <= 0.01
    assert single - double >= 0.1


def _overtrained_network() -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """A network that is as sure as if it had been trained for long: in float32, the probability of
    the true class rounds to 1.
    """
    inputs, labels = digits()
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU()),
        *(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 10)),
    )
    train(model, inputs[:1000], labels[:1000], epochs=10, rate=1e-3)
    with torch.no_grad():
        for parameter in model[-1].parameters():
            parameter *= 2.5
    return model, inputs[1000:], labels[1000:]


# The laws


@pytest.mark.filterwarnings("ignore:below 0.5/255:RuntimeWarning")
@tried(25)
@given(epsilon=epsilon_values, seed=st.integers(0, 3), quantize=st.booleans())
def test_no_pixel_moves_further_than_epsilon_nor_out_of_bounds(
    epsilon: float, seed: int, quantize: bool
) -> None:
    inputs, labels = batch(n=2, size=6, seed=seed)
    attack = FGSM([epsilon], quantize=quantize)
    sweep = attack.sweep(convolutional(seed=seed), inputs, labels)
    adversarial = sweep.adversarial(epsilon)
    rounding = 0.5 / 255 if quantize else 0
    assert (adversarial - sweep.inputs).abs().max() <= epsilon + rounding + 1e-6
    assert adversarial.min() >= 0
    assert adversarial.max() <= 1


@tried(10)
@given(seed=st.integers(0, 100), normalise=st.booleans())
def test_epsilon_0_is_the_identity(seed: int, normalise: bool) -> None:
    inputs, labels = batch(n=2, size=6, seed=seed)
    inputs = normalised(inputs) if normalise else inputs
    attack = FGSM([0, 0.1], **({"mean": MEAN, "std": STD} if normalise else {}))
    sweep = attack.sweep(convolutional(), inputs, labels)
    assert torch.equal(sweep.adversarial(0), inputs)
    assert torch.equal(sweep.logits[0], sweep.clean_logits)


@tried(10)
@given(order=st.permutations(range(5)), size=st.integers(1, 5))
def test_order_and_size_of_the_batch_do_not_matter(order: list[int], size: int) -> None:
    model = convolutional().double()
    inputs, labels = batch(n=5, size=6)
    inputs = inputs.double()
    whole = FGSM([0.05]).sweep(model, inputs, labels)
    chosen = torch.tensor(order[:size])
    part = FGSM([0.05]).sweep(model, inputs[chosen], labels[chosen])
    assert torch.equal(part.direction, whole.direction[chosen])
    assert torch.allclose(part.logits, whole.logits[:, chosen])


def test_normalised_and_plain_inputs_agree() -> None:
    model = convolutional().double()
    inputs, labels = batch()
    inputs = inputs.double()
    plain = FGSM(EPSILONS).sweep(nn.Sequential(_Normalise(), model), inputs, labels)
    attack = FGSM(EPSILONS, mean=MEAN, std=STD)
    ours = attack.sweep(model, normalised(inputs), labels)
    assert torch.equal(ours.direction, plain.direction)
    for epsilon in EPSILONS:
        assert torch.allclose(
            attack.to_pixels(ours.adversarial(epsilon)), plain.adversarial(epsilon)
        )
    assert torch.allclose(ours.logits, plain.logits)


def test_epsilons_are_sorted_and_each_taken_once() -> None:
    assert FGSM([0.3, 0.1, 0.3]).epsilons == (0.1, 0.3)
    assert FGSM(np.array([0.3, 0.1])).epsilons == (0.1, 0.3)


def test_flipped_means_right_when_clean_and_wrong_now() -> None:
    inputs, labels = batch(n=40)
    sweep = FGSM([0.01, 0.3]).sweep(convolutional(), inputs, labels)
    for e in range(2):
        for n in range(40):
            right_before = sweep.clean_logits[n].argmax() == labels[n]
            right_now = sweep.logits[e, n].argmax() == labels[n]
            assert sweep.flipped[e, n] == (right_before and not right_now)


@pytest.mark.parametrize("default", [torch.float32, torch.bfloat16])
def test_epsilon_is_as_exact_as_the_inputs_are(default: torch.dtype) -> None:
    model, (inputs, labels) = convolutional().double(), batch()
    inputs = inputs.double() * 0.5 + 0.25
    torch.set_default_dtype(default)
    try:
        moved = FGSM([0.1]).sweep(model, inputs, labels).adversarial(0.1)
    finally:
        torch.set_default_dtype(torch.float32)
    assert (moved - inputs).abs().max() <= 0.1 + 1e-15


@pytest.mark.filterwarnings("ignore:below 0.5/255:RuntimeWarning")
@pytest.mark.parametrize(("dtype", "beyond"), [(torch.float32, 5e-4), (torch.float16, 5e-3)])
def test_a_pixel_that_rounding_put_beyond_a_bound_moves_no_further(dtype, beyond: float) -> None:
    inputs, labels = batch()
    inputs[:, :, 0, :] = 1 + beyond
    inputs[:, :, 1, :] = -beyond
    inputs = inputs.to(dtype)
    sweep = FGSM([1e-5]).sweep(convolutional().to(dtype), inputs, labels)
    moved = sweep.attack.to_pixels(sweep.adversarial(1e-5)) - sweep.pixels
    assert moved.abs().max() <= 1e-5 + torch.finfo(dtype).eps


def test_configurations_and_results_can_be_copied_and_pickled() -> None:
    attack = FGSM([0.1], mean=MEAN, std=STD)
    assert pickle.loads(pickle.dumps(attack)) == copy.deepcopy(attack) == attack
    sweep = FGSM([0.1]).sweep(convolutional(), *batch())
    assert torch.equal(pickle.loads(pickle.dumps(sweep)).adversarial(0.1), sweep.adversarial(0.1))


@pytest.mark.parametrize(
    ("loss_fn", "name"),
    [
        (None, "stable"),
        (stable_loss, "stable"),
        (functional.cross_entropy, "cross_entropy"),
        (functools.partial(functional.cross_entropy, reduction="sum"), "cross_entropy"),
        (nn.CrossEntropyLoss(), "CrossEntropyLoss"),
    ],
)
def test_the_loss_has_a_name(loss_fn, name: str) -> None:
    assert FGSM([0.1], loss_fn=loss_fn).loss_name == name


# 8 bits


def test_quantized_adversarial_examples_are_the_pictures_that_are_shown() -> None:
    inputs, labels = batch(n=3)
    attack = FGSM(EPSILONS, mean=MEAN, std=STD, quantize=True)
    sweep = attack.sweep(convolutional(), normalised(inputs), labels)
    originals = pixels.levels(inputs.permute(0, 2, 3, 1).numpy())
    directions = sweep.direction.permute(0, 2, 3, 1).numpy()
    for epsilon in EPSILONS:
        shown = attack.to_pixels(sweep.adversarial(epsilon)).permute(0, 2, 3, 1).numpy() * 255
        for i in range(3):
            expected = pixels.adversarial(originals[i], directions[i], epsilon)
            assert np.abs(shown[i] - expected).max() < 1e-3


def test_a_saved_quantized_picture_is_classified_as_recorded() -> None:
    model = convolutional().eval()
    inputs, labels = batch(n=4)
    sweep = FGSM([2 / 255], quantize=True).sweep(model, inputs, labels)
    for i, picture in enumerate(sweep.adversarial(2 / 255)):
        buffer = io.BytesIO()
        levels = pixels.levels(picture.permute(1, 2, 0).numpy())
        Image.fromarray(levels).save(buffer, "PNG")
        read = torch.from_numpy(np.array(Image.open(buffer))).permute(2, 0, 1).float() / 255
        assert torch.allclose(model(read[None])[0], sweep.logits[0, i], atol=1e-5)


# The cost


def test_a_sweep_costs_one_gradient_and_at_most_a_forward_an_epsilon() -> None:
    model, (inputs, labels) = convolutional(), batch()
    calls: list[int] = []
    model.register_forward_hook(lambda *_: calls.append(1))
    with _BackwardCounter() as counter:
        FGSM([0, *EPSILONS], together=False).sweep(model, inputs, labels)  # ε = 0 costs nothing
    assert len(calls) == 1 + len(EPSILONS)
    # Two convolutions, each gone back through once, towards its input alone.
    assert counter.masks == [[True, False, False]] * 2


class _BackwardCounter(TorchDispatchMode):
    """Notes for which of (input, weight, bias) each convolution computes a gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.masks: list[list[bool]] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is torch.ops.aten.convolution_backward.default:
            self.masks.append(list(args[-1]))
        return func(*args, **(kwargs or {}))


def test_every_prediction_is_the_models_own_answer_to_the_example() -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3),
        nn.BatchNorm2d(8, track_running_stats=False),  # samples of a batch interact
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(32, 5),
    ).eval()
    inputs, labels = batch(n=16, channels=1, size=8)
    sweep = FGSM(EPSILONS).sweep(model, inputs, labels)
    for e, epsilon in enumerate(EPSILONS):
        assert torch.equal(sweep.logits[e], model(sweep.adversarial(epsilon)).detach())


# Whatever it is given


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 7])
def test_any_number_of_channels(channels: int) -> None:
    inputs, labels = batch(channels=channels)
    sweep = FGSM([0.1]).sweep(convolutional(channels), inputs, labels)
    assert sweep.direction.shape == inputs.shape


def test_a_loss_of_each_sample_and_its_mean_give_the_same_direction() -> None:
    model, (inputs, labels) = convolutional().double(), batch()
    directions = [
        FGSM([0.1], loss_fn=loss).sweep(model, inputs.double(), labels).direction
        for loss in (
            functional.cross_entropy,
            lambda z, y: functional.cross_entropy(z, y, reduction="none"),
        )
    ]
    assert torch.equal(*directions)


# What the gradient does not say


def test_gradients_that_are_not_finite_are_counted_and_told() -> None:
    inputs, labels = batch(n=2)
    inputs[0, 0, 0, :3] = 0
    inputs[1, 0, 0, 0] = 0
    model = convolutional()
    with pytest.warns(RuntimeWarning, match="4 of 864 gradient elements are NaN or infinite"):
        sweep = FGSM([0.1]).sweep(lambda x: model.eval()(x.sqrt()), inputs, labels)
    assert sweep.nonfinite_gradients.tolist() == [3, 1]
    assert sweep.direction[0, 0, 0, :3].tolist() == [0, 0, 0]


def test_samples_without_a_gradient_are_counted_and_told() -> None:
    inputs, labels = batch(n=3)
    keep = torch.tensor([0.0, 1.0, 1.0])
    model = convolutional().eval()
    with pytest.warns(RuntimeWarning, match="1 of 3 samples have a gradient of 0 everywhere"):
        sweep = FGSM([0.1]).sweep(
            lambda x: model(x) * keep[: len(x)].unsqueeze(1) if len(x) == 3 else model(x),
            inputs,
            labels,
        )
    assert sweep.zero_gradients[0] == 3 * 12 * 12
    assert not sweep.direction[0].any()


# Bad input


@pytest.mark.parametrize(
    ("epsilons", "error", "message"),
    [
        ([], ValueError, "empty"),
        ([-0.1], ValueError, r"\[0, 1\] pixel units, got -0.1: did you mean 8/255\?"),
        ([8], ValueError, r"got 8: did you mean 8/255\?"),
        ([math.nan], ValueError, "got nan"),
        ([math.inf], ValueError, "got inf"),
        (0.1, TypeError, "a list such as"),
        ("8/255", TypeError, "a list such as"),
        (["a"], TypeError, "numbers such as 8/255"),
        ([10**400], TypeError, "numbers such as 8/255"),
    ],
)
def test_bad_epsilons(epsilons, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM(epsilons)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"mean": [0.5]}, ValueError, "go together"),
        ({"std": [0.5]}, ValueError, "go together"),
        ({"mean": [0.5], "std": [0.5, 0.5]}, ValueError, "mean has 1 channels, std has 2"),
        ({"mean": [0.5], "std": [0.0]}, ValueError, "std positive"),
        ({"mean": [math.nan], "std": [1.0]}, ValueError, "mean is finite"),
        ({"mean": 0.5, "std": 0.5}, TypeError, "lists with a number a channel"),
        ({"loss_fn": "cross_entropy"}, TypeError, "loss_fn is a function"),
    ],
)
def test_bad_options(options, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        FGSM([0.1], **options)


def _with_nan(inputs: torch.Tensor) -> torch.Tensor:
    inputs[0, 0, 0, 0] = math.nan
    return inputs


@pytest.mark.parametrize(
    ("change_inputs", "change_labels", "error", "message"),
    [
        (lambda x: normalised(x), None, ValueError, "pass the mean and std of your Normalize"),
        (lambda x: x * 255, None, ValueError, r"inputs span \[.*\] but pixels lie in \[0, 1\]"),
        (_with_nan, None, ValueError, "NaN or infinite"),
        (lambda x: x[0], None, ValueError, r"\(N, C, H, W\), got \(3, 12, 12\)"),
        (lambda x: (x * 255).byte(), None, TypeError, "got .* of uint8"),
        (lambda x: x.numpy(), None, TypeError, "got ndarray"),
        (lambda x: x.to_sparse(), None, TypeError, r"to_dense\(\)"),
        (lambda x: x.to(torch.float8_e4m3fn), None, TypeError, "16 bits or more"),
        (lambda x: x[:0], lambda y: y[:0], ValueError, "empty"),
        (None, lambda y: y[:3], ValueError, r"labels are \(6,\), .* got \(3,\)"),
        (None, lambda y: y.unsqueeze(1), ValueError, r"got \(6, 1\)"),
        (None, lambda y: y.float(), TypeError, "int64 classes, got .* of float32"),
        (None, lambda y: y.int(), TypeError, r"labels.long\(\)"),
        (None, lambda y: y.tolist(), TypeError, r"got list: torch.tensor\(labels\) makes one"),
        (None, lambda y: y.numpy(), TypeError, r"got ndarray: torch.tensor\(labels\) makes one"),
        (
            None,
            lambda y: functional.one_hot(y, 5).float(),
            TypeError,
            r"got \(6, 5\) of float32: attacked are classifiers with one label a picture",
        ),
        (
            None,
            lambda y: y.view(6, 1, 1).expand(6, 12, 12),
            ValueError,
            r"got \(6, 12, 12\): attacked are classifiers with one label a picture",
        ),
        (
            lambda x: x.double(),
            None,
            TypeError,
            r"inputs are of torch.float64 .* torch.float32",
        ),
        (None, lambda y: y - 100, ValueError, "from 0 on"),
        (None, lambda y: y + 5, ValueError, "the model has 5 classes, 0 to 4"),
    ],
)
def test_bad_batches(change_inputs, change_labels, error: type[Exception], message: str) -> None:
    inputs, labels = batch()
    inputs = change_inputs(inputs) if change_inputs else inputs
    labels = change_labels(labels) if change_labels else labels
    with pytest.raises(error, match=message):
        FGSM([0.1]).sweep(convolutional(), inputs, labels)


def test_inputs_outside_the_bounds_after_mean_and_std() -> None:
    inputs, labels = batch()
    with pytest.raises(ValueError, match="after mean and std are undone"):
        FGSM([0.1], mean=MEAN, std=STD).sweep(convolutional(), inputs * 255, labels)
    with pytest.raises(ValueError, match="mean and std have 1 channels, inputs have 3"):
        FGSM([0.1], mean=[0.5], std=[0.5]).sweep(convolutional(), inputs, labels)


@pytest.mark.parametrize(
    ("loss_fn", "message"),
    [
        (lambda z, y: z.mean() * math.nan, "NaN or infinite"),
        (lambda z, y: z, r"returns \(6,\) or a scalar, got \(6, 5\)"),
        (lambda z, y: 1.0, "got float"),
    ],
)
def test_bad_losses(loss_fn, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        FGSM([0.1], loss_fn=loss_fn).sweep(convolutional(), *batch())


@pytest.mark.parametrize("epsilon", [-0.1, 8, math.nan])
def test_bad_epsilons_of_an_adversarial_example(epsilon: float) -> None:
    sweep = FGSM([0.1]).sweep(convolutional(), *batch())
    with pytest.raises(ValueError, match="did you mean 8/255"):
        sweep.adversarial(epsilon)


def test_inputs_of_another_float_type_than_the_model_are_told_so_while_perturbing() -> None:
    inputs, labels = batch()
    with pytest.raises(TypeError, match=r"torch.float32: inputs.to\(torch.float32\) converts"):
        FGSM([0.1]).perturb(convolutional(), inputs.half(), labels, 0.1)


def test_what_a_model_itself_refuses_is_told_as_it_is() -> None:
    def refuse(inputs: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("not today")

    with pytest.raises(RuntimeError, match="not today"):
        FGSM([0.1]).sweep(refuse, *batch())
