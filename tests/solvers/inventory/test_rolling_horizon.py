"""Plans made window by window: valid plans and bounds, with every kind of part, and what the options refuse."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from solvers.inventory.plan_formulation import formulate
from solvers.inventory.relax_and_fix import periods_of, relax_and_fix, window_length
from solvers.inventory.rolling_horizon import RollingHorizon
from solvers.inventory.semantics import issues
from tests.solvers.inventory.plans import BUDGET, item, plan, shared_dock

QUICK = replace(BUDGET, time_limit=2, relative_gap=1e-4)


def bakery(seed: int, *, periods: int = 12, **options: Any) -> PlanProblem:
    """Return items with setups, one ordered in multiples, one from two suppliers, one moved between two sites."""
    draw = np.random.default_rng(seed)

    def demand() -> list[float]:
        return [float(units) for units in draw.choice([0, 5, 10, 20], periods)]

    oven = {"oven": {"per_unit": 1, "per_setup": 4}}
    items = [
        item("rye-bread", site="northgate", demand=demand(), initial_stock=20, fixed_cost=30, resource_use=oven),
        item("rye-bread", site="southmoor", demand=demand(), initial_stock=20, fixed_cost=90, resource_use=oven),
        item("oat-milk", site="northgate", demand=demand(), initial_stock=20, order_multiple=8, unit_cost=2),
        item(
            "butter",
            site="northgate",
            demand=demand(),
            initial_stock=20,
            supplies=[
                {"supplier": "hill-dairy", "unit_cost": 3, "fixed_cost": 10},
                {"supplier": "valley-mill", "unit_cost": 2, "fixed_cost": 40, "lead_time": 1},
            ],
        ),
    ]
    return plan(
        *items,
        sites=[{"id": "northgate"}, {"id": "southmoor"}],
        resources=[{"id": "oven", "capacity": 60}],
        suppliers=[{"id": "hill-dairy"}, {"id": "valley-mill"}],
        transfers=[{"item": "rye-bread", "origin": "northgate", "destination": "southmoor", "unit_cost": 1, "fixed_cost": 6}],
        options={"solver": "rolling_horizon"} | options,
    )


@pytest.mark.parametrize("seed", range(2))
def test_plan_keeps_every_condition_and_its_bound_holds(seed: int) -> None:
    """With suppliers, transfers and multiples the plan passes every check, no cheaper than the optimum nor far above it."""
    problem = bakery(seed, window_periods=5, window_overlap=2)

    outcome = RollingHorizon().solve(problem, QUICK, Silent())
    best = BranchAndBound().solve(problem, replace(BUDGET, relative_gap=1e-6), Silent()).objective

    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))
    assert outcome.objective is not None
    assert best is not None
    assert outcome.objective.value is not None
    assert outcome.objective.bound is not None
    assert best.value is not None
    assert outcome.objective.bound <= best.value + 1e-4
    assert best.value - 1e-4 <= outcome.objective.value <= 1.05 * best.value


def test_every_whole_number_has_a_period() -> None:
    """No whole-number column is left out of all windows."""
    model = formulate(bakery(0))

    period = periods_of(model)

    assert (period[model.model.integer] >= 0).all()
    assert (period[~model.model.integer] == -1).all()


def test_one_window_over_the_horizon_is_the_optimum() -> None:
    """A window as long as the horizon relaxes and fixes nothing."""
    problem = bakery(1, periods=5, window_periods=5)
    model = formulate(problem)

    found = relax_and_fix(model, BUDGET, Silent(), length=5, overlap=0)

    best = BranchAndBound().solve(problem, BUDGET, Silent()).objective
    assert best is not None
    assert found.windows == 1
    assert found.values is not None
    assert model.model.value(found.values) == pytest.approx(best.value, rel=1e-5)


def test_windows_that_leave_no_plan_begin_anew_and_longer() -> None:
    """Setups that are kept may take the capacity that a later peak needs; longer windows then find a plan."""
    use = {"oven": {"per_unit": 1, "per_setup": 6}}
    items = [item(f"bread-{k}", demand=[2, 2, 2, 20, 20], holding_cost=5, fixed_cost=1, resource_use=use) for k in range(2)]
    problem = plan(*items, resources=[{"id": "oven", "capacity": 33}], options={"solver": "rolling_horizon"})

    found = relax_and_fix(formulate(problem), BUDGET, Silent(), length=1, overlap=0)
    outcome = RollingHorizon().solve(problem, QUICK, Silent())

    assert found.is_infeasible == (outcome.status == "infeasible")
    assert found.values is not None or found.is_infeasible


def test_an_impossible_plan_is_called_infeasible() -> None:
    """Where no window has a plan, the whole model says why."""
    problem = plan(item(demand=[50, 50], fixed_cost=5, maximum_order=10), options={"solver": "rolling_horizon"})

    assert RollingHorizon().solve(problem, QUICK, Silent()).status == "infeasible"


def test_windows_hold_a_fixed_number_of_decisions_unless_asked_otherwise() -> None:
    """Few decisions a period make long windows, never longer than the horizon."""
    model = formulate(bakery(0))

    assert window_length(model, None) == 12
    assert window_length(model, 4) == 4


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"window_periods": 3, "window_overlap": 3}, "/options/window_overlap"),
        ({"window_overlap": 1}, "/options/window_overlap"),
        ({"solver": "auto", "window_periods": 3}, "/options/window_periods"),
    ],
)
def test_windows_that_make_no_sense_are_refused(options: dict[str, Any], pointer: str) -> None:
    """An overlap needs longer windows, and windows need the solver that rolls them."""
    assert [one.pointer for one in issues(bakery(0, **options))] == [pointer]


def test_a_plan_without_whole_numbers_is_refused() -> None:
    """A linear plan has nothing to fix in windows."""
    problem = plan(item(), options={"solver": "rolling_horizon"})

    assert [one.code for one in issues(problem)] == ["SOLVER_NOT_SUITABLE"]
    assert RollingHorizon().supports(problem) is not None


def test_uncertain_demand_is_left_to_scenarios() -> None:
    """Windows plan for one demand only."""
    uncertain = item(fixed_cost=5, unmet_demand="lost", stockout_cost=3, demand_uncertainty={"sd": 2})

    assert RollingHorizon().supports(plan(uncertain)) is not None
    assert RollingHorizon().supports(shared_dock()) is None


def test_the_bound_is_that_of_prices_on_a_shared_line() -> None:
    """Six items with setups on one line: the first window of four periods alone proves much less."""
    draw = np.random.default_rng(0)
    items = [
        item(
            f"item-{number}",
            demand=draw.integers(20, 80, 16).tolist(),
            fixed_cost=300,
            resource_use={"line": {"per_unit": 1, "per_setup": 10}},
        )
        for number in range(6)
    ]
    options = {"solver": "rolling_horizon", "window_periods": 4}
    problem = plan(*items, resources=[{"id": "line", "capacity": 420}], options=options)
    objective = RollingHorizon().solve(problem, QUICK, Silent()).objective
    assert objective is not None
    assert objective.relative_gap is not None
    assert objective.relative_gap < 0.1
