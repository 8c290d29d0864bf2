"""
Vehicle routing: ours beside PyVRP, OR-Tools and VROOM.

`python -m benchmarks.quality.routing --set cvrp --time 20 --peers pyvrp,ortools,vroom`
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import contenders, report
from benchmarks.contenders import OURS, Attempt, Terms
from benchmarks.data import require
from benchmarks.evaluate import RoutingReferee
from benchmarks.readers import li_lim, vrplib_text

SETS = (*vrplib_text.CONVENTIONS, "pdptw")
CANNOT = {
    "vroom": {"pcvrptw", "mdvrptw", "sdvrptw", "hfvrp"},
    "ortools": {"sdvrptw"},
}
"""Sets that a peer's script does not express (VROOM: no prizes, no largest duration)."""


def paths(name: str) -> list[Path]:
    """Return the instance files of a set, smallest first."""
    folder = require("routing", name)
    files = folder.glob("*.vrp") if name != "pdptw" else (path for path in folder.glob("*.txt") if path.stem.count(".") == 0)
    return sorted(files, key=lambda path: (path.stat().st_size, path.name))


def read(name: str, path: Path) -> tuple[dict[str, Any], float | None]:
    """Return the request and the best-known cost (None for Li-Lim, whose records minimise vehicles first)."""
    if name == "pdptw":
        return li_lim.read_request(path), None
    request = vrplib_text.read_request(path, vrplib_text.CONVENTIONS[name])
    published = path.with_suffix(".sol")
    if not published.exists():
        return request, None
    plan = vrplib_text.published_plan(path, vrplib_text.read_solution(published))
    return request, RoutingReferee(request).verdict(plan).cost


def plan_of(attempt: Attempt, name: str) -> list[dict[str, Any]]:
    """Return the routes of an attempt in one shape: vehicle type and names of the visits."""
    if name != OURS:
        routes: list[dict[str, Any]] = attempt.answer["routes"]
        return routes
    return [{"vehicle_type": route["vehicle_type"], "stops": _names(route)} for route in attempt.answer["routes"]]


def _names(route: dict[str, Any]) -> list[str]:
    prefix = {"client": "", "pickup": "pickup:", "delivery": "delivery:"}
    return [prefix[stop["kind"]] + stop["id"] for stop in route["stops"] if stop["kind"] in prefix]


def attempt_of(name: str, request: dict[str, Any], matrix: Path, terms: Terms) -> Attempt:
    """Return what a contender makes of a request."""
    if name == OURS:
        return contenders.ours("routing", request, terms)
    return contenders.peer(f"routing_{name}", {"request": request, "matrix": str(matrix)}, terms)


def measure(path: Path, name: str, who: Sequence[str], terms: Sequence[Terms]) -> list[dict[str, Any]]:
    """Return one row for every contender and seed on one instance."""
    request, best_known = read(name, path)
    referee = RoutingReferee(request)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        matrix = Path(folder) / "matrix.npy"
        np.save(matrix, referee.distance.astype(np.int64))
        for limits in terms:
            for contender in who:
                attempt = attempt_of(contender, request, matrix, limits)
                verdict = None if attempt.error else referee.verdict(plan_of(attempt, contender))
                cost = verdict.cost if verdict and verdict.feasible else None
                rows.append({
                    "instance": path.stem, "contender": contender, "seed": limits.seed, "cost": cost, "best_known": best_known,
                    "gap_percent": 100 * (cost / best_known - 1) if cost is not None and best_known else None,
                    "seconds": round(attempt.seconds, 3),
                    "error": attempt.error or (verdict.violations[:3] if verdict else None) or None,
                    **attempt.notes,
                })  # fmt: skip
                print(
                    f"  {path.stem} {contender} seed {limits.seed}: {cost} in {attempt.seconds:.1f} s {rows[-1]['error'] or ''}"
                )
    return rows


def summarise(rows: list[dict[str, Any]], who: Sequence[str]) -> dict[str, Any]:
    """Return mean gap, mean cost ratio against ours, and wins, ties and losses of ours, from medians over the seeds."""
    instances = list(dict.fromkeys(row["instance"] for row in rows))
    medians = {
        (instance, name): report.median([row["cost"] for row in _of(rows, instance, name) if row["cost"] is not None])
        for instance in instances
        for name in who
    }
    best = {row["instance"]: row["best_known"] for row in rows}
    summary: dict[str, Any] = {}
    for name in who:
        gaps = [100 * (cost / best[i] - 1) for i in instances if (cost := medians[i, name]) is not None and best[i]]
        summary[name] = {
            "mean_gap_percent": report.mean(gaps),
            "solved": sum(medians[i, name] is not None for i in instances),
            "seconds": report.median([row["seconds"] for row in rows if row["contender"] == name]),
        }
        pairs = [(medians[i, OURS], medians[i, name]) for i in instances]
        both = [(mine, other) for mine, other in pairs if mine is not None and other is not None]
        if name != OURS:
            summary[name] |= {
                "cost_ratio_ours_to_peer": report.mean([mine / other for mine, other in both]),
                "ours_better": sum(mine < other for mine, other in both),
                "equal": sum(mine == other for mine, other in both),
                "ours_worse": sum(mine > other for mine, other in both),
            }
    return summary


def _of(rows: list[dict[str, Any]], instance: str, name: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["instance"] == instance and row["contender"] == name]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark from the command line."""
    line = report.parser("Vehicle routing in fixed seconds.", peers="pyvrp,ortools,vroom", seconds=20)
    line.add_argument("--set", choices=SETS, default="cvrp")
    given = line.parse_args(arguments)
    files = [path for path in paths(given.set) if not given.instances or path.stem in report.names(given.instances)]
    peers = report.names(given.peers)
    contenders.require_peers(peers)
    who = [OURS, *(name for name in peers if given.set not in CANNOT.get(name, ()))]
    terms = [Terms(seconds=given.time, seed=seed, threads=given.threads) for seed in range(given.seeds)]
    contenders.warm_up()
    rows = [row for path in files[: given.limit] for row in measure(path, given.set, who, terms)]
    columns = ["instance", "contender", "seed", "cost", "best_known", "gap_percent", "seconds", "error"]
    print(report.table(columns, [[row[name] for name in columns] for row in rows]))
    summary = summarise(rows, who)
    report.finish({"benchmark": "quality.routing", "set": given.set, "time": given.time, "threads": given.threads,
                   "seeds": given.seeds, "summary": summary, "rows": rows}, given.out)  # fmt: skip
    return 0 if all(row["cost"] is not None for row in rows if row["contender"] == OURS) else 1


if __name__ == "__main__":
    raise SystemExit(main())
