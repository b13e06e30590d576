"""What may be wrong with a result: each finding with a sentence and where it is explained."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import torch
from torch import Tensor

from tensorboard_fgsm.record import Caveat
from tensorboard_fgsm.sweep import Sweep

CARLINI = "Carlini et al. 2019, https://arxiv.org/abs/1902.06705"
ATHALYE = "Athalye et al. 2018, https://arxiv.org/abs/1802.00420"
CROCE = "Croce and Hein 2020, https://arxiv.org/abs/2003.01690"

MANY_ZEROS = 0.1
"""From this share of the gradient on, elements of exactly 0 are worth a warning."""

_LOUD = {
    *("beyond-epsilon", "nonfinite-gradients", "probabilities", "random-outputs"),
    *("rounded-away", "zero-samples"),
}
"""What makes numbers wrong, and is said in the script, too; the rest is for whoever reads them."""


def caveats_of(sweep: Sweep) -> tuple[Caveat, ...]:
    """Returns what may be wrong with a sweep, the gravest first."""
    return (
        *_of_outputs(sweep),
        *_of_gradients(sweep),
        *_of_distance(sweep),
        *_of_rounding(sweep),
        *_of_strength(sweep),
        *_of_control(sweep),
        *_of_rising(sweep),
    )


def warn(caveats: tuple[Caveat, ...], stacklevel: int) -> None:
    """Warns of those that make the numbers wrong, as ``RuntimeWarning``."""
    for caveat in caveats:
        if caveat.code in _LOUD:
            message = f"{caveat.sentence} ({caveat.source})" if caveat.source else caveat.sentence
            warnings.warn(message, RuntimeWarning, stacklevel=stacklevel + 1)


def random_outputs(first: Tensor, second: Tensor) -> Iterator[Caveat]:
    """Compares two clean passes over the same batch, logits (N, K) each."""
    if torch.equal(first, second):
        return
    changed = int((first.argmax(1) != second.argmax(1)).sum())
    apart = (first - second).abs().max().item()
    if changed or apart > 1e-3 * max(1.0, first.abs().max().item()):
        yield Caveat(
            "random-outputs",
            f"two clean passes over the same batch differ by up to {apart:.3g}, in {changed} of "
            f"{len(first)} predictions: a single gradient of a random model misleads",
            CROCE,
        )


def _of_outputs(sweep: Sweep) -> Iterator[Caveat]:
    kinds = {"model": _squashed(sweep.clean_logits, sweep.one_logit)}
    if sweep.surrogate_logits is not None:
        one_logit = bool((sweep.surrogate_logits[:, 0] == 0).all())
        kinds["surrogate"] = _squashed(sweep.surrogate_logits, one_logit)
    found = [(whose, kind) for whose, kind in kinds.items() if kind]
    for whose, kind in found[:1]:
        yield Caveat(
            "probabilities",
            f"the {whose}'s outputs look like probabilities, not logits, so that gradients vanish "
            f"where it is sure: attack it without its last {kind}",
            CROCE,
        )


def _squashed(logits: Tensor, one_logit: bool) -> str | None:
    """Returns what seems to have made probabilities of logits (N, K)."""
    said = logits[:, 1:] if one_logit else logits
    if said.min() < 0 or said.max() > 1:
        return None
    # What a few numbers say may be chance: one between 0 and 1, two that add up to 1. And the
    # logits of an untrained binary model are often all a little above 0, but never far apart.
    if one_logit:
        return "sigmoid" if len(said) >= 4 and said.max() - said.min() > 0.5 else None
    return "softmax" if said.numel() > 2 and (said.sum(1) - 1).abs().max() <= 1e-3 else None


def _of_gradients(sweep: Sweep) -> Iterator[Caveat]:
    count, elements = len(sweep.labels), sweep.inputs[0].numel()
    still = int((sweep.zero_gradients == elements).sum())
    if still:
        yield Caveat(
            "zero-samples",
            f"{still} of {count} samples have a gradient of 0 everywhere: "
            "FGSM cannot change them, which is no robustness",
            ATHALYE,
        )
    zero = int(sweep.zero_gradients.sum()) / (count * elements)
    if zero >= MANY_ZEROS:
        yield Caveat(
            "zero-gradients",
            f"{100 * zero:.0f} % of the gradient is exactly 0: these pixels stay as they are",
            ATHALYE,
        )
    nonfinite = int(sweep.nonfinite_gradients.sum())
    if nonfinite:
        yield Caveat(
            "nonfinite-gradients",
            f"{nonfinite} of {count * elements} gradient elements are NaN or infinite: "
            "FGSM leaves these pixels as they are",
            ATHALYE,
        )


def _of_rounding(sweep: Sweep) -> Iterator[Caveat]:
    small = [epsilon for epsilon in sweep.attack.epsilons if 0 < epsilon < 0.5 / 255]
    if small and not sweep.attack.quantize:
        # FGSM's pictures are drawn from the rounded original, those of another attack are not.
        are = "may be" if sweep.direction is None else "are"
        yield Caveat(
            "rounded-away",
            f"below .5/255 rounding to 8 bits undoes the attack: the pictures shown at "
            f"{_listed(small)} {are} the originals, the predictions are not; quantize=True attacks "
            "the pictures themselves",
            "",
        )


def _of_distance(sweep: Sweep) -> Iterator[Caveat]:
    if sweep.examples is None:
        return
    farthest = [(each - sweep.pixels).abs().max().item() for each in sweep.examples]
    rounding = 0.5 / 255 if sweep.attack.quantize else 0
    beyond = [
        (epsilon, distance)
        for epsilon, distance in zip(sweep.attack.epsilons, farthest, strict=True)
        if distance > epsilon + rounding + 1e-3 / 255
    ]
    if beyond:
        epsilon, distance = beyond[0]
        yield Caveat(
            "beyond-epsilon",
            f"{sweep.attack.name} moves pixels by up to {_text(distance)} at ε = {_text(epsilon)}: "
            "its results are no robust accuracy at that epsilon",
            CARLINI,
        )


def _of_strength(sweep: Sweep) -> Iterator[Caveat]:
    if sweep.reference is None or sweep.attack.single_step:
        return
    pairs = zip(
        sweep.robust_accuracy.tolist(), sweep.reference.robust_accuracy.tolist(), strict=True
    )
    weaker = [
        e for e, (ours, fgsm) in zip(sweep.attack.epsilons, pairs, strict=True) if ours > fgsm
    ]
    if weaker:
        yield Caveat(
            "weaker-than-fgsm",
            f"FGSM, a single step, fools more samples than {sweep.attack.name} at "
            f"{_listed(weaker)}: more steps or another step size may be needed",
            CARLINI,
        )


def _of_control(sweep: Sweep) -> Iterator[Caveat]:
    control = sweep.control_accuracy
    if control is None or sweep.targets is not None:  # noise aims at nothing
        return
    as_strong = [
        epsilon
        for epsilon, random, robust in zip(
            sweep.attack.epsilons, control.tolist(), sweep.robust_accuracy.tolist(), strict=True
        )
        if epsilon > 0 and random <= robust < sweep.clean_accuracy
    ]
    if as_strong:
        yield Caveat(
            "control-as-strong",
            f"random noise of the same size fools as many samples at {_listed(as_strong)}: "
            "the gradient's direction says nothing there",
            CARLINI,
        )


def _of_rising(sweep: Sweep) -> Iterator[Caveat]:
    accuracies = [sweep.clean_accuracy, *sweep.robust_accuracy.tolist()]
    epsilons = [0.0, *sweep.attack.epsilons]
    rises = [i for i in range(1, len(accuracies)) if accuracies[i] > accuracies[i - 1]]
    if rises:
        i = max(rises, key=lambda i: accuracies[i] - accuracies[i - 1])
        plain = sweep.reference is None
        reason = "a single step may overshoot honestly" if plain else "more steps may be needed"
        yield Caveat(
            "rises",
            f"the accuracy rises from {100 * accuracies[i - 1]:.1f} % at {_text(epsilons[i - 1])} "
            f"to {100 * accuracies[i]:.1f} % at {_text(epsilons[i])}: {reason}, or gradients "
            "are masked",
            CARLINI,
        )


def _text(epsilon: float) -> str:
    return f"{epsilon * 255:.4g}/255"


def _listed(epsilons: list[float]) -> str:
    return ", ".join(map(_text, epsilons))
