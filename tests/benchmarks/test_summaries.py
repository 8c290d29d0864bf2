"""Summaries count wins and losses the same way for everybody."""

from typing import Any

import pytest

from benchmarks import report
from benchmarks.quality import exact, routing


def row(instance: str, contender: str, value: float | None, *, seed: int = 0, known: float = 100.0) -> dict[str, Any]:
    """Return a row as both kinds of benchmarks write it."""
    return {
        "instance": instance, "contender": contender, "seed": seed, "cost": value, "value": value, "best_known": known,
        "known": known, "gap_percent": exact.gap(value, known), "seconds": 1.0,
    }  # fmt: skip


def test_routing_compares_medians_over_the_seeds():
    """Ours has the median 102 of three seeds and loses to 101."""
    rows = [row("a", "ours", value, seed=k) for k, value in enumerate([101.0, 102.0, 110.0])]
    rows += [row("a", "peer", 101.0, seed=k) for k in range(3)]
    summary = routing.summarise(rows, ["ours", "peer"])
    assert summary["ours"]["mean_gap_percent"] == pytest.approx(2)
    assert (summary["peer"]["ours_better"], summary["peer"]["ours_worse"]) == (0, 1)


def test_an_unsolved_instance_is_not_compared():
    """A peer without an answer counts as unsolved and enters no ratio."""
    rows = [row("a", "ours", 100.0), row("a", "peer", None), row("b", "ours", 110.0), row("b", "peer", 100.0)]
    summary = routing.summarise(rows, ["ours", "peer"])
    assert summary["peer"]["solved"] == 1
    assert summary["peer"]["cost_ratio_ours_to_peer"] == pytest.approx(1.1)


def test_exact_values_within_the_tolerance_are_equal():
    """A difference of one part in ten millions is neither a win nor a loss."""
    rows = [row("a", "ours", 100.00001), row("a", "peer", 100.0), row("b", "ours", 105.0), row("b", "peer", 100.0)]
    summary = exact.summarise(rows)
    assert (summary["peer"]["ours_better"], summary["peer"]["ours_worse"]) == (0, 1)
    assert summary["ours"]["at_known_value"] == 1


def test_table_aligns_columns_and_marks_what_is_missing():
    """None is a dash, and every column is as wide as its widest cell."""
    assert report.table(["name", "value"], [["long-name", None], ["b", 1.5]]).splitlines() == [
        "name       value",
        "---------  -----",
        "long-name  -",
        "b          1.5",
    ]
