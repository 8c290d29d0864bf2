"""
Dynamic programming over subsets of stops: the cheapest route of one vehicle type for every subset, and the cheapest partition.

A label is a partial route that visits a subset and ends at one of its stops: its distance, its least duration D, the earliest
and latest departures E and L with which it lasts no longer than D, and how far the load rose on the way above that at
departure. One label dominates another with the same subset and last stop when it is no worse in distance, D, E + D, L and
every rise of the load: then it finishes no later for any departure, and whatever can follow the other can follow it.

References
----------
Held, M., Karp, R. M. (1962). A dynamic programming approach to sequencing problems. Journal of the Society for Industrial and
Applied Mathematics 10(1), 196-210.
Vidal, T., Crainic, T. G., Gendreau, M., Prins, C. (2013). A hybrid genetic algorithm with adaptive diversity management for a
large class of vehicle routing problems with time-windows. Computers & Operations Research 40(1), 475-489.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.compiled import kernel, warm_up

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WAY, LASTING, EARLY, LATE, RISES = 0, 1, 2, 3, 4
"""Columns of a label: distance, least duration, earliest and latest departure for it, first of the rises of the load."""

NEXT, STOP, WINDOW, PARENT = 0, 1, 2, 3
"""Columns of a label: the next one in its list, last stop, its window, and the label that it extends."""

FIXED, PER_DISTANCE, PER_DURATION, MAX_DISTANCE, MAX_DURATION, MAX_STOPS, START_EARLY, START_LATE, END_EARLY, END_LATE = range(
    10
)
"""Entries of the limits of a vehicle type."""

TIME_SLACK, SLACK = 1e-7, 1e-9
"""Relative room for rounding of sums in moments and in limits."""

NONE = -1
TOO_MANY = -1

_LABELS = "Tuple((f8[:, ::1], i8[:, ::1]))"
_STOPS = "Tuple((f8[:, ::1], f8[:, ::1], f8[:, :, ::1], f8[::1], f8[::1], f8[:, ::1], f8[:, ::1], i8[::1]))"

Labels = tuple[Floats, Integers]
Stops = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Integers]


@kernel("b1(f8[:, ::1], i8, f8[::1])")
def _dominates(numbers: Floats, label: int, other: Floats) -> bool:
    """Tell whether a label is no worse than another one in everything."""
    if numbers[label, WAY] > other[WAY] or numbers[label, LASTING] > other[LASTING] or numbers[label, LATE] < other[LATE]:
        return False
    if numbers[label, EARLY] + numbers[label, LASTING] > other[EARLY] + other[LASTING]:
        return False
    return not (numbers[label, RISES:] > other[RISES:]).any()


@kernel("b1(f8[:, ::1], i8, f8[::1])")
def _is_dominated(numbers: Floats, label: int, other: Floats) -> bool:
    """Tell whether a label is no better than another one in anything."""
    if numbers[label, WAY] < other[WAY] or numbers[label, LASTING] < other[LASTING] or numbers[label, LATE] > other[LATE]:
        return False
    if numbers[label, EARLY] + numbers[label, LASTING] < other[EARLY] + other[LASTING]:
        return False
    return not (numbers[label, RISES:] < other[RISES:]).any()


@kernel(f"i8({_LABELS}, i8[:, ::1], i8, i8, f8[::1], i8, i8, i8)")
def _add(
    labels: Labels, first: Integers, subset: int, count: int, candidate: Floats, stop: int, window: int, parent: int
) -> int:
    """Add a label unless it is dominated, drop those that it dominates, and return the new number of labels."""
    numbers, links = labels
    before, label = NONE, first[subset, stop]
    while label != NONE:
        following = links[label, NEXT]
        if _dominates(numbers, label, candidate):
            return count
        if _is_dominated(numbers, label, candidate):
            if before == NONE:
                first[subset, stop] = following
            else:
                links[before, NEXT] = following
        else:
            before = label
        label = following
    if count == len(numbers):
        return TOO_MANY
    numbers[count] = candidate
    links[count, NEXT] = first[subset, stop]
    links[count, STOP], links[count, WINDOW], links[count, PARENT] = stop, window, parent
    first[subset, stop] = count
    return count + 1


@kernel("b1(f8[::1], f8, f8, f8, f8, f8, f8[::1])")
def _extend(label: Floats, way: float, lasting: float, early: float, late: float, service: float, longer: Floats) -> bool:
    """Append a stop with a window to a label; tell whether it is reached in time."""
    until = label[LASTING] + lasting
    arrival = label[EARLY] + until
    if arrival > late + TIME_SLACK * max(1.0, abs(arrival)):
        return False
    wait = max(early - (label[LATE] + until), 0.0)
    longer[:] = label
    longer[WAY] = label[WAY] + way
    longer[LASTING] = until + service + wait
    longer[EARLY] = max(label[EARLY], early - until) - wait
    longer[LATE] = max(min(label[LATE], late - until), longer[EARLY])
    return True


@kernel("b1(f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])")
def _loaded(label: Floats, capacity: Floats, change: Floats, level: Floats, total: Floats) -> bool:
    """Note a change of the load in a label; `level` is the load before it above departure. Tell whether everything fits."""
    for k in range(capacity.size):
        label[RISES + k] = max(label[RISES + k], level[k] + change[k])
        if total[k] + label[RISES + k] > capacity[k] + SLACK * max(1.0, capacity[k]):
            return False
    return True


@kernel(f"UniTuple(i8, 2)(i8, {_STOPS}, f8[::1], f8[::1])")
def _survey(subset: int, stops: Stops, level: Floats, total: Floats) -> tuple[int, int]:
    """Return the number of stops of a subset and of deliveries it lacks; note the load above departure and the goods loaded."""
    _, _, _, services, _, deliveries, goods, pickups = stops
    level[:] = 0.0
    total[:] = 0.0
    visited, lacking = 0, 0
    for stop in range(services.size):
        if subset >> stop & 1:
            visited += 1
            level += goods[stop] - deliveries[stop]
            total += deliveries[stop]
        elif pickups[stop] != NONE and subset >> pickups[stop] & 1:
            lacking += 1
    return visited, lacking


@kernel(f"f8(f8[::1], i8, {_STOPS}, f8[::1], f8[::1])")
def _finished(origin: Floats, here: int, stops: Stops, limits: Floats, candidate: Floats) -> float:
    """Return the cost of a route that goes from the last stop of a label to the end, infinite where it may not."""
    end = stops[3].size + 1
    way, lasting = stops[0][here, end], stops[1][here, end]
    if not np.isfinite(way) or not _extend(origin, way, lasting, limits[END_EARLY], limits[END_LATE], 0.0, candidate):
        return np.inf
    if candidate[WAY] > limits[MAX_DISTANCE] + SLACK * max(1.0, limits[MAX_DISTANCE]):
        return np.inf
    if candidate[LASTING] > limits[MAX_DURATION] + SLACK * max(1.0, limits[MAX_DURATION]):
        return np.inf
    cost: float = limits[FIXED] + limits[PER_DISTANCE] * candidate[WAY] + limits[PER_DURATION] * candidate[LASTING]
    return cost


@kernel(f"b1(f8[::1], i8, i8, i8, {_STOPS}, f8[::1], f8[::1], f8[::1], f8[::1], f8[::1])")
def _visited(
    origin: Floats,
    here: int,
    stop: int,
    window: int,
    stops: Stops,
    limits: Floats,
    capacity: Floats,
    level: Floats,
    total: Floats,
    candidate: Floats,
) -> bool:
    """Append a stop in one of its windows to a label; tell whether that keeps every condition."""
    distances, durations, windows, services, releases, deliveries, goods, _ = stops
    early, late = windows[stop, window]
    if not _extend(origin, distances[here, stop], durations[here, stop], early, late, services[stop], candidate):
        return False
    if releases[stop] > candidate[LATE] + TIME_SLACK * max(1.0, releases[stop]):
        return False
    if candidate[WAY] > limits[MAX_DISTANCE] + SLACK * max(1.0, limits[MAX_DISTANCE]):
        return False
    candidate[EARLY] = max(candidate[EARLY], releases[stop])
    candidate[LATE] = max(candidate[LATE], candidate[EARLY])
    return _loaded(candidate, capacity, goods[stop] - deliveries[stop], level, total + deliveries[stop])


@kernel(f"i8({_STOPS}, f8[::1], f8[::1], i8[::1], {_LABELS}, i8[:, ::1], f8[::1], i8[::1])")
def best_routes(
    stops: Stops,
    limits: Floats,
    capacity: Floats,
    allowed: Integers,
    labels: Labels,
    first: Integers,
    costs: Floats,
    chosen: Integers,
) -> int:
    """
    Find the cheapest route of one vehicle type for every subset of stops.

    Parameters
    ----------
    stops
        Distances and durations (n + 2, n + 2) with start and end last, infinite where there is no way; windows (n, w, 2), not a
        number where there are fewer; service durations and release times (n); goods from the depot and on the way (n, k);
        the pickup of each delivery, -1 for all other stops (n).
    limits, capacity, allowed
        Of the vehicle type: see the entries above; (k); and 1 for the stops that it may serve (n).
    labels, first
        Room for labels, and the first label of each subset and last stop, all -1.
    costs, chosen
        Filled with the cost of the cheapest route of each subset, infinite where there is none, and its last label (2 ** n).

    Returns
    -------
    int
        Number of labels, -1 when there is no room for all.
    """
    size = stops[3].size
    costs[:] = np.inf
    chosen[:] = NONE
    if limits[START_EARLY] > limits[START_LATE] or limits[END_EARLY] > limits[END_LATE]:
        return 0
    origin, candidate = np.zeros(RISES + capacity.size), np.zeros(RISES + capacity.size)
    level, total = np.zeros(capacity.size), np.zeros(capacity.size)
    count = 0
    for subset in range(1 << size):
        visited, lacking = _survey(subset, stops, level, total)
        for last in range(size if subset else 1):
            # The empty subset has one label, the departure, which stands in no list.
            label = first[subset, last] if subset else 0
            here = last if subset else size
            while label != NONE:
                if subset:
                    origin[:] = labels[0][label]
                else:
                    origin[EARLY], origin[LATE] = limits[START_EARLY], limits[START_LATE]
                cost = _finished(origin, here, stops, limits, candidate) if subset and lacking == 0 else np.inf
                if cost < costs[subset]:
                    costs[subset], chosen[subset] = cost, label
                for stop in range(size):
                    if subset >> stop & 1 or not allowed[stop] or visited >= limits[MAX_STOPS]:
                        continue
                    pickup = stops[7][stop]
                    if (pickup != NONE and not subset >> pickup & 1) or not np.isfinite(stops[0][here, stop]):
                        continue
                    for window in range(stops[2].shape[1]):
                        if not np.isnan(stops[2][stop, window, 0]) and _visited(
                            origin, here, stop, window, stops, limits, capacity, level, total, candidate
                        ):
                            parent = label if subset else NONE
                            count = _add(labels, first, subset | 1 << stop, count, candidate, stop, window, parent)
                            if count == TOO_MANY:
                                return TOO_MANY
                label = labels[1][label, NEXT] if subset else NONE
    return count


@kernel("void(f8[::1], f8[::1], i8, f8[:, ::1], i8[:, ::1])")
def best_partitions(reached: Floats, routes: Floats, vehicles: int, costs: Floats, used: Integers) -> None:
    """
    Find the least cost of every subset with up to so many vehicles of one more type.

    Parameters
    ----------
    reached
        Least cost of each subset without the type (2 ** n).
    routes
        Cost of a route of the type for each subset, infinite where there is none.
    vehicles
        Number of vehicles of the type.
    costs, used
        Filled with the least cost after each vehicle, the first row being `reached`, and the subset that this vehicle serves, 0
        when it stays at the depot, shape (vehicles + 1, 2 ** n).
    """
    costs[0] = reached
    used[0] = 0
    for vehicle in range(1, vehicles + 1):
        for subset in range(reached.size):
            least, taken = costs[vehicle - 1, subset], 0
            part = subset
            while part > 0:
                cost = costs[vehicle - 1, subset ^ part] + routes[part]
                if cost < least:
                    least, taken = cost, part
                part = (part - 1) & subset
            costs[vehicle, subset], used[vehicle, subset] = least, taken


@warm_up
def _warm() -> None:
    """Partition nothing."""
    best_partitions(np.zeros(1), np.zeros(1), 1, np.zeros((2, 1)), np.zeros((2, 1), dtype=np.int64))
