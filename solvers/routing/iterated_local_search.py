"""
Iterated local search with late acceptance, through PyVRP.

Small problems are searched as a whole: first every required order must be served; when that finds nothing feasible in its
share of the budget, required orders become optional with a weight above the cost of any plan, times 1 + priority, and the
search starts again from the feasible part of what was found. Large problems are searched so by neighbourhoods.

References
----------
Wouda, N. A., Lan, L., Kool, W. (2024). PyVRP: a high-performance VRP solver package. INFORMS Journal on Computing 36(4),
943-955. Burke, E. K., Bykov, Y. (2017). The late acceptance hill-climbing heuristic. European Journal of Operational Research
258(1), 70-78.
"""

import math
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import ClassVar

from models.routing import RoutingProblem, RoutingSolution, Unassigned
from models.run import Limit, Termination
from solvers.base import Budget, Outcome, Progress
from solvers.routing.current_routes import with_saving
from solvers.routing.decomposition import Decomposition, parts_of
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.parallel_search import best_of_searches, searches_side_by_side, with_search_beside
from solvers.routing.planned_route import PlannedRoute, PlannedStop
from solvers.routing.problem_index import ProblemIndex, indexed, orders_of
from solvers.routing.proved_bound import proved_bound, seconds_for_bound
from solvers.routing.reach import reach_warnings
from solvers.routing.reinsertion import Reinsertion
from solvers.routing.rich_constraints import has_rich_constraints, rich_constraints
from solvers.routing.routing_plan import objective_of, plan_of, trivial_plan
from solvers.routing.search_control import SearchControl
from solvers.routing.start_routes import better_plan, start_routes, start_words
from solvers.routing.unassigned.reasons import with_reasons

SECONDS_TO_WRITE = 6e-5
"""About how long it takes to schedule an order and to bound its cost."""

PROOF_SHARE = 0.2
"""Largest share of the budget for proofs that orders are impossible."""

SMALL = 60
"""Up to this many orders, single orders are moved after the search."""

LONGEST_REINSERTION = 1.0
"""Most seconds for insertion after the search."""


LONGEST_REASONS = 0.3
"""Most seconds for the reasons of orders that are left out."""


class IteratedLocalSearch:
    """Iterated local search over routes, for every problem whose conditions are judged stop by stop."""

    name: ClassVar[str] = "iterated_local_search"
    libraries: ClassVar[tuple[str, ...]] = ("pyvrp",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or which condition the search does not carry."""
        return f"it does not carry {', '.join(rich_constraints(problem))}" if has_rich_constraints(problem) else None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Search until time, iterations or a request to stop end it; the plan is always feasible.

        Parameters
        ----------
        problem
            A problem without semantic issues.
        budget
            Time from the start of this call, iterations, seed and threads: without limited iterations, each thread searches by
            itself, and the best plan counts.
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
        small = len(orders_of(problem)) <= SMALL
        control = SearchControl(budget, progress, started=started, kept=kept_seconds(problem, budget, small=small))
        start = start_routes(index, set(impossible))
        routes = better_plan(index, set(impossible), searched(index, set(impossible), control, start), start)
        routes = refined(index, routes, set(impossible), control, small=small)
        whole = parts_of(index, set(impossible), seconds=budget.time_limit) == 1
        number = searches_side_by_side(index, control)
        threads = number if whole else min(2, number)
        outcome = outcome_of(index, routes, impossible, control, started=started, threads=threads)
        return replace(outcome, reasons=[*outcome.reasons, *start_words(index, start)])


def outcome_of(
    index: ProblemIndex,
    routes: list[PlannedRoute],
    impossible: Mapping[str, Unassigned],
    control: SearchControl,
    *,
    started: float,
    threads: int,
) -> Outcome[RoutingSolution]:
    """Return the outcome of a search that ends now: the plan of its routes, what it costs, and what is proved of that."""
    ended = time.monotonic()
    problem, budget = index.problem, control.budget
    solution = plan_of(index, routes, impossible)
    until = math.inf if budget.iteration_limit is not None else ended + min(LONGEST_REASONS, 0.02 * budget.time_limit)
    solution = with_reasons(index, solution, impossible, deadline=until)
    required = {order.id for order in orders_of(problem) if order.required and order.id not in impossible}
    missing = [
        left_out.id
        for left_out in solution.unassigned
        if left_out.id in required and left_out.reasons[0].code != "GROUP_SERVED_BY_ANOTHER"
    ]
    value = objective_of(problem, solution).value
    proof = None
    # Where a client need not be served because another one is, nothing is known of what serving all of them costs.
    grouped = any(client.group is not None for client in problem.clients)
    if not missing and not grouped and value is not None:
        seconds = min(seconds_for_bound(problem, budget), control.seconds_for_proof)
        proof = proved_bound(index, set(impossible), value=value, routes=routes, seconds=seconds, progress=control.progress)
    limit: Limit = control.limit or "none"
    objective = objective_of(problem, solution, bound=None if proof is None else proof.value)
    proved = objective.relative_gap is not None and objective.relative_gap <= budget.relative_gap
    # The value is money: with vehicles counted first it proves nothing.
    proved = proved and not problem.objective.fewest_vehicles
    outcome = Outcome(
        status="succeeded",
        threads=threads,
        termination=Termination(
            reason="optimal" if proved else "feasible", limit=limit, detail=_detail(limit, budget, proved=proved)
        ),
        objective=objective,
        solution=solution,
        evidence=proof,
        iterations=control.iterations,
        build_time=control.began - started,
        solve_time=ended - control.began,
        warnings=reach_warnings(index, impossible),
    )
    return with_saving(problem, outcome)


def refined(
    index: ProblemIndex, routes: list[PlannedRoute], impossible: Set[str], control: SearchControl, *, small: bool
) -> list[PlannedRoute]:
    """Return the routes after insertion of what is left out and, for small problems, moves of single orders."""
    problem = index.problem
    served = {(stop.kind != "client", stop.position) for route in routes for stop in route.stops if stop.kind != "reload"}
    # No prize is worth a vehicle that counts before any money.
    optional = not problem.objective.fewest_vehicles
    left_out: list[tuple[PlannedStop, ...]] = [
        (PlannedStop(kind="client", position=i),)
        for i, client in enumerate(problem.clients)
        if (False, i) not in served and client.id not in impossible and (client.required or optional)
    ]
    left_out += [
        (PlannedStop(kind="pickup", position=i), PlannedStop(kind="delivery", position=i))
        for i, shipment in enumerate(problem.shipments)
        if (True, i) not in served and shipment.id not in impossible and (shipment.required or optional)
    ]
    if not left_out and not small:
        return routes
    share = 0.1 if small else 0.01
    deadline = time.monotonic() + min(LONGEST_REINSERTION, share * control.budget.time_limit)
    if control.budget.iteration_limit is not None:
        # Repeatable: the number of evaluations ends it, not the clock.
        deadline = max(deadline, control.deadline)
    reinsertion = Reinsertion(index, routes, deadline=deadline)
    reinsertion.insert(left_out)
    if small:
        reinsertion.relocate()
        return [route for route in reinsertion.routes if any(stop.kind != "reload" for stop in route.stops)]
    return reinsertion.routes


def searched(
    index: ProblemIndex, impossible: Set[str], control: SearchControl, start: Sequence[PlannedRoute] = ()
) -> list[PlannedRoute]:
    """Return feasible routes from a search of the whole problem, of neighbourhoods when it is large, or of both."""
    parts = parts_of(index, impossible, seconds=control.budget.time_limit)
    if parts > 1:
        by_parts = Decomposition(index, impossible, control, parts=parts)
        if searches_side_by_side(index, control) > 1:
            return with_search_beside(index, impossible, control, start, lambda: by_parts.run(start))
        return by_parts.run(start)
    return best_of_searches(index, impossible, control, start)


def kept_seconds(problem: RoutingProblem, budget: Budget, *, small: bool) -> float:
    """Return the seconds that the search leaves for moves of single orders, for writing the plan and for its bound."""
    orders = len(orders_of(problem))
    kept = min(LONGEST_REINSERTION, 0.1 * budget.time_limit) if small else 0.0
    return kept + min(0.2 * budget.time_limit, orders * SECONDS_TO_WRITE) + seconds_for_bound(problem, budget)


def _detail(limit: Limit, budget: Budget, *, proved: bool) -> str:
    if proved:
        return "The cost equals its lower bound: no plan is better."
    if limit == "iteration":
        return f"Iteration limit of {budget.iteration_limit} reached; the plan is feasible and not proved best."
    if limit == "interrupted":
        return "Stopped on request; the best plan so far is returned."
    return f"Time limit reached after {budget.time_limit:.4g} s of search; the plan is feasible and not proved best."
