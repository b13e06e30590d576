"""Attacks of other libraries, each against the real library."""

from __future__ import annotations

import copy
import functools
import random
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from tensorboard_fgsm import from_art, from_captum, from_foolbox, from_torchattacks
from tensorboard_fgsm.attack.adapters.adapter import Adapter
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tests.networks import batch, convolutional, linear

# What the libraries themselves import and call.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

EPSILON = 8 / 255
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
cross_entropy = nn.CrossEntropyLoss(reduction="none")


class Normalising(nn.Module):
    """A model of pictures, made of one that eats normalised inputs."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor) -> Tensor:
        mean, std = (torch.tensor(values).view(3, 1, 1).to(pictures) for values in (MEAN, STD))
        return self.model((pictures - mean) / std)


def victim(seed: int = 0, normalise: bool = False) -> nn.Module:
    """A model as an attack gets it."""
    model = convolutional(seed=seed)
    return (Normalising(model) if normalise else model).eval().requires_grad_(False)


# The same attacks, through the adapters and by hand

Attack = Callable[[nn.Module, Tensor, Tensor, float], Tensor]


def of_torchattacks(name: str, **settings) -> tuple[Callable[[], Adapter], Attack]:
    def make(model: nn.Module, epsilon: float):
        import torchattacks

        return getattr(torchattacks, name)(model, eps=epsilon, **settings)

    def directly(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return make(model, epsilon)(inputs, labels)

    return functools.partial(from_torchattacks, make), directly


def of_foolbox(name: str, **settings) -> tuple[Callable[[], Adapter], Attack]:
    def made():
        import foolbox

        return getattr(foolbox.attacks, name)(**settings)

    def directly(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        import foolbox

        return made()(foolbox.PyTorchModel(model, (0, 1)), inputs, labels, epsilons=epsilon)[1]

    return lambda: from_foolbox(made()), directly


def of_art(name: str, **settings) -> tuple[Callable[[], Adapter], Attack]:
    def make(classifier, epsilon: float):
        import art.attacks.evasion

        return getattr(art.attacks.evasion, name)(classifier, eps=epsilon, **settings)

    def directly(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        from art.estimators.classification import PyTorchClassifier

        classifier = PyTorchClassifier(
            model=model,
            loss=nn.CrossEntropyLoss(),
            input_shape=(3, 12, 12),
            nb_classes=5,
            clip_values=(0, 1),
            device_type="cpu",
        )
        attack = make(classifier, epsilon)
        return torch.from_numpy(attack.generate(inputs.numpy(), labels.numpy()))

    return functools.partial(from_art, make), directly


def of_captum(name: str, arguments) -> tuple[Callable[[], Adapter], Attack]:
    def make(model: nn.Module):
        import captum.robust

        return getattr(captum.robust, name)(model, cross_entropy, lower_bound=0, upper_bound=1)

    def directly(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return make(model).perturb(inputs, target=labels, **arguments(epsilon))

    return functools.partial(from_captum, make, arguments), directly


def captums_pgd(epsilon: float, random_start: bool = True) -> dict:
    return {
        "radius": epsilon,
        "step_size": epsilon / 4,
        "step_num": 5,
        "random_start": random_start,
    }


ATTACKS = {
    "torchattacks FGSM": of_torchattacks("FGSM"),
    "torchattacks PGD": of_torchattacks("PGD", steps=5),
    "torchattacks MIFGSM": of_torchattacks("MIFGSM", steps=5),
    "foolbox FGSM": of_foolbox("LinfFastGradientAttack"),
    "foolbox PGD": of_foolbox("LinfPGD", steps=5),
    "foolbox L2 PGD": of_foolbox("L2PGD", steps=5),
    "foolbox DeepFool": of_foolbox("LinfDeepFoolAttack", steps=5),
    "ART FGSM": of_art("FastGradientMethod"),
    "ART PGD": of_art(
        "ProjectedGradientDescent", eps_step=2 / 255, max_iter=5, num_random_init=1, verbose=False
    ),
    "ART Square": of_art("SquareAttack", max_iter=5, verbose=False),
    "captum FGSM": of_captum("FGSM", lambda epsilon: {"epsilon": epsilon}),
    "captum PGD": of_captum("PGD", captums_pgd),
}
each_attack = pytest.mark.parametrize("name", ATTACKS)
FGSMS = [name for name in ATTACKS if "FGSM" in name and "MI" not in name]


def seeded() -> None:
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)


@each_attack
@pytest.mark.parametrize("normalise", [False, True], ids=["plain", "normalised inside"])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.filterwarnings("ignore:Input Tensor:UserWarning")  # captum's, called by hand
def test_an_adapter_gives_the_librarys_own_examples(name: str, normalise: bool, seed: int) -> None:
    adapted, directly = ATTACKS[name]
    model, (inputs, labels) = victim(seed, normalise), batch(seed=seed)
    attack = adapted()
    seeded()
    ours = attack(model, inputs, labels, EPSILON)
    seeded()
    theirs = directly(model, inputs.clone(), labels, EPSILON)
    assert torch.equal(ours, theirs)
    assert not torch.equal(ours, inputs)
    assert (ours.dtype, ours.device, ours.requires_grad) == (inputs.dtype, inputs.device, False)


@each_attack
def test_the_answer_is_a_picture_even_where_the_library_knows_no_bounds(name: str) -> None:
    model, (inputs, labels) = victim(), batch()
    adversarial = ATTACKS[name][0]()(model, inputs.round(), labels, 0.3)
    assert adversarial.min() >= 0
    assert adversarial.max() <= 1


def test_captum_without_bounds_gives_pictures() -> None:
    import captum.robust

    attack = from_captum(
        lambda model: captum.robust.FGSM(model, cross_entropy), lambda epsilon: {"epsilon": epsilon}
    )
    inputs, labels = batch()
    adversarial = attack(victim(), inputs, labels, 0.3)
    assert adversarial.min() == 0
    assert adversarial.max() == 1


def test_what_an_attack_leaves_attached_is_detached() -> None:
    import torchattacks

    class Attached(torchattacks.attack.Attack):
        def forward(self, inputs: Tensor, labels: Tensor) -> Tensor:
            inputs.requires_grad_()
            return inputs + self.get_logits(inputs).std()

    inputs, labels = batch()
    attack = from_torchattacks(lambda model, epsilon: Attached("attached", model))
    assert not attack(victim(), inputs, labels, EPSILON).requires_grad
    assert not inputs.requires_grad


@each_attack
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_model_is_asked_and_answered_in_its_own_float_type(
    name: str, dtype: torch.dtype
) -> None:
    inputs, labels = batch()
    adversarial = ATTACKS[name][0]()(victim().to(dtype), inputs.to(dtype), labels, EPSILON)
    assert adversarial.dtype == dtype


@pytest.mark.parametrize("name", FGSMS)
def test_a_binary_model_is_attacked(name: str) -> None:
    inputs = torch.full((1, 1, 2, 2), 0.5)
    model = linear(torch.tensor([[1.0, -2.0, 3.0, -1.0], [-1.0, 1.0, 1.0, 2.0]]))
    adversarial = ATTACKS[name][0]()(model.requires_grad_(False), inputs, torch.tensor([1]), 0.25)
    assert torch.equal(adversarial.flatten(), torch.tensor([0.75, 0.25, 0.75, 0.25]))


# Nothing of the model changes


class Untouchable(nn.Module):
    """A model that does not stand being switched, moved or cleared."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = victim()

    def forward(self, pictures: Tensor) -> Tensor:
        return self.inner(pictures)

    def train(self, mode: bool = True) -> nn.Module:
        raise AssertionError("switched")

    def zero_grad(self, set_to_none: bool = True) -> None:
        raise AssertionError("cleared")

    def _apply(self, *args, **kwargs) -> nn.Module:
        raise AssertionError("moved")


@each_attack
def test_no_library_switches_moves_or_clears_the_model(name: str) -> None:
    inputs, labels = batch()
    ATTACKS[name][0]()(Untouchable(), inputs, labels, EPSILON)


@each_attack
def test_no_library_has_anything_to_complain_of(
    name: str, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    inputs, labels = batch()
    ATTACKS[name][0]()(victim(), inputs, labels, EPSILON)
    assert capsys.readouterr() == ("", "")
    assert not [each for each in recwarn if not issubclass(each.category, DeprecationWarning)]


@each_attack
def test_the_model_is_left_as_it_was(name: str) -> None:
    model, (inputs, labels) = convolutional(), batch()
    model.train()
    model[1].eval()  # a frozen BatchNorm
    model[0].weight.requires_grad_(False)
    model[8].weight.grad = torch.ones_like(model[8].weight)
    given = inputs.clone()
    attack = ATTACKS[name][0]()

    def traces() -> tuple[list, ...]:
        return (
            [module.training for module in model.modules()],
            [parameter.requires_grad for parameter in model.parameters()],
            [parameter.grad is None for parameter in model.parameters()],
            [len(module._forward_hooks) for module in model.modules()],
            [random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()],
        )

    seeded()
    before, state = traces(), copy.deepcopy(model.state_dict())
    in_evaluation_mode(
        [model], inputs.device, lambda: attack(Normalising(model), inputs, labels, EPSILON)
    )
    assert traces() == before
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert torch.equal(model[8].weight.grad, torch.ones_like(model[8].weight))
    assert torch.equal(inputs, given)
    assert not inputs.requires_grad


@each_attack
def test_a_model_may_work_in_place(name: str) -> None:
    inner, (inputs, labels) = victim(), batch()
    attack = ATTACKS[name][0]()
    seeded()
    ours = attack(lambda pictures: inner(pictures.mul_(2)), inputs, labels, EPSILON)
    seeded()
    assert torch.equal(ours, attack(lambda pictures: inner(2 * pictures), inputs, labels, EPSILON))


# What the dashboard shows


@pytest.mark.parametrize(
    ("name", "called", "package", "settings"),
    [
        ("torchattacks FGSM", "FGSM", "torchattacks", {"eps": "ε"}),
        (
            "torchattacks PGD",
            "PGD",
            "torchattacks",
            {"eps": "ε", "alpha": 2 / 255, "steps": 5, "random_start": True},
        ),
        ("foolbox FGSM", "LinfFastGradientAttack", "foolbox", None),
        (
            "foolbox PGD",
            "LinfProjectedGradientDescentAttack",
            "foolbox",
            {"rel_stepsize": 0.01 / 0.3, "steps": 5, "random_start": True},
        ),
        (
            "ART FGSM",
            "FastGradientMethod",
            "adversarial-robustness-toolbox",
            {"norm": "inf", "eps": "ε", "eps_step": 0.1, "num_random_init": 0, "minimal": False},
        ),
        ("captum FGSM", "FGSM", "captum", {"epsilon": "ε", "zero_thresh": 1e-6}),
        (
            "captum PGD",
            "PGD",
            "captum",
            {
                "radius": "ε",
                "step_size": "0.25·ε",
                "step_num": 5,
                "random_start": True,
                "zero_thresh": 1e-6,
            },
        ),
    ],
)
def test_an_adapter_says_what_it_runs(name: str, called: str, package: str, settings) -> None:
    attack = ATTACKS[name][0]()
    assert attack.name == called
    assert attack.settings["library"] == f"{package} {version(package)}"
    if settings is not None:
        assert {k: v for k, v in attack.settings.items() if k != "library"} == settings


def test_settings_that_depend_on_epsilon_in_another_way_say_so() -> None:
    import torchattacks

    attack = from_torchattacks(
        lambda model, epsilon: torchattacks.PGD(
            model, eps=epsilon, alpha=min(epsilon, 5 / 255), steps=int(255 * epsilon) + 4
        )
    )
    assert attack.settings["alpha"] == "f(ε)"
    assert attack.settings["steps"] == "f(ε)"


def test_settings_given_as_numpys_numbers_are_plain_ones() -> None:
    import torchattacks

    attack = from_torchattacks(
        lambda model, epsilon: torchattacks.PGD(
            model, eps=np.float32(epsilon), alpha=np.float32(0.5), steps=np.int64(3)
        )
    )
    shown = {name: attack.settings[name] for name in ("eps", "alpha", "steps")}
    assert shown == {"eps": "ε", "alpha": 0.5, "steps": 3}
    assert [type(value) for value in shown.values()] == [str, float, int]


def test_a_repeated_attack_of_foolbox_says_what_is_repeated() -> None:
    import foolbox

    attack = from_foolbox(foolbox.attacks.LinfPGD(steps=7).repeat(3))
    assert attack.name == "LinfProjectedGradientDescentAttack"
    assert attack.settings["steps"] == 7
    assert attack.settings["times"] == 3


def test_another_way_of_aiming_is_shown() -> None:
    import torchattacks

    def make(model: nn.Module, epsilon: float):
        attack = torchattacks.PGD(model, eps=epsilon)
        attack.set_mode_targeted_least_likely(quiet=True)
        return attack

    assert from_torchattacks(make).settings["attack_mode"] == "targeted(least-likely)"


# The cost


@pytest.mark.parametrize(
    ("name", "forwards", "backwards"),
    [
        ("torchattacks FGSM", [6], 1),
        ("torchattacks PGD", [6] * 5, 5),
        ("foolbox FGSM", [6, 6], 1),
        ("foolbox PGD", [6] * 6, 5),
        ("ART FGSM", [1, 6], 1),
        ("captum FGSM", [6], 1),
        ("captum PGD", [6] * 5, 5),
    ],
)
def test_what_an_adapter_adds_to_the_cost_of_an_attack(
    name: str, forwards: list[int], backwards: int
) -> None:
    model, (inputs, labels) = victim(), batch()
    attack = ATTACKS[name][0]()
    samples: list[int] = []
    model.register_forward_hook(lambda _, args, __: samples.append(len(args[0])))
    with _BackwardCounter() as counter:
        attack(model, inputs, labels, EPSILON)
    assert samples == forwards
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


def _normalising_attack(model: nn.Module, epsilon: float):
    import torchattacks

    attack = torchattacks.FGSM(model, eps=epsilon)
    attack.set_normalization_used(MEAN, STD)
    return attack


def _targeted_attack(model: nn.Module, epsilon: float):
    import torchattacks

    attack = torchattacks.FGSM(model, eps=epsilon)
    attack.set_mode_targeted_by_label(quiet=True)
    return attack


def _arts(name: str, **settings):
    def make(classifier, epsilon: float):
        import art.attacks.evasion

        return getattr(art.attacks.evasion, name)(classifier, verbose=False, **settings)

    return make


def _captums(name: str, *args):
    def make(model: nn.Module):
        import captum.robust

        return getattr(captum.robust, name)(model, *args)

    return make


@pytest.mark.parametrize(
    ("adapted", "error", "message"),
    [
        (lambda: from_torchattacks(lambda *_: 1), TypeError, "returned 1, not an attack of torch"),
        (lambda: from_torchattacks(_normalising_attack), ValueError, "leave out set_normaliz"),
        (lambda: from_torchattacks(_targeted_attack), ValueError, "FGSM takes the labels as targ"),
        (lambda: from_foolbox("LinfPGD"), TypeError, "was given 'LinfPGD', not an attack of fool"),
        (lambda: from_art(lambda *_: None), TypeError, "returned None, not an evasion attack of A"),
        (
            lambda: from_art(_arts("ProjectedGradientDescent", targeted=True)),
            ValueError,
            "ProjectedGradientDescent takes the labels as targets, .* pass targeted=False",
        ),
        (
            lambda: from_captum(lambda _: None, lambda epsilon: {}),
            TypeError,
            "returned None, not captum's FGSM or PGD",
        ),
        (
            lambda: from_captum(_captums("FGSM"), lambda epsilon: {"epsilon": epsilon}),
            ValueError,
            "FGSM without a loss_func takes probabilities",
        ),
        (
            lambda: from_captum(_captums("PGD"), captums_pgd),
            ValueError,
            "PGD without a loss_func takes probabilities",
        ),
        (
            lambda: from_captum(
                _captums("FGSM", cross_entropy),
                lambda epsilon: {"epsilon": epsilon, "targeted": True},
            ),
            ValueError,
            "targeted takes the labels as targets",
        ),
    ],
)
def test_attacks_that_cannot_be_meant(adapted, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        adapted()


@pytest.mark.parametrize("classes", [2, 3])
def test_an_attack_that_wants_more_classes_than_there_are_says_so(classes: int) -> None:
    inputs, _ = batch()
    model = convolutional(classes=classes).eval()
    make, _ = of_torchattacks("AutoAttack", n_classes=classes)
    message = f"AutoAttack of torchattacks .* than the {classes} of this model .*APGD"
    with pytest.raises(ValueError, match=message):
        make()(model, inputs, model(inputs).argmax(1), EPSILON)


def test_an_index_error_of_the_model_stays_one() -> None:
    def fails(pictures: Tensor) -> Tensor:
        raise IndexError("of the model")

    make, _ = of_torchattacks("FGSM")
    with pytest.raises(IndexError, match="of the model"):
        make()(fails, *batch(), EPSILON)


def test_captum_may_be_given_probabilities() -> None:
    import captum.robust

    attack = from_captum(
        lambda model: captum.robust.FGSM(nn.Sequential(model, nn.Softmax(1))),
        lambda epsilon: {"epsilon": epsilon},
    )
    inputs, labels = batch()
    same = ATTACKS["captum FGSM"][0]()
    given = victim(), inputs, labels, EPSILON
    assert (attack(*given) == same(*given)).float().mean() > 0.99


def test_arts_auto_attack_finds_targets_of_its_own() -> None:
    assert from_art(_arts_auto_attack).settings["targeted"] is True


def _arts_auto_attack(classifier, epsilon: float):
    from art.attacks.evasion import AutoAttack, FastGradientMethod

    fgsm = FastGradientMethod(classifier, eps=epsilon)
    return AutoAttack(classifier, eps=epsilon, attacks=[fgsm], targeted=True)


def in_a_fresh_interpreter(code: str) -> list[str]:
    command = [sys.executable, "-c", code]
    return subprocess.check_output(command, text=True).splitlines()


def test_no_library_is_loaded_before_its_adapter_is_used() -> None:
    (modules,) = in_a_fresh_interpreter(
        "import sys\n"
        "from tensorboard_fgsm import from_art, from_captum, from_foolbox, from_torchattacks\n"
        "print(*sys.modules)"
    )
    assert not {"torchattacks", "foolbox", "art", "captum"} & set(modules.split())


def test_without_a_library_the_error_says_what_to_install() -> None:
    lines = in_a_fresh_interpreter(
        "import sys\n"
        "from tensorboard_fgsm import from_art, from_captum, from_foolbox, from_torchattacks\n"
        "for name in ('torchattacks', 'foolbox', 'art', 'captum'):\n"
        "    sys.modules[name] = None\n"
        "for adapt in (from_torchattacks, from_foolbox, from_art):\n"
        "    try:\n        adapt(None)\n    except ImportError as error:\n        print(error)\n"
        "try:\n    from_captum(None, None)\nexcept ImportError as error:\n    print(error)\n"
    )
    assert [line.rpartition("pip install ")[2] for line in lines] == [
        "torchattacks",
        "foolbox",
        "adversarial-robustness-toolbox",
        "captum",
    ]
