"""The textbook cases of inventory theory as requests, with the numbers that must come back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Parameters = dict[str, Any]
Numbers = dict[str, Any]

METHODS = {"(s,S) power": "power_approximation", "(r,Q) EIL": "expected_inventory_level", "JRP Silver": "silver"}
FIXED = ("fixed_cost", "holding_cost", "stockout_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A case: the endpoint, the request, what must come back, by name, and the relative tolerance.

    `objective` and fields of the solution are compared; `service_times` and `echelon_levels` are read from the stages.
    """

    name: str
    model: str
    kind: str
    request: dict[str, Any]
    expected: Numbers
    tolerance: float
    note: str = ""


def read(path: Path) -> list[Case]:
    """Return every case of the file, in its order."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [_case(entry["name"], entry["model"], entry["parameters"], entry["answer"]) for entry in found]


def _case(name: str, model: str, given: Parameters, answer: Any) -> Case:
    for start, (policy, build) in POLICIES.items():
        if model.startswith(start):
            parameters, expected = build(given, answer)
            request = {"policy": policy, "parameters": parameters}
            return Case(name=name, model=model, kind="inventory/policy", request=request, expected=expected, tolerance=1e-6)
    return _network(name, model, given, answer)


def _some(given: Parameters, *names: str) -> Parameters:
    return {name: given[name] for name in names if name in given}


def _normal(given: Parameters) -> Parameters:
    return {"distribution": "normal", "mean": given["demand_mean"], "sd": given["demand_sd"]}


def _poisson(given: Parameters) -> Parameters:
    return {"distribution": "poisson", "mean": given["demand_mean"]}


def _quantity(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    return given, {"order_quantity": answer[0], "objective": answer[-1]}


def _backorders(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    return given, {"order_quantity": answer[0], "backorder_share": answer[1], "objective": answer[2]}


def _discount(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    return given, {"order_quantity": answer[0], "price_level": answer[1], "objective": answer[2]}


def _lots(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    orders, cost, theta, following = answer
    expected = {"orders": orders[1:], "objective": cost, "cost_to_go": theta[1:], "next_order": following[1:]}
    return _some(given, "fixed_cost", "holding_cost", "demand"), expected


def _newsvendor(demand: Callable[[Parameters], Parameters]) -> Callable[[Parameters, Any], tuple[Parameters, Numbers]]:
    def build(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
        costs = _some(given, "holding_cost", "stockout_cost", "revenue", "purchase_cost", "salvage_value")
        return {**costs, "demand": demand(given)}, {"order_quantity": answer[0], "objective": answer[1]}

    return build


def _lognormal(given: Parameters) -> Parameters:
    return {"distribution": "lognormal", **_some(given, "mu", "sigma")}


def _discrete(given: Parameters) -> Parameters:
    points = {float(value): weight for value, weight in given["demand_pmf"].items()}
    return {"distribution": "discrete", "values": list(points), "probabilities": list(points.values())}


def _base_stock(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    parameters = {**_some(given, *FIXED, "lead_time"), "demand": _normal(given)}
    return parameters, {"order_up_to_level": answer[0], "objective": answer[1]}


def _exact_levels(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    expected = {"reorder_point": answer[0], "order_up_to_level": answer[1], "objective": answer[2]}
    return {**_some(given, *FIXED), "demand": _poisson(given)}, expected


def _power(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    parameters = {**_some(given, *FIXED), "demand": _normal(given), "method": "power_approximation"}
    return parameters, {"reorder_point": answer[0], "order_up_to_level": answer[1]}


def _expected_level(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    parameters = {**_some(given, *FIXED, "lead_time"), "demand": _normal(given), "method": "expected_inventory_level"}
    return parameters, {"reorder_point": answer[0], "order_quantity": answer[1], "objective": answer[2]}


def _exact_quantity(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    parameters = {**_some(given, *FIXED, "lead_time"), "demand": _poisson(given)}
    return parameters, {"reorder_point": answer[0], "order_quantity": answer[1], "objective": answer[2]}


def _random_yield(model: str) -> Callable[[Parameters, Any], tuple[Parameters, Numbers]]:
    def build(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
        return {**given, "yield_model": model}, {"order_quantity": answer[0], "objective": answer[1]}

    return build


def _newsvendor_yield(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    parameters = {
        **_some(given, "holding_cost", "stockout_cost", "demand"),
        "yield_lower": given["yield_lo"],
        "yield_upper": given["yield_hi"],
    }
    return parameters, {"order_quantity": answer[0], "objective": answer[1]}


def _horizon(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    costs = (*FIXED, "terminal_holding_cost", "terminal_stockout_cost", "purchase_cost", "discount_factor")
    parameters = {
        **_some(given, *costs),
        "periods": given["num_periods"],
        "initial_stock": given["initial_inventory_level"],
        "demand": _normal(given),
        "demand_spread": 4.0,
    }
    return parameters, {"levels": [answer[0][1:], answer[1][1:]], "objective": answer[2]}


def _joint(given: Parameters, answer: Any) -> tuple[Parameters, Numbers]:
    rows = zip(given["individual_fixed_costs"], given["holding_costs"], given["demand_rates"], strict=True)
    items = [
        {"id": f"item-{place}", "fixed_cost": fixed, "holding_cost": holding, "demand_rate": rate}
        for place, (fixed, holding, rate) in enumerate(rows, start=1)
    ]
    quantities, cycle, multiples, cost = answer
    parameters = {"shared_fixed_cost": given["shared_fixed_cost"], "items": items, "method": "silver"}
    return parameters, {"items": [quantities, multiples], "cycle_time": cycle, "objective": cost}


POLICIES: Mapping[str, tuple[str, Callable[[Parameters, Any], tuple[Parameters, Numbers]]]] = {
    "EOQ (": ("eoq", _quantity),
    "EOQ all-units": ("eoq_discount", _discount),
    "EOQB": ("eoq", _backorders),
    "EPQ": ("eoq", _quantity),
    "EOQ with disruptions": ("eoq_disruption", _quantity),
    "EOQ additive": ("eoq_yield", _random_yield("additive")),
    "EOQ multiplicative": ("eoq_yield", _random_yield("multiplicative")),
    "Wagner-Whitin": ("wagner_whitin", _lots),
    "newsvendor normal": ("newsvendor", _newsvendor(_normal)),
    "newsvendor explicit": ("newsvendor", _newsvendor(_normal)),
    "newsvendor discrete": ("newsvendor", _newsvendor(_discrete)),
    "newsvendor Poisson": ("newsvendor", _newsvendor(_poisson)),
    "newsvendor lognormal": ("newsvendor", _newsvendor(_lognormal)),
    "newsvendor additive": ("newsvendor_yield", _newsvendor_yield),
    "base-stock": ("base_stock", _base_stock),
    "(s,S) Poisson": ("s_S", _exact_levels),
    "(s,S) power": ("s_S", _power),
    "(r,Q) EIL": ("r_Q", _expected_level),
    "(r,Q) Poisson": ("r_Q", _exact_quantity),
    "finite horizon": ("finite_horizon", _horizon),
    "JRP": ("joint_replenishment", _joint),
}
"""How the models of the file become policies, by how their names begin."""


def _network(name: str, model: str, given: Parameters, answer: Any) -> Case:
    """Return a serial or guaranteed-service network; local holding costs become added costs along the arcs."""
    stochastic = model.startswith("SSM")
    nodes = {node["index"]: node for node in given["nodes"]}
    stages = [_stage(node, nodes, stochastic=stochastic) for node in nodes.values()]
    request = {"model": "stochastic_service_serial" if stochastic else "guaranteed_service", "stages": stages}
    kind = "echelon_levels" if stochastic else "service_times"
    normal = stochastic and any(node.get("demand", {}).get("type") == "N" for node in nodes.values())
    return Case(
        name=name,
        model=model,
        kind="inventory/multi-echelon",
        request=request,
        expected={kind: answer[0], "objective": answer[1]},
        tolerance=1e-6,
        note="normal demand on the grid of the source" if normal else "",
    )


def _stage(node: Parameters, nodes: Mapping[int, Parameters], *, stochastic: bool) -> Parameters:
    if stochastic:
        stage = {
            "id": str(node["index"]),
            "upstream": [str(one) for one in node["predecessors"]],
            "processing_time": node["shipment_lead_time"],
            "added_cost": node["echelon_holding_cost"],
            "holding_rate": 1.0,
        }
        if node["stockout_cost"]:
            demand, kind = node["demand"], {"N": "normal", "P": "poisson"}[node["demand"]["type"]]
            spread = {"sd": demand["standard_deviation"]} if kind == "normal" else {}
            stage |= {"stockout_cost": node["stockout_cost"]}
            stage |= {"demand": {"distribution": kind, "mean": demand["mean"], **spread}}
        return stage
    inbound = sum(nodes[one]["local_holding_cost"] for one in node["predecessors"])
    stage = {
        "id": str(node["index"]),
        "upstream": [str(one) for one in node["predecessors"]],
        "processing_time": node["processing_time"],
        "added_cost": max(0.0, node["local_holding_cost"] - inbound),
        "holding_rate": 1.0,
        "inbound_service_time": node.get("external_inbound_cst", 0) or 0,
    }
    if not node["successors"]:
        demand = node["demand"]
        stage["max_service_time"] = node.get("external_outbound_cst", 0)
        stage["demand"] = {"mean": demand["mean"], "sd": demand["standard_deviation"], "z": node["demand_bound_constant"]}
    return stage
