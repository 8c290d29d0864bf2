"""
A plan under search: routes as rows of stops, what is left out, and how to take an iteration back.

A slot is one vehicle. The first change of a slot in an iteration keeps a copy of its route; taking the iteration back puts
the copies in place again. Every route has a stamp that changes with it, so that what is known of a route stays known when it
comes back.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from solvers.compiled import kernel
from solvers.routing.rich.route_kernels import ORDER, PARTNER, SPENT, Routes, route_cost
from solvers.routing.rich.timing_kernels import EARLIEST, TRAVEL

FIRST, SECOND, REQUIRED, GROUP, TOGETHER, MEMBERS, MEMBERS_END, MATES, MATES_END, APART, APART_END = range(11)
"""Rows of `orders`: its stops (-1: no second one), whether it must be served, group and set that share a vehicle (-1: none),
and ranges of `lists`: orders of the group, of the set, and orders that may not share its vehicle."""

PRIZE, WEIGHT = range(2)
"""Rows of `worth`: money and weight of leaving out an order."""

SLOT_TYPE, SLOT_CLASS = range(2)
"""Rows of `slots`: vehicle type, and what makes empty vehicles interchangeable."""

MISSING, USED, MONEY, BEST_MISSING, BEST_USED, BEST_MONEY, HEAT, COOLING, BALANCE_WEIGHT = range(9)
"""Entries of `state`: weight left out, vehicles and money of the plan and of the best one, temperature and its factor."""

LAST_STAMP, TOUCHED, ABSENT, SAVED_ABSENT, MARK, FEWEST, BALANCE, BALANCED, TAKEN_OUT, VEHICLES, SEVERAL_TYPES = range(11)
"""Entries of `count`: counters, then switches of the objective."""

NO_BALANCE, LARGEST, RANGE = range(3)
"""Values of BALANCE."""

Integer = Any


class Plan(NamedTuple):
    """The plan under search, its copies, and what is known of orders."""

    orders: Any
    worth: Any
    lists: Any
    slots: Any
    near: Any
    keys: Any
    sequence: Any
    length: Any
    cost: Any
    measure: Any
    stamp: Any
    when: Any
    until: Any
    route: Any
    absent: Any
    old_sequence: Any
    old_length: Any
    old_cost: Any
    old_measure: Any
    old_stamp: Any
    old_when: Any
    old_until: Any
    old_absent: Any
    touched: Any
    touched_mark: Any
    best: Any
    best_length: Any
    known_stamp: Any
    known_cost: Any
    known_place: Any
    known_measure: Any
    candidates: Any
    detours: Any
    todo: Any
    mark: Any
    state: Any
    count: Any
    random: Any


@kernel(inline=True)
def uniform(p: Plan) -> float:
    """Return a pseudorandom number in [0, 1): xorshift with multiplication (Vigna 2016)."""
    x = p.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    p.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@kernel(inline=True)
def below(p: Plan, number: Integer) -> int:
    """Return a pseudorandom whole number from 0 to `number` - 1."""
    return int(uniform(p) * number)


@kernel()
def touch(p: Plan, slot: Integer) -> None:
    """Keep a copy of a route before its first change in this iteration."""
    if p.touched_mark[slot] == p.count[MARK]:
        return
    p.touched_mark[slot] = p.count[MARK]
    p.touched[p.count[TOUCHED]] = slot
    p.count[TOUCHED] += 1
    size = p.length[slot]
    p.old_length[slot], p.old_cost[slot], p.old_stamp[slot] = size, p.cost[slot], p.stamp[slot]
    p.old_sequence[slot, :size] = p.sequence[slot, :size]
    p.old_when[slot, : size + 1] = p.when[slot, : size + 1]
    p.old_until[slot, : size + 1] = p.until[slot, : size + 1]
    p.old_measure[slot] = p.measure[slot]


@kernel()
def take_back(s: Routes, p: Plan) -> None:
    """Put every route back as it was when the iteration began."""
    stops = s.stops.shape[1]
    for i in range(p.count[ABSENT]):
        p.route[p.absent[i]] = -1
    for k in range(p.count[TOUCHED]):
        slot = p.touched[k]
        size = p.old_length[slot]
        p.length[slot], p.cost[slot], p.stamp[slot] = size, p.old_cost[slot], p.old_stamp[slot]
        p.sequence[slot, :size] = p.old_sequence[slot, :size]
        p.when[slot, : size + 1] = p.old_when[slot, : size + 1]
        p.until[slot, : size + 1] = p.old_until[slot, : size + 1]
        p.measure[slot] = p.old_measure[slot]
        for i in range(size):
            if p.sequence[slot, i] < stops:
                p.route[s.links[ORDER, p.sequence[slot, i]]] = slot
    p.count[ABSENT] = p.count[SAVED_ABSENT]
    for i in range(p.count[ABSENT]):
        p.absent[i] = p.old_absent[i]
        p.route[p.absent[i]] = -1


@kernel()
def judge(s: Routes, p: Plan, slot: Integer, size: Integer) -> float:
    """Return what the sequence in `trial` costs in a slot; nothing when it is empty."""
    if size == 0:
        s.measures[:] = 0.0
        return 0.0
    return route_cost(s, size, slot, p.slots[SLOT_TYPE, slot])


@kernel()
def put_route(s: Routes, p: Plan, slot: Integer, size: Integer, cost: float) -> None:
    """Write the sequence in `trial`, judged last and feasible, into a touched slot."""
    p.state[MONEY] += cost - p.cost[slot]
    p.state[USED] += (size > 0) - (p.length[slot] > 0)
    for i in range(size):
        p.sequence[slot, i] = s.trial[i]
        p.when[slot, i] = s.labels[i, s.chain[i], EARLIEST]
    p.when[slot, size] = s.labels[size, s.chain[size], EARLIEST] if size else 0.0
    # The latest arrival after which the rest of the route can be served, breaks and setups not counted.
    latest = math.inf
    for i in range(size if size else -1, -1, -1):
        visit = i + 1
        close = -math.inf
        for window in range(s.span[0, visit], s.span[1, visit]):
            close = max(close, s.windows[1, window])
        spent = s.stops[SPENT, s.trial[i]] if i < size and s.trial[i] < s.stops.shape[1] else 0.0
        latest = min(close, latest - spent - s.line[TRAVEL, visit]) if i < size else close
        p.until[slot, i] = latest
    p.length[slot], p.cost[slot] = size, cost
    p.measure[slot] = s.measures
    p.count[LAST_STAMP] += 1
    p.stamp[slot] = p.count[LAST_STAMP]


@kernel(inline=True)
def leave_out(p: Plan, order: Integer) -> None:
    """List an order as left out."""
    p.route[order] = -1
    p.absent[p.count[ABSENT]] = order
    p.count[ABSENT] += 1
    p.state[MISSING] += p.worth[WEIGHT, order]
    p.state[MONEY] += p.worth[PRIZE, order]


@kernel()
def serve(p: Plan, order: Integer, slot: Integer) -> None:
    """Strike an order from the list of those left out."""
    p.route[order] = slot
    last = p.count[ABSENT] - 1
    for i in range(last, -1, -1):
        if p.absent[i] == order:
            p.absent[i] = p.absent[last]
            break
    p.count[ABSENT] = last
    p.state[MISSING] -= p.worth[WEIGHT, order]
    p.state[MONEY] -= p.worth[PRIZE, order]


@kernel()
def balance(p: Plan, slot: Integer, value: float) -> float:
    """Return the price of unequal routes were the measure of one slot `value`; -1 stands for no slot."""
    if p.count[BALANCE] == NO_BALANCE:
        return 0.0
    most, least, k = -np.inf, np.inf, p.count[BALANCED]
    for other in range(p.length.shape[0]):
        if other == slot or p.length[other] == 0:
            continue
        most, least = max(most, p.measure[other, k]), min(least, p.measure[other, k])
    if slot >= 0:
        most, least = max(most, value), min(least, value)
    if most == -np.inf:
        return 0.0
    return float(p.state[BALANCE_WEIGHT] * (most if p.count[BALANCE] == LARGEST else most - least))


@kernel()
def group_served(p: Plan, order: Integer) -> bool:
    """Tell whether another order of the group is served."""
    for k in range(p.orders[MEMBERS, order], p.orders[MEMBERS_END, order]):
        if p.lists[k] != order and p.route[p.lists[k]] >= 0:
            return True
    return False


@kernel()
def required_slot(p: Plan, order: Integer) -> int:
    """Return the vehicle that the others of its set are on, -1 when none of them is served."""
    for k in range(p.orders[MATES, order], p.orders[MATES_END, order]):
        if p.lists[k] != order and p.route[p.lists[k]] >= 0:
            return int(p.route[p.lists[k]])
    return -1


@kernel()
def kept_apart(p: Plan, order: Integer, slot: Integer) -> bool:
    """Tell whether a vehicle serves an order that this one may not share a vehicle with."""
    found = False
    for k in range(p.orders[APART, order], p.orders[APART_END, order]):
        found = found or p.route[p.lists[k]] == slot
    return bool(found)


@kernel()
def is_second(s: Routes, stop: Integer) -> bool:
    """Tell whether a stop is the delivery of a shipment."""
    partner = s.links[PARTNER, stop]
    return bool(partner >= 0 and partner < stop)
