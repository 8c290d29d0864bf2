"""Capacitated facility location as a plain formulation in HiGHS: open binaries, shares, x <= y, capacity rows."""

from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.peers.task import run

highspy: Any = import_module("highspy")


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return who serves whom."""
    request = task["request"]
    costs = np.array(request["costs"], dtype=float)
    clients, facilities = costs.shape
    model = highspy.Highs()
    model.silent()
    for name, value in (("time_limit", float(task["time_limit"])), ("threads", task["threads"]), ("mip_rel_gap", 1e-6)):
        model.setOptionValue(name, value)
    model.setOptionValue("random_seed", task["seed"])
    share = [[model.addVariable(0, 1, obj=costs[i, j]) for j in range(facilities)] for i in range(clients)]
    is_open = [model.addBinary(obj=item["fixed_cost"]) for item in request["facilities"]]
    for i in range(clients):
        model.addConstr(sum(share[i]) == 1)
        for j in range(facilities):
            model.addConstr(share[i][j] - is_open[j] <= 0)
    demand = [item["demand"] for item in request["clients"]]
    for j, item in enumerate(request["facilities"]):
        model.addConstr(sum(demand[i] * share[i][j] for i in range(clients)) - item["capacity"] * is_open[j] <= 0)
    model.run()
    values = np.array(model.getSolution().col_value)
    if not len(values):
        return {}, str(model.getModelStatus())
    served = values[: clients * facilities].reshape(clients, facilities)
    pairs = [
        {"client": request["clients"][i]["id"], "facility": request["facilities"][j]["id"], "share": float(served[i, j])}
        for i, j in zip(*np.nonzero(served > 1e-9), strict=True)
    ]
    return {"services": pairs}, None


if __name__ == "__main__":
    run(solve, "highspy")
