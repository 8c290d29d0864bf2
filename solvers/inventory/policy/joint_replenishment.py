"""
Joint replenishment: a base cycle T, and for each item i a whole number k_i of base cycles between its orders.

Cost rate: S / T + sum K_i / (k_i T) + sum h_i d_i k_i T / 2. For a fixed T the best k_i changes at known values of T, so that
sweeping T from above through all of them meets every k that can be best; for each the best T is in closed form.
Sources: Goyal (1974), Management Science 20, 1649-1651; Silver (1976), 22, 1351-1361; the bound: Roundy (1985), Mathematics of
Operations Research 10, 699-717 (k_i any number of at least 1).
"""

import math
from typing import Literal

import numpy as np

from models.inventory_policy.continuous_review import JointReplenishment
from models.inventory_policy.solution import JointOrder
from solvers.inventory.policy.distributions import Floats
from solvers.inventory.policy.economic_order_quantity import PER_TIME
from solvers.inventory.policy.result import PolicyResult, Term, figure
from solvers.inventory.policy.working import Working, number

MOST_EVENTS = 3_000_000
"""Most changes of a multiple that a sweep goes through."""

SHOWN = 20
"""Items whose multiple is weighed against its neighbours in the explanation."""


def joint_replenishment(given: JointReplenishment) -> PolicyResult:
    """Return base cycle and multiples by the method asked for, with a lower bound on every policy of this kind."""
    fixed = np.array([item.fixed_cost for item in given.items])
    holding = np.array([item.holding_cost * item.demand_rate for item in given.items])
    multiples, complete = _silver(given.shared_fixed_cost, fixed, holding), True
    if given.method != "silver":
        limit = _cost(given.shared_fixed_cost, fixed, holding, multiples)
        multiples, complete = _sweep(given.shared_fixed_cost, fixed, holding, limit=limit, method=given.method)
    T = _cycle(given.shared_fixed_cost, fixed, holding, multiples)
    terms = [
        Term(name="shared_ordering", value=given.shared_fixed_cost / T, field="shared_fixed_cost"),
        Term(name="item_ordering", value=float((fixed / multiples).sum() / T), field="items"),
        Term(name="holding", value=float((holding * multiples).sum() * T / 2), field="items"),
    ]
    total = sum(term.value for term in terms)
    proved = given.method == "optimal" and complete
    relaxed = relaxation(given.shared_fixed_cost, fixed, holding)
    bound = total if proved else min(total, relaxed)
    rates = [item.demand_rate for item in given.items]
    orders = [
        JointOrder(id=item.id, multiple=int(k), order_quantity=rate * k * T, cycle_time=k * T)
        for item, k, rate in zip(given.items, multiples.tolist(), rates, strict=True)
    ]
    return PolicyResult(
        method=given.method,
        numbers={"cycle_time": T, "items": orders},
        terms=terms,
        working=_working(given, fixed, holding, multiples, T, total),
        bound=bound,
        detail=_detail(given.method, total, bound, proved=proved),
        figures=[
            figure("relaxation", relaxed, PER_TIME, "Cost rate if multiples could be any number of at least 1: a lower bound."),
            figure("cost_of_separate_orders", _separate(given, fixed, holding), PER_TIME, "Each item ordered by itself."),
        ],
        narrative=[
            f"Place a joint order every {number(T)} units of time; {int((multiples == 1).sum())} of {len(orders)} items are in "
            f"each, and the others in one out of {_between(multiples)}."
            if multiples.max() > 1
            else f"Place a joint order for all {len(orders)} items every {number(T)} units of time.",
            (
                f"All costs come to {number(total)} per unit of time; ordering every item by itself would cost "
                f"{number(_separate(given, fixed, holding))}."
            ),
            f"No choice of whole multiples can cost less than {number(bound)}.",
        ],
    )


def _cycle(shared: float, fixed: Floats, holding: Floats, multiples: Floats) -> float:
    """Return the best base cycle for given multiples."""
    return math.sqrt(2 * (shared + float((fixed / multiples).sum())) / float((holding * multiples).sum()))


def _cost(shared: float, fixed: Floats, holding: Floats, multiples: Floats) -> float:
    """Return the cost rate with the best base cycle."""
    return math.sqrt(2 * (shared + float((fixed / multiples).sum())) * float((holding * multiples).sum()))


def _silver(shared: float, fixed: Floats, holding: Floats) -> Floats:
    """Return the multiples of Silver's heuristic: the item with the least natural cycle is in every order."""
    ratio = fixed / holding
    first = int(np.argmin(ratio))
    multiples = np.maximum(1.0, np.rint(np.sqrt(ratio * holding[first] / (shared + fixed[first]))))
    multiples[first] = 1.0
    return np.asarray(multiples)


def _sweep(
    shared: float, fixed: Floats, holding: Floats, *, limit: float, method: Literal["optimal", "power_of_two"]
) -> tuple[Floats, bool]:
    """
    Return the best multiples, and whether all were met that can be best.

    The best cycle is at most the one with all multiples 1, and at least S / limit, for a cost rate of `limit` is known.
    """
    natural = np.sqrt(2 * fixed / holding)
    longest = _cycle(shared, fixed, holding, np.ones(len(fixed)))
    shortest = shared / limit
    if method == "optimal":
        counts = np.floor((np.sqrt(1 + 4 * (natural / shortest) ** 2) - 1) / 2)
    else:
        counts = np.floor(np.log2(np.maximum(natural / (math.sqrt(2) * shortest), 0.5))) + 1
    counts = np.maximum(counts, 0).astype(np.int64)
    complete = int(counts.sum()) <= MOST_EVENTS
    counts = np.minimum(counts, MOST_EVENTS // len(fixed))
    item = np.repeat(np.arange(len(fixed)), counts)
    step = np.arange(len(item)) - np.repeat(np.cumsum(counts) - counts, counts)
    before = step + 1.0 if method == "optimal" else np.exp2(step)
    after = before + 1 if method == "optimal" else 2 * before
    moment = natural[item] / np.sqrt(before * after)
    order = np.lexsort((before, -moment))
    ordering = shared + fixed.sum() + np.cumsum((fixed[item] * (1 / after - 1 / before))[order])
    carrying = holding.sum() + np.cumsum((holding[item] * (after - before))[order])
    costs = np.concatenate(([_cost(shared, fixed, holding, np.ones(len(fixed)))], np.sqrt(2 * ordering * carrying)))
    place = int(np.argmin(costs))
    multiples = np.ones(len(fixed))
    np.maximum.at(multiples, item[order[:place]], after[order[:place]])
    return multiples, complete and shortest <= longest


def relaxation(shared: float, fixed: Floats, holding: Floats) -> float:
    """Return the least cost rate when every multiple may be any number of at least 1: a convex function of T."""
    natural = np.sqrt(2 * fixed / holding)
    order = np.argsort(natural)
    together = shared + np.concatenate(([0.0], np.cumsum(fixed[order])))
    carried = np.concatenate(([0.0], np.cumsum(holding[order])))
    apart = np.sqrt(2 * fixed * holding)[order]
    alone = np.concatenate((np.cumsum(apart[::-1])[::-1], [0.0]))
    best = math.inf
    for count in range(1, len(fixed) + 1):
        low = float(natural[order[count - 1]])
        high = float(natural[order[count]]) if count < len(fixed) else math.inf
        T = min(max(math.sqrt(2 * together[count] / carried[count]), low), high)
        best = min(best, float(together[count] / T + carried[count] * T / 2 + alone[count]))
    return best


def _separate(given: JointReplenishment, fixed: Floats, holding: Floats) -> float:
    return float(np.sqrt(2 * (fixed + given.shared_fixed_cost) * holding).sum())


def _detail(method: str, total: float, bound: float, *, proved: bool) -> str:
    if proved:
        return "every choice of multiples that can be best was met by the sweep over the base cycle"
    gap = (total - bound) / total
    return f"{method}: at most {100 * gap:.3g} % above the best policy of this kind, by Roundy's relaxation"


def _working(given: JointReplenishment, fixed: Floats, holding: Floats, multiples: Floats, T: float, total: float) -> Working:
    objective = (
        r"\frac{<S>}{<T>} + \sum_i \frac{K_i}{k_i·<T>} + \sum_i \frac{h_i·\lambda_i·k_i·<T>}{2}",
        "<S> / <T> + sum over i: K[i] / (k[i] · <T>) + sum over i: h[i] · d[i] · k[i] · <T> / 2",
    )
    work = Working("joint replenishment", objective=objective, unit=PER_TIME, meaning="ordering and holding per unit of time")
    work.given("S", "K_0", given.shared_fixed_cost, "cost of an order", unit="money", field="shared_fixed_cost")
    work.derived("A", r"\sum_i K_i / k_i", float((fixed / multiples).sum()))
    work.derived("B", r"\sum_i h_i \lambda_i k_i", float((holding * multiples).sum()))
    work.decided("T", "T", T, "base cycle", unit="units of time")
    work.formula(
        "base_cycle",
        latex=r"T^* = \sqrt{\frac{2·(<S> + <A>)}{<B>}}",
        text="T = sqrt(2 · (<S> + <A>) / <B>)",
        value=T,
        unit="units of time",
    )
    work.formula(
        "cost", latex=r"g = \sqrt{2·(<S> + <A>)·<B>}", text="g = sqrt(2 · (<S> + <A>) · <B>)", value=total, unit=PER_TIME
    )
    half = float((holding * multiples).sum()) * T / 2
    work.balance(
        "ordering against holding",
        total - half,
        half,
        unit=PER_TIME,
        sentence=f"With these multiples ordering and holding cost {number(half)} each at the best base cycle.",
    )
    for place, item in enumerate(given.items[:SHOWN]):
        _weigh_multiple(work, item.id, given.shared_fixed_cost, fixed, holding, multiples, place)
    return work


def _weigh_multiple(
    work: Working, name: str, shared: float, fixed: Floats, holding: Floats, multiples: Floats, place: int
) -> None:
    """Compare an item's multiple with the next ones, the base cycle adjusted."""
    now = _cost(shared, fixed, holding, multiples)
    others = []
    for k in (multiples[place] - 1, multiples[place] + 1):
        if k >= 1:
            changed = multiples.copy()
            changed[place] = k
            others.append((_cost(shared, fixed, holding, changed), int(k)))
    cost, k = min(others)
    work.at_most(
        f"multiple of {name}",
        now,
        cost,
        unit=PER_TIME,
        sentence=f"With {name} in every {int(multiples[place])}. order the cost rate is {number(now)}; with every {k}., "
        f"{number(cost)}.",
    )


def _between(multiples: Floats) -> str:
    """Return the smallest and the largest multiple above 1 in words."""
    least, most = int(multiples[multiples > 1].min()), int(multiples.max())
    return f"{least}" if least == most else f"{least} to {most}"
