"""What fuzzing found, replayed; and the same seeds, mutated for some seconds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import CORPUS, TARGETS

SEEDS = {
    f"{name}-{path.name}": (name, path.read_bytes())
    for name in TARGETS
    for path in sorted((CORPUS / name).iterdir())
}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_fuzzing_found_is_refused_or_read(seed: str) -> None:
    name, data = SEEDS[seed]
    TARGETS[name](data)


def edited(data: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with some of them exchanged, taken away and put in between."""
    pieces = st.binary(max_size=12) | st.sampled_from([b"\0" * 4, b"\xff" * 8, b'"', b"9" * 30])
    edits = st.tuples(st.integers(0, len(data)), st.integers(0, 12), pieces)

    def apply(chosen: list[tuple[int, int, bytes]]) -> bytes:
        changed = data
        for at, length, piece in chosen:
            changed = changed[:at] + piece + changed[at + length :]
        return changed

    return st.lists(edits, max_size=4).map(apply)


@pytest.mark.parametrize("name", TARGETS)
def test_mutations_of_the_corpus_are_refused_or_read(name: str, exhaustive: bool) -> None:
    seeds = [data for target, data in SEEDS.values() if target == name]

    @settings(
        max_examples=3000 if exhaustive else 300,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(seeds).flatmap(edited))
    def mutated(data: bytes) -> None:
        TARGETS[name](data)

    mutated()
