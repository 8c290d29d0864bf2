"""Plans with setups: lot sizes by dynamic programming, bounds from prices, and improvement part by part."""

import random
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from models.inventory import PlanProblem
from models.run import Termination
from solvers.base import Budget, Silent
from solvers.inventory import setup_search
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from solvers.inventory.fix_and_optimise import FixAndOptimise
from solvers.inventory.plan_arrays import plan_arrays
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.plan_prices import PricedPlan, price_plan
from solvers.linear.solve import solve_linear
from tests.solvers.inventory.plans import BUDGET, plan, shared_dock, solved


def lone_items(seed: int, *, count: int = 2, **shared: Any) -> PlanProblem:
    """Return items with lead times, backorders, stock and changing costs, which share nothing unless `shared` says so."""
    draw = random.Random(seed)
    items = []
    for index in range(count):
        late = draw.random() < 0.5
        items.append({
            "id": f"i{index}", "demand": [draw.choice([0, 3, 8, 15]) for _ in range(7)], "lead_time": 0 if not late else 2,
            "initial_stock": draw.choice([0, 12]) if late else draw.choice([0, 5, 40]),
            "holding_cost": [draw.choice([0, 1, 2]) for _ in range(7)], "unit_cost": [draw.choice([1, 2, 4]) for _ in range(7)],
            "fixed_cost": draw.choice([5, 20]), "unmet_demand": "backorder" if late else "forbidden",
            "stockout_cost": draw.choice([1, 5]), "maximum_final_backorder": draw.choice([None, 0]) if late else None,
            "safety_stock": 0 if late else draw.choice([0, 4]), "resource_use": shared.pop(f"use{index}", {}),
        })  # fmt: skip
    return PlanProblem.model_validate({"periods": 7, "items": items, **shared})


def factory(seed: int, *, items: int = 12, periods: int = 20, busy: float = 0.85) -> PlanProblem:
    """Return items that share a line with setup times, which is busy to this share when every order lasts three periods."""
    draw = np.random.default_rng(seed)
    demand = draw.integers(5, 60, (items, periods)).astype(float)
    capacity = (demand.sum() / periods + 10.0 * items / 3) / busy
    use = {"line": {"per_unit": 1, "per_setup": 10}}
    entries = [
        {
            "id": f"i{index}",
            "demand": row.tolist(),
            "holding_cost": 1,
            "fixed_cost": float(draw.integers(50, 200)),
            "unmet_demand": "forbidden",
            "resource_use": use,
            "initial_stock": 30,
        }
        for index, row in enumerate(demand)
    ]
    return PlanProblem.model_validate(
        {"periods": periods, "items": entries, "resources": [{"id": "line", "capacity": capacity}]}
    )


def priced(problem: PlanProblem, seconds: float = 1.0) -> PricedPlan:
    """Return what prices tell about a plan."""
    found = price_plan(problem, plan_arrays(problem), deadline=time.monotonic() + seconds, progress=Silent())
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(25))
def test_items_that_share_nothing_are_planned_exactly(seed: int) -> None:
    """Dynamic programming costs what branch and bound on the whole model costs, and its plan stands every check."""
    problem = lone_items(seed)
    outcome = BranchAndBound().solve(problem, BUDGET, Silent())
    whole = solve_linear(formulate(problem).model, BUDGET, Silent())
    assert outcome.status == whole.status
    if whole.value is not None:
        assert outcome.objective is not None
        assert outcome.objective.value == pytest.approx(whole.value)
        assert outcome.objective.bound == pytest.approx(whole.value)
        assert setup_search.BY_PERIODS in outcome.reasons
        assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


@pytest.mark.parametrize(
    "shared",
    [
        {"resources": [{"id": "dock", "capacity": 14, "overtime_limit": 3, "overtime_cost": 2}]},
        {"budget": 60},
    ],
)
@pytest.mark.parametrize("seed", range(6))
def test_the_bound_from_prices_is_never_above_the_cheapest_plan(seed: int, shared: dict[str, Any]) -> None:
    """Prices on a dock with overtime, or on a budget, never claim more than the optimum."""
    use = {"dock": {"per_unit": 1, "per_setup": 1}} if "resources" in shared else {}
    at_receipt = {name: {**taken, "at": "receipt"} for name, taken in use.items()}
    problem = lone_items(seed, use0=use, use1=at_receipt, **shared)
    whole = solve_linear(formulate(problem).model, BUDGET, Silent())
    bound = price_plan(problem, plan_arrays(problem), deadline=time.monotonic() + 0.1, progress=Silent())
    if whole.value is not None:
        assert bound is not None
        assert bound.bound <= whole.value + 1e-6


def test_priced_storage_is_bounded_too() -> None:
    """A site that cannot store what the items would like to keep raises the bound, and never above the optimum."""
    items = [
        {"id": name, "site": "northgate", "demand": [10, 10, 10, 10], "holding_cost": 0.1, "fixed_cost": 30}
        | {"unmet_demand": "forbidden"}
        for name in ("butter", "apples")
    ]
    problem = plan(*items, sites=[{"id": "northgate", "storage_capacity": 15}])
    free = plan(*items, sites=[{"id": "northgate", "storage_capacity": None}])
    objective = solved(problem).objective
    assert objective is not None
    assert objective.value is not None
    assert priced(free).bound < priced(problem).bound <= objective.value + 1e-6


def test_the_bound_is_that_of_the_facility_location_formulation() -> None:
    """The best prices reach the linear relaxation with one column for every order period and demand period."""
    problem = factory(1, items=4, periods=8, busy=0.95)
    assert priced(problem, 3.0).bound == pytest.approx(_facility_location_bound(problem), rel=1e-3)


def test_lost_sales_are_left_to_branch_and_bound() -> None:
    """Demand that may be lost leaves no net need to plan for."""
    assert price_plan(shared_dock(), plan_arrays(shared_dock()), deadline=time.monotonic(), progress=Silent()) is None


def test_a_large_plan_comes_with_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan above the size that is searched as a whole is improved part by part and stands every check."""
    monkeypatch.setattr(setup_search, "SEARCHED_AS_A_WHOLE", 100)
    problem = factory(2)
    budget = Budget(time_limit=2, iteration_limit=None, relative_gap=0.01, seed=0, threads=1)
    outcome = BranchAndBound().solve(problem, budget, Silent())
    assert outcome.objective is not None
    assert outcome.objective.relative_gap is not None
    assert outcome.objective.relative_gap <= 0.03
    assert "improved part by part" in outcome.reasons[0]
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_rounds_only_improve_and_end_at_the_bound() -> None:
    """The history of a search has ever better values, none below the bound."""
    problem = factory(3, items=6, periods=12, busy=0.95)
    known = priced(problem)
    search = FixAndOptimise(
        formulate(problem),
        known.likely_setups,
        bound=known.bound,
        budget=BUDGET,
        deadline=time.monotonic() + 1,
        progress=Silent(),
    )
    assert search.search() is not None
    values = [point.value for point in search.history.points if point.value is not None]
    assert values == sorted(values, reverse=True)
    assert values[-1] >= known.bound - 1e-6


def test_a_search_that_the_clock_ends_is_improved_with_the_better_bound() -> None:
    """An unproved plan of the whole search only becomes cheaper, and its bound only higher."""
    problem = factory(5, busy=0.9)
    model = formulate(problem)
    loose = solve_linear(model.model, replace(BUDGET, relative_gap=0.3), Silent())
    before = replace(loose, termination=Termination(reason="feasible", limit="time", detail="ended early"))
    after = setup_search.improved_by_parts(problem, model, before, replace(BUDGET, time_limit=1.0), Silent())
    assert before.value is not None
    assert after.value is not None
    assert before.bound is not None
    assert after.bound is not None
    assert before.bound <= after.bound <= after.value <= before.value


def test_a_search_without_a_plan_gets_one_from_prices() -> None:
    """Where branch and bound has found nothing when its time is over, a first plan comes from the likely setups."""
    problem = factory(5)
    model = formulate(problem)
    nothing = solve_linear(model.model, replace(BUDGET, time_limit=0.01), Silent())
    found = setup_search.improved_by_parts(problem, model, nothing, replace(BUDGET, time_limit=1.0), Silent())
    assert nothing.values is None
    assert found.status == "succeeded"
    assert found.termination.reason == "feasible"
    assert found.value is not None


def test_a_large_plan_with_lost_sales_starts_from_its_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items that cannot be planned one by one get their first setups and their bound from the linear relaxation."""
    monkeypatch.setattr(setup_search, "SEARCHED_AS_A_WHOLE", 5)
    problem = shared_dock()
    outcome = BranchAndBound().solve(problem, BUDGET, Silent())
    optimum = solve_linear(formulate(problem).model, BUDGET, Silent()).value
    assert "linear relaxation" in outcome.reasons[0]
    assert outcome.objective is not None
    assert outcome.objective.value == pytest.approx(optimum)
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_an_order_that_is_placed_already_keeps_its_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed order in a period that no priced plan would order in is part of the first plan."""
    monkeypatch.setattr(setup_search, "SEARCHED_AS_A_WHOLE", 10)
    request = factory(6, items=3, periods=8).model_dump()
    request["items"][0]["order_limits"] = [{"period": 2, "lower": 1, "upper": 1}]
    problem = PlanProblem.model_validate(request)
    outcome = BranchAndBound().solve(problem, replace(BUDGET, time_limit=2), Silent())
    assert outcome.solution is not None
    assert outcome.solution.items[0].orders[1] == pytest.approx(1)
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_without_enough_capacity_the_conflict_is_still_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no part finds a plan the whole model is searched, which proves that there is none."""
    monkeypatch.setattr(setup_search, "SEARCHED_AS_A_WHOLE", 10)
    outcome = BranchAndBound().solve(factory(4, items=3, periods=6, busy=3.0), BUDGET, Silent())
    assert outcome.status == "infeasible"


def _facility_location_bound(problem: PlanProblem) -> float:
    """Return the linear relaxation with one column for every pair of order and demand period, by SciPy."""
    arrays = plan_arrays(problem)
    net = np.diff(arrays.required_receipts(), axis=1, prepend=0.0)
    baseline = arrays.required_receipts() - np.cumsum(arrays.demand, axis=1) + arrays.initial[:, None]
    items, periods = net.shape
    pairs = [(i, t, u) for i in range(items) for t in range(periods) for u in range(t, periods) if net[i, u] > 0]
    cost = [float(net[i, u] * arrays.holding[i, t:u].sum()) for i, t, u in pairs] + arrays.fixed_cost.ravel().tolist()
    served: dict[tuple[int, int], np.ndarray] = {}
    linked = np.zeros((len(pairs), len(cost)))
    capacity = np.zeros((periods, len(cost)))
    for column, (i, t, u) in enumerate(pairs):
        served.setdefault((i, u), np.zeros(len(cost)))[column] = 1.0
        linked[column, column], linked[column, len(pairs) + i * periods + t] = 1.0, -1.0
        capacity[t, column] = arrays.per_unit[0, i] * net[i, u]
    for i in range(items):
        capacity[:, len(pairs) + i * periods : len(pairs) + (i + 1) * periods] += arrays.per_setup[0, i] * np.eye(periods)
    result = linprog(
        cost,
        A_ub=np.vstack([linked, capacity]),
        b_ub=np.concatenate([np.zeros(len(pairs)), arrays.capacity[0]]),
        A_eq=np.array(list(served.values())),
        b_eq=np.ones(len(served)),
        bounds=[(0, None)] * len(pairs) + [(0, 1)] * (items * periods),
    )
    return float(result.fun + (arrays.holding * baseline).sum())
