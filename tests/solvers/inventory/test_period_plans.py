"""Plans on one tight capacity: the worth of a period, the bound and the cuts from prices, and the search by lots."""

import time
from itertools import product

import numpy as np
import pytest

from models.inventory import PlanProblem
from solvers.base import Silent
from solvers.inventory import branch_and_bound
from solvers.inventory.branch_and_bound import BranchAndBound
from solvers.inventory.certificate import certify_plan
from solvers.inventory.period_plans import search
from solvers.inventory.period_plans.lot_model import lot_model
from solvers.inventory.period_plans.lots import SharedLots, shared_lots
from solvers.inventory.period_plans.period_prices import best_period_prices, period_bound
from solvers.inventory.period_plans.search import BY_LOTS, lots_to_search
from solvers.inventory.plan_arrays import plan_arrays
from solvers.inventory.plan_formulation import formulate
from solvers.linear.solve import solve_linear
from tests.solvers.inventory.plans import BUDGET, shared_dock, solved


def oven(seed: int, *, items: int = 4, periods: int = 5) -> PlanProblem:
    """Return items baked in one oven, with setup times, stock, safety stock, dearer days and lead times."""
    draw = np.random.default_rng(seed)
    entries = [
        {
            "id": f"bread-{index}",
            "demand": draw.choice([0, 4, 7, 12], periods).tolist(),
            "initial_stock": float(draw.choice([12, 20])),
            "holding_cost": draw.choice([1.0, 2.0], periods).tolist(),
            "unit_cost": draw.choice([0.0, 3.0], periods).tolist(),
            "fixed_cost": float(draw.choice([0, 15, 30])),
            "safety_stock": float(draw.choice([0, 2])),
            "lead_time": int(draw.choice([0, 1])),
            "resource_use": {
                "oven": {
                    "per_unit": float(draw.choice([0, 1, 2])),
                    "per_setup": float(draw.choice([0, 5])),
                    "at": str(draw.choice(["order", "receipt"])),
                }
            },
        }
        for index in range(items)
    ]
    return PlanProblem.model_validate({"periods": periods, "items": entries, "resources": [{"id": "oven", "capacity": 38}]})


def lots_of(problem: PlanProblem) -> SharedLots:
    """Return the lots of a plan that has some."""
    lots = shared_lots(problem, plan_arrays(problem))
    assert lots is not None
    return lots


def worth_of_period(lots: SharedLots, prices: np.ndarray, u: int) -> float:
    """Return the most that a period's capacity is worth, by trying every choice of items."""
    count, periods = lots.need.shape
    best = 0.0
    for choice in product((False, True), repeat=count):
        left, worth = float(lots.capacity[u]), 0.0
        pieces = []
        for i in np.flatnonzero(choice):
            left -= lots.per_setup[i]
            worth -= lots.fixed[i, u]
            for k in range(periods):
                gain = prices[i, k] - lots.cost[i, u, k]
                if gain > 0 and lots.per_unit[i] == 0:
                    worth += gain * lots.need[i, k]
                elif gain > 0:
                    pieces.append((gain / lots.per_unit[i], lots.need[i, k] * lots.per_unit[i]))
        if left < 0:
            continue
        for density, size in sorted(pieces, reverse=True):
            taken = min(left, size)
            worth, left = worth + density * taken, left - taken
        best = max(best, worth)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_bound_at_prices_is_that_of_every_choice_in_every_period(seed: int) -> None:
    """At any prices of the needs the bound equals the one by enumeration, from plain arithmetic."""
    lots = lots_of(oven(seed, items=6))
    prices = np.random.default_rng(seed).uniform(0, 12, lots.need.shape)
    expected = lots.constant + float((prices * lots.need).sum())
    expected -= sum(worth_of_period(lots, prices, u) for u in range(lots.need.shape[1]))

    bound, cut, served, _ = period_bound(lots, prices)

    assert bound == pytest.approx(expected, rel=1e-9)
    assert cut.worth.min() >= 0
    assert (np.einsum("uik,i->u", served, lots.per_unit) <= lots.capacity + 1e-9).all()


@pytest.mark.parametrize("seed", range(10))
def test_lots_with_cuts_have_the_same_optimum_as_the_plan(seed: int) -> None:
    """The cuts lift the relaxation to the bound and cut off no plan: both forms have one optimum."""
    problem = oven(seed)
    lots, plan = lots_of(problem), formulate(problem)
    relaxed = solve_linear(lot_model(lots).model.relaxed(), BUDGET, Silent())
    whole = solve_linear(plan.model, BUDGET, Silent())
    if relaxed.status == "infeasible":
        assert whole.status == "infeasible"
        return
    assert relaxed.duals is not None
    form = lot_model(lots)
    prices = np.zeros(lots.need.shape)
    prices[form.demand >= 0] = relaxed.duals[form.demand[form.demand >= 0]]

    bound, cuts = best_period_prices(lots, prices, deadline=time.monotonic() + 10, progress=Silent())

    lifted = solve_linear(lot_model(lots, cuts).model.relaxed(), BUDGET, Silent())
    by_lots = solve_linear(lot_model(lots, cuts).model, BUDGET, Silent())
    assert relaxed.value is not None
    assert lifted.value is not None
    assert whole.value is not None
    assert relaxed.value - 1e-4 <= bound <= whole.value + 1e-4
    assert lifted.value >= bound - 1e-5
    assert by_lots.value == pytest.approx(whole.value, rel=1e-6)


def test_plan_on_one_tight_capacity_is_searched_by_lots_and_passes_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a first moment proves nothing, orders are split into lots; the plan that comes back keeps all that was asked."""
    problem = oven(2, items=6, periods=7)
    monkeypatch.setattr(branch_and_bound, "FIRST_SHARE", 1e-6)
    monkeypatch.setattr(search, "LEAST_LIFT", -1.0)

    outcome = BranchAndBound().solve(problem, BUDGET, Silent())

    assert BY_LOTS in outcome.reasons
    assert outcome.termination.reason == "optimal"
    assert all(check.max_violation <= check.tolerance for check in certify_plan(problem, outcome))


def test_plan_with_other_conditions_is_left_to_the_whole_model() -> None:
    """Backorders, smallest orders, a budget and storage are not known to the search by lots."""
    problem = shared_dock()

    assert lots_to_search(problem, formulate(problem)) is None
    assert BY_LOTS not in solved(problem).reasons
