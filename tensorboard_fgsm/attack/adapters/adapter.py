"""What wraps an attack of another library as a function ``(model, inputs, labels, epsilon) ->
adversarial inputs``.

Such a function works on pictures in [0, 1], so that epsilon is in pixel units and nobody needs the
library's own normalisation. The libraries are optional, and imported when an attack of theirs is
wrapped. Where they draw random numbers, it is from the global random states, and so differently
each time.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from tensorboard_fgsm.attack.settings import Setting, setting_of

PROBES = (4 / 255, 8 / 255)
"""Two epsilons at which an attack is built to see which of its settings depend on epsilon."""


@dataclass(frozen=True)
class Adapter:
    """An attack of another library, as ``from_torchattacks`` and its like return it."""

    name: str
    """What the library calls it."""
    settings: Mapping[str, Setting]
    """The library and its version, and how the attack is set; what depends on epsilon as text."""
    run: Callable[[nn.Module, Tensor, Tensor, float], Tensor] = field(repr=False)

    def __call__(
        self,
        model: Callable[[Tensor], Tensor],
        inputs: Float[Tensor, "n c h w"],
        labels: Int64[Tensor, " n"],
        epsilon: float,
    ) -> Float[Tensor, "n c h w"]:
        """Attacks a batch.

        Args:
            model: eats pictures in [0, 1] and answers with logits (N, K); in evaluation mode, and
                its parameters do not require gradients.
            inputs: (N, C, H, W) pictures in [0, 1].
            labels: (N,) int64, the true classes.
            epsilon: positive, in pixel units.

        Returns:
            (N, C, H, W) in [0, 1], of the float type and on the device of the inputs. How far from
            the inputs is for the attack to say.

        Raises:
            ValueError: the attack looked for more classes than the model has.
        """
        # In float32 at least: some libraries compute with NumPy, which has no bfloat16.
        pictures = inputs.detach().to(torch.promote_types(inputs.dtype, torch.float32), copy=True)
        shell = _Shell(model, inputs)
        try:
            adversarial = self.run(shell, pictures, labels.clone(), epsilon)
        except IndexError as error:
            if not shell.answered:
                raise
            raise ValueError(
                f"{self.name} of {self.settings['library']} wants more classes than the "
                f"{shell.classes} of this model ({error}): attacks that compare the largest "
                "logits, such as APGD with DLR and AutoAttack, want three to five, and n_classes "
                'as many as the model has; PGD, FAB, Square and APGD(loss="ce") want two'
            ) from error
        return adversarial.detach().to(inputs).clamp(0, 1)


class _Shell(nn.Module):
    """What a library is given instead of a model, to switch modes of, move, clear the gradients of
    and look for layers in, as libraries do: none of that reaches the model.
    """

    def __init__(self, model: Callable[[Tensor], Tensor], inputs: Tensor) -> None:
        super().__init__()
        self.ask = lambda pictures: model(pictures)  # a module here would become a part
        self.place = nn.Parameter(inputs.new_empty(0), requires_grad=False)  # tells the device
        self.dtype = inputs.dtype
        self.answered = False  # if an error is the model's own, or comes of what it answered
        self.classes = 0
        self.eval()

    def forward(self, pictures: Tensor) -> Tensor:
        self.answered = False
        logits = self.ask(pictures.to(self.dtype, copy=True))  # a copy: models work in place
        self.answered, self.classes = True, logits.shape[1]
        return logits.to(torch.promote_types(logits.dtype, torch.float32))


def stand_in() -> nn.Module:
    """A model of ten classes, for building an attack to see how it is set."""
    return _Shell(lambda pictures: pictures.flatten(1)[:, :10], torch.zeros(1))


def adapted(
    package: str,
    described: Callable[[float], tuple[str, Mapping[str, Any]]],
    run: Callable[[nn.Module, Tensor, Tensor, float], Tensor],
) -> Adapter:
    """Builds an adapter of an attack whose name and settings at an epsilon ``described`` tells."""
    (name, first), (_, second) = (described(epsilon) for epsilon in PROBES)
    settings: dict[str, Setting] = {"library": f"{package} {importlib.metadata.version(package)}"}
    for key, value in first.items():
        shown = setting_of(value)
        if key.startswith("_") or shown is None or (key == "targeted" and not shown):
            continue
        settings[key] = _in_epsilon(shown, setting_of(second.get(key)))
    return Adapter(name, settings, run)


def _in_epsilon(first: Setting, second: Setting | None) -> Setting:
    """Writes a setting that has these values at the probes as a function of epsilon."""
    if first == second:
        return first
    if isinstance(first, float) and isinstance(second, float):
        factor, other = first / PROBES[0], second / PROBES[1]
        # As close as float32 comes.
        if math.isclose(factor, other, rel_tol=1e-6):
            return "ε" if math.isclose(factor, 1, rel_tol=1e-6) else f"{factor:.4g}·ε"
    return "f(ε)"


TRUE_LABELS = "an attack is given the true ones"
"""Why an attack that takes the labels as its targets is refused."""


def imported(module: str, package: str) -> Any:
    """Imports another library's module; without the library, the error says what to install."""
    library = module.partition(".")[0]
    try:
        importlib.import_module(library)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise ModuleNotFoundError(
            f"this attack needs {package}: pip install {package}", name=library
        ) from None
    return importlib.import_module(module)


def checked(
    attack: Any, kind: type | tuple[type, ...], expected: str, given: str = "make returned"
) -> Any:
    """Returns what a user gave, if it is of the kind that is expected."""
    if not isinstance(attack, kind):
        raise TypeError(f"{given} {attack!r}, not {expected}")
    return attack
