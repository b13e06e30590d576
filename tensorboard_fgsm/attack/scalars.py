"""What came out as ordinary scalars, by the tags under which they are logged."""

from __future__ import annotations

from collections.abc import Sequence


def scalars_of(
    tag: str,
    epsilons: Sequence[float],
    clean_accuracy: float,
    **others: Sequence[float | None] | None,
) -> dict[str, float]:
    """Returns ``<tag>/clean_accuracy``, and ``<tag>/<name>/eps=<ε>`` of other numbers.

    Args:
        tag: of the series that they are of.
        epsilons: in pixel units; of those that six digits do not tell apart, all digits are given.
        clean_accuracy: in [0, 1].
        others: by name, a number for each epsilon; None is left out.
    """
    names = [f"{epsilon:.6g}" for epsilon in epsilons]
    if len(set(names)) < len(names):
        names = [repr(epsilon) for epsilon in epsilons]
    scalars = {f"{tag}/clean_accuracy": clean_accuracy}
    for kind, numbers in others.items():
        if numbers is not None:
            pairs = zip(names, numbers, strict=True)
            known = {name: number for name, number in pairs if number is not None}
            scalars |= {f"{tag}/{kind}/eps={name}": number for name, number in known.items()}
    return scalars
