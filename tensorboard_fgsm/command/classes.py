"""Which of a model's classes a folder's or data set's classes are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from tensorboard_fgsm.command.failure import CommandError

_WORDNET = re.compile(r"n\d{8}")

_TWICE = {"crane": ("crane", "crane bird"), "maillot": ("maillot", "maillot tank suit")}
"""Names that ImageNet gives to two classes, which torchvision tells apart by names of its own."""

_FEW = 3


def read_class_names(path: Path) -> tuple[str, ...]:
    """Reads a file with a class name a line, in the order of the model's logits.

    Raises:
        CommandError: there is no such file, it is no text, or it is empty.
    """
    try:
        names = tuple(path.read_text("utf-8").strip().splitlines())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise CommandError(f"--classes {path} cannot be read: {reason}") from error
    if not names:
        raise CommandError(f"--classes {path} is empty: it has a class name a line")
    return tuple(name.strip() for name in names)


def classes_of(
    theirs: Sequence[str], names: Sequence[str] | None, count: int
) -> tuple[tuple[int, ...], tuple[str, ...] | None]:
    """Finds the model's class of each class of the pictures.

    A class is found by its name, upper case, ``_`` and ``-`` aside; or its folder is called by the
    class's number, or by its WordNet ID, as ImageNet's are. Where the model's names are not known,
    the classes are the model's in their own order, if they are as many.

    Args:
        theirs: the classes of the pictures.
        names: the model's, if they are known.
        count: how many classes the model has.

    Returns:
        A class for each of ``theirs``, and the names of all classes, if these are known.

    Raises:
        CommandError: a class is not found, or may be one of several, or two are the same.
    """
    if names is None:
        return _by_order(theirs, count)
    if len(names) < count:
        raise CommandError(
            f"{len(names)} class names for {count} classes: --classes FILE has a name a line for "
            "each of the model's"
        )
    known = _by_name(names)
    found = tuple(_class_of(each, theirs, names, known) for each in theirs)
    for place, number in enumerate(found):
        other = found.index(number)
        if other != place:
            raise CommandError(
                f"{theirs[other]!r} and {theirs[place]!r} are both class {number}, "
                f"{names[number]!r}: put their pictures together, or rename one"
            )
    return found, tuple(names)


def class_named(text: str, names: Sequence[str] | None) -> int:
    """Finds a class by its number or name.

    Raises:
        CommandError: there is none, or there are several.
    """
    if text.isdecimal():
        return int(text)
    if names is None:
        raise CommandError(
            f"--target {text}: the model's class names are not known; give the class's number, or "
            "--classes FILE"
        )
    return _class_of(text, [text], names, _by_name(names))


def _by_order(theirs: Sequence[str], count: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    if len(theirs) != count:
        raise CommandError(
            f"the pictures have {len(theirs)} classes ({_listed(theirs)}) and the model {count}, "
            "whose names are not known: give them with --classes FILE, a name a line, or "
            "--classes imagenet"
        )
    if all(each.isdecimal() for each in theirs):
        by_number = sorted(theirs, key=int)
        if list(theirs) != by_number:
            raise CommandError(
                f"the folders are called by numbers, and it is not clear whether the model's "
                f"classes are in the order {_listed(theirs)} (as ImageFolder takes them) or "
                f"{_listed(by_number)}: say so with --classes FILE, a name a line"
            )
    return tuple(range(count)), tuple(theirs)


def _by_name(names: Sequence[str]) -> dict[str, list[int]]:
    known: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        known.setdefault(_plain(name), []).append(number)
    for twice, both in _TWICE.items():
        if all(_plain(each) in known for each in both):
            known[twice] = [number for each in both for number in known[_plain(each)]]
    return known


def _class_of(
    one: str, theirs: Sequence[str], names: Sequence[str], known: dict[str, list[int]]
) -> int:
    candidates = known.get(_plain(one), [])
    if len(candidates) > 1:
        both = " or ".join(f"{number} ({names[number]!r})" for number in candidates)
        raise CommandError(
            f"{one!r} may be class {both}: call the folder by the number, or by a name that only "
            "one of them has"
        )
    if candidates:
        return candidates[0]
    if one.isdecimal() and int(one) < len(names):
        return int(one)
    if _WORDNET.fullmatch(one):
        return _by_wordnet(one, theirs, names)
    close = get_close_matches(_plain(one), known, _FEW, cutoff=0.7)
    similar = ", ".join(repr(names[known[each][0]]) for each in close)
    raise CommandError(
        f"{one!r} is none of the model's {len(names)} classes ({similar or _listed(names)}): "
        "rename it, call it by the class's number, or give the model's names with --classes FILE"
    )


def _by_wordnet(one: str, theirs: Sequence[str], names: Sequence[str]) -> int:
    """ImageNet's classes are in the order of their WordNet IDs."""
    if len(theirs) == len(names) and all(map(_WORDNET.fullmatch, theirs)):
        return sorted(theirs).index(one)
    try:
        from timm.data.imagenet_info import ImageNetInfo
    except ModuleNotFoundError:
        raise CommandError(
            f"{one!r} is a WordNet ID, whose class timm knows: pip install timm"
        ) from None
    known = ImageNetInfo().label_names()
    if one not in known or len(known) != len(names):
        raise CommandError(f"{one!r} is none of ImageNet's {len(known)} WordNet IDs")
    return known.index(one)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_FEW]) + (", …" if len(names) > _FEW else "")
