"""NetworkX's network simplex for minimum-cost flow."""

from typing import Any

import networkx

from benchmarks.peers.task import run


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the flow of every arc by name."""
    request = task["request"]
    if any(arc["lower"] for arc in request["arcs"]):
        return {}, "lower bounds are not supported"
    graph: Any = networkx.MultiDiGraph()
    for node in request["nodes"]:
        graph.add_node(node["id"], demand=node["demand"])
    for arc in request["arcs"]:
        graph.add_edge(arc["tail"], arc["head"], key=arc["id"], capacity=arc["capacity"], weight=arc["cost"])
    _, flows = networkx.network_simplex(graph)
    return {"flows": {key: flow for heads in flows.values() for keys in heads.values() for key, flow in keys.items()}}, None


if __name__ == "__main__":
    run(solve, "networkx")
