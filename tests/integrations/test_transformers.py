"""The callback on the Trainer of transformers itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.utils.data import Dataset

from tensorboard_fgsm import FGSM, read_steps
from tests.examples import example
from tests.lazy import Lazy
from tests.networks import batch

transformers = Lazy("transformers")
boards = Lazy("transformers.integrations.integration_utils")
ours = Lazy("tensorboard_fgsm.integrations.transformers")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore:.*pin_memory.*"),
]
ATTACK = FGSM([2 / 255, 0.1])


class Pictures(Dataset):
    """Samples as image processors make them."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self.inputs, self.labels = batch(n=count, seed=seed)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> dict[str, torch.Tensor]:
        return {"pixel_values": self.inputs[index], "labels": self.labels[index]}


def classifier(**options) -> transformers.ViTForImageClassification:
    torch.manual_seed(0)
    sizes = {"image_size": 12, "patch_size": 4, "hidden_size": 16, "intermediate_size": 16}
    layers = {"num_hidden_layers": 1, "num_attention_heads": 2, "num_labels": 5}
    return transformers.ViTForImageClassification(
        transformers.ViTConfig(**sizes, **layers, **options)
    )


def trainer_of(logdir: Path, model=None, evaluated=None, **options) -> transformers.Trainer:
    options = {"report_to": "tensorboard", "eval_strategy": "epoch"} | options
    arguments = transformers.TrainingArguments(
        output_dir=str(logdir),
        num_train_epochs=2,
        per_device_train_batch_size=5,
        per_device_eval_batch_size=5,
        logging_strategy="epoch",
        save_strategy="no",
        disable_tqdm=True,
        use_cpu=True,
        **options,
    )
    return transformers.Trainer(
        classifier() if model is None else model,
        arguments,
        train_dataset=Pictures(20),
        eval_dataset=Pictures(12, seed=2) if evaluated is None else evaluated,
    )


def test_each_evaluation_is_a_step_in_the_trainers_own_event_file(tmp_path: Path) -> None:
    trainer = trainer_of(tmp_path, classifier(id2label=dict(enumerate("abcde"))))
    trainer.add_callback(ours.FGSMCallback(trainer, ATTACK, max_samples=3))
    trainer.train()
    steps = list(read_steps(tmp_path))
    assert [step.step for step in steps] == [4, 8]
    for step in steps:
        assert step.record.count == 12
        assert len(step.record.samples) == 3
        assert step.record.class_names == tuple("abcde")
        assert sum(counts.count for counts in step.record.classes) == 12
    (file,) = tmp_path.glob("**/events.out.tfevents*")
    scalars = EventAccumulator(str(file)).Reload().Tags()["scalars"]
    assert {"eval/loss", "train/loss", "fgsm/clean_accuracy"} <= set(scalars)


def test_the_training_is_bit_for_bit_the_same(tmp_path: Path) -> None:
    weights = []
    for attacked in (False, True):
        trainer = trainer_of(tmp_path, classifier(hidden_dropout_prob=0.1))
        if attacked:
            trainer.add_callback(ours.FGSMCallback(trainer, ATTACK, max_batches=1))
        trainer.train()
        weights.append(trainer.model.state_dict())
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())


@pytest.mark.parametrize("checkpointing", [True, False])
def test_mixed_precision_and_checkpointing_change_no_sign(checkpointing, tmp_path: Path) -> None:
    trainer = trainer_of(tmp_path, bf16=True, gradient_checkpointing=checkpointing)
    trainer.add_callback(ours.FGSMCallback(trainer, ATTACK))
    trainer.train()
    *_, step = read_steps(tmp_path)
    model = classifier()
    model.load_state_dict(trainer.model.state_dict())
    sweep = ATTACK.sweep(model, *batch(n=12, seed=2))
    assert step.record.class_names is None
    assert list(step.record.robust_accuracy) == sweep.robust_accuracy.tolist()
    for i in range(12):
        assert step.direction(i).tolist() == sweep.direction[i].permute(1, 2, 0).tolist()


def test_each_of_several_sets_has_a_tag_of_its_own(tmp_path: Path) -> None:
    sets = {"clear": Pictures(12), "clear_sky": Pictures(7)}
    trainer = trainer_of(tmp_path, evaluated=sets)
    trainer.add_callback(ours.FGSMCallback(trainer, ATTACK, every=2))
    trainer.train()
    trainer.evaluate(Pictures(3), metric_key_prefix="test")
    trainer.evaluate(Pictures(3), metric_key_prefix="test")
    trainer.pop_callback(
        boards.TensorBoardCallback
    ).tb_writer.flush()  # after a training nobody else does
    logged = [(step.tag, step.step, step.record.count) for step in read_steps(tmp_path)]
    assert sorted(logged) == [("fgsm/clear", 8, 12), ("fgsm/clear_sky", 8, 7), ("fgsm/test", 8, 3)]


def test_a_loader_of_its_own_is_logged_once_a_step(tmp_path: Path) -> None:
    trainer = trainer_of(tmp_path, evaluated={"one": Pictures(12), "other": Pictures(7)})
    loader = [{"pixel_values": x, "labels": y} for x, y in [batch(n=4), batch(n=2)]]
    trainer.add_callback(ours.FGSMCallback(trainer, ATTACK, loader, follow="weakest"))
    trainer.train()
    trainer.evaluate()
    steps = list(read_steps(tmp_path))
    logged = [(step.tag, step.step, step.record.count) for step in steps]
    assert logged == [("fgsm", 4, 6), ("fgsm", 8, 6)]
    assert all(step.record.anew for step in steps)


def test_without_its_callback_the_error_comes_before_the_training(tmp_path: Path) -> None:
    trainer = trainer_of(tmp_path, report_to="none")
    trainer.add_callback(ours.FGSMCallback(trainer, ATTACK))
    with pytest.raises(TypeError, match=r'has only .*: TrainingArguments\(report_to="tensorboard"'):
        trainer.train()


def test_the_example_writes_its_own_scalars_and_ours_in_one_event_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example.run_here(monkeypatch, "with_transformers", tmp_path, "--epochs", "2")
    example.assert_logged(tmp_path, [63, 126], "eval/loss")
