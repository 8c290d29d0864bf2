"""The table of routing sets keeps what was measured and judges ratios against their aims."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import routing_table
from benchmarks.quality.routing_table import Results, contenders_of, lines, ratio


def row(contender: str, gap: float | None, *, instance: str = "a", seed: int = 0, name: str = "cvrp") -> dict[str, Any]:
    """Return a row as the benchmark keeps it; the cost is 100 and the gap."""
    cost = None if gap is None else 100.0 + gap
    return {"set": name, "instance": instance, "contender": contender, "seed": seed, "gap_percent": gap, "cost": cost}


def test_ratio_is_that_of_the_mean_gaps():
    """Gaps of 1 and 2 against 2 and 4 are half, and the aim of 0.6 is met."""
    rows = [row("ours", 1.0), row("ours", 2.0, instance="b"), row("pyvrp", 2.0), row("pyvrp", 4.0, instance="b")]
    (line,) = lines(rows)
    assert line["ratio"] == pytest.approx(0.5)
    assert line["met"]


def test_missed_aim_is_said():
    """A ratio of 0.75 misses 0.6."""
    (line,) = lines([row("ours", 1.5), row("pyvrp", 2.0)])
    assert not line["met"]


def test_seeds_are_averaged():
    """Gaps 1 and 3 of two seeds count as 2."""
    rows = [row("ours", 1.0), row("ours", 3.0, seed=1), row("pyvrp", 4.0), row("pyvrp", 4.0, seed=1)]
    assert lines(rows)[0]["value"] == pytest.approx(2)


def test_unsolved_instance_of_ours_misses_every_aim():
    """An instance without a feasible answer of ours is a miss, whatever the others look like."""
    rows = [row("ours", 0.1), row("ours", None, instance="b"), row("pyvrp", 2.0), row("pyvrp", 4.0, instance="b")]
    (line,) = lines(rows)
    assert (line["unsolved"], line["met"]) == (1, False)


def test_peer_without_any_gap_is_met_by_none():
    """Where the peer finds every best-known plan, ours meets the aim only with the same plans."""
    assert lines([row("ours", 0.0, name="mtvrptwr"), row("pyvrp", 0.0, name="mtvrptwr")])[0]["met"]
    assert not lines([row("ours", 0.1, name="mtvrptwr"), row("pyvrp", 0.0, name="mtvrptwr")])[0]["met"]


def test_small_tasks_are_judged_by_the_dearest():
    """One instance 1 % dearer misses the aim of half a percent although the mean is equal."""
    rows = [row("ours", 1.0, name="pdptw_small"), row("ours", -1.0, instance="b", name="pdptw_small")]
    rows += [row("pyvrp", 0.0, name="pdptw_small"), row("pyvrp", 0.0, instance="b", name="pdptw_small")]
    assert lines(rows)[0]["ratio"] == pytest.approx(1.01)


def test_costs_are_compared_by_their_sum():
    """Costs 100 and 300 against 200 and 300 are four fifths."""
    assert ratio("cost", [100, 300], [200, 300]) == pytest.approx(0.8)


def test_measured_rows_are_kept(tmp_path: Path):
    """A row in the file is found again by a later sitting."""
    key = {"set": "cvrp", "instance": "a", "contender": "ours", "seed": 0, "version": "1"}
    Results(tmp_path / "out.json").add(row("ours", 1.0), key)
    assert Results(tmp_path / "out.json").has(key)


def test_rows_of_another_version_are_measured_again(tmp_path: Path):
    """A changed version does not find the old row, unless any version will do, and replaces it."""
    key = {"set": "cvrp", "instance": "a", "contender": "ours", "seed": 0, "version": "1"}
    results = Results(tmp_path / "out.json")
    results.add(row("ours", 1.0), key)
    assert not results.has({**key, "version": "2"})
    assert Results(tmp_path / "out.json", any_version=True).has({**key, "version": "2"})
    results.add(row("ours", 0.5), {**key, "version": "2"})
    assert [kept["gap_percent"] for kept in results.rows] == [0.5]


def test_peers_without_an_aim_are_left_out_of_a_set():
    """VROOM has an aim on the X set and none on heterogeneous fleets."""
    assert "vroom" in contenders_of("cvrp", routing_table.CONTENDERS)
    assert contenders_of("hfvrp", routing_table.CONTENDERS) == ["ours", "ours_alone", "pyvrp", "pyvrp_cores"]


def test_version_of_ours_follows_the_sources(monkeypatch: pytest.MonkeyPatch):
    """Other folders give another version; a peer's version is its library's."""
    before = routing_table.version_of("ours", {})
    monkeypatch.setattr(routing_table, "SOURCES", ("solvers/linear",))
    assert routing_table.version_of("ours", {}) != before
    assert routing_table.version_of("pyvrp", {"pyvrp": "0.14.1"}) == "0.14.1"
