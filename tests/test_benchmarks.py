"""The arithmetic of the benchmarks' reports; what they measure is run by ``make bench``."""

from __future__ import annotations

import statistics

import pytest

from benchmarks import tables


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([2.0], "2.00"),
        ([1.0, 2.0, 3.0, 4.0, 5.0], "3.00 (2.00 to 4.00)"),
        ([1234.5, 1234.5], "1,234.50 (1,234.50 to 1,234.50)"),
    ],
)
def test_a_median_says_between_which_values_half_of_them_lie(values, text: str) -> None:
    assert tables.middle(values) == text


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.99, 1])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share: float) -> None:
    values = [(7 * k) % 101 for k in range(101)]  # each of 0 to 100 once, in no order
    found = tables.percentile(values, share)
    below = sum(value <= found for value in values)
    assert below >= share * len(values) > below - 1


def test_a_table_is_markdown() -> None:
    assert tables.table(["", "ms"], [["ours", 1], ["theirs", "2.5"]]) == (
        "|  | ms |\n| --- | ---: |\n| ours | 1 |\n| theirs | 2.5 |\n"
    )


@pytest.mark.parametrize(("power", "kept"), [(0, True), (1, True), (1.1, True), (2, False)])
def test_the_exponent_of_growth_is_that_of_the_power(power: float, kept: bool) -> None:
    from benchmarks.growth import FACTORS, LINEAR, Growth

    values = {factor: [3.0 * factor**power * noise for noise in (0.8, 1, 2)] for factor in FACTORS}
    growth = Growth("a call", "samples", values, LINEAR)
    assert growth.exponent == pytest.approx(power)
    assert ("not kept" in growth.row[-1]) != kept
    middle = statistics.median(values[4])
    assert growth.row[3].startswith(f"{middle:,.2f} (")
