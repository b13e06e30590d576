"""What a logger is made with, each argument checked before anything is trained."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

from tensorboard_fgsm.attack.fgsm import FGSM
from tensorboard_fgsm.attack.per_epsilon import PerEpsilon

_UNREADABLE = re.compile(r'["\\\x00-\x1f\x7f\ud800-\udfff]')
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def checked_writer(writer: Any) -> Any:
    """Returns a ``SummaryWriter`` of either make, or None.

    Raises:
        TypeError: it is something else.
    """
    if writer is not None and not (
        hasattr(writer, "file_writer") and hasattr(writer, "add_scalar")
    ):
        raise TypeError(
            "writer is a SummaryWriter of torch.utils.tensorboard or tensorboardX, "
            f"got {type(writer).__name__}"
        )
    return writer


def checked_attack(attack: Any) -> FGSM | PerEpsilon:
    """Returns an attack of either kind.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(attack, FGSM | PerEpsilon):
        raise TypeError(
            "attack is an FGSM such as FGSM([8/255]), or another attack such as "
            f"PerEpsilon(PGD(), [8/255]); got {attack!r}"
        )
    return attack


def checked_tag(tag: Any) -> str:
    """Returns a name that both of TensorBoard's data providers read.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(tag, str) or not tag or _UNREADABLE.search(tag):
        raise ValueError(
            "tag is a name such as 'fgsm' without quotes, backslashes or control characters, "
            f"which TensorBoard's data server does not read; got {tag!r}"
        )
    return tag


def checked_names(class_names: Sequence[str] | None) -> tuple[str, ...] | None:
    """Returns the names of the classes, in their order.

    Raises:
        TypeError: they have no order, or are one text.
        ValueError: a name is not Unicode text.
    """
    if isinstance(class_names, str | Mapping | Set):
        raise TypeError(
            "class_names is a list with a name a class, in the order of the logits, "
            f"such as list(id2label.values()); got {type(class_names).__name__}"
        )
    if class_names is None:
        return None
    names = tuple(map(str, class_names))
    for name in names:
        if _SURROGATE.search(name):
            raise ValueError(f"class_names are Unicode text, which {name!r} is not")
    return names


def whole(name: str, value: Any, least: int = 0) -> int:
    """Returns a whole number from ``least`` on.

    Raises:
        TypeError, ValueError: it is something else.
    """
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} is a whole number, got {value!r}") from None
    if isinstance(value, bool) or not least <= number < 2**63:
        raise ValueError(f"{name} is a whole number from {least} on, got {value!r}")
    return number
