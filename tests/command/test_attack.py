"""``tensorboard-fgsm attack``: a model by its name, a folder of real photographs, a run."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from tensorboard_fgsm import LoggedStep, read_steps
from tensorboard_fgsm.command import cli, figures
from tests import job
from tests.command import nets, photos
from tests.lazy import Lazy
from tests.networks import convolutional

torchvision_models = Lazy("torchvision.models")
torchvision_transforms = Lazy("torchvision.transforms")

pytestmark = pytest.mark.filterwarnings("ignore")  # other packages' own, while they load

EFFICIENTNET = (
    *("--model", "tensorboard_fgsm.command.demo:_efficientnet", "--classes", "imagenet"),
    *("--mean", "0.5,0.5,0.5", "--std", "0.5,0.5,0.5", "--size", "224"),
)
"""An ImageNet classifier with its real weights, by ``module:callable``."""
SMALL = ("--model", "tests.command.nets:make", "--size", "16")
"""A random network of three classes."""


def attack(*arguments: object, logdir: Path) -> None:
    cli.main(["attack", "--device", "cpu", *map(str, arguments), "--logdir", str(logdir)])


def step_of(logdir: Path) -> LoggedStep:
    (step,) = read_steps(logdir)
    return step


@pytest.fixture(scope="module")
def classified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return photos.classified(tmp_path_factory.mktemp("pictures") / "classified")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return photos.odd(tmp_path_factory.mktemp("pictures") / "odd")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of two photographs each."""
    root = tmp_path_factory.mktemp("pictures") / "three"
    for number, name in enumerate(("cat", "dog", "fox")):
        (root / name).mkdir(parents=True)
        for file in ("chelsea.png", "rocket.jpg"):
            (root / name / file).symlink_to(photos.photo(file))
        (root / name / f"{number}.txt").write_text("no picture")
    return root


def test_a_model_of_my_own_is_attacked_on_a_folder_whose_classes_are_imagenets(
    classified: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attack(*EFFICIENTNET, "--images", classified, "--epsilons", "1/255,4/255", logdir=tmp_path)
    step = step_of(tmp_path)
    record = step.record
    assert (step.run, step.tag, step.step) == ("efficientnet", "fgsm", 0)
    assert record.count == 4
    assert record.class_names is not None
    labels = {record.class_names[sample.label] for sample in record.samples}
    assert labels == {"tripod", "espresso", "tiger cat", "missile"}
    assert not record.attack.own_labels
    assert record.clean_accuracy >= 0.75  # real weights on real photographs
    assert record.robust_accuracy[1] <= 0.25
    said = capsys.readouterr().out
    assert re.search(rf"clean │ +{100 * record.clean_accuracy:.1f} %", said)
    assert re.search(rf"4/255 │ +{100 * record.robust_accuracy[1]:.1f} %", said)
    assert f"tensorboard --logdir {tmp_path}\n" in said


def test_pictures_without_folders_are_labelled_by_the_model_and_the_record_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = photos.flat(tmp_path / "flat")
    logdir = tmp_path / "runs"
    attack(*EFFICIENTNET, "--images", folder, "--epsilons", "4/255", "--refine", 2, logdir=logdir)
    record = step_of(logdir).record
    assert record.attack.own_labels
    assert record.attack.refine == 2
    assert record.clean_accuracy == 1
    assert "those are the model's own predictions" in capsys.readouterr().out


def test_torchvisions_model_takes_my_checkpoint_and_its_weights_preparation(
    classified: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    model = torchvision_models.resnet18(weights=None)
    state = {f"module.{name}": value for name, value in model.state_dict().items()}
    checkpoint = tmp_path / "epoch3.pt"
    torch.save({"state_dict": state, "epoch": 3}, checkpoint)
    logdir = tmp_path / "runs"
    for _ in range(2):  # the same call again is a new run
        attack(
            *("--model", "resnet18", "--checkpoint", checkpoint, "--images", classified),
            *("--epsilons", "2/255", "--limit", 2, "--step", 3, "--tag", "fgsm/photos"),
            logdir=logdir,
        )
    first, second = read_steps(logdir)
    assert (first.run, second.run) == ("resnet18", "resnet18-2")
    assert (first.step, first.tag) == (3, "fgsm/photos")
    assert first.record == second.record
    assert (first.record.picture.height, first.record.picture.width) == (224, 224)
    assert first.record.class_count == 1000
    assert "shorter side to 256, 224×224 from the centre; mean 0.485" in capsys.readouterr().err


def test_a_checkpoint_of_three_classes_makes_a_model_of_three(three: Path, tmp_path: Path) -> None:
    model = torchvision_models.resnet18(weights=None, num_classes=3)
    checkpoint = tmp_path / "three.pt"
    torch.save(model.state_dict(), checkpoint)
    attack(
        *("--model", "resnet18", "--checkpoint", checkpoint, "--images", three, "--size", 48),
        *("--epsilons", "2/255"),
        logdir=tmp_path / "runs",
    )
    record = step_of(tmp_path / "runs").record
    assert record.class_names == ("cat", "dog", "fox")
    assert record.picture.height == 48


def test_timms_model_comes_with_its_own_preparation(
    classified: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attack(
        *("--model", "timm:test_vit", "--weights", "none", "--images", classified),
        *("--epsilons", "2/255", "--target", "goldfish"),
        logdir=tmp_path,
    )
    record = step_of(tmp_path).record
    assert record.picture.height == 160
    assert record.attack.target == "class"
    assert record.samples[0].target == 1
    assert "mean 0.5,0.5,0.5" in capsys.readouterr().err


def test_several_models_and_attacks_settings_give_several_runs_in_one_table(
    three: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attack(
        *(*SMALL, "--model", "tests.command.nets:other", "--images", three, "--control"),
        *("--attack", "pgd", "--iterations", 2, "--epsilons", "8/255", "--quantize"),
        *("--samples", 2, "--follow", "1,4"),
        logdir=tmp_path,
    )
    steps = list(read_steps(tmp_path))
    assert [step.run for step in steps] == ["make", "other"]
    for step in steps:
        assert step.tag == "pgd"
        assert step.record.attack.quantize
        assert step.record.attack.settings["steps"] == 2
        assert [sample.index for sample in step.record.samples] == [1, 4]
        assert step.record.control_accuracy is not None
        assert step.record.class_names == ("cat", "dog", "fox")
    said = capsys.readouterr().out
    assert said.count("random") >= 2
    for step in steps:
        for warning in step.record.warnings:
            assert warning.sentence[:40] in " ".join(said.split())


def test_what_a_stronger_attack_leaves_and_how_straight_the_loss_is_are_told(
    three: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attack(*SMALL, "--images", three, "--check", 4, "--alignment", logdir=tmp_path)
    record = step_of(tmp_path).record
    assert record.check is not None
    assert (record.check.name, record.check.count) == ("PGD", 4)
    assert record.check.settings["restarts"] == 2
    assert record.alignment is not None
    said = capsys.readouterr().out
    assert "PGD, too" in said
    assert "of 4" in said
    for held, alignment in zip(record.check.held, record.alignment, strict=True):
        line = rf"{held * 25}\.0 % *│ *{'' if alignment is None else f'{alignment:.2f}'}"
        assert re.search(line, said), said


def test_a_coarser_precision_is_in_the_record_with_what_it_changes(
    three: Path, tmp_path: Path
) -> None:
    options = "--images", three, "--size", "16", "--precision", "bfloat16"
    attack("--model", "tests.command.nets:other", *options, logdir=tmp_path)
    settings = step_of(tmp_path).record.attack.settings
    assert settings["precision"] == "bfloat16"
    assert isinstance(settings["clean_predictions_changed"], int)


def test_each_of_the_models_draws_what_lies_around_pictures_and_where_they_lie(
    three: Path, tmp_path: Path
) -> None:
    models = ("--model", "tests.command.nets:make", "--model", "tests.command.nets:other")
    options = ("--cross-sections", 2, "--embed", 5, "--transfer", "--images", three, "--size", 16)
    attack(*models, *options, logdir=tmp_path)
    first, second = read_steps(tmp_path)
    for step in (first, second):
        embedding = step.record.embedding
        assert embedding is not None
        assert list(embedding.indices) == [0, 1, 2, 3, 4]
        drawn = [sample.index for sample in step.record.samples if sample.section is not None]
        assert drawn == [0, 1]
        for index in drawn:
            classes = step.cross_section(index).classes
            middle = len(classes) // 2
            assert classes[middle, middle] == step.record.samples[index].clean.classes[0]
    assert first.record.samples[0].section != second.record.samples[0].section


class Counted(nn.Module):
    """Counts how often a model is passed forwards, and how often its gradient is taken."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner
        self.forwards = self.backwards = 0

    def forward(self, inputs: Tensor) -> Tensor:
        self.forwards += 1
        if inputs.requires_grad:
            inputs.register_hook(self._backward)
        return self.inner(inputs)

    def _backward(self, gradient: Tensor) -> None:
        self.backwards += 1


def test_examples_made_on_each_model_are_shown_to_the_others(
    three: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = {name: Counted(convolutional(classes=3, seed=i)) for i, name in enumerate("abc")}
    for name, model in models.items():
        monkeypatch.setattr(nets, name, lambda model=model: model, raising=False)
    epsilons = (2 / 255, 0.1, 0.3)
    attack(
        *("--model", "tests.command.nets:a", "--model", "tests.command.nets:b"),
        *("--model", "tests.command.nets:c", "--images", three, "--size", "16", "--transfer"),
        *("--mean", "0.5,0.4,0.3", "--std", "0.2,0.3,0.4", "--samples", 0, "--batch-size", 4),
        *("--epsilons", "2/255,0.1,0.3"),
        logdir=tmp_path,
    )
    inputs, labels = prepared(three, 16, (0.5, 0.4, 0.3), (0.2, 0.3, 0.4))
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in ((0.5, 0.4, 0.3), (0.2, 0.3, 0.4)))
    inner = [model.inner.eval() for model in models.values()]
    right = [model(inputs).argmax(1) == labels for model in inner]
    for number, step in enumerate(read_steps(tmp_path)):
        found = step.record.transfers
        assert found is not None
        assert found.models == ("a", "b", "c")
        assert found.own == number
        assert found.right == tuple(int(each.sum()) for each in right)
        for row, source in zip(found.fooled, inner, strict=True):
            leaf = inputs.clone().requires_grad_()
            functional.cross_entropy(source(leaf), labels, reduction="sum").backward()
            pixels, sign = inputs * std + mean, leaf.grad.sign()
            for counts, target, known in zip(row, inner, right, strict=True):
                expected = [
                    int(
                        (
                            target(((pixels + e * sign).clamp(0, 1) - mean) / std).argmax(1)
                            != labels
                        )[known].sum()
                    )
                    for e in epsilons
                ]
                assert list(counts) == expected
        own = found.fooled[number][number]
        assert step.record.success_rate == tuple(each / max(1, found.right[number]) for each in own)
        named = dict(figures._files(step, None))
        assert named[f"{step.run}_fgsm_step-0_transfers.csv"] == step.transfers()
        frame = pandas.DataFrame(step.transfers())
        assert len(frame) == 3 * 3 * 3
        (row,) = frame[
            (frame.made_on == "a") & (frame.shown_to == "c") & (frame.epsilon == 0.3)
        ].itertuples()
        assert (row.fooled, row.right) == (found.fooled[0][2][2], found.right[2])
        assert row.fooled_rate_low <= row.fooled_rate <= row.fooled_rate_high
    # Two batches; two more forwards for each model: to count its classes, and to see whether its
    # outputs are random; one for each of two batch sizes, to try whether epsilons may share one.
    # M gradients a batch, and M·M·E forwards beside those of the gradients.
    assert [model.backwards for model in models.values()] == [2, 2, 2]
    assert [model.forwards for model in models.values()] == [2 * (1 + 3 * 3) + 2 + 2] * 3
    said = capsys.readouterr().out
    assert "shown to b" in said
    for share in (found.fooled[0][1][2], found.fooled[1][0][2]):
        assert f"{share} (" in said


def prepared(
    root: Path, size: int, mean: tuple[float, ...], std: tuple[float, ...]
) -> tuple[Tensor, Tensor]:
    """The pictures of a folder and their classes, as the weights of a model would have them."""
    transforms = torchvision_transforms
    made = transforms.Compose(
        [
            transforms.Resize(size),
            transforms.CenterCrop(size),
            transforms.ToTensor(),
            transforms.Normalize(mean, std),
        ]
    )
    files = sorted(root.glob("*/*.*g"))
    classes = sorted({file.parent.name for file in files})
    labels = [classes.index(file.parent.name) for file in files]
    inputs = [made(Image.open(file).convert("RGB")) for file in files]
    return torch.stack(inputs), torch.tensor(labels)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (SMALL, r"--transfer shows .* of 2 to 64 models to the others, and there is 1: give --mod"),
        ((*SMALL, "--name", "a", "--name", "b", "--target", "cat"), r"leave out --target"),
        ((*SMALL, "--model", "tests.command.nets:ten"),
         r"of make and ten one has 3 classes and the other 10"),
        (("--model", "timm:resnet18", "--model", "timm:test_vit", "--weights", "none"),
         r"of resnet18 and test_vit one has .* 224×224 .* and the other .* 160×160 .*: --size 224"),
    ],
)  # fmt: skip
def test_models_that_cannot_exchange_examples_are_told_in_one_line(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    flat = tmp_path / "flat"  # without labels, which would have to be classes of both
    flat.mkdir()
    (flat / "chelsea.png").symlink_to(photos.photo("chelsea.png"))
    with pytest.raises(SystemExit, match=message) as error:
        attack(*arguments, "--images", flat, "--transfer", logdir=tmp_path / "runs")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "runs").exists()


def test_odd_pictures_are_read_and_broken_ones_named_skipped_and_counted(
    odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("cat\nmissile\nfox\n")
    attack(
        *(*SMALL, "--images", odd, "--classes", names, "--epsilons", "8/255", "--size", "64"),
        *("--batch-size", 2),
        logdir=tmp_path / "runs",
    )
    step = step_of(tmp_path / "runs")
    assert step.record.count == 6
    said = capsys.readouterr().out
    assert "skipped: 2 that cannot be read" in said
    assert re.search(r"broken\.jpg: image file is truncated", said)
    assert re.search(r"no-picture\.png: cannot identify image file", said)
    # In the order of their names: animated, cmyk, deep, grey, one-pixel, upright.
    animated, cmyk, deep, grey, pixel, upright = (
        step.original(i).astype(float) for i in range(step.record.count)
    )
    assert abs(upright - animated).mean() < 12  # turned upright, and the first frame
    assert abs(cmyk - upright).mean() < 12
    assert abs(deep - grey).mean() < 2  # the highest of the 16 bits
    assert pixel.std(axis=(0, 1)).max() < 1


def test_a_data_set_of_torchvision_is_attacked(tmp_path: Path) -> None:
    attack(
        *("--model", "tests.command.nets:ten", "--dataset", "FakeData", "--limit", 5),
        *("--size", "16", "--epsilons", "8/255", "--workers", 1),
        logdir=tmp_path,
    )
    assert step_of(tmp_path).record.count == 5


def test_grey_pictures_are_for_who_gives_one_mean(three: Path, tmp_path: Path) -> None:
    attack(
        *("--model", "tests.command.nets:grey", "--images", three, "--size", "16x24"),
        *("--mean", "0.5", "--std", "0.25", "--epsilons", "8/255"),
        logdir=tmp_path,
    )
    picture = step_of(tmp_path).record.picture
    assert (picture.height, picture.width, picture.channels) == (16, 24, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), r"give --images DIR or --dataset NAME"),
        (("--images", "nowhere"), r"--images nowhere is no folder"),
        (("--images", "{empty}"), r"holds no pictures \(\.avif"),
        (("--images", "{mixed}"), r"has pictures of its own .* and folders with pictures"),
        (("--images", "{three}", "--split", "val"), r"--split goes with --dataset"),
        (("--images", "{three}", "--epsilons", "8"), r"did you mean 8/255\?"),
        (("--images", "{three}", "--epsilons", "many"), r"epsilons are numbers such as 8/255"),
        (("--images", "{three}", "--mean", "0.5"), r"--mean and --std go together"),
        (("--images", "{three}", "--mean", "a", "--std", "1"), r"--mean is a number a channel"),
        (("--images", "{three}", "--size", "big"), r"--size is 224, or 224x320"),
        (("--images", "{three}", "--iterations", "3"), r"--iterations is for --attack bim"),
        (("--images", "{three}", "--attack", "bim", "--refine", "3"), r"--refine is for --att"),
        (("--images", "{three}", "--attack", "pgd", "--alignment"), r"--alignment is for --att"),
        (("--images", "{three}", "--attack", "bim", "--precision", "bfloat16"),
         r"--precision is for --attack fgsm"),
        (("--images", "{three}", "--precision", "bfloat16"), r"is for float32, .* torch.float64"),
        (("--images", "{three}", "--cross-sections", "1", "--epsilons", "0"), r"largest epsilon"),
        (("--images", "{three}", "--cross-sections", "17"), r"shown, .* are 16: give --samples 17"),
        (("--images", "{three}", "--check", "4", "--target", "0"), r"--check compares .* --target"),
        (("--images", "{three}", "--follow", "last"), r"follow is 'first', 'flipped-first'"),
        (("--images", "{three}", "--target", "cow"), r"'cow' is none of the model's 3 classes"),
        (("--images", "{three}", "--device", "cuda:9"), r"--device cuda:9 cannot be used"),
        (("--images", "{three}", "--name", "a", "--name", "b", "--name", "c", "--model", "x"),
         r"--model is given 2 times for 3 runs"),
        (("--images", "{three}", "--checkpoint", "no.pt"), r"--checkpoint no.pt is no file"),
        (("--images", "{three}", "--weights", "DEFAULT"), r"--weights DEFAULT is for torch"),
        (("--images", "{three}", "--classes", "no.txt"), r"--classes no.txt cannot be read"),
        (("--dataset", "CIFAR11"), r"is none of torchvision.datasets \(similar: CIFAR10"),
        (("--dataset", "CIFAR10"), r"say where with --root DIR"),
        (("--dataset", "CIFAR10", "--root", "{empty}"), r"add --download, or say with --root"),
        (("--dataset", "Flickr8k", "--root", "{empty}", "--download"), r"cannot download Flickr8k"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_written(
    arguments: tuple[str, ...], message: str, three: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    mixed = tmp_path / "mixed" / "cat"
    mixed.mkdir(parents=True)
    for place in (mixed, mixed.parent):
        (place / "a.png").symlink_to(photos.photo("chelsea.png"))
    places = {"three": three, "empty": tmp_path / "empty", "mixed": mixed.parent}
    with pytest.raises(SystemExit, match=message) as error:
        attack(*SMALL, *(each.format(**places) for each in arguments), logdir=tmp_path / "runs")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("resnet5", r"is no classifier of torchvision \(similar: resnet50"),
        ("timm:test_vitt", r"is not timm's \(similar: test_vit"),
        ("timm:test_vit.mine", r"timm has no weights mine of test_vit: r160_in1k"),
        ("tests.command.nots:make", r"there is no module tests.command.nots"),
        ("tests.command.nets:mak", r"has no mak \(similar: make"),
        ("tests.command.nets:CLASSES", r"is a int: name a module, or a function"),
        ("tests.command.nets:needy", r"is called without arguments, but: .*'width'"),
        ("tests.command.nets:nothing", r"returns a NoneType, not a torch.nn.Module"),
        ("tests.command.nets:broken", r"ZeroDivisionError: .* \(--debug shows where\)"),
    ],
)
def test_a_model_that_is_not_there_is_told_with_those_that_are(
    model: str, message: str, three: Path, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match=message):
        attack("--model", model, "--images", three, logdir=tmp_path)


def test_weights_that_cannot_be_downloaded_are_one_line(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(SystemExit, match=r"the weights ResNet18_Weights.IMAGENET1K_V1 cannot be "):
        attack("--model", "resnet18", "--images", three, logdir=tmp_path / "runs")
    with pytest.raises(SystemExit, match=r"is none of resnet18's: IMAGENET1K_V1, DEFAULT, or none"):
        attack(
            *("--model", "resnet18", "--weights", "V9", "--images", three), logdir=tmp_path / "runs"
        )


def test_debug_lets_the_error_through(three: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        attack(
            "--model", "tests.command.nets:broken", "--images", three, "--debug", logdir=tmp_path
        )


def test_pictures_of_several_sizes_need_a_size(three: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"several sizes, such as 300×451 and 427×640: --size 224"):
        attack("--model", "tests.command.nets:make", "--images", three, logdir=tmp_path)
    assert not list(tmp_path.iterdir())  # no run in which nothing is


def test_a_folder_of_broken_pictures_alone_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(SystemExit, match=r"none of the 1 pictures can be read; .*a\.png: cannot"):
        attack(*SMALL, "--images", tmp_path, logdir=tmp_path / "runs")


def test_a_command_that_is_not_understood_ends_with_2(tmp_path: Path) -> None:
    for arguments in (
        ["attack"],
        ["attack", "--model", "resnet18", "--batch-size", "0"],
        ["atack"],
    ):
        with pytest.raises(SystemExit) as error:
            cli.main(arguments)
        assert error.value.code == 2


@pytest.mark.process
def test_ctrl_c_leaves_whole_files(three: Path, tmp_path: Path) -> None:
    """One model is through when the second, a slow one, is interrupted."""
    command = [sys.executable, "-m", "tensorboard_fgsm", "attack", *SMALL]
    command += ["--model", "tests.command.nets:slow", "--images", str(three)]
    running = subprocess.Popen(
        [*command, "--logdir", str(tmp_path), "--batch-size", "1"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=job.ROOT,
        # A shell has what it starts in the background ignore SIGINT, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "slow").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130
    assert f"interrupted: written is {tmp_path / 'make'}" in said
    assert "Traceback" not in said
    assert [step.run for step in read_steps(tmp_path)] == ["make"]
    assert [path.name for path in tmp_path.iterdir()] == ["make"]


@pytest.mark.process
def test_all_processes_of_torchrun_attack_together(three: Path, tmp_path: Path) -> None:
    shared = (*SMALL, "--images", str(three), "--epsilons", "8/255,0.3", "--device", "cpu")
    shared += ("--transfer", "--name", "a", "--name", "b")
    said = job.run(2, "tests.command.spread", "attack", *shared, "--logdir", str(tmp_path / "two"))
    assert said.count("tensorboard --logdir") == 1
    attack(*shared, logdir=tmp_path / "one")
    two, one = (list(read_steps(tmp_path / folder)) for folder in ("two", "one"))
    assert [step.record for step in two] == [step.record for step in one]
    assert [step.run for step in one] == ["a", "b"]
    known = one[0].record.transfers
    assert known is not None
    assert known.right[0] == sum(counts.clean.correct for counts in one[0].record.classes)
    assert known.fooled[0] == known.fooled[1]  # it is the same model
