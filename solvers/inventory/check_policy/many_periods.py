"""Lot sizes, finite horizon and classes: plans walked through, policies evaluated, and a recursion the other way round."""

import math
import statistics
from typing import Any

import numpy as np

from solvers.inventory.check_policy.demand import Floats, leftover_and_shortage, unit_weights
from solvers.inventory.check_policy.judgement import Judgement


def judge_lots(given: Any, solution: Any) -> Judgement:
    """Judge lots by walking through the periods; the least cost comes from a forward recursion over the last order."""
    demand, orders = np.array(given.demand), np.array(solution.orders)
    purchase = np.zeros(len(demand)) if given.purchase_cost is None else np.array(given.purchase_cost)
    stock = np.cumsum(orders - demand)
    scale = max(1.0, float(demand.sum()))
    terms = {
        "ordering": given.fixed_cost * float((orders > 0).sum()),
        "holding": given.holding_cost * float(np.maximum(stock, 0.0).sum()),
    }
    if given.purchase_cost is not None:
        terms["purchase"] = float(purchase @ orders)
    least = _forward(given, demand, purchase)
    met = {"demand_is_met": max(0.0, float(-stock.min())) / scale, "nothing_is_left": abs(float(stock[-1])) / scale}
    return Judgement(terms, sum(terms.values()), [least], met)


def _forward(given: Any, demand: Floats, purchase: Floats) -> float:
    """Return the least cost of serving periods 1..t for the last t: the last order may stand in any period before."""
    T = len(demand)
    least = np.zeros(T + 1)
    carried, units = np.zeros(T), np.zeros(T)
    for t in range(T):
        units[: t + 1] += demand[t]
        carried[: t + 1] += (t - np.arange(t + 1)) * demand[t]
        order = np.where(units[: t + 1] > 0, given.fixed_cost, 0.0)
        options = least[: t + 1] + order + purchase[: t + 1] * units[: t + 1] + given.holding_cost * carried[: t + 1]
        least[t + 1] = options.min()
        if demand[t] == 0:
            least[t + 1] = min(least[t + 1], least[t])
    return float(least[T])


def judge_horizon(given: Any, solution: Any) -> Judgement:
    """Judge levels by evaluating them backwards, term by term; neighbours differ in the levels of the first period."""
    levels = [(one.reorder_point, one.order_up_to_level) for one in solution.levels]
    first, weights = _weights(given)
    reach = first + len(weights) - 1
    lows = [s for s, _ in levels if s is not None]
    idle = sum(s is None for s, _ in levels)
    low = int(min([given.initial_stock, 0, *lows])) - (idle + 1) * reach - 3
    high = int(max([given.initial_stock, *(S for _, S in levels if S is not None)])) + 3
    terms = _evaluate(given, levels, low, high)
    near = []
    s, S = levels[0]
    if s is not None:
        others = ((s - 1, S), (s + 1, max(S, s + 1)), (s, S + 1), (min(s, S - 1), S - 1))
        near = [sum(_evaluate(given, [other, *levels[1:]], low, high).values()) for other in others]
    return Judgement({name: value for name, value in terms.items() if value}, sum(terms.values()), near)


def _weights(given: Any) -> tuple[int, Floats]:
    """Return the least demand and the weights that move the stock, as the field `demand_spread` defines them."""
    if given.demand.distribution != "normal":
        return 0, unit_weights(given.demand)
    mean, sd = given.demand.mean, given.demand.sd
    low, high = max(0, round(mean - given.demand_spread * sd)), round(mean + given.demand_spread * sd)
    places = np.arange(low, high + 1)
    return low, np.array(
        [statistics.NormalDist(mean, sd).cdf(x + 0.5) - statistics.NormalDist(mean, sd).cdf(x - 0.5) for x in places.tolist()]
    )


def _evaluate(given: Any, levels: list[tuple[float | None, float | None]], low: int, high: int) -> dict[str, float]:
    """Return the expected discounted cost by its parts when these levels are followed."""
    first, weights = _weights(given)
    x = np.arange(low, high + 1, dtype=np.float64)
    left, short = _losses(given, low, high)
    names = ("ordering", "purchase", "holding", "stockout", "terminal")
    worth = {name: np.zeros(len(x)) for name in names}
    worth["terminal"] = given.terminal_holding_cost * np.maximum(x, 0.0) + given.terminal_stockout_cost * np.maximum(-x, 0.0)
    for s, S in reversed(levels):
        after = x if s is None or S is None else np.where((x <= s) & (x < S), S, x)
        place = (after - low).astype(np.int64)
        moved = after - x
        onwards = {}
        for name in names:
            longer = np.concatenate((np.full(first + len(weights) - 1, worth[name][0]), worth[name]))
            ahead = np.convolve(longer, weights, mode="valid")
            onwards[name] = given.discount_factor * ahead[len(ahead) - len(x) - first : len(ahead) - first]
        now = {"ordering": given.fixed_cost * (moved > 0), "purchase": given.purchase_cost * moved}
        now |= {"holding": given.holding_cost * left[place], "stockout": given.stockout_cost * short[place]}
        worth = {name: now.get(name, 0.0) + onwards[name][place] for name in names}
    return {name: float(values[given.initial_stock - low]) for name, values in worth.items()}


def _losses(given: Any, low: int, high: int) -> tuple[Floats, Floats]:
    pairs = [leftover_and_shortage(given.demand, float(y)) for y in range(low, high + 1)]
    table = np.array(pairs)
    return table[:, 0], table[:, 1]


def judge_classes(given: Any, solution: Any) -> Judgement:
    """Judge the classes: item by item, against the worth of all items that are worth more."""
    worth = [math.fsum(item.unit_value * units for units in item.demand) for item in given.items]
    total = math.fsum(worth)
    order = np.argsort(-np.array(worth), kind="stable")
    before = np.zeros(len(worth))
    before[order] = np.concatenate(([0.0], np.cumsum(np.array(worth)[order])))[:-1]
    wrong = 0
    for place, found in enumerate(solution.classes):
        share = before[place] / total if total else 1.0
        borders = [abs(share - limit) < 1e-9 for limit in given.value_shares]
        letter = "ABC"[sum(share >= limit for limit in given.value_shares)]
        mean = statistics.fmean(given.items[place].demand)
        spread = math.sqrt(statistics.fmean((units - mean) ** 2 for units in given.items[place].demand))
        steady = [mean > 0 and spread / mean <= limit for limit in given.variations] if mean > 0 else [False, False]
        close = mean > 0 and any(abs(spread / mean - limit) < 1e-9 for limit in given.variations)
        wrong += found.abc != letter and not any(borders)
        wrong += found.xyz != "ZYX"[sum(steady)] and not close
    return Judgement({}, 0.0, (), {"classes": float(wrong)})
