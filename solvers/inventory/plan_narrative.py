"""Three to six sentences with numbers about an inventory plan, from templates."""

import numpy as np

from models.explanation import Infeasibility
from models.inventory import PlanProblem, PlanSolution
from solvers.inventory.plan_arrays import labels
from solvers.inventory.plan_part_narrative import narrate_parts
from solvers.inventory.plan_words import amount, entry, prices_of
from solvers.linear.model import LinearModel
from solvers.linear.narrative import MOST_SENTENCES
from solvers.linear.solve import LinearResult

MOST_NAMED = 4
NOTHING = 1e-6
SHARED = {"capacity": "{}", "storage": "storage at {}"}


def narrate_plan(problem: PlanProblem, solution: PlanSolution, model: LinearModel, result: LinearResult) -> list[str]:
    """Return what the plan costs, orders, keeps and leaves short, and what one more unit of demand or capacity is worth."""
    sentences = [_cost(model, result), _orders(problem, solution), _service(problem, solution)]
    duals, given = (
        (result.duals, "") if result.duals is not None else (None, "With the whole-number decisions of this plan kept, ")
    )
    if duals is None and result.fixed is not None:
        duals = result.fixed.duals
    balance = None if duals is None else prices_of(model, "balance", duals, problem.periods)
    sentences += narrate_parts(problem, solution, balance, given)
    if duals is not None:
        scarce = _scarce(problem, model, duals, given)
        if balance is not None:
            sentences += [_dearest_demand(problem, balance, given), *_stocked_ahead(problem, solution, balance, given)]
        sentences = [*sentences[: MOST_SENTENCES - 1], scarce]
    return sentences


def narrate_infeasible(infeasibility: Infeasibility | None) -> list[str]:
    """Return that there is no plan, what conflicts, and the least change that helps."""
    sentences = ["No plan meets all conditions of the request."]
    if infeasibility is None:
        return [*sentences, "The conflict and the least change that resolves it are found at level full."]
    if infeasibility.subset:
        rows = [member for member in infeasibility.subset if " >= " not in member.name and " <= " not in member.name]
        named = " ".join(member.sentence for member in rows[:MOST_NAMED])
        more = f" (and {len(rows) - MOST_NAMED} more)" if len(rows) > MOST_NAMED else ""
        sentences.append(f"These conditions cannot hold together, and each of them is needed for the conflict: {named}{more}")
    if infeasibility.repairs:
        best = infeasibility.repairs[0]
        total = amount(sum(change.amount for change in best.changes))
        left_out = len(best.changes) - MOST_NAMED
        steps = " ".join(change.sentence for change in best.changes[:MOST_NAMED])
        steps += f" And {left_out} more changes." if left_out > 0 else ""
        sentences.append(f"The least change is {total} in total (solved again: a plan exists): {steps}")
    if len(infeasibility.repairs) > 1:
        sentences.append(f"Another change that suffices alone: {infeasibility.repairs[1].sentence}")
    return sentences


def _cost(model: LinearModel, result: LinearResult) -> str:
    assert result.values is not None
    assert result.value is not None
    terms = sorted(model.terms(result.values), key=lambda term: -term[1])
    total = result.value or 1.0
    parts = ", ".join(f"{name.replace('_', ' ')} {amount(value)} ({value / total:.0%})" for name, value, _ in terms if value)
    saving = 0.0 if result.bound is None else max(result.value - result.bound, 0.0)
    if result.bound is None and result.termination.reason != "optimal":
        verdict = "nothing is proved about cheaper plans"
    elif saving <= NOTHING * abs(total):
        verdict = "no plan is cheaper"
    else:
        verdict = f"a cheaper plan could save at most {amount(saving)} ({saving / total:.2%})"
    return f"The plan costs {amount(result.value)}{f': {parts}' if parts else ''}; {verdict}."


def _orders(problem: PlanProblem, solution: PlanSolution) -> str:
    orders = np.array([item.orders for item in solution.items])
    count = int(np.count_nonzero(orders > NOTHING))
    if not count:
        return "It orders nothing."
    item, period = np.unravel_index(int(orders.argmax()), orders.shape)
    largest = f"{amount(float(orders[item, period]))} units of {labels(problem.items)[int(item)]} in period {int(period) + 1}"
    ordered = f"{int(np.count_nonzero((orders > NOTHING).any(axis=1)))} of {len(problem.items)} items"
    return f"It places {count} orders for {ordered} over {problem.periods} periods, the largest {largest}."


def _service(problem: PlanProblem, solution: PlanSolution) -> str:
    zeros = [0.0] * problem.periods
    backorders = np.array([item.backorders or zeros for item in solution.items])
    lost = np.array([item.lost_sales or zeros for item in solution.items])
    if backorders.max() <= NOTHING and lost.max() <= NOTHING:
        return "All demand is met on time."
    parts, names = [], labels(problem.items)
    for short, words in ((backorders, "furthest behind, with {} units open at the end of period {}"), (lost, "lost most")):
        if short.max() > NOTHING:
            item, period = (int(place) for place in np.unravel_index(int(short.argmax()), short.shape))
            if short is lost:
                total = f"{amount(float(lost.sum()))} units of demand are lost, most of {names[int(lost.sum(axis=1).argmax())]}"
                parts.append(total)
            else:
                parts.append(f"{names[item]} is {words.format(amount(float(short[item, period])), period + 1)}")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _dearest_demand(problem: PlanProblem, prices: np.ndarray, given: str) -> str:
    item, period = (int(place) for place in np.unravel_index(int(prices.argmax()), prices.shape))
    price = amount(float(prices[item, period]))
    start = f"{given}one" if given else "One"
    where = f"{labels(problem.items)[item]} in period {period + 1}"
    return f"{start} more unit of demand for {where} would cost {price}, the most of all items and periods."


def _stocked_ahead(problem: PlanProblem, solution: PlanSolution, prices: np.ndarray, given: str) -> list[str]:
    """Name the largest stock above its safety stock that pays for itself: its price rises by the holding cost."""
    if problem.periods < 2:
        return []
    safety = np.array([np.broadcast_to(item.safety_stock, problem.periods) for item in problem.items])
    ahead = (np.array([item.stock for item in solution.items]) - safety)[:, :-1]
    pays = (prices[:, 1:] - prices[:, :-1] > NOTHING) & (prices[:, :-1] > -NOTHING)
    ahead = np.where(pays, ahead, 0.0)
    item, period = (int(place) for place in np.unravel_index(int(ahead.argmax()), ahead.shape))
    holding = entry(problem.items[item].holding_cost, period + 1)
    before, after = float(prices[item, period]), float(prices[item, period + 1])
    if ahead[item, period] <= NOTHING or abs(after - before - holding) > 1e-6 * max(1.0, abs(after)):
        return []
    stock, name = amount(float(ahead[item, period])), labels(problem.items)[item]
    kept = f"{stock} units of {name} are kept from period {period + 1} to {period + 2}"
    worth = f"{given.lower()}a unit is worth {amount(before)} in the one and {amount(after)} in the other"
    return [f"{kept} because {worth}, which pays the holding cost of {amount(holding)}."]


def _scarce(problem: PlanProblem, model: LinearModel, duals: np.ndarray, given: str) -> str:
    """Name the dearest shared thing: a resource, storage or the budget."""
    best: tuple[float, str] = (NOTHING, "")
    limited = [site.id for site in problem.sites if site.storage_capacity is not None]
    for family, names in (
        ("capacity", [resource.id for resource in problem.resources]),
        ("storage", limited),
        ("budget", [""]),
    ):
        prices = prices_of(model, family, duals, problem.periods)
        if prices is None or -prices.min() <= best[0]:
            continue
        index, period = (int(place) for place in np.unravel_index(int(prices.argmin()), prices.shape))
        saving, count = -float(prices[index, period]), int(np.count_nonzero(prices[index] < -NOTHING))
        what = SHARED.get(family, "budget").format(names[index])
        short = f"{names[index] or 'the budget'} holds the plan back in {count} of {problem.periods} periods"
        worth = f"would save {amount(saving)} per unit, the most of them, as long as nothing else binds"
        best = (saving, f"{short}; {given.lower()}more {what} in period {period + 1} {worth}.")
    if not best[1]:
        has_limits = problem.resources or limited or problem.budget is not None
        return (
            "No shared resource, storage or budget holds the plan back." if has_limits else "Nothing is shared between items."
        )
    return f"{best[1][0].upper()}{best[1][1:]}"
