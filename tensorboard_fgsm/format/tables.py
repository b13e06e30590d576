"""What a record says as tables of plain columns, named as in the files that the tab saves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tensorboard_fgsm.format.interval import wilson
from tensorboard_fgsm.format.record import Record
from tensorboard_fgsm.format.sample import Sample

T = TypeVar("T")

Table = dict[str, list[Any]]
"""A list of cells for each column, all of one length: what ``pandas.DataFrame`` takes."""

EPSILON = ("epsilon", "epsilon_255")
CURVE = (
    *(*EPSILON, "accuracy", "random_noise_accuracy", "plain_fgsm_accuracy", "count"),
    *("accuracy_low", "accuracy_high"),
    *("stronger_attack_accuracy", "stronger_attack_count", "gradient_alignment"),
)
CLASSES = (
    *(*EPSILON, "class", "name", "count", "clean_right", "robust_right"),
    *("predicted_instead", "predicted_instead_name", "predicted_instead_count"),
)
SAMPLES = (
    *(*EPSILON, "sample", "label", "label_name", "target", "predicted", "predicted_name"),
    *("confidence", "label_probability", "right", "flipped", "flip_epsilon"),
    "random_noise_predicted",
)
TRANSFERS = (
    *(*EPSILON, "made_on", "shown_to", "fooled", "right", "fooled_rate"),
    *("fooled_rate_low", "fooled_rate_high"),
)

CLIMB = (*EPSILON, "attack_step", "loss", "right", "count", "accuracy")


def curve(record: Record, place: Mapping[str, Any]) -> Table:
    """The accuracy over all samples: a row for epsilon 0, the clean one, and each logged epsilon.

    Args:
        record: of the step.
        place: columns to stand before the others, each with the cell of all its rows.
    """
    return _table(place, CURVE, _curve_rows(record))


def classes(record: Record, place: Mapping[str, Any]) -> Table:
    """What becomes of all samples of each true class: a row a logged epsilon and class.

    Beside how many are right, clean and at epsilon, stands the class most predicted instead.
    Arguments as of ``curve``.
    """
    return _table(place, CLASSES, _class_rows(record))


def samples(record: Record, place: Mapping[str, Any]) -> Table:
    """What the model says of each sample that has pictures: a row a sample and epsilon.

    Epsilon 0 is the original. Arguments as of ``curve``.
    """
    rows = (row for sample in record.samples for row in _sample_rows(record, sample))
    return _table(place, SAMPLES, rows)


def transfers(record: Record, place: Mapping[str, Any]) -> Table:
    """Whom the examples made on each model fool, of those attacked together: a row a logged
    epsilon, model that they are made on and model that is shown them.

    ``right`` is on how many originals the latter is right, ``fooled`` how many of their examples
    fool it. Arguments as of ``curve``.
    """
    return _table(place, TRANSFERS, _transfer_rows(record))


def climb(record: Record, place: Mapping[str, Any]) -> Table:
    """How the mean loss went along the attack's steps, and on how many samples the model was right:
    a row a logged epsilon and step of the attack, of which 0 is its start.

    Arguments as of ``curve``.
    """
    return _table(place, CLIMB, _climb_rows(record))


def _climb_rows(record: Record) -> Iterator[dict[str, Any]]:
    known = record.climb
    if known is None:
        return
    for epsilon, losses, rights in zip(record.epsilons, known.losses, known.right, strict=True):
        for step, (loss, right) in enumerate(zip(losses, rights, strict=True)):
            yield {
                "epsilon": epsilon,
                "epsilon_255": _in_255ths(epsilon),
                "attack_step": step,
                "loss": loss,
                "right": right,
                "count": record.count,
                "accuracy": right / record.count,
            }


def _transfer_rows(record: Record) -> Iterator[dict[str, Any]]:
    known = record.transfers
    if known is None:
        return
    for e, epsilon in enumerate(record.epsilons):
        for source, row in zip(known.models, known.fooled, strict=True):
            for target, right, fooled in zip(known.models, known.right, row, strict=True):
                rate = fooled[e] / right if right else None
                low, high = (None, None) if rate is None else wilson(rate, right)
                yield {
                    "epsilon": epsilon,
                    "epsilon_255": _in_255ths(epsilon),
                    "made_on": source,
                    "shown_to": target,
                    "fooled": fooled[e],
                    "right": right,
                    "fooled_rate": rate,
                    "fooled_rate_low": low,
                    "fooled_rate_high": high,
                }


def _curve_rows(record: Record) -> Iterator[dict[str, Any]]:
    epsilons = _with_clean(record, 0.0, record.epsilons)
    robust = _with_clean(record, record.clean_accuracy, record.robust_accuracy)
    noise, plain = (
        _with_clean(record, record.clean_accuracy, logged) if logged else [None] * len(epsilons)
        for logged in (record.control_accuracy, record.reference_accuracy)
    )
    check = record.check
    held = _with_clean(record, None, check.held if check else [None] * len(record.epsilons))
    none = [None] * len(record.epsilons)
    alignment = _with_clean(record, None, record.alignment or none)
    for e, epsilon in enumerate(epsilons):
        low, high = wilson(robust[e], record.count)
        yield {
            "epsilon": epsilon,
            "epsilon_255": _in_255ths(epsilon),
            "accuracy": robust[e],
            "random_noise_accuracy": noise[e],
            "plain_fgsm_accuracy": plain[e],
            "count": record.count,
            "accuracy_low": low,
            "accuracy_high": high,
            "stronger_attack_accuracy": None if check is None else _share(held[e], check.count),
            "stronger_attack_count": check and check.count,
            "gradient_alignment": alignment[e],
        }


def _share(held: int | None, count: int) -> float | None:
    return None if held is None else held / count


def _class_rows(record: Record) -> Iterator[dict[str, Any]]:
    for e, epsilon in enumerate(record.epsilons):
        for counts in record.classes:
            outcome = counts.adversarial[e]
            most = outcome.became[0] if outcome.became else None
            yield {
                "epsilon": epsilon,
                "epsilon_255": _in_255ths(epsilon),
                "class": counts.label,
                "name": _name(record, counts.label),
                "count": counts.count,
                "clean_right": counts.clean.correct,
                "robust_right": outcome.correct,
                "predicted_instead": most and most.predicted,
                "predicted_instead_name": most and _name(record, most.predicted),
                "predicted_instead_count": most and most.count,
            }


def _sample_rows(record: Record, sample: Sample) -> Iterator[dict[str, Any]]:
    flips = [sample.flipped(e) for e in range(len(record.epsilons))]
    for epsilon, said, flipped, noise in zip(
        _with_clean(record, 0.0, record.epsilons),
        _with_clean(record, sample.clean, sample.adversarial),
        _with_clean(record, False, flips),
        _with_clean(record, sample.clean, sample.control or [sample.clean] * len(flips)),
        strict=True,
    ):
        predicted = said.classes[0]
        yield {
            "epsilon": epsilon,
            "epsilon_255": _in_255ths(epsilon),
            "sample": sample.index,
            "label": sample.label,
            "label_name": _name(record, sample.label),
            "target": sample.target,
            "predicted": predicted,
            "predicted_name": _name(record, predicted),
            "confidence": said.probabilities[0],
            "label_probability": said.label_probability,
            "right": predicted == sample.label,
            "flipped": flipped,
            "flip_epsilon": sample.flip_epsilon,
            "random_noise_predicted": noise.classes[0] if sample.control else None,
        }


def _with_clean(record: Record, clean: T, logged: Sequence[T]) -> list[T]:
    """What holds of the clean inputs, and at each logged epsilon, the first of which may be 0."""
    return list(logged) if record.epsilons[0] == 0 else [clean, *logged]


def _in_255ths(epsilon: float) -> float:
    """An epsilon of pixel units in [0, 1], without the traces of the division."""
    return float(f"{epsilon * 255:.12g}")


def _name(record: Record, label: int) -> str | None:
    return None if record.class_names is None else record.class_names[label]


def _table(
    place: Mapping[str, Any], names: tuple[str, ...], rows: Iterator[dict[str, Any]]
) -> Table:
    cells = [{**place, **row} for row in rows]
    return {name: [row[name] for row in cells] for name in (*place, *names)}
