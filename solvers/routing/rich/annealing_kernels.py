"""
Ruin and recreate with simulated annealing over whole-route judgements: one compiled piece of the search.

Plans are compared by the weight of required orders left out, then, where it is asked for, by vehicles, then by money; only
money is annealed.

References
----------
Schrimpf, G., Schneider, J., Stamm-Wilbrandt, H., Dueck, G. (2000). Record breaking optimization results using the ruin and
recreate principle. Journal of Computational Physics 159(2), 139-171.
"""

import math
from typing import Any

from numba.core import types

from solvers.borrowed import borrowed
from solvers.compiled import kernel
from solvers.routing.rich.insertion_kernels import insert_order
from solvers.routing.rich.plan_kernels import (
    ABSENT,
    BEST_MISSING,
    BEST_MONEY,
    BEST_USED,
    COOLING,
    FEWEST,
    HEAT,
    MARK,
    MEMBERS,
    MEMBERS_END,
    MISSING,
    MONEY,
    SAVED_ABSENT,
    SEVERAL_TYPES,
    TAKEN_OUT,
    TOUCHED,
    USED,
    Plan,
    balance,
    below,
    take_back,
    uniform,
)
from solvers.routing.rich.removal_kernels import ruin
from solvers.routing.rich.route_kernels import Routes
from solvers.routing.rich.seating_kernels import seat_routes
from solvers.routing.rich.timing_kernels import SLACK
from solvers.routing.rich.vehicle_kernels import choose_vehicles, try_other_vehicle

MOST_OLD = 12
"""Most orders absent before that are tried in one iteration."""

Integer = Any


@kernel()
def list_absent(p: Plan, everything: bool) -> int:
    """Write to `todo` the orders to be inserted, and return how many: those taken out, their groups, and some absent before."""
    size = p.count[TAKEN_OUT]
    p.mark[2, 2] += 1
    mark = p.mark[2, 2]
    for i in range(size):
        p.mark[5, p.todo[i]] = mark
    for i in range(p.count[TAKEN_OUT]):
        order = p.todo[i]
        for k in range(p.orders[MEMBERS, order], p.orders[MEMBERS_END, order]):
            other = p.lists[k]
            if p.mark[5, other] != mark:
                p.mark[5, other] = mark
                p.todo[size] = other
                size += 1
    before = p.count[SAVED_ABSENT]
    for i in range(before if everything else min(before, MOST_OLD)):
        order = p.old_absent[i if everything or before <= MOST_OLD else below(p, before)]
        if p.mark[5, order] != mark:
            p.mark[5, order] = mark
            p.todo[size] = order
            size += 1
    return int(size)


@kernel()
def sort_todo(p: Plan, size: Integer) -> None:
    """Put the orders to be inserted into a random order, or one by a random key."""
    todo = p.todo
    for i in range(size - 1, 0, -1):
        j = below(p, i + 1)
        todo[i], todo[j] = todo[j], todo[i]
    key = below(p, p.keys.shape[0] + 2) - 2
    if key < 0:
        return
    for i in range(1, size):
        own = todo[i]
        value = p.keys[key, own]
        j = i - 1
        while j >= 0 and p.keys[key, todo[j]] > value:
            todo[j + 1] = todo[j]
            j -= 1
        todo[j + 1] = own


@kernel()
def recreate(s: Routes, p: Plan, everything: bool) -> None:
    """Insert what was taken out and some of what was absent before."""
    size = list_absent(p, everything)
    sort_todo(p, size)
    for i in range(size):
        if p.route[p.todo[i]] < 0:
            insert_order(s, p, p.todo[i])


@kernel()
def improves(p: Plan, missing: float, used: float, money: float, heat: float) -> bool:
    """Tell whether the plan is better than one with these values; `heat` is the money by which it may be dearer."""
    if p.state[MISSING] != missing:
        return bool(p.state[MISSING] < missing)
    if p.count[FEWEST] and p.state[USED] != used:
        return bool(p.state[USED] < used)
    return bool(p.state[MONEY] + balance(p, -1, 0.0) < money + heat)


@kernel()
def keep_best(p: Plan) -> None:
    """Copy the plan to the best one."""
    for slot in range(p.length.shape[0]):
        size = p.length[slot]
        p.best_length[slot] = size
        p.best[slot, :size] = p.sequence[slot, :size]
    p.state[BEST_MISSING], p.state[BEST_USED] = p.state[MISSING], p.state[USED]
    p.state[BEST_MONEY] = p.state[MONEY] + balance(p, -1, 0.0)


@kernel()
def begin(p: Plan) -> None:
    """Begin an iteration: from here changes can be taken back."""
    p.count[MARK] += 1
    p.count[TOUCHED], p.count[TAKEN_OUT] = 0, 0
    p.count[SAVED_ABSENT] = p.count[ABSENT]
    for i in range(p.count[ABSENT]):
        p.old_absent[i] = p.absent[i]


@kernel()
def iterate(s: Routes, p: Plan, iterations: Integer) -> None:
    """Run a number of iterations; 0 inserts what is absent and keeps the better plan, -1 begins from the routes in `best`."""
    if iterations <= 0:
        begin(p)
        if iterations < 0:
            seat_routes(s, p)
        else:
            recreate(s, p, True)
        if improves(p, p.state[BEST_MISSING], p.state[BEST_USED], p.state[BEST_MONEY], 0.0):
            keep_best(p)
        return
    heat = p.state[HEAT]
    for _ in range(iterations):
        missing, used, money = p.state[MISSING], p.state[USED], p.state[MONEY]
        valued = money + balance(p, -1, 0.0)
        begin(p)
        ruin(s, p)
        changed = p.count[SEVERAL_TYPES] != 0 and try_other_vehicle(s, p)
        recreate(s, p, False)
        if changed:
            choose_vehicles(s, p)
        if improves(p, missing, used, valued, -heat * math.log(1.0 - uniform(p))):
            value = p.state[BEST_MONEY]
            if improves(p, p.state[BEST_MISSING], p.state[BEST_USED], value, -SLACK * max(1.0, abs(value))):
                keep_best(p)
        else:
            take_back(s, p)
            p.state[MISSING], p.state[USED], p.state[MONEY] = missing, used, money
        heat *= p.state[COOLING]
    p.state[HEAT] = heat


def _types_of(fields: type, shapes: str) -> Any:
    """Return the compiler's type of a named tuple of arrays: kind and number of dimensions of each field."""
    kinds = {"f": types.float64, "i": types.int64, "s": types.int32, "b": types.uint8, "u": types.uint64}
    named_tuple: Any = types.NamedTuple
    return named_tuple([types.Array(kinds[word[0]], int(word[1]), "C") for word in shapes.split()], fields)


ROUTES = _types_of(Routes, "f2 i2 f2 f2 i2 b2 i1 f3 f3 f2 i2 f2 i1 i1 i2 f1 f2 i2 f3 i3 i1 i1 f1")
PLAN = _types_of(
    Plan,
    "i2 f2 i1 i2 s2 f2 s2 i1 f1 f2 i1 f2 f2 i1 i1 s2 i1 f1 f2 i1 f2 f2 i1 i1 i1 s2 i1 i2 f2 i2 f2 i1 f1 i1 i2 f1 i1 u1",
)

SIGNATURE: Any = types.void(ROUTES, PLAN, types.int64)


@kernel(SIGNATURE)
def anneal(s: Routes, p: Plan, iterations: Integer) -> None:
    """Run a number of iterations on a plan; 0 and -1 as in `iterate`."""
    routes = Routes(
        borrowed(s.stops), borrowed(s.links), borrowed(s.goods), borrowed(s.windows), borrowed(s.members), borrowed(s.allowed),
        borrowed(s.pinned), borrowed(s.distance), borrowed(s.duration), borrowed(s.fleet), borrowed(s.limits),
        borrowed(s.breaks), borrowed(s.trial), borrowed(s.chain), borrowed(s.seen), borrowed(s.measures), borrowed(s.line),
        borrowed(s.span), borrowed(s.labels), borrowed(s.choices), borrowed(s.number), borrowed(s.arcs), borrowed(s.result),
    )  # fmt: skip
    plan = Plan(
        borrowed(p.orders), borrowed(p.worth), borrowed(p.lists), borrowed(p.slots), borrowed(p.near), borrowed(p.keys),
        borrowed(p.sequence), borrowed(p.length), borrowed(p.cost), borrowed(p.measure), borrowed(p.stamp), borrowed(p.when),
        borrowed(p.until), borrowed(p.route), borrowed(p.absent), borrowed(p.old_sequence), borrowed(p.old_length),
        borrowed(p.old_cost), borrowed(p.old_measure), borrowed(p.old_stamp), borrowed(p.old_when), borrowed(p.old_until),
        borrowed(p.old_absent), borrowed(p.touched), borrowed(p.touched_mark), borrowed(p.best), borrowed(p.best_length),
        borrowed(p.known_stamp), borrowed(p.known_cost), borrowed(p.known_place), borrowed(p.known_measure),
        borrowed(p.candidates), borrowed(p.detours), borrowed(p.todo), borrowed(p.mark), borrowed(p.state), borrowed(p.count),
        borrowed(p.random),
    )  # fmt: skip
    iterate(routes, plan, iterations)
