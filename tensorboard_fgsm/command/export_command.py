"""The options of ``tensorboard-fgsm export``, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tensorboard_fgsm.command.arguments import Debug, Logdir
from tensorboard_fgsm.command.failure import CommandError, one_line_errors
from tensorboard_fgsm.command.page import Language, Theme

MAX_MB = 50.0


def export(
    logdir: Logdir,
    out: Annotated[
        Path | None, typer.Argument(metavar="OUT.html", help="The page to write.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write files for a paper: the curve as CSV, SVG and PNG, the classes as CSV, and "
            "each sample as a figure. Needs matplotlib.",
        ),
    ] = None,
    run: Annotated[
        list[str] | None, typer.Option(help="Only this run; give it again for another.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Only this tag; give it again for another.")
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this step, or [b]last[/], that of each run; give it again for another. By "
            "default all steps for the page, and the last for figures."
        ),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(min=0, help="The pictures of so many samples of each step.")
    ] = None,
    epsilon: Annotated[
        str | None,
        typer.Option(
            metavar="EPSILON",
            help="At which the figures show the samples, such as 4/255; by default the smallest "
            "that halves the accuracy.",
        ),
    ] = None,
    lang: Annotated[
        Language | None, typer.Option(help="The page's language; by default the reader's.")
    ] = None,
    theme: Annotated[
        Theme | None, typer.Option(help="Light or dark; by default as the reader's system is.")
    ] = None,
    max_mb: Annotated[
        float, typer.Option(min=0, help="How large the page may become, in megabytes.")
    ] = MAX_MB,
    debug: Debug = False,
) -> None:
    """Take what is logged along: as one page that anyone can open, or as files for a paper.

    The page is the tab itself, without TensorBoard: one HTML file with all data in it, which opens
    from disk and asks nothing of any network. Epsilon moves as freely there, and the pixels are as
    exact.

    [cyan]tensorboard-fgsm export runs/ robustness.html --step last[/]

    [cyan]tensorboard-fgsm export runs/ --figures figures/ --run resnet50[/]
    """
    from tensorboard_fgsm.attack.epsilons import checked_epsilons
    from tensorboard_fgsm.command.export import LAST, Choice, choose, export_page

    with one_line_errors(debug):
        if out is None and figures is None:
            raise CommandError("say what to write: OUT.html, or --figures DIR")
        if epsilon is not None and figures is None:
            raise CommandError("--epsilon goes with --figures: on the page it is free")
        chosen = Choice(runs=run or (), tags=tag or (), steps=step or (), samples=samples)
        if out is not None:
            export_page(logdir, out, chosen, max_mb=max_mb, language=lang, theme=theme)
        if figures is not None:
            try:
                from tensorboard_fgsm.command.figures import write
            except ModuleNotFoundError as error:
                raise CommandError(
                    f"figures need {error.name}: pip install 'tensorboard-plugin-fgsm[figures]'"
                ) from None
            last = Choice(runs=run or (), tags=tag or (), steps=step or (LAST,), samples=samples)
            at = None if epsilon is None else checked_epsilons([epsilon])[0]
            print(f"{figures}: {write(figures, choose(logdir, last), at)} files")
