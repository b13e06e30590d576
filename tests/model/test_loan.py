"""What an attack borrows: given back before Ctrl-C is heard, and lent to one thread at a time."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from tensorboard_fgsm import FGSM, FGSMLogger
from tensorboard_fgsm.model.loan import borrow
from tests.model.training import Training
from tests.networks import batch, convolutional

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of the tiny model

ATTACK = FGSM([0.1], control=True, refine=1)


@pytest.fixture
def handler() -> Iterator[Callable[[Callable[[int, object], None]], None]]:
    """``handler(function)`` has a function handle SIGINT."""
    before = signal.getsignal(signal.SIGINT)
    yield lambda function: signal.signal(signal.SIGINT, function)
    signal.signal(signal.SIGINT, before)


class Impatient(nn.Parameter):
    """Its user presses Ctrl-C so often whenever it is given back."""

    times = 0

    def requires_grad_(self, requires_grad: bool = True) -> Impatient:
        super().requires_grad_(requires_grad)
        for _ in range(self.times if requires_grad else 0):
            signal.raise_signal(signal.SIGINT)
        return self


def impatient(times: int) -> nn.Sequential:
    """One whose other parameters are still to be given back then."""
    model = convolutional().train()
    model[0].weight = Impatient(model[0].weight.detach())
    model[0].weight.times = times
    return model


def is_whole(model: nn.Module) -> bool:
    return all(each.training for each in model.modules()) and all(
        parameter.requires_grad for parameter in model.parameters()
    )


@pytest.mark.parametrize("times", [1, 2, 5])
def test_however_often_ctrl_c_is_pressed_the_model_is_given_back_first(times: int) -> None:
    model, before = impatient(times), signal.getsignal(signal.SIGINT)
    state = torch.get_rng_state()
    with pytest.raises(KeyboardInterrupt):
        ATTACK.sweep(model, *batch())
    assert is_whole(model)
    assert torch.equal(torch.get_rng_state(), state)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_handler_of_ones_own_hears_each_ctrl_c_once_and_after_all_was_given_back(handler) -> None:
    model, heard = impatient(3), []

    def hear(number: int, _: object) -> None:
        heard.append((number, is_whole(model)))

    handler(hear)
    sweep = ATTACK.sweep(model, *batch())
    assert heard == [(signal.SIGINT, True)] * 3
    assert signal.getsignal(signal.SIGINT) is hear
    model[0].weight.times = 0
    assert torch.equal(ATTACK.sweep(model, *batch()).logits, sweep.logits)


def test_a_second_ctrl_c_does_not_break_off_what_the_first_one_has_begun_to_give_back() -> None:
    model = impatient(1)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    model[0].register_forward_hook(interrupt)
    with pytest.raises(KeyboardInterrupt):
        ATTACK.sweep(model, *batch())
    assert is_whole(model)


@pytest.mark.parametrize("ignored", [signal.SIG_IGN, signal.SIG_DFL])
def test_where_no_function_handles_ctrl_c_it_is_left_alone(ignored, handler) -> None:
    handler(ignored)
    ATTACK.sweep(convolutional(), *batch())
    assert signal.getsignal(signal.SIGINT) == ignored


@pytest.mark.long
def test_ctrl_c_at_any_moment_leaves_the_training_as_it_was(writer: SummaryWriter) -> None:
    training, moments = Training(), random.Random(0)
    main = threading.get_ident()
    before = training.traces()
    for number in range(60):
        logger = FGSMLogger(writer, ATTACK, tag=f"tag {number}", max_samples=1)
        delay = moments.uniform(0, 0.03)
        timer = threading.Timer(delay, signal.pthread_kill, (main, signal.SIGINT))
        step = 0
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012
            timer.start()
            while step < 1000:
                logger.log(training.model, training.inputs, training.labels, step)
                step += 1
        timer.join()
        assert training.traces() == before
        logger.log(training.model, training.inputs, training.labels, step + 1)
        assert training.traces() == before


# Threads


def run_together(*calls: Callable[[], object]) -> None:
    errors: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            call()
        except BaseException as error:
            errors.append(error)

    barrier = threading.Barrier(len(calls))
    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_threads_that_log_one_model_wait_for_each_other(writer: SummaryWriter) -> None:
    training = Training()
    expected = ATTACK.sweep(training.model, training.inputs, training.labels)
    before = training.traces()
    logits: list[torch.Tensor] = []
    counts: list[int] = []

    def log(tag: str) -> None:
        logger = FGSMLogger(writer, ATTACK, tag=tag, max_samples=1)
        for step in range(5):
            sweep = logger.log(training.model, training.inputs, training.labels, step)
            logits.append(sweep.logits)
        loader = [(training.inputs, training.labels)]
        counts.append(logger.log_dataset(training.model, loader, 5).count)

    run_together(*(lambda tag=f"thread {i}": log(tag) for i in range(4)))
    assert training.traces() == before
    assert len(logits) == 20
    assert all(torch.equal(each, expected.logits) for each in logits)
    assert counts == [2] * 4


def test_threads_whose_models_share_modules_wait_for_each_other() -> None:
    shared = convolutional()
    models = [nn.Sequential(shared[:4], nn.Sequential(*convolutional(seed=i)[4:])) for i in (1, 2)]
    whole = nn.ModuleList(models).train()
    (inputs, labels), found = batch(), {}
    attacks = [FGSM([0.1]), FGSM([0.1], surrogate=models[0])]
    expected = [a.sweep(m, inputs, labels) for a, m in zip(attacks, models, strict=True)]

    def sweep(place: int) -> None:
        for _ in range(10):
            found[place] = attacks[place].sweep(models[place], inputs, labels)
            attacks[place].perturb(models[place], inputs, labels, 0.1)

    buffers = [each.clone() for each in whole.buffers()]
    run_together(lambda: sweep(0), lambda: sweep(1))
    for place, each in enumerate(expected):
        assert torch.equal(found[place].logits, each.logits)
    assert is_whole(whole)
    assert all(map(torch.equal, whole.buffers(), buffers))


def test_an_interrupt_while_it_waits_for_another_thread_leaves_nothing_held() -> None:
    training = Training()
    before = training.traces()
    borrowed, done = threading.Event(), threading.Event()
    other = threading.Thread(
        target=borrow, args=(list, lambda: (borrowed.set(), done.wait(30))), daemon=True
    )
    other.start()
    borrowed.wait()
    main = threading.get_ident()
    timer = threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        ATTACK.sweep(training.model, training.inputs, training.labels)
    assert time.monotonic() - start < 10
    assert training.traces() == before
    done.set()
    other.join()
    run_together(lambda: ATTACK.sweep(training.model, training.inputs, training.labels))
    assert training.traces() == before
