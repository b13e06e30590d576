"""The samples of a data set that are embedded: their features, taken while they are attacked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.model.distributed import is_sharded
from tensorboard_fgsm.model.last_layer import LastLayer, last_layer, watched
from tensorboard_fgsm.model.logits import classify, unchecked_logits
from tensorboard_fgsm.model.modules import Model


class EmbeddedSample(NamedTuple):
    """One sample, clean and at each epsilon."""

    label: int
    flip_epsilon: float
    """As of a ``Sweep``."""
    features: Float[np.ndarray, "e f"]
    """(1 + E, F) float32."""


class EmbeddedSamples:
    """Attacks batches, and meanwhile takes the features of the samples whose numbers are below
    ``most``. Holds (1 + E) · F floats of each.

    FGSM's own forwards pass by the last layer. Where they cannot be told from others, because the
    attack is another one, or the layer's answer is not the model's, the samples are passed 1 + E
    times more.

    Args:
        attack: how.
        model: the classifier. Of a sharded one every process makes the same forwards, those without
            samples to embed too.
        most: how many samples.
        given: the module whose inputs are the features, where the user names it.
    """

    def __init__(
        self, attack: FGSM | PerEpsilon, model: Model, most: int, given: nn.Module | None
    ) -> None:
        self.found: dict[int, EmbeddedSample] = {}
        """By their numbers."""
        self.layer: LastLayer | None = None
        self._attack = attack
        self._model = model
        self.most = most
        self._given = given

    def sweep(self, inputs: Tensor, labels: Tensor | None, indices: Sequence[int]) -> Sweep:
        """Attacks a batch.

        Args:
            inputs: (N, C, H, W).
            labels: (N,) or None.
            indices: the numbers of the first samples, of those that count.

        Raises:
            ValueError: what the attack or ``last_layer`` raises, or the features are not finite.
        """
        rows = [row for row, index in enumerate(indices) if index < self.most]
        passed = rows or [0] * is_sharded(self._model)
        if not passed:
            return self._attack.sweep_quietly(self._model, inputs, labels)
        if self.layer is None:
            self.layer = last_layer(self._model, inputs, self._given)
        sweep, features = self._taken(self.layer, inputs, labels, passed)
        if not np.isfinite(features).all():
            raise ValueError(
                "the features of the model's last layer hold NaN or infinity: has the training "
                "diverged?"
            )
        classes, flips = sweep.labels.tolist(), sweep.flip_epsilon.tolist()
        for place, row in enumerate(rows):
            self.found[indices[row]] = EmbeddedSample(classes[row], flips[row], features[:, place])
        return sweep

    def _taken(
        self, layer: LastLayer, inputs: Tensor, labels: Tensor | None, rows: list[int]
    ) -> tuple[Sweep, Float[np.ndarray, "e n f"]]:
        """Attacks a batch, and returns the features (1 + E, n, F) of some rows, too."""
        attack, model = self._attack, self._model
        # In a coarser precision the features are coarser, too.
        exact = isinstance(attack, FGSM) and attack.precision is None
        if not (layer.own_logits and exact):
            sweep = attack.sweep_quietly(model, inputs, labels)
            return sweep, self._passed_anew(layer, sweep, rows)
        # The clean batch and that at each epsilon, in this order; those that follow, such as of a
        # control, are not looked at.
        most = 1 + sum(epsilon > 0 for epsilon in attack.epsilons)
        taken: list[tuple[np.ndarray, Tensor | None]] = []

        def take(_: nn.Module, features: Tensor, output: Any) -> None:
            # Detached, or all that the clean forward holds for its backward would be kept.
            answer = output.detach() if isinstance(output, Tensor) else None
            for place in _batches(len(features), len(inputs))[: most - len(taken)]:
                kept = features[place].numpy()
                some = None if answer is None else answer[place]
                taken.append((kept[rows] if len(kept) == len(inputs) else kept, some))

        sweep = watched([layer.module], take, lambda: attack.sweep_quietly(model, inputs, labels))
        wanted = [sweep.clean_logits, *_positive(sweep)]
        if len(taken) < most or not all(
            _says(answer, logits) for (_, answer), logits in zip(taken, wanted, strict=True)
        ):
            return sweep, self._passed_anew(layer, sweep, rows)
        clean, *moved = [features for features, _ in taken]
        later = iter(moved)
        return sweep, np.stack([clean, *(next(later) if e > 0 else clean for e in attack.epsilons)])

    def _passed_anew(
        self, layer: LastLayer, sweep: Sweep, rows: list[int]
    ) -> Float[np.ndarray, "e n f"]:
        """Returns the same, by forwards of these samples' own."""
        found, places = [], torch.tensor(rows, device=sweep.inputs.device)
        for epsilon in (0.0, *sweep.epsilons.tolist()):
            taken: list[Tensor] = []
            watched(
                [layer.module],
                lambda _, features, __, taken=taken: taken.append(features),
                lambda epsilon=epsilon: classify(self._model, sweep.adversarial(epsilon)[places]),
            )
            if not taken or len(taken[-1]) != len(rows):
                raise ValueError(
                    f"the inputs of {layer.name} are not one a sample, so that they are no "
                    "features of samples: give another module, as in Embedding(features=model.head)"
                )
            found.append(taken[-1].numpy())
        return np.stack(found)


def _batches(count: int, size: int) -> list[slice]:
    """Returns where in a forward of so many samples there is the batch, once for each of the
    epsilons that share it.
    """
    if count % size:
        return [slice(count)]
    return [slice(start, start + size) for start in range(0, count, size)]


def _positive(sweep: Sweep) -> list[Tensor]:
    """Returns the logits (N, K) at each epsilon above 0, for which there is a forward."""
    return [
        logits
        for epsilon, logits in zip(sweep.epsilons.tolist(), sweep.logits, strict=True)
        if epsilon > 0
    ]


def _says(answer: Tensor | None, logits: Tensor) -> bool:
    """Whether what a layer answered is the model's logits (N, K), be it as (N, K, 1, 1) maps."""
    if answer is None or answer.ndim < 2 or answer.shape[:1] != logits.shape[:1]:
        return False
    found = answer.flatten(1)
    if found.shape[1] not in (1, logits.shape[1]):
        return False
    return torch.equal(unchecked_logits(found, len(logits)), logits)
