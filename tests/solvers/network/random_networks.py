"""Small random networks for comparisons with brute force and with NetworkX."""

import random
from typing import Any

from tests.oracles.network import Arc, inflow


def random_arcs(stream: random.Random, *, order: int, lower: bool = True) -> list[Arc]:
    """Return up to six arcs with small bounds and costs; loops and parallel arcs may occur."""
    arcs = []
    for _ in range(stream.randint(0, 6)):
        least = stream.choice([0, 0, 0, 1]) if lower else 0
        cost = stream.randint(-2, 5)
        arcs.append((stream.randrange(order), stream.randrange(order), least, least + stream.randint(0, 3), cost))
    return arcs


def random_demand(stream: random.Random, *, order: int, arcs: list[Arc]) -> list[int]:
    """Return demands that some flow meets, or, in four of ten cases, arbitrary ones."""
    if stream.random() < 0.6:
        return inflow(order, arcs, [stream.randint(arc[2], arc[3]) for arc in arcs])
    return [stream.randint(-2, 2) for _ in range(order)]


def body_of(arcs: list[Arc], *, order: int, fields: tuple[str, ...] = ("lower", "capacity", "cost")) -> dict[str, Any]:
    """Return nodes and arcs of a request with the named fields."""
    numbers = {"lower": 2, "capacity": 3, "cost": 4}
    rows = [
        {"id": f"e{position}", "tail": str(arc[0]), "head": str(arc[1])} | {name: arc[numbers[name]] for name in fields}
        for position, arc in enumerate(arcs)
    ]
    return {"nodes": [{"id": str(node)} for node in range(order)], "arcs": rows}
