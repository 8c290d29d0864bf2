"""(s, S) and (r, Q): visits from the inverse of a power series, averages over stock positions by quadrature."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from solvers.inventory.check_policy.demand import Floats, leftover_and_shortage, points, unit_weights
from solvers.inventory.check_policy.judgement import NEAR, Judgement

CELLS = 400
"""Cells between s and S over which normal demand is spread when the power approximation is priced."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)


def judge_reorder_up_to(given: Any, solution: Any) -> Judgement:
    """Judge s and S by the mean cost of a cycle; the visits to each position are the coefficients of 1 / (1 - W(z))."""
    s, S = solution.reorder_point, solution.order_up_to_level
    if given.method == "power_approximation":
        return _cells(given, s, S)
    weights, whole = unit_weights(given.demand), unit_weights(given.demand, given.lead_time + 1)
    visits = _inverse(weights, int(S - s) + 8)
    cumulative, moments = np.cumsum(whole), np.cumsum(np.arange(len(whole)) * whole)
    mean = float(moments[-1])

    def parts(low: float, high: float) -> dict[str, float]:
        y = high - np.arange(int(high - low), dtype=np.float64)
        place = np.clip(y, 0, len(whole) - 1).astype(np.int64)
        left = np.where(y < 0, 0.0, y * cumulative[place] - moments[place])
        m = visits[: len(y)]
        return {
            "ordering": given.fixed_cost / float(m.sum()),
            "holding": given.holding_cost * float(m @ left) / float(m.sum()),
            "stockout": given.stockout_cost * float(m @ (left - y + mean)) / float(m.sum()),
        }

    steps = [(s + i, S + j) for i in range(-3, 4) for j in range(-3, 4) if (i or j) and s + i < S + j]
    terms = parts(s, S)
    return Judgement(terms, sum(terms.values()), [sum(parts(*pair).values()) for pair in steps])


def _inverse(weights: Floats, count: int) -> Floats:
    """Return the first coefficients of 1 / (1 - W(z)) by Newton's iteration with transforms."""
    series = -weights[:count]
    series[0] += 1.0
    found = np.array([1 / series[0]])
    while len(found) < count:
        size = min(2 * len(found), count)
        product = _product(series[:size], found, size)
        product = -product
        product[0] += 2.0
        found = _product(found, product, size)
    return found


def _product(first: Floats, second: Floats, size: int) -> Floats:
    if size <= 4_000:
        return np.asarray(np.pad(np.convolve(first, second), (0, size))[:size])
    length = len(first) + len(second)
    return np.asarray(np.fft.irfft(np.fft.rfft(first, length) * np.fft.rfft(second, length), length)[:size])


def _cells(given: Any, s: float, S: float) -> Judgement:
    """Judge the power approximation: demand in cells of equal width, none below 0, the cost of a position as it is."""
    width = (S - s) / (CELLS - 0.5)
    cells = max(1, math.ceil((given.demand.mean + 9 * given.demand.sd) / width))
    edges = np.array(
        [0.5 * math.erfc((given.demand.mean - (k + 0.5) * width) / (given.demand.sd * math.sqrt(2))) for k in range(cells + 1)]
    )
    visits = _inverse(np.diff(edges, prepend=0.0) / edges[-1], CELLS)
    pairs = np.array([leftover_and_shortage(given.demand, S - width * j) for j in range(CELLS)])
    length = float(visits.sum())
    terms = {
        "ordering": given.fixed_cost / length,
        "holding": given.holding_cost * float(visits @ pairs[:, 0]) / length,
        "stockout": given.stockout_cost * float(visits @ pairs[:, 1]) / length,
    }
    return Judgement(terms, sum(terms.values()))


def judge_reorder_quantity(given: Any, solution: Any) -> Judgement:
    """Judge r and Q by averaging the cost of a lead time over the stock positions of a cycle."""
    r, Q = solution.reorder_point, solution.order_quantity
    if given.method == "expected_inventory_level":
        return _expected_inventory_level(given, r, Q)
    poisson = given.demand.distribution == "poisson"
    average = _poisson_average(given) if poisson else _normal_average(given)

    def parts(low: float, size: float) -> dict[str, float]:
        left, short = average(low, size)
        return {
            "ordering": given.fixed_cost * given.demand.mean / size,
            "holding": given.holding_cost * left,
            "stockout": given.stockout_cost * short,
        }

    step = 1.0 if poisson else NEAR * Q
    steps = [(i * step, j * step) for i, j in ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (1, -1)) if Q + j * step > 0]
    terms = parts(r, Q)
    return Judgement(terms, sum(terms.values()), [sum(parts(r + a, Q + b).values()) for a, b in steps])


Average = Callable[[float, float], tuple[float, float]]


def _poisson_average(given: Any) -> Average:
    values, weights = points(given.demand, given.lead_time)
    # Probability and mean of what lies up to a value, and above it.
    below = np.cumsum(weights), np.cumsum(values * weights)
    tail, tail_mean = (np.append(np.cumsum(part[::-1])[::-1][1:], 0.0) for part in (weights, values * weights))

    def average(r: float, Q: float) -> tuple[float, float]:
        levels = np.arange(int(r) + 1, int(r + Q) + 1, dtype=np.float64)
        place = np.clip(levels, 0, len(values) - 1).astype(np.int64)
        left = np.where(levels < 0, 0.0, levels * below[0][place] - below[1][place])
        short = np.where(levels < 0, float(values @ weights) - levels, tail_mean[place] - levels * tail[place])
        return float(left.mean()), float(short.mean())

    return average


def _normal_average(given: Any) -> Average:
    spread, middle = given.demand.sd * math.sqrt(given.lead_time), given.demand.mean * given.lead_time
    bends = [middle + spread * step for step in range(-10, 11, 2)]

    def average(r: float, Q: float) -> tuple[float, float]:
        edges = [r, *(bend for bend in bends if r < bend < r + Q), r + Q]
        total = np.zeros(2)
        for start, end in pairwise(edges):
            levels = (start + (end - start) * (NODES + 1) / 2).tolist()
            pairs = np.array([leftover_and_shortage(given.demand, level, periods=given.lead_time) for level in levels])
            total += (end - start) / 2 * (WEIGHTS @ pairs)
        return float(total[0] / Q), float(total[1] / Q)

    return average


def _expected_inventory_level(given: Any, r: float, Q: float) -> Judgement:
    """Judge Whitin's approximation by its own cost rate: stock as if none were ever short, a cost per unit short."""
    _, short = leftover_and_shortage(given.demand, r, periods=given.lead_time)
    orders = given.demand.mean / Q
    terms = {
        "ordering": given.fixed_cost * orders,
        "holding": given.holding_cost * (r - given.demand.mean * given.lead_time + Q / 2),
        "stockout": given.stockout_cost * short * orders,
    }
    return Judgement(terms, sum(terms.values()))
