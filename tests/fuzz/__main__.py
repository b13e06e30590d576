"""Coverage-guided fuzzing of one target: ``python -m tests.fuzz reader -runs=500000``.

Needs atheris, which is no dependency of the tests: these replay the corpus. What is found is kept
in ``tests/fuzz/found``; what belongs into ``tests/fuzz/corpus`` is for a person to choose. Further
arguments are libFuzzer's.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tensorboard_fgsm", "tests.fuzz.targets"]):
    from tensorboard_fgsm.format import record
    from tests.fuzz.targets import CORPUS, TARGETS

FOUND = Path(__file__).parent / "found"


def _words() -> set[str]:
    """The names of a record's fields, which no mutation would guess."""
    return set(re.findall(r'"\w+"', json.dumps(record.schema())))


def main() -> None:
    """Fuzzes until an input fails, or the runs are done."""
    name, *options = sys.argv[1:]
    found = FOUND / name
    (found / "corpus").mkdir(parents=True, exist_ok=True)
    words = found / "words"
    words.write_text("".join(f"{json.dumps(word)}\n" for word in _words()))
    limits = [
        f"-dict={words}",
        "-timeout=5",
        "-rss_limit_mb=1024",
        "-max_len=8192",
        f"-artifact_prefix={found}/",
    ]
    atheris.Setup(
        [sys.argv[0], *limits, *options, str(found / "corpus"), str(CORPUS / name)], TARGETS[name]
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
