"""
Powers of ten that turn a problem in floats into one in integers, for an engine that knows only integers.

Distances, durations and loads are multiplied by a factor each and rounded to the safe side: travel and service times up,
windows inwards, demands up, capacities down, and distances up as soon as a route has a longest distance. A plan that is
feasible for the engine is then feasible for the caller. Data that are integers already keep the factor 1, so that nothing is
rounded at all. The cost of the engine is the caller's cost times `cost`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.routing.problem_index import ProblemIndex, largest
from solvers.routing.semantics_travel import timed

LARGEST_SCALED = 10**4
"""Fractional distances and durations are scaled until the largest exceeds this; more would leave less room for penalties."""

LARGEST_INTEGER = 2**52
"""Moments and capacities are capped here; sums of a few thousand stay within 64 bits."""

ROUNDING_SLACK = 1e-6
"""Scaled values closer than this to an integer are taken as that integer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Factors from the caller's units to the engine's integers."""

    distance: float
    time: float
    loads: tuple[float, ...]
    """One factor per load dimension."""
    distance_rate: float
    """From money per distance to the engine's cost per scaled distance."""
    duration_rate: float
    """From money per second to the engine's cost per scaled second."""
    cost: float
    timed: bool


def scaling_of(index: ProblemIndex, *, resolution: int = LARGEST_SCALED) -> Scaling:
    """Choose the factors for a problem; `resolution` is what the largest fractional distance or duration is scaled above."""
    problem = index.problem
    fleet = [problem.vehicle_types[i] for i in index.fleet]
    has_times = timed(problem)
    distances = [matrices.driven for matrices in index.matrices.values()]
    durations = [matrices.durations for matrices in index.matrices.values()]
    distance = _factor_of_arrays(distances, resolution)
    time = max(_factor_of_arrays(durations, resolution), _factor_of_values(_moments(index), 1_000)) if has_times else 1.0
    if any(vehicle_type.cost_per_duration for vehicle_type in fleet):
        # One factor for both: two would multiply in the cost, whose size then leaves too little room for penalties.
        distance = time = max(distance, time)
    rates = [rate for v in fleet for rate in (v.cost_per_distance, v.cost_per_duration) if rate > 0]
    # When nothing is paid per distance or duration, fixed costs and prizes still need a resolution.
    rate = _factor_of_values(rates or [v.fixed_cost for v in fleet], 1_000)
    most = largest_plan_cost(index)
    while most * rate * distance > LARGEST_INTEGER:
        rate /= 10
    return Scaling(
        distance=distance,
        time=time,
        loads=tuple(_factor_of_values(_amounts(index, name), 10_000) for name in index.dimensions),
        distance_rate=rate,
        duration_rate=rate * distance / time,
        cost=rate * distance,
        timed=has_times,
    )


def largest_plan_cost(index: ProblemIndex) -> float:
    """Return an amount of money that no plan can cost, were every order served by a route of its own."""
    problem = index.problem
    fleet = [problem.vehicle_types[i] for i in index.fleet]
    orders = len(problem.clients) + 2 * len(problem.shipments)
    reach = largest([matrices.driven for matrices in index.matrices.values()])
    lasting = largest([matrices.durations for matrices in index.matrices.values()])
    latest = max(_moments(index), default=0.0)
    distance_cost = 3 * orders * reach * max((v.cost_per_distance for v in fleet), default=0.0)
    # Waiting cannot last beyond the latest moment of the request, once per vehicle.
    time = orders * (3 * lasting + latest) + sum(client.service_duration for client in problem.clients)
    duration_cost = time * max((v.cost_per_duration for v in fleet), default=0.0)
    fixed = orders * max((v.fixed_cost for v in fleet), default=0.0)
    prizes = sum(client.prize for client in problem.clients) + sum(shipment.prize for shipment in problem.shipments)
    return 1.0 + distance_cost + duration_cost + fixed + prizes


def up(value: float, factor: float) -> int:
    """Return the scaled value as an integer that is not below it."""
    return math.ceil(min(value * factor, LARGEST_INTEGER) - ROUNDING_SLACK)


def down(value: float, factor: float) -> int:
    """Return the scaled value as an integer that is not above it."""
    return math.floor(min(value * factor, LARGEST_INTEGER) + ROUNDING_SLACK)


def nearest(value: float, factor: float) -> int:
    """Return the scaled value as the nearest integer."""
    return round(min(value * factor, LARGEST_INTEGER))


def scaled_up(matrix: NDArray[np.float64], factor: float) -> NDArray[np.int64]:
    """Return the scaled matrix as integers that are not below it."""
    return np.ceil(matrix * factor - ROUNDING_SLACK).astype(np.int64)


def scaled_nearest(matrix: NDArray[np.float64], factor: float) -> NDArray[np.int64]:
    """Return the scaled matrix as the nearest integers."""
    return np.rint(matrix * factor).astype(np.int64)


def _factor_of_arrays(arrays: list[NDArray[np.float64]], resolution: int) -> float:
    if all(np.array_equal(array, np.floor(array)) for array in arrays):
        return 1.0
    return _power_of_ten_above(resolution, largest(arrays))


def _factor_of_values(values: Iterable[float], target: float) -> float:
    """Return the least power of ten that makes all values integers, or that lifts the smallest above the target."""
    positive = np.array([value for value in values if value > 0])
    if not positive.size:
        return 1.0
    enough = max(1.0, _power_of_ten_above(target, float(positive.min())))
    factor = 1.0
    while factor < enough and np.any(np.abs(positive * factor - np.rint(positive * factor)) > ROUNDING_SLACK / 10):
        factor *= 10
    return min(factor, 10.0 ** math.floor(math.log10(LARGEST_INTEGER / 1_000 / float(positive.max()))))


def _power_of_ten_above(target: float, value: float) -> float:
    return 10.0 ** max(0, math.ceil(math.log10(target / value))) if value > 0 else 1.0


def _moments(index: ProblemIndex) -> Iterable[float]:
    """Yield every duration and moment in the request."""
    problem = index.problem
    for client in problem.clients:
        yield client.service_duration
        yield client.release_time
        for window in client.time_windows:
            yield from window
    for shipment in problem.shipments:
        for step in (shipment.pickup, shipment.delivery):
            yield step.service_duration
            for window in step.time_windows:
                yield from window
    for depot in problem.depots:
        yield from depot.time_window or ()
    for vehicle_type in problem.vehicle_types:
        yield from vehicle_type.shift or ()
        yield vehicle_type.max_duration or 0.0


def _amounts(index: ProblemIndex, dimension: str) -> Iterable[float]:
    """Yield every amount of one load dimension in the request."""
    problem = index.problem
    for client in problem.clients:
        yield client.delivery.get(dimension, 0.0)
        yield client.pickup.get(dimension, 0.0)
    for shipment in problem.shipments:
        yield shipment.amount.get(dimension, 0.0)
    for vehicle_type in problem.vehicle_types:
        yield vehicle_type.capacity.get(dimension, 0.0)
