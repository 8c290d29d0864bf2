"""Every way to serve an order in one go, as arrays: a client in one of its windows, or a shipment from pickup to delivery."""

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Shipment
from solvers.routing.planned_route import PlannedStop
from solvers.routing.problem_index import ProblemIndex

Window = tuple[float, float]
ALWAYS: Window = (0.0, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCandidates:
    """Arrays over candidates, shape (m,), or (m, 2) with what holds at the first and the last stop of each."""

    orders: list[Client | Shipment]
    order: NDArray[np.int64]
    """Position in `orders`."""
    stops: list[tuple[PlannedStop, ...]]
    entry: NDArray[np.int64]
    """Location of the first stop."""
    exit: NDArray[np.int64]
    """Location of the last stop."""
    early: NDArray[np.float64]
    late: NDArray[np.float64]
    service: NDArray[np.float64]
    release: NDArray[np.float64]
    load: NDArray[np.float64]
    """Room that is needed, shape (m, dimensions)."""
    kept: NDArray[np.float64]
    """Room that stays taken on the rest of the route, shape (m, dimensions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    order: int
    stops: tuple[PlannedStop, ...]
    places: tuple[int, int]
    windows: tuple[Window, Window]
    service: tuple[float, float]
    release: float
    load: list[float]
    kept: list[float]


def candidates_of(index: ProblemIndex, left_out: Set[str]) -> VisitCandidates:
    """Return the candidates of all orders that are not left out."""
    orders: list[Client | Shipment] = []
    rows: list[_Row] = []
    for i, client in enumerate(index.problem.clients):
        if client.id not in left_out:
            rows += _of_client(index, client, position=i, order=len(orders))
            orders.append(client)
    for i, shipment in enumerate(index.problem.shipments):
        if shipment.id not in left_out:
            rows.append(_of_shipment(index, shipment, position=i, order=len(orders)))
            orders.append(shipment)
    size, dimensions = len(rows), len(index.dimensions)
    windows = np.array([row.windows for row in rows], dtype=np.float64).reshape(size, 2, 2)
    places = np.array([row.places for row in rows], dtype=np.int64).reshape(size, 2)
    return VisitCandidates(
        orders=orders,
        order=np.array([row.order for row in rows], dtype=np.int64),
        stops=[row.stops for row in rows],
        entry=places[:, 0],
        exit=places[:, 1],
        early=windows[:, :, 0],
        late=windows[:, :, 1],
        service=np.array([row.service for row in rows], dtype=np.float64).reshape(size, 2),
        release=np.array([row.release for row in rows], dtype=np.float64),
        load=np.array([row.load for row in rows], dtype=np.float64).reshape(size, dimensions),
        kept=np.array([row.kept for row in rows], dtype=np.float64).reshape(size, dimensions),
    )


def _of_client(index: ProblemIndex, client: Client, *, position: int, order: int) -> list[_Row]:
    place = index.location[client.location]
    load = [max(client.delivery.get(name, 0.0), client.pickup.get(name, 0.0)) for name in index.dimensions]
    several = len(client.time_windows) > 1
    return [
        _Row(
            order=order,
            stops=(PlannedStop(kind="client", position=position, window=number if several else None),),
            places=(place, place),
            windows=(window, ALWAYS),
            service=(client.service_duration, 0.0),
            release=client.release_time,
            load=load,
            kept=load,
        )
        for number, window in enumerate([_window(window) for window in client.time_windows] or [ALWAYS])
    ]


def _of_shipment(index: ProblemIndex, shipment: Shipment, *, position: int, order: int) -> _Row:
    steps = (shipment.pickup, shipment.delivery)
    first, last = (_window(step.time_windows[0]) if step.time_windows else ALWAYS for step in steps)
    return _Row(
        order=order,
        stops=(PlannedStop(kind="pickup", position=position), PlannedStop(kind="delivery", position=position)),
        places=(index.location[steps[0].location], index.location[steps[1].location]),
        windows=(first, last),
        service=(steps[0].service_duration, steps[1].service_duration),
        release=0.0,
        load=[shipment.amount.get(name, 0.0) for name in index.dimensions],
        kept=[0.0] * len(index.dimensions),
    )


def _window(window: Sequence[float]) -> Window:
    return window[0], window[1]
