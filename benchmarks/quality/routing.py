"""
Vehicle routing: ours beside PyVRP, OR-Tools and VROOM.

`python -m benchmarks.quality.routing --set cvrp --time 20 --threads 2 --peers ours_alone,pyvrp,pyvrp_cores,ortools,vroom`
`python -m benchmarks.quality.routing --table --threads 2 --seeds 2` fills what the table of all sets still lacks.

Beside the peers: `ours_alone` is ours on one thread, the name of a solver is ours by that one, and `pyvrp_cores` the best of as
many PyVRP runs side by side as there are threads, each with a seed of its own.
"""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import contenders, report
from benchmarks.contenders import OURS, Attempt, Terms
from benchmarks.evaluate import RoutingReferee
from benchmarks.quality import routing_table
from benchmarks.quality.routing_sets import CANNOT, SETS, paths, read
from benchmarks.quality.routing_table import ALONE, CORES

VARIANTS = {ALONE: "auto"} | {name: name for name in ("iterated_local_search", "guided_local_search", "ruin_and_recreate")}
"""Contenders that are ours on one thread, and the solver that they name."""

DISTRIBUTIONS = {"pyvrp": "pyvrp", CORES: "pyvrp", "vroom": "pyvroom", "ortools": "ortools"}
"""Peers and the distributions that they come from."""

SEEDS_APART = 1_000
"""Between the seeds of the same peer on several cores."""


def plan_of(attempt: Attempt, name: str) -> list[dict[str, Any]]:
    """Return the routes of an attempt in one shape: vehicle type and names of the visits."""
    if name != OURS and name not in VARIANTS:
        routes: list[dict[str, Any]] = attempt.answer["routes"]
        return routes
    return [{"vehicle_type": route["vehicle_type"], "stops": _names(route)} for route in attempt.answer["routes"]]


def _names(route: dict[str, Any]) -> list[str]:
    prefix = {"client": "", "pickup": "pickup:", "delivery": "delivery:", "reload": "reload:"}
    return [prefix[stop["kind"]] + stop["id"] for stop in route["stops"] if stop["kind"] in prefix]


def attempt_of(name: str, request: dict[str, Any], matrix: Path, terms: Terms) -> Attempt:
    """Return what a contender makes of a request."""
    if name == OURS:
        return contenders.ours("routing", request, terms)
    if name in VARIANTS:
        named = {**request, "options": {**request.get("options", {}), "solver": VARIANTS[name]}}
        return contenders.ours("routing", named, replace(terms, threads=1))
    if name == CORES:
        return best_of_cores(request, matrix, terms)
    return contenders.peer(f"routing_{name}", {"request": request, "matrix": str(matrix)}, terms)


def best_of_cores(request: dict[str, Any], matrix: Path, terms: Terms) -> Attempt:
    """Return the best of as many PyVRP runs side by side as there are threads."""
    referee = RoutingReferee(request)
    task = {"request": request, "matrix": str(matrix)}
    seeds = [replace(terms, seed=terms.seed + SEEDS_APART * k, threads=1) for k in range(terms.threads)]
    with ThreadPoolExecutor(terms.threads) as pool:
        attempts = list(pool.map(lambda own: contenders.peer("routing_pyvrp", task, own), seeds))
    solved = [attempt for attempt in attempts if attempt.error is None]
    return min(solved, key=lambda attempt: referee.verdict(attempt.answer["routes"]).cost) if solved else attempts[0]


def measure(path: Path, name: str, who: Sequence[tuple[str, Terms]]) -> Iterator[dict[str, Any]]:
    """Yield one row for every contender with its terms on one instance, one after the other."""
    request, best_known = read(name, path)
    referee = RoutingReferee(request)
    with tempfile.TemporaryDirectory() as folder:
        matrix = Path(folder) / "matrix.npy"
        np.save(matrix, referee.distance.astype(np.int64))
        for contender, limits in who:
            attempt = attempt_of(contender, request, matrix, limits)
            verdict = None if attempt.error else referee.verdict(plan_of(attempt, contender))
            cost = verdict.cost if verdict and verdict.feasible else None
            error = attempt.error or (verdict.violations[:3] if verdict else None) or None
            print(f"  {path.stem} {contender} seed {limits.seed}: {cost} in {attempt.seconds:.1f} s {error or ''}", flush=True)
            yield {
                "instance": path.stem, "contender": contender, "seed": limits.seed, "cost": cost, "best_known": best_known,
                "gap_percent": 100 * (cost / best_known - 1) if cost is not None and best_known else None,
                "seconds": round(attempt.seconds, 3), "error": error, **attempt.notes,
            }  # fmt: skip


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
    line = report.parser("Vehicle routing in fixed seconds.", peers="", seconds=20)
    line.add_argument("--set", default="", help=f"one of {', '.join(SETS)}; with --table several, or none for all")
    line.add_argument("--table", action="store_true", help="measure what the table of all sets still lacks")
    line.add_argument("--show", action="store_true", help="with --table: print what there is, measure nothing")
    line.add_argument("--any-version", action="store_true", help="with --table: rows of other versions of ours count too")
    line.set_defaults(peers=None)
    given = line.parse_args(arguments)
    if unknown := set(report.names(given.set)) - set(SETS):
        line.error(f"--set: unknown {', '.join(sorted(unknown))}; known are {', '.join(SETS)}")
    if given.table:
        versions = contenders.peer_versions(DISTRIBUTIONS)
        if not given.show:
            contenders.warm_up()
        return routing_table.run(given, measure, versions)
    name = given.set or "cvrp"
    files = [path for path in paths(name) if not given.instances or path.stem in report.names(given.instances)]
    peers = report.names("pyvrp,ortools,vroom" if given.peers is None else given.peers)
    contenders.require_peers([peer for peer in peers if peer not in VARIANTS])
    who = [OURS, *(peer for peer in peers if name not in CANNOT.get(peer, ()))]
    terms = [Terms(seconds=given.time, seed=seed, threads=given.threads) for seed in range(given.seeds)]
    contenders.warm_up()
    both = [(contender, limits) for limits in terms for contender in who]
    rows = [row for path in files[: given.limit] for row in measure(path, name, both)]
    columns = ["instance", "contender", "seed", "cost", "best_known", "gap_percent", "seconds", "error"]
    print(report.table(columns, [[row[name] for name in columns] for row in rows]))
    summary = summarise(rows, who)
    report.finish({"benchmark": "quality.routing", "set": name, "time": given.time, "threads": given.threads,
                   "seeds": given.seeds, "summary": summary, "rows": rows}, given.out)  # fmt: skip
    return 0 if all(row["cost"] is not None for row in rows if row["contender"] == OURS) else 1


if __name__ == "__main__":
    raise SystemExit(main())
