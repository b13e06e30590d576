"""Whatever the user's own code raises, at whichever of its calls: the training is left as it was,
and can be logged again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon
from tests.model.training import Training

# The tiny model is warned of.
pytestmark = [pytest.mark.filterwarnings("ignore::RuntimeWarning"), pytest.mark.long]


class Failing:
    """Fails at one of the calls of what a user brings: model, loss, loader or writer."""

    def __init__(self, writer: SummaryWriter) -> None:
        self.calls, self.at, self.count = [], -1, 0
        self.error: BaseException = AssertionError()
        self.writer = writer
        add_summary = writer.file_writer.add_summary

        def added(*arguments: object) -> None:
            self("writer")
            add_summary(*arguments)

        writer.file_writer.add_summary = added

    def __call__(self, whose: str) -> None:
        self.calls.append(whose)
        if len(self.calls) == self.at:
            raise self.error

    def training(self) -> Training:
        training = Training()
        last = training.inner[-1]
        training.inner.register_forward_pre_hook(lambda *_: self("model"))
        training.inner.register_forward_hook(lambda *_: self("model's end"))
        last.register_full_backward_hook(lambda *_: self("backward"))
        return training

    def loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        self("loss")
        return functional.cross_entropy(logits, labels, reduction="none")

    def loader(self, training: Training) -> Iterator[tuple[Tensor, Tensor]]:
        self("loader")
        yield training.inputs, training.labels
        self("loader")
        yield training.inputs, training.labels
        self("loader's end")

    def log(self, training: Training, attack: FGSM | PerEpsilon) -> None:
        self.count += 1
        logger = FGSMLogger(self.writer, attack, tag=f"batch {self.count}", max_samples=1)
        logger.log(training.model, training.inputs, training.labels, 0)

    def log_dataset(self, training: Training, attack: FGSM | PerEpsilon) -> None:
        self.count += 1
        logger = FGSMLogger(self.writer, attack, tag=f"dataset {self.count}", max_samples=1)
        logger.log_dataset(training.model, self.loader(training), 0)

    def perturb(self, training: Training, attack: FGSM | PerEpsilon) -> None:
        assert isinstance(attack, FGSM)
        with torch.random.fork_rng():
            attack.perturb(training.model, training.inputs, training.labels, 0.1)


CALLS: dict[str, tuple[Callable[[Failing, Training, FGSM | PerEpsilon], object], str, set[str]]] = {
    "log": (Failing.log, "fgsm", {"model", "model's end", "backward", "loss", "writer"}),
    "log-pgd": (Failing.log, "pgd", {"model", "model's end", "backward", "loss", "writer"}),
    "log_dataset": (
        Failing.log_dataset,
        "fgsm",
        {"model", "model's end", "backward", "loss", "writer", "loader", "loader's end"},
    ),
    "perturb": (Failing.perturb, "fgsm", {"model", "model's end", "backward", "loss"}),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "error", [RuntimeError, MemoryError, torch.OutOfMemoryError, KeyboardInterrupt]
)
def test_what_fails_at_any_of_its_calls_leaves_the_training_as_it_was(
    name: str, error: type[BaseException], writer
) -> None:
    call, kind, expected = CALLS[name]
    failing = Failing(writer)
    training = failing.training()
    attacks = {
        "fgsm": FGSM([0.1], loss_fn=failing.loss, control=True, refine=1),
        "pgd": PerEpsilon(PGD(2, loss_fn=failing.loss), [0.1]),
    }
    before = training.traces()

    def changed() -> list[str]:
        mine = ("random numbers", "NumPy's random numbers") if name == "perturb" else ()
        after = training.traces()
        return [each for each in before if each not in mine and after[each] != before[each]]

    failing.calls.clear()
    call(failing, training, attacks[kind])
    calls = list(failing.calls)
    assert set(calls) == expected
    assert changed() == []
    for place, whose in enumerate(calls, 1):
        failing.calls.clear()
        failing.at, failing.error = place, error("no more")
        with pytest.raises(error, match="no more"):
            call(failing, training, attacks[kind])
        assert changed() == [], f"call {place}, of the {whose}"
        failing.at = -1
        call(failing, training, attacks[kind])
        assert changed() == [], f"after call {place}, of the {whose}"
