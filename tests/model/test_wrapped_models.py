"""Models that are compiled, checkpointed, channels_last or trained in mixed precision: attacked as
the plain model would be, and trained on as if nothing was."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

from tensorboard_fgsm import FGSM, PGD, PerEpsilon
from tests.lazy import Lazy
from tests.networks import batch, convolutional

models = Lazy("torchvision.models")

EPSILONS = (2 / 255, 0.3)
FULL = FGSM(EPSILONS, control=True, refine=3)
ATTACKS = [FULL, FGSM(EPSILONS, quantize=True), PerEpsilon(PGD(2, restarts=2), EPSILONS)]


def trained(model: nn.Module, *, attack: FGSM | PerEpsilon | None = None) -> list[Tensor]:
    """The parameters and buffers after three steps, with attacks between all that they do."""
    inputs, labels = batch()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    torch.manual_seed(0)

    def attacked() -> None:
        if attack is not None:
            attack.sweep(model, *batch(seed=2))

    for _ in range(3):
        attacked()
        loss = functional.cross_entropy(model(inputs), labels)
        attacked()
        optimizer.zero_grad()
        loss.backward()
        attacked()
        optimizer.step()
    return [*model.parameters(), *model.buffers()]


def equal(ones: list[Tensor], others: list[Tensor]) -> bool:
    return all(map(torch.equal, ones, others))


# TorchScript


def scripted(model: nn.Module) -> nn.Module:
    return torch.jit.script(model)


def traced(model: nn.Module) -> nn.Module:
    return torch.jit.trace(model, batch()[0], check_trace=False)


def frozen(model: nn.Module) -> nn.Module:
    return torch.jit.freeze(torch.jit.script(model.eval()))


def unchanged_by(model: nn.Module, attacked: Callable[[], object]) -> bool:
    def state() -> list[object]:
        return [
            [(name, id(b), b._version, b.tolist()) for name, b in model.named_buffers()],
            [(p.requires_grad, p.grad, p.tolist()) for p in model.parameters()],
            [getattr(module, "training", None) for module in model.modules()],
        ]

    before = state()
    attacked()
    return state() == before


@pytest.mark.filterwarnings("ignore:`torch.jit")
@pytest.mark.parametrize("of_script", [scripted, traced, frozen])
@pytest.mark.parametrize("attack", ATTACKS, ids=["full", "quantize", "pgd"])
def test_a_scripted_model_is_attacked_as_the_plain_one(of_script, attack) -> None:
    model, (inputs, labels) = of_script(convolutional().eval()), batch()
    sweep = attack.sweep(model, inputs, labels)
    assert torch.allclose(
        sweep.logits, attack.sweep(convolutional(), inputs, labels).logits, atol=1e-5
    )
    assert unchanged_by(model, lambda: attack.sweep(model, inputs, labels))


@pytest.mark.filterwarnings("ignore:`torch.jit", "ignore::torch.jit.TracerWarning")
@pytest.mark.parametrize("of_script", [scripted, traced, frozen])
def test_a_scripted_model_in_training_is_perturbed_as_the_plain_one(of_script) -> None:
    model, plain = of_script(convolutional()), convolutional()
    plain.train(of_script is not frozen)
    attack, (inputs, labels) = FGSM([0.1]), batch()
    torch.manual_seed(0)
    found = attack.perturb(model, inputs, labels, 0.1)
    torch.manual_seed(0)
    assert torch.allclose(found, attack.perturb(plain, inputs, labels, 0.1))
    assert unchanged_by(model, lambda: attack.perturb(model, inputs, labels, 0.1))


# torch.compile


class Counting:
    """A backend that counts the graphs that it is given, and runs them as they are."""

    def __init__(self) -> None:
        self.graphs = 0

    def __call__(self, graph: torch.fx.GraphModule, _: list[Tensor]) -> Callable[..., object]:
        self.graphs += 1
        return graph.forward


@pytest.fixture
def backend() -> Iterator[Counting]:
    torch.compiler.reset()
    yield Counting()
    torch.compiler.reset()


def compiled_as_a_wrapper(model: nn.Module, backend: Counting) -> nn.Module:
    return torch.compile(model, backend=backend)


class Inner(nn.Module):
    """Has a forward of its own: PyTorch 2.6 compiles no graph where a Sequential is compiled in
    place.
    """

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, inputs: Tensor) -> Tensor:
        return self.inner(inputs)


def compiled_in_place(model: nn.Module, backend: Counting) -> nn.Module:
    model = Inner(model)
    model.compile(backend=backend)
    return model


def compiled_in_part(model: nn.Module, backend: Counting) -> nn.Module:
    return nn.Sequential(torch.compile(model[:3], backend=backend), model[3:])


compilations = pytest.mark.parametrize(
    "compiled", [compiled_as_a_wrapper, compiled_in_place, compiled_in_part]
)


@pytest.mark.long
@compilations
@pytest.mark.parametrize("attack", ATTACKS, ids=["full", "quantized", "pgd"])
def test_an_attack_compiles_nothing(compiled, attack, backend: Counting) -> None:
    model = compiled(convolutional(), backend)
    trained(model)
    graphs = backend.graphs
    assert graphs
    trained(model, attack=attack)
    assert backend.graphs == graphs


@pytest.mark.long
@compilations
@pytest.mark.parametrize("attack", ATTACKS, ids=["full", "quantized", "pgd"])
def test_a_compiled_model_is_attacked_as_the_plain_one(compiled, attack, backend: Counting) -> None:
    found = attack.sweep(compiled(convolutional(), backend), *batch())
    expected = attack.sweep(convolutional(), *batch())
    assert torch.equal(found.clean_logits, expected.clean_logits)
    assert torch.equal(found.logits, expected.logits)
    assert torch.equal(found.adversarial(0.3), expected.adversarial(0.3))


@pytest.mark.long
@compilations
def test_training_a_compiled_model_goes_on_as_if_nothing_was(compiled, backend: Counting) -> None:
    with_attacks = trained(compiled(convolutional(), backend), attack=FULL)
    assert equal(with_attacks, trained(compiled(convolutional(), backend)))


# Gradient checkpointing


class Checkpointed(nn.Sequential):
    """Checkpoints each layer but the first, as the blocks of a transformer are."""

    reentrant = True

    def forward(self, inputs: Tensor) -> Tensor:
        inputs = self[0](inputs)
        for layer in self[1:]:
            inputs = checkpoint(layer, inputs, use_reentrant=self.reentrant)
        return inputs


class CheckpointedOnce(Checkpointed):
    """Checkpoints all of its layers but the first and the last, in two segments."""

    def forward(self, inputs: Tensor) -> Tensor:
        inner = checkpoint_sequential(self[1:-1], 2, self[0](inputs), use_reentrant=True)
        return self[-1](inner)


class CheckpointedAnew(Checkpointed):
    reentrant = False


# Torch says so of each forward that has no gradient, such as those of any evaluation.
SAID = "ignore:None of the inputs have requires_grad:UserWarning"

checkpoints = pytest.mark.parametrize("kind", [Checkpointed, CheckpointedOnce, CheckpointedAnew])


@pytest.mark.filterwarnings(SAID)
@checkpoints
@pytest.mark.parametrize("attack", ATTACKS, ids=["full", "quantized", "pgd"])
def test_a_checkpointed_model_is_attacked_as_the_plain_one(kind, attack) -> None:
    found = attack.sweep(kind(*convolutional()), *batch())
    expected = attack.sweep(convolutional(), *batch())
    assert torch.equal(found.logits, expected.logits)
    assert torch.equal(found.adversarial(0.3), expected.adversarial(0.3))


@pytest.mark.filterwarnings(SAID)
@checkpoints
def test_training_a_checkpointed_model_goes_on_as_if_nothing_was(kind) -> None:
    with_attacks = trained(kind(*convolutional()), attack=FULL)
    assert equal(with_attacks, trained(kind(*convolutional())))


@pytest.mark.filterwarnings(SAID)
def test_nothing_lands_on_the_parameters_of_a_reentrant_model() -> None:
    model = Checkpointed(*convolutional())
    FULL.sweep(model, *batch())
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_torchvisions_own_checkpointed_network() -> None:
    def network(memory_efficient: bool) -> nn.Module:
        torch.manual_seed(0)
        return models.DenseNet(4, (2, 2), 8, num_classes=5, memory_efficient=memory_efficient)

    inputs, labels = batch(size=32)
    found = FULL.sweep(network(True), inputs, labels)
    expected = FULL.sweep(network(False), inputs, labels)
    assert torch.equal(found.direction, expected.direction)
    assert torch.equal(found.logits, expected.logits)


# Perturbing for training

# While it compiles, torch looks at .grad of what it is given, and warns where that is no leaf.
COMPILING = "ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning"


@pytest.mark.long
@pytest.mark.filterwarnings(COMPILING)
@compilations
def test_perturbing_compiles_one_version_more_and_training_none(compiled, backend) -> None:
    attack, model, (inputs, labels) = FGSM([0.3]), compiled(convolutional(), backend), batch()
    graphs = []
    for _ in range(4):
        examples = attack.perturb(model, inputs, labels, 0.3, random_start=True)
        functional.cross_entropy(model(examples), labels).backward()
        graphs.append(backend.graphs)
    assert graphs == [2] * 4


@pytest.mark.long
@pytest.mark.filterwarnings(COMPILING)
@compilations
def test_perturbing_with_a_compiled_model_leaves_training_alone(compiled, backend) -> None:
    found = trained_on_examples(compiled(convolutional(), backend))
    assert equal(found, trained_on_examples(convolutional()))


@checkpoints
def test_a_checkpointed_model_in_training_is_perturbed_as_the_plain_one(kind) -> None:
    model = kind(*convolutional())
    before = [each.clone() for each in model.buffers()]
    assert torch.equal(examples(model), examples(convolutional()))
    assert equal(list(model.buffers()), before)
    assert all(p.grad is None and p.requires_grad for p in model.parameters())


def test_perturbed_inputs_are_channels_last_where_the_inputs_are() -> None:
    inputs, labels = batch()
    for quantize in (False, True):
        found = FGSM([0.3], quantize=quantize).perturb(
            convolutional().to(memory_format=torch.channels_last),
            inputs.to(memory_format=torch.channels_last),
            labels,
            0.3,
        )
        assert found.is_contiguous(memory_format=torch.channels_last)


def examples(model: nn.Module) -> Tensor:
    torch.manual_seed(0)
    return FGSM([0.3]).perturb(model, *batch(), 0.3, random_start=True, step=0.375)


def trained_on_examples(model: nn.Module) -> list[Tensor]:
    """The examples, parameters and buffers of three steps of adversarial training."""
    inputs, labels = batch()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    torch.manual_seed(0)
    found = []
    for _ in range(3):
        examples = FGSM([0.3]).perturb(model, inputs, labels, 0.3, random_start=True, step=0.375)
        optimizer.zero_grad()
        functional.cross_entropy(model(examples), labels).backward()
        optimizer.step()
        found += [examples, *(each.detach().clone() for each in model.buffers())]
    return [*found, *model.parameters()]


# channels_last


@pytest.mark.parametrize("mean", [None, (0.4, 0.5, 0.6)], ids=["plain", "normalised"])
@pytest.mark.parametrize("quantize", [False, True])
def test_all_that_the_model_sees_is_channels_last_where_the_inputs_are(
    mean, quantize: bool
) -> None:
    seen = []
    model = convolutional().to(memory_format=torch.channels_last)
    model.register_forward_pre_hook(
        lambda _, given: seen.append(given[0].is_contiguous(memory_format=torch.channels_last))
    )
    attack = FGSM(
        EPSILONS, mean=mean, std=mean, control=True, refine=2, quantize=quantize, together=False
    )
    inputs, labels = batch()
    if mean is not None:
        inputs = attack.to_inputs(inputs, inputs.dtype)
    inputs = inputs.to(memory_format=torch.channels_last)
    sweep = attack.sweep(model, inputs, labels)
    assert seen == [True] * (1 + 2 + 2 + 2)
    assert sweep.adversarial(0.3).is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("attack", ATTACKS, ids=["full", "quantized", "pgd"])
def test_a_channels_last_model_is_attacked_as_the_plain_one(attack) -> None:
    inputs, labels = batch()
    model = convolutional().to(memory_format=torch.channels_last)
    found = attack.sweep(model, inputs.to(memory_format=torch.channels_last), labels)
    expected = attack.sweep(convolutional(), inputs, labels)
    # Sums are taken in another order, so that gradients next to 0 may change their sign.
    assert torch.allclose(found.clean_logits, expected.clean_logits, atol=1e-6)
    same = found.adversarial(0.3) == expected.adversarial(0.3)
    assert same.float().mean() > 0.99
    assert torch.equal(found.robust_accuracy, expected.robust_accuracy)


# Mixed precision


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_training_in_mixed_precision_goes_on_as_if_nothing_was(dtype: torch.dtype) -> None:
    def trained_mixed(attack: FGSM | None) -> tuple[list[Tensor], float]:
        model, (inputs, labels) = convolutional(), batch()
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**20, growth_interval=2)
        torch.manual_seed(0)
        for _ in range(4):
            with torch.autocast("cpu", dtype):
                first = model(inputs)
                if attack is not None:
                    attack.sweep(model, *batch(seed=2))
                # The casts of the weights are kept, for the second forward, within autocast.
                loss = functional.cross_entropy(first + model(inputs), labels)
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            if attack is not None:
                attack.sweep(model, *batch(seed=2))
            scaler.step(optimizer)
            scaler.update()
        return [*model.parameters(), *model.buffers()], scaler.get_scale()

    with_attacks, scale = trained_mixed(FULL)
    without, expected_scale = trained_mixed(None)
    assert equal(with_attacks, without)
    assert scale == expected_scale
