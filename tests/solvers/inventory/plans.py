"""Small inventory plans that several tests solve, and a budget for them."""

from typing import Any

from models.inventory import PlanProblem, PlanSolution
from solvers.base import Budget, Outcome, Silent
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from solvers.inventory.simplex import Simplex

BUDGET = Budget(time_limit=10, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)


def item(name: str = "butter", **fields: Any) -> dict[str, Any]:
    """Return an item with a demand of 10, 20, 30 and the given fields."""
    return {"id": name, "demand": [10, 20, 30], "holding_cost": 1, **fields}


def plan(*items: dict[str, Any], **fields: Any) -> PlanProblem:
    """Return a valid problem with these items and as many periods as the first has demands."""
    return PlanProblem.model_validate({"periods": len(items[0]["demand"]), "items": list(items), **fields})


def shared_dock(**fields: Any) -> PlanProblem:
    """Return two items that share dock hours, with setups, so that every kind of condition is at work."""
    items = [
        item("oat-milk", site="northgate", fixed_cost=40, unit_cost=2, minimum_order=5, maximum_order=60, safety_stock=2,
             demand=[10, 20, 30, 15], initial_stock=12, resource_use={"dock": {"per_unit": 0.1, "per_setup": 1}}),
        item("apples", site="northgate", fixed_cost=25, unit_cost=1, order_multiple=5, unmet_demand="backorder",
             demand=[5, 25, 25, 10], stockout_cost=3, maximum_final_backorder=8,
             resource_use={"dock": {"per_unit": 0.1, "per_setup": 1}}),
        item("rye-bread", site="northgate", fixed_cost=5, unit_cost=1, unmet_demand="lost", lead_time=1, demand=[5, 5, 5, 5],
             stockout_cost=4),
    ]  # fmt: skip
    shared: dict[str, Any] = {
        "sites": [{"id": "northgate", "storage_capacity": 60}],
        "resources": [{"id": "dock", "capacity": [4, 4, 5, 5], "overtime_limit": 2, "overtime_cost": 6}],
        "budget": 200,
    }
    return plan(*items, **(shared | fields))


def solved(problem: PlanProblem) -> Outcome[PlanSolution]:
    """Solve with the solver that `auto` would choose."""
    simplex = Simplex()
    solver = simplex if simplex.supports(problem) is None else BranchAndBound()
    return solver.solve(problem, BUDGET, Silent())


def value(problem: PlanProblem) -> float:
    """Return the least cost of a problem that has a plan."""
    objective = solved(problem).objective
    assert objective is not None
    assert objective.value is not None
    return objective.value


def proved_value(problem: PlanProblem) -> float:
    """Return the least cost, infinite where there is no plan, of an answer whose every check holds."""
    outcome = solved(problem)
    assert [check.name for check in certify_plan(problem, outcome) if check.max_violation > check.tolerance] == []
    return float("inf") if outcome.objective is None or outcome.objective.value is None else outcome.objective.value
