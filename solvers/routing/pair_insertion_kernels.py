"""
Insertion of shipments: pickup and delivery together, both places chosen at once.

Every place of the pickup is followed along the route while its delay keeps the windows and the load fits; a bound from the
cheapest place of the delivery further on ends that early.
"""

import numpy as np

from solvers.compiled import kernel
from solvers.routing.insertion_kernels import overlooked
from solvers.routing.route_profile_kernels import refresh
from solvers.routing.route_state_kernels import (
    ACTIVE,
    CAPACITY,
    COST_PER_DISTANCE,
    COST_PER_DURATION,
    COUNT,
    DETOUR,
    DIMENSIONS,
    DISTANCE,
    DISTANCE_BACK,
    DURATION,
    DURATION_BACK,
    DURATIONS,
    EARLIEST,
    EARLY,
    END,
    END_EARLY,
    END_LATE,
    FIXED,
    GOODS,
    INFINITE,
    LATE,
    LATEST,
    LEAST,
    LENGTH,
    MAX_DISTANCE,
    MAX_DURATION,
    MAX_STOPS,
    MOST,
    NEIGHBOURS,
    ON_BOARD,
    PARTNER,
    PLACE,
    PREFIX_DURATION,
    PREFIX_EARLY,
    PREFIX_LATE,
    RESULT,
    ROUTE,
    ROUTE_DURATION,
    ROUTES_ACTIVE,
    SEEN,
    SEQUENCE,
    SERVICE,
    SIZES,
    START,
    START_EARLY,
    START_LATE,
    STEP,
    STOPS,
    SUCC,
    SUFFIX_DURATION,
    SUFFIX_EARLY,
    SUFFIX_LATE,
    TIMED,
    TYPE,
    TYPES,
    USED,
    VEHICLES,
    WEIGHT,
    Integer,
    Search,
    attach,
    drop_absent,
    earliest_start,
    open_route,
    touch,
)

PAIR_NEIGHBOURS = 5
"""Entry of `tuning`: how many neighbours of each end name the routes that are tried."""

(CHEAPEST, FIRST, THEN, NUMBER) = range(4)
"""Columns of row RESULT of `work`: the best cost, the stop before the pickup, the one before the delivery, and a number that
tells one insertion from the next."""


@kernel(inline=True)
def load_fits_on(s: Search, kind: Integer, stop: Integer, pickup: Integer) -> bool:
    """Tell whether the load after a stop leaves room for a shipment."""
    for k in range(s.count[DIMENSIONS]):
        if s.work[ON_BOARD + 3 * k, stop] + s.stops[GOODS + 2 * k + 1, pickup] > s.fleet[kind, CAPACITY + k]:
            return False
    return True


@kernel()
def pair_duration_cost(s: Search, kind: Integer, route: Integer, pickup: Integer, behind: Integer, then: Integer) -> Integer:
    """Return the cost of the longer duration with a shipment in a route; INFINITE when a limit is broken."""
    table, profile = s.table, s.work
    delivery = np.int64(s.stops[PARTNER, pickup])
    span, early, late = profile[PREFIX_DURATION, behind], profile[PREFIX_EARLY, behind], profile[PREFIX_LATE, behind]
    stop, following = behind, table[SUCC, behind]
    after = delivery if then == pickup else table[SUCC, then]
    last = table[SUCC, behind] if then == pickup else after
    head = pickup
    while True:
        span += table[SERVICE, stop] + s.matrix[s.fleet[kind, DURATION], table[PLACE, stop], table[PLACE, head]]
        if head == last:
            break
        if early + span > table[LATE, head]:
            return INFINITE
        wait = max(0, table[EARLY, head] - span - late)
        early = max(table[EARLY, head] - span, early) - wait
        late = min(table[LATE, head] - span, late)
        span += wait
        stop = head
        if stop == delivery:
            head = last
        elif stop == then:
            head = delivery
        elif stop == pickup:
            head = following
        else:
            head = table[SUCC, stop]
    if early + span > profile[SUFFIX_LATE, last]:
        return INFINITE
    lasting = span + max(0, profile[SUFFIX_EARLY, last] - span - late) + profile[SUFFIX_DURATION, last]
    if lasting > s.fleet[kind, MAX_DURATION]:
        return INFINITE
    return s.fleet[kind, COST_PER_DURATION] * (lasting - profile[ROUTE_DURATION, route])


@kernel(inline=True)
def consider(s: Search, route: Integer, pickup: Integer, behind: Integer, then: Integer, longer: Integer) -> None:
    """Keep a pair of places when it is cheaper than the best so far."""
    kind = s.table[TYPE, route]
    cost = s.fleet[kind, COST_PER_DISTANCE] * longer
    if s.table[LENGTH, route] + longer > s.fleet[kind, MAX_DISTANCE]:
        return
    if s.count[DURATIONS]:
        cost += pair_duration_cost(s, kind, route, pickup, behind, then)
    if cost < s.work[RESULT, CHEAPEST] and not overlooked(s):
        s.work[RESULT, CHEAPEST] = cost
        s.work[RESULT, FIRST] = behind
        s.work[RESULT, THEN] = then


@kernel()
def list_detours(s: Search, route: Integer, delivery: Integer) -> Integer:
    """Write the stops of a route, the detour of a delivery behind each, and the least from each on; return their number."""
    table, scratch = s.table, s.work
    kind = table[TYPE, route]
    place = table[PLACE, delivery]
    stop = s.count[STOPS] + route
    number = 0
    while stop < s.count[STOPS] or number == 0:
        after = table[SUCC, stop]
        scratch[SEQUENCE, number] = stop
        scratch[DETOUR, number] = (
            s.matrix[s.fleet[kind, DISTANCE_BACK], place, table[PLACE, stop]]
            + s.matrix[s.fleet[kind, DISTANCE], place, table[PLACE, after]]
            - table[STEP, stop]
        )
        number += 1
        stop = after
    scratch[LEAST, number] = INFINITE
    for j in range(number - 1, -1, -1):
        scratch[LEAST, j] = min(scratch[DETOUR, j], scratch[LEAST, j + 1])
    return number


@kernel()
def try_route(s: Search, route: Integer, pickup: Integer) -> None:
    """Try all pairs of places of a shipment on a route."""
    table, scratch = s.table, s.work
    kind = table[TYPE, route]
    if not s.allowed[kind, pickup] or table[COUNT, route] + 2 > s.fleet[kind, MAX_STOPS]:
        return
    rate, timed = s.fleet[kind, COST_PER_DISTANCE], s.count[TIMED]
    delivery = np.int64(s.stops[PARTNER, pickup])
    place, target = table[PLACE, pickup], table[PLACE, delivery]
    number = list_detours(s, route, delivery)
    between = s.matrix[s.fleet[kind, DISTANCE], place, target]
    free = s.count[DURATIONS] and s.fleet[kind, COST_PER_DURATION] > 0
    moment = 0
    for i in range(number):
        stop = scratch[SEQUENCE, i]
        after = table[SUCC, stop]
        if timed and table[EARLIEST, stop] > table[LATE, pickup]:
            break
        there = s.matrix[s.fleet[kind, DISTANCE_BACK], place, table[PLACE, stop]]
        detour = there + s.matrix[s.fleet[kind, DISTANCE], place, table[PLACE, after]] - table[STEP, stop]
        adjacent = there + between + s.matrix[s.fleet[kind, DISTANCE], target, table[PLACE, after]] - table[STEP, stop]
        least = min(adjacent, detour + scratch[LEAST, i + 1])
        if rate * least >= scratch[RESULT, CHEAPEST] and not free:
            continue
        if not load_fits_on(s, kind, stop, pickup):
            continue
        if timed:
            arrival = (
                table[EARLIEST, stop] + table[SERVICE, stop] + s.matrix[s.fleet[kind, DURATION_BACK], place, table[PLACE, stop]]
            )
            moment = earliest_start(s, pickup, arrival)
            if moment > table[LATE, pickup]:
                continue
        if rate * adjacent < scratch[RESULT, CHEAPEST] or free:
            follow_delivery(s, route, pickup, stop, pickup, adjacent, moment)
        follow_pickup(s, route, pickup, i, number, detour, moment)


@kernel(inline=True)
def follow_delivery(
    s: Search, route: Integer, pickup: Integer, behind: Integer, then: Integer, longer: Integer, moment: Integer
) -> None:
    """Consider the delivery behind `then`, where service starts at `moment`."""
    table = s.table
    if s.count[TIMED]:
        kind = table[TYPE, route]
        delivery = np.int64(s.stops[PARTNER, pickup])
        target = table[PLACE, delivery]
        after = table[SUCC, behind] if then == pickup else table[SUCC, then]
        arrival = moment + table[SERVICE, then] + s.matrix[s.fleet[kind, DURATION_BACK], target, table[PLACE, then]]
        start = earliest_start(s, delivery, arrival)
        if start > table[LATE, delivery]:
            return
        if (
            start + table[SERVICE, delivery] + s.matrix[s.fleet[kind, DURATION], target, table[PLACE, after]]
            > table[LATEST, after]
        ):
            return
    consider(s, route, pickup, behind, then, longer)


@kernel()
def follow_pickup(
    s: Search, route: Integer, pickup: Integer, i: Integer, number: Integer, detour: Integer, moment: Integer
) -> None:
    """Consider the delivery behind every later stop, while windows and loads allow it."""
    table, scratch = s.table, s.work
    kind = table[TYPE, route]
    rate, timed = s.fleet[kind, COST_PER_DISTANCE], s.count[TIMED]
    free = s.count[DURATIONS] and s.fleet[kind, COST_PER_DURATION] > 0
    last = pickup
    behind = scratch[SEQUENCE, i]
    for j in range(i + 1, number):
        if rate * (detour + scratch[LEAST, j]) >= scratch[RESULT, CHEAPEST] and not free:
            return
        stop = scratch[SEQUENCE, j]
        if timed:
            moment = earliest_start(
                s,
                stop,
                moment + table[SERVICE, last] + s.matrix[s.fleet[kind, DURATION], table[PLACE, last], table[PLACE, stop]],
            )
            if moment > table[LATEST, stop]:
                return
        if not load_fits_on(s, kind, stop, pickup):
            return
        longer = detour + scratch[DETOUR, j]
        if rate * longer < scratch[RESULT, CHEAPEST] or free:
            follow_delivery(s, route, pickup, behind, stop, longer, moment)
        last = stop


@kernel()
def try_near_routes(s: Search, stop: Integer, pickup: Integer) -> None:
    """Try the routes of the stops near one end of a shipment."""
    for side in range(2):
        for k in range(min(s.count[NEIGHBOURS], int(s.tuning[PAIR_NEIGHBOURS]))):
            other = np.int64(s.near[side, stop, k])
            if other < 0:
                break
            route = s.table[ROUTE, other]
            if route >= 0 and s.work[SEEN, route] != s.work[RESULT, NUMBER]:
                s.work[SEEN, route] = s.work[RESULT, NUMBER]
                try_route(s, route, pickup)


@kernel()
def pair_trip_cost(s: Search, pickup: Integer, kind: Integer) -> Integer:
    """Return what a new route of a vehicle type costs with one shipment only; INFINITE when it cannot be."""
    fleet, table = s.fleet, s.table
    delivery = np.int64(s.stops[PARTNER, pickup])
    if table[SIZES, ROUTES_ACTIVE] >= s.count[MOST]:
        return INFINITE
    if table[USED, kind] >= fleet[kind, VEHICLES] or not s.allowed[kind, pickup] or fleet[kind, MAX_STOPS] < 2:
        return INFINITE
    for k in range(s.count[DIMENSIONS]):
        if s.stops[GOODS + 2 * k + 1, pickup] > fleet[kind, CAPACITY + k]:
            return INFINITE
    first, second = table[PLACE, pickup], table[PLACE, delivery]
    start, end = fleet[kind, START], fleet[kind, END]
    length = (
        s.matrix[s.fleet[kind, DISTANCE], start, first]
        + s.matrix[s.fleet[kind, DISTANCE], first, second]
        + s.matrix[s.fleet[kind, DISTANCE], second, end]
    )
    if length > fleet[kind, MAX_DISTANCE]:
        return INFINITE
    cost = fleet[kind, FIXED] + fleet[kind, COST_PER_DISTANCE] * length
    if not s.count[TIMED]:
        return cost
    there, back = (
        s.matrix[s.fleet[kind, DURATION], start, first],
        s.matrix[s.fleet[kind, DURATION], second, end] + table[SERVICE, delivery],
    )
    between = s.matrix[s.fleet[kind, DURATION], first, second] + table[SERVICE, pickup]
    begin = earliest_start(s, pickup, fleet[kind, START_EARLY] + there)
    then = earliest_start(s, delivery, begin + between)
    if begin > table[LATE, pickup] or then > table[LATE, delivery] or then + back > fleet[kind, END_LATE]:
        return INFINITE
    if s.count[DURATIONS]:
        home = max(then + back, fleet[kind, END_EARLY])
        latest = min(min(home - back, table[LATE, delivery]) - between, table[LATE, pickup]) - there
        lasting = home - min(latest, fleet[kind, START_LATE])
        if lasting > fleet[kind, MAX_DURATION]:
            return INFINITE
        cost += fleet[kind, COST_PER_DURATION] * lasting
    return cost


@kernel()
def insert_pair(s: Search, pickup: Integer) -> bool:
    """Serve a shipment at the cheapest places found, on a new route where that is cheaper; tell whether it is served."""
    table, result = s.table, s.work
    limit = s.work[WEIGHT, pickup]
    result[RESULT, CHEAPEST] = limit
    result[RESULT, FIRST] = -1
    result[RESULT, NUMBER] += 1
    delivery = np.int64(s.stops[PARTNER, pickup])
    try_near_routes(s, pickup, pickup)
    try_near_routes(s, delivery, pickup)
    kind, cost = -1, INFINITE
    for other in range(s.count[TYPES]):
        price = pair_trip_cost(s, pickup, other)
        if price < cost:
            kind, cost = other, price
    if result[RESULT, FIRST] < 0 and (kind < 0 or cost >= limit):
        for i in range(table[SIZES, ROUTES_ACTIVE]):
            try_route(s, table[ACTIVE, i], pickup)
        if result[RESULT, FIRST] < 0:
            return False
    drop_absent(s, pickup)
    if kind >= 0 and cost < result[RESULT, CHEAPEST]:
        route = open_route(s, kind)
        attach(s, pickup, s.count[STOPS] + route)
        attach(s, delivery, pickup)
    else:
        behind, then = result[RESULT, FIRST], result[RESULT, THEN]
        route = table[ROUTE, behind]
        if then != pickup:
            attach(s, delivery, then)
        attach(s, pickup, behind)
        if then == pickup:
            attach(s, delivery, pickup)
    touch(s, route)
    refresh(s, route)
    return True
