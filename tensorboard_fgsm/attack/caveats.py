"""Warnings about results that may mislead: each with a sentence and the paper that explains it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.epsilons import in_255ths
from tensorboard_fgsm.attack.overfitting import Overfitting
from tensorboard_fgsm.attack.step_counts import Indicators, StepCounts
from tensorboard_fgsm.attack.swept_attack import SweptAttack
from tensorboard_fgsm.attack.tally import Outputs, Tally
from tensorboard_fgsm.format.interval import wilson
from tensorboard_fgsm.format.record import Caveat

CARLINI = "Carlini et al. 2019, https://arxiv.org/abs/1902.06705"
ATHALYE = "Athalye et al. 2018, https://arxiv.org/abs/1802.00420"
CROCE = "Croce and Hein 2020, https://arxiv.org/abs/2003.01690"
PINTOR = "Pintor et al. 2022, https://arxiv.org/abs/2106.09947"

ANDRIUSHCHENKO = (
    "Wong et al. 2020, https://arxiv.org/abs/2001.03994; "
    "Andriushchenko and Flammarion 2020, https://arxiv.org/abs/2007.02617"
)

NOTABLE = 0.05
"""An indicator is worth a warning on surely more than this share of the samples that hold."""

FEWEST = 3
"""And from so many of them on: one in three would lie surely above that share, too, though chance
alone finds it every seventh time where the share is no larger.
"""

MANY_CHANGED = 0.01
"""A precision that surely changes more of the clean predictions than this is worth a warning."""

MANY_ZEROS = 0.1
"""From this share of the gradient on, elements of exactly 0 are worth a warning."""

_LOUD = {
    *("beyond-epsilon", "catastrophic-overfitting", "coarse-precision", "nonfinite-gradients"),
    *("probabilities", "random-outputs", "rounded-away", "same-samples", "untrained-choice"),
    "zero-samples",
}
"""What makes numbers wrong or can be mended in the script is said there, too; the rest is for
whoever reads them."""


def caveats_of(tally: Tally, attack: SweptAttack) -> tuple[Caveat, ...]:
    """Returns what may be wrong with what was counted of an attack, the gravest first."""
    return (
        *_of_outputs(tally),
        *_of_precision(tally),
        *_of_gradients(tally),
        *_of_distance(tally, attack),
        *_of_rounding(tally, attack),
        *_of_strength(tally, attack),
        *_of_control(tally),
        *_of_rising(tally),
        *_of_largest(tally),
        *_of_transfer(tally),
        *_of_steps(tally, attack),
    )


def warn(caveats: tuple[Caveat, ...], stacklevel: int) -> None:
    """Warns of those that the script is to know, as ``RuntimeWarning``."""
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


def same_samples(checksums: list[int | None]) -> Iterator[Caveat]:
    """Compares the first batches of all processes."""
    if len(checksums) > 1 and len(set(checksums)) == 1:
        yield Caveat(
            "same-samples",
            f"all {len(checksums)} processes began with the same batch, as if each had evaluated "
            "the whole data set, every sample of which is then counted that often: shard the "
            "loader with torch.utils.data.DistributedSampler",
            "",
        )


def of_check(check: Check, name: str) -> Iterator[Caveat]:
    """Compares what an attack of this name leaves of some samples with what a stronger one does."""
    gaps = [
        (right - held, place)
        for place, (right, held) in enumerate(zip(check.right, check.held, strict=True))
        if right / check.count > check.interval(place)[1]
    ]
    if gaps:
        _, place = max(gaps)
        yield Caveat(
            "check-below",
            f"of {check.count} samples {name} leaves {check.right[place]} right at ε = "
            f"{in_255ths(check.epsilons[place])}, and {check.name} {check.held[place]}: "
            "what it leaves is no robustness there",
            CARLINI,
        )


def of_overfitting(found: Overfitting | None, name: str, stronger: str) -> Iterator[Caveat]:
    """Tells of a training that has overfitted to an attack of this name."""
    if found is None:
        return
    where, bent = in_255ths(found.epsilon), ""
    if found.alignment is not None and found.best_alignment is not None:
        bent = f", and the gradient alignment {found.best_alignment:.2f}, now {found.alignment:.2f}"
    yield Caveat(
        "catastrophic-overfitting",
        f"the training has overfitted to {name} at ε = {where}: of {found.count} samples it "
        f"leaves {found.right} right, and {stronger} {found.held}, where at step "
        f"{found.best_step} it was {found.best_held}{bent}: go back to the weights of that step, "
        "and train with a random start, a smaller step, or a regulariser of the alignment",
        ANDRIUSHCHENKO,
    )


def untrained_choice(tally: Tally) -> Iterator[Caveat]:
    """Looks whether the model had learned anything when it said which samples flip first."""
    if not tally.learned:
        yield Caveat(
            "untrained-choice",
            f"the samples with pictures were chosen when the model was right on "
            f"{100 * tally.clean_accuracy:.1f} % of {tally.count}, not surely more than the "
            f"{100 * tally.most_frequent:.1f} % of the most frequent class: an untrained model "
            "says a few classes of all samples, and only theirs flip first. follow='weakest' "
            "chooses at each step, and follow='per-class' so many of each class once the model has "
            "learned",
            "",
        )


def _of_outputs(tally: Tally) -> Iterator[Caveat]:
    kinds = {whose: _squashed(outputs) for whose, outputs in tally.outputs.items()}
    found = [(whose, kind) for whose, kind in kinds.items() if kind]
    for whose, kind in found[:1]:
        yield Caveat(
            "probabilities",
            f"the {whose}'s outputs look like probabilities, not logits, so that gradients vanish "
            f"where it is sure: attack it without its last {kind}",
            CROCE,
        )


def _squashed(outputs: Outputs) -> str | None:
    """Returns what seems to have made probabilities of logits."""
    if outputs.lowest < 0 or outputs.highest > 1:
        return None
    # What a few numbers say may be chance: one between 0 and 1, two that add up to 1. And the
    # logits of an untrained binary model are often all a little above 0, but never far apart.
    if outputs.one_logit:
        far_apart = outputs.highest - outputs.lowest > 0.5
        return "sigmoid" if outputs.samples >= 4 and far_apart else None
    return "softmax" if outputs.numbers > 2 and outputs.off_one <= 1e-3 else None


def _of_precision(tally: Tally) -> Iterator[Caveat]:
    changed, count = tally.changed, tally.count
    if changed and changed >= FEWEST and wilson(changed / count, count)[0] > MANY_CHANGED:
        yield Caveat(
            "coarse-precision",
            f"in the coarser precision the model says otherwise of {changed} of {count} samples "
            "when clean, and may of more at an epsilon: leave out precision=",
            "",
        )


def _of_gradients(tally: Tally) -> Iterator[Caveat]:
    if tally.still:
        yield Caveat(
            "zero-samples",
            f"{tally.still} of {tally.count} samples have a gradient of 0 everywhere: "
            "FGSM cannot change them, which is no robustness",
            ATHALYE,
        )
    zero = tally.zero / tally.elements
    if zero >= MANY_ZEROS:
        yield Caveat(
            "zero-gradients",
            f"{100 * zero:.0f} % of the gradient is exactly 0: these pixels stay as they are",
            ATHALYE,
        )
    if tally.nonfinite:
        yield Caveat(
            "nonfinite-gradients",
            f"{tally.nonfinite} of {tally.elements} gradient elements are NaN or infinite: "
            "FGSM leaves these pixels as they are",
            ATHALYE,
        )


def _of_rounding(tally: Tally, attack: SweptAttack) -> Iterator[Caveat]:
    small = [epsilon for epsilon in tally.epsilons if 0 < epsilon < 0.5 / 255]
    if small and not attack.quantize:
        # FGSM's pictures are drawn from the rounded original, those of another attack are not.
        are = "are" if tally.farthest is None else "may be"
        yield Caveat(
            "rounded-away",
            f"below 0.5/255 rounding to 8 bits undoes the attack: the pictures shown at "
            f"{_listed(small)} {are} the originals, the predictions are not; quantize=True attacks "
            "the pictures themselves",
            "",
        )


def _of_distance(tally: Tally, attack: SweptAttack) -> Iterator[Caveat]:
    if tally.farthest is None:
        return
    rounding = 0.5 / 255 if attack.quantize else 0
    beyond = [
        (epsilon, distance)
        for epsilon, distance in zip(tally.epsilons, tally.farthest, strict=True)
        if distance > epsilon + rounding + 1e-3 / 255
    ]
    if beyond:
        epsilon, distance = beyond[0]
        yield Caveat(
            "beyond-epsilon",
            f"{attack.name} moves pixels by up to {in_255ths(distance)} at ε = "
            f"{in_255ths(epsilon)}: its results are no robust accuracy at that epsilon",
            CARLINI,
        )


def _of_strength(tally: Tally, attack: SweptAttack) -> Iterator[Caveat]:
    reference = tally.reference_accuracy
    if reference is None or attack.single_step:
        return
    accuracies = zip(tally.epsilons, tally.robust_accuracy, reference, strict=True)
    weaker = [epsilon for epsilon, ours, fgsm in accuracies if ours > fgsm]
    if weaker:
        yield Caveat(
            "weaker-than-fgsm",
            f"FGSM, a single step, fools more samples than {attack.name} at "
            f"{_listed(weaker)}: more steps or another step size may be needed",
            CARLINI,
        )


def _of_control(tally: Tally) -> Iterator[Caveat]:
    control = tally.control_accuracy
    if control is None or tally.targeted:  # noise aims at nothing
        return
    accuracies = zip(tally.epsilons, control, tally.robust_accuracy, strict=True)
    as_strong = [
        epsilon
        for epsilon, random, robust in accuracies
        if epsilon > 0 and random <= robust < tally.clean_accuracy
    ]
    if as_strong:
        yield Caveat(
            "control-as-strong",
            f"random noise of the same size fools as many samples at {_listed(as_strong)}: "
            "the gradient's direction says nothing there",
            CARLINI,
        )


def _of_rising(tally: Tally) -> Iterator[Caveat]:
    accuracies = [tally.clean_accuracy, *tally.robust_accuracy]
    epsilons = [0.0, *tally.epsilons]
    rises = [i for i in range(1, len(accuracies)) if accuracies[i] > accuracies[i - 1]]
    if rises:
        i = max(rises, key=lambda i: accuracies[i] - accuracies[i - 1])
        before, at = in_255ths(epsilons[i - 1]), in_255ths(epsilons[i])
        plain = tally.reference is None
        reason = "a large single step may simply overshoot" if plain else "more steps may be needed"
        yield Caveat(
            "rises",
            f"the accuracy rises from {100 * accuracies[i - 1]:.1f} % at {before} to "
            f"{100 * accuracies[i]:.1f} % at {at}: {reason}, or gradients are masked",
            CARLINI,
        )


def _of_largest(tally: Tally) -> Iterator[Caveat]:
    """At ε = 1 any picture may become any other, so that an attack that works leaves none right.

    One of many samples may hold by luck, and a step that goes too far ends in a picture of which
    the model guesses: what is told of is more than guessing among the classes would explain.
    """
    if tally.targeted or tally.epsilons[-1] < 1:  # what was not aimed at may stay right
        return
    right, accuracy = tally.correct[-1], tally.robust_accuracy[-1]
    if wilson(accuracy, tally.count)[0] > 1 / tally.class_count:
        plain = tally.reference is None
        reason = "a single step overshoots there" if plain else "its steps lead nowhere"
        yield Caveat(
            "holds-at-one",
            f"{right} of {tally.count} samples are still right at ε = 255/255, where any picture "
            f"may become any other and an attack that works leaves none: {reason}, or gradients "
            "are masked, so believe the smaller epsilons only with a stronger attack beside them",
            CARLINI,
        )


def _of_transfer(tally: Tally) -> Iterator[Caveat]:
    """Of examples that fool the model they were made on, less than half, by more than chance, fool
    the one that is attacked.
    """
    found = tally.transferred
    if found is None or not found.right:
        return
    surely, _ = wilson(found.surrogate / found.right, found.right)
    _, at_most = wilson(found.model / found.right, found.right)
    if at_most < surely / 2:
        yield Caveat(
            "does-not-transfer",
            f"at ε = {in_255ths(tally.epsilons[-1])} the examples fool the surrogate on "
            f"{found.surrogate} of the {found.right} samples that both models are right on, and "
            f"the model on {found.model}: they hardly transfer, so that this says how alike the "
            "two see and not how robust the model is; attack along its own gradient, too",
            PINTOR,
        )


def _of_steps(tally: Tally, attack: SweptAttack) -> Iterator[Caveat]:
    """What the loss along an attack's steps says of the samples that it leaves right."""
    counts = tally.steps
    if counts is None:
        return
    name = attack.name
    at = [
        place
        for place, (epsilon, each) in enumerate(zip(tally.epsilons, counts.indicators, strict=True))
        if epsilon and each.held
    ]
    still = [place for place in at if counts.rises_still(place)]
    if still:
        place = max(still, key=lambda each: counts.late(each) or 0)
        yield Caveat(
            "stopped-early",
            f"{name} stops too early: at ε = {in_255ths(tally.epsilons[place])} the last "
            f"{counts.last} of its {counts.steps} steps still bring "
            f"{100 * (counts.late(place) or 0):.0f} % of what the loss rises by: take more steps, "
            "or larger ones",
            PINTOR,
        )
    if fell := _worst(counts, at, lambda each: each.fell):
        place, share = fell
        yield Caveat(
            "loss-falls",
            f"{name} climbs past the top: at ε = {in_255ths(tally.epsilons[place])} it leaves "
            f"{counts.indicators[place].held} samples right, and of {share} of these the loss was "
            "higher on the way than where it ends: take smaller steps",
            PINTOR,
        )
    if passed := _worst(counts, at, lambda each: each.passed):
        place, share = passed
        yield Caveat(
            "passed-by",
            f"{name} passes by what it looks for: at ε = {in_255ths(tally.epsilons[place])} it "
            f"leaves {counts.indicators[place].held} samples right, and on {share} of these the "
            "model was wrong on the way: take smaller steps, or more restarts",
            PINTOR,
        )


def _worst(
    counts: StepCounts, at: list[int], count: Callable[[Indicators], int]
) -> tuple[int, int] | None:
    """Returns where an indicator counts the largest share of the samples that hold, and how many;
    None where they are too few anywhere.
    """
    found = []
    for place in at:
        number, held = count(counts.indicators[place]), counts.indicators[place].held
        if number >= FEWEST and wilson(number / held, held)[0] > NOTABLE:
            found.append((number / held, place, number))
    if not found:
        return None
    _, place, number = max(found)
    return place, number


def _listed(epsilons: list[float]) -> str:
    return ", ".join(map(in_255ths, epsilons))
