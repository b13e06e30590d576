"""Any attack, run anew at each epsilon, with FGSM beside it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from tensorboard_fgsm.attack import caveats, grid
from tensorboard_fgsm.attack.check import Check
from tensorboard_fgsm.attack.climb import Climb
from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.first_look import first_look
from tensorboard_fgsm.attack.iterated_attack import IteratedAttack
from tensorboard_fgsm.attack.normalisation import Normalisation
from tensorboard_fgsm.attack.settings import Setting, setting_of
from tensorboard_fgsm.attack.sweep import Sweep, first_flips, flipped
from tensorboard_fgsm.attack.tally import Tally
from tensorboard_fgsm.model.described import described
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tensorboard_fgsm.model.loan import borrow
from tensorboard_fgsm.model.logits import classify, logits_of
from tensorboard_fgsm.model.modules import Model
from tensorboard_fgsm.model.torch_modes import GradMode


@runtime_checkable
class Attack(Protocol):
    """Any attack on pictures. What it is called and its ``settings``, if it has such attributes,
    are shown with its results; those of a dataclass are its fields, those of a
    ``functools.partial`` its keywords.
    """

    def __call__(
        self, model: nn.Module, inputs: Tensor, labels: Tensor, epsilon: float, /
    ) -> Tensor:
        """Returns adversarial examples.

        Args:
            model: eats pictures in [0, 1], any normalisation being inside, and answers with logits
                (N, K). In evaluation mode; its parameters require no gradients.
            inputs: (N, C, H, W) floats in [0, 1].
            labels: (N,) int64.
            epsilon: the size of the perturbation in pixel units, in (0, 1].

        Returns:
            (N, C, H, W) in [0, 1].
        """
        ...


@dataclass(frozen=True, init=False, eq=False)
class PerEpsilon:
    """Runs an attack whose direction depends on epsilon: once for each epsilon.

    FGSM runs beside it, as the reference that no stronger attack should fall behind, and for what
    its one gradient says about the model.

    Args:
        attack: ``attack(model, inputs, labels, epsilon)``, such as ``PGD(steps=10)``, an adapter of
            another library's attack, or a function of your own.
        epsilons, mean, std, quantize, control, together: as for ``FGSM``. With ``quantize``, what
            the attack returns is snapped to the 8-bit grid before the model sees it; ``together``
            speaks of FGSM's forwards beside it.
        name: what the attack is called; by default its own name.
        early_stop: attack only the samples that are still right: not those that are wrong when
            clean, nor those fooled at a smaller epsilon, whose example lies within the larger one,
            too, and is kept. As AutoAttack does: the more samples fall early, the less it costs.
            The accuracies then never rise, and a fooled sample's pictures stay as they were. BIM
            and PGD leave a sample alone from the first of their steps on that fools the model, and
            what their last step would have undone counts (but not with ``quantize``, whose rounding
            may undo it). Of a model that is sharded over processes all samples are attacked, and to
            the last step, for each process waits for the others' forwards; who has been fooled
            keeps that example there, too.

    Raises:
        ValueError, TypeError: as for ``FGSM``, or the attack cannot be called.

    Example:
        >>> attack = PerEpsilon(PGD(steps=10), ["2/255", "8/255"], mean=mean, std=std)
        >>> attack.sweep(model, inputs, labels).robust_accuracy
    """

    attack: Attack
    fgsm: FGSM
    name: str
    early_stop: bool

    def __init__(
        self,
        attack: Attack,
        epsilons: Iterable[float | str],
        *,
        mean: Any = None,
        std: Any = None,
        quantize: bool = False,
        control: bool = False,
        name: str | None = None,
        early_stop: bool = False,
        together: Literal["auto"] | bool = "auto",
    ) -> None:
        if not callable(attack) or isinstance(attack, type):
            raise TypeError(
                "attack is a function of (model, inputs, labels, epsilon), such as PGD(steps=10); "
                f"got {attack!r}"
            )
        fgsm = FGSM(
            epsilons, mean=mean, std=std, quantize=quantize, control=control, together=together
        )
        for field, value in (
            ("attack", attack),
            ("fgsm", fgsm),
            ("name", name or _named(attack)),
            ("early_stop", bool(early_stop)),
        ):
            object.__setattr__(self, field, value)

    @property
    def epsilons(self) -> tuple[float, ...]:
        """Sizes of the perturbation in pixel units, increasing."""
        return self.fgsm.epsilons

    @property
    def normalisation(self) -> Normalisation:
        """What lies between pixel units and those that the model eats."""
        return self.fgsm.normalisation

    @property
    def quantize(self) -> bool:
        """Whether the model sees 8-bit pictures."""
        return self.fgsm.quantize

    @property
    def single_step(self) -> bool:
        """Whether the attack says of itself that it takes one step, as FGSM does: it may then be
        the weaker of the two.
        """
        return bool(getattr(self.attack, "single_step", False))

    @property
    def settings(self) -> dict[str, Setting]:
        """The attack's own settings, as far as they are text, numbers or yes and no."""
        return _settings(self.attack) | ({"early_stop": True} if self.early_stop else {})

    def sweep(self, model: Model, inputs: Tensor, labels: Tensor | None = None) -> Sweep:
        """Attacks a batch at every epsilon.

        Costs what ``FGSM.sweep`` costs and, for each positive epsilon, one run of the attack and
        one forward; with ``early_stop``, over the samples alone that are still right, each step of
        BIM and PGD too, and none where there are none. BIM's first step is FGSM's, and costs
        nothing where the model eats pixels, or 8-bit pictures (``quantize``). Holds the adversarial
        examples of all epsilons, E times the batch, in memory.

        Args, Returns, Raises: as ``FGSM.sweep``, and a ValueError where the attack answers with
        something else than pictures of the shape that it was given.
        """
        sweep = self.sweep_quietly(model, inputs, labels)
        caveats.warn(caveats.caveats_of(Tally.of(sweep), self), stacklevel=2)
        return sweep

    def sweep_quietly(self, model: Model, inputs: Tensor, labels: Tensor | None = None) -> Sweep:
        """Attacks as ``sweep`` does, and leaves the warnings to whoever calls."""
        reference = self.fgsm.sweep_quietly(model, inputs, labels)
        # What inference mode makes could take no part in a later backward pass.
        return borrow(lambda: [GradMode(False)], lambda: self._sweep(model, reference))

    def check(self, model: Model, sweep: Sweep) -> Check:
        """Sees how many samples of another attack's sweep hold against this one, too.

        Costs, for each positive epsilon, one run of the attack and one forward, over those samples
        alone that neither attack has fooled yet, as with ``early_stop``; nothing where there are
        none left.

        Args:
            model: the classifier that was attacked.
            sweep: of an attack that is not targeted, at the epsilons of this one.
        """
        return borrow(lambda: [GradMode(False)], lambda: self._check(model, sweep))

    def _check(self, model: Model, sweep: Sweep) -> Check:
        holds = torch.ones_like(sweep.labels, dtype=torch.bool)
        everyone = holds.clone() if is_sharded(model) else None  # or processes would wait in vain
        held = []
        for epsilon, right in zip(self.epsilons, sweep.robust, strict=True):
            holds &= right
            some = holds.clone() if everyone is None else everyone
            if epsilon and some.any():
                left = sweep.of(some)
                examples = self._run(model, left, epsilon, early_stop=everyone is None).examples
                said = self._logits(model, left, examples).argmax(1)
                holds[some] &= said == left.labels
            held.append(int(holds.sum()))
        return Check(
            name=self.name,
            settings=self.settings,
            epsilons=self.epsilons,
            count=len(holds),
            right=tuple(sweep.robust.sum(1).tolist()),
            held=tuple(held),
        )

    def _sweep(self, model: Model, reference: Sweep) -> Sweep:
        points = self._points(model, reference)
        logits = torch.stack([point.logits for point in points])
        losses, right = self._steps(points, reference.labels) or (None, None)
        flips = flipped(logits, reference.clean_logits, reference.labels, None)
        return dataclasses.replace(
            reference,
            attack=self,
            logits=logits,
            direction=None,
            flip_epsilon=first_flips(flips, reference.correct, reference.epsilons)[0],
            examples=torch.stack([point.examples for point in points]),
            step_losses=losses,
            step_right=right,
            reference=reference,
        )

    def _points(self, model: Model, reference: Sweep) -> list[_Point]:
        """Attacks at each epsilon in turn."""
        point = _Point(reference.pixels, reference.clean_logits, None)
        points: list[_Point] = []
        for epsilon in self.epsilons:
            if epsilon and self.early_stop:
                point = self._from(point, model, reference, epsilon)
            elif epsilon:
                point = self._point(model, reference, epsilon, early_stop=False)
            points.append(point)
        return points

    def _from(self, point: _Point, model: Model, reference: Sweep, epsilon: float) -> _Point:
        """Attacks who is still right at a smaller epsilon; the others stay where they are."""
        standing = point.logits.argmax(1) == reference.labels
        if is_sharded(model):  # or processes would wait for each other in vain
            some = self._point(model, reference, epsilon, early_stop=False).of(standing)
        elif standing.all():
            return self._point(model, reference, epsilon, early_stop=True)
        elif standing.any():
            some = self._point(model, reference.of(standing), epsilon, early_stop=True)
        else:
            return point._replace(climb=None)
        return point.replaced(some, standing)

    def _point(self, model: Model, reference: Sweep, epsilon: float, *, early_stop: bool) -> _Point:
        run = self._run(model, reference, epsilon, early_stop=early_stop)
        return _Point(run.examples, self._logits(model, reference, run.examples), run.climb)

    def _steps(self, points: list[_Point], labels: Tensor) -> tuple[Tensor, Tensor] | None:
        """Joins what the attack's forwards told of its steps with what the last one led to."""
        if not isinstance(self.attack, IteratedAttack) or not any(self.epsilons):
            return None
        climbs = [point.climb for point in points if point.climb is not None]
        steps = len(climbs[0].losses) if climbs else getattr(self.attack, "steps", 1)
        if steps < 2:
            return None  # there is no way to speak of
        losses, right = [], []
        for point in points:
            end = self.attack.losses(point.logits, labels)
            is_right = point.logits.argmax(1) == labels
            # Who was not attacked, as at epsilon 0, stands still.
            before, was_right = end.expand(steps, -1), is_right.expand(steps, -1)
            if point.climb is not None and point.moved is None:
                before, was_right = point.climb.losses, point.climb.right
            elif point.climb is not None:
                before, was_right = before.clone(), was_right.clone()
                before[:, point.moved] = point.climb.losses.to(before.dtype)
                was_right[:, point.moved] = point.climb.right
            losses.append(torch.cat([before, end.unsqueeze(0)]))
            right.append(torch.cat([was_right, is_right.unsqueeze(0)]))
        return torch.stack(losses), torch.stack(right)

    def _logits(self, model: Model, reference: Sweep, pixels: Tensor) -> Tensor:
        inputs = self.normalisation.to_inputs(pixels, reference.inputs.dtype)
        return classify(model, inputs, classes=reference.clean_logits.shape[1])

    def _run(self, model: Model, reference: Sweep, epsilon: float, *, early_stop: bool) -> _Run:
        """Makes the adversarial examples at one epsilon, in pixel units."""
        pixels = reference.pixels
        if epsilon == 0:
            return _Run(pixels)
        pictures = PictureModel(model, self.normalisation, reference.inputs.dtype)
        # Each run by itself: what one leaves behind must not change the next.
        given = pictures, pixels.clamp(0, 1), reference.labels.clone(), epsilon
        known = None
        if isinstance(self.attack, IteratedAttack) and not is_sharded(model):
            start = self.normalisation.to_inputs(given[1], reference.inputs.dtype)
            known = first_look(self.attack, reference, start)

        def run() -> tuple[Any, Climb | None]:
            if isinstance(self.attack, IteratedAttack):
                # The first point that fools may hardly do so, and rounding undo it.
                leave = early_stop and not self.quantize
                climb = self.attack.climb(*given, early_stop=leave, at_inputs=known)
                return climb.examples, climb
            return self.attack(*given), None

        found, climb = in_evaluation_mode([model], pixels.device, run)
        if not isinstance(found, Tensor) or found.shape != pixels.shape:
            raise ValueError(
                f"{self.name} returns adversarial inputs of {tuple(pixels.shape)}, "
                f"got {described(found)}"
            )
        found = found.detach().to(pixels)
        if not found.isfinite().all() or found.min() < -1e-4 or found.max() > 1 + 1e-4:
            raise ValueError(
                f"{self.name} returns pictures in [0, 1], got values from {found.min().item():.4g} "
                f"to {found.max().item():.4g}: attack the model that it is given, which has the "
                "normalisation inside"
            )
        return _Run(grid.snapped(found) if self.quantize else found.clamp(0, 1), climb)


class _Point(NamedTuple):
    """What a batch has become at an epsilon."""

    examples: Tensor
    """In pixel units."""
    logits: Tensor
    climb: Climb | None
    """How the attack went, where it tells, on those that it was run on."""
    moved: Tensor | None = None
    """(N,) which these are; None for all."""

    def of(self, some: Tensor) -> _Point:
        """Returns what some of the samples have become, of whom all were attacked."""
        climb = None if self.climb is None else self.climb.of(some)
        return _Point(self.examples[some], self.logits[some], climb)

    def replaced(self, some: _Point, standing: Tensor) -> _Point:
        """Takes what became of some of the samples, and leaves the others as they were."""
        examples, logits = self.examples.clone(), self.logits.clone()
        examples[standing], logits[standing] = some.examples, some.logits
        return _Point(examples, logits, some.climb, standing)


class _Run(NamedTuple):
    """One run of an attack."""

    examples: Tensor
    """In pixel units."""
    climb: Climb | None = None
    """How it went, where the attack tells."""


class PictureModel(nn.Module):
    """A model of pictures in [0, 1], with its normalisation inside; it answers with logits."""

    def __init__(self, model: Model, normalisation: Normalisation, dtype: torch.dtype) -> None:
        super().__init__()
        self.model = model
        self._normalisation = normalisation
        self._dtype = dtype
        self.training = False  # its own mode alone: eval() of some models changes weights

    def forward(self, pixels: Tensor) -> Tensor:
        """Returns the logits (N, K) of pictures (N, C, H, W)."""
        inputs = self._normalisation.to_inputs(pixels, self._dtype)
        return logits_of(self.model(inputs.clone()), len(pixels))  # models work in place


def _named(attack: Any) -> str:
    while isinstance(attack, functools.partial):
        attack = attack.func
    name = getattr(attack, "name", None) or getattr(attack, "__name__", None)
    return name if isinstance(name, str) else type(attack).__name__


def _settings(attack: Any) -> dict[str, Setting]:
    settings = getattr(attack, "settings", None)
    if isinstance(attack, functools.partial):
        settings = attack.keywords
    if not isinstance(settings, Mapping):
        if not dataclasses.is_dataclass(attack) or isinstance(attack, type):
            return {}
        settings = {f.name: getattr(attack, f.name) for f in dataclasses.fields(attack)}
    known = {str(name): setting_of(value) for name, value in settings.items()}
    return {name: value for name, value in known.items() if value is not None}
