"""
The best use of one period's capacity at given prices of demand: a knapsack of items with setups and divisible lots.

At a price on capacity every item has a gain of its own; the sum of the positive ones bounds the best use from above. Choices
of items are visited in the order of what they lose against that sum, and are left out once the loss alone is too much. Within
a choice the lots fill the capacity by their worth for each unit of it.
"""

import numpy as np
from numpy.typing import NDArray

from solvers.compiled import kernel, warm_up

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

BISECTIONS = 50
MOST_CHOICES = 20_000
"""Choices visited in a period before its bound is left as that of the priced capacity."""

INSIDE = 1e-9


@kernel("f8(f8, f8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f8[::1])")
def _gains(
    price: float, base: Floats, per_setup: Floats, item: Integers, density: Floats, size: Floats, gains: Floats
) -> float:
    """Write what each item gains at a price on capacity, and return the capacity that the gaining ones take."""
    taken = 0.0
    for i in range(len(base)):
        gains[i] = base[i] - price * per_setup[i]
    for s in range(len(item)):
        if density[s] <= price:
            break
        gains[item[s]] += (density[s] - price) * size[s]
    for i in range(len(base)):
        if gains[i] > 0:
            taken += per_setup[i]
    for s in range(len(item)):
        if density[s] <= price:
            break
        if gains[item[s]] > 0:
            taken += size[s]
    return taken


@kernel("f8(b1[::1], f8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f8, f8[::1])")
def _filled(
    chosen: Booleans,
    base: Floats,
    per_setup: Floats,
    item: Integers,
    density: Floats,
    size: Floats,
    capacity: float,
    taken: Floats,
) -> float:
    """Write the lots (as capacity taken) that are best for a choice of items, and return their worth; -inf: no room."""
    left, worth = capacity, 0.0
    for i in range(len(base)):
        if chosen[i]:
            left -= per_setup[i]
            worth += base[i]
    taken[:] = 0.0
    if left < 0:
        return -np.inf
    for s in range(len(item)):
        if left <= 0:
            break
        if chosen[item[s]]:
            taken[s] = min(left, size[s])
            left -= taken[s]
            worth += taken[s] * density[s]
    return worth


@kernel("f8(f8[::1], f8[::1], i8[::1], f8[::1], f8[::1], f8, b1[::1], f8[::1])", allocates=True)
def best_period_plan(
    base: Floats,
    per_setup: Floats,
    item: Integers,
    density: Floats,
    size: Floats,
    capacity: float,
    chosen: Booleans,
    taken: Floats,
) -> float:
    """
    Return an upper bound on the worth of one period's capacity, which is exact unless there are too many choices.

    Parameters
    ----------
    base, per_setup
        Of each item, shape (I,): worth of its setup by itself (mostly negative), and the capacity that it takes.
    item, density, size
        Lots, shape (S,), by falling density: whose they are, their worth for each unit of capacity (positive), and the
        capacity that the whole lot takes.
    capacity
        What there is.
    chosen, taken
        Written: the items of the best choice, shape (I,), and the capacity that each lot takes of it, shape (S,).
    """
    items = len(base)
    gains = np.zeros(items)
    low, high = 0.0, density[0] if len(density) else 0.0
    if _gains(0.0, base, per_setup, item, density, size, gains) > capacity:
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            if _gains(middle, base, per_setup, item, density, size, gains) > capacity:
                low = middle
            else:
                high = middle
        price = high
    else:
        price = 0.0
    _gains(price, base, per_setup, item, density, size, gains)
    bound = price * capacity
    for i in range(items):
        bound += max(gains[i], 0.0)
    order = np.argsort(np.abs(gains))
    trial, lots = gains > 0, np.zeros(len(item))
    best, visited = 0.0, 0
    chosen[:] = False
    taken[:] = 0.0
    stack, depth, lost, at = np.zeros(items + 1, dtype=np.int64), 0, 0.0, 0
    worth = _filled(trial, base, per_setup, item, density, size, capacity, lots)
    if worth > best:
        best = worth
        chosen[:] = trial
        taken[:] = lots
    while True:
        flipped = at < items and bound - lost - abs(gains[order[at]]) > best + INSIDE * (1.0 + abs(best))
        if not flipped:
            if depth == 0:
                return best
            depth -= 1
            at = stack[depth]
            i = order[at]
            trial[i] = not trial[i]
            lost -= abs(gains[i])
            at += 1
            continue
        visited += 1
        if visited > MOST_CHOICES:
            return bound
        i = order[at]
        trial[i] = not trial[i]
        lost += abs(gains[i])
        stack[depth] = at
        depth += 1
        at += 1
        worth = _filled(trial, base, per_setup, item, density, size, capacity, lots)
        if worth > best:
            best = worth
            chosen[:] = trial
            taken[:] = lots


@warm_up
def _example() -> float:
    one = np.ones(1)
    return float(
        best_period_plan(one, one, np.zeros(1, dtype=np.int64), one, one, 1.0, np.zeros(1, dtype=np.bool_), np.zeros(1))
    )
