"""The Ignite handler on Ignite itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from tensorboard_fgsm import FGSM, read_steps
from tests.examples import example
from tests.lazy import Lazy
from tests.networks import batch, convolutional

engine = Lazy("ignite.engine")
boards = Lazy("ignite.handlers.tensorboard_logger")
ours = Lazy("tensorboard_fgsm.integrations.ignite")

ATTACK = FGSM([2 / 255, 0.1])
SAMPLES = TensorDataset(*batch(n=20))
OTHERS = TensorDataset(*batch(n=12, seed=2))


def handler(model: torch.nn.Module, **options) -> ours.FGSMHandler:
    return ours.FGSMHandler(ATTACK, model, DataLoader(OTHERS, batch_size=5), **options)


def trainer_of(model: torch.nn.Module) -> engine.Engine:
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    return engine.create_supervised_trainer(model, optimizer, functional.cross_entropy)


def run(trainer: engine.Engine, epochs: int = 3) -> None:
    trainer.run(DataLoader(SAMPLES, batch_size=5, shuffle=True), max_epochs=epochs)


def test_each_event_is_a_step_in_the_loggers_own_event_file(tmp_path: Path) -> None:
    model = convolutional()
    trainer = trainer_of(model)
    with boards.TensorboardLogger(log_dir=str(tmp_path)) as logger:
        logger.attach_output_handler(
            trainer,
            event_name=engine.Events.EPOCH_COMPLETED,
            tag="training",
            output_transform=lambda loss: {"loss": loss},
        )
        fgsm = handler(model, class_names=list("abcde"), max_samples=3)
        logger.attach(trainer, log_handler=fgsm, event_name=engine.Events.EPOCH_COMPLETED(every=2))
        run(trainer, epochs=5)
    steps = list(read_steps(tmp_path))
    assert [step.step for step in steps] == [2, 4]
    for step in steps:
        assert step.record.count == 12
        assert len(step.record.samples) == 3
        assert sum(counts.count for counts in step.record.classes) == 12
    (file,) = tmp_path.glob("events.out.tfevents*")
    scalars = EventAccumulator(str(file)).Reload().Tags()["scalars"]
    assert {"training/loss", "fgsm/clean_accuracy"} <= set(scalars)


def test_an_evaluators_step_is_taken_from_the_trainer(tmp_path: Path) -> None:
    model = convolutional()
    trainer, evaluator = trainer_of(model), engine.create_supervised_evaluator(model)
    trainer.add_event_handler(
        engine.Events.ITERATION_COMPLETED(every=6),
        lambda: evaluator.run(DataLoader(OTHERS, batch_size=5)),
    )
    step_of = boards.global_step_from_engine(trainer, engine.Events.ITERATION_COMPLETED)
    with boards.TensorboardLogger(log_dir=str(tmp_path)) as logger:
        fgsm = handler(model, global_step_transform=step_of, max_batches=1)
        logger.attach(evaluator, log_handler=fgsm, event_name=engine.Events.COMPLETED)
        run(trainer)
    assert [(step.step, step.record.count) for step in read_steps(tmp_path)] == [(6, 5), (12, 5)]


def test_the_training_is_bit_for_bit_the_same(tmp_path: Path) -> None:
    weights = []
    for attacked in (False, True):
        model = convolutional()
        trainer = trainer_of(model)
        with boards.TensorboardLogger(log_dir=str(tmp_path)) as logger:
            if attacked:
                logger.attach(trainer, handler(model), engine.Events.EPOCH_COMPLETED)
            torch.manual_seed(0)
            run(trainer)
        weights.append(model.state_dict())
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())


@pytest.mark.parametrize("epochs", [1, 2])
def test_an_engine_that_runs_again_is_warned_of_the_steps_it_already_has(
    epochs: int, tmp_path: Path
) -> None:
    trainer = trainer_of(model := convolutional())
    with boards.TensorboardLogger(log_dir=str(tmp_path)) as logger:
        logger.attach(trainer, handler(model, tag="robust"), engine.Events.EPOCH_COMPLETED)
        run(trainer, epochs)
        with pytest.warns(RuntimeWarning) as warned:
            run(trainer, epochs)
        run(trainer, epochs=3)  # warned of nothing more
    (message,) = [str(each.message) for each in warned]
    assert f"step 1 under tag 'robust' is not logged, nor those up to step {epochs}" in message
    assert "another log folder" in message
    assert [step.step for step in read_steps(tmp_path)] == [1, 2, 3]


def test_an_evaluation_once_more_is_no_reason_to_warn(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    model = convolutional()
    trainer, evaluator = trainer_of(model), engine.create_supervised_evaluator(model)
    step_of = boards.global_step_from_engine(trainer)
    with boards.TensorboardLogger(log_dir=str(tmp_path)) as logger:
        fgsm = handler(model, global_step_transform=step_of)
        logger.attach(evaluator, log_handler=fgsm, event_name=engine.Events.COMPLETED)
        run(trainer)
        for _ in range(2):
            evaluator.run(DataLoader(OTHERS, batch_size=5))
    assert [step.step for step in read_steps(tmp_path)] == [3]
    assert not [each for each in recwarn if each.category is RuntimeWarning]


def test_without_its_logger_the_error_says_how_to_attach_the_handler() -> None:
    trainer = trainer_of(model := convolutional())
    event = engine.Events.EPOCH_COMPLETED
    trainer.add_event_handler(event, handler(model), object(), event)
    with pytest.raises(TypeError, match=r"TensorboardLogger, got object: .*\.attach\(engine"):
        run(trainer)


def test_arguments_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="tag is a name"):
        handler(convolutional(), tag="")


def test_the_example_writes_its_own_scalars_and_ours_in_one_event_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example.run_here(monkeypatch, "with_ignite", tmp_path, "--epochs", "2")
    example.assert_logged(tmp_path, [1, 2], "training/loss")
