"""
Insertion of single stops: constant time for each place, restricted to places beside near stops.

A place is between a stop and the next one. Feasibility comes from the earliest and latest start of service of the two
(Savelsbergh 1992), from loads on the way before and after, and, where durations count, from the durations and start windows of
the route's beginning and ending (Vidal et al. 2013). A place that improves is overlooked with a small probability
(Christiaens and Vanden Berghe 2020), drawn as the number of places until the next one that is overlooked.
"""

import math

import numpy as np

from solvers.compiled import kernel
from solvers.routing.route_profile_kernels import refresh
from solvers.routing.route_state_kernels import (
    ACTIVE,
    CAPACITY,
    COST_PER_DISTANCE,
    COST_PER_DURATION,
    COUNT,
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
    LENGTH,
    LOADS,
    MAX_DISTANCE,
    MAX_DURATION,
    MAX_STOPS,
    MOST,
    NEIGHBOURS,
    ON_BOARD,
    PAID,
    PLACE,
    PRED,
    PREFIX_DURATION,
    PREFIX_EARLY,
    PREFIX_LATE,
    RELEASE,
    REQUIRED,
    ROUTE,
    ROUTE_DURATION,
    ROUTES_ACTIVE,
    SERVICE,
    SIZES,
    SKIP,
    SLOTS,
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
    TRIP_LOADS,
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
    uniform,
)

BLINK = 0
"""Entry of `tuning`: probability that an improving place is overlooked."""


@kernel(inline=True)
def overlooked(s: Search) -> bool:
    """Tell whether an improving place is overlooked; a geometric number of calls apart."""
    s.count[SKIP] -= 1
    if s.count[SKIP] > 0:
        return False
    rate = s.tuning[BLINK]
    if rate <= 0.0:
        s.count[SKIP] = INFINITE
        return False
    s.count[SKIP] = 1 + int(math.log(1.0 - uniform(s)) / math.log(1.0 - rate))
    return True


@kernel(inline=True)
def route_takes(s: Search, route: Integer, stop: Integer) -> bool:
    """Tell whether a route can take a stop as far as vehicle type, number of stops and total load say."""
    table = s.table
    kind = table[TYPE, route]
    if not s.allowed[kind, stop] or table[COUNT, route] >= s.fleet[kind, MAX_STOPS]:
        return False
    if s.count[TRIP_LOADS]:
        return True
    for k in range(s.count[DIMENSIONS]):
        if table[LOADS + k, route] + s.stops[GOODS + 2 * k, stop] > s.fleet[kind, CAPACITY + k]:
            return False
    return True


@kernel(inline=True)
def loads_fit(s: Search, kind: Integer, stop: Integer, before: Integer) -> bool:
    """Tell whether the loads on the way allow a client behind `before`."""
    for k in range(s.count[DIMENSIONS]):
        room = s.fleet[kind, CAPACITY + k]
        if (
            s.work[ON_BOARD + 3 * k + 1, before] + s.stops[GOODS + 2 * k, stop] > room
            or s.work[ON_BOARD + 3 * k + 2, before] + s.stops[GOODS + 2 * k + 1, stop] > room
        ):
            return False
    return True


@kernel()
def longer_duration(s: Search, kind: Integer, route: Integer, stop: Integer, before: Integer, after: Integer) -> Integer:
    """Return the cost of the longer duration with a stop between two others; INFINITE when limits or windows are missed."""
    table, profile = s.table, s.work
    early, late = profile[PREFIX_EARLY, before], profile[PREFIX_LATE, before]
    early = max(early, np.int64(s.stops[RELEASE, stop]))
    if early > late:
        return INFINITE
    place = table[PLACE, stop]
    span = (
        profile[PREFIX_DURATION, before]
        + table[SERVICE, before]
        + s.matrix[s.fleet[kind, DURATION_BACK], place, table[PLACE, before]]
    )
    if early + span > table[LATE, stop]:
        return INFINITE
    wait = max(0, table[EARLY, stop] - span - late)
    early = max(table[EARLY, stop] - span, early) - wait
    late = min(table[LATE, stop] - span, late)
    span += wait + table[SERVICE, stop] + s.matrix[s.fleet[kind, DURATION], place, table[PLACE, after]]
    if early + span > profile[SUFFIX_LATE, after]:
        return INFINITE
    wait = max(0, profile[SUFFIX_EARLY, after] - span - late)
    lasting = span + wait + profile[SUFFIX_DURATION, after]
    if lasting > s.fleet[kind, MAX_DURATION]:
        return INFINITE
    return s.fleet[kind, COST_PER_DURATION] * (lasting - profile[ROUTE_DURATION, route])


@kernel(inline=True)
def insertion_cost(s: Search, stop: Integer, route: Integer, before: Integer, after: Integer, limit: Integer) -> Integer:
    """Return what a stop costs between two others, or `limit` when it costs no less or does not fit."""
    table = s.table
    kind = table[TYPE, route]
    place, tail, head = table[PLACE, stop], table[PLACE, before], table[PLACE, after]
    longer = (
        s.matrix[s.fleet[kind, DISTANCE_BACK], place, tail]
        + s.matrix[s.fleet[kind, DISTANCE], place, head]
        - table[STEP, before]
    )
    cost = s.fleet[kind, COST_PER_DISTANCE] * longer
    if cost >= limit and s.count[DURATIONS] != PAID:
        return limit
    if s.count[TIMED]:
        arrival = table[EARLIEST, before] + table[SERVICE, before] + s.matrix[s.fleet[kind, DURATION_BACK], place, tail]
        moment = earliest_start(s, stop, arrival)
        if (
            moment > table[LATE, stop]
            or moment + table[SERVICE, stop] + s.matrix[s.fleet[kind, DURATION], place, head] > table[LATEST, after]
        ):
            return limit
    if table[LENGTH, route] + longer > s.fleet[kind, MAX_DISTANCE]:
        return limit
    if s.count[TRIP_LOADS] and not loads_fit(s, kind, stop, before):
        return limit
    if s.count[DURATIONS]:
        cost += longer_duration(s, kind, route, stop, before, after)
    return min(cost, limit)


@kernel()
def lone_trip_cost(s: Search, stop: Integer, kind: Integer) -> Integer:
    """Return what a new route of a vehicle type costs with one stop only; INFINITE when it cannot be."""
    fleet, table = s.fleet, s.table
    if table[SIZES, ROUTES_ACTIVE] >= s.count[MOST]:
        return INFINITE
    if table[USED, kind] >= fleet[kind, VEHICLES] or not s.allowed[kind, stop] or fleet[kind, MAX_STOPS] < 1:
        return INFINITE
    for k in range(s.count[DIMENSIONS]):
        if max(s.stops[GOODS + 2 * k, stop], s.stops[GOODS + 2 * k + 1, stop]) > fleet[kind, CAPACITY + k]:
            return INFINITE
    place = table[PLACE, stop]
    length = (
        s.matrix[s.fleet[kind, DISTANCE_BACK], place, fleet[kind, START]]
        + s.matrix[s.fleet[kind, DISTANCE], place, fleet[kind, END]]
    )
    if length > fleet[kind, MAX_DISTANCE]:
        return INFINITE
    cost = fleet[kind, FIXED] + fleet[kind, COST_PER_DISTANCE] * length
    if not s.count[TIMED]:
        return cost
    there, back = (
        s.matrix[s.fleet[kind, DURATION_BACK], place, fleet[kind, START]],
        s.matrix[s.fleet[kind, DURATION], place, fleet[kind, END]],
    )
    leave = max(fleet[kind, START_EARLY], np.int64(s.stops[RELEASE, stop]))
    begin = earliest_start(s, stop, leave + there)
    back += table[SERVICE, stop]
    if leave > fleet[kind, START_LATE] or begin > table[LATE, stop] or begin + back > fleet[kind, END_LATE]:
        return INFINITE
    if s.count[DURATIONS]:
        home = max(begin + back, fleet[kind, END_EARLY])
        lasting = home - min(min(home - back, table[LATE, stop]) - there, fleet[kind, START_LATE])
        if lasting > fleet[kind, MAX_DURATION]:
            return INFINITE
        cost += fleet[kind, COST_PER_DURATION] * lasting
    return cost


@kernel()
def cheapest_new_route(s: Search, stop: Integer) -> tuple[Integer, Integer]:
    """Return the vehicle type with the cheapest new route for one stop, and the cost; -1 when there is none."""
    found, best = -1, INFINITE
    for kind in range(s.count[TYPES]):
        cost = lone_trip_cost(s, stop, kind)
        if cost < best:
            found, best = kind, cost
    return found, best


@kernel()
def cheapest_near(s: Search, stop: Integer, best: Integer) -> tuple[Integer, Integer]:
    """
    Return the stop behind which another one is cheapest among the places beside its neighbours, and the cost; or -1.

    This loop takes most of the time of a search: unsigned positions spare the test for a count from the end.
    """
    routes, places, steps = s.table[ROUTE], s.table[PLACE], s.table[STEP]
    kinds, fleet = s.table[TYPE], s.fleet
    own = np.uint64(places[stop])
    shorter = s.count[DURATIONS] == PAID
    alike = s.count[TYPES] == 1
    rate = fleet[0, COST_PER_DISTANCE]
    back, onwards = s.matrix[fleet[0, DISTANCE_BACK], own], s.matrix[fleet[0, DISTANCE], own]
    found = np.int64(-1)
    for side in range(2):
        near, links = s.near[side, stop], s.table[SUCC if side == 0 else PRED]
        for k in range(np.uint64(s.count[NEIGHBOURS])):
            if near[k] < 0:
                break
            other = np.uint64(near[k])
            route = routes[other]
            if route < 0:
                continue
            before = other if side == 0 else np.uint64(links[other])
            after = np.uint64(links[other]) if side == 0 else other
            tail, head = np.uint64(places[before]), np.uint64(places[after])
            if not alike:
                kind = kinds[np.uint64(route)]
                rate = fleet[kind, COST_PER_DISTANCE]
                back, onwards = s.matrix[fleet[kind, DISTANCE_BACK], own], s.matrix[fleet[kind, DISTANCE], own]
            # Most places end here, before anything is called.
            if rate * (np.int64(back[tail]) + np.int64(onwards[head]) - steps[before]) >= best and not shorter:
                continue
            if not route_takes(s, route, stop):
                continue
            cost = insertion_cost(s, stop, route, np.int64(before), np.int64(after), best)
            if cost < best and not overlooked(s):
                found, best = np.int64(before), cost
    return found, best


@kernel()
def cheapest_anywhere(s: Search, stop: Integer, best: Integer, ends_only: bool) -> tuple[Integer, Integer]:
    """Return the same over the first and last places of all routes, or over all places."""
    table = s.table
    stops, slots = s.count[STOPS], s.count[SLOTS]
    found = -1
    for i in range(table[SIZES, ROUTES_ACTIVE]):
        route = table[ACTIVE, i]
        if not route_takes(s, route, stop):
            continue
        before = stops + route
        last = stops + slots + route
        while before != last:
            after = table[SUCC, before]
            cost = insertion_cost(s, stop, route, before, after, best)
            if cost < best and not overlooked(s):
                found, best = before, cost
            before = table[PRED, last] if ends_only and before >= stops and after != last else after
    return found, best


@kernel()
def insert_client(s: Search, stop: Integer) -> bool:
    """Serve a client at the cheapest place found, on a new route where that is cheaper; tell whether it is served."""
    limit = s.work[WEIGHT, stop]
    found, best = cheapest_near(s, stop, limit)
    required = s.stops[REQUIRED, stop]
    if found < 0 and required:
        # What may stay out is not worth a look at every route.
        found, best = cheapest_anywhere(s, stop, limit, True)
    kind, cost = -1, INFINITE
    if found < 0 or s.count[TIMED] or s.count[TYPES] > 1 or s.count[TRIP_LOADS]:
        # Else the end of a route is hardly ever dearer than a route of its own of the same type.
        kind, cost = cheapest_new_route(s, stop)
    if found < 0 and (kind < 0 or cost >= limit):
        if required:
            found, best = cheapest_anywhere(s, stop, limit, False)
        if found < 0:
            return False
    if kind >= 0 and cost < best:
        route = open_route(s, kind)
        found = s.count[STOPS] + route
    else:
        route = s.table[ROUTE, found]
    drop_absent(s, stop)
    attach(s, stop, found)
    touch(s, route)
    if s.count[TRIP_LOADS] or s.count[DURATIONS]:
        refresh(s, route)
    return True
