"""What came out as ordinary scalars, by the tags under which they are logged."""

from __future__ import annotations

from collections.abc import Sequence


def scalars_of(
    tag: str,
    epsilons: Sequence[float],
    clean_accuracy: float,
    **others: Sequence[float | None] | None,
) -> dict[str, float]:
    """Returns ``<tag>/clean_accuracy``, and what ``by_epsilon`` does."""
    return {f"{tag}/clean_accuracy": clean_accuracy} | by_epsilon(tag, epsilons, **others)


def by_epsilon(
    tag: str, epsilons: Sequence[float], **kinds: Sequence[float | None] | None
) -> dict[str, float]:
    """Returns ``<tag>/<kind>/eps=<ε>`` of numbers that there are at each epsilon.

    Args:
        tag: of the series that they are of.
        epsilons: in pixel units; of those that six digits do not tell apart, all digits are given.
        kinds: the numbers by their kinds; None is left out.
    """
    names = [f"{epsilon:.6g}" for epsilon in epsilons]
    if len(set(names)) < len(names):
        names = [repr(epsilon) for epsilon in epsilons]
    return {
        f"{tag}/{kind}/eps={name}": number
        for kind, numbers in kinds.items()
        for name, number in zip(names, numbers or [None] * len(names), strict=True)
        if number is not None
    }
