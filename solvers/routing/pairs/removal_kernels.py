"""
Ruin: strings of adjacent stops near one another with the other ends of their shipments, shipments alike, or a whole route.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433. Shaw, P. (1998). Using constraint programming and local search methods to solve vehicle routing
problems. CP98, 417-431.
"""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.pairs.state_kernels import (
    ABSENT,
    ACTIVE,
    AHEAD,
    AROUND,
    BEGIN,
    COST,
    ENTRIES,
    FIXED,
    ITERATION,
    KIN,
    KIND,
    LATEST,
    LENGTH,
    LOAD,
    ORDERS,
    PLACE,
    RATE,
    RUINED,
    SHIPMENTS,
    STEP,
    STOP,
    TOUCHED,
    TYPE,
    Integer,
    Pairs,
    at,
    below,
    cell,
    connect,
    deactivate,
    latest_at,
    save,
    start_at,
    uniform,
)

REMOVED, LONGEST, SPLIT, RELATED, WHOLE = 1, 2, 3, 4, 5
"""Entries of `tuning`: mean number of stops removed, longest string, share of split ones, shares of removals of shipments alike
and of whole routes."""

DEEPER = 0.01
"""Probability that a split string keeps one more stop."""


@kernel(inline=True)
def note_removed(s: Pairs, shipment: Integer) -> None:
    """Note that a shipment leaves its route, which is rewritten later."""
    s.owner[at(shipment)] = -1
    s.count[COST] += s.weight[at(shipment)]
    s.orders[at(s.count[ORDERS])] = shipment
    s.count[ORDERS] += 1


@kernel(inline=True)
def close_gaps(s: Pairs, route: Integer) -> None:
    """Rewrite a route without the shipments that have left it."""
    length = np.int64(s.entry[at(route * ENTRIES + LENGTH)])
    kind = np.int64(s.entry[at(route * ENTRIES + TYPE)])
    stops, places, loads = cell(s, route, STOP), cell(s, route, PLACE), cell(s, route, LOAD)
    steps, spans = cell(s, route, STEP), cell(s, route, AHEAD)
    rate = s.kinds[at(kind * KIND + RATE)]
    s.count[COST] -= rate * s.total[at(route)]
    load = np.int64(0)
    kept, last = 0, 0
    for i in range(1, length):
        stop = np.int64(s.table[at(stops + i)])
        if i < length - 1:
            if s.owner[at(stop >> 1)] != route:
                continue
            load += s.goods[at(stop >> 1)] if stop & 1 == 0 else -s.goods[at(stop >> 1)]
        # Distance and time to the next position are right where nothing has left in between.
        adjacent = last == i - 1
        step, span = s.table[at(steps + last)], s.table[at(spans + last)]
        kept += 1
        s.table[at(stops + kept)] = stop
        s.table[at(places + kept)] = s.table[at(places + i)]
        s.table[at(loads + kept)] = load
        if adjacent:
            s.table[at(steps + kept - 1)], s.table[at(spans + kept - 1)] = step, span
        else:
            connect(s, route, kept - 1)
        if stop >= 0:
            s.position[at(stop)] = kept
        last = i
    if kept == 1:
        s.count[COST] -= s.kinds[at(kind * KIND + FIXED)]
        deactivate(s, route)
        return
    # The latest start of the end stays, at its new position.
    latest = cell(s, route, LATEST)
    s.table[at(latest + kept)] = s.table[at(latest + length - 1)]
    s.entry[at(route * ENTRIES + LENGTH)] = kept + 1
    total = np.int64(0)
    begin = np.int64(s.table[at(cell(s, route, BEGIN))])
    for i in range(kept):
        total += s.table[at(steps + i)]
        begin = start_at(s, route, i + 1, begin + s.table[at(spans + i)])
    for i in range(kept - 1, -1, -1):
        s.table[at(latest + i)] = latest_at(s, route, i)
    s.total[at(route)] = total
    s.count[COST] += rate * total


@kernel(inline=True)
def remove_string(s: Pairs, route: Integer, position: Integer, longest: float) -> None:
    """Take out the shipments of a string of stops around a position, perhaps with some kept in its middle."""
    size = np.int64(s.entry[at(route * ENTRIES + LENGTH)]) - 2
    length = int(1.0 + uniform(s) * min(float(size), longest))
    kept = 0
    if 1 < length < size and uniform(s) < s.tuning[SPLIT]:
        kept = 1
        while length + kept < size and uniform(s) < DEEPER:
            kept += 1
    whole = length + kept
    least, most = max(1, position - whole + 1), min(position, size - whole + 1)
    first = least + below(s, most - least + 1)
    gap = first + 1 + below(s, length - 1) if kept else first + whole
    stops = cell(s, route, STOP)
    for i in range(first, first + whole):
        if gap <= i < gap + kept:
            continue
        shipment = np.int64(s.table[at(stops + i)]) >> 1
        if s.owner[at(shipment)] == route:
            note_removed(s, shipment)


@kernel(inline=True)
def remove_strings(s: Pairs, seed: Integer) -> None:
    """Mark the shipments of strings from routes near a stop, no more than one string from each."""
    served = 2.0 * (s.count[SHIPMENTS] - s.count[ABSENT])
    longest = max(1.0, min(s.tuning[LONGEST], served / max(1, s.count[ACTIVE])))
    number = int(1.0 + uniform(s) * (4.0 * s.tuning[REMOVED] / (1.0 + longest) - 1.0))
    for k in range(seed * s.count[AROUND], (seed + 1) * s.count[AROUND]):
        stop = np.int64(s.around[at(k)])
        if stop < 0 or number <= 0:
            break
        route = np.int64(s.owner[at(stop >> 1)])
        if route < 0 or s.entry[at(route * ENTRIES + RUINED)] == s.count[ITERATION]:
            continue
        s.entry[at(route * ENTRIES + RUINED)] = s.count[ITERATION]
        save(s, route)
        remove_string(s, route, np.int64(s.position[at(stop)]), longest)
        number -= 1


@kernel(inline=True)
def remove_alike(s: Pairs, seed: Integer) -> None:
    """Mark shipments that resemble one in places and times, each with probability one half."""
    number = 1 + below(s, int(s.tuning[REMOVED]))
    for k in range(seed * s.count[KIN], (seed + 1) * s.count[KIN]):
        shipment = np.int64(s.kin[at(k)])
        if shipment < 0 or number <= 0:
            break
        route = np.int64(s.owner[at(shipment)])
        if route >= 0 and (shipment == seed or uniform(s) < 0.5):
            save(s, route)
            note_removed(s, shipment)
            number -= 1


@kernel(inline=True)
def remove_route(s: Pairs, route: Integer) -> None:
    """Mark every shipment of a route."""
    save(s, route)
    stops = cell(s, route, STOP)
    for i in range(1, np.int64(s.entry[at(route * ENTRIES + LENGTH)]) - 1):
        stop = np.int64(s.table[at(stops + i)])
        if stop & 1 == 0:
            note_removed(s, stop >> 1)


@kernel(inline=True)
def ruin(s: Pairs, seed: Integer) -> None:
    """Take out some shipments around a stop, or the whole route that serves it."""
    route = np.int64(s.owner[at(seed >> 1)])
    if route >= 0 and uniform(s) < s.tuning[WHOLE]:
        remove_route(s, route)
    elif uniform(s) < s.tuning[RELATED]:
        remove_alike(s, seed >> 1)
    else:
        remove_strings(s, seed)
    for t in range(s.count[TOUCHED]):
        close_gaps(s, np.int64(s.touched[at(t)]))
