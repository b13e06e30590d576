"""BIM, PGD and FGSM with a random start: their formulas, their laws, their peers, their cost."""

from __future__ import annotations

import copy
import functools
import itertools
import math
import pickle

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from tensorboard_fgsm import FGSM
from tensorboard_fgsm.attack.bim import BIM
from tensorboard_fgsm.attack.pgd import PGD
from tensorboard_fgsm.attack.random_start_fgsm import RandomStartFGSM
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tests.laws import tried
from tests.networks import batch, convolutional, digits, linear, train

ATTACKS = (BIM(), PGD(), PGD(steps=3, restarts=3), RandomStartFGSM())
EPSILONS = (0.5 / 255, 8 / 255, 0.3)
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
by_name = functools.partial(pytest.mark.parametrize, ids=repr)


class Normalising(nn.Module):
    """A model of pictures, made of one that eats normalised inputs."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor) -> Tensor:
        mean, std = (torch.tensor(values).view(3, 1, 1) for values in (MEAN, STD))
        return self.model((pictures - mean) / std)


def victim(seed: int = 0, normalise: bool = False) -> nn.Module:
    """A model as an attack gets it."""
    model = convolutional(seed=seed)
    return (Normalising(model) if normalise else model).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def trained() -> tuple[nn.Module, Tensor, Tensor]:
    """A network that was trained on real digits, and others of them that were held out."""
    inputs, labels = digits()
    torch.manual_seed(0)
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10)),
    )
    train(model, inputs[:1200], labels[:1200], epochs=10, rate=3e-3)
    return model.eval().requires_grad_(False), inputs[1200:1400], labels[1200:1400]


# The formulas


@by_name("attack", ATTACKS)
def test_on_a_linear_model_every_attack_ends_where_fgsm_does(attack) -> None:
    weight = torch.tensor([[1.0, -2.0, 0.5, 0.0], [-1.0, 1.0, 3.0, 0.0]])
    inputs = torch.tensor([0.5, 0.1, 0.95, 0.5]).view(1, 1, 2, 2)
    # The last pixel has no say, so that nothing moves it but a random start.
    adversarial = attack(linear(weight), inputs, torch.tensor([0]), 0.2).flatten()
    assert torch.allclose(adversarial[:3], torch.tensor([0.3, 0.3, 1.0]))
    assert (adversarial[3] == 0.5) == isinstance(attack, BIM)


def test_each_step_is_taken_where_the_last_one_ended() -> None:
    model, (inputs, labels) = victim(), batch()
    expected = inputs
    for _ in range(3):
        one = FGSM([0.02]).sweep(model, expected, labels).adversarial(0.02)
        expected = torch.clamp(one, inputs - 0.05, inputs + 0.05)
    assert torch.allclose(BIM(steps=3, step_size=0.02)(model, inputs, labels, 0.05), expected)


@pytest.mark.parametrize(
    ("usual", "spelled_out"),
    [
        (BIM(4), BIM(4, step_size=0.1 / 4)),
        (PGD(4), PGD(4, step_size=2.5 * 0.1 / 4)),
        (RandomStartFGSM(), PGD(1, step_size=1.25 * 0.1)),
    ],
    ids=repr,
)
def test_the_usual_steps(usual, spelled_out) -> None:
    model, (inputs, labels) = victim(), batch()
    expected = spelled_out(model, inputs, labels, 0.1)
    assert torch.equal(usual(model, inputs, labels, 0.1), expected)


def test_the_settings_are_what_the_dashboard_shows() -> None:
    loss_fn = functools.partial(functional.cross_entropy, label_smoothing=0.1)
    assert BIM(5, step_size=0.01, loss_fn=loss_fn).settings == {
        "steps": 5,
        "step_size": 0.01,
        "loss": "cross_entropy",
    }
    assert PGD(20, restarts=2, seed=7).settings == {
        "steps": 20,
        "step_size": "0.125·ε",
        "restarts": 2,
        "seed": 7,
        "loss": "stable",
    }
    assert RandomStartFGSM().settings == {"step_size": "1.25·ε", "seed": 0, "loss": "stable"}
    assert [attack.name for attack in (BIM(), PGD(), RandomStartFGSM())] == [
        "BIM",
        "PGD",
        "FGSM with a random start",
    ]


# The peers

peers = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
each_model = pytest.mark.parametrize("seed", range(4))
with_and_without = pytest.mark.parametrize(
    "normalise", [False, True], ids=["plain", "normalised inside"]
)


def foolboxs(attack, model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    import foolbox

    return attack(foolbox.PyTorchModel(model, (0, 1)), inputs, labels, epsilons=epsilon)[1]


@pytest.mark.long
@each_model
@with_and_without
@peers
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_bim_agrees_with_torchattacks_and_foolbox(
    seed: int, normalise: bool, epsilon: float
) -> None:
    import foolbox
    import torchattacks

    model, (inputs, labels) = victim(seed, normalise), batch(seed=seed)
    ours = BIM(steps=5, loss_fn=functional.cross_entropy)(model, inputs, labels, epsilon)
    theirs = torchattacks.BIM(model, eps=epsilon, alpha=epsilon / 5, steps=5)(inputs, labels)
    assert (ours - theirs).abs().max() <= 1e-6
    attack = foolbox.attacks.LinfBasicIterativeAttack(rel_stepsize=0.2, steps=5)
    theirs = foolboxs(attack, model, inputs, labels, epsilon)
    assert (ours - theirs).abs().max() <= 1e-6


@pytest.mark.long
@each_model
@with_and_without
@peers
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_pgd_agrees_with_torchattacks_and_foolbox(
    seed: int, normalise: bool, epsilon: float
) -> None:
    import foolbox
    import torchattacks

    model, (inputs, labels) = victim(seed, normalise), batch(seed=seed)
    attack = PGD(steps=5, seed=seed, loss_fn=functional.cross_entropy)
    ours = attack(model, inputs, labels, epsilon)
    torch.manual_seed(seed)
    theirs = torchattacks.PGD(model, eps=epsilon, alpha=epsilon / 2, steps=5)(inputs, labels)
    assert (ours - theirs).abs().max() <= 1e-6
    torch.manual_seed(seed)
    attack = foolbox.attacks.LinfPGD(rel_stepsize=0.5, steps=5)
    theirs = foolboxs(attack, model, inputs, labels, epsilon)
    assert (ours - theirs).abs().max() <= 1e-6


@pytest.mark.long
@each_model
@with_and_without
@peers
@pytest.mark.parametrize("epsilon", EPSILONS)
def test_fgsm_with_a_random_start_agrees_with_torchattacks_and_foolbox(
    seed: int, normalise: bool, epsilon: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    import foolbox
    import torchattacks

    model, (inputs, labels) = victim(seed, normalise), batch(seed=seed)
    attack = RandomStartFGSM(seed=seed, loss_fn=functional.cross_entropy)
    ours = attack(model, inputs, labels, epsilon)
    torch.manual_seed(seed)
    # It draws the memory for its uniform numbers from a normal distribution, in vain.
    monkeypatch.setattr(torch, "randn_like", torch.empty_like)
    theirs = torchattacks.FFGSM(model, eps=epsilon, alpha=1.25 * epsilon)(inputs, labels)
    assert (ours - theirs).abs().max() <= 1e-6
    torch.manual_seed(seed)
    attack = foolbox.attacks.LinfPGD(rel_stepsize=1.25, steps=1)
    theirs = foolboxs(attack, model, inputs, labels, epsilon)
    assert (ours - theirs).abs().max() <= 1e-6


# The laws


@tried(25)
@given(attack=st.sampled_from(ATTACKS), epsilon=st.floats(1e-6, 1), seed=st.integers(0, 3))
def test_no_pixel_moves_further_than_epsilon_nor_out_of_bounds(
    attack, epsilon: float, seed: int
) -> None:
    model, (inputs, labels) = victim(seed), batch(seed=seed)
    adversarial = attack(model, inputs, labels, epsilon)
    assert adversarial.shape == inputs.shape
    assert not adversarial.requires_grad
    assert adversarial.min() >= 0
    assert adversarial.max() <= 1
    assert (adversarial.double() - inputs.double()).abs().max() <= epsilon + 1e-7


def wrong(attack, trained: tuple[nn.Module, Tensor, Tensor], epsilon: float) -> Tensor:
    model, inputs, labels = trained
    return model(attack(model, inputs, labels, epsilon)).argmax(1) != labels


@pytest.mark.parametrize("epsilon", [0.06, 0.1, 0.2])
def test_many_steps_are_at_least_as_strong_as_one(trained, epsilon: float) -> None:
    model, inputs, labels = trained
    robust = FGSM([epsilon]).sweep(model, inputs, labels).robust[0]
    for attack in (BIM(), PGD(), PGD(restarts=2)):
        assert wrong(attack, trained, epsilon).sum() >= (~robust).sum()


@pytest.mark.parametrize("epsilon", [0.06, 0.1, 0.2])
def test_one_step_from_a_random_start_is_nearly_as_strong_as_fgsm(trained, epsilon: float) -> None:
    model, inputs, labels = trained
    robust = FGSM([epsilon]).sweep(model, inputs, labels).robust[0]
    assert wrong(RandomStartFGSM(), trained, epsilon).sum() >= 0.8 * (~robust).sum()


@pytest.mark.parametrize("loss_fn", [None, functional.cross_entropy])
def test_a_restart_never_makes_an_attack_weaker(trained, loss_fn) -> None:
    fooled = [
        wrong(PGD(2, 0.04, restarts=restarts, loss_fn=loss_fn), trained, 0.1)
        for restarts in (1, 2, 4, 8)
    ]
    for fewer, more in itertools.pairwise(fooled):
        assert (more | ~fewer).all()
    assert fooled[-1].sum() > fooled[0].sum()


def test_a_sample_keeps_the_restart_that_fools_and_then_the_one_of_the_largest_loss() -> None:
    # One pixel; the model says 1 where it is light, and the loss is larger the darker it is.
    def model(pictures: Tensor) -> Tensor:
        light = pictures.flatten(1) - 0.5
        return torch.cat([torch.zeros_like(light), light], 1)

    def darkness(logits: Tensor, labels: Tensor) -> Tensor:
        return -logits[:, 1]

    inputs = torch.tensor([0.5, 0.5, 0.5, 0.4, 0.4, 0.9]).view(-1, 1, 1, 1)
    attack = PGD(1, 1e-6, restarts=12, seed=2, loss_fn=darkness)  # hardly moves from its starts
    adversarial = attack(model, inputs, torch.zeros(6, dtype=torch.int64), 0.2).flatten()
    generator = torch.Generator().manual_seed(2)
    noise = [torch.empty(6).uniform_(-0.2, 0.2, generator=generator) for _ in range(12)]
    starts = inputs.flatten() + torch.stack(noise)
    for pixel, of_sample in zip(adversarial, starts.T, strict=True):
        fooling = of_sample[of_sample > 0.5]
        expected = (fooling if len(fooling) else of_sample).min()
        assert torch.isclose(pixel, expected, atol=1e-5)


@pytest.mark.parametrize("epsilon", [0.02, 0.1])
def test_a_mean_loss_chooses_the_same_restarts(trained, epsilon: float) -> None:
    model, inputs, labels = trained
    for_each = functools.partial(functional.cross_entropy, reduction="none")
    one, other = (
        PGD(2, restarts=5, loss_fn=loss_fn)(model, inputs, labels, epsilon)
        for loss_fn in (for_each, functional.cross_entropy)
    )
    assert torch.equal(one, other)


@by_name("attack", ATTACKS)
def test_every_call_starts_alike_and_leaves_the_random_state_alone(attack) -> None:
    model, (inputs, labels) = victim(), batch()
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = attack(model, inputs, labels, 0.1)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert torch.equal(attack(model, inputs, labels, 0.1), first)


def test_another_seed_is_another_start() -> None:
    model, (inputs, labels) = victim(), batch()
    for attack in (PGD, RandomStartFGSM):
        one, other = (attack(seed=seed)(model, inputs, labels, 0.1) for seed in (0, 1))
        assert not torch.equal(one, other)


@by_name("attack", ATTACKS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_float_type_of_the_pictures_is_kept(attack, dtype: torch.dtype) -> None:
    inputs, labels = batch()
    adversarial = attack(victim().to(dtype), inputs.to(dtype), labels, 0.1)
    assert adversarial.dtype == dtype
    rounding = torch.finfo(dtype).eps
    assert (adversarial.double() - inputs.to(dtype).double()).abs().max() <= 0.1 + rounding


@by_name("attack", ATTACKS)
def test_the_model_and_the_batch_are_left_as_they_were(attack) -> None:
    model, (inputs, labels) = victim(), batch()
    state, given = copy.deepcopy(model.state_dict()), (inputs.clone(), labels.clone())
    in_evaluation_mode([model], inputs.device, lambda: attack(model, inputs, labels, 0.1))
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert torch.equal(inputs, given[0])
    assert torch.equal(labels, given[1])
    assert not inputs.requires_grad
    assert inputs.grad is None


@by_name("attack", ATTACKS)
def test_a_model_may_work_in_place(attack) -> None:
    inner, (inputs, labels) = victim(), batch()
    given = inputs.clone()
    adversarial = attack(lambda pictures: inner(pictures.mul_(2)), inputs, labels, 0.1)
    assert torch.equal(inputs, given)
    expected = attack(lambda pictures: inner(pictures.mul(2)), inputs, labels, 0.1)
    assert torch.equal(adversarial, expected)


# The cost


@pytest.mark.parametrize(
    ("attack", "forwards", "backwards"),
    [
        (BIM(steps=7), 7, 7),
        (PGD(steps=5), 5, 5),
        (PGD(steps=5, restarts=3), 3 * (5 + 1), 3 * 5),
        (RandomStartFGSM(), 1, 1),
    ],
    ids=repr,
)
def test_the_cost_of_each_in_forwards_and_backwards(attack, forwards: int, backwards: int) -> None:
    model, (inputs, labels) = victim(), batch()
    calls: list[int] = []
    model.register_forward_hook(lambda *_: calls.append(1))
    with _BackwardCounter() as counter:
        attack(model, inputs, labels, 0.1)
    assert len(calls) == forwards
    # Two convolutions, each gone back through once, towards its input alone.
    assert counter.masks == [[True, False, False]] * 2 * backwards


class _BackwardCounter(TorchDispatchMode):
    """Notes for which of (input, weight, bias) each convolution computes a gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.masks: list[list[bool]] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is torch.ops.aten.convolution_backward.default:
            self.masks.append(list(args[-1]))
        return func(*args, **(kwargs or {}))


# What goes wrong


@pytest.mark.parametrize(
    "dull",
    [lambda left: 0 * left, lambda left: 0 * left.sqrt(), lambda left: left.sqrt()],
    ids=["zero", "not a number", "infinite"],
)
def test_pixels_without_a_usable_gradient_stay(dull) -> None:
    inner, (inputs, labels) = victim(), batch()
    inputs[..., :6] = 0

    def model(pictures: Tensor) -> Tensor:
        left, right = pictures.chunk(2, 3)
        return inner(torch.cat([dull(left), right], 3))

    adversarial = BIM()(model, inputs, labels, 0.1)
    assert torch.equal(adversarial[..., :6], inputs[..., :6])
    assert not torch.equal(adversarial[..., 6:], inputs[..., 6:])


@by_name("attack", ATTACKS)
def test_a_model_that_detaches_its_inputs_is_refused(attack) -> None:
    inner, (inputs, labels) = victim(), batch()
    with pytest.raises(ValueError, match="does not depend on the inputs"):
        attack(lambda pictures: inner(pictures.detach()), inputs, labels, 0.1)


@pytest.mark.parametrize(
    ("attack", "options", "error", "message"),
    [
        (BIM, {"steps": 0}, ValueError, "steps is 1 or more, got 0"),
        (PGD, {"steps": 2.5}, TypeError, "steps is a whole number such as 10, got 2.5"),
        (PGD, {"restarts": 0}, ValueError, "restarts is 1 or more, got 0"),
        (PGD, {"restarts": True}, TypeError, "restarts is a whole number such as 10, got True"),
        (BIM, {"step_size": 2}, ValueError, r"in \(0, 1\] pixel units, got 2: did you mean 2/255"),
        (PGD, {"step_size": 0}, ValueError, "pixel units, got 0"),
        (PGD, {"step_size": math.nan}, ValueError, "pixel units, got nan"),
        (PGD, {"step_size": "2/255"}, TypeError, "such as 2/255, got '2/255'"),
        (PGD, {"seed": -1}, ValueError, "seed is in .*, got -1"),
        (PGD, {"seed": None}, TypeError, "seed is a whole number such as 0, got None"),
        (RandomStartFGSM, {"seed": 0.5}, TypeError, "seed is a whole number such as 0, got 0.5"),
        (RandomStartFGSM, {"step_size": 10}, ValueError, "units of epsilon, got 10: did you mean"),
        (RandomStartFGSM, {"step_size": None}, TypeError, "units of epsilon, .* got None"),
        (BIM, {"loss_fn": "stable"}, TypeError, "loss_fn is a function"),
        (RandomStartFGSM, {"loss_fn": 1}, TypeError, "loss_fn is a function"),
    ],
)
def test_bad_settings(attack, options, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        attack(**options)


@by_name("attack", ATTACKS)
def test_attacks_can_be_compared_copied_and_pickled(attack) -> None:
    assert pickle.loads(pickle.dumps(attack)) == copy.deepcopy(attack) == attack
    assert len({attack, copy.copy(attack)}) == 1
