"""
Generated infeasible linear models: a conflict of one of five kinds, hidden among conditions that can hold.

Every model is a request of `POST /v1/linear` in named JSON. All conditions but those of the conflict hold at a point that the
generator keeps to itself, so that the conflict is the only reason why there is no answer. Sizes run from 5 to about 300 rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

KINDS = ("capacity", "chain", "flow", "parity", "budget")
Generator = np.random.Generator


@dataclass(frozen=True, slots=True)
class Case:
    """One model with its name and the kind of its conflict."""

    name: str
    kind: str
    request: dict[str, Any]


def cases(per_kind: int) -> Iterator[Case]:
    """Yield models of all kinds, sizes growing within each kind; the seed is the position."""
    makers: dict[str, Callable[[Generator, float], dict[str, Any]]] = {
        "capacity": demand_over_capacity,
        "chain": contradictory_chain,
        "flow": flow_through_a_cut,
        "parity": parity,
        "budget": budget_below_requirements,
    }
    for kind in KINDS:
        for at in range(per_kind):
            random = np.random.default_rng([KINDS.index(kind), at])
            yield Case(f"{kind}-{at}", kind, makers[kind](random, (at + 1) / per_kind))


def demand_over_capacity(random: Generator, size: float) -> dict[str, Any]:
    """Return a production plan whose first weeks need more hours than the lines have."""
    items, weeks = 1 + round(9 * size), 3 + round(22 * size)
    demand = random.integers(5, 40, (items, weeks))
    hours = random.integers(1, 4, items)
    capacity = np.round((hours @ demand) * 1.3 + 5)
    last = int(random.integers(0, weeks))
    needed = (hours @ demand)[: last + 1].sum()
    capacity[: last + 1] = np.floor(needed * 0.9 / (last + 1))
    variables, constraints = [], []
    for i in range(items):
        for t in range(weeks):
            variables.append(_variable(f"make[{i},{t}]", objective=int(random.integers(1, 9)), unit="cases"))
            variables.append(_variable(f"stock[{i},{t}]", objective=1, unit="cases"))
            terms = {f"make[{i},{t}]": 1, f"stock[{i},{t}]": -1} | ({f"stock[{i},{t - 1}]": 1} if t else {})
            constraints.append(
                _row(
                    f"demand[{i},{t}]", terms, int(demand[i, t]), int(demand[i, t]), "cases", f"demand of item {i} in week {t}"
                )
            )
    for t in range(weeks):
        terms = {f"make[{i},{t}]": int(hours[i]) for i in range(items)}
        constraints.append(_row(f"line[{t}]", terms, None, float(capacity[t]), "h", f"hours of line A in week {t}"))
    return _shuffled(random, variables, constraints)


def contradictory_chain(random: Generator, size: float) -> dict[str, Any]:
    """Return dates that must follow one another at distances, from a first that is too late to a last that is too early."""
    chain, others, rows = 2 + round(60 * size), 2 + round(40 * size), 3 + round(200 * size)
    gaps = random.integers(1, 9, chain)
    point = np.concatenate([np.cumsum(np.append(0, gaps)), random.integers(-50, 50, others)]).astype(float)
    names = [f"date[{j}]" for j in range(len(point))]
    variables = [_variable(name, objective=1, lower=None, unit="days") for name in names]
    first, last = 0, chain
    variables[first]["lower"] = 5.0
    variables[last]["upper"] = float(gaps.sum() + 5 - random.integers(1, 4))
    point[: chain + 1] += 5
    constraints = [
        _row(f"gap[{j}]", {names[j + 1]: 1, names[j]: -1}, int(gaps[j]), None, "days", f"step {j} takes its time")
        for j in range(chain)
    ]
    constraints += _decoys(random, names, point, rows)
    return _shuffled(random, variables, constraints)


def flow_through_a_cut(random: Generator, size: float) -> dict[str, Any]:
    """Return a distribution network in which the ways into a district carry less than it needs."""
    nodes = 4 + round(150 * size)
    tails, heads = _network(random, nodes)
    flow = random.integers(0, 12, len(tails)).astype(float)
    capacity = flow + random.integers(0, 5, len(tails))
    balance = np.zeros(nodes)
    np.add.at(balance, heads, flow)
    np.subtract.at(balance, tails, flow)
    inside = _district(random, tails, heads, nodes, balance)
    entering = np.flatnonzero(~inside[tails] & inside[heads])
    short = float(random.integers(1, 4))
    need = balance[inside].sum()
    total = need - short
    share = np.floor(total * capacity[entering] / capacity[entering].sum())
    share[0] += total - share.sum()
    capacity[entering] = share
    variables = [
        _variable(f"arc[{a}]", objective=int(random.integers(1, 9)), upper=float(capacity[a]), unit="cases")
        for a in range(len(tails))
    ]
    constraints = []
    for node in range(nodes):
        terms = {f"arc[{a}]": 1 for a in np.flatnonzero(heads == node)} | {
            f"arc[{a}]": -1 for a in np.flatnonzero(tails == node)
        }
        side = float(balance[node])
        constraints.append(_row(f"balance[{node}]", terms, side, side, "cases", f"what stays at node {node}"))
    return _shuffled(random, variables, constraints)


def parity(random: Generator, size: float) -> dict[str, Any]:
    """Return whole decisions whose relaxation has answers: an odd ring of choices, or even amounts with an odd sum."""
    others, rows = 2 + round(40 * size), 2 + round(250 * size)
    if random.random() < 0.5:
        ring = 3 + 2 * int(random.integers(0, 1 + round(8 * size)))
        names = [f"choose[{j}]" for j in range(ring)]
        variables = [_variable(name, objective=1, upper=1, integer=True) for name in names]
        constraints = [
            _row(
                f"either[{j}]", {names[j]: 1, names[(j + 1) % ring]: 1}, 1, 1, None, f"one of choices {j} and {(j + 1) % ring}"
            )
            for j in range(ring)
        ]
        point = np.full(ring, 0.5)
    else:
        count = 2 + round(6 * size)
        names = [f"pairs[{j}]" for j in range(count)]
        variables = [_variable(name, objective=1, upper=9, integer=True, unit="pairs") for name in names]
        point = random.integers(1, 8, count).astype(float)
        total = 2 * int(point.sum()) + 1
        point[0] += 0.5
        constraints = [_row("odd", dict.fromkeys(names, 2), total, total, "pieces", "pieces come in pairs")]
    free = [f"amount[{j}]" for j in range(others)]
    variables += [
        _variable(name, objective=int(random.integers(1, 9)), upper=30, integer=bool(random.random() < 0.5)) for name in free
    ]
    point = np.concatenate([point, random.integers(0, 20, others)])
    constraints += _decoys(random, names + free, point, rows)
    return _shuffled(random, variables, constraints)


def budget_below_requirements(random: Generator, size: float) -> dict[str, Any]:
    """Return a blend whose minimum contents cannot be bought for the budget."""
    ingredients, nutrients, rows = 3 + round(40 * size), 2 + round(30 * size), 2 + round(220 * size)
    content = random.integers(0, 10, (nutrients, ingredients)).astype(float)
    content[:, 0] += 1
    price = random.integers(2, 20, ingredients).astype(float)
    point = random.integers(0, 15, ingredients).astype(float) + 1
    need = np.floor(content @ point * 0.9)
    cheapest: Any = linprog(price, A_ub=-content, b_ub=-need, bounds=[(0, 40)] * ingredients)
    names = [f"kg[{j}]" for j in range(ingredients)]
    is_whole = bool(random.random() < 0.3)
    variables = [
        _variable(name, objective=float(price[j]), upper=40, integer=is_whole, unit="kg") for j, name in enumerate(names)
    ]
    constraints = [
        _row(f"nutrient[{k}]", _terms(names, content[k]), float(need[k]), None, "g", f"least content of nutrient {k}")
        for k in range(nutrients)
    ]
    constraints.append(
        _row("budget", _terms(names, price), None, float(np.floor(cheapest.fun * 0.93)), "EUR", "money there is")
    )
    constraints += _decoys(random, names, point, rows)
    return _shuffled(random, variables, constraints)


def _network(random: Generator, nodes: int) -> tuple[Any, Any]:
    """Return tails and heads: a ring through all nodes and as many random arcs."""
    extra = random.integers(0, nodes, (2, nodes))
    extra = extra[:, extra[0] != extra[1]]
    ring = np.arange(nodes)
    return np.concatenate([ring, extra[0]]), np.concatenate([(ring + 1) % nodes, extra[1]])


def _district(random: Generator, tails: Any, heads: Any, nodes: int, balance: Any) -> Any:
    """Return a set of nodes that needs at least 4 units from outside; the receivers if no small one does."""
    for _ in range(200):
        inside = np.zeros(nodes, dtype=bool)
        inside[random.choice(nodes, max(1, nodes // 4), replace=False)] = True
        if balance[inside].sum() >= 4:
            return inside
    return balance > 0


def _decoys(random: Generator, names: list[str], point: Any, count: int) -> list[dict[str, Any]]:
    """Return rows that hold at the point, some with both sides."""
    rows = []
    for k in range(count):
        some = random.choice(len(names), min(len(names), int(random.integers(2, 6))), replace=False)
        factors = random.integers(1, 9, len(some)) * random.choice([-1, 1], len(some))
        level = float(factors @ point[some])
        slack = float(random.integers(0, 30))
        lower, upper = (level - slack, None) if random.random() < 0.5 else (None, level + slack)
        if random.random() < 0.2:
            lower, upper = level - slack, level + slack + 1
        terms = {names[j]: int(factor) for j, factor in zip(some.tolist(), factors.tolist(), strict=True)}
        rows.append(_row(f"other[{k}]", terms, lower, upper, None, f"other condition {k}"))
    return rows


def _terms(names: list[str], factors: Any) -> dict[str, float]:
    return {name: float(factor) for name, factor in zip(names, factors.tolist(), strict=True) if factor}


def _variable(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, **fields}


def _row(
    name: str, terms: dict[str, Any], lower: float | None, upper: float | None, unit: str | None, meaning: str
) -> dict[str, Any]:
    return {"name": name, "terms": terms, "lower": lower, "upper": upper, "unit": unit, "meaning": meaning}


def _shuffled(random: Generator, variables: list[Any], constraints: list[Any]) -> dict[str, Any]:
    random.shuffle(variables)
    random.shuffle(constraints)
    return {"variables": variables, "constraints": constraints}
