"""The Lightning callback on Lightning itself, under both of its names."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

from tensorboard_fgsm import FGSM, read_steps
from tests.examples import example
from tests.lazy import Lazy
from tests.networks import batch, convolutional

ours = Lazy("tensorboard_fgsm.integrations.lightning")

# Lightning calls a function that PyTorch has deprecated, and has advice on small trainings.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*(does not have many workers|logging interval).*"),
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*"),
]
ATTACK = FGSM([2 / 255, 0.1])
SAMPLES = TensorDataset(*batch(n=20))
OTHERS = TensorDataset(*batch(n=12, seed=2))


@pytest.fixture(params=["lightning.pytorch", "pytorch_lightning"])
def pl(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def classifier(pl: ModuleType, **methods):
    """A LightningModule around a network with BatchNorm and dropout."""

    class Classifier(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.network = convolutional()

        def forward(self, inputs):
            return self.network(inputs)

        def training_step(self, pair, index):
            return functional.cross_entropy(self(pair[0]), pair[1])

        def validation_step(self, pair, index, dataloader_idx=0):
            self.log("validation_loss", functional.cross_entropy(self(pair[0]), pair[1]))

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), 1e-2)

    for name, method in methods.items():
        setattr(Classifier, name, method)
    return Classifier()


def trainer_of(pl: ModuleType, logdir: Path, *callbacks, **options):
    board = importlib.import_module(f"{pl.__name__}.loggers").TensorBoardLogger
    options = {"logger": board(logdir, name="", version=""), "max_epochs": 3} | options
    options = {"devices": 1} | options
    return pl.Trainer(
        accelerator="cpu",
        callbacks=list(callbacks),
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **options,
    )


def train_loader() -> DataLoader:
    return DataLoader(SAMPLES, batch_size=5, shuffle=True)


def test_each_validation_is_a_step_in_the_trainers_own_event_file(pl, tmp_path: Path) -> None:
    torch.manual_seed(0)
    callback = ours.FGSMCallback(ATTACK, class_names=list("abcde"), max_samples=3, tag="eval")
    trainer = trainer_of(pl, tmp_path, callback)
    trainer.fit(classifier(pl), train_loader(), DataLoader(OTHERS, batch_size=5))
    steps = list(read_steps(tmp_path))
    assert [(step.tag, step.step) for step in steps] == [("eval", 4), ("eval", 8), ("eval", 12)]
    for step in steps:
        assert step.record.count == 12
        assert len(step.record.samples) == 3
        assert step.record.class_names == tuple("abcde")
        assert sum(counts.count for counts in step.record.classes) == 12
    (file,) = tmp_path.glob("**/events.out.tfevents*")
    scalars = EventAccumulator(str(file)).Reload().Tags()["scalars"]
    assert {"validation_loss", "eval/clean_accuracy"} <= set(scalars)


def test_a_training_goes_on_where_its_steps_cannot_be_logged(pl, tmp_path: Path) -> None:
    callback = ours.FGSMCallback(ATTACK, [None], on_error="warn")
    trainer = trainer_of(pl, tmp_path, callback)
    with pytest.warns(RuntimeWarning, match="under tag 'fgsm' is not logged") as found:
        trainer.fit(classifier(pl), train_loader(), DataLoader(OTHERS, batch_size=5))
    told = [
        str(each.message).partition(" under")[0] for each in found if "tag" in str(each.message)
    ]
    assert told == ["step 4", "step 8", "step 12"]
    assert trainer.global_step == 12
    assert not list(read_steps(tmp_path))


def test_what_is_logged_is_what_the_attack_finds(pl, tmp_path: Path) -> None:
    model = classifier(pl)
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK))
    trainer.validate(model, DataLoader(OTHERS, batch_size=5), verbose=False)
    (step,) = read_steps(tmp_path)
    sweep = ATTACK.sweep(model, *OTHERS.tensors)
    assert step.record.clean_accuracy == sweep.clean_accuracy
    assert list(step.record.robust_accuracy) == sweep.robust_accuracy.tolist()
    assert (step.direction(0) == sweep.direction[0].permute(1, 2, 0).numpy()).all()


def test_the_training_is_bit_for_bit_the_same(pl, tmp_path: Path) -> None:
    weights = []
    for callbacks in ([], [ours.FGSMCallback(ATTACK)]):
        torch.manual_seed(0)
        model = classifier(pl)
        trainer = trainer_of(pl, tmp_path / str(len(callbacks)), *callbacks)
        trainer.fit(model, train_loader(), DataLoader(OTHERS, batch_size=5))
        weights.append(model.state_dict())
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())


def test_the_sanity_check_is_not_logged_nor_a_step_twice(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    trainer = trainer_of(
        pl, tmp_path, ours.FGSMCallback(ATTACK), max_epochs=1, num_sanity_val_steps=2
    )
    model, loader = classifier(pl), DataLoader(OTHERS, batch_size=5)
    trainer.fit(model, train_loader(), loader)
    trainer.validate(model, loader, verbose=False)
    assert [step.step for step in read_steps(tmp_path)] == [4]


def test_a_logger_that_another_trainer_has_closed_writes_on(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    model = classifier(pl, validation_step=lambda self, pair, index: None)
    first = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), max_epochs=1)
    first.validate(model, DataLoader(OTHERS, batch_size=5))
    second = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), max_epochs=1, logger=first.logger)
    second.fit(model, train_loader(), DataLoader(OTHERS, batch_size=5))
    assert [step.step for step in read_steps(tmp_path)] == [0, 4]


def test_another_training_with_the_same_logger_is_warned_and_goes_on(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    loader = DataLoader(OTHERS, batch_size=5)
    first = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), max_epochs=2)
    first.fit(classifier(pl), train_loader(), loader)
    second = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), logger=first.logger)
    with pytest.warns(RuntimeWarning, match="step 4 under tag 'fgsm' .*to step 8") as warned:
        second.fit(classifier(pl), train_loader(), loader)
    assert second.global_step == 12
    assert [step.step for step in read_steps(tmp_path)] == [4, 8, 12]
    assert len([each for each in warned if each.category is RuntimeWarning]) == 1


def test_a_training_that_goes_back_to_a_checkpoint_goes_on(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    model, loader = classifier(pl), DataLoader(OTHERS, batch_size=5)
    callback, checkpoint = ours.FGSMCallback(ATTACK), tmp_path / "first.ckpt"
    first = trainer_of(pl, tmp_path, callback, max_epochs=1)
    first.fit(model, train_loader(), loader)
    first.save_checkpoint(checkpoint)
    for epochs in (3, 4):
        trainer = trainer_of(pl, tmp_path, callback, max_epochs=epochs, logger=first.logger)
        if epochs == 3:
            trainer.fit(model, train_loader(), loader, ckpt_path=checkpoint)
            continue
        with pytest.warns(RuntimeWarning, match="step 8 under tag 'fgsm' .*to step 12"):
            trainer.fit(model, train_loader(), loader, ckpt_path=checkpoint)
    assert [step.step for step in read_steps(tmp_path)] == [4, 8, 12, 16]


def test_every_second_validation(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK, every=2), max_epochs=5)
    trainer.fit(classifier(pl), train_loader(), DataLoader(OTHERS, batch_size=5))
    assert [step.step for step in read_steps(tmp_path)] == [8, 16]


@pytest.mark.parametrize("names", [("0", "1"), ("clear", "foggy")])
def test_each_of_several_loaders_has_a_tag_of_its_own(names, tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    loaders = [DataLoader(SAMPLES, batch_size=20), DataLoader(OTHERS, batch_size=12)]
    given = loaders if names == ("0", "1") else dict(zip(names, loaders, strict=True))
    trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK)).validate(
        classifier(pl), given, verbose=False
    )
    logged = {step.tag: step.record.count for step in read_steps(tmp_path)}
    assert logged == {f"fgsm/{names[0]}": 20, f"fgsm/{names[1]}": 12}


@pytest.mark.filterwarnings("ignore:Total length of `DataLoader`")
def test_an_empty_loader_among_several_is_passed_over(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    places = []
    model = classifier(
        pl, on_before_batch_transfer=lambda self, pair, place: places.append(place) or pair
    )
    empty = TensorDataset(*(each[:0] for each in OTHERS.tensors))
    loaders = [DataLoader(each, batch_size=12) for each in (SAMPLES, empty, OTHERS)]
    trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK)).validate(model, loaders, verbose=False)
    logged = {step.tag: step.record.count for step in read_steps(tmp_path)}
    assert logged == {"fgsm/0": 20, "fgsm/2": 12}
    assert set(places) == {0, 2}


def test_a_loader_of_its_own_and_no_more_batches_than_asked_for(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    own = ours.FGSMCallback(ATTACK, DataLoader(SAMPLES, batch_size=4), max_batches=2)
    limited = ours.FGSMCallback(ATTACK, tag="limited")
    trainer = trainer_of(pl, tmp_path, own, limited, limit_val_batches=1)
    trainer.validate(classifier(pl), DataLoader(OTHERS, batch_size=5), verbose=False)
    assert {s.tag: s.record.count for s in read_steps(tmp_path)} == {"fgsm": 8, "limited": 5}


@pytest.mark.parametrize("precision", ["bf16-mixed", "bf16-true"])
def test_mixed_precision_changes_no_sign_and_half_weights_work(precision, tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    model = classifier(pl)
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), precision=precision)
    trainer.validate(model, DataLoader(OTHERS, batch_size=12), verbose=False)
    (step,) = read_steps(tmp_path)
    inputs = OTHERS.tensors[0].to(next(model.parameters()).dtype)
    sweep = ATTACK.sweep(model, inputs, OTHERS.tensors[1])
    assert step.direction(0).tolist() == sweep.direction[0].permute(1, 2, 0).tolist()


def test_batches_take_the_way_of_the_validation(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    model = classifier(
        pl,
        on_before_batch_transfer=lambda self, pair, index: (pair[0] - 0.5, pair[1]),
        on_after_batch_transfer=lambda self, pair, index: (pair[0] / 0.25, pair[1]),
    )
    attack = FGSM([0.1], mean=[0.5] * 3, std=[0.25] * 3)
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(attack))
    trainer.validate(model, DataLoader(OTHERS, batch_size=5), verbose=False)
    (step,) = read_steps(tmp_path)
    sweep = attack.sweep(model, (OTHERS.tensors[0] - 0.5) / 0.25, OTHERS.tensors[1])
    assert step.record.robust_accuracy[0] == sweep.robust_accuracy.item()


def test_a_batch_of_another_kind_is_taken_apart_as_told(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    data = [{"picture": x, "kind": y} for x, y in OTHERS]
    model = classifier(pl, validation_step=lambda self, parts, index: None)
    callback = ours.FGSMCallback(ATTACK, batch_of=lambda parts: (parts["picture"], parts["kind"]))
    trainer_of(pl, tmp_path, callback).validate(model, DataLoader(data, batch_size=5))
    assert [step.record.count for step in read_steps(tmp_path)] == [12]


def test_a_fast_development_run_attacks_and_writes_nothing(tmp_path: Path) -> None:
    pl = importlib.import_module("lightning.pytorch")
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), fast_dev_run=True)
    trainer.fit(classifier(pl), train_loader(), DataLoader(OTHERS, batch_size=5))
    assert not list(tmp_path.glob("**/events.out.tfevents*"))


@pytest.mark.parametrize(("logger", "found"), [(False, "no logger"), ("csv", "CSVLogger")])
def test_without_a_tensorboard_logger_the_error_comes_before_the_training(
    logger, found: str, tmp_path: Path
) -> None:
    pl = importlib.import_module("lightning.pytorch")
    if logger:
        logger = importlib.import_module("lightning.pytorch.loggers").CSVLogger(tmp_path)
    trainer = trainer_of(pl, tmp_path, ours.FGSMCallback(ATTACK), logger=logger)
    with pytest.raises(TypeError, match=rf"has {found}: Trainer\(logger=TensorBoardLogger"):
        trainer.fit(classifier(pl), train_loader(), DataLoader(OTHERS, batch_size=5))


@pytest.mark.parametrize("every", [0, True, 1.5])
def test_arguments_are_refused_at_once(every) -> None:
    with pytest.raises((TypeError, ValueError), match="every is of how many evaluations"):
        ours.FGSMCallback(ATTACK, every=every)
    with pytest.raises(ValueError, match="tag is a name"):
        ours.FGSMCallback(ATTACK, tag="")


IN_FORKS = """
import importlib, os, sys
import torch.utils.tensorboard, torchmetrics  # which both load, and which takes longest

assert not {"lightning", "pytorch_lightning"} & {*sys.modules}
for name in sys.argv[1:]:
    if not os.fork():
        pl = importlib.import_module(name)
        from tensorboard_fgsm.integrations.lightning import FGSMCallback
        print(name, issubclass(FGSMCallback, pl.Callback), flush=True)
        os._exit(0)
    os.wait()
"""


def test_the_base_class_is_that_of_the_package_which_the_script_imported() -> None:
    names = ("lightning.pytorch", "pytorch_lightning")
    command = [sys.executable, "-W", "ignore", "-c", IN_FORKS, *names]
    output = subprocess.check_output(command, text=True)
    assert output.splitlines() == [f"{name} True" for name in names]


def test_the_example_writes_its_own_scalars_and_ours_in_one_event_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example.run_here(monkeypatch, "with_lightning", tmp_path, "--epochs", "2")
    example.assert_logged(tmp_path, [32, 64], "validation_loss")
