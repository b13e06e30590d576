"""FGSM, the Fast Gradient Sign Method: one gradient, swept over many epsilons.

Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples", 2015,
https://arxiv.org/abs/1412.6572: ``adv_x = clip(x + ε·sign(∇x J(θ, x, y)))``. The sign does not
depend on ε, so a sweep costs one gradient and one forward for each epsilon.

Epsilons are in pixel units of images in [0, 1]: 8/255, not 8.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from tensorboard_fgsm.attack import caveats, grid
from tensorboard_fgsm.attack.alignment import cosines
from tensorboard_fgsm.attack.batch import check_batch
from tensorboard_fgsm.attack.epsilons import checked_epsilons
from tensorboard_fgsm.attack.forwards import (
    Forwards,
    Precision,
    check_float32,
    checked_precision,
)
from tensorboard_fgsm.attack.loss import LossFn, gradient_of, loss_name, total_loss
from tensorboard_fgsm.attack.noise import random_shares, random_signs
from tensorboard_fgsm.attack.normalisation import Normalisation, checked_normalisation
from tensorboard_fgsm.attack.perturbation import perturbed_inputs
from tensorboard_fgsm.attack.sweep import Sweep, first_flips, flipped
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.attack.target import Target, check_target, checked_target, targets_of
from tensorboard_fgsm.attack.together import Together, checked_together, classified
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tensorboard_fgsm.model.logits import answer_of, is_one_logit, logits_of
from tensorboard_fgsm.model.modules import Model

MOST_REFINEMENTS = 52
"""Bisecting a float64 more often than it has bits changes nothing."""


@dataclass(frozen=True, init=False)
class FGSM:
    """How to attack: the epsilons, the model's normalisation, the loss, and variants of the attack.

    Args:
        epsilons: sizes of the perturbation in pixel units, each in [0, 1], as numbers or as text
            such as ``"8/255"``; sorted, and duplicates dropped.
        mean: for models that eat normalised inputs, the mean of each channel in [0, 1] images, as
            given to ``torchvision.transforms.Normalize``; or that transform itself, or weights'
            own ``transforms()``. Epsilon stays in pixel units.
        std: the standard deviation of each channel, given with ``mean``.
        loss_fn: ``loss_fn(logits, labels)`` returning (N,) or a scalar. By default
            ``stable_loss``; ``torch.nn.functional.cross_entropy`` gives the numbers of other
            libraries.
        quantize: snap the inputs and the adversarial examples to the 8-bit grid before the model
            sees them, so that a saved picture is what was classified.
        target: towards which class to go, ``x − ε·sign(∇x J(x, target))``, instead of away from
            the label: a class, an (N,) int64 tensor of classes, or ``"least-likely"``, each
            sample's least probable class when clean (Kurakin et al. 2016,
            https://arxiv.org/abs/1611.01236).
        surrogate: another classifier of the same inputs and classes, from which the gradient is
            taken, while the predictions are the model's: a transfer attack, i.e. black-box. The
            least likely class is then the surrogate's.
        control: also classify ``x + ε·random sign``, the same noise without its direction (Carlini
            et al. 2019, https://arxiv.org/abs/1902.06705). Drawn from a generator of its own; a
            sample gets the same at every call.
        refine: how often to bisect each sample's flip epsilon between the logged ones, 0 to 52.
        alignment: also compare the gradient with the one at a random point within each epsilon
            (Andriushchenko and Flammarion 2020, https://arxiv.org/abs/2007.02617). Near 1 the loss
            is straight up to there, and FGSM near the best that one step can do; near 0 it bends,
            and what FGSM leaves says little. The point belongs to a sample, as the control's signs.
        together: whether several epsilons share a forward, which is faster where inputs are small.
            ``"auto"``: where it is faster, and the model is a module seen to say the same classes
            so, by logits at most 1e-5 of the largest apart (1e-2 in half precision), at the first
            sweep of inputs of their shape. True: faster or not. False: never. A forward then takes
            no more memory than a training step; models that look at a whole batch, have a fixed
            batch size, or are spread over processes get one epsilon at a time.
        precision: ``"bfloat16"`` computes what needs no gradient by PyTorch's autocast, which is
            faster where the processor has it; the clean predictions and the gradient stay in
            float32. One forward more sees how many clean predictions it changes, which is told; at
            an epsilon it may change more, for there samples lie nearer to another class. Inputs
            that are ``channels_last`` stay so.

    Raises:
        ValueError: epsilons are empty or not in [0, 1]; mean and std do not fit each other; an
            argument is out of its range.
        TypeError: an argument is of another type.

    Example:
        >>> attack = FGSM([2 / 255, 8 / 255], mean=[0.5], std=[0.5])
        >>> sweep = attack.sweep(model, inputs, labels)
        >>> sweep.robust_accuracy
        >>> adversarial = attack.perturb(model, inputs, labels, 8 / 255)
    """

    name = "FGSM"
    single_step = True

    epsilons: tuple[float, ...]
    normalisation: Normalisation
    loss_fn: LossFn | None
    quantize: bool
    target: Target | None = field(repr=False)
    surrogate: Model | None = field(repr=False)
    control: bool
    refine: int
    alignment: bool
    together: Together
    precision: Precision | None

    def __init__(
        self,
        epsilons: Iterable[float | str],
        *,
        mean: Any = None,
        std: Any = None,
        loss_fn: LossFn | None = None,
        quantize: bool = False,
        target: int | Tensor | Literal["least-likely"] | None = None,
        surrogate: Model | None = None,
        control: bool = False,
        refine: int = 0,
        alignment: bool = False,
        together: Literal["auto"] | bool = "auto",
        precision: Literal["bfloat16"] | None = None,
    ) -> None:
        for what, function in (
            ("loss_fn is a function of (logits, labels)", loss_fn),
            ("surrogate is a model", surrogate),
        ):
            if function is not None and not callable(function):
                raise TypeError(f"{what}, got {function!r}")
        for name, value in (
            ("epsilons", checked_epsilons(epsilons)),
            ("normalisation", checked_normalisation(mean, std)),
            ("loss_fn", loss_fn),
            ("quantize", bool(quantize)),
            ("target", checked_target(target)),
            ("surrogate", surrogate),
            ("control", bool(control)),
            ("refine", _checked_refine(refine)),
            ("alignment", bool(alignment)),
            ("together", checked_together(together)),
            ("precision", checked_precision(precision)),
        ):
            object.__setattr__(self, name, value)

    @property
    def loss_name(self) -> str:
        """``stable``, or the name of the user's own loss."""
        return loss_name(self.loss_fn)

    def sweep(self, model: Model, inputs: Tensor, labels: Tensor | None = None) -> Sweep:
        """Attacks a batch at every epsilon.

        Costs one forward and one backward to the inputs alone, then one forward for each positive
        epsilon, or fewer of several each where they may share one (``together``); to try that, the
        first sweep of a shape makes up to two passes over all epsilons more. A control costs as
        many forwards as the epsilons; a surrogate, two forwards more, or one where
        there is a target; ``refine=k``, k forwards; the alignment, for each positive epsilon a
        forward and a backward; a precision, one forward. The model is in evaluation mode meanwhile
        and left as it was found: modes, gradients, buffers and random states, and so is the
        surrogate; also after an error or Ctrl-C, whenever it comes. Works under ``no_grad``,
        ``inference_mode`` and autocast; the gradient is never autocast, because that would change
        signs, nor is the rest but where ``precision`` says so. Of several threads one attacks at a
        time; but a training's own forward in another thread is not kept from meeting a model in
        evaluation mode: attack a copy there.

        Args:
            model: the classifier, on any device, of any float type.
            inputs: (N, C, H, W) floats, what the model eats; in [0, 1] once ``mean`` and ``std``
                are undone.
            labels: (N,) int64, the true classes; or None for the model's own clean predictions,
                where no true ones are known. The clean accuracy is then 1 by definition.

        Returns:
            The predictions and the direction, detached, on the device of ``inputs``.

        Raises:
            ValueError, TypeError: the inputs, the labels, the logits or the loss are not as above;
                the message says what was given, what was expected and what to do.
        """
        sweep = self.sweep_quietly(model, inputs, labels)
        caveats.warn(caveats.caveats_of(Tally.of(sweep), self), stacklevel=2)
        return sweep

    def sweep_quietly(self, model: Model, inputs: Tensor, labels: Tensor | None = None) -> Sweep:
        """Attacks as ``sweep`` does, and leaves the warnings to whoever calls."""
        check_batch(inputs, labels)
        check_target(self.target, len(inputs))
        check_float32(self.precision, inputs)
        models = [model] if self.surrogate is None else [model, self.surrogate]
        return in_evaluation_mode(models, inputs.device, lambda: self._sweep(model, inputs, labels))

    def perturb(
        self,
        model: Model,
        inputs: Tensor,
        labels: Tensor | None,
        epsilon: float | str,
        *,
        random_start: bool = False,
        step: float | str | None = None,
    ) -> Float[Tensor, "n c h w"]:
        """Returns adversarial examples to train on, within a training step and without a trace.

        Costs one forward and one backward to the inputs alone. The model is attacked in the mode
        that it is in, with this attack's loss, target and surrogate, under the caller's autocast.
        In training mode BatchNorm goes by the batch, and its running statistics stay as they are.
        Nothing lands in ``.grad``, no buffer is written, and a backward pass under way is not
        spoilt. Dropout and the random start draw from PyTorch's global generator, as a training
        step does. A compiled model runs compiled. Works under ``no_grad``. Of several threads one
        attacks at a time, as in ``sweep``.

        With ``random_start=True, step=1.25 * epsilon`` these are the examples of fast adversarial
        training: Wong, Rice and Kolter 2020, https://arxiv.org/abs/2001.03994.

        Args:
            model: the classifier.
            inputs: (N, C, H, W) floats, what the model eats; in [0, 1] once ``mean`` and ``std``
                are undone. To look at that is to wait for a GPU: there it is done at the attack's
                first call, on the CPU at each.
            labels: (N,) int64, the true classes; or None for what the model, or the surrogate, says
                itself.
            epsilon: how far a pixel moves at most, in pixel units; ``epsilons`` do not matter here.
            random_start: begin at ``x + uniform(-ε, ε)``, which may lie outside [0, 1].
            step: the size of the step in pixel units, at most 2·ε; ε if None. Where it leads
                further than ε from the inputs, the examples stay at ε.

        Returns:
            (N, C, H, W) in the model's own input units and float type, in [0, 1] in pixel units,
            detached.

        Raises:
            ValueError, TypeError: an argument, or what the model answers, is of another shape or
                type than above, or out of range. Logits and losses are not looked at.
        """
        return perturbed_inputs(
            self, model, inputs, labels, epsilon, random_start=random_start, step=step
        )

    def _sweep(self, model: Model, inputs: Tensor, labels: Tensor | None) -> Sweep:
        # Clones, because autograd cannot save tensors that were made in inference mode.
        inputs = inputs.detach().clone()
        pixels = self.to_pixels(inputs)
        self.normalisation.check(pixels, inputs.dtype)
        if self.quantize:
            pixels = grid.snapped(pixels)
            inputs = self.to_inputs(pixels, inputs.dtype)
        aim = self._aim(model, inputs, labels)
        direction = aim.gradient.nan_to_num(0, 0, 0).sign().to(torch.int8)
        if aim.targets is not None:
            direction = -direction
        forwards = Forwards(self, model, inputs, pixels, aim.clean_logits, self.precision)
        logits = classified(forwards, direction, self.together)
        epsilons = torch.tensor(self.epsilons, dtype=torch.float64, device="cpu")
        flips = flipped(logits, aim.clean_logits, aim.labels, aim.targets)
        correct = aim.clean_logits.argmax(1) == aim.labels
        above, below = first_flips(flips, correct, epsilons)
        return Sweep(
            attack=self,
            epsilons=epsilons,
            inputs=inputs,
            pixels=pixels,
            labels=aim.labels,
            clean_logits=aim.clean_logits,
            logits=logits,
            direction=direction,
            zero_gradients=(aim.gradient == 0).flatten(1).sum(1),
            nonfinite_gradients=(~aim.gradient.isfinite()).flatten(1).sum(1),
            flip_epsilon=self._refined(forwards, direction, aim, below, above),
            own_labels=labels is None,
            one_logit=aim.one_logit,
            targets=aim.targets,
            surrogate_logits=aim.surrogate_logits,
            surrogate_adversarial_logits=self._fooled_surrogate(forwards, direction),
            control_logits=self._control_logits(forwards),
            alignment=self._alignment(forwards, aim) if self.alignment else None,
            coarse_clean_logits=forwards.coarse_clean_logits(),
        )

    def to_pixels(self, inputs: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        """The model's input units to pixel units, in float32 at least."""
        return self.normalisation.to_pixels(inputs)

    def to_inputs(
        self, pixels: Float[Tensor, "n c h w"], dtype: torch.dtype
    ) -> Float[Tensor, "n c h w"]:
        """Pixel units to the model's input units, in its float type."""
        return self.normalisation.to_inputs(pixels, dtype)

    def _aim(self, model: Model, inputs: Tensor, labels: Tensor | None) -> _Aim:
        """Finds out where to go: labels, targets and the gradient towards the inputs."""
        leaf = inputs.detach().requires_grad_()
        answer = answer_of(self._source(model), leaf)
        logits = logits_of(answer, len(inputs))
        if self.surrogate is not None:
            with torch.no_grad():
                answer = answer_of(model, inputs)
        clean_logits = logits_of(answer, len(inputs)).detach()
        if clean_logits.shape != logits.shape:
            raise ValueError(
                f"the surrogate has {logits.shape[1]} classes, the model {clean_logits.shape[1]}: "
                "a transfer attack needs the same classes of both"
            )
        if labels is None:
            labels = clean_logits.argmax(1)
        labels = labels.detach().to(inputs.device, copy=True)
        targets = targets_of(self.target, logits.detach())
        for name, classes in (("labels", labels), ("targets", targets)):
            if classes is not None and classes.max() >= logits.shape[1]:
                raise ValueError(
                    f"{name} reach {classes.max().item()} but the model has {logits.shape[1]} "
                    f"classes, 0 to {logits.shape[1] - 1}: check them, or which head the model has"
                )
        total = total_loss(self.loss_fn, logits, labels if targets is None else targets)
        gradient = gradient_of(total, leaf)
        surrogate_logits = None if self.surrogate is None else logits.detach()
        one_logit = is_one_logit(answer)
        return _Aim(labels, targets, clean_logits, surrogate_logits, gradient, one_logit)

    def _source(self, model: Model) -> Model:
        return model if self.surrogate is None else self.surrogate

    def _control_logits(self, forwards: Forwards) -> Tensor | None:
        if not self.control:
            return None
        return classified(forwards, random_signs(forwards.pixels), self.together)

    def _fooled_surrogate(self, forwards: Forwards, direction: Tensor) -> Tensor | None:
        if self.surrogate is None or self.target is not None or not self.epsilons[-1]:
            return None
        return forwards._replace(model=self.surrogate).at(direction, self.epsilons[-1])

    def _alignment(self, forwards: Forwards, aim: _Aim) -> Float[Tensor, "e n"]:
        """Compares the gradient with those at random points, in pixel units."""
        pixels, inputs = forwards.pixels, forwards.inputs
        shares = random_shares(pixels)
        here = self.normalisation.gradient_to_pixels(aim.gradient)
        found = []
        for epsilon in self.epsilons:
            there = here
            if epsilon:
                moved = self.to_inputs(pixels + epsilon * shares, inputs.dtype)
                leaf = moved.detach().requires_grad_()
                logits = logits_of(answer_of(self._source(forwards.model), leaf), len(leaf))
                towards = aim.labels if aim.targets is None else aim.targets
                total = total_loss(self.loss_fn, logits, towards)
                there = self.normalisation.gradient_to_pixels(gradient_of(total, leaf))
            found.append(cosines(here, there))
        return torch.stack(found)

    def _refined(
        self, forwards: Forwards, direction: Tensor, aim: _Aim, below: Tensor, above: Tensor
    ) -> Tensor:
        """Bisects between an epsilon that does not flip a sample and one that does."""
        searched = above.isfinite() & (above > below)
        for _ in range(self.refine):
            middle = torch.where(searched, (below + above) / 2, 0.0)
            logits = forwards.at(direction, middle)
            flips = flipped(logits, aim.clean_logits, aim.labels, aim.targets).cpu()
            above = torch.where(searched & flips, middle, above)
            below = torch.where(searched & ~flips, middle, below)
        return above


class _Aim(NamedTuple):
    """Where an attack goes, for each sample."""

    labels: Tensor
    targets: Tensor | None
    clean_logits: Tensor
    surrogate_logits: Tensor | None
    gradient: Tensor
    one_logit: bool


def _checked_refine(refine: Any) -> int:
    try:
        count = operator.index(refine)
    except TypeError:
        raise TypeError(f"refine is how often to bisect, such as 6; got {refine!r}") from None
    if isinstance(refine, bool) or not 0 <= count <= MOST_REFINEMENTS:
        raise ValueError(f"refine is from 0 to {MOST_REFINEMENTS}, got {refine!r}")
    return count
