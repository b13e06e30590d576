"""Several models attacked on the same samples: whom the examples made on one of them fool."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon
from tensorboard_fgsm.attack.sweep import Sweep
from tensorboard_fgsm.format.transfers import Transfers
from tensorboard_fgsm.logger.logger import FGSMLogger
from tensorboard_fgsm.logger.processes import Processes
from tensorboard_fgsm.logger.step_record import StepResult
from tensorboard_fgsm.model.logits import classify
from tensorboard_fgsm.model.modules import Model


class Rival(NamedTuple):
    """One of the models."""

    model: Model
    attack: FGSM | PerEpsilon
    """With its normalisation; epsilons are those of all."""
    dtype: torch.dtype
    """Of its inputs."""


class Counts(NamedTuple):
    """As ``Transfers`` has them."""

    right: np.ndarray
    """(M,)."""
    fooled: np.ndarray
    """(M, M, E): by the model that the examples are made on, and the one that is shown them."""


class Exchange:
    """Shows the examples made on each of M models to the others, and counts whom they fool.

    All models are attacked on the same samples in the same order, one after another, each by the
    ``log_dataset`` of its own ``ExchangeLogger``. That is M gradients and M·M·E forwards a batch,
    with E epsilons: M·E of these, of each model's own examples, are made without it, too. What is
    said of each sample is held until the end: 4·M·(2 + M·E) bytes a sample.

    Args:
        rivals: the models, all on one device.
    """

    def __init__(self, rivals: Sequence[Rival]) -> None:
        self.rivals = rivals
        # By the model that is attacked, and the batch: labels and clean predictions (2, N), and
        # what each model says of the examples (M, E, N).
        self._originals: list[list[Tensor]] = [[] for _ in rivals]
        self._said: list[list[Tensor]] = [[] for _ in rivals]

    def see(self, source: int, sweep: Sweep) -> None:
        """Shows a batch of the examples made on a model, its number from 0, to all others."""
        said = [
            sweep.logits.argmax(2) if each == source else self._shown(sweep, rival)
            for each, rival in enumerate(self.rivals)
        ]
        self._said[source].append(torch.stack(said).to("cpu", torch.int32))
        clean = sweep.clean_logits.argmax(1)
        self._originals[source].append(torch.stack([sweep.labels, clean]).to("cpu", torch.int32))

    def _shown(self, sweep: Sweep, rival: Rival) -> Tensor:
        """What another model says of the examples, (E, N)."""
        classes = sweep.clean_logits.shape[1]
        said = []
        for epsilon in sweep.attack.epsilons:
            pixels = sweep.adversarial_pixels(epsilon)
            inputs = rival.attack.normalisation.to_inputs(pixels, rival.dtype)
            said.append(classify(rival.model, inputs, classes=classes).argmax(1))
        return torch.stack(said)

    def count(self, processes: Processes) -> Counts:
        """Counts whom all processes' examples fool.

        Raises:
            ValueError: the models were not attacked on the same samples.
        """
        with processes.together():
            own = self._counted()
        parts = processes.gather(own)
        return Counts(*(np.sum(each, axis=0) for each in zip(*parts, strict=True)))

    def _counted(self) -> Counts:
        if not any(self._originals):  # this process has no samples
            models, epsilons = len(self.rivals), len(self.rivals[0].attack.epsilons)
            return Counts(np.zeros(models, int), np.zeros((models, models, epsilons), int))
        seen = [torch.cat(parts, 1) for parts in self._originals]
        if len({each.shape[1] for each in seen}) > 1:
            numbers = ", ".join(str(each.shape[1]) for each in seen)
            raise ValueError(f"the models were attacked on {numbers} samples, and not on the same")
        labels, clean = (torch.stack([each[i] for each in seen]) for i in (0, 1))
        said = torch.stack([torch.cat(parts, 2) for parts in self._said])  # (M, M, E, N)
        right = labels == clean  # (M, N)
        fooled = right.unsqueeze(1) & (said != labels.unsqueeze(1))
        return Counts(right.sum(-1).numpy(), fooled.sum(-1).numpy())


class ExchangeLogger(FGSMLogger):
    """Keeps its step back until it is known whom the examples fool, and ``write`` writes it.

    Args:
        exchange: is shown what comes out of every batch.
        number: which of its models this logger attacks, from 0.
        arguments: as ``FGSMLogger`` takes them.
    """

    def __init__(self, exchange: Exchange, number: int, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._exchange, self._number = exchange, number
        self._held: StepResult | None = None

    def _seen(self, sweep: Sweep) -> None:
        self._exchange.see(self._number, sweep)

    def _write(self, result: StepResult) -> None:
        self._held = result

    def write(self, names: tuple[str, ...], counts: Counts) -> None:
        """Writes the step, in the process that writes.

        Args:
            names: of all models.
            counts: whom their examples fool.
        """
        if self._held is None:
            return
        right, fooled = counts
        nested = tuple(tuple(map(tuple, row)) for row in fooled.tolist())
        transfers = Transfers(names, self._number, tuple(right.tolist()), nested)
        super()._write(dataclasses.replace(self._held, transfers=transfers))
