"""stockpyl's Wagner-Whitin recursion, for one item without capacity."""

from importlib import import_module
from typing import Any

from benchmarks.peers.task import run

RECURSION = import_module("stockpyl.wagner_whitin")
"""Loaded before the clock starts."""


def solve(task: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the orders by period."""
    request = task["request"]
    item = request["items"][0]
    if len(request["items"]) > 1 or request.get("resources"):
        return {}, "only one item without capacity is supported"
    orders, *_ = RECURSION.wagner_whitin(request["periods"], item["holding_cost"], item["fixed_cost"], item["demand"])
    return {"orders": {item["id"]: [float(amount) for amount in orders[1:]]}}, None


if __name__ == "__main__":
    run(solve, "stockpyl")
