"""Checks of what is on board. Violations are in the units of the goods."""

import math
from collections.abc import Iterator, Mapping

from models.routing import Route, RoutingSolution, Stop
from solvers.routing.check_request import Request


def capacity_violation(request: Request, plan: RoutingSolution) -> float:
    """Return by how much any vehicle is overloaded at any moment, in any dimension."""
    worst = 0.0
    for route in plan.routes:
        capacity = request.vehicle_types[route.vehicle_type].capacity
        for _, on_board in _loads(request, route):
            for dimension, limit in capacity.items():
                worst = max(worst, on_board.get(dimension, 0.0) - limit)
    return worst


def load_violation(request: Request, plan: RoutingSolution) -> float:
    """Return the largest difference between a stop's reported load and the recomputed one."""
    worst = 0.0
    for route in plan.routes:
        for stop, on_board in _loads(request, route):
            for dimension in {*on_board, *stop.load}:
                worst = max(worst, abs(on_board.get(dimension, 0.0) - stop.load.get(dimension, 0.0)))
    return worst


def _loads(request: Request, route: Route) -> Iterator[tuple[Stop, Mapping[str, float]]]:
    """Yield each stop with what is on board when the vehicle leaves it."""
    on_board: dict[str, float] = {}
    for i, stop in enumerate(route.stops):
        if stop.kind in ("start", "reload"):
            on_board = _loaded(request, route.stops[i + 1 :])
        elif stop.kind == "end":
            on_board = {}
        else:
            for dimension, amount in _changes(request, stop):
                on_board[dimension] = on_board.get(dimension, 0.0) + amount
        yield stop, dict(on_board)


def _loaded(request: Request, following: list[Stop]) -> dict[str, float]:
    """Return what is loaded at a depot: the deliveries of all clients until the next depot."""
    amounts: dict[str, list[float]] = {}
    for stop in following:
        if stop.kind in ("reload", "end"):
            break
        if stop.kind == "client":
            for dimension, amount in request.clients[str(stop.id)].delivery.items():
                amounts.setdefault(dimension, []).append(amount)
    return {dimension: math.fsum(parts) for dimension, parts in amounts.items()}


def _changes(request: Request, stop: Stop) -> Iterator[tuple[str, float]]:
    if stop.kind == "break":
        return
    if stop.kind == "client":
        client = request.clients[str(stop.id)]
        yield from ((dimension, -amount) for dimension, amount in client.delivery.items())
        yield from client.pickup.items()
    else:
        sign = 1 if stop.kind == "pickup" else -1
        yield from ((dimension, sign * amount) for dimension, amount in request.shipments[str(stop.id)].amount.items())
