"""OR-Tools' cost-scaling minimum-cost flow on arrays; lower bounds are shifted out first."""

from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.peers.task import run


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the flow of every arc by name."""
    request = task["request"]
    position = {node["id"]: k for k, node in enumerate(request["nodes"])}
    tail = np.array([position[arc["tail"]] for arc in request["arcs"]])
    head = np.array([position[arc["head"]] for arc in request["arcs"]])
    lower, capacity, cost = (
        np.array([arc[name] for arc in request["arcs"]], dtype=np.int64) for name in ("lower", "capacity", "cost")
    )
    supply = -np.array([node["demand"] for node in request["nodes"]], dtype=np.int64)
    np.subtract.at(supply, tail, lower)
    np.add.at(supply, head, lower)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity - lower, cost)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    status = solver.solve()
    if status != solver.OPTIMAL:
        return {}, str(status)
    flows = (solver.flows(arcs) + lower).tolist()
    return {"flows": {arc["id"]: flow for arc, flow in zip(request["arcs"], flows, strict=True) if flow}}, None


if __name__ == "__main__":
    run(solve, "ortools")
