"""The logits in what a model answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from tensorboard_fgsm.model.described import described
from tensorboard_fgsm.model.evaluation_mode import in_evaluation_mode
from tensorboard_fgsm.model.modules import Model, modules_of
from tensorboard_fgsm.model.random_numbers import draw

CLASSIFIER = "attacked are classifiers with one label a picture"
"""What is said where a model seems to be of another kind."""


def answer_of(model: Model, inputs: Tensor) -> Any:
    """Returns what a model answers to a clone of inputs, for models work in place.

    Raises:
        TypeError: it cannot take inputs of their float type.
    """
    try:
        return model(inputs.clone())
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        parameters = (p for each in modules_of(model) for p in each._parameters.values())
        types = {p.dtype for p in parameters if p is not None and p.is_floating_point()}
        if not types or inputs.dtype in types:
            raise
        model_type = str(next(iter(types)))
        raise TypeError(
            f"inputs are of {inputs.dtype} and the model's parameters of "
            f"{', '.join(sorted(map(str, types)))}: inputs.to({model_type}) converts them"
        ) from error


def classify(
    model: Model, inputs: Tensor, *, classes: int | None = None, redrawn: bool = False
) -> Tensor:
    """Returns the logits (N, K) of what the model eats, in one forward that leaves no trace.

    Args:
        model: the classifier.
        inputs: (N, C, H, W).
        classes: how many classes it has answered with before.
        redrawn: let a random model draw other numbers than in the pass before, from which the
            random states were put back.
    """

    @torch.no_grad()
    def forward() -> Tensor:
        if redrawn:
            draw(inputs.device)
        return logits_of(answer_of(model, inputs), len(inputs), classes)

    return in_evaluation_mode([model], inputs.device, forward)


def logits_of(output: Any, count: int, classes: int | None = None) -> Tensor:
    """Finds the logits in a model's answer and checks them.

    Args:
        output: what the model returned.
        count: how many samples it was given.
        classes: how many classes it has answered with before.

    Returns:
        (count, K) floats, K ≥ 2; of a model with one logit z a sample, [0, z]: two classes whose
        softmax is the sigmoid of z.

    Raises:
        TypeError: there are no float logits in the answer.
        ValueError: they are of another shape or number of classes, or hold NaN or +infinity.
    """
    logits = unchecked_logits(output, count)
    if classes is not None and logits.shape[1] != classes:
        raise ValueError(
            f"the model answers with {logits.shape[1]} classes, and before with {classes}, to as "
            "many samples: it must have the same classes throughout an attack"
        )
    if logits.isnan().any() or logits.isposinf().any():
        raise ValueError("the model's logits hold NaN or +infinity: has the training diverged?")
    return logits


def unchecked_logits(output: Any, count: int) -> Tensor:
    """Finds the same without waiting for a GPU: they may hold NaN or infinity."""
    logits = _found(output)
    if not isinstance(logits, Tensor) or not logits.is_floating_point():
        raise TypeError(
            "the model answers with float logits, a tuple whose first item they are, or an object "
            f"with .logits; got {described(logits)}{_hint(logits)}: {CLASSIFIER}"
        )
    if logits.shape in ((count,), (count, 1)):
        one = logits.view(count)
        logits = torch.stack([torch.zeros_like(one), one], 1)
    if logits.ndim != 2 or logits.shape[0] != count or logits.shape[1] < 2:
        raise ValueError(
            f"logits are ({count}, K) for {count} samples and K ≥ 2 classes, or ({count},) of a "
            f"binary model, got {tuple(logits.shape)}: {CLASSIFIER}"
        )
    return logits


def is_one_logit(output: Any) -> bool:
    """Whether a binary model answers with one logit a sample, which ``logits_of`` reads as two."""
    logits = _found(output)
    return isinstance(logits, Tensor) and (logits.ndim == 1 or logits.shape[1:] == (1,))


def _hint(answer: Any) -> str:
    if not isinstance(answer, Mapping) or not answer:
        return ""
    return f", of which lambda inputs: model(inputs)[{next(iter(answer))!r}] takes one"


def _found(output: Any) -> Any:
    if isinstance(output, Tensor):
        return output
    if hasattr(output, "logits"):
        return output.logits
    if isinstance(output, Mapping) and "logits" in output:
        return output["logits"]
    if isinstance(output, tuple | list) and output:
        return output[0]
    return output
