"""Capacitated lot sizing with setup times as the textbook formulation in HiGHS: production, stock, setup binaries, big M."""

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import run

highspy: Any = import_module("highspy")


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return production by item and period."""
    request = task["request"]
    periods = range(request["periods"])
    model = highspy.Highs()
    model.silent()
    for name, value in (("time_limit", float(task["time_limit"])), ("threads", task["threads"]), ("mip_rel_gap", 1e-6)):
        model.setOptionValue(name, value)
    model.setOptionValue("random_seed", task["seed"])
    load: dict[tuple[str, int], list[Any]] = {}
    made: dict[str, list[Any]] = {}
    for item in request["items"]:
        made[item["id"]] = [model.addVariable(0) for _ in periods]
        stock = [model.addVariable(0, obj=item["holding_cost"]) for _ in periods]
        setup = [model.addBinary(obj=item["fixed_cost"]) for _ in periods]
        left = np.cumsum(item["demand"][::-1])[::-1].tolist()
        for t in periods:
            before = stock[t - 1] if t else item.get("initial_stock", 0)
            model.addConstr(before + made[item["id"]][t] - stock[t] == item["demand"][t])
            model.addConstr(made[item["id"]][t] - left[t] * setup[t] <= 0)
            for name, use in item.get("resource_use", {}).items():
                load.setdefault((name, t), []).append(use["per_unit"] * made[item["id"]][t] + use["per_setup"] * setup[t])
    for resource in request.get("resources", []):
        for t in periods:
            model.addConstr(sum(load[resource["id"], t]) <= resource["capacity"][t])
    model.run()
    values = model.getSolution().col_value
    if not values:
        return {}, str(model.getModelStatus())
    orders = {name: [values[variable.index] for variable in variables] for name, variables in made.items()}
    return {"orders": orders}, None


if __name__ == "__main__":
    run(solve, "highspy")
