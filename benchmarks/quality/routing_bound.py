"""
Lower bounds of routing plans: the gap to the best plan ever found, and whether any bound lies above one.

`python -m benchmarks.quality.routing_bound --time 60` solves the first 25, 50 and 100 clients of five Gehring-Homberger files
of different classes, and two small instances of the X set, each with `options.bound: column_generation`. The best plans are
kept in the result file and replaced when a better one is found, so that bounds are judged by ever better plans. No peer has
bounds.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import contenders, report
from benchmarks.contenders import Terms
from benchmarks.data import PROJECT, require
from benchmarks.evaluate import RoutingReferee
from benchmarks.quality.routing import plan_of
from benchmarks.readers import vrplib_text

FILES = ("C1_10_2", "C2_10_6", "R1_10_1", "R2_10_8", "RC1_10_5")
SIZES = (25, 50, 100)
WHOLE = ("X-n101-k25", "X-n110-k13")

RESULT = PROJECT / "benchmarks" / "results" / "routing_bound.json"
COLUMNS = ["instance", "clients", "bound", "cost", "best", "gap_percent", "valid", "proved", "seconds", "error"]

ALLOWANCE = 1e-9
"""Relative difference that rounding of sums makes."""


def cases() -> list[tuple[str, int | None]]:
    """Return the names of the files, each with how many of its clients are taken, None for all."""
    return [(name, size) for size in SIZES for name in FILES] + [(name, None) for name in WHOLE]


def read(name: str, size: int | None) -> dict[str, Any]:
    """Return the request of a case."""
    folder = "cvrp" if size is None else "vrptw"
    request = vrplib_text.read_request(require("routing", folder) / f"{name}.vrp", vrplib_text.CONVENTIONS[folder])
    if size is not None:
        # The depot comes first.
        request["clients"], request["locations"] = request["clients"][:size], request["locations"][: size + 1]
    return request


def measure(name: str, size: int | None, terms: Terms, best: dict[str, Any]) -> dict[str, Any]:
    """Return the row of a case, and keep its plan in `best` when it is the best one yet."""
    request = read(name, size)
    key = name if size is None else f"{name}/{size}"
    attempt = contenders.ours("routing", {**request, "options": {"bound": "column_generation"}}, terms)
    bound = attempt.notes.get("bound")
    cost = None
    if attempt.error is None:
        routes = plan_of(attempt, contenders.OURS)
        verdict = RoutingReferee(request).verdict(routes)
        cost = verdict.cost if verdict.feasible else None
        if cost is not None and (key not in best or cost < best[key]["cost"]):
            best[key] = {"cost": cost, "routes": [route["stops"] for route in routes]}
    known = best[key]["cost"] if key in best else None
    return {
        "instance": name, "clients": len(request["clients"]), "bound": bound, "cost": cost, "best": known,
        "gap_percent": 100 * (1 - bound / known) if bound is not None and known else None,
        "valid": None if bound is None or known is None else bound <= known * (1 + ALLOWANCE),
        "proved": bound is not None and cost is not None and bound >= cost * (1 - ALLOWANCE),
        "seconds": round(attempt.seconds, 2), "error": attempt.error,
    }  # fmt: skip


def summarise(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return mean gaps, overall and by number of clients, and how many bounds are valid and close."""
    sizes = sorted({row["clients"] for row in rows})
    by_size = {
        size: [row["gap_percent"] for row in rows if row["clients"] == size and row["gap_percent"] is not None]
        for size in sizes
    }
    gaps = [gap for group in by_size.values() for gap in group]
    return {
        "mean_gap_percent": report.mean(gaps),
        "largest_gap_percent": max(gaps, default=None),
        "mean_gap_percent_by_clients": {str(size): report.mean(group) for size, group in by_size.items()},
        "bounds": len(gaps),
        "valid": sum(row["valid"] is True for row in rows),
        "proved_optimal": sum(row["proved"] for row in rows),
        "cases": len(rows),
    }


def known_plans(path: Path) -> dict[str, Any]:
    """Return the best plans of earlier runs, by case."""
    return dict(json.loads(path.read_text(encoding="utf-8")).get("best", {})) if path.exists() else {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line; the exit code is 1 when a bound is missing or above a plan."""
    line = report.parser("Lower bounds of routing plans in fixed seconds.", peers="", seconds=60)
    line.set_defaults(out=RESULT)
    given = line.parse_args(arguments)
    wanted = report.names(given.instances)
    best = known_plans(RESULT)
    contenders.warm_up()
    rows = []
    for name, size in [case for case in cases() if not wanted or case[0] in wanted][: given.limit]:
        row = measure(name, size, Terms(seconds=given.time, threads=given.threads), best)
        print(f"  {name} {row['clients']}: bound {row['bound']}, best {row['best']}, {row['seconds']} s {row['error'] or ''}")
        rows.append(row)
    print(report.table(COLUMNS, [[row[name] for name in COLUMNS] for row in rows]))
    summary = summarise(rows)
    report.finish({"benchmark": "quality.routing_bound", "time": given.time, "threads": given.threads, "summary": summary,
                   "rows": rows, "best": best}, given.out)  # fmt: skip
    return 0 if summary["valid"] == len(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
