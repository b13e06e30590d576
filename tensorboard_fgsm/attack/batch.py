"""The inputs and labels of a batch, checked before they are attacked."""

from __future__ import annotations

import torch
from torch import Tensor

from tensorboard_fgsm.model.described import described
from tensorboard_fgsm.model.logits import CLASSIFIER

FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def check_batch(inputs: Tensor, labels: Tensor | None) -> None:
    """Refuses inputs that are not (N, C, H, W) floats; labels that are neither (N,) int64 from 0 on
    nor None.
    """
    check_shapes(inputs, labels)
    if labels is not None:
        check_classes("labels", labels, len(inputs))


def check_shapes(inputs: Tensor, labels: Tensor | None) -> None:
    """Refuses what ``check_batch`` does, as far as it shows without waiting for a GPU: but for
    labels below 0.
    """
    if not isinstance(inputs, Tensor) or inputs.dtype not in FLOATS:
        raise TypeError(
            f"inputs are an (N, C, H, W) tensor of floats of 16 bits or more, what the model eats; "
            f"got {described(inputs)}"
        )
    if inputs.layout != torch.strided:
        raise TypeError(f"inputs are dense, got {inputs.layout}: inputs.to_dense() converts them")
    if inputs.ndim != 4:
        raise ValueError(f"inputs are (N, C, H, W), got {tuple(inputs.shape)}")
    if inputs.numel() == 0:
        raise ValueError(f"inputs are empty, {tuple(inputs.shape)}: give at least one sample")
    if labels is not None:
        _check_class_shape("labels", labels, len(inputs))


def check_classes(name: str, classes: Tensor, count: int) -> None:
    """Refuses classes that are not (count,) int64 from 0 on."""
    _check_class_shape(name, classes, count)
    if count and classes.min() < 0:
        raise ValueError(f"{name} are classes from 0 on, got {classes.min().item()}")


def _check_class_shape(name: str, classes: Tensor, count: int) -> None:
    if not isinstance(classes, Tensor):
        raise TypeError(
            f"{name} are an ({count},) tensor of int64 classes, got {described(classes)}: "
            f"torch.tensor({name}) makes one of a list or an array"
        )
    if classes.dtype != torch.int64:
        one_each = f"{name}.long() converts integers"
        raise TypeError(
            f"{name} are an ({count},) tensor of int64 classes, got {described(classes)}: "
            f"{one_each if classes.ndim == 1 else CLASSIFIER}"
        )
    if classes.shape != (count,):
        raise ValueError(
            f"{name} are ({count},), one a sample of inputs, got {tuple(classes.shape)}: "
            f"{CLASSIFIER}"
        )
