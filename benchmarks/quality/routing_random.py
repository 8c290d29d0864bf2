"""
Random small routing problems by the thousand: every answer verified, the plain ones compared with enumeration.

Each problem is solved by `auto` and by every solver that supports it, with a small iteration limit on one thread, all in one
process. The certificate of each answer is the product's independent check. Families that plain enumeration can solve
(`tests.oracles.routing`, which shares nothing with the product) are compared with it; all others with the exact solver where
that one supports them. Some problems are solved twice: the answers must be the same.

    python -m benchmarks.quality.routing_random --problems 10000
"""

import json
import time
import traceback
from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import campaign, report
from benchmarks.random_routing import PLAIN, Request, request_of
from models.routing import RoutingProblem
from models.run import Answer
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.registry import FEATURES
from solvers.routing.semantics import issues, warnings
from tests.oracles.routing import best_value

RESULTS = Path(__file__).resolve().parent.parent / "results" / "routing_random.json"
RICH = "rich"
"""Key of the results of `routing_random_rich` in the same file."""

ITERATIONS = 200
REPEATED = 10
"""One of so many problems is solved twice by each solver."""

SHOWN = 20
"""Most problems of each kind of trouble that are listed."""

ROUTING = FEATURES["routing"]
EXACT = "dynamic_programming"
Value = tuple[float, float]


class Campaign:
    """Counts over all problems: by solver and family, and the seeds of what went wrong."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {}
        self.families: Counter[str] = Counter()
        self.trouble: list[dict[str, Any]] = []

    def run(self, seed: int) -> None:
        """Solve one problem in every way and count."""
        family, request = request_of(seed)
        self.families[family] += 1
        problem = problem_of(request, solver="auto", seed=seed)
        found = issues(problem)
        if found:
            self._note("invalid", "request", seed, found[0].model_dump())
            return
        values = {"auto": self._solve("auto", seed, request)}
        for name, solver in ROUTING.solvers.items():
            if solver.supports(problem_of(request, solver=name, seed=seed)) is None:
                values[name] = self._solve(name, seed, request)
        best = best_value(request) if family in PLAIN else values.get(EXACT)
        kind = "enumeration" if family in PLAIN else "exact"
        for name, value in values.items():
            if best is not None and value is not None and not (kind == "exact" and name == EXACT):
                verdict = compared(value, best)
                self._count(name, f"{verdict} {kind}")
                # Automatic choice takes the exact solver for all problems that can be enumerated.
                if verdict == "below" or (verdict == "above" and kind == "enumeration" and name in ("auto", EXACT)):
                    self._note(f"{verdict} {kind}", name, seed, {"value": value, "best": best})

    def _solve(self, name: str, seed: int, request: Request) -> Value | None:
        """Solve, count the verdict of the check, and return the value of a verified answer."""
        self._count(name, "solved")
        try:
            result = solved(request, solver=name, seed=seed)
            if seed % REPEATED == 0:
                again = solved(request, solver=name, seed=seed)
                same = (again.solution, again.objective) == (result.solution, result.objective)
                self._count(name, "repeated" if same else "repeated differently")
                if not same:
                    self._note("repeated differently", name, seed, None)
        except Exception:  # what breaks is counted, and the campaign goes on
            self._count(name, "errors")
            self._note("errors", name, seed, traceback.format_exc().splitlines()[-6:])
            return None
        if result.certificate is None or not result.certificate.verified or result.status != "succeeded":
            self._count(name, "not verified")
            self._note("not verified", name, seed, None if result.error is None else result.error.detail)
            return None
        self._count(name, "verified")
        return value_of(request, result)

    def _count(self, name: str, what: str) -> None:
        self.counts.setdefault(name, Counter())[what] += 1

    def _note(self, what: str, name: str, seed: int, detail: Any) -> None:
        if sum(entry["what"] == what for entry in self.trouble) < SHOWN:
            self.trouble.append({"what": what, "solver": name, "seed": seed, "detail": detail})


def problem_of(request: Request, *, solver: str, seed: int) -> RoutingProblem:
    """Return the problem with a small iteration limit on one thread."""
    options = {"solver": solver, "seed": seed % 1000, "iteration_limit": ITERATIONS, "threads": 1, "time_limit_s": 30}
    return RoutingProblem.model_validate({**request, "options": options})


def solved(request: Request, *, solver: str, seed: int) -> Answer[Any, Any]:
    """Return the answer of a solver, through the pipeline that the service uses."""
    problem = problem_of(request, solver=solver, seed=seed)
    return answer(ROUTING, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))


def value_of(request: Request, result: Answer[Any, Any]) -> Value:
    """Return the weight of required orders left out, and the money."""
    assert result.solution is not None
    assert result.objective is not None
    assert result.objective.value is not None
    orders = [*request["clients"], *request["shipments"]]
    weights = {order["id"]: 1 + order.get("priority", 0) for order in orders if order.get("required", True)}
    return sum(weights.get(left_out.id, 0) for left_out in result.solution.unassigned), result.objective.value


def compared(value: Value, best: Value) -> str:
    """Return whether a value is equal to the best one, above it, or below it, which would be wrong."""
    if value[0] != best[0]:
        return "above" if value[0] > best[0] else "below"
    room = 1e-6 * max(1.0, abs(best[1]))
    return "above" if value[1] > best[1] + room else "below" if value[1] < best[1] - room else "equal to"


def carry_out(counted: Campaign, given: Namespace) -> dict[str, Any]:
    """Run a campaign, print its counts and return them as the results file holds them."""
    started = time.process_time()
    for seed in campaign.seeds(given):
        counted.run(seed)
    columns = sorted({what for counts in counted.counts.values() for what in counts})
    print(report.table(["solver", *columns], [[name, *(c[what] for what in columns)] for name, c in counted.counts.items()]))
    for entry in counted.trouble:
        print(f"  {entry['what']}: {entry['solver']}, seed {entry['seed']}: {entry['detail']}")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "problems": given.problems,
        "first_seed": given.first_seed,
        "iterations": ITERATIONS,
        "families": dict(counted.families),
        "solvers": {name: dict(counts) for name, counts in counted.counts.items()},
        "trouble": counted.trouble,
        "processor_seconds": round(time.process_time() - started, 1),
        "machine": report.machine(),
    }


def main() -> None:
    """Run the campaign and write its counts beside those of the rich conditions."""
    given = campaign.arguments(__doc__, problems=10_000)
    summary = carry_out(Campaign(), given)
    if not given.no_file:
        known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        rich = {RICH: known[RICH]} if RICH in known else {}
        RESULTS.write_text(json.dumps(summary | rich, indent=2) + "\n")


if __name__ == "__main__":
    main()
