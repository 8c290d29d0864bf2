"""stockpyl's dynamic program for guaranteed service on trees."""

from importlib import import_module
from typing import Any

from benchmarks.peers.task import run

NETWORK, TREE = import_module("stockpyl.supply_chain_network"), import_module("stockpyl.gsm_tree")
"""Loaded before the clock starts."""


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the service time of every stage; local holding costs are the values added up along the arcs."""
    stages = task["request"]["stages"]
    place = {stage["id"]: k for k, stage in enumerate(stages, start=1)}
    by_name = {stage["id"]: stage for stage in stages}
    edges = [(place[one], place[stage["id"]]) for stage in stages for one in stage.get("upstream", [])]

    def value(name: str) -> float:
        return float(by_name[name]["added_cost"] + sum(value(one) for one in by_name[name].get("upstream", [])))

    sinks = {place[stage["id"]]: stage for stage in stages if "demand" in stage}
    network = NETWORK.network_from_edges(
        edges=edges,
        local_holding_cost={place[name]: by_name[name]["holding_rate"] * value(name) for name in place},
        processing_time={place[stage["id"]]: int(stage["processing_time"]) for stage in stages},
        external_outbound_cst={k: int(stage.get("max_service_time", 0)) for k, stage in sinks.items()},
        external_inbound_cst={place[stage["id"]]: 0 for stage in stages if not stage.get("upstream")},
        demand_bound_constant=dict.fromkeys(place.values(), next(iter(sinks.values()))["demand"]["z"]),
        demand_type=dict.fromkeys(sinks, "N"),
        mean={k: stage["demand"]["mean"] for k, stage in sinks.items()},
        standard_deviation={k: stage["demand"]["sd"] for k, stage in sinks.items()},
    )
    promised, _ = TREE.optimize_committed_service_times(network)
    names = {k: name for name, k in place.items()}
    return {"stages": [{"id": names[k], "service_time": float(time)} for k, time in promised.items()]}, None


if __name__ == "__main__":
    run(solve, "stockpyl")
