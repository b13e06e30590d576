"""Whatever line an attack is broken off at, by Ctrl-C or for want of memory: the training is left
as it was, and can be attacked again."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel
from torch.nn.utils import parametrize
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, PGD, FGSMLogger, PerEpsilon
from tensorboard_fgsm.model.loan import borrow
from tests.model.broken_off import (
    OURS,
    Line,
    broken_off,
    lines_of,
    raise_interrupt,
    raise_memory_error,
    send_interrupt,
)
from tests.model.training import Training, surroundings

# Of the tiny model, there is much to warn of; DDP's own part in the last one of a group.
pytestmark = [pytest.mark.filterwarnings("ignore::RuntimeWarning"), pytest.mark.long]

FULL = FGSM([0.1], control=True, refine=1, alignment=True)
QUANTIZED = FGSM([0.1], quantize=True, target="least-likely")
STRONG = PerEpsilon(PGD(1), [0.1])

Call = Callable[[Training], object]
WAYS = (raise_interrupt, send_interrupt, raise_memory_error)

_cases = Counter[str]()


@pytest.fixture(autouse=True)
def _count_cases(record_property) -> Iterator[None]:
    """Tells the report how often a test broke something off."""
    _cases.clear()
    yield
    record_property("cases", _cases.total())


class Logging:
    """Logs, each time under a tag of its own."""

    def __init__(self, writer: SummaryWriter, attack: FGSM | PerEpsilon, shown: int = 1) -> None:
        self.writer, self.attack, self.shown, self.count = writer, attack, shown, 0

    def logger(self) -> FGSMLogger:
        self.count += 1
        tag = f"tag {self.count}"
        return FGSMLogger(self.writer, self.attack, tag=tag, max_samples=self.shown)

    def batch(self, training: Training) -> None:
        self.logger().log(training.model, training.inputs, training.labels, 0)

    def dataset(self, training: Training) -> None:
        samples = list(zip(training.inputs, training.labels, strict=True))
        loader = DataLoader(samples, 2, shuffle=True, generator=training.generator)
        self.logger().log_dataset(training.model, loader, 0)


def swept(attack: FGSM | PerEpsilon) -> Call:
    return lambda training: attack.sweep_quietly(training.model, training.inputs, training.labels)


def perturbed(training: Training) -> None:
    FULL.perturb(training.model, training.inputs, training.labels, 0.1)


def within(context: Callable[[], AbstractContextManager[object]], call: Call) -> Call:
    """Calls in a context, which is to be found as it was."""

    def called(training: Training) -> None:
        with context():
            before = surroundings()
            try:
                call(training)
            finally:
                assert surroundings() == before

    return called


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--exhaustive")


def harm(
    call: Call,
    exhaustive: bool,
    *,
    made: Callable[[], Training] = Training,
    once: Callable[[Line], bool],
    each_time: bool = True,
    drawing: bool = False,
    of: tuple[str, ...] = OURS,
) -> list[str]:
    """Breaks a call off at its lines, and returns what that did to the training.

    At those that give back, each time that they are come by; at others, of which there are
    thousands, the last time. ``exhaustive``: at each line each time, and in each way.

    Args:
        call: the call.
        exhaustive: see above.
        made: makes the training.
        once: at which of the other lines.
        each_time: else, the last time also at those that give back.
        drawing: random numbers may be drawn.
        of: where the lines are.
    """
    training = made()
    before = training.traces()

    def called() -> None:
        call(training)

    def changed() -> list[str]:
        after = training.traces()
        names = [name for name in before | after if before.get(name) != after.get(name)]
        return [name for name in names if not (drawing and "random numbers" in name)]

    called()  # what is done once, as PyTorch fills a cache, is not come by again
    lines = lines_of(called, of)
    assert changed() == []
    assert any(line.gives_back for line in lines)
    found: list[str] = []
    last = {line: place for place, line in enumerate(lines)}
    for place, line in enumerate(lines):
        giving_back = line.gives_back and (each_time or last[line] == place)
        if not (exhaustive or giving_back or (last[line] == place and once(line))):
            continue
        for break_off in WAYS if exhaustive else WAYS[place % 3 : place % 3 + 1]:
            error = broken_off(called, place, break_off, of)
            _cases["broken off"] += 1
            what = f"{break_off.__name__} at {line}, line {place}"
            if not isinstance(error, KeyboardInterrupt | MemoryError):
                found.append(f"{what}: ended with {error!r}")
            found += [f"{what}: {name}" for name in changed()]
        if place % 11 == 0:
            called()
            found += [f"{line}, and once more: {name}" for name in changed()]
        if len(found) > 20:
            break
        if found:
            training = made()
            before = training.traces()
    return found


@pytest.fixture
def free() -> Iterator[None]:
    """Sees that no thread waits in vain for a loan that was broken off."""
    yield
    thread = threading.Thread(target=borrow, args=(list, lambda: None), daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()


def anywhere(_: Line) -> bool:
    return True


def nowhere(_: Line) -> bool:
    return False


def in_logger(line: Line) -> bool:
    return "/tensorboard_fgsm/logger/" in line.file or "/tensorboard_fgsm/format/" in line.file


def in_attack(line: Line) -> bool:
    return "/tensorboard_fgsm/attack/" in line.file


@pytest.mark.usefixtures("free")
def test_perturbing_may_be_broken_off_at_any_line(exhaustive) -> None:
    assert harm(perturbed, exhaustive, once=anywhere, drawing=True) == []


@pytest.mark.usefixtures("free")
@pytest.mark.parametrize("attack", [FULL, STRONG], ids=["full", "pgd"])
def test_a_sweep_may_be_broken_off_at_any_line(attack, exhaustive) -> None:
    once = in_attack if attack is STRONG else anywhere
    assert harm(swept(attack), exhaustive, once=once) == []


@pytest.mark.usefixtures("free")
@pytest.mark.parametrize(
    ("call", "drawing"),
    [
        (within(parametrize.cached, perturbed), True),
        (within(torch.inference_mode, swept(STRONG)), False),
        (within(lambda: torch.autocast("cpu", torch.bfloat16), swept(QUANTIZED)), False),
    ],
    ids=["perturb-cached", "pgd-in-inference-mode", "quantized-in-autocast"],
)
def test_the_surroundings_are_given_back_whatever_line_breaks_off(
    call, drawing, exhaustive
) -> None:
    assert harm(call, exhaustive, once=nowhere, each_time=False, drawing=drawing) == []


@pytest.mark.usefixtures("free")
def test_a_log_may_be_broken_off_at_any_line(writer, exhaustive) -> None:
    assert harm(Logging(writer, FULL).batch, exhaustive, once=in_logger, each_time=False) == []


@pytest.mark.usefixtures("free")
def test_a_data_sets_log_may_be_broken_off_at_any_line(writer, exhaustive) -> None:
    call = Logging(writer, FULL, shown=0).dataset  # so that the last to be given back is its own
    assert harm(call, exhaustive, once=in_logger, each_time=False) == []


@pytest.fixture
def job() -> Iterator[None]:
    distributed.init_process_group("gloo", store=distributed.HashStore(), rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


calls = pytest.mark.parametrize(
    ("call", "drawing"), [(perturbed, True), (swept(FULL), False)], ids=["perturb", "sweep"]
)


@calls
@pytest.mark.usefixtures("free", "job")
def test_a_wrapped_model_is_given_back_whatever_line_breaks_off(call, drawing, exhaustive) -> None:
    def made() -> Training:
        return Training(DistributedDataParallel)

    assert harm(call, exhaustive, made=made, once=nowhere, drawing=drawing) == []


@calls
@pytest.mark.usefixtures("free")
@pytest.mark.filterwarnings(
    "ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning",
    "ignore:Graph break due to unsupported builtin:UserWarning",  # PyTorch 2.6, of a random number
)
def test_a_compiled_model_is_given_back_whatever_line_breaks_off(call, drawing, exhaustive) -> None:
    def made() -> Training:
        training = Training(lambda model: torch.compile(model, backend="eager"))
        call(training)  # compiles
        return training

    assert harm(call, exhaustive, made=made, once=nowhere, drawing=drawing) == []


PYTORCH = (*OURS, str(Path(torch.__file__).parent), contextlib.__file__)


@pytest.mark.usefixtures("free")
def test_at_lines_of_pytorch_a_sweep_may_be_broken_off_too(exhaustive) -> None:
    assert harm(swept(FULL), exhaustive, of=PYTORCH, once=anywhere, each_time=False) == []
