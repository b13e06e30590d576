"""The options of ``tensorboard-fgsm attack``, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tensorboard_fgsm.command.arguments import Debug
from tensorboard_fgsm.command.failure import CommandError, one_line_errors
from tensorboard_fgsm.command.options import (
    EPSILONS,
    AttackName,
    AttackOptions,
    PrecisionName,
)
from tensorboard_fgsm.format import cross_section, embedding

_MODEL, _PICTURES, _ATTACK = "Model", "Pictures", "Attack"
_PREPARATION, _OUTPUT, _MACHINE = "Preparation of the pictures", "Output", "Machine"


def _option(panel: str, help: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, rich_help_panel=panel, **more)


def attack(
    model: Annotated[
        list[str],
        _option(
            _MODEL,
            "[b]resnet50[/] of torchvision, [b]timm:vit_tiny_patch16_224[/], or your own as "
            "[b]package.module:callable[/], called without arguments. Several give several runs.",
        ),
    ],
    weights: Annotated[
        list[str] | None,
        _option(
            _MODEL,
            "Which weights of torchvision or timm: DEFAULT, another name, or none for random ones. "
            "By default DEFAULT, or none where there is a checkpoint.",
        ),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        _option(
            _MODEL,
            "A state dict, as torch.save(model.state_dict(), FILE) writes it. Several give several "
            "runs.",
            metavar="FILE",
        ),
    ] = None,
    images: Annotated[
        Path | None,
        _option(
            _PICTURES,
            "A folder with a folder of pictures a class. Pictures without such folders have no "
            "labels: those are then the model's own predictions.",
            metavar="DIR",
        ),
    ] = None,
    dataset: Annotated[
        str | None,
        _option(_PICTURES, "A data set of torchvision.datasets, such as CIFAR10.", metavar="NAME"),
    ] = None,
    root: Annotated[
        Path | None, _option(_PICTURES, "Where the data set lies.", metavar="DIR")
    ] = None,
    download: Annotated[
        bool, _option(_PICTURES, "Download it there, if it is not there.", "--download")
    ] = False,
    split: Annotated[str | None, _option(_PICTURES, "Another part of it than test or val.")] = None,
    limit: Annotated[
        int | None,
        _option(_PICTURES, "Attack so many pictures, taken evenly from all.", min=1),
    ] = None,
    size: Annotated[
        str | None,
        _option(
            _PREPARATION,
            "224 scales the shorter side and takes the square in the middle; 224x320 (height x "
            "width) squeezes. By default as the weights want it.",
        ),
    ] = None,
    resize: Annotated[
        int | None,
        _option(_PREPARATION, "Scale the shorter side to this before the crop.", min=1),
    ] = None,
    mean: Annotated[
        str | None,
        _option(
            _PREPARATION,
            "Of the normalisation, a number a channel: 0.485,0.456,0.406. One number for grey "
            "pictures.",
        ),
    ] = None,
    std: Annotated[str | None, _option(_PREPARATION, "Goes with it: 0.229,0.224,0.225.")] = None,
    classes: Annotated[
        str | None,
        _option(
            _PREPARATION,
            "A file with the name of a class a line, in the model's order; or imagenet.",
            metavar="FILE",
        ),
    ] = None,
    attack: Annotated[AttackName, _option(_ATTACK, "Which attack.")] = "fgsm",
    epsilons: Annotated[
        str, _option(_ATTACK, "How far a pixel may move, in pictures of [0, 1].")
    ] = EPSILONS,
    iterations: Annotated[
        int | None, _option(_ATTACK, "Steps of BIM and PGD; 10 by default.", min=1)
    ] = None,
    target: Annotated[
        str | None,
        _option(_ATTACK, "Go towards a class, by its name or number, or to the least-likely."),
    ] = None,
    transfer: Annotated[
        bool,
        _option(
            _ATTACK,
            "Show the examples made on each model to the others, and count whom they fool. All "
            "models are in memory at once.",
            "--transfer",
        ),
    ] = False,
    control: Annotated[
        bool, _option(_ATTACK, "Compare with random noise of the same size.", "--control")
    ] = False,
    alignment: Annotated[
        bool,
        _option(
            _ATTACK,
            "Measure how straight the loss is, and so what FGSM's one step is worth.",
            "--alignment",
        ),
    ] = False,
    check: Annotated[
        int,
        _option(
            _ATTACK, "Check so many pictures by a stronger attack, PGD; 64 are a start.", min=0
        ),
    ] = 0,
    cross_sections: Annotated[
        int,
        _option(
            _ATTACK,
            "Of how many of the pictures shown to draw what the model says around them: a square "
            "of cells along the attack's direction and a random one.",
            min=0,
            max=cross_section.MOST_SAMPLES,
        ),
    ] = 0,
    embed: Annotated[
        int,
        _option(
            _ATTACK,
            "Of how many pictures to show where they lie for the model, and where epsilon moves "
            "them; 1000 are a cloud.",
            min=0,
            max=embedding.MAX_SAMPLES,
        ),
    ] = 0,
    refine: Annotated[
        int,
        _option(_ATTACK, "Bisect the epsilon at which a picture flips so often.", min=0, max=52),
    ] = 0,
    quantize: Annotated[
        bool, _option(_ATTACK, "Show the model 8-bit pictures, as they are saved.", "--quantize")
    ] = False,
    precision: Annotated[
        PrecisionName | None,
        _option(
            _ATTACK,
            "In what to compute where no gradient is taken, faster and a little coarser than in "
            "float32. How many clean predictions that changes is in the record.",
        ),
    ] = None,
    samples: Annotated[
        int, _option(_OUTPUT, "Of how many pictures to show; numbers are of all.", min=0)
    ] = 16,
    follow: Annotated[
        str,
        _option(
            _OUTPUT,
            "Which to show: first, weakest (those that flip first), per-class (those of each "
            "class), or numbers such as 0,3,14.",
        ),
    ] = "first",
    logdir: Annotated[
        Path, _option(_OUTPUT, "Where to write; what is there stays.", metavar="DIR")
    ] = Path("runs"),
    name: Annotated[
        list[str] | None, _option(_OUTPUT, "The run's name; by default the model's.")
    ] = None,
    tag: Annotated[str | None, _option(_OUTPUT, "The tag; by default the attack's name.")] = None,
    step: Annotated[int, _option(_OUTPUT, "The step, such as the epoch.", min=0)] = 0,
    batch_size: Annotated[int, _option(_MACHINE, "Pictures at a time.", min=1)] = 32,
    workers: Annotated[
        int | None,
        _option(_MACHINE, "Processes that read pictures; none for few pictures.", min=0),
    ] = None,
    device: Annotated[
        str | None, _option(_MACHINE, "cpu, cuda, cuda:1, mps; by default the best there is.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Attack a model on a folder or data set, and write a run for TensorBoard.

    [b]Examples[/]

    An ImageNet model with its own weights and preparation, on a folder a class:

    [cyan]tensorboard-fgsm attack --model resnet50 --images photos/[/]

    Your checkpoint of your own model (`make()` in net.py), on CIFAR-10, under PGD:

    [cyan]tensorboard-fgsm attack --model net:make --checkpoint best.pt --dataset CIFAR10
    --root data --mean 0.49,0.48,0.45 --std 0.25,0.24,0.26 --attack pgd[/]

    Whether the examples made on one model fool another:

    [cyan]tensorboard-fgsm attack --model resnet18 --model mobilenet_v3_small --transfer
    --images photos/[/]

    Two models beside each other, on all GPUs:

    [cyan]torchrun --nproc-per-node gpu -m tensorboard_fgsm attack --model resnet18 --model resnet50
    --images photos/[/]
    """
    with one_line_errors(debug):
        options = AttackOptions(
            model=model,
            weights=weights or [],
            checkpoint=checkpoint or [],
            images=images,
            dataset=dataset,
            root=root,
            download=download,
            split=split,
            limit=limit,
            size=size,
            resize=resize,
            mean=mean,
            std=std,
            classes=classes,
            attack=attack,
            epsilons=epsilons,
            iterations=iterations,
            target=target,
            control=control,
            alignment=alignment,
            check=check,
            cross_sections=cross_sections,
            embed=embed,
            refine=refine,
            quantize=quantize,
            precision=precision,
            batch_size=batch_size,
            workers=workers,
            device=device,
            logdir=logdir,
            name=name or [],
            tag=tag,
            step=step,
            samples=samples,
            follow=follow,
            transfer=transfer,
        )
        try:
            from tensorboard_fgsm.command.attack import attack as run
        except ModuleNotFoundError as error:
            if error.name not in ("torch", "torchvision"):
                raise
            raise CommandError(
                f"attack needs {error.name}: pip install 'tensorboard-plugin-fgsm[attack]'"
            ) from None
        run(options)
