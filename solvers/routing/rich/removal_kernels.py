"""
What an iteration takes out: strings of adjacent stops, single orders, whole routes.

References
----------
Christiaens, J., Vanden Berghe, G. (2020). Slack induction by string removals for vehicle routing problems. Transportation
Science 54(2), 417-433.
"""

from typing import Any

import numpy as np

from solvers.compiled import kernel
from solvers.routing.rich.plan_kernels import (
    ABSENT,
    FEWEST,
    MARK,
    MATES,
    MATES_END,
    TAKEN_OUT,
    TOUCHED,
    VEHICLES,
    Plan,
    below,
    judge,
    leave_out,
    put_route,
    touch,
    uniform,
)
from solvers.routing.rich.route_kernels import ORDER, Routes

REMOVED = 10
LONGEST = 10.0
"""Mean number of stops taken out in an iteration, and the longest string."""

AT_RANDOM, WHOLE_ROUTE, WHOLE_ROUTE_FEWEST = 0.15, 0.05, 0.3
"""Shares of iterations that take out orders at random, or whole routes; the last where vehicles are counted first."""

WITH_MATES = 0.8
"""Share of the iterations in which an order that shares its vehicle with others is taken out with them."""

Integer = Any


@kernel()
def mark_out(s: Routes, p: Plan, order: Integer, mates: bool) -> None:
    """Choose an order, and those that share its vehicle, to be taken out."""
    if p.route[order] < 0 or p.mark[3, order] == p.count[MARK]:
        return
    p.mark[3, order] = p.count[MARK]
    p.todo[p.count[TAKEN_OUT]] = order
    p.count[TAKEN_OUT] += 1
    touch(p, p.route[order])
    if mates:
        for k in range(p.orders[MATES, order], p.orders[MATES_END, order]):
            mate = p.lists[k]
            if p.route[mate] >= 0 and p.mark[3, mate] != p.count[MARK]:
                p.mark[3, mate] = p.count[MARK]
                p.todo[p.count[TAKEN_OUT]] = mate
                p.count[TAKEN_OUT] += 1
                touch(p, p.route[mate])


@kernel()
def rewrite(s: Routes, p: Plan, slot: Integer) -> None:
    """Write a touched route without the orders chosen, and without reloads that serve nothing any more."""
    stops = s.stops.shape[1]
    size = 0
    for i in range(p.length[slot]):
        stop = p.sequence[slot, i]
        if stop >= stops:
            if size > 0 and s.trial[size - 1] < stops:
                s.trial[size] = stop
                size += 1
        elif p.mark[3, s.links[ORDER, stop]] != p.count[MARK]:
            s.trial[size] = stop
            size += 1
    if size > 0 and s.trial[size - 1] >= stops:
        size -= 1
    cost = judge(s, p, slot, size)
    if cost == np.inf:
        # Ways that are longer without a stop between them: nothing of the route is kept.
        for i in range(size):
            stop = s.trial[i]
            if stop < stops and p.mark[3, s.links[ORDER, stop]] != p.count[MARK]:
                order = s.links[ORDER, stop]
                p.mark[3, order] = p.count[MARK]
                p.todo[p.count[TAKEN_OUT]] = order
                p.count[TAKEN_OUT] += 1
        size, cost = 0, judge(s, p, slot, 0)
    put_route(s, p, slot, size, cost)
    drop_reloads(s, p, slot)


@kernel()
def drop_reloads(s: Routes, p: Plan, slot: Integer) -> None:
    """Take out each reload without which a route is feasible and not dearer."""
    stops = s.stops.shape[1]
    at = 0
    while at < p.length[slot]:
        if p.sequence[slot, at] >= stops:
            size = 0
            for i in range(p.length[slot]):
                if i != at:
                    s.trial[size] = p.sequence[slot, i]
                    size += 1
            cost = judge(s, p, slot, size)
            if cost <= p.cost[slot]:
                put_route(s, p, slot, size, cost)
                continue
        at += 1


@kernel()
def choose_string(s: Routes, p: Plan, slot: Integer, stop: Integer, longest: float, mates: bool) -> None:
    """Choose a string of adjacent stops around one stop of a route."""
    stops = s.stops.shape[1]
    size = p.length[slot]
    length = 1 + below(p, max(1, int(min(longest, size))))
    at = 0
    for i in range(size):
        if p.sequence[slot, i] == stop:
            at = i
    first = max(0, min(at - below(p, length), size - length))
    for i in range(first, first + length):
        if p.sequence[slot, i] < stops:
            mark_out(s, p, s.links[ORDER, p.sequence[slot, i]], mates)


@kernel()
def choose_strings(s: Routes, p: Plan, seed: Integer, served: Integer, mates: bool) -> None:
    """Choose strings of routes near a stop."""
    routes = max(1.0, p.count[VEHICLES] * 1.0)
    mean = max(1.0, served / routes)
    longest = min(LONGEST, mean)
    number = 1 + int(uniform(p) * (4.0 * REMOVED / (1.0 + longest)))
    p.mark[2, 1] += 1
    mark = p.mark[2, 1]
    for k in range(p.near.shape[1] + 1):
        stop = seed if k == 0 else p.near[seed, k - 1]
        if stop < 0 or number == 0:
            return
        slot = p.route[s.links[ORDER, stop]]
        if slot < 0 or p.mark[4, slot] == mark:
            continue
        p.mark[4, slot] = mark
        choose_string(s, p, slot, stop, longest, mates)
        number -= 1


@kernel()
def random_slot(p: Plan, fewest: bool) -> int:
    """Return a vehicle in use: any, or that of three which serves least; -1 when there is none."""
    chosen = -1
    for _ in range(3 if fewest else 1):
        number = below(p, max(1, p.count[VEHICLES]))
        for slot in range(p.length.shape[0]):
            if p.length[slot] == 0:
                continue
            if number == 0:
                if chosen < 0 or p.length[slot] < p.length[chosen]:
                    chosen = slot
                break
            number -= 1
    return chosen


@kernel()
def ruin(s: Routes, p: Plan) -> None:
    """Take orders out of the plan; `todo` names them."""
    orders = p.orders.shape[1]
    stops = s.stops.shape[1]
    p.count[TAKEN_OUT] = 0
    p.count[VEHICLES] = 0
    for slot in range(p.length.shape[0]):
        p.count[VEHICLES] += p.length[slot] > 0
    served = orders - p.count[ABSENT]
    x = uniform(p)
    mates = uniform(p) < WITH_MATES
    whole = WHOLE_ROUTE_FEWEST if p.count[FEWEST] else WHOLE_ROUTE
    if x < AT_RANDOM:
        for _ in range(1 + below(p, min(REMOVED, orders))):
            mark_out(s, p, below(p, orders), mates)
    elif x < AT_RANDOM + whole:
        slot = random_slot(p, p.count[FEWEST] == 1)
        if slot >= 0:
            for i in range(p.length[slot]):
                stop = p.sequence[slot, i]
                if stop < stops:
                    mark_out(s, p, s.links[ORDER, stop], False)
            choose_strings(s, p, below(p, stops), served, mates)
    else:
        choose_strings(s, p, below(p, stops), served, mates)
    # Routes are rewritten after all is chosen: a route that becomes infeasible gives up its other orders, too.
    for k in range(p.count[TOUCHED]):
        rewrite(s, p, p.touched[k])
    for k in range(p.count[TAKEN_OUT]):
        leave_out(p, p.todo[k])
