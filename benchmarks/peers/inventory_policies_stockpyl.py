"""stockpyl's functions for single-stage policies, called with the numbers of our request."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from benchmarks.peers.task import run

Answer = dict[str, Any]
EOQ, SUPPLY, NEWSVENDOR, LEVELS, QUANTITY = (
    import_module(f"stockpyl.{name}") for name in ("eoq", "supply_uncertainty", "newsvendor", "ss", "rq")
)
LOTS, HORIZON = import_module("stockpyl.wagner_whitin"), import_module("stockpyl.finite_horizon")


def _eoq(p: Answer) -> Answer:
    if "production_rate" in p:
        Q, cost = EOQ.economic_production_quantity(p["fixed_cost"], p["holding_cost"], p["demand_rate"], p["production_rate"])
    elif "stockout_cost" in p:
        function = EOQ.economic_order_quantity_with_backorders
        Q, share, cost = function(p["fixed_cost"], p["holding_cost"], p["stockout_cost"], p["demand_rate"])
        return {"order_quantity": Q, "backorder_share": share, "objective": cost}
    else:
        Q, cost = EOQ.economic_order_quantity(p["fixed_cost"], p["holding_cost"], p["demand_rate"])
    return {"order_quantity": Q, "objective": cost}


def _discount(p: Answer) -> Answer:
    function = EOQ.economic_order_quantity_with_all_units_discounts
    Q, region, cost = function(p["fixed_cost"], p["holding_cost_rate"], p["demand_rate"], p["breakpoints"], p["unit_costs"])
    return {"order_quantity": Q, "price_level": region, "objective": cost}


def _disruption(p: Answer) -> Answer:
    names = ("fixed_cost", "holding_cost", "stockout_cost", "demand_rate", "disruption_rate", "recovery_rate")
    Q, cost = SUPPLY.eoq_with_disruptions(*(p[name] for name in names))
    return {"order_quantity": Q, "objective": cost}


def _yield(p: Answer) -> Answer:
    function = SUPPLY.eoq_with_additive_yield_uncertainty
    if p["yield_model"] == "multiplicative":
        function = SUPPLY.eoq_with_multiplicative_yield_uncertainty
    Q, cost = function(p["fixed_cost"], p["holding_cost"], p["demand_rate"], p["yield_mean"], p["yield_sd"])
    return {"order_quantity": Q, "objective": cost}


def _newsvendor(p: Answer) -> Answer:
    d = p["demand"]
    kind = d["distribution"]
    if "revenue" in p:
        prices = (p["revenue"], p["purchase_cost"], p["salvage_value"])
        Q, cost = NEWSVENDOR.newsvendor_normal_explicit(*prices, d["mean"], d["sd"])
    elif kind == "normal":
        Q, cost = NEWSVENDOR.newsvendor_normal(p["holding_cost"], p["stockout_cost"], d["mean"], d["sd"])
    elif kind == "poisson":
        Q, cost = NEWSVENDOR.newsvendor_poisson(p["holding_cost"], p["stockout_cost"], d["mean"])
    elif kind == "discrete":
        points = dict(zip((int(value) for value in d["values"]), d["probabilities"], strict=True))
        Q, cost = NEWSVENDOR.newsvendor_discrete(p["holding_cost"], p["stockout_cost"], demand_pmf=points)
    else:
        frozen = import_module("scipy.stats").lognorm(s=d["sigma"], scale=2.718281828459045 ** d["mu"])
        Q, cost = NEWSVENDOR.newsvendor_continuous(p["holding_cost"], p["stockout_cost"], frozen)
    return {"order_quantity": Q, "objective": cost}


def _base_stock(p: Answer) -> Answer:
    d = p["demand"]
    function = NEWSVENDOR.newsvendor_normal
    S, cost = function(p["holding_cost"], p["stockout_cost"], d["mean"], d["sd"], lead_time=p["lead_time"])
    return {"order_up_to_level": S, "objective": cost}


def _levels(p: Answer) -> Answer:
    d, costs = p["demand"], (p["holding_cost"], p["stockout_cost"], p["fixed_cost"])
    if p.get("method") == "power_approximation":
        s, S = LEVELS.s_s_power_approximation(*costs, d["mean"], d["sd"])
        return {"reorder_point": s, "order_up_to_level": S}
    s, S, cost = LEVELS.s_s_discrete_exact(*costs, use_poisson=True, demand_mean=d["mean"])
    return {"reorder_point": s, "order_up_to_level": S, "objective": cost}


def _quantity(p: Answer) -> Answer:
    d, costs = p["demand"], (p["holding_cost"], p["stockout_cost"], p["fixed_cost"])
    if d["distribution"] == "poisson":
        r, Q, cost = QUANTITY.r_q_poisson_exact(*costs, d["mean"], p["lead_time"])
    else:
        r, Q, cost = QUANTITY.r_q_eil_approximation(*costs, d["mean"], d["sd"], p["lead_time"])
    return {"reorder_point": r, "order_quantity": Q, "objective": cost}


def _lots(p: Answer) -> Answer:
    orders, cost, theta, following = LOTS.wagner_whitin(len(p["demand"]), p["holding_cost"], p["fixed_cost"], p["demand"])
    return {"orders": orders[1:], "objective": cost, "cost_to_go": theta[1:], "next_order": following[1:]}


def _horizon(p: Answer) -> Answer:
    names = ("holding_cost", "stockout_cost", "terminal_holding_cost", "terminal_stockout_cost", "purchase_cost", "fixed_cost")
    d = p["demand"]
    s, S, cost, *_ = HORIZON.finite_horizon_dp(
        p["periods"], *(p[name] for name in names), d["mean"], d["sd"], None, p["discount_factor"], p["initial_stock"]
    )
    levels = [{"reorder_point": a, "order_up_to_level": b} for a, b in zip(s[1:], S[1:], strict=True)]
    return {"levels": levels, "objective": cost}


def _joint(p: Answer) -> Answer:
    columns = [[item[name] for item in p["items"]] for name in ("fixed_cost", "holding_cost", "demand_rate")]
    quantities, cycle, multiples, cost = EOQ.joint_replenishment_problem_silver_heuristic(p["shared_fixed_cost"], *columns)
    items = [{"order_quantity": Q, "multiple": k} for Q, k in zip(quantities, multiples, strict=True)]
    return {"items": items, "cycle_time": cycle, "objective": cost}


POLICIES: dict[str, Callable[[Answer], Answer]] = {
    "eoq": _eoq,
    "eoq_discount": _discount,
    "eoq_disruption": _disruption,
    "eoq_yield": _yield,
    "newsvendor": _newsvendor,
    "base_stock": _base_stock,
    "s_S": _levels,
    "r_Q": _quantity,
    "wagner_whitin": _lots,
    "finite_horizon": _horizon,
    "joint_replenishment": _joint,
}


def solve(task: Answer) -> tuple[Answer, str | None]:
    """Return the numbers of the policy; a policy without an entry has no answer."""
    request = task["request"]
    function = POLICIES.get(request.get("policy", ""))
    if function is None:
        return {}, "not called here"
    found = function(request["parameters"])
    return {name: _plain(value) for name, value in found.items()}, None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) or hasattr(value, "__len__") else float(value)


if __name__ == "__main__":
    run(solve, "stockpyl")
