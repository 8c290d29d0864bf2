"""Sentences on transfers and other parts of a plan: what is done, and which prices pay for it."""

import numpy as np

from models.inventory import PlanProblem, PlanSolution
from solvers.inventory.plan_arrays import Floats, labels
from solvers.inventory.plan_words import amount, entry

NOTHING = 1e-6
MOST = 2


def narrate_parts(problem: PlanProblem, solution: PlanSolution, prices: Floats | None, given: str) -> list[str]:
    """Return at most two sentences; `prices` (I, T) are those of the balances, None where there are none."""
    found = [*_moved(problem, solution, prices, given), *_bought(problem, solution)]
    return [*found, *_below_safety(problem, solution), *_disposed(problem, solution)][:MOST]


def _below_safety(problem: PlanProblem, solution: PlanSolution) -> list[str]:
    """Say where most is missing of a safety stock, and what all that costs."""
    worst, cost = (0.0, 0, 0), 0.0
    for index, (item, plan) in enumerate(zip(problem.items, solution.items, strict=True)):
        for period, short in enumerate(plan.safety_shortfalls or [], start=1):
            worst = max(worst, (short, index, period))
            cost += short * entry(item.safety_stock_cost, period)
    short, index, period = worst
    if short <= NOTHING:
        return []
    where = f"{labels(problem.items)[index]} in period {period}"
    return [f"The stock is up to {amount(short)} units below the safety stock ({where}), which costs {amount(cost)} in all."]


def _bought(problem: PlanProblem, solution: PlanSolution) -> list[str]:
    """Say how much is made and bought where, and what the discounts save."""
    made: dict[str, float] = {}
    bought: dict[str, float] = {}
    saved = 0.0
    for item, plan in zip(problem.items, solution.items, strict=True):
        for supply, one in zip(item.supplies, plan.supplies or [], strict=True):
            units = made if item.components and supply.takes_components else bought
            units[one.supplier] = units.get(one.supplier, 0.0) + sum(one.orders)
            saved += (supply.unit_costs[0] * sum(one.orders) - sum(one.costs)) if supply.unit_costs else 0.0
    told = []
    for verb, place, units in (("makes", "at", made), ("buys", "from", bought)):
        named = " and ".join(f"{amount(total)} units {place} {name}" for name, total in units.items() if total > NOTHING)
        told += [f"{verb} {named}"] if named else []
    discount = f"; quantity discounts save {amount(saved)}" if saved > NOTHING else ""
    return [f"It {', and '.join(told)}{discount}."] if told else []


def _disposed(problem: PlanProblem, solution: PlanSolution) -> list[str]:
    """Say how much spoils, most of what, and how much is moved just in time."""
    thrown = [(sum(plan.disposals or []), index) for index, plan in enumerate(solution.items)]
    if all(item.shelf_life is None for item in problem.items):
        return []
    total, (most, index) = sum(units for units, _ in thrown), max(thrown)
    last = _arriving_last(problem, solution)
    if total <= NOTHING:
        return [f"Nothing spoils: every unit serves demand within its shelf life{last}."]
    share = f", {amount(most)} of them {labels(problem.items)[index]}" if most < total - NOTHING else ""
    return [f"{amount(total)} units{share or f' of {labels(problem.items)[index]}'} are disposed of{last}."]


def _arriving_last(problem: PlanProblem, solution: PlanSolution) -> str:
    """Say how much of what is moved arrives when it can be used for the last time; nothing where none does."""
    units = sum(
        lot.quantity
        for way, plan in zip(problem.transfers, solution.transfers, strict=True)
        for lot in plan.lots or []
        if lot.use_by == lot.period + way.lead_time
    )
    return f"; {amount(units)} of those moved arrive in the last period in which they can be used" if units > NOTHING else ""


def _moved(problem: PlanProblem, solution: PlanSolution, prices: Floats | None, given: str) -> list[str]:
    """Name the largest transfer, and the prices at its ends that pay for it."""
    if not problem.transfers:
        return []
    sent = np.array([way.quantities for way in solution.transfers])
    if sent.max() <= NOTHING:
        return ["Nothing is moved between sites."]
    way, period = (int(place) for place in np.unravel_index(int(sent.argmax()), sent.shape))
    asked = problem.transfers[way]
    text = f"{amount(float(sent.sum()))} units are moved between sites, the most at once "
    text += f"{amount(float(sent[way, period]))} of {asked.item} from {asked.origin} to {asked.destination}"
    text += f" in period {period + 1}"
    if prices is None:
        return [f"{text}."]
    place = {(item.id, item.site): index for index, item in enumerate(problem.items)}
    here = float(prices[place[asked.item, asked.origin], period])
    there = float(prices[place[asked.item, asked.destination], period + asked.lead_time])
    cost = entry(asked.unit_cost, period + 1)
    if abs(there - here - cost) > 1e-6 * max(1.0, abs(there)):
        return [f"{text}; {given.lower()}a unit is worth {amount(here)} at {asked.origin} and {amount(there)} there."]
    worth = f"{given.lower()}a unit is worth {amount(here)} where it is and {amount(there)} where it arrives"
    return [f"{text}, because {worth}, which pays the {amount(cost)} for moving it."]
