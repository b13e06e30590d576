"""The interface of an attack: what its results and the warnings need to know of it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tensorboard_fgsm.attack.loss import LossFn
from tensorboard_fgsm.attack.normalisation import Normalisation
from tensorboard_fgsm.attack.target import Target
from tensorboard_fgsm.model.modules import Model


@runtime_checkable
class SweptAttack(Protocol):
    """An attack that is swept over epsilons: ``FGSM``, or another one as ``PerEpsilon``."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def epsilons(self) -> tuple[float, ...]:
        """Sizes of the perturbation in pixel units, increasing."""
        ...

    @property
    def normalisation(self) -> Normalisation:
        """What lies between pixel units and those that the model eats."""
        ...

    @property
    def quantize(self) -> bool:
        """Whether the model sees 8-bit pictures."""
        ...

    @property
    def single_step(self) -> bool:
        """Whether it takes one step, as FGSM does."""
        ...


@runtime_checkable
class GradientAttack(SweptAttack, Protocol):
    """One that follows the gradient of a loss which it tells: ``FGSM``."""

    @property
    def loss_fn(self) -> LossFn | None:
        """What grows; None for ``stable_loss``."""
        ...

    @property
    def target(self) -> Target | None:
        """Towards which class it goes, if not away from the label."""
        ...

    @property
    def surrogate(self) -> Model | None:
        """The model whose gradient is taken, if it is another."""
        ...
