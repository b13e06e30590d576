"""Many readers at once, of a training that goes on and whose steps are evicted."""

from __future__ import annotations

import pytest

from benchmarks.load import measure
from tensorboard_fgsm.plugin.description import ROUTES


@pytest.mark.long
def test_many_readers_of_a_training_that_goes_on_get_right_answers() -> None:
    load = measure("rust", seconds=3, connections=16)
    assert load.wrong == []
    assert set(load.busy) == {route.name for route in ROUTES}
    assert all(len(times) >= 16 for times in load.busy.values())
