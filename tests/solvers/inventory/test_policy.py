"""Stock policies against closed forms, brute force and numbers printed in the literature."""

import itertools
import math

import numpy as np
import pytest

from models.inventory_policy import PolicyProblem
from solvers.inventory.policy.joint_replenishment import _between
from solvers.inventory.semantics_policy import issues
from tests.katex import complaints, latex_of
from tests.solvers.inventory.policies import COSTS, NORMAL, POISSON, solve_policy

PRINTED = [
    ("eoq", {"fixed_cost": 8, "holding_cost": 0.225, "demand_rate": 1300}, "order_quantity", 304.047, 68.411),
    ("newsvendor", {**COSTS, "demand": NORMAL}, "order_quantity", 56.604, 1.998),
    ("base_stock", {**COSTS, "demand": NORMAL, "lead_time": 4}, "order_up_to_level", 264.767, 4.467),
]
"""Snyder and Shen (2019), Fundamentals of Supply Chain Theory, examples 3.1, 4.1 and 4.4."""

EVERY_POLICY = {
    "eoq": {"fixed_cost": 40, "holding_cost": 2, "demand_rate": 300, "stockout_cost": 9, "production_rate": 500},
    "eoq_discount": {
        "fixed_cost": 20, "holding_cost_rate": 0.2, "demand_rate": 500, "breakpoints": [0, 90], "unit_costs": [5, 4.8],
        "discount": "incremental",
    },
    "eoq_disruption": {
        "fixed_cost": 20, "holding_cost": 1, "stockout_cost": 8, "demand_rate": 400, "disruption_rate": 1, "recovery_rate": 9,
    },
    "eoq_yield": {
        "fixed_cost": 20, "holding_cost": 1, "demand_rate": 400, "yield_model": "additive", "yield_mean": -5, "yield_sd": 4,
    },
    "joint_replenishment": {
        "shared_fixed_cost": 30,
        "items": [
            {"id": "a", "fixed_cost": 5, "holding_cost": 1, "demand_rate": 50},
            {"id": "b", "fixed_cost": 30, "holding_cost": 1, "demand_rate": 4},
        ],
    },
    "newsvendor": {"holding_cost": 1, "stockout_cost": 3, "demand": {"distribution": "lognormal", "mu": 3, "sigma": 0.5}},
    "newsvendor_yield": {"holding_cost": 1, "stockout_cost": 3, "demand": 20, "yield_lower": -4, "yield_upper": 2},
    "base_stock": {**COSTS, "demand": POISSON, "lead_time": 2},
    "s_S": {**COSTS, "fixed_cost": 12, "demand": NORMAL, "lead_time": 1},
    "r_Q": {**COSTS, "fixed_cost": 12, "demand": NORMAL, "lead_time": 0.5},
    "wagner_whitin": {"fixed_cost": 30, "holding_cost": 1, "demand": [10, 0, 25, 8, 4], "purchase_cost": [2, 2, 3, 1, 1]},
    "finite_horizon": {**COSTS, "periods": 4, "fixed_cost": 9, "purchase_cost": 0.5, "demand": POISSON, "initial_stock": 2},
    "abc_xyz": {"items": [{"id": "a", "unit_value": 2, "demand": [5, 5]}, {"id": "b", "unit_value": 1, "demand": [0, 9]}]},
}  # fmt: skip


@pytest.mark.parametrize(("policy", "parameters", "field", "number", "cost"), PRINTED, ids=[row[0] for row in PRINTED])
def test_a_textbook_example_comes_out_as_printed(
    policy: str, parameters: dict[str, object], field: str, number: float, cost: float
) -> None:
    """Quantity and cost agree with the book to its digits."""
    got = solve_policy(policy, **parameters)
    assert getattr(got.solution, field) == pytest.approx(number, abs=6e-4)
    assert got.objective is not None
    assert got.objective.value == pytest.approx(cost, abs=6e-4)


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_every_policy_is_verified_and_explained(policy: str) -> None:
    """The check accepts the answer, every marginal argument of an exact policy holds, and terms sum to the objective."""
    got = solve_policy(policy, explain="full", **EVERY_POLICY[policy])
    assert got.status == "succeeded", got.error
    assert got.certificate is not None
    assert got.certificate.verified
    assert [argument.name for argument in got.explanation.marginal if not argument.holds] == []
    if got.objective is not None:
        assert math.fsum(term.value for term in got.objective.terms) == pytest.approx(got.objective.value)
        assert got.explanation.formulas


@pytest.mark.parametrize(
    "method", ["expected_inventory_level", "eoq_with_backorders", "eoq_plus_safety_stock", "loss_function"]
)
def test_an_approximation_of_r_and_q_is_priced(method: str) -> None:
    """Its cost is verified; except for Whitin's own cost rate it is not below the optimum."""
    parameters = {**EVERY_POLICY["r_Q"], "method": method}
    got, best = solve_policy("r_Q", **parameters), solve_policy("r_Q", **EVERY_POLICY["r_Q"])
    assert got.certificate is not None
    assert got.certificate.verified
    if method != "expected_inventory_level":
        assert got.objective is not None
        assert best.objective is not None
        assert got.objective.value >= best.objective.value - 1e-9
        assert got.objective.bound == pytest.approx(best.objective.value)


def test_joint_replenishment_meets_brute_force() -> None:
    """The sweep over the base cycle finds the best multiples of three items among all up to 15."""
    rows = [(40.0, 3.0, 90.0), (300.0, 1.0, 12.0), (70.0, 0.2, 30.0)]
    items = [{"id": str(k), "fixed_cost": K, "holding_cost": h, "demand_rate": d} for k, (K, h, d) in enumerate(rows)]
    got = solve_policy("joint_replenishment", shared_fixed_cost=50.0, items=items)
    least = min(
        math.sqrt(
            2
            * (50 + sum(K / k for (K, _, _), k in zip(rows, ks, strict=True)))
            * sum(h * d * k for (_, h, d), k in zip(rows, ks, strict=True))
        )
        for ks in itertools.product(range(1, 16), repeat=3)
    )
    assert got.objective is not None
    assert got.objective.value == pytest.approx(least, rel=1e-12)
    assert got.termination is not None
    assert got.termination.reason == "optimal"


def test_multiples_that_differ_are_named_from_the_smallest_to_the_largest() -> None:
    """Items that join every 2nd or 3rd order are in one out of 2 to 3."""
    assert _between(np.array([1.0, 3.0, 2.0])) == "2 to 3"
    assert _between(np.array([1.0, 2.0])) == "2"


def test_power_of_two_multiples_stay_within_the_known_guarantee() -> None:
    """They cost at most 1 / 0.94 of the relaxation (Roundy 1985)."""
    rng = np.random.default_rng(5)
    items = [
        {"id": str(k), "fixed_cost": float(a), "holding_cost": float(b), "demand_rate": float(c)}
        for k, (a, b, c) in enumerate(rng.uniform(1, 90, (8, 3)))
    ]
    got = solve_policy("joint_replenishment", shared_fixed_cost=120.0, items=items, method="power_of_two")
    assert got.objective is not None
    assert got.objective.relative_gap is not None
    assert got.objective.relative_gap <= 0.06
    assert {int(math.log2(item.multiple)) == math.log2(item.multiple) for item in got.solution.items} == {True}


def test_s_and_levels_meet_brute_force() -> None:
    """Zheng and Federgruen's search finds the best pair among all near it, priced by the stationary distribution."""
    weights = np.array([0.2, 0.3, 0.0, 0.3, 0.2])
    demand = {"distribution": "discrete", "values": [0, 1, 3, 4], "probabilities": [0.2, 0.3, 0.3, 0.2]}
    got = solve_policy("s_S", fixed_cost=6, holding_cost=1, stockout_cost=4, demand=demand)

    def cost(s: int, S: int) -> float:
        n = S - s
        move = np.zeros((n, n))
        for j, d in itertools.product(range(n), range(5)):
            move[j, j + d if j + d < n else 0] += weights[d]
        share = np.linalg.lstsq(np.vstack((move.T - np.eye(n), np.ones(n))), np.append(np.zeros(n), 1.0), rcond=None)[0]
        orders = sum(share[j] * weights[d] for j in range(n) for d in range(5) if j + d >= n)
        period = [sum(weights[d] * max(S - j - d, 4 * (d + j - S)) for d in range(5)) for j in range(n)]
        return float(6 * orders + share @ period)

    least, s, S = min((cost(s, S), s, S) for s in range(-4, 6) for S in range(s + 1, s + 14))
    assert (got.solution.reorder_point, got.solution.order_up_to_level) == (s, S)
    assert got.objective is not None
    assert got.objective.value == pytest.approx(least)


def test_lots_meet_brute_force() -> None:
    """The recursion finds the cheapest set of order periods among all."""
    demand, K, h = [12, 30, 7, 0, 25, 18], 40.0, 1.0
    costs = []
    for flags in itertools.product((0, 1), repeat=5):
        starts = [0, *(t + 1 for t, flag in enumerate(flags) if flag)]
        ends = [*starts[1:], 6]
        costs.append(
            K * len(starts) + sum(h * (i - a) * demand[i] for a, b in zip(starts, ends, strict=True) for i in range(a, b))
        )
    got = solve_policy("wagner_whitin", demand=demand, fixed_cost=K, holding_cost=h)
    assert got.objective is not None
    assert got.objective.value == min(costs)


def test_the_newsvendor_is_a_linear_program_with_its_dual() -> None:
    """Value, order and duals of the certified program are those of the critical ratio."""
    demand = {"distribution": "discrete", "values": [1, 2, 4, 8], "probabilities": [0.1, 0.35, 0.3, 0.25]}
    got = solve_policy("newsvendor", explain="full", holding_cost=2, stockout_cost=3, demand=demand)
    program = got.explanation.linear_program
    assert program.exact
    assert program.order_quantity == got.solution.order_quantity == 4
    assert got.objective is not None
    assert program.value == pytest.approx(got.objective.value)
    assert program.dual_value == pytest.approx(program.value)
    assert program.largest_residual <= 1e-6
    assert program.sum_of_duals == pytest.approx(0, abs=1e-9)
    assert [point.dual for point in program.points if point.demand != 4] == pytest.approx([-0.2, -0.7, 0.75])


def test_a_fill_rate_is_promised_and_achieved() -> None:
    """The simulation stands beside the formulas, within six standard errors."""
    got = solve_policy(
        "r_Q", fixed_cost=100, holding_cost=20, stockout_cost=150, demand={"distribution": "poisson", "mean": 1.5}, lead_time=2
    )
    figures = {figure.name: figure for figure in got.solution.simulation.figures}
    assert set(figures) == {"cost", "fill_rate"}
    for figure in figures.values():
        assert abs(figure.achieved - figure.promised) <= 6 * figure.standard_error


def test_the_same_seed_repeats_a_simulation() -> None:
    """Two runs give the same figures."""
    first, second = (solve_policy("base_stock", **EVERY_POLICY["base_stock"]) for _ in range(2))
    assert first.solution.simulation == second.solution.simulation


def test_the_item_that_crosses_a_share_belongs_to_the_higher_class() -> None:
    """Values 80, 15, 5 with limits 0.8 and 0.95 are A, B and C; a wholly regular item is X."""
    items = [{"id": str(v), "unit_value": v, "demand": [1, 1, 1]} for v in (80, 15, 5)]
    got = solve_policy("abc_xyz", items=items, value_shares=[0.79, 0.94])
    assert [one.abc for one in got.solution.classes] == ["A", "B", "C"]
    assert {one.xyz for one in got.solution.classes} == {"X"}


@pytest.mark.parametrize("policy", EVERY_POLICY)
def test_formulas_are_read_by_katex_in_symbols_and_in_numbers(policy: str) -> None:
    """Every formula and the whole formulation are LaTeX in KaTeX's strictest mode."""
    explanation = solve_policy(policy, explain="full", **EVERY_POLICY[policy]).explanation
    texts = [text for one in explanation.formulas for text in (one.latex, one.latex_numbers)]
    assert complaints([*texts, *latex_of(explanation.formulation.model_dump())]) == []


def test_the_simulation_of_a_newsvendor_with_revenue_tells_its_profit() -> None:
    """What is promised and achieved has the name of what is sought."""
    demand = {"distribution": "normal", "mean": 50, "sd": 8}
    got = solve_policy("newsvendor", revenue=3.2, purchase_cost=1.9, salvage_value=0.6, demand=demand)
    assert got.objective is not None
    assert got.solution.simulation.figures[0].name == "profit"
    assert got.solution.simulation.figures[0].promised == pytest.approx(got.objective.value)


def test_normal_demand_without_a_demand_is_refused() -> None:
    """A deviation of many means leaves no share of demand to promise."""
    demand = {"distribution": "normal", "mean": 50, "sd": 8e6}
    problem = PolicyProblem.model_validate(
        {"policy": "newsvendor", "parameters": {"holding_cost": 1, "stockout_cost": 2, "demand": demand}}
    )
    assert [(one.pointer, one.limit) for one in issues(problem)] == [("/parameters/demand/sd", 200)]


@pytest.mark.parametrize(("mean", "stockout_cost"), [(1_500, 6), (50_000, 6), (1.5, 6e9), (300, 1e12)])
def test_a_reorder_point_is_verified_whatever_the_sizes(mean: float, stockout_cost: float) -> None:
    """Demand so large that no unit at all is impossible in numbers, and shortages that cost so much that each tail counts."""
    demand = {"distribution": "poisson", "mean": mean}
    got = solve_policy("r_Q", fixed_cost=12, holding_cost=0.4, stockout_cost=stockout_cost, demand=demand, lead_time=2)
    assert got.status == "succeeded", got.error
    assert got.certificate.verified
    assert got.solution.reorder_point > 2 * mean - 100
