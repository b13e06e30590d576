"""A training is the same, bit for bit, with attacks between all that it does and without any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize, spectral_norm, weight_norm
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.checkpoint import checkpoint
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tests.devices import DEVICES
from tests.networks import batch, convolutional

# Of random networks; of torch's older norms; and of a forward without gradients to checkpoints.
pytestmark = [
    pytest.mark.filterwarnings(
        "ignore::RuntimeWarning", "ignore::FutureWarning", "ignore:None of the inputs have requires"
    ),
    pytest.mark.long,
]

ATTACK = FGSM([0.1], control=True, refine=1)


def changed(change: Callable[[nn.Module], object]) -> Callable[[], nn.Module]:
    """Makes a network that is another in a part."""

    def made() -> nn.Module:
        model = convolutional()
        change(model)
        return model

    return made


def replaced(place: int, layer: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    def made() -> nn.Module:
        model = convolutional()
        model[place] = layer()
        return model

    return made


def lazy() -> nn.Module:
    model = nn.Sequential(*convolutional()[:8], nn.LazyLinear(5))
    model(batch()[0])
    return model


def drawn(like: Tensor) -> Tensor:
    return torch.rand(1, device=like.device)


def hooked() -> nn.Module:
    """One whose hooks draw, change what passes, and take the gradient to account."""
    model = convolutional()
    model[0].register_forward_pre_hook(lambda _, given: (given[0] + 0.01 * drawn(given[0]),))
    model[1].register_forward_hook(lambda _, given, answer: answer * 1.1)
    model[4].register_full_backward_hook(lambda _, towards, __: (towards[0] * 0.9,))
    return model


def frozen() -> nn.Module:
    model = convolutional()
    model[0].requires_grad_(False)
    model[1].eval()
    return model


def sharing() -> nn.Module:
    model = convolutional()
    again = nn.Conv2d(8, 8, 3, padding=1)
    again.weight = model[4].weight
    return nn.Sequential(*model[:5], again, model[1], *model[5:])


class Checkpointed(nn.Module):
    def __init__(self, *, reentrant: bool) -> None:
        super().__init__()
        self.inner, self.reentrant = convolutional(), reentrant

    def forward(self, inputs: Tensor) -> Tensor:
        features = self.inner[0](inputs)
        features = checkpoint(self.inner[1:5], features, use_reentrant=self.reentrant)
        return self.inner[5:](features)


class Featured(nn.Module):
    """Keeps its features, for a further loss."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = convolutional()

    def forward(self, inputs: Tensor) -> Tensor:
        self.features = self.inner[:4](inputs)
        return self.inner[4:](self.features)


@dataclass(frozen=True)
class Kind:
    """A kind of model, and of training."""

    made: Callable[[], nn.Module] = convolutional
    further: Callable[[nn.Module], Tensor | float] = lambda model: 0.0
    """A further loss, of what the model keeps after its forward."""
    surroundings: Callable[[str], Any] = lambda device: nullcontext()
    """On a device."""
    scaled: bool = False
    accumulated: int = 1
    averaged: bool = False


KINDS = {
    "batch-norm-and-dropout": Kind(),
    "layer-norm": Kind(replaced(1, lambda: nn.LayerNorm([8, 12, 12]))),
    "group-norm": Kind(replaced(1, lambda: nn.GroupNorm(2, 8))),
    "instance-norm": Kind(replaced(1, lambda: nn.InstanceNorm2d(8, track_running_stats=True))),
    "dropout-of-channels": Kind(replaced(3, lambda: nn.Dropout2d(0.3))),
    "older-weight-norm": Kind(
        changed(lambda model: weight_norm(model[4])), lambda model: model[4].weight.square().sum()
    ),
    "weight-norm": Kind(
        changed(lambda model: parametrizations.weight_norm(model[4])),
        lambda model: model[4].weight.square().sum(),
    ),
    "cached-weight-norm": Kind(
        changed(lambda model: parametrizations.weight_norm(model[4])),
        surroundings=lambda device: parametrize.cached(),
    ),
    "older-spectral-norm": Kind(
        changed(lambda model: spectral_norm(model[4])), lambda model: model[4].weight.sum()
    ),
    "spectral-norm": Kind(changed(lambda model: parametrizations.spectral_norm(model[4]))),
    "lazy": Kind(lazy),
    "hooks": Kind(hooked),
    "frozen-parts": Kind(frozen),
    "shared-weights": Kind(sharing),
    "kept-features": Kind(Featured, lambda model: model.features.square().mean()),
    "accumulation": Kind(accumulated=2),
    "autocast": Kind(surroundings=lambda device: torch.autocast(device, torch.bfloat16)),
    "autocast-and-scaler": Kind(
        surroundings=lambda device: torch.autocast(device, torch.float16),
        scaled=True,
        accumulated=2,
    ),
    "average": Kind(averaged=True),
    "checkpoints": Kind(lambda: Checkpointed(reentrant=False)),
    "reentrant-checkpoints": Kind(lambda: Checkpointed(reentrant=True)),
}


def trained(
    kind: Kind, attack: Callable[[nn.Module], object], device: str = "cpu"
) -> Iterator[Tensor]:
    """Yields all that there is after each of three steps, with an attack between all they do."""
    model, (inputs, labels) = kind.made().to(device), (each.to(device) for each in batch())
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 0.1, 0.9)
    scaler = torch.amp.GradScaler(device, init_scale=2.0**18, enabled=kind.scaled)
    average = (
        AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9)) if kind.averaged else None
    )
    torch.manual_seed(0)
    for step in range(3):
        attack(model)
        with kind.surroundings(device):
            logits = model(inputs)
            attack(model)
            loss = functional.cross_entropy(logits, labels) + kind.further(model)
        attack(model)
        scaler.scale(loss / kind.accumulated).backward()
        attack(model)
        yield from (each.grad for each in model.parameters() if each.grad is not None)
        if (step + 1) % kind.accumulated == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
        if average is not None:
            average.update_parameters(model)
            attack(average)
            yield from average.state_dict().values()
        yield from model.state_dict().values()
        yield torch.tensor(scaler.get_scale())
        yield torch.get_rng_state()
        if device == "cuda":
            yield torch.cuda.get_rng_state()


def attacked(writer: SummaryWriter, device: str) -> Callable[[nn.Module], object]:
    """Attacks in another way each time: the moments of a step are four or five, the ways three, so
    that each way has its turn at each moment.
    """
    loggers = [FGSMLogger(writer, ATTACK, tag=tag, max_samples=1) for tag in ("batch", "dataset")]
    count = 0

    def attack(model: nn.Module) -> None:
        nonlocal count
        inputs, labels = (each.to(device) for each in batch(n=3, seed=2))
        if count % 3 == 0:
            loggers[0].log(model, inputs, labels, count)
        elif count % 3 == 1:
            loggers[1].log_dataset(model, [(inputs, labels)], count)
        else:
            with torch.random.fork_rng():  # it draws, as a part of the training
                ATTACK.perturb(model, inputs, labels, 0.1, random_start=True)
        count += 1

    return attack


@pytest.fixture
def repeatable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graphics card adds up in the same order each time."""
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.usefixtures("repeatable")
def test_a_training_is_the_same_with_attacks_and_without(name: str, device: str, writer) -> None:
    attack = attacked(writer, device)
    with_attacks = [each.clone() for each in trained(KINDS[name], attack, device)]
    without = [each.clone() for each in trained(KINDS[name], lambda model: None, device)]
    assert len(with_attacks) == len(without)
    assert all(map(torch.equal, with_attacks, without))
