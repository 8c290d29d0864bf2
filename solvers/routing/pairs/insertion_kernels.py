"""
Recreate: both places of a shipment at once, on the routes of stops that go well with it.

On each route only the positions that the windows leave are looked at. The least detour of the delivery from each position on
bounds what a place of the pickup can lead to; from a place that may pay, the delay is followed along the route until it meets a
latest start. An insertion that improves is overlooked with a small probability (Christiaens and Vanden Berghe 2020), drawn as
the number of improvements until the next one that is overlooked.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel
from solvers.routing.pairs.state_kernels import (
    ACTIVE,
    AHEAD,
    BEGIN,
    CAPACITY,
    COST,
    DEPART,
    ENTRIES,
    FACTS,
    FARTHEST,
    FIELDS,
    FIRST,
    FIXED,
    INFINITE,
    INSERTION,
    KIND,
    LATE,
    LATEST,
    LEAST,
    LENGTH,
    LOAD,
    MOST,
    PLACE,
    PLACES,
    RATE,
    REACH,
    ROUTE,
    SEEN,
    SERVICE,
    SHIPMENTS,
    SKIP,
    STEP,
    STOP,
    THEN,
    TYPE,
    TYPES,
    USED,
    VEHICLES,
    WHERE,
    WIDTH,
    Integer,
    Pairs,
    at,
    cell,
    connect,
    latest_at,
    open_route,
    save,
    start_at,
    uniform,
)

BLINK = 0
"""Entry of `tuning`: probability that an improving insertion is overlooked."""


@kernel(inline=True)
def overlooked(s: Pairs) -> bool:
    """Tell whether an improving insertion is overlooked; a geometric number of calls apart."""
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
def keep(s: Pairs, route: Integer, first: Integer, then: Integer, cost: Integer) -> None:
    """Keep an insertion as the cheapest so far."""
    s.count[LEAST], s.count[ROUTE], s.count[FIRST], s.count[THEN] = cost, route, first, then


class Ends(NamedTuple):
    """What an insertion knows of a shipment: window, service and row of places of the pickup, then of the delivery."""

    early: Any
    late: Any
    service: Any
    place: Any
    due: Any
    close: Any
    handing: Any
    target: Any
    between: Any
    lasting: Any
    """Distance and time from the pickup to the delivery."""
    room: Any
    """Largest load that leaves room for it."""


@kernel(inline=True)
def ends_of(s: Pairs, shipment: Integer, room: Integer) -> Ends:
    """Return what an insertion knows of a shipment."""
    pickup, delivery = 2 * shipment * FACTS, (2 * shipment + 1) * FACTS
    place = np.int64(s.fact[at(pickup + WHERE)]) * s.count[PLACES]
    target = np.int64(s.fact[at(delivery + WHERE)])
    return Ends(
        np.int64(s.fact[at(pickup)]),
        np.int64(s.fact[at(pickup + LATE)]),
        np.int64(s.fact[at(pickup + SERVICE)]),
        place,
        np.int64(s.fact[at(delivery)]),
        np.int64(s.fact[at(delivery + LATE)]),
        np.int64(s.fact[at(delivery + SERVICE)]),
        target * s.count[PLACES],
        np.int64(s.onwards[at(place + target)]),
        np.int64(s.onwards_span[at(place + target)]),
        room - s.goods[at(shipment)],
    )


@kernel(inline=True)
def positions_left(s: Pairs, route: Integer, e: Ends) -> tuple[Integer, Integer, Integer]:
    """Return the first position for the pickup, the first and the last for the delivery; the last is -1 without any."""
    last = np.int64(s.entry[at(route * ENTRIES + LENGTH)]) - 1
    departs, latests = cell(s, route, DEPART), cell(s, route, LATEST)
    # What follows a stop must be able to wait for it.
    lowest = 0
    while lowest < last and s.table[at(latests + lowest + 1)] < e.early + e.service:
        lowest += 1
    if lowest == last or s.table[at(departs + lowest)] > e.late:
        return 0, 0, -1
    handed = max(e.due, e.early + e.service + e.lasting) + e.handing
    low = lowest
    while low < last and s.table[at(latests + low + 1)] < handed:
        low += 1
    if low == last or s.table[at(departs + low)] > e.close:
        return 0, 0, -1
    high = low
    while high + 1 < last and s.table[at(departs + high + 1)] <= e.close:
        high += 1
    return lowest, low, high


@kernel(inline=True)
def list_detours(s: Pairs, route: Integer, e: Ends, low: Integer, high: Integer) -> None:
    """Write the detour of the delivery behind each position where it may be in time, and the least from each on."""
    places, steps = cell(s, route, PLACE), cell(s, route, STEP)
    departs, latests = cell(s, route, DEPART), cell(s, route, LATEST)
    least = np.int64(INFINITE)
    half = s.count[WIDTH]
    s.detour[at(half + high + 1)] = INFINITE
    for j in range(high, low - 1, -1):
        tail, head = np.int64(s.table[at(places + j)]), np.int64(s.table[at(places + j + 1)])
        detour = np.int64(s.back[at(e.target + tail)]) + s.onwards[at(e.target + head)] - s.table[at(steps + j)]
        moment = max(np.int64(s.table[at(departs + j)]) + s.back_span[at(e.target + tail)], e.due)
        if moment > e.close or moment + e.handing + s.onwards_span[at(e.target + head)] > s.table[at(latests + j + 1)]:
            detour = np.int64(INFINITE)
        least = min(least, detour)
        s.detour[at(j)], s.detour[at(half + j)] = detour, least


@kernel(inline=True)
def delivered_in_time(s: Pairs, route: Integer, e: Ends, j: Integer, moment: Integer) -> bool:
    """Tell whether a delivery reached at a moment behind position j is in time, and the next position after it."""
    start = max(moment, e.due)
    head = np.int64(s.table[at(cell(s, route, PLACE) + j + 1)])
    leave = start + e.handing + s.onwards_span[at(e.target + head)]
    return bool(start <= e.close and leave <= s.table[at(cell(s, route, LATEST) + j + 1)])


@kernel(inline=True)
def follow(
    s: Pairs, route: Integer, e: Ends, i: Integer, low: Integer, high: Integer, detour: Integer, moment: Integer, bound: Integer
) -> tuple[Integer, Integer]:
    """
    Follow a pickup behind position i along the route, which reaches the next position at a moment.

    Returns the position behind which the delivery is cheapest, -1 for none below `bound`, and the longer way.
    """
    places, spans, loads = cell(s, route, PLACE), cell(s, route, AHEAD), cell(s, route, LOAD)
    begins, departs, latests = cell(s, route, BEGIN), cell(s, route, DEPART), cell(s, route, LATEST)
    half = s.count[WIDTH]
    found = np.int64(-1)
    for j in range(i + 1, high + 1):
        begin = np.int64(s.table[at(begins + j)])
        moment = max(moment, begin)
        if moment > s.table[at(latests + j)] or s.table[at(loads + j)] > e.room:
            break
        if j >= low:
            if detour + s.detour[at(j)] < bound:
                leave = moment - begin + s.table[at(departs + j)]
                arrival = leave + s.back_span[at(e.target + s.table[at(places + j)])]
                if delivered_in_time(s, route, e, j, arrival) and not overlooked(s):
                    found, bound = np.int64(j), detour + s.detour[at(j)]
            if detour + s.detour[at(half + j + 1)] >= bound:
                break
        moment += s.table[at(spans + j)]
    return found, bound


@kernel(inline=True)
def try_route(s: Pairs, route: Integer, shipment: Integer) -> None:
    """Try all pairs of positions of a shipment on a route; the delivery is behind position j, the pickup behind i <= j."""
    kind = np.int64(s.entry[at(route * ENTRIES + TYPE)])
    if s.entry[at(route * ENTRIES + LENGTH)] + 2 > s.count[WIDTH] or not s.allowed[at(kind * s.count[SHIPMENTS] + shipment)]:
        return
    e = ends_of(s, shipment, s.kinds[at(kind * KIND + CAPACITY)])
    lowest, low, high = positions_left(s, route, e)
    if high < 0:
        return
    list_detours(s, route, e, low, high)
    places, steps, departs, loads = (
        cell(s, route, PLACE), cell(s, route, STEP), cell(s, route, DEPART), cell(s, route, LOAD)
    )  # fmt: skip
    rate, half = s.kinds[at(kind * KIND + RATE)], s.count[WIDTH]
    # Costs are compared in units of distance.
    bound = -(-s.count[LEAST] // rate)
    for i in range(lowest, high + 1):
        depart = np.int64(s.table[at(departs + i)])
        if depart > e.late:
            break
        tail, head = np.int64(s.table[at(places + i)]), np.int64(s.table[at(places + i + 1)])
        there = np.int64(s.back[at(e.place + tail)]) - s.table[at(steps + i)]
        detour = there + s.onwards[at(e.place + head)]
        rest = detour + s.detour[at(half + max(i + 1, low))]
        together = there + e.between + s.onwards[at(e.target + head)] if i >= low else INFINITE
        if min(together, rest) >= bound or s.table[at(loads + i)] > e.room:
            continue
        moment = max(depart + s.back_span[at(e.place + tail)], e.early)
        if moment > e.late:
            continue
        moment += e.service
        if together < bound and delivered_in_time(s, route, e, i, moment + e.lasting) and not overlooked(s):
            keep(s, route, i, i, rate * together)
            bound = together
        if rest < bound:
            then, bound = follow(s, route, e, i, low, high, detour, moment + s.onwards_span[at(e.place + head)], bound)
            if then >= 0:
                keep(s, route, i, then, rate * bound)


@kernel(inline=True)
def shift(s: Pairs, route: Integer, i: Integer, places: Integer) -> None:
    """Move a position further back."""
    for field in range(FIELDS):
        first = cell(s, route, field) + i
        s.table[at(first + places)] = s.table[at(first)]
    stop = np.int64(s.table[at(cell(s, route, STOP) + i)])
    if stop >= 0:
        s.position[at(stop)] = i + places


@kernel(inline=True)
def write(s: Pairs, route: Integer, i: Integer, stop: Integer, load: Integer) -> None:
    """Write a stop to a position; its times are to follow."""
    s.table[at(cell(s, route, STOP) + i)] = stop
    s.table[at(cell(s, route, PLACE) + i)] = s.fact[at(stop * FACTS + WHERE)]
    s.table[at(cell(s, route, LOAD) + i)] = load
    s.table[at(cell(s, route, BEGIN) + i)] = -1
    s.table[at(cell(s, route, LATEST) + i)] = -1
    s.position[at(stop)] = i


@kernel()
def insert_at(s: Pairs, route: Integer, shipment: Integer, first: Integer, then: Integer) -> None:
    """Put a pickup behind position `first` and its delivery behind position `then` of a route."""
    length = np.int64(s.entry[at(route * ENTRIES + LENGTH)])
    goods = np.int64(s.goods[at(shipment)])
    loads = cell(s, route, LOAD)
    for i in range(length - 1, then, -1):
        shift(s, route, i, 2)
    for i in range(then, first, -1):
        shift(s, route, i, 1)
        s.table[at(loads + i + 1)] += goods
    write(s, route, first + 1, 2 * shipment, s.table[at(loads + first)] + goods)
    write(s, route, then + 2, 2 * shipment + 1, s.table[at(loads + then + 1)] - goods)
    s.entry[at(route * ENTRIES + LENGTH)] = length + 2
    connect(s, route, first)
    connect(s, route, first + 1)
    connect(s, route, then + 1)
    connect(s, route, then + 2)
    begins, spans, latests = cell(s, route, BEGIN), cell(s, route, AHEAD), cell(s, route, LATEST)
    begin = np.int64(s.table[at(begins + first)])
    for i in range(first + 1, length + 2):
        before = s.table[at(begins + i)]
        begin = start_at(s, route, i, begin + s.table[at(spans + i - 1)])
        if i > then + 2 and begin == before:
            break
    for i in range(then + 2, -1, -1):
        before = s.table[at(latests + i)]
        latest = latest_at(s, route, i)
        s.table[at(latests + i)] = latest
        if i <= first and latest == before:
            break
    s.owner[at(shipment)] = route


@kernel(inline=True)
def list_near(s: Pairs, shipment: Integer, first: Integer) -> Integer:
    """Write the routes of the stops near either end of a shipment; return where they end."""
    width, reach = 2 * s.count[FARTHEST], 2 * s.count[REACH]
    end = first
    for own in range(2 * shipment, 2 * shipment + 2):
        for k in range(own * width, own * width + reach):
            stop = np.int64(s.near[at(k)])
            if stop < 0:
                continue
            route = np.int64(s.owner[at(stop >> 1)])
            if route >= 0 and s.entry[at(route * ENTRIES + SEEN)] != s.count[INSERTION]:
                s.entry[at(route * ENTRIES + SEEN)] = s.count[INSERTION]
                s.detour[at(end)] = route
                end += 1
    return end


@kernel(inline=True)
def list_others(s: Pairs, first: Integer) -> Integer:
    """Write the routes that are not listed yet; return where they end."""
    end = first
    for k in range(s.count[ACTIVE]):
        route = np.int64(s.slots[at(k)])
        if s.entry[at(route * ENTRIES + SEEN)] != s.count[INSERTION]:
            s.detour[at(end)] = route
            end += 1
    return end


@kernel()
def insert(s: Pairs, shipment: Integer) -> bool:
    """Serve a shipment where it is cheapest, on a route of its own where that is cheaper still; tell whether it is served."""
    weight = s.weight[at(shipment)]
    s.count[LEAST], s.count[ROUTE] = weight, -1
    s.count[INSERTION] += 1
    kind, price = np.int64(-1), weight
    for other in range(s.count[TYPES] if s.count[ACTIVE] < s.count[MOST] else 0):
        alone = s.alone[at(other * s.count[SHIPMENTS] + shipment)]
        if alone < price and s.kinds[at(other * KIND + USED)] < s.kinds[at(other * KIND + VEHICLES)]:
            kind, price = np.int64(other), alone
    first = 2 * s.count[WIDTH] + 4
    for near in range(2):
        end = list_near(s, shipment, first) if near == 0 else list_others(s, first)
        for k in range(first, end):
            try_route(s, s.detour[at(k)], shipment)
        if s.count[ROUTE] >= 0 or kind >= 0:
            break
    if s.count[ROUTE] < 0 and kind < 0:
        return False
    if kind >= 0 and price < s.count[LEAST]:
        route = open_route(s, kind)
        insert_at(s, route, shipment, 0, 0)
        length = np.int64(0)
        steps = cell(s, route, STEP)
        for i in range(3):
            length += s.table[at(steps + i)]
        s.total[at(route)] = length
        s.count[COST] += s.kinds[at(kind * KIND + FIXED)] + s.kinds[at(kind * KIND + RATE)] * length - weight
        return True
    route = s.count[ROUTE]
    save(s, route)
    insert_at(s, route, shipment, s.count[FIRST], s.count[THEN])
    rate = s.kinds[at(s.entry[at(route * ENTRIES + TYPE)] * KIND + RATE)]
    s.total[at(route)] += s.count[LEAST] // rate
    s.count[COST] += s.count[LEAST] - weight
    return True
