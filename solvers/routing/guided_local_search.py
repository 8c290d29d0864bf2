"""
Guided local search through the routing library of OR-Tools.

Construction by parallel cheapest insertion, then local search whose costs are raised on the arcs that keep turning up in local
optima. Orders that do not fit are left out at a weight above the cost of any plan, times 1 + priority.

References
----------
Voudouris, C., Tsang, E. (1999). Guided local search and its application to the traveling salesman problem. European Journal of
Operational Research 113(2), 469-499.
"""

import time
from typing import ClassVar

from models.routing import RoutingProblem, RoutingSolution
from solvers.base import Budget, Outcome, Progress
from solvers.routing.current_routes import with_saving
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.iterated_local_search import PROOF_SHARE, kept_seconds, outcome_of, refined
from solvers.routing.nearest_neighbour import nearest_neighbour
from solvers.routing.problem_index import indexed
from solvers.routing.rich_constraints import has_rich_constraints, rich_constraints
from solvers.routing.routing_model import MOST_STOPS, RoutingModel
from solvers.routing.routing_plan import trivial_plan
from solvers.routing.search_control import SearchControl


class GuidedLocalSearch:
    """Guided local search for loads, windows, shipments, prizes, mixed fleets and open routes, without reloads."""

    name: ClassVar[str] = "guided_local_search"
    libraries: ClassVar[tuple[str, ...]] = ("ortools",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or which condition the search does not carry."""
        if has_rich_constraints(problem):
            return f"it does not carry {', '.join(rich_constraints(problem))}"
        if any(v.count and v.reload_depots and v.max_reloads != 0 for v in problem.vehicle_types):
            return "it does not plan reloads"
        if any(client.release_time for client in problem.clients):
            return "it does not know release times"
        if len(problem.clients) + 2 * len(problem.shipments) > MOST_STOPS:
            return f"it is made for at most {MOST_STOPS:,} stops"
        brought = {name for client in problem.clients for name, amount in client.delivery.items() if amount}
        taken = {name for client in problem.clients for name, amount in client.pickup.items() if amount}
        taken |= {name for shipment in problem.shipments for name, amount in shipment.amount.items() if amount}
        if brought & taken:
            return "it does not mix goods from the depot with goods picked up on the way in one dimension of the load"
        return None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Search until time, iterations or a request to stop end it; the plan is always feasible.

        Parameters
        ----------
        problem
            A problem without semantic issues that is supported.
        budget
            Time from the start of this call, and iterations: plans that the search accepts. Seed and threads change nothing.
        progress
            Hears of better plans at most four times a second.
        """
        started = time.monotonic()
        index = indexed(problem)
        if not index.fleet:
            return with_saving(problem, trivial_plan(index, {}))
        impossible = impossible_orders(index, deadline=started + PROOF_SHARE * budget.time_limit)
        if len(impossible) == len(problem.clients) + len(problem.shipments):
            return with_saving(problem, trivial_plan(index, impossible))
        control = SearchControl(budget, progress, started=started, kept=kept_seconds(problem, budget, small=True))
        routes = RoutingModel(index, set(impossible)).search(control)
        if routes is None:
            routes = nearest_neighbour(index, set(impossible), deadline=control.last_call)
        routes = refined(index, routes, set(impossible), control, small=True)
        return outcome_of(index, routes, impossible, control, started=started, threads=1)
