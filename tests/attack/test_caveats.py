"""What may be wrong with a result: each finding, a near case without it, and where it is told."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import BIM, FGSM, PGD, FGSMLogger, PerEpsilon, Sweep, read_steps
from tensorboard_fgsm.attack.caveats import PINTOR, caveats_of
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.format.record import Caveat
from tests.networks import batch, convolutional, linear

CARLINI = "Carlini et al. 2019, https://arxiv.org/abs/1902.06705"
ATHALYE = "Athalye et al. 2018, https://arxiv.org/abs/1802.00420"
CROCE = "Croce and Hein 2020, https://arxiv.org/abs/2003.01690"

quiet = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def found(sweep: Sweep) -> dict[str, Caveat]:
    caveats = caveats_of(Tally.of(sweep), sweep.attack)
    assert len({caveat.code for caveat in caveats}) == len(caveats)
    return {caveat.code: caveat for caveat in caveats}


def swept(model: Callable, *, n: int = 6, classes: int = 5, **options) -> Sweep:
    epsilons = options.pop("epsilons", ["2/255", "8/255"])
    return FGSM(epsilons, **options).sweep(model, *batch(n=n, classes=classes))


def test_a_usual_result_has_none() -> None:
    assert found(swept(convolutional(), control=True, refine=2)) == {}


# Outputs that are probabilities


@quiet
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_probabilities_where_logits_are_expected(dtype: torch.dtype) -> None:
    model, (inputs, labels) = convolutional().to(dtype), batch()
    sweep = FGSM([0.1]).sweep(nn.Sequential(model, nn.Softmax(1)), inputs.to(dtype), labels)
    caveat = found(sweep)["probabilities"]
    assert "look like probabilities, not logits" in caveat.sentence
    assert "without its last softmax" in caveat.sentence
    assert caveat.source == CROCE


@quiet
@pytest.mark.parametrize(
    "answer",
    [
        lambda z: z.sigmoid(),  # in [0, 1], but do not add up to 1
        lambda z: z.log_softmax(1),
        lambda z: z - z.mean(1, keepdim=True) + 0.2,  # add up to 1, but not in [0, 1]
        lambda z: 2 * z.softmax(1),
    ],
    ids=["sigmoids", "log-softmax", "sum-of-1", "twice"],
)
def test_logits_that_are_only_near_probabilities(answer) -> None:
    model = convolutional(seed=2)
    model[-1].weight.data *= 20
    assert "probabilities" not in found(swept(lambda x: answer(model.eval()(x))))


@quiet
def test_two_numbers_that_add_up_to_1_may_be_chance() -> None:
    model = convolutional(classes=2)
    two = found(swept(lambda x: model.eval()(x).softmax(1), n=1, classes=2))
    four = found(swept(lambda x: model.eval()(x).softmax(1), n=2, classes=2))
    assert ("probabilities" in two, "probabilities" in four) == (False, True)


@quiet
@pytest.mark.parametrize("n", [3, 4])
def test_a_binary_model_with_a_sigmoid(n: int) -> None:
    weight = torch.randn(1, 432, generator=torch.Generator().manual_seed(0))
    sure = linear(weight - weight.mean())
    caveats = found(swept(nn.Sequential(sure, nn.Sigmoid()), n=n, classes=2))
    assert ("probabilities" in caveats) == (n == 4)
    if n == 4:
        assert "without its last sigmoid" in caveats["probabilities"].sentence
        assert caveats["probabilities"].source == CROCE


@quiet
@pytest.mark.parametrize("classes", [1, 5])
def test_a_surrogates_probabilities(classes: int) -> None:
    weight = torch.randn(classes, 432, generator=torch.Generator().manual_seed(0))
    sure = linear(weight - weight.mean(1, keepdim=True))
    squashed = nn.Sequential(sure, nn.Sigmoid() if classes == 1 else nn.Softmax(1))
    model = convolutional(classes=classes)
    options = {"n": 8, "classes": max(classes, 2)}
    assert "probabilities" not in found(swept(model, surrogate=sure, **options))
    sentence = found(swept(model, surrogate=squashed, **options))["probabilities"].sentence
    assert sentence.startswith("the surrogate's outputs look like probabilities")
    both = found(swept(squashed, surrogate=squashed, **options))["probabilities"].sentence
    assert both.startswith("the model's outputs look like probabilities")


@pytest.mark.parametrize("seed", range(20))
def test_an_untrained_binary_model_is_not_suspected(seed: int) -> None:
    sweep = swept(convolutional(classes=1, seed=seed), n=8, classes=2)
    assert "probabilities" not in found(sweep)


# What the gradient does not say


def still(rows: int, columns: int = 12) -> Callable[[Tensor], Tensor]:
    """A model to which the first rows and columns of a picture mean nothing."""
    model = convolutional()

    def answer(x: Tensor) -> Tensor:
        x = x.clone()
        x[:, :, :rows, :columns] = x[:, :, :rows, :columns].detach()
        return model.eval()(x)

    return answer


@quiet
@pytest.mark.parametrize(("zeros", "expected"), [(1, True), (0, False)])
def test_samples_whose_gradient_is_0_everywhere(zeros: int, expected: bool) -> None:
    model, (inputs, labels) = convolutional().eval(), batch(n=4)
    # All but one element of a sample is near enough to be told apart.
    alive = torch.ones(4, 3, 12, 12)
    alive[2] = 0
    alive[2, 0, 0, 0] = 1 - zeros

    def answer(x: Tensor) -> Tensor:
        return model(x * alive + x.detach() * (1 - alive))

    caveats = found(FGSM([0.1]).sweep(answer, inputs, labels))
    assert ("zero-samples" in caveats) == expected
    if expected:
        sentence = caveats["zero-samples"].sentence
        assert sentence.startswith("1 of 4 samples have a gradient of 0 everywhere")
        assert caveats["zero-samples"].source == ATHALYE


@pytest.mark.parametrize(
    ("size", "expected"), [((2, 12), "17 %"), ((1, 12), None), ((12, 2), "17 %"), ((2, 7), None)]
)
def test_a_large_share_of_zeros(size: tuple[int, int], expected: str | None) -> None:
    caveats = found(swept(still(*size)))
    if expected is None:  # 8 % and 9.7 %, below a tenth
        assert caveats == {}
    else:
        assert caveats["zero-gradients"].sentence.startswith(f"{expected} of the gradient is exact")
        assert caveats["zero-gradients"].source == ATHALYE


@quiet
def test_gradients_that_are_not_finite() -> None:
    model, (inputs, labels) = convolutional().eval(), batch(n=2)
    inputs[1, 0, 0, :3] = 0
    sweep = FGSM([0.1]).sweep(lambda x: model(x.sqrt()), inputs, labels)
    caveat = found(sweep)["nonfinite-gradients"]
    assert caveat.sentence.startswith("3 of 864 gradient elements are NaN or infinite")
    assert caveat.source == ATHALYE
    inputs[1, 0, 0, :3] = 1e-6
    sweep = FGSM([0.1]).sweep(lambda x: model(x.sqrt()), inputs, labels)
    assert "nonfinite-gradients" not in found(sweep)


# What rounding undoes


@quiet
@pytest.mark.parametrize(
    ("epsilons", "options", "told"),
    [
        (["0.25/255", "0.49/255", "2/255"], {}, "0.25/255, 0.49/255"),
        (["0.25/255", "2/255"], {"quantize": True}, None),
        ([0, "0.5/255"], {}, None),
    ],
    ids=["below", "quantized", "half"],
)
@pytest.mark.parametrize(
    ("attack", "verb"),
    [(FGSM, "are"), (lambda *a, **o: PerEpsilon(_nothing, *a, **o), "may be")],
    ids=["fgsm", "each"],
)
def test_epsilons_that_rounding_undoes(attack, verb, epsilons, options, told: str | None) -> None:
    caveats = found(attack(epsilons, **options).sweep(convolutional(), *batch()))
    assert ("rounded-away" in caveats) == (told is not None)
    if told:
        sentence = caveats["rounded-away"].sentence
        assert f"the pictures shown at {told} {verb} the originals" in sentence
        assert "quantize=True" in caveats["rounded-away"].sentence


def _nothing(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    return inputs


def _fgsm(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
    leaf = inputs.clone().requires_grad_()
    functional.cross_entropy(model(leaf), labels, reduction="sum").backward()
    return (leaf + epsilon * leaf.grad.sign()).clamp(0, 1).detach()


# Attacks that are too weak


def margins(count: int) -> tuple[nn.Module, Tensor, Tensor]:
    """A linear model and samples that flip at .01, .02, … each."""
    halves = torch.arange(1, count + 1) / 100 - 0.001
    inputs = torch.full((count, 1, 2, 2), 0.5)
    inputs[:, 0, 0, 0] += halves
    inputs[:, 0, 0, 1] -= halves
    return linear(5 * torch.eye(2, 4)), inputs, torch.zeros(count, dtype=torch.int64)


def test_an_attack_that_is_weaker_than_fgsm() -> None:
    def halfway(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return inputs + (_fgsm(model, inputs, labels, epsilon) - inputs) * (epsilon < 0.03 or 0.4)

    sweep = PerEpsilon(halfway, [0.02, 0.03, 0.04]).sweep(*margins(4))
    caveat = found(sweep)["weaker-than-fgsm"]
    assert "fools more samples than halfway at 7.65/255, 10.2/255:" in caveat.sentence
    assert caveat.source == CARLINI
    equal = PerEpsilon(_fgsm, [0.02, 0.03, 0.04]).sweep(*margins(4))
    assert "weaker-than-fgsm" not in found(equal)


def test_an_attack_of_one_step_may_be_weaker_than_fgsm() -> None:
    class OneStep:
        single_step = True

        def __call__(self, model, inputs, labels, epsilon):
            return inputs

    sweep = PerEpsilon(OneStep(), [0.02]).sweep(*margins(4))
    assert sweep.robust_accuracy.item() > sweep.reference.robust_accuracy.item()
    assert "weaker-than-fgsm" not in found(sweep)


@pytest.mark.filterwarnings("ignore:far moves:RuntimeWarning")
@pytest.mark.parametrize("quantize", [False, True])
def test_an_attack_that_goes_further_than_epsilon(quantize: bool) -> None:
    def far(model, inputs, labels, epsilon):
        return (inputs + (2 * epsilon if epsilon > 0.05 else epsilon)).clamp(0, 1)

    inputs, labels = batch()
    far_off = PerEpsilon(far, [0.04, 0.1], quantize=quantize).sweep(
        convolutional(), inputs * 0.5, labels
    )
    caveat = found(far_off)["beyond-epsilon"]
    assert "far moves pixels by up to 51/255 at ε = 25.5/255" in caveat.sentence
    within = PerEpsilon(far, [0.04], quantize=quantize).sweep(convolutional(), inputs, labels)
    assert "beyond-epsilon" not in found(within)


def test_random_noise_as_strong_as_the_attack() -> None:
    honest = FGSM([0.055, 0.105], control=True).sweep(*margins(20))
    assert "control-as-strong" not in found(honest)
    model, inputs, labels = margins(4)

    def masked(x: Tensor) -> Tensor:
        """Gradients that lead nowhere: away from where they are taken, everything is noise."""
        moved = (x - inputs[: len(x)]).abs().amax((1, 2, 3)) > 0.03
        return model(x) + moved.unsqueeze(1) * torch.tensor([0.0, 100.0])

    sweep = FGSM([0.005, 0.045], control=True).sweep(masked, inputs, labels)
    caveat = found(sweep)["control-as-strong"]
    assert "fools as many samples at 11.47/255:" in caveat.sentence
    assert caveat.source == CARLINI
    aimed = FGSM([0.005, 0.045], control=True, target=1).sweep(masked, inputs, labels)
    assert "control-as-strong" not in found(aimed)  # noise aims at nothing


def test_an_accuracy_that_rises() -> None:
    model, inputs, labels = margins(4)

    def overshooting(x: Tensor) -> Tensor:
        """Right again, of half of the samples, where a pixel has moved far."""
        logits = model(x)
        far = (x - inputs[: len(x)]).abs().amax((1, 2, 3)) > 0.05
        back = far * (torch.arange(len(x)) % 2)
        return logits + back.unsqueeze(1) * torch.tensor([100.0, 0.0])

    sweep = FGSM([0.02, 0.045, 0.06]).sweep(overshooting, inputs, labels)
    assert sweep.robust_accuracy.tolist() == [0.5, 0, 0.5]
    caveat = found(sweep)["rises"]
    assert "rises from 0.0 % at 11.47/255 to 50.0 % at 15.3/255:" in caveat.sentence
    assert "a large single step may simply overshoot, or gradients are masked" in caveat.sentence
    assert caveat.source == CARLINI
    assert "rises" not in found(FGSM([0.02, 0.045]).sweep(overshooting, inputs, labels))
    assert "rises" not in found(FGSM([0, 0.045]).sweep(overshooting, inputs, labels))


def test_other_attacks_than_a_single_step_have_other_reasons_to_rise() -> None:
    def waning(model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float) -> Tensor:
        return _fgsm(model, inputs, labels, epsilon) if epsilon < 0.1 else inputs

    caveat = found(PerEpsilon(waning, [0.02, 0.2]).sweep(*margins(4)))["rises"]
    assert "from 50.0 % at 5.1/255 to 100.0 % at 51/255: more steps may be needed" in (
        caveat.sentence
    )


def test_an_accuracy_that_rises_above_the_clean_one() -> None:
    model, inputs, _ = margins(4)
    wrong = torch.tensor([1, 1, 0, 0])
    sweep = FGSM([0.1], target=wrong).sweep(model, inputs, wrong)  # helps instead of hurting
    assert "rises from 50.0 % at 0/255 to 100.0 % at 25.5/255" in found(sweep)["rises"].sentence


# An attack that fails where everything must fall


def masked_beyond(inputs: Tensor, model: nn.Module, kept: int) -> Callable[[Tensor], Tensor]:
    """A model that answers for the first so many samples as for these inputs, once far away."""

    def answer(x: Tensor) -> Tensor:
        far = (x - inputs[: len(x)]).abs().amax((1, 2, 3)) > 0.2
        back = far & (torch.arange(len(x)) < kept)
        return torch.where(back.unsqueeze(1), model(inputs[: len(x)]), model(x))

    return answer


@pytest.mark.parametrize(("kept", "told"), [(20, True), (15, True), (14, False), (0, False)])
def test_samples_that_hold_where_nothing_can(kept: int, told: bool) -> None:
    """Of 20 samples and 2 classes, Wilson's lower bound is 0.531 for 15, and 0.481 for 14."""
    model, inputs, labels = margins(20)
    answer = masked_beyond(inputs, model, kept)
    sweep = FGSM([0.105, 1]).sweep(answer, inputs, labels)
    assert int(sweep.robust[-1].sum()) == kept
    caveats = found(sweep)
    assert ("holds-at-one" in caveats) == told
    if told:
        sentence = caveats["holds-at-one"].sentence
        assert sentence.startswith(f"{kept} of 20 samples are still right at ε = 255/255")
        assert "none: a single step overshoots there, or gradients are masked" in sentence
        assert caveats["holds-at-one"].source == CARLINI
    assert "holds-at-one" not in found(FGSM([0.105, 254 / 255]).sweep(answer, inputs, labels))
    assert "holds-at-one" not in found(FGSM([1], target=1).sweep(answer, inputs, labels))


@quiet  # of a gradient that is 0 everywhere
def test_attacks_of_several_steps_that_fail_at_1_and_one_that_does_not() -> None:
    inputs, _ = batch(n=20)
    sound = convolutional().eval()
    labels = sound(inputs).argmax(1)
    strong = PerEpsilon(PGD(steps=10), [1]).sweep(sound, inputs, labels)
    assert "holds-at-one" not in found(strong)

    def rounding(x: Tensor) -> Tensor:
        """No gradient comes through what is rounded, as in a quantised network."""
        return sound((x.detach() * 4).round() / 4 + 0 * x)

    blind = PerEpsilon(PGD(steps=1, step_size=1 / 255), [1])
    timid = PerEpsilon(BIM(steps=1, step_size=0.1 / 255), [1])
    cases = (
        blind.sweep(rounding, inputs, rounding(inputs).argmax(1)),
        timid.sweep(sound, inputs, labels),
    )
    for sweep in cases:
        assert "its steps lead nowhere, or gradients" in found(sweep)["holds-at-one"].sentence


def one_pixel(place: int, gain: float = 1) -> nn.Module:
    """Of two classes, says the second one where a pixel of a channel is bright."""
    linear = nn.Linear(48, 2)
    with torch.no_grad():
        linear.weight.zero_()
        linear.weight[1, place], linear.bias[:] = gain, torch.tensor([0.5 * gain, 0])
    return nn.Sequential(nn.Flatten(), linear).eval()


@quiet  # of a gradient that is 0 at all other pixels
@pytest.mark.parametrize(("fooled", "told"), [(0, True), (38, True), (39, False), (100, False)])
def test_a_transfer_that_does_not_transfer(fooled: int, told: bool) -> None:
    """Wilson's lower bound of all of 100 is 0.963, its upper one of 38 0.478, of 39 0.488."""
    inputs = torch.full((110, 3, 4, 4), 0.6)
    labels = torch.ones(110, dtype=torch.int64)
    inputs[100:, 0, 0, 1] = 0.4  # the model is wrong on these when clean
    surrogate = one_pixel(0)

    def model(x: Tensor) -> Tensor:
        sees = torch.where(torch.arange(len(x)) < fooled, x[:, 0, 0, 0], x[:, 0, 0, 1])
        return torch.stack([torch.full_like(sees, 0.5), sees], 1)

    sweep = FGSM([0.05, 0.2], surrogate=surrogate).sweep(model, inputs, labels)
    assert sweep.surrogate_adversarial_logits.argmax(1).eq(0).all()
    caveats = found(sweep)
    assert ("does-not-transfer" in caveats) == told
    if told:
        assert caveats["does-not-transfer"].source == PINTOR
        assert caveats["does-not-transfer"].sentence.startswith(
            "at ε = 51/255 the examples fool the surrogate on 100 of the 100 samples that both "
            f"models are right on, and the model on {fooled}:"
        )
    for another in (FGSM([0.2]), FGSM([0.2], surrogate=surrogate, target=0)):
        assert "does-not-transfer" not in found(another.sweep(model, inputs, labels))


# Random outputs


class Random(nn.Module):
    """Adds noise in each forward, from one of the generators."""

    def __init__(self, draw: Callable[[], float], size: float = 1) -> None:
        super().__init__()
        self.inner = convolutional()
        self.draw = draw
        self.size = size

    def forward(self, inputs: Tensor) -> Tensor:
        return self.inner(inputs) + self.size * self.draw() * torch.arange(5)


DRAWS = {
    "torch": lambda: torch.randn(()).item(),
    "numpy": lambda: float(np.random.randn()),
    "random": lambda: random.gauss(0, 1),
}


class Dropping(nn.Module):
    """Dropout that stays active in evaluation."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = convolutional()

    def forward(self, inputs: Tensor) -> Tensor:
        return self.inner(functional.dropout(inputs, 0.5, training=True))


def steps_of(models: list[nn.Module], logdir: Path, attack=None) -> list[list[Caveat]]:
    with SummaryWriter(str(logdir)) as writer:
        logger = FGSMLogger(writer, attack or FGSM([0.1]))
        for step, model in enumerate(models):
            logger.log(model, *batch(), step=step)
    return [list(step.record.warnings) for step in read_steps(logdir)]


@quiet
@pytest.mark.parametrize(
    "model",
    [*map(Random, DRAWS.values()), Dropping()],
    ids=[*DRAWS, "dropout"],
)
def test_outputs_that_differ_between_two_clean_passes(model: nn.Module, tmp_path: Path) -> None:
    state = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()
    ((caveat, *_),) = steps_of([model], tmp_path)
    assert caveat.code == "random-outputs"
    assert "differ by up to " in caveat.sentence
    assert "of 6 predictions" in caveat.sentence
    assert caveat.source == CROCE
    assert torch.equal(torch.get_rng_state(), state[0])
    assert np.random.get_state()[1].tolist() == state[1]
    assert random.getstate() == state[2]


@pytest.mark.parametrize(
    "model",
    [convolutional(), Random(DRAWS["torch"], size=1e-6)],
    ids=["constant", "rounding"],
)
def test_outputs_that_hardly_differ(model: nn.Module, tmp_path: Path) -> None:
    assert steps_of([model], tmp_path) == [[]]


@quiet
@pytest.mark.parametrize("attack", [FGSM([0.1]), PerEpsilon(_nothing, [0.1])], ids=["fgsm", "each"])
def test_randomness_is_asked_for_once_a_model_and_told_at_every_step(
    attack, tmp_path: Path
) -> None:
    noisy, constant = Random(DRAWS["torch"]), convolutional()
    passes: list[int] = []
    for model in (noisy, constant):
        model.register_forward_hook(lambda *_: passes.append(1))
    counts, told = [], []
    with SummaryWriter(str(tmp_path)) as writer:
        logger = FGSMLogger(writer, attack, max_samples=0)
        for step, model in enumerate([noisy, noisy, constant, constant]):
            passes.clear()
            logger.log(model, *batch(), step=step)
            counts.append(len(passes))
    told = ["random-outputs" in {c.code for c in s.record.warnings} for s in read_steps(tmp_path)]
    assert told == [True, True, False, False]
    usual = counts[1]
    # Without samples to show, the noise pictures are not classified.
    assert counts == [usual + 1, usual, usual + 1, usual]
    assert usual == (2 if isinstance(attack, FGSM) else 3)


# Where they are told


LOUD = {"zero-samples", "nonfinite-gradients", "probabilities", "rounded-away"}


def everything() -> tuple[Callable[[Tensor], Tensor], Tensor, Tensor]:
    """A model, inputs and labels with whatever can go wrong at once."""
    model, (inputs, labels) = convolutional().eval(), batch(n=4)
    inputs[1, 0, 0, :3] = 0
    alive = torch.ones(4, 1, 1, 1)
    alive[0] = 0

    def answer(x: Tensor) -> Tensor:
        seen = x * alive + x.detach() * (1 - alive)
        return model(torch.where(alive > 0, seen.sqrt(), seen)).softmax(1)

    return answer, inputs, labels


def told(records: list[warnings.WarningMessage]) -> list[str]:
    return [str(each.message) for each in records if each.category is RuntimeWarning]


def test_what_makes_numbers_wrong_is_a_warning_and_the_rest_is_not() -> None:
    answer, inputs, labels = everything()
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        sweep = FGSM(["0.25/255", 0.3]).sweep(answer, inputs, labels)
    caveats = found(sweep)
    assert set(caveats) - {"rises"} == {*LOUD, "zero-gradients"}
    expected = [
        f"{caveat.sentence} ({caveat.source})" if caveat.source else caveat.sentence
        for caveat in caveats.values()
        if caveat.code in LOUD
    ]
    assert told(records) == expected
    assert {Path(record.filename).name for record in records} == {Path(__file__).name}


def test_flags_are_no_warnings() -> None:
    model, inputs, _ = margins(4)
    wrong = torch.tensor([1, 1, 0, 0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sweep = FGSM([0.1], target=wrong).sweep(model, inputs, wrong)
        still_sweep = swept(still(6))
        weak = PerEpsilon(_nothing, [0.1]).sweep(*margins(4))
    assert set(found(sweep)) == {"rises", "zero-gradients"}
    assert set(found(still_sweep)) == {"zero-gradients"}
    assert "weaker-than-fgsm" in found(weak)


def test_another_attack_warns_of_each_once() -> None:
    answer, inputs, labels = everything()
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        sweep = PerEpsilon(_nothing, ["0.25/255", 0.3]).sweep(answer, inputs, labels)
    loud = [caveat.sentence for caveat in found(sweep).values() if caveat.code in LOUD]
    assert [message.split(" (")[0] for message in told(records)] == loud
    assert len(loud) == len(LOUD)
    assert {Path(record.filename).name for record in records} == {Path(__file__).name}


@quiet
@pytest.mark.parametrize(
    "attack",
    [FGSM(["0.25/255", 0.3]), PerEpsilon(_nothing, ["0.25/255", 0.3])],
    ids=["fgsm", "each"],
)
def test_the_record_has_them_all(attack, tmp_path: Path) -> None:
    answer, inputs, labels = everything()
    with SummaryWriter(str(tmp_path)) as writer:
        # Numbers alone: the noise pictures of a batch are no batch to this model.
        sweep = FGSMLogger(writer, attack, max_samples=0).log(answer, inputs, labels, step=0)
    (step,) = read_steps(tmp_path)
    assert step.record.warnings == caveats_of(Tally.of(sweep), sweep.attack)
    assert {caveat.code for caveat in step.record.warnings} >= LOUD


@pytest.mark.parametrize("attack", [FGSM([0.1]), PerEpsilon(_nothing, [0.1])], ids=["fgsm", "each"])
def test_the_logger_warns_at_the_line_that_logs(attack, tmp_path: Path) -> None:
    model = nn.Sequential(Random(DRAWS["torch"]), nn.Softmax(1))
    with SummaryWriter(str(tmp_path)) as writer, warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        FGSMLogger(writer, attack).log(model, *batch(), step=0)
    kinds = ["two clean passes", "the model's outputs look like probabilities"]
    assert [
        message[: len(kind)] for message, kind in zip(told(records), kinds, strict=True)
    ] == kinds
    assert {Path(record.filename).name for record in records} == {Path(__file__).name}
