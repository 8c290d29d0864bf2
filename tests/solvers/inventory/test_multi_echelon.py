"""Stock in networks: brute force on small networks, printed values, the price of a promise, and changed answers."""

import itertools
import math
from dataclasses import replace
from typing import Any

import pytest

from solvers.base import Budget, Silent
from solvers.inventory.check_multi_echelon import check_multi_echelon
from solvers.inventory.multi_echelon.solvers import ClarkScarf, ConstraintProgramming, TreeDynamicProgramming
from tests.solvers.inventory.policies import network, solve_network

BUDGET = Budget(time_limit=20, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)


def stage(name: str, time: float, cost: float, upstream: str = "", **fields: Any) -> dict[str, Any]:
    """Return a stage; `upstream` names its suppliers by one letter each."""
    return {"id": name, "processing_time": time, "added_cost": cost, "upstream": list(upstream), **fields}


def sink(name: str, time: float, cost: float, upstream: str, *, limit: float, sd: float) -> dict[str, Any]:
    """Return a stage with customers."""
    return stage(name, time, cost, upstream, max_service_time=limit, demand={"mean": 10, "sd": sd, "z": 1})


TREE = [stage("a", 2, 1), stage("b", 4, 3, "a"), sink("c", 1, 1, "b", limit=0, sd=3), sink("d", 2, 2, "b", limit=2, sd=5)]
DIAMOND = [
    stage("a", 3, 2),
    stage("b", 2, 1, "a"),
    stage("c", 1, 2, "a", upstream_quantities={"a": 2.0}),
    sink("d", 2, 1, "bc", limit=1, sd=4),
]


def brute_force(stages: list[dict[str, Any]]) -> float:
    """Return the least cost over all whole service times."""
    names = [one["id"] for one in stages]
    best = math.inf
    for promise in itertools.product(range(8), repeat=len(stages)):
        service, cost = dict(zip(names, promise, strict=True)), 0.0
        for one in stages:
            inbound = max([0, *(service[name] for name in one["upstream"])])
            net = inbound + one["processing_time"] - service[one["id"]]
            if net < 0 or service[one["id"]] > one.get("max_service_time", 99):
                cost = math.inf
                break
            cost += value(stages, one["id"]) * bound(stages, one["id"]) * math.sqrt(net)
        best = min(best, cost)
    return best


def value(stages: list[dict[str, Any]], name: str) -> float:
    """Return the cost of a unit at a stage."""
    one = next(item for item in stages if item["id"] == name)
    quantities = one.get("upstream_quantities", {})
    return float(one["added_cost"] + sum(quantities.get(other, 1) * value(stages, other) for other in one["upstream"]))


def bound(stages: list[dict[str, Any]], name: str) -> float:
    """Return the pooled standard deviation behind a stage."""
    own = next(item for item in stages if item["id"] == name).get("demand", {"sd": 0.0})["sd"]
    after = [(item.get("upstream_quantities", {}).get(name, 1), item["id"]) for item in stages if name in item["upstream"]]
    return math.sqrt(own**2 + sum((units * bound(stages, other)) ** 2 for units, other in after))


@pytest.mark.parametrize("stages", [TREE, DIAMOND], ids=["tree", "diamond"])
def test_a_small_network_meets_brute_force(stages: list[dict[str, Any]]) -> None:
    """The answer costs as much as the best of all whole service times, and is proved."""
    got = solve_network(stages)
    assert got.certificate is not None
    assert got.certificate.verified
    assert got.objective is not None
    assert got.objective.value == pytest.approx(brute_force(stages), rel=1e-9)
    assert got.termination is not None
    assert got.termination.reason == "optimal"


def test_both_algorithms_agree_on_a_tree() -> None:
    """Dynamic programming and constraint programming find the same cost."""
    problem = network(TREE)
    first, second = (solver.solve(problem, BUDGET, Silent()) for solver in (TreeDynamicProgramming(), ConstraintProgramming()))
    assert first.objective is not None
    assert second.objective is not None
    assert first.objective.value == pytest.approx(second.objective.value, rel=1e-6)


def test_the_serial_example_of_the_book_comes_out_as_printed() -> None:
    """Snyder and Shen (2019), example 6.3: a cost of 2 sqrt(2), only the last stage promises a unit of time."""
    stages = [stage("c", 1, 2, inbound_service_time=1), stage("b", 0, 2, "c"), sink("a", 1, 3, "b", limit=1, sd=1)]
    got = solve_network(stages)
    assert got.objective is not None
    assert got.objective.value == pytest.approx(2 * math.sqrt(2))
    assert [one.service_time for one in got.solution.stages] == [0, 0, 1]


def test_half_units_of_time_are_put_on_a_finer_grid() -> None:
    """Halving all times divides the cost by the square root of 2."""
    halved = [{**one, "processing_time": one["processing_time"] / 2} for one in TREE]
    for one in halved:
        if "max_service_time" in one:
            one["max_service_time"] /= 2
    got, whole = solve_network(halved), solve_network(TREE)
    assert got.objective is not None
    assert whole.objective is not None
    assert got.objective.value == pytest.approx(whole.objective.value / math.sqrt(2))


def test_a_price_of_a_promise_is_what_a_second_request_costs() -> None:
    """The difference for one more unit of time is that of the changed request, solved by itself."""
    got = solve_network(TREE, explain="full")
    assert got.objective is not None
    price = next(one for one in got.explanation.service_prices if (one.stage, one.change) == ("d", "service_time_plus_1"))
    changed = solve_network([*TREE[:3], {**TREE[3], "max_service_time": 3}])
    assert changed.objective is not None
    assert price.verified
    assert price.difference == pytest.approx(changed.objective.value - got.objective.value)
    assert price.difference < 0


def test_a_stage_that_must_hold_stock_says_so() -> None:
    """Without stock at the last stage a promise of 0 is impossible; other decisions only cost more."""
    got = solve_network(TREE, explain="full")
    arguments = {one.stage: one for one in got.explanation.placement}
    assert arguments["c"].cost is None
    assert all(one.difference is None or one.difference >= 0 for one in arguments.values())


def test_pooling_by_exponent_1_adds_bounds() -> None:
    """Demands that peak together are not pooled: the depot holds as much as the sum of its shops."""
    stages = [{**TREE[0], "pooling_exponent": 1.0}, {**TREE[1], "pooling_exponent": 1.0}, *TREE[2:]]
    got = solve_network(stages)
    depot = got.solution.stages[1]
    assert depot.safety_stock == pytest.approx(8 * math.sqrt(depot.net_replenishment_time))


def serial(kind: str) -> list[dict[str, Any]]:
    """Return a line of two stages."""
    demand = {"distribution": "poisson", "mean": 4} if kind == "poisson" else {"distribution": "normal", "mean": 20, "sd": 4}
    return [
        {"id": "b", "processing_time": 2, "added_cost": 1},
        {"id": "a", "processing_time": 1, "added_cost": 1.5, "upstream": ["b"], "demand": demand, "stockout_cost": 20},
    ]


@pytest.mark.parametrize("kind", ["poisson", "normal"])
def test_a_serial_system_is_verified_and_lies_within_its_bounds(kind: str) -> None:
    """Levels lie between Shang and Song's bounds, and the check prices them by a forward recursion."""
    got = solve_network(serial(kind), model="stochastic_service_serial", explain="full")
    assert got.certificate is not None
    assert got.certificate.verified
    for one in got.solution.stages:
        assert one.lower_bound - 0.01 <= one.echelon_base_stock_level <= one.upper_bound + 0.01


def test_one_stage_alone_is_a_newsvendor() -> None:
    """A serial system of one stage has the level of its critical ratio."""
    demand = {"distribution": "normal", "mean": 50, "sd": 8}
    only = {"id": "a", "processing_time": 1, "added_cost": 0.18, "demand": demand, "stockout_cost": 0.7}
    got = solve_network([only], model="stochastic_service_serial")
    assert got.solution.stages[0].echelon_base_stock_level == pytest.approx(56.604, abs=0.02)
    assert got.objective is not None
    assert got.objective.value == pytest.approx(1.9976 + 0.0, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"service_time": 7.0}, "promise"),
        ({"safety_stock": 0.0}, "safety_stock"),
        ({"cost": 0.0}, "cost"),
        ({"net_replenishment_time": 0.0}, "net_replenishment_time"),
        ({"unit_value": 1.0}, "unit_value"),
    ],
)
def test_a_changed_plan_is_noticed(change: dict[str, float], name: str) -> None:
    """A number of a stage that was changed fails the check of its name."""
    problem = network(TREE)
    outcome = TreeDynamicProgramming().solve(problem, BUDGET, Silent())
    assert outcome.solution is not None
    plans = outcome.solution.stages
    stages = [*plans[:2], plans[2].model_copy(update=change), plans[3]]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"stages": stages}))
    failed = {check.name for check in check_multi_echelon(problem, changed) if check.max_violation > check.tolerance}
    assert name in failed


def test_a_serial_level_that_is_not_best_is_noticed() -> None:
    """A higher level costs more than its neighbour, and more than was claimed."""
    problem = network(serial("poisson"), model="stochastic_service_serial")
    outcome = ClarkScarf().solve(problem, BUDGET, Silent())
    assert outcome.solution is not None
    stages = [
        one.model_copy(update={"echelon_base_stock_level": one.echelon_base_stock_level + 3}) for one in outcome.solution.stages
    ]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"stages": stages}))
    failed = {check.name for check in check_multi_echelon(problem, changed) if check.max_violation > check.tolerance}
    assert {"objective", "no_better_neighbour"} <= failed


def test_a_poisson_line_costs_what_its_demands_add_up_to() -> None:
    """Shang and Song (2003), their case of 16 a period and 99 owed: the sum over all demands, from the first stage down."""
    got = solve_network(
        [
            {"id": f"s{k}", "upstream": [f"s{k + 1}"] if k < 4 else [], "processing_time": 0.25, "added_cost": 1.0}
            | {"holding_rate": 0.25}
            | ({"demand": {"distribution": "poisson", "mean": 16}, "stockout_cost": 99} if k == 1 else {})
            for k in range(1, 5)
        ],
        model="stochastic_service_serial",
    )
    chance = [math.exp(-4 + d * math.log(4) - math.lgamma(d + 1)) for d in range(80)]
    position, cost = {27: 1.0}, 0.0
    for level in (27, 22, 17, 11):
        after: dict[int, float] = {}
        for stock, share in position.items():
            for demand, weight in enumerate(chance):
                at = min(stock, level) - demand
                after[at] = after.get(at, 0.0) + share * weight
        position = after
        cost += 0.25 * sum(stock * share for stock, share in position.items())
    cost += (99 + 1) * sum(-stock * share for stock, share in position.items() if stock < 0)
    assert cost == pytest.approx(16.2055441, abs=1e-7)
    assert got.objective is not None
    assert got.objective.value == pytest.approx(cost, rel=1e-9)


def test_a_table_too_large_for_the_time_is_left_to_another_algorithm() -> None:
    """Fine times in little time: the recursion, which does not stop before its end, is not begun."""
    fine = [stage("a", 90.05, 1), sink("b", 90, 1, "a", limit=90, sd=3)]
    quick, long = (TreeDynamicProgramming().supports(network(fine, time_limit_s=seconds)) for seconds in (0.1, 60))
    assert quick is not None
    assert "too many pairs of times" in quick
    assert long is None
