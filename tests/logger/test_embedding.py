"""Embedded samples: held to scikit-learn's PCA of features that are taken by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, Embedding, FGSMLogger, PerEpsilon, Sweep, read_steps
from tensorboard_fgsm.format import record
from tensorboard_fgsm.format.embedding import LEVELS
from tensorboard_fgsm.logger.embedded_samples import EmbeddedSamples
from tensorboard_fgsm.logger.projection import Projection
from tests.model.broken_off import broken_off, lines_of, raise_interrupt
from tests.model.training import Training
from tests.networks import batch, convolutional, digits

# Of small networks there is much to warn of.
pytestmark = pytest.mark.filterwarnings("ignore:.*(gradient|ndom).*:RuntimeWarning")

EPSILONS = (2 / 255, 8 / 255, 0.1, 0.3)

By_hand = Callable[[Tensor], Tensor]


@pytest.fixture
def writer(tmp_path: Path):
    with SummaryWriter(str(tmp_path)) as writer:
        yield writer


def steps(writer: SummaryWriter) -> list[Any]:
    """The records so far."""
    writer.flush()
    return [step.record for step in read_steps(writer.log_dir)]


def features(by_hand: By_hand, sweep: Sweep, count: int) -> np.ndarray:
    """(1 + E, count, F): what the last layer is given, clean and at each epsilon."""
    with torch.no_grad():
        return np.stack(
            [
                by_hand(sweep.adversarial(epsilon)[:count]).numpy()
                for epsilon in (0.0, *sweep.epsilons.tolist())
            ]
        ).astype(np.float64)


def expect_points(found: Any, expected: np.ndarray) -> None:
    """Expects points, up to half a level of the box in which they are stored."""
    left, bottom, right, top = found.box
    slack = 0.51 / LEVELS * np.array([right - left, top - bottom]) + 1e-5
    assert (abs(found.points() - expected) <= slack).all()


def test_points_are_those_of_scikit_learns_pca_of_real_digits(writer) -> None:
    inputs, labels = digits()
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Dropout(), nn.Linear(32, 10)
    )
    logger = FGSMLogger(writer, FGSM(EPSILONS), max_samples=3, embed=200)
    earlier = logger.log(model, inputs[:250], labels[:250], step=0)
    by_hand = model[:3]
    fitted = PCA(2, svd_solver="full").fit(features(by_hand, earlier, 200)[0])
    first = features(by_hand, earlier, 200)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn(parameter.shape)
    later = logger.log(model, inputs[:250], labels[:250], step=7)
    one, two = (each.embedding for each in steps(writer))
    for found, given, sweep in (
        (one, first, earlier),
        (two, features(by_hand, later, 200), later),
    ):
        expect_points(found, fitted.transform(given.reshape(-1, 32)).reshape(*given.shape[:2], 2))
        assert found.explained == pytest.approx(fitted.explained_variance_ratio_)
        assert (found.fit, found.fitted, found.layer, found.features) == (one.fit, 0, "4", 32)
        assert found.indices == tuple(range(200))
        assert list(found.labels) == labels[:200].tolist()
        flips = [float("inf") if each is None else each for each in found.flip_epsilons]
        assert flips == sweep.flip_epsilon[:200].tolist()


@pytest.mark.parametrize(("count", "size"), [(60, 7), (9, 40)])
def test_a_projection_is_scikit_learns_up_to_rounding(count: int, size: int) -> None:
    given = np.random.default_rng(0).normal(3, 1, (count, size)) * np.linspace(1, 3, size)
    ours, theirs = Projection.fitted(given, 0), PCA(2, svd_solver="full").fit(given)
    assert ours.components == pytest.approx(theirs.components_, abs=1e-10)
    assert ours.explained == pytest.approx(theirs.explained_variance_ratio_)
    assert ours.points(given) == pytest.approx(theirs.transform(given), abs=1e-9)
    assert ours.name == Projection.fitted(given.copy(), 5).name
    assert ours.name != Projection.fitted(given + 1, 0).name


def test_features_without_directions_are_all_at_one_place() -> None:
    for given in (np.full((4, 3), 7.0), np.full((1, 5), 2.0), np.full((4, 1), 1.0)):
        found = Projection.fitted(given, 0)
        assert found.explained == (0, 0)
        assert not found.points(given).any()
    line = Projection.fitted(np.outer(np.arange(4.0), np.ones(3)), 0)
    assert line.explained == pytest.approx((1, 0))


class Counted(nn.Module):
    """Counts the samples of each forward."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model, self.sizes = model, []

    def forward(self, inputs: Tensor) -> Tensor:
        self.sizes.append(len(inputs))
        return self.model(inputs)


def forwards(folder: Path, attack: Any, model: nn.Module, embed: Any = None) -> list[int]:
    """How many samples each forward of a step has; not of the first, which looks for more."""
    counted = Counted(model)
    with SummaryWriter(str(folder)) as writer:
        logger = FGSMLogger(writer, attack, max_samples=0, embed=embed)
        for step in range(2):
            counted.sizes.clear()
            logger.log(counted, *batch(n=20), step=step)
    return sorted(counted.sizes)


@pytest.mark.parametrize("control", [False, True])
def test_forwards_that_epsilons_share_are_taken_apart(control: bool) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layers = (nn.Flatten(), nn.Linear(192, 64), nn.ReLU(), nn.Linear(64, 5))
    model, given = Counted(nn.Sequential(*layers)), batch(size=8)
    found = []
    for together in (True, False):
        attack = FGSM([0, 0.02, 0.04, 0.06, 0.08, 0.1], control=control, together=together)
        attack.sweep_quietly(model, *given)  # tries it
        model.sizes.clear()
        embedded = EmbeddedSamples(attack, model, 4, None)
        embedded.sweep(*given, range(6))
        passed = [18, 12] if together else [6] * 5
        assert model.sizes == [1, 6, *passed, *passed * control]
        found.append(np.stack([embedded.found[i].features for i in range(4)]))
    np.testing.assert_allclose(found[0], found[1], atol=1e-5)
    moved = np.abs(np.diff(found[0][:, 1:], axis=1)).max(axis=(0, 2))  # the first is ε = 0
    assert moved.min() > 1e-3, "each epsilon its own"


def test_it_costs_the_forwards_that_the_docstring_says(tmp_path: Path) -> None:
    full, pgd = FGSM(EPSILONS, control=True, refine=2), PerEpsilon(PGD(2), EPSILONS)
    linear, softmax = convolutional(), nn.Sequential(convolutional(), nn.LogSoftmax(1))
    own = [6] * (1 + len(EPSILONS))
    given = Embedding(6, features=linear[8])
    for attack, model, embed, more in (
        (full, linear, 6, []),
        (FGSM(EPSILONS, quantize=True), linear, 6, []),
        (FGSM(EPSILONS, surrogate=convolutional(seed=1)), linear, 6, []),
        (full, linear, given, own),
        (full, softmax, 6, own),
        (pgd, linear, 6, own),
    ):
        plain = forwards(tmp_path, attack, model)
        assert forwards(tmp_path, attack, model, embed) == sorted([1, *more, *plain])


def test_a_stronger_attacks_own_examples_are_embedded(writer) -> None:
    model, attack = convolutional().eval(), PerEpsilon(PGD(2), EPSILONS)
    sweep = FGSMLogger(writer, attack, embed=6).log(model, *batch(n=8), step=0)
    (found,) = steps(writer)
    given = features(model[:8], sweep, 6)
    fitted = PCA(2, svd_solver="full").fit(given[0])
    expect_points(found.embedding, np.stack([fitted.transform(each) for each in given]))


def one_by_one() -> tuple[Any, By_hand, str]:
    torch.manual_seed(0)
    body = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU())
    model = nn.Sequential(body, nn.Conv2d(6, 5, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    return model, lambda inputs: body(inputs).mean((2, 3)), "1"


def plain() -> tuple[Any, By_hand, str]:
    model = convolutional().eval()
    return model, model[:8], "8"


def function() -> tuple[Any, By_hand, str]:
    model = convolutional().eval()
    return lambda inputs: {"logits": model(inputs)}, model[:8], "Linear"


def compiled() -> tuple[Any, By_hand, str]:
    model = convolutional().eval()
    return torch.compile(model, backend="eager"), model[:8], "_orig_mod.8"


def binary() -> tuple[Any, By_hand, str]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(432, 9), nn.Tanh(), nn.Linear(9, 1))
    return model, model[:3], "3"


def hooked() -> tuple[Any, By_hand, str]:
    """The layer is given other features than those of the layer before."""
    model = convolutional().eval()
    model[8].register_forward_pre_hook(lambda _, given: (2 * given[0],))
    return model, lambda inputs: 2 * model[:8](inputs), "8"


@pytest.mark.parametrize("made", [plain, function, compiled, one_by_one, binary, hooked])
def test_the_last_layer_is_found_in_models_of_many_kinds(made, writer) -> None:
    model, by_hand, name = made()
    inputs, labels = batch(n=8, classes=2)
    sweep = FGSMLogger(writer, FGSM(EPSILONS, control=True), embed=6).log(model, inputs, labels, 0)
    (found,) = steps(writer)
    assert found.embedding.layer == name
    given = features(by_hand, sweep, 6)
    fitted = PCA(2, svd_solver="full").fit(given[0])
    expect_points(found.embedding, np.stack([fitted.transform(each) for each in given]))


class Scaled(nn.Module):
    """Makes its logits of features without a layer."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Flatten(), nn.Identity()
        self.unused = nn.Linear(3, 3)
        self.weight = nn.Parameter(torch.rand(5, 432, generator=torch.Generator().manual_seed(0)))

    def forward(self, inputs: Tensor) -> Tensor:
        return functional.linear(self.head(self.body(inputs)), self.weight)


def test_a_model_without_such_a_layer_says_what_to_give(writer) -> None:
    model = Scaled()
    with pytest.raises(
        ValueError, match=r"its 5 logits, .*: give the module .*features=model.head"
    ):
        FGSMLogger(writer, FGSM(EPSILONS), embed=6).log(model, *batch(), step=0)
    logger = FGSMLogger(writer, FGSM(EPSILONS), embed=Embedding(6, model.unused))
    with pytest.raises(ValueError, match="features is a Linear that takes no part"):
        logger.log(model, *batch(), step=0)
    assert steps(writer) == []
    given = Embedding(6, features=model.head)
    FGSMLogger(writer, FGSM(EPSILONS), embed=given).log(model, *batch(), step=0)
    (found,) = steps(writer)
    assert (found.embedding.layer, found.embedding.features) == ("head", 432)


@pytest.mark.parametrize(
    ("embed", "message"),
    [
        (0, "embed is a whole number from 1 on"),
        (5001, "samples is at most 5,000"),
        ("1000", r"Embedding\(1000, features=model.head\); got '1000'"),
    ],
)
def test_arguments_are_refused_in_a_sentence(embed: Any, message: str, writer) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        FGSMLogger(writer, FGSM(EPSILONS), embed=embed)
    with pytest.raises(TypeError, match="features is the module"):
        Embedding(features="head")  # pyright: ignore[reportArgumentType]


def test_of_a_data_set_the_first_are_embedded_whatever_the_batches(writer) -> None:
    model, (inputs, labels) = convolutional().double(), batch(n=30)
    inputs = inputs.double()
    by_batch = FGSMLogger(writer, FGSM(EPSILONS), tag="a", max_samples=0, embed=13)
    by_batch.log_dataset(model, DataLoader(TensorDataset(inputs, labels), 8), step=0)
    at_once = FGSMLogger(writer, FGSM(EPSILONS), tag="b", max_samples=2, embed=13)
    at_once.log(model, inputs, labels, step=0)
    one, two = steps(writer)
    assert one.samples == ()
    assert one.embedding.indices == tuple(range(13))
    assert one.embedding.labels == two.embedding.labels
    assert one.embedding.flip_epsilons == two.embedding.flip_epsilons
    assert one.embedding.points() == pytest.approx(two.embedding.points(), abs=1e-4)


def test_features_of_another_size_lie_in_a_plane_of_their_own_and_it_is_said(
    writer,
) -> None:
    logger = FGSMLogger(writer, FGSM(EPSILONS), embed=6)
    logger.log(convolutional(), *batch(), step=0)
    logger.log(convolutional(seed=1), *batch(), step=1)
    other = nn.Sequential(nn.Flatten(), nn.Linear(432, 5))
    with pytest.warns(RuntimeWarning, match="had 32 features, and has 432: .* from step 2 on"):
        logger.log(other, *batch(), step=2)
    # A restarted job.
    FGSMLogger(writer, FGSM(EPSILONS), embed=6).log(convolutional(seed=1), *batch(), step=3)
    one, two, three, four = (each.embedding for each in steps(writer))
    assert one.fit == two.fit
    assert [each.fitted for each in (one, two, three, four)] == [0, 0, 2, 3]
    assert len({one.fit, three.fit, four.fit}) == 3


def test_features_that_are_not_finite_are_refused(writer) -> None:
    class Clipped(nn.Linear):
        def forward(self, inputs: Tensor) -> Tensor:
            return super().forward(inputs.clamp(-1, 1))

    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), Clipped(432, 5))
    model[0].register_forward_hook(lambda _, __, answer: answer / 0)
    with pytest.raises(ValueError, match="hold NaN or infinity: has the training diverged"):
        FGSMLogger(writer, FGSM(EPSILONS), embed=6).log(model, *batch(), step=0)


def test_a_thousand_samples_at_nine_epsilons_take_few_bytes(writer) -> None:
    inputs, labels = digits()
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10))
    attack = FGSM([k / 255 for k in (1, 2, 4, 8, 12, 16, 24, 32, 48)])
    for tag, embed in (("with", 1000), ("without", None)):
        logger = FGSMLogger(writer, attack, tag=tag, max_samples=0, embed=embed)
        logger.log(model, inputs[:1000], labels[:1000], step=0)
    with_points, without = (len(record.encode(each)) for each in steps(writer))
    assert with_points - without < 85_000


def test_a_compiled_training_is_not_compiled_anew(writer) -> None:
    graphs = []

    def backend(graph: torch.fx.GraphModule, _: Any) -> Any:
        graphs.append(graph)
        return graph.forward

    model, (inputs, labels) = torch.compile(convolutional(), backend=backend), batch()
    logger = FGSMLogger(writer, FGSM(EPSILONS), embed=6)
    for step in range(2):
        functional.cross_entropy(model(inputs), labels).backward()
        logger.log(model, inputs, labels, step=step)
    functional.cross_entropy(model(inputs), labels).backward()
    assert len(graphs) == 1


def test_whatever_line_breaks_it_off_the_hooks_are_gone(writer) -> None:
    training, tags = Training(), iter(range(10**6))

    def call() -> None:
        logger = FGSMLogger(writer, FGSM([0.1]), tag=f"{next(tags)}", max_samples=0, embed=2)
        logger.log(training.model, training.inputs, training.labels, 0)

    before = training.traces()
    call()
    assert training.traces() == before
    lines = lines_of(call)
    last = {line: place for place, line in enumerate(lines)}
    ours = ("/model/last_layer.py", "/logger/embedded_samples.py")
    places = [place for line, place in last.items() if line.file.endswith(ours)]
    assert len(places) > 50
    for place in places:
        assert isinstance(broken_off(call, place, raise_interrupt), KeyboardInterrupt)
        assert training.traces() == before, lines[place]
