"""On how many inputs a law is tried: few in the everyday tests, many more at night."""

from __future__ import annotations

from hypothesis import settings

NIGHTLY = 20
"""How many times as many inputs the profile ``nightly`` tries."""


def register() -> None:
    """Makes the profiles known to ``--hypothesis-profile``; of none, it is the everyday one."""
    # No deadline: a busy machine is slow, not wrong.
    settings.register_profile("everyday", max_examples=100, deadline=None)
    settings.register_profile("nightly", max_examples=100 * NIGHTLY, deadline=None)
    settings.load_profile("everyday")


def tried(examples: int) -> settings:
    """Has a law tried on so many inputs, where each takes a while."""
    nightly = settings.get_current_profile_name() == "nightly"
    return settings(max_examples=examples * (NIGHTLY if nightly else 1))
