"""
Ruin and recreate with simulated annealing, compiled: slack induction by string removals.

Strings of adjacent stops are taken out of routes near one another and put back where they are cheapest, hundreds of thousands
of times; worse plans are accepted as the temperature allows. Every thread searches by itself; now and then the one with the
dearest plan goes on from the best.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Schrimpf, G., Schneider, J., Stamm-Wilbrandt, H., Dueck, G. (2000). Record breaking optimization
results using the ruin and recreate principle. Journal of Computational Physics 159(2), 139-171.
"""

import time
from collections.abc import Sequence, Set
from dataclasses import replace
from functools import partial
from typing import ClassVar

from models.routing import RoutingProblem, RoutingSolution
from solvers.base import Budget, Outcome, Progress
from solvers.routing import route_state_kernels as layout
from solvers.routing.compiled_problem import CompiledProblem, CompiledProblemBuilder
from solvers.routing.current_routes import with_saving
from solvers.routing.impossible_orders import impossible_orders
from solvers.routing.iterated_local_search import PROOF_SHARE, kept_seconds, outcome_of, refined, searched
from solvers.routing.parallel_annealing import ParallelAnnealing
from solvers.routing.parallel_search import MOST_LOCATIONS, best_of_searches, plan_rank, with_search_beside
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, indexed
from solvers.routing.rich_constraints import judged_whole
from solvers.routing.routing_plan import trivial_plan
from solvers.routing.search_control import SearchControl
from solvers.routing.semantics_travel import has_nulls, timed
from solvers.routing.start_routes import better_plan, start_routes, start_words

LARGE, SECONDS_AN_ORDER, SECONDS_A_PLAIN_ORDER = 2_000, 0.02, 0.004
"""Beyond so many orders annealing needs this many seconds for each, fewer where the problem is plain."""


class RuinAndRecreate:
    """Compiled ruin and recreate for clients, shipments, windows, loads, durations and mixed fleets."""

    name: ClassVar[str] = "ruin_and_recreate"
    libraries: ClassVar[tuple[str, ...]] = ("numba",)

    def supports(self, problem: RoutingProblem) -> str | None:
        """Return None, or which condition the compiled search does not carry."""
        rich = judged_whole(problem)
        if rich:
            return f"it does not carry {', '.join(rich)}"
        if any(v.count and v.reload_depots and v.max_reloads != 0 for v in problem.vehicle_types):
            return "it does not plan reloads"
        several = any(len(client.time_windows) > 1 for client in problem.clients)
        lasting = any(v.count and (v.cost_per_duration or v.max_duration is not None) for v in problem.vehicle_types)
        released = any(client.release_time for client in problem.clients)
        if several and (lasting or released):
            return "it does not weigh durations or release times together with several time windows of a client"
        return better_left_to_local_search(problem) if problem.options.solver == "auto" else None

    def solve(self, problem: RoutingProblem, budget: Budget, progress: Progress) -> Outcome[RoutingSolution]:
        """
        Search until time, iterations or a request to stop end it; the plan is always feasible.

        Parameters
        ----------
        problem
            A problem without semantic issues that is supported.
        budget
            Time from the start of this call, iterations, seed and threads.
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
        compiled = CompiledProblemBuilder(index, left_out=set(impossible)).build()
        start = start_routes(index, set(impossible))
        races = races_local_search(compiled, budget)
        own = replace(budget, threads=budget.threads - 1) if races else budget
        control = SearchControl(own, progress, started=started, kept=kept_seconds(problem, budget, small=False))
        search = ParallelAnnealing(compiled, control, start)
        if races:
            run = partial(annealed, index, set(impossible), search, start)
            routes = with_search_beside(index, set(impossible), control, start, run)
        else:
            routes = annealed(index, set(impossible), search, start)
        routes = better_plan(index, set(impossible), routes, start)
        routes = refined(index, routes, set(impossible), control, small=False)
        outcome = outcome_of(index, routes, impossible, control, started=started, threads=search.threads + races)
        return replace(outcome, reasons=[*outcome.reasons, *start_words(index, start)])


def annealed(
    index: ProblemIndex, left_out: Set[str], search: ParallelAnnealing, start: Sequence[PlannedRoute]
) -> list[PlannedRoute]:
    """Return the routes of an annealing and, where it ends early, of the local search that goes on from them."""
    control = search.control
    routes = search.run()
    began = control.began
    if search.relayed and control.limit != "interrupted":
        if search.from_scratch:
            other = searched(index, left_out, control, start)
        else:
            other = best_of_searches(index, left_out, control, routes)
        routes = min((other, routes), key=lambda plan: plan_rank(index, left_out, plan))
    control.began = began
    return routes


def races_local_search(problem: CompiledProblem, budget: Budget) -> bool:
    """Tell whether one of the threads is better given to local search from the start: goods leave and come in, and no times."""
    given = problem.index.problem
    return bool(
        budget.threads > 1
        and budget.iteration_limit is None
        and problem.count[layout.TRIP_LOADS]
        and not problem.timed
        and not problem.paired
        and not given.objective.fewest_vehicles
        and len(given.locations) <= MOST_LOCATIONS
    )


def better_left_to_local_search(problem: RoutingProblem) -> str | None:
    """Return why `auto` prefers iterated local search although ruin and recreate could do it, from measured structures."""
    if any(
        has_nulls(matrix) for profile in problem.travel.profiles.values() for matrix in (profile.distances, profile.durations)
    ):
        return "a client that can only be served between two others has no place of its own, and some ways do not exist"
    if problem.objective.fewest_vehicles:
        return None
    orders = len(problem.clients) + len(problem.shipments)
    needed = SECONDS_A_PLAIN_ORDER if seems_plain(problem) else SECONDS_AN_ORDER
    if orders > LARGE and problem.options.time_limit_s < orders * needed:
        return "iterated local search by neighbourhoods is ahead of it with so many orders in so little time"
    if problem.shipments or not timed(problem):
        return None
    if any(not client.required for client in problem.clients):
        return "iterated local search is ahead of it where prizes decide who is served within time windows"
    return None


def seems_plain(problem: RoutingProblem) -> bool:
    """Tell from a request whether the compiled search of plain problems will carry it; see `plain.arrays.is_plain`."""
    fleet = [vehicle_type for vehicle_type in problem.vehicle_types if vehicle_type.count]
    limits = [(v.max_duration, v.max_distance, v.max_stops, v.cost_per_duration or None) for v in fleet]
    loads = {name for client in problem.clients for name in client.delivery}
    return (
        not problem.shipments
        and not any(limit is not None for row in limits for limit in row)
        and len({(v.profile, v.cost_per_distance) for v in fleet}) == 1
        and len({(v.start_depot, v.end_depot, tuple(v.shift or ())) for v in fleet}) == len(fleet)
        and len(loads) <= 1
        and not any(client.pickup or client.release_time or len(client.time_windows) > 1 for client in problem.clients)
    )
