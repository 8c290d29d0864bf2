"""Bad requests for policies and networks: every fault is named with a pointer."""

from copy import deepcopy
from typing import Any

import pytest

from app.errors import ProblemError
from app.validation import validate
from tests.solvers.inventory.test_multi_echelon import DIAMOND, TREE, serial
from tests.solvers.inventory.test_policy import EVERY_POLICY

SPREAD = {"distribution": "discrete", "values": [1, 2], "probabilities": [0.5, 0.5]}
POLICIES: list[tuple[str, dict[str, Any], str]] = [
    ("eoq", {"holding_cost": -1}, "/parameters/holding_cost"),
    ("eoq", {"production_rate": 200}, "/parameters/production_rate"),
    ("eoq_discount", {"breakpoints": [0, 300, 90], "unit_costs": [3, 2, 1]}, "/parameters/breakpoints/2"),
    ("eoq_discount", {"breakpoints": [5, 90]}, "/parameters/breakpoints/0"),
    ("eoq_yield", {"yield_model": "multiplicative", "yield_mean": 0}, "/parameters/yield_mean"),
    ("joint_replenishment", {"items": []}, "/parameters/items"),
    ("newsvendor", {"demand": {**SPREAD, "probabilities": [0.5, 0.6]}}, "/parameters/demand/probabilities"),
    ("newsvendor", {"demand": {**SPREAD, "probabilities": [1.0]}}, "/parameters/demand/probabilities"),
    ("newsvendor", {"demand": {"distribution": "empirical", "observations": []}}, "/parameters/demand/observations"),
    ("newsvendor", {"demand": {"distribution": "normal", "mean": 5, "sd": -1}}, "/parameters/demand/sd"),
    ("newsvendor", {"demand": {"distribution": "binomial"}}, "/parameters/demand/distribution"),
    ("newsvendor", {"demand": {"distribution": "uniform", "lower": 4, "upper": 3}}, "/parameters/demand/upper"),
    ("newsvendor", {"demand": 3}, "/parameters/demand"),
    ("newsvendor", {"revenue": 3}, "/parameters/holding_cost"),
    ("newsvendor_yield", {"yield_upper": -9}, "/parameters/yield_upper"),
    ("base_stock", {"lead_time": -1}, "/parameters/lead_time"),
    ("base_stock", {"demand": {**SPREAD, "values": [1, 2.5]}}, "/parameters/demand/values/1"),
    ("s_S", {"method": "power_approximation"}, "/parameters/lead_time"),
    ("s_S", {"fixed_cost": 1e12}, "/parameters/demand"),
    ("r_Q", {"method": "loss_function", "demand": {"distribution": "poisson", "mean": 3}}, "/parameters/demand/distribution"),
    ("wagner_whitin", {"demand": []}, "/parameters/demand"),
    ("wagner_whitin", {"purchase_cost": [1]}, "/parameters/purchase_cost"),
    ("finite_horizon", {"periods": 10**9}, "/parameters/periods"),
    ("abc_xyz", {"value_shares": [0.9, 0.5]}, "/parameters/value_shares/1"),
    ("abc_xyz", {"valu_shares": [0.9, 0.5]}, "/parameters/valu_shares"),
]
NETWORKS: list[tuple[list[Any], str]] = [
    (["upstream", 0, ["d"]], "/stages/0/upstream/0"),
    (["upstream", 1, ["nobody"]], "/stages/1/upstream/0"),
    (["upstream", 1, ["b"]], "/stages/1/upstream/0"),
    (["upstream", 3, ["b", "b"]], "/stages/3/upstream/1"),
    (["processing_time", 1, -1], "/stages/1/processing_time"),
    (["processing_time", 1, 0.12345], "/stages/1/processing_time"),
    (["processing_time", 1, 9999.999], "/stages"),
    (["id", 1, "a"], "/stages/1/id"),
    (["demand", 3, {"mean": 1, "sd": -1, "z": 1}], "/stages/3/demand/sd"),
    (["upstream_quantities", 1, {"d": 2}], "/stages/1/upstream_quantities/d"),
    (["stockout_cost", 1, 2], "/stages/1/stockout_cost"),
]


def pointers(kind: str, body: dict[str, Any]) -> list[str]:
    """Return where a request is wrong."""
    with pytest.raises(ProblemError) as refused:
        validate(kind, body)
    return [found.pointer for found in refused.value.issues]


@pytest.mark.parametrize(("policy", "change", "pointer"), POLICIES, ids=[f"{row[0]}:{row[2]}" for row in POLICIES])
def test_a_bad_policy_is_refused_with_a_pointer(policy: str, change: dict[str, Any], pointer: str) -> None:
    """The first fault points at the field."""
    assert pointers("inventory/policy", {"policy": policy, "parameters": EVERY_POLICY[policy] | change})[0] == pointer


@pytest.mark.parametrize(("change", "pointer"), NETWORKS, ids=[f"{row[0][0]}:{row[1]}" for row in NETWORKS])
def test_a_bad_network_is_refused_with_a_pointer(change: list[Any], pointer: str) -> None:
    """The first fault points at the field."""
    stages = deepcopy(TREE)
    stages[change[1]][change[0]] = change[2]
    assert pointers("inventory/multi-echelon", {"stages": stages})[0] == pointer


def test_an_empty_network_is_refused() -> None:
    """At least one stage, and some demand, are needed."""
    assert pointers("inventory/multi-echelon", {"stages": []}) == ["/stages"]
    assert pointers("inventory/multi-echelon", {"stages": DIAMOND[:2]}) == ["/stages"]


def test_a_network_is_no_line() -> None:
    """The serial model refuses two customers of one stage, and demand in the middle."""
    line = serial("poisson")
    fork = [*line, {"id": "c", "processing_time": 1, "added_cost": 1, "upstream": ["b"]}]
    assert "/stages/2/upstream/0" in pointers("inventory/multi-echelon", {"model": "stochastic_service_serial", "stages": fork})
    line[0]["stockout_cost"] = 3
    assert pointers("inventory/multi-echelon", {"model": "stochastic_service_serial", "stages": line}) == [
        "/stages/0/stockout_cost"
    ]


def test_an_unknown_policy_or_model_is_one_error() -> None:
    """The parameters cannot be judged without the name, and are not."""
    assert pointers("inventory/policy", {"policy": "eok", "parameters": {}}) == ["/policy"]
    assert pointers("inventory/multi-echelon", {"model": "guarantee", "stages": []}) == ["/model"]


def test_demand_that_is_often_negative_is_pointed_out() -> None:
    """Normal demand with a large standard deviation gets a warning."""
    demand = {"distribution": "normal", "mean": 5, "sd": 4}
    _, warnings = validate(
        "inventory/policy", {"policy": "newsvendor", "parameters": EVERY_POLICY["newsvendor"] | {"demand": demand}}
    )
    assert [warning.code for warning in warnings] == ["DEMAND_OFTEN_NEGATIVE"]
