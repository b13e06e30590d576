"""What is embedded of a data set, and the plane in which it lies, kept from step to step."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from torch import nn

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.format import embedding as schema
from tensorboard_fgsm.logger.arguments import whole
from tensorboard_fgsm.logger.embedded_samples import EmbeddedSamples
from tensorboard_fgsm.logger.projection import Projection
from tensorboard_fgsm.model.modules import Model

Gather = Callable[[Any], list[Any]]
"""From this process's value to those of all, by rank."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """Which samples a logger embeds, and by which features.

    Args:
        samples: how many, at most 5,000: the first of the batch or data set by number. Where
            processes have shards of different lengths they may be fewer, for some numbers are then
            nobody's.
        features: the module whose inputs are the features; None for the last ``nn.Linear``, or
            convolution with a 1×1 kernel, that runs and answers with the logits.

    Raises:
        TypeError, ValueError: an argument is not as above.
    """

    samples: int = 1000
    features: nn.Module | None = None

    def __post_init__(self) -> None:
        if whole("samples", self.samples, least=1) > schema.MAX_SAMPLES:
            raise ValueError(
                f"samples is at most {schema.MAX_SAMPLES:,}, for the page draws each of them in "
                f"every frame; got {self.samples:,}"
            )
        if not (self.features is None or isinstance(self.features, nn.Module)):
            raise TypeError(
                "features is the module whose inputs are the features, such as model.head; "
                f"got {self.features!r}"
            )


def checked_embed(embed: Any) -> Embedding | None:
    """Reads a number of samples, an ``Embedding``, or None.

    Raises:
        TypeError, ValueError: it is something else.
    """
    if embed is None or isinstance(embed, Embedding):
        return embed
    try:
        operator.index(embed)
    except TypeError:
        raise TypeError(
            "embed is a number of samples such as 1000, or an Embedding such as "
            f"Embedding(1000, features=model.head); got {embed!r}"
        ) from None
    return Embedding(whole("embed", embed, least=1))


class Embedder:
    """Embeds the samples of each step, in the plane of the first one's clean features."""

    def __init__(self, wanted: Embedding) -> None:
        self._wanted = wanted
        self._projection: Projection | None = None

    def begin(self, attack: FGSM | PerEpsilon, model: Model) -> EmbeddedSamples:
        """Begins a step: what it returns is to attack the batches."""
        return EmbeddedSamples(attack, model, self._wanted.samples, self._wanted.features)

    def embedding(
        self, samples: EmbeddedSamples, step: int, gather: Gather = lambda value: [value]
    ) -> schema.Embedding | None:
        """Returns what is written of a step, of the samples of all processes; None without any.

        Args:
            samples: those of this process.
            step: the global step.
            gather: called by all processes alike.

        Raises:
            ValueError: some samples have features of another size than others.
        """
        name = None if samples.layer is None else samples.layer.name
        clean = {index: each.features[0] for index, each in samples.found.items()}
        sizes = {size for each in gather({len(row) for row in clean.values()}) for size in each}
        if len(sizes) > 1:
            raise ValueError(
                f"some samples have {min(sizes)} features, and others {max(sizes)}: give a module "
                "with as many for each, as in Embedding(features=model.head)"
            )
        if not sizes:
            return None
        if self._projection is None or len(self._projection.mean) not in sizes:
            self._tell_new_plane(max(sizes), step)
            rows = _merged(gather(clean))
            self._projection = Projection.fitted(np.stack(list(rows.values())), step)
        layers = [each for each in gather(name) if each is not None]
        points = {
            index: _Point(each.label, each.flip_epsilon, self._projection.points(each.features))
            for index, each in samples.found.items()
        }
        return _stored(_merged(gather(points)), self._projection, layers[0])

    def _tell_new_plane(self, features: int, step: int) -> None:
        if self._projection is not None:
            warnings.warn(
                f"the model had {len(self._projection.mean)} features, and has {features}: what "
                f"is embedded from step {step} on lies in a plane of its own, and cannot be "
                "compared with the steps before",
                RuntimeWarning,
                stacklevel=2,
            )


class _Point(NamedTuple):
    """One sample in the plane."""

    label: int
    flip_epsilon: float
    places: Float[np.ndarray, "e 2"]
    """(1 + E, 2)."""


def _merged(parts: list[Mapping[int, Any]]) -> dict[int, Any]:
    """Returns the samples of all processes, in the order of their numbers."""
    merged: dict[int, Any] = {}
    for part in parts:
        merged.update(part)
    return dict(sorted(merged.items()))


def _stored(points: dict[int, _Point], projection: Projection, layer: str) -> schema.Embedding:
    box, positions = schema.packed(np.stack([each.places for each in points.values()], 1))
    flips = [each.flip_epsilon for each in points.values()]
    return schema.Embedding(
        fit=projection.name,
        fitted=projection.step,
        layer=layer[: schema.LONGEST_NAME],
        features=len(projection.mean),
        explained=projection.explained,
        box=box,
        indices=tuple(points),
        labels=tuple(each.label for each in points.values()),
        flip_epsilons=tuple(None if flip == float("inf") else flip for flip in flips),
        positions=positions,
    )
