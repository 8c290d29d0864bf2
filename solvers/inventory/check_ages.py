"""Independent check of items that spoil and move: every lot followed from site to site by its last period of use."""

import math
from collections import defaultdict

from models.inventory import PlanProblem, PlanSolution
from models.inventory_transfer import Transfer, TransferPlan

Key = tuple[str, str | None]
Lots = dict[float, float]
"""Units by the last period in which they can be used; infinite where they keep beyond the horizon."""


def moving_lives(problem: PlanProblem) -> dict[Key, int]:
    """Return the shelf life of every item, by id and site, that spoils and that some way leads from or to."""
    ends: set[Key] = {(way.item, site) for way in problem.transfers for site in (way.origin, way.destination)}
    lives = (((item.id, item.site), item.shelf_life) for item in problem.items)
    return {key: life for key, life in lives if life is not None and key in ends}


def check_ages(problem: PlanProblem, solution: PlanSolution) -> dict[str, float]:
    """
    Return the violations of items with a shelf life that some way leads from or to; nothing without such items.

    Raises
    ------
    ValueError
        When the plan tells no ages of what is sent from where an item spoils, or ages of another way.

    Notes
    -----
    `sent_lots`: lots add up to what is sent, and none spoils before it arrives. `sent_ages`: nothing is sent of an age that is
    not there. `moved_shelf_life`: nothing is on hand after it has spoiled, the oldest units being used first.
    """
    moving = moving_lives(problem)
    if not moving:
        return {}
    ways = list(zip(problem.transfers, solution.transfers, strict=True))
    came: dict[Key, dict[int, Lots]] = {key: defaultdict(lambda: defaultdict(float)) for key in moving}
    sent: dict[Key, dict[int, Lots]] = {key: defaultdict(lambda: defaultdict(float)) for key in moving}
    found = {"sent_lots": 0.0, "sent_ages": 0.0, "moved_shelf_life": 0.0}
    for way, plan in ways:
        origin, destination = (way.item, way.origin), (way.item, way.destination)
        if (plan.lots is not None) != (origin in moving):
            raise ValueError("the plan tells ages of other ways than those from where items spoil")
        lots = _lots_of(plan)
        found["sent_lots"] = max(found["sent_lots"], _amiss(way, plan, lots))
        for period, use_by, units in lots:
            if origin in moving:
                sent[origin][period][_after(use_by, problem.periods)] += units
            if destination in moving:
                arrival = period + way.lead_time
                came[destination][arrival][min(use_by, arrival + moving[destination] - 1)] += units
    for item, plan_of_item in zip(problem.items, solution.items, strict=True):
        key = (item.id, item.site)
        if key not in moving:
            continue
        for lot in item.initial_lots:
            came[key][1][lot.remaining_life] += lot.quantity
        came[key][1][moving[key]] += item.initial_stock - sum(lot.quantity for lot in item.initial_lots)
        for period, units in enumerate(plan_of_item.receipts, start=1):
            came[key][period][period + moving[key] - 1] += units
        ages, spoiled = _lived(came[key], sent[key], plan_of_item.stock)
        found["sent_ages"] = max(found["sent_ages"], ages)
        found["moved_shelf_life"] = max(found["moved_shelf_life"], spoiled)
    return found


def _lots_of(plan: TransferPlan) -> list[tuple[int, float, float]]:
    """Return period, last period of use and units of all that is sent; what keeps at its origin has no last period."""
    if plan.lots is None:
        return [(period, math.inf, units) for period, units in enumerate(plan.quantities, start=1)]
    return [(lot.period, math.inf if lot.use_by is None else lot.use_by, lot.quantity) for lot in plan.lots]


def _amiss(way: Transfer, plan: TransferPlan, lots: list[tuple[int, float, float]]) -> float:
    """Return by how much lots miss what is sent, or are negative, and all of what spoils on the way."""
    total: dict[int, float] = defaultdict(float)
    worst = 0.0
    for period, use_by, units in lots:
        total[period] += units
        late = abs(units) if use_by < period + way.lead_time else 0.0
        worst = max(worst, late, -units)
    for period, units in enumerate(plan.quantities, start=1):
        worst = max(worst, abs(units - total.pop(period, 0.0)) / max(1.0, units))
    return max([worst, *(abs(units) for units in total.values())])


def _lived(came: dict[int, Lots], sent: dict[int, Lots], stock: list[float]) -> tuple[float, float]:
    """Return the most that is sent of an age that is not there, and the most that is on hand after it has spoiled."""
    lots: Lots = defaultdict(float)
    missing = spoiled = 0.0
    for period, left in enumerate(stock, start=1):
        size = max(1.0, left, sum(lots.values()) + sum(came[period].values()))
        for use_by, units in came[period].items():
            lots[_after(use_by, len(stock))] += units
        for use_by, units in sent[period].items():
            lots[use_by] -= units
            missing = max(missing, -lots[use_by] / size)
        used = sum(lots.values()) - left
        for use_by in sorted(lots):
            taken = min(max(used, 0.0), max(lots[use_by], 0.0))
            lots[use_by] -= taken
            used -= taken
        old = sum(units for use_by, units in lots.items() if use_by <= period)
        spoiled = max(spoiled, old / size, -used / size)
        lots = defaultdict(float, {use_by: units for use_by, units in lots.items() if use_by > period})
    return missing, spoiled


def _after(use_by: float, periods: int) -> float:
    """Return infinity for what can be used after the horizon: such units are not told apart."""
    return math.inf if use_by > periods else use_by
