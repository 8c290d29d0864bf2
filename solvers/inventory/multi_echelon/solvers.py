"""The solvers of `inventory/multi-echelon`: one for each model, and two for guaranteed service."""

import math
import time
from typing import Any, ClassVar

from models.inventory_multi_echelon import MultiEchelonProblem, MultiEchelonSolution, StagePlan
from models.run import Limit, Objective, ObjectiveTerm, Reason, Termination
from solvers.base import Budget, Outcome, Progress, relative_gap
from solvers.inventory.multi_echelon.constraint import solve_constraints
from solvers.inventory.multi_echelon.network import Floats, Network, network_of, solution_of
from solvers.inventory.multi_echelon.serial import Levels, Line, line_of, local_levels, simulate_line, solve_line
from solvers.inventory.multi_echelon.tree import CELLS_A_SECOND, MOST_CELLS, cells, is_forest, solve_tree

UNIT = "money per unit of time"
NOT_THIS_MODEL = "it does not solve the model {model}"


class TreeDynamicProgramming:
    """Guaranteed service on trees, exactly."""

    name: ClassVar[str] = "tree_dynamic_programming"
    libraries: ClassVar[tuple[str, ...]] = ("numpy",)

    def supports(self, problem: MultiEchelonProblem) -> str | None:
        """Return None for guaranteed service on a tree whose times are not too fine."""
        if problem.model != "guaranteed_service":
            return NOT_THIS_MODEL.format(model=problem.model)
        network = network_of(problem)
        if not is_forest(network):
            return "arcs form a cycle when their directions are forgotten"
        most = min(MOST_CELLS, CELLS_A_SECOND * problem.options.time_limit_s)
        return None if cells(network) <= most else "there are too many pairs of times for a table, or for the time limit"

    def solve(self, problem: MultiEchelonProblem, budget: Budget, progress: Progress) -> Outcome[MultiEchelonSolution]:
        """Return the best promises."""
        started = time.monotonic()
        network = network_of(problem)
        promises, _ = solve_tree(network)
        solution, costs = solution_of(network, promises)
        total = float(costs.sum())
        progress.incumbent(objective=total, bound=total)
        detail = "dynamic programming over the tree of stages"
        seconds = time.monotonic() - started
        return _guaranteed(
            network, solution, costs, bound=total, reason="optimal", limit="none", detail=detail, seconds=seconds
        )


class ConstraintProgramming:
    """Guaranteed service on any acyclic network, with a proved bound."""

    name: ClassVar[str] = "constraint_programming"
    libraries: ClassVar[tuple[str, ...]] = ("ortools", "numpy")

    def supports(self, problem: MultiEchelonProblem) -> str | None:
        """Return None for guaranteed service."""
        return None if problem.model == "guaranteed_service" else NOT_THIS_MODEL.format(model=problem.model)

    def solve(self, problem: MultiEchelonProblem, budget: Budget, progress: Progress) -> Outcome[MultiEchelonSolution]:
        """Return the best promises found within the budget."""
        started = time.monotonic()
        network = network_of(problem)
        found = solve_constraints(network, budget, progress)
        if found.promises is None:
            detail = "the time limit was reached before a placement was found"
            return Outcome(
                status="failed",
                termination=Termination(reason="no_solution_found", limit="time", detail=detail),
                objective=None,
                solution=None,
                solve_time=time.monotonic() - started,
            )
        solution, costs = solution_of(network, found.promises)
        total = float(costs.sum())
        bound = min(total, found.bound if found.bound is not None else 0.0)
        close = total - bound <= max(budget.relative_gap, 1e-9) * max(total, 1e-10)
        return _guaranteed(
            network,
            solution,
            costs,
            bound=bound,
            reason="optimal" if close else "feasible",
            limit="none" if close or found.proved else "interrupted" if progress.stop_requested() else "time",
            detail="constraint programming: " + ("proved" if close else "the search ended before its proof"),
            seconds=time.monotonic() - started,
        )


class ClarkScarf:
    """Serial stochastic service, exactly by convolution."""

    name: ClassVar[str] = "clark_scarf"
    libraries: ClassVar[tuple[str, ...]] = ("numpy", "scipy")

    def supports(self, problem: MultiEchelonProblem) -> str | None:
        """Return None for serial systems."""
        return None if problem.model == "stochastic_service_serial" else NOT_THIS_MODEL.format(model=problem.model)

    def solve(self, problem: MultiEchelonProblem, budget: Budget, progress: Progress) -> Outcome[MultiEchelonSolution]:
        """Return the best echelon base-stock levels."""
        started = time.monotonic()
        line = line_of(problem)
        found = solve_line(line)
        progress.incumbent(objective=found.cost, bound=found.cost)
        stages = _serial_stages(line, found)
        worth = math.fsum(stage.unit_value * stage.safety_stock for stage in stages)
        terms = {"holding": found.cost - found.stockout, "stockout": found.stockout}
        return Outcome(
            status="succeeded",
            termination=Termination(reason="optimal", limit="none", detail="Clark and Scarf's recursion, exact by convolution"),
            objective=_objective(terms, found.cost),
            solution=MultiEchelonSolution(
                stages=stages, stock_value=worth, simulation=simulate_line(line, found, seed=budget.seed)
            ),
            evidence=(line, found),
            threads=1,
            solve_time=time.monotonic() - started,
        )


def _guaranteed(
    network: Network,
    solution: MultiEchelonSolution,
    costs: Floats,
    *,
    bound: float,
    reason: Reason,
    limit: Limit,
    detail: str,
    seconds: float,
) -> Outcome[MultiEchelonSolution]:
    """Return the outcome of a placement: one term of the cost for every stage that holds stock."""
    terms = {f"safety_stock[{network.ids[k]}]": cost for k, cost in enumerate(costs.tolist()) if cost > 0}
    return Outcome(
        status="succeeded",
        termination=Termination(reason=reason, limit=limit, detail=detail),
        objective=_objective(terms, bound),
        solution=solution,
        evidence=network,
        solve_time=seconds,
    )


def _objective(terms: dict[str, float], bound: float) -> Objective:
    value = math.fsum(terms.values())
    parts = [ObjectiveTerm(name=name, value=part) for name, part in terms.items()]
    bound = min(bound, value)
    return Objective(value=value, bound=bound, relative_gap=relative_gap(value, bound), unit=UNIT, terms=parts)


def _serial_stages(line: Line, found: Levels) -> list[StagePlan]:
    """Return the stages in the order of the request."""
    local = local_levels(line, found.levels)
    values = [stage.added_cost for stage in line.stages]
    plans: dict[int, Any] = {}
    for j, stage in enumerate(line.stages):
        mean = line.mean * stage.processing_time
        safety = float(local[j]) - mean
        plans[line.places[j]] = StagePlan(
            id=stage.id,
            holds_stock=safety > 1e-9,
            service_time=None,
            inbound_service_time=None,
            net_replenishment_time=None,
            safety_stock=safety,
            base_stock_level=float(local[j]),
            echelon_base_stock_level=float(found.levels[j]),
            lower_bound=float(found.lower[j]),
            upper_bound=float(found.upper[j]),
            pipeline_stock=mean,
            mean_demand=line.mean,
            unit_value=math.fsum(values[j:]),
            cost=None,
        )
    return [plans[place] for place in range(len(plans))]
