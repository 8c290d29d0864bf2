"""
The lower bound of a plan: what is cheap, or column generation where the problem lets it and time is set aside for it.

A bound is proved for all plans that serve every required order that any vehicle can serve.
"""

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from models.base import Input
from models.routing import RoutingProblem
from solvers.base import Budget, Progress
from solvers.routing.column_generation.columns import Column
from solvers.routing.column_generation.network import MOST_CLIENTS, PricingProblem, pricing_problem
from solvers.routing.column_generation.relaxation import Relaxation, RelaxationBound
from solvers.routing.lower_bound import METHOD, neighbour_bound
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex

COLUMN_GENERATION = "column generation: routes priced as ng-routes, rounded capacity cuts, subset rows; every price rounded"

CLIENT_FIELDS = frozenset({
    "id", "location", "delivery", "pickup", "service_duration", "time_windows", "required", "prize", "priority", "skills",
    "release_time", "allowed_vehicle_types",
})  # fmt: skip
VEHICLE_FIELDS = frozenset({
    "id", "count", "capacity", "start_depot", "end_depot", "shift", "fixed_cost", "cost_per_distance", "cost_per_duration",
    "max_distance", "max_duration", "max_stops", "skills", "profile", "reload_depots", "max_reloads",
})  # fmt: skip
PROBLEM_FIELDS = frozenset({
    "locations", "travel", "depots", "clients", "shipments", "vehicle_types", "current_routes", "options", "time_origin",
})  # fmt: skip
DEPOT_FIELDS = frozenset({"id", "location", "time_window"})
"""Fields that the relaxation knows; any other one, once set, could allow routes that it does not contain."""

SMALL, LARGE = 60, 150
"""Most clients for which `auto` runs column generation without and with an explanation."""

SHARE_UNASKED, SHARE_EXPLAINED, SHARE_NAMED = 0.15, 0.3, 0.75
"""Shares of the time for column generation: on a small problem, with an explanation, and where the options name it."""

WRITING = 0.02
"""Share of the time that is left for writing the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedBound:
    """A lower bound of the objective in money, how it was proved, and column generation's account of it, if it ran."""

    value: float
    method: str
    relaxation: RelaxationBound | None
    clients: tuple[int, ...]
    """Positions in the problem of the clients that prices of `relaxation` belong to."""
    scale: float
    """Units of those prices to one of money."""


def column_generation_refusal(problem: RoutingProblem) -> str | None:
    """Return None, or why column generation cannot bound a problem."""
    if problem.shipments:
        return "its routes do not carry shipments"
    if any(v.count and v.reload_depots and v.max_reloads != 0 for v in problem.vehicle_types):
        return "its routes do not reload"
    if len(problem.clients) > MOST_CLIENTS:
        return f"it takes at most {MOST_CLIENTS} clients"
    parts: list[tuple[Sequence[Input], Set[str]]] = [
        (problem.clients, CLIENT_FIELDS),
        (problem.vehicle_types, VEHICLE_FIELDS),
        (problem.depots, DEPOT_FIELDS),
        ([problem], PROBLEM_FIELDS),
    ]
    for things, known in parts:
        unknown = next((name for thing in things for name in _in_use(thing, known)), None)
        if unknown is not None:
            return f"its routes know nothing of {unknown}"
    return None


def _in_use(thing: Input, known: Set[str]) -> list[str]:
    """Return the fields with a value of their own that are not known."""
    fields = type(thing).model_fields
    names = sorted(set(fields) - known)
    return [name for name in names if getattr(thing, name) != fields[name].get_default(call_default_factory=True)]


def seconds_for_bound(problem: RoutingProblem, budget: Budget) -> float:
    """Return how much of the time the search leaves to column generation."""
    wanted = problem.options.bound
    if wanted == "cheap" or column_generation_refusal(problem) is not None:
        return 0.0
    if wanted == "column_generation":
        return SHARE_NAMED * budget.time_limit
    if budget.iteration_limit is not None:
        return 0.0
    explained = budget.explain != "none"
    if len(problem.clients) > (LARGE if explained else SMALL):
        return 0.0
    return (SHARE_EXPLAINED if explained else SHARE_UNASKED) * budget.time_limit


def proved_bound(
    index: ProblemIndex,
    impossible: Set[str],
    *,
    value: float,
    routes: Sequence[PlannedRoute],
    seconds: float,
    progress: Progress,
) -> ProvedBound:
    """
    Return the best bound of the cost of a plan that serves every required order that is not impossible.

    Parameters
    ----------
    index
        The problem.
    impossible
        Ids of the orders that no vehicle can serve.
    value, routes
        Objective of the plan found, and its routes.
    seconds
        Time for column generation; 0: none.
    progress
        Asked whether to stop.
    """
    cheap = ProvedBound(value=neighbour_bound(index, impossible), method=METHOD, relaxation=None, clients=(), scale=1.0)
    if seconds <= 0:
        return cheap
    deadline = time.monotonic() + seconds
    problem = pricing_problem(index, impossible)
    try:
        relaxation = Relaxation(
            problem, upper=value, routes=_columns(problem, routes), deadline=deadline, stop_requested=progress.stop_requested
        ).run()
    except MemoryError:
        # The plan stands without it: what a bound needs must not cost the answer.
        return cheap
    if relaxation is None:
        return cheap
    return ProvedBound(
        value=max(relaxation.value, cheap.value),
        method=COLUMN_GENERATION if relaxation.value >= cheap.value else METHOD,
        relaxation=relaxation,
        clients=problem.clients,
        scale=problem.scale,
    )


def _columns(problem: PricingProblem, routes: Sequence[PlannedRoute]) -> list[Column]:
    """Return the routes of a plan as columns."""
    network_of = {kind: k for k, network in enumerate(problem.networks) for kind in network.vehicle_types}
    position = {client: i for i, client in enumerate(problem.clients)}
    columns = []
    for route in routes:
        network = network_of[route.vehicle_type]
        clients = tuple(position[stop.position] for stop in route.stops if stop.kind == "client")
        if clients:
            nodes = [len(position), *clients, len(position) + 1]
            cost = sum(int(problem.networks[network].cost[arc]) for arc in pairwise(nodes))
            columns.append(Column(network, clients, cost))
    return columns
