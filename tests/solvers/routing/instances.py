"""Small routing requests for tests, made from a seed."""

import random
from typing import Any

from models.routing import RoutingProblem, RoutingSolution
from models.run import Answer
from solvers.base import Silent
from solvers.feature import Feature
from solvers.pipeline import answer
from solvers.routing.check import check_routing
from solvers.routing.explain import explain_routing
from solvers.routing.general_ruin_and_recreate import GeneralRuinAndRecreate
from solvers.routing.guided_local_search import GuidedLocalSearch
from solvers.routing.iterated_local_search import IteratedLocalSearch
from solvers.routing.ruin_and_recreate import RuinAndRecreate
from solvers.routing.semantics import issues, warnings

FEATURE = Feature(
    solvers={
        "ruin_and_recreate": RuinAndRecreate(),
        "iterated_local_search": IteratedLocalSearch(),
        "guided_local_search": GuidedLocalSearch(),
        "general_ruin_and_recreate": GeneralRuinAndRecreate(),
    },
    check=check_routing,
    explain=explain_routing,
)

Request = dict[str, Any]


def solved(
    request: Request,
    *,
    iterations: int = 200,
    explain: str = "none",
    seed: int = 0,
    solver: str = "iterated_local_search",
    bound: str = "auto",
) -> Answer[Any, Any]:
    """Return the answer to a valid request after a fixed number of iterations on one thread."""
    limits = {"time_limit_s": 20, "iteration_limit": iterations, "threads": 1}
    options = {**limits, "explain": explain, "seed": seed, "solver": solver, "bound": bound}
    problem = RoutingProblem.model_validate({**request, "options": options})
    assert issues(problem) == []
    return answer(FEATURE, problem, Silent(), input_sha256="0" * 64, warnings=warnings(problem))


def plan(request: Request, **how: Any) -> RoutingSolution:
    """Return the verified plan for a request."""
    result = solved(request, **how)
    assert result.certificate is not None
    assert result.certificate.verified, result.certificate
    solution: RoutingSolution = result.solution
    return solution


def square() -> Request:
    """Return four clients on the corners of a square of side 20 around one depot, two vans."""
    corners = [(10, 10), (-10, 10), (-10, -10), (10, -10)]
    return {
        "locations": [{"id": "hub", "x": 0, "y": 0}] + [{"id": f"p{i}", "x": x, "y": y} for i, (x, y) in enumerate(corners)],
        "depots": [{"id": "hub", "location": "hub"}],
        "clients": [{"id": f"c{i}", "location": f"p{i}", "delivery": {"load": 1}} for i in range(4)],
        "vehicle_types": [{"id": "van", "count": 2, "capacity": {"load": 4}, "start_depot": "hub", "end_depot": "hub"}],
    }


def mixed(seed: int) -> Request:
    """Return a request that mixes what the contract offers: windows, skills, prizes, shipments, reloads, open routes."""
    draw = _Draw(seed)
    clients, shipments = draw.between(3, 12), draw.pick([0, 0, 2, 4])
    places = clients + 2 * shipments + 2
    types = ["a", "b", "c"][: draw.between(1, 3)]
    return {
        "locations": [{"id": f"l{i}", "x": draw.number(0, 100), "y": draw.number(0, 100)} for i in range(places)],
        "travel": {
            "rounding": draw.pick(["none", "none", "nearest", "down"]),
            "scale": draw.pick([1, 1, 10]),
            "profiles": {"default": {}, "slow": {"speed": 0.7, "detour_factor": 1.3}},
        },
        "depots": [
            {"id": "d0", "location": "l0"},
            {"id": "d1", "location": "l1", "time_window": [draw.number(0, 50), draw.number(500, 1000)]},
        ],
        "clients": [draw.client(i, f"l{i + 2}", types) for i in range(clients)],
        "shipments": [draw.shipment(i, f"l{clients + 2 + 2 * i}", f"l{clients + 3 + 2 * i}") for i in range(shipments)],
        "vehicle_types": [draw.vehicle_type(name, has_shipments=shipments > 0) for name in types],
    }


def small(seed: int, *, shipments: int, clients: int, timed: bool) -> Request:
    """Return an integral request that is small enough to be solved by enumeration."""
    draw = _Draw(seed, integral=True)
    places = clients + 2 * shipments + 1
    fleet: Request = {
        "id": "van",
        "count": 2,
        "capacity": {"load": 40},
        "start_depot": "d",
        "end_depot": "d",
        "fixed_cost": draw.number(0, 50),
    }
    request = {
        "locations": [{"id": f"l{i}", "x": draw.number(0, 100), "y": draw.number(0, 100)} for i in range(places)],
        "travel": {"rounding": "nearest"},
        "depots": [{"id": "d", "location": "l0"}],
        "clients": [draw.plain_client(i, f"l{i + 1}", timed=timed) for i in range(clients)],
        "shipments": [
            draw.plain_shipment(i, f"l{clients + 1 + 2 * i}", f"l{clients + 2 + 2 * i}", timed=timed) for i in range(shipments)
        ],
        "vehicle_types": [fleet],
    }
    if timed:
        fleet |= {"shift": [0, 600], "cost_per_duration": draw.pick([0, 1])}
    return request


class _Draw:
    """Random parts of a request."""

    def __init__(self, seed: int, *, integral: bool | None = None) -> None:
        self.rng = random.Random(seed)
        self.integral = self.rng.random() < 0.4 if integral is None else integral

    def between(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def pick(self, options: list[Any]) -> Any:
        return self.rng.choice(options)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def number(self, low: int, high: int) -> float:
        return self.between(low, high) if self.integral else round(self.rng.uniform(low, high), self.pick([1, 2, 6]))

    def windows(self, counts: list[int], *, latest: int = 600) -> list[list[float]]:
        starts = [self.number(0, latest) for _ in range(self.pick(counts))]
        return [[start, start + self.number(5, 200)] for start in starts]

    def client(self, i: int, place: str, types: list[str]) -> Request:
        client = self.plain_client(i, place, timed=False)
        client["time_windows"] = self.windows([0, 0, 1, 2, 3])
        extras: list[tuple[float, Request]] = [
            (0.3, {"pickup": {"load": self.number(0, 20), "weight": self.number(0, 5)}}),
            (0.3, {"required": False, "prize": self.number(0, 100)}),
            (0.2, {"skills": ["cold"]}),
            (0.15, {"allowed_vehicle_types": [self.pick(types)]}),
            (0.2, {"release_time": self.number(0, 200)}),
            (0.2, {"priority": self.between(0, 9)}),
        ]
        return self._with(client, extras)

    def plain_client(self, i: int, place: str, *, timed: bool) -> Request:
        return {
            "id": f"c{i}",
            "location": place,
            "delivery": {"load": self.number(0, 20)},
            "service_duration": self.number(0, 10) if timed or not self.integral else 0,
            "time_windows": self.windows([0, 1, 2], latest=300) if timed else [],
        }

    def shipment(self, i: int, origin: str, target: str) -> Request:
        return self._with(self.plain_shipment(i, origin, target, timed=True), [(0.3, {"required": False, "prize": 50})])

    def plain_shipment(self, i: int, origin: str, target: str, *, timed: bool) -> Request:
        return {
            "id": f"s{i}",
            "amount": {"load": self.number(0, 20)},
            "pickup": {"location": origin, "time_windows": self.windows([0, 1], latest=200) if timed else []},
            "delivery": {"location": target, "time_windows": self.windows([0, 1], latest=500) if timed else []},
        }

    def vehicle_type(self, name: str, *, has_shipments: bool) -> Request:
        depots = ["d0", "d0", "d1", None]
        base = {
            "id": name,
            "count": self.between(0, 4),
            "capacity": {"load": self.number(20, 60)},
            "start_depot": self.pick(depots),
            "end_depot": self.pick(depots),
            "profile": self.pick(["default", "slow"]),
        }
        kind = self.rng.random()
        extras: list[tuple[float, Request]] = [
            (0.4, {"shift": [self.number(0, 50), self.number(400, 900)]}),
            (0.4, {"fixed_cost": self.number(0, 50)}),
            (0.4, {"cost_per_duration": self.number(0, 3)}),
            (0.4, {"cost_per_distance": self.number(0, 3)}),
            (0.3, {"max_distance": self.number(100, 500)}),
            (0.3, {"max_duration": self.number(100, 500)}),
            (0.4, {"skills": ["cold"]}),
            (float(kind < 0.3), {"reload_depots": ["d0"]}),
            (float(kind < 0.15), {"max_reloads": self.between(0, 2)}),
            (float(0.3 < kind < 0.5 and not has_shipments), {"max_stops": self.between(0, 4)}),
        ]
        return self._with(base, extras)

    def _with(self, base: Request, extras: list[tuple[float, Request]]) -> Request:
        for probability, extra in extras:
            if self.chance(probability):
                base = {**base, **extra}
        return base
