"""What the dashboard shows first, in one answer: each question costs its reader time."""

from __future__ import annotations

import base64
import json
from typing import Any

from tensorboard import errors

from tensorboard_fgsm.format.record import Record
from tensorboard_fgsm.plugin.gate import Gate
from tensorboard_fgsm.plugin.step import Step
from tensorboard_fgsm.plugin.store import Store

_MOST_PICTURES = 2**20
"""Bytes of pictures in the answer: larger ones are asked for by the route for pictures."""

_collecting = Gate(4, seconds=0.1)
"""Who finds no room has the answer without them."""

Runs = list[dict[str, Any]]


def opening(
    store: Store, place: tuple[Any, str], runs: Runs, run: str, tag: str, step: int
) -> tuple[dict[str, Any], bytes | None]:
    """Returns what there is of the step to be shown, and its record as it is stored.

    What cannot be had is left out: who asks for it by its own route is told why.

    Args:
        store: where all is.
        place: the context and the experiment.
        runs: all there are, as the route for runs lists them.
        run: looked at if it is there and has the tag, or else the first that has.
        tag: looked at if any run has it, or else the run's first.
        step: shown, or else the last before it.
    """
    found: dict[str, Any] = {}
    try:
        if not runs:
            return found, None
        tagged = [each for each in runs if tag in each["tags"]] or runs
        focus = next((each for each in tagged if each["run"] == run), tagged[0])
        tag = tag if tag in focus["tags"] else focus["tags"][0]
        series = store.series(*place, focus["run"], tag)
        found |= {"run": focus["run"], "tag": tag, "steps": series.listed()}
        steps = [each for each in series.times if each <= step]
        if not steps:
            return found, None
        shown = store.step(*place, focus["run"], tag, max(steps))
        record, stored = shown.record()
        found |= {"step": max(steps), "pictures": _pictures(shown, record)}
        return found, stored
    except errors.PublicError:
        return found, None


def text(found: dict[str, Any], record: bytes | None) -> bytes:
    """Returns both as one JSON: a record may be large, and stays as it is."""
    head = json.dumps(found).encode()
    return head if record is None else b'%s,"record":%s}' % (head[:-1], record)


def _pictures(step: Step, record: Record) -> list[str]:
    """Returns the first sample's pictures in base64, unless they cannot be had or are too large."""
    try:
        with _collecting:
            stored = step.stored(record, [0] if record.samples else [], most=_MOST_PICTURES)
    except errors.PublicError:
        return []
    return [base64.b64encode(data).decode() for data in stored]
