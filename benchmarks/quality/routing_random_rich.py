"""
Random small routing problems with the conditions of the general search: every answer verified, tiny ones enumerated.

Breaks, due times, overtime, waiting, setups, groups, relations, locks, balance and fewest vehicles first, in the plane, with
matrices that lack ways and on road networks, with shipments, reloads and current routes that break anything. Half of the
problems are tiny and compared with enumeration (`tests.oracles.rich_routing`, which shares nothing with the product). Every
third plan is given back as current routes: with one iteration the answer may not be worse.

    python -m benchmarks.quality.routing_random_rich --problems 2000
"""

import json
import traceback
from typing import Any

from benchmarks import campaign
from benchmarks.quality.routing_random import ITERATIONS, REPEATED, RESULTS, RICH, ROUTING, Campaign, carry_out
from benchmarks.random_rich_routing import ENUMERATED, rich_request_of
from benchmarks.random_routing import Request
from models.routing import RoutingProblem
from models.run import Answer
from solvers.base import Silent
from solvers.pipeline import answer
from solvers.routing.semantics import issues, warnings
from tests.oracles.rich_routing import RichOracle, Value

GENERAL = "general_ruin_and_recreate"
MISSING = {"MISSING_CLIENT", "MISSING_SHIPMENT"}
"""What a plan may break and still be worth keeping."""

GIVEN_BACK = 3
"""One of so many plans is given back as current routes."""


class RichCampaign(Campaign):
    """Counts over all problems, and the seeds of what went wrong."""

    def run(self, seed: int) -> None:
        """Solve one problem and count."""
        family, request = rich_request_of(seed)
        self.families[family] += 1
        if issues(problem_of(request, seed)):
            # Conditions drawn one by one may contradict one another, which a request may not.
            self._count(GENERAL, "refused")
            return
        result = self._verified(request, seed, "solved")
        if result is None:
            return
        value = value_of(request, result)
        if family == ENUMERATED:
            verdict = compared(value, RichOracle(request).best())
            self._count(GENERAL, f"{verdict} enumeration")
            if verdict == "below":
                self._note("below enumeration", GENERAL, seed, {"value": value, "best": RichOracle(request).best()})
        if seed % GIVEN_BACK == 0:
            self._give_back(request, seed, value, result)
        if seed % REPEATED == 0:
            again = solved(request, seed)
            same = (again.solution, again.objective) == (result.solution, result.objective)
            self._count(GENERAL, "repeated" if same else "repeated differently")
            if not same:
                self._note("repeated differently", GENERAL, seed, None)

    def _give_back(self, request: Request, seed: int, value: Value, result: Answer[Any, Any]) -> None:
        """Solve again from the plan: one iteration must keep it, or better it."""
        again = self._verified({**request, "current_routes": given_back(result)}, seed, "given back", iterations=1)
        # A plan that leaves vehicle 1 idle cannot be told by the order of its routes, and may break a lock so.
        current = None if again is None or again.solution is None else again.solution.current
        if again is not None and current is not None and current.violations.keys() <= MISSING:
            kept = compared(value_of(request, again), value) != "above"
            self._count(GENERAL, "kept" if kept else "lost")
            if not kept:
                self._note("lost", GENERAL, seed, {"value": value_of(request, again), "given": value})

    def _verified(self, request: Request, seed: int, what: str, *, iterations: int = ITERATIONS) -> Answer[Any, Any] | None:
        """Return the answer if the independent check agrees with it."""
        self._count(GENERAL, what)
        try:
            result = solved(request, seed, iterations=iterations)
        except Exception:  # what breaks is counted, and the campaign goes on
            self._count(GENERAL, "errors")
            self._note("errors", GENERAL, seed, traceback.format_exc().splitlines()[-6:])
            return None
        if result.certificate is None or not result.certificate.verified or result.status != "succeeded":
            self._count(GENERAL, "not verified")
            self._note("not verified", GENERAL, seed, None if result.error is None else result.error.detail)
            return None
        self._count(GENERAL, "verified")
        return result


def problem_of(request: Request, seed: int, *, iterations: int = ITERATIONS) -> RoutingProblem:
    """Return the problem with a small iteration limit on one thread."""
    options = {"solver": GENERAL, "seed": seed % 1000, "iteration_limit": iterations, "threads": 1, "time_limit_s": 30}
    return RoutingProblem.model_validate({**request, "options": options})


def solved(request: Request, seed: int, *, iterations: int = ITERATIONS) -> Answer[Any, Any]:
    """Return the answer of the general search, through the pipeline that the service uses."""
    problem = problem_of(request, seed, iterations=iterations)
    return answer(ROUTING, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))


def given_back(result: Answer[Any, Any]) -> list[Request]:
    """Return the routes of a plan as current routes, in the order of their vehicles."""
    assert result.solution is not None
    found = []
    for name in dict.fromkeys(route.vehicle_type for route in result.solution.routes):
        routes = {route.vehicle: route for route in result.solution.routes if route.vehicle_type == name}
        for number in sorted(routes):
            stops = [stop for stop in routes[number].stops if stop.kind in ("client", "pickup", "delivery", "reload")]
            names = [stop.id if stop.kind == "client" else f"{stop.kind}:{stop.id}" for stop in stops]
            found.append({"vehicle_type": name, "stops": names})
    return found


def value_of(request: Request, result: Answer[Any, Any]) -> Value:
    """Return the weight of required orders left out, vehicles where they count first, and money."""
    assert result.solution is not None
    assert result.objective is not None
    assert result.objective.value is not None
    served = {stop.id for route in result.solution.routes for stop in route.stops if stop.kind in ("client", "pickup")}
    vehicles = len(result.solution.routes) if request.get("objective", {}).get("fewest_vehicles") else 0
    return RichOracle(request).weight(served), float(vehicles), result.objective.value


def compared(value: Value, best: Value) -> str:
    """Return whether a value is equal to the best one, above it, or below it, which would be wrong."""
    for own, other in zip(value, best, strict=True):
        room = 1e-6 * max(1.0, abs(other))
        if abs(own - other) > room:
            return "above" if own > other else "below"
    return "equal to"


def main() -> None:
    """Run the campaign and add its counts to those of the other families."""
    given = campaign.arguments(__doc__, problems=2_000)
    summary = carry_out(RichCampaign(), given)
    if not given.no_file:
        known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps(known | {RICH: summary}, indent=2) + "\n")


if __name__ == "__main__":
    main()
