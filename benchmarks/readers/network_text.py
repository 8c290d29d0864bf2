"""
DIMACS `.min` and OR-Library `cap` files to requests for `/v1/network/...`.

DIMACS: `p min NODES ARCS`, `n NODE SUPPLY` (positive sends), `a TAIL HEAD LOWER CAPACITY COST`. The service counts demand, so
the sign turns. OR-Library: `m n`, m lines `capacity fixed_cost`, then for every client its demand and m costs of serving all.
"""

from pathlib import Path
from typing import Any

import numpy as np


def read_minimum_cost_flow(path: Path) -> dict[str, Any]:
    """Return the request of a DIMACS file; arcs are named by their position from 0."""
    return build_minimum_cost_flow(path.read_text(encoding="utf-8"))


def build_minimum_cost_flow(text: str) -> dict[str, Any]:
    """Return the request of the text of a DIMACS minimum-cost-flow instance."""
    demand: dict[int, int] = {}
    arcs: list[dict[str, Any]] = []
    size = 0
    for line in text.splitlines():
        kind, *fields = line.split() or [""]
        if kind == "p":
            size = int(fields[1])
        elif kind == "n":
            demand[int(fields[0])] = -int(fields[1])
        elif kind == "a":
            tail, head, lower, capacity, cost = fields[:5]
            arcs.append({
                "id": f"a{len(arcs)}", "tail": tail, "head": head,
                "lower": int(lower), "capacity": int(capacity), "cost": int(cost),
            })  # fmt: skip
    return {"nodes": [{"id": str(k), "demand": demand.get(k, 0)} for k in range(1, size + 1)], "arcs": arcs}


def read_facility_location(path: Path) -> dict[str, Any]:
    """Return the request of an OR-Library capacitated warehouse location file."""
    return build_facility_location(path.read_text(encoding="utf-8"))


def build_facility_location(text: str) -> dict[str, Any]:
    """Return the request of the text of an OR-Library `cap` instance."""
    numbers = text.split()
    facilities, clients = int(numbers[0]), int(numbers[1])
    head = np.array(numbers[2 : 2 + 2 * facilities], dtype=float).reshape(facilities, 2)
    rows = np.array(numbers[2 + 2 * facilities :], dtype=float).reshape(clients, facilities + 1)
    return {
        "facilities": [
            {"id": f"w{k}", "capacity": capacity, "fixed_cost": cost} for k, (capacity, cost) in enumerate(head.tolist())
        ],
        "clients": [{"id": f"c{k}", "demand": demand} for k, demand in enumerate(rows[:, 0].tolist())],
        "costs": rows[:, 1:].tolist(),
        "single_source": False,
    }
