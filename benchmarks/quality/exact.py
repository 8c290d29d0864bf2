"""What the benchmarks of exactly solvable problems share: everybody on every instance, judged, set beside the optimum."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import contenders, report
from benchmarks.contenders import OURS, Attempt, Terms
from benchmarks.evaluate import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance: its request, the value that is known, and how an answer is judged."""

    name: str
    kind: str
    request: dict[str, Any]
    known: float | None
    judge: Callable[[str, Attempt], Verdict]
    scripts: dict[str, str]
    """Peer's name to the script that expresses this problem."""


def measure(instance: Instance, peers: Sequence[str], terms: Terms) -> list[dict[str, Any]]:
    """Return one row for every contender on one instance."""
    rows = []
    for name in (OURS, *(peer for peer in peers if peer in instance.scripts)):
        if name == OURS:
            attempt = contenders.ours(instance.kind, instance.request, terms)
        else:
            attempt = contenders.peer(instance.scripts[name], {"request": instance.request}, terms)
        verdict = None if attempt.error else instance.judge(name, attempt)
        value = verdict.cost if verdict and verdict.feasible else None
        rows.append({
            "instance": instance.name, "contender": name, "seed": terms.seed, "value": value, "known": instance.known,
            "gap_percent": gap(value, instance.known), "seconds": round(attempt.seconds, 4),
            "error": attempt.error or (verdict.violations[:3] if verdict else None) or None, **attempt.notes,
        })  # fmt: skip
        print(f"  {instance.name} {name}: {value} in {attempt.seconds:.3f} s {rows[-1]['error'] or ''}")
    return rows


def gap(value: float | None, known: float | None) -> float | None:
    """Return the distance above the known minimum in percent of max(1, |known|)."""
    return None if value is None or known is None else 100 * (value - known) / max(1.0, abs(known))


def summarise(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return for everybody: solved, within 1e-6 of the known value, mean gap, seconds, and the ratios of ours to the peer's."""
    by_pair = {(row["instance"], row["contender"], row["seed"]): row for row in rows}
    summary: dict[str, Any] = {}
    for name in dict.fromkeys(row["contender"] for row in rows):
        own = [row for row in rows if row["contender"] == name]
        gaps = [row["gap_percent"] for row in own if row["gap_percent"] is not None]
        pairs = [(by_pair[i, OURS, s], row) for (i, who, s), row in by_pair.items() if who == name]
        both = [(mine, row) for mine, row in pairs if mine["value"] is not None and row["value"] is not None]
        summary[name] = {
            "instances": len(own),
            "solved": sum(row["value"] is not None for row in own),
            "at_known_value": sum(value <= 1e-4 for value in gaps),
            "mean_gap_percent": report.mean(gaps),
            "median_seconds": report.median([row["seconds"] for row in own]),
            "total_seconds": sum(row["seconds"] for row in own),
            "median_solve_seconds": report.median(
                [row["solve_seconds"] for row in own if row.get("solve_seconds") is not None]
            ),
            "median_seconds_ratio_ours_to_peer": report.median(
                [mine["seconds"] / max(row["seconds"], 1e-9) for mine, row in both]
            ),
            "ours_better": sum(mine["value"] < row["value"] - tolerance(row) for mine, row in both),
            "ours_worse": sum(mine["value"] > row["value"] + tolerance(row) for mine, row in both),
        }
    return summary


def tolerance(row: dict[str, Any]) -> float:
    """Return the difference below which two values count as equal."""
    return 1e-6 * max(1.0, abs(float(row["value"])))


def run(benchmark: str, instances: Sequence[Instance], given: argparse.Namespace) -> int:
    """Measure everybody on the chosen instances, print the table and the summary; 1 when ours left an instance unsolved."""
    peers = report.names(given.peers)
    contenders.require_peers(peers)
    wanted = report.names(given.instances)
    chosen = [instance for instance in instances if not wanted or instance.name in wanted][: given.limit]
    contenders.warm_up()
    terms = [Terms(seconds=given.time, seed=seed, threads=given.threads) for seed in range(given.seeds)]
    rows = [row for instance in chosen for limits in terms for row in measure(instance, peers, limits)]
    columns = ["instance", "contender", "seed", "value", "known", "gap_percent", "seconds", "error"]
    print(report.table(columns, [[row[name] for name in columns] for row in rows]))
    summary = {"benchmark": benchmark, "time": given.time, "threads": given.threads, "summary": summarise(rows), "rows": rows}
    report.finish(summary, given.out)
    return 0 if all(row["value"] is not None for row in rows if row["contender"] == OURS) else 1
