"""What pydantic cannot see in uncertain demand: distributions given twice or not at all, lengths, what cannot be sampled."""

from collections.abc import Iterator

import numpy as np

from models.errors import Issue, issue
from models.inventory import Item, PlanProblem
from models.run import RunWarning
from solvers.inventory.pointers import escaped

MAX_SCENARIO_CELLS = 300_000
"""Most items x periods x scenarios of one plan."""


def uncertainty_issues(problem: PlanProblem) -> Iterator[Issue]:
    """Yield what makes the uncertainty of a plan meaningless, in the order of the request."""
    uncertain = [index for index, item in enumerate(problem.items) if item.demand_uncertainty is not None]
    for index, item in enumerate(problem.items):
        pointer = f"/items/{index}"
        if item.demand_uncertainty is not None:
            yield from _distribution(item, pointer, problem.periods)
            yield from _served(item, pointer, problem.uncertainty.scenarios)
        elif item.cycle_service is not None:
            message = "A cycle service is a share of demand scenarios; give the item a demand_uncertainty."
            yield issue(f"{pointer}/cycle_service", "NO_UNCERTAINTY", message)
        if item.fill_rate is not None and item.unmet_demand == "forbidden":
            message = "Shortage is forbidden, so all demand is served; choose backorder or lost to ask for a share."
            yield issue(f"{pointer}/fill_rate", "SHORTAGE_FORBIDDEN", message)
        if item.cycle_service is not None and item.shelf_life is not None:
            message = (
                "What spoils depends on the demand, so this service cannot be asked for beside a shelf_life; use fill_rate."
            )
            yield issue(f"{pointer}/cycle_service", "CYCLE_SERVICE_WITH_SHELF_LIFE", message)
    cells = problem.periods * len(problem.items) * problem.uncertainty.scenarios
    if uncertain and cells > MAX_SCENARIO_CELLS:
        message = f"Items x periods x scenarios must not exceed {MAX_SCENARIO_CELLS}; take fewer scenarios or items."
        yield issue("/uncertainty/scenarios", "PROBLEM_TOO_LARGE", message, limit=MAX_SCENARIO_CELLS, got=cells)
    if uncertain and problem.options.solver not in ("auto", "sample_average"):
        message = (
            f"Demand is uncertain (/items/{uncertain[0]}/demand_uncertainty), which sample_average plans for; use it or auto."
        )
        yield issue("/options/solver", "SOLVER_NOT_SUITABLE", message)
    if not uncertain and problem.options.solver == "sample_average":
        message = "No item has a demand_uncertainty, so there is nothing to sample; use auto."
        yield issue("/options/solver", "SOLVER_NOT_SUITABLE", message)


def uncertainty_warnings(item: Item, pointer: str) -> Iterator[RunWarning]:
    """Warn of demand that differs from the mean of its sample paths, and of safety stock that serves no demand."""
    known = item.demand_uncertainty
    must_keep = item.safety_stock_cost is None and np.any(item.safety_stock)
    if known is not None and must_keep and item.unmet_demand != "forbidden":
        message = "Every scenario keeps the safety stock and leaves demand unmet for it; with a safety_stock_cost, or a "
        message += "service level in its place, it serves demand."
        yield RunWarning(code="SAFETY_STOCK_SERVES_NO_DEMAND", pointer=f"{pointer}/safety_stock", message=message)
    if known is None or not known.paths:
        return
    mean = sum(sum(path) for path in known.paths) / len(known.paths)
    if abs(mean - sum(item.demand)) > 0.1 * max(1.0, mean):
        message = "The mean of the sample paths is more than 10 % off the demand; the plan is made for the paths."
        yield RunWarning(code="PATHS_OFF_DEMAND", pointer=f"{pointer}/demand_uncertainty/paths", message=message)


def _distribution(item: Item, pointer: str, periods: int) -> Iterator[Issue]:
    known = item.demand_uncertainty
    assert known is not None
    place = f"{pointer}/demand_uncertainty"
    given = [known.sd is not None, bool(known.quantiles), bool(known.paths)]
    if sum(given) != 1:
        message = f"Give exactly one of sd, quantiles and paths; {sum(given)} are given."
        yield issue(place, "UNCERTAINTY_NOT_UNIQUE", message)
    lists = [(f"{place}/sd", known.sd)] if isinstance(known.sd, list) else []
    lists += [(f"{place}/quantiles/{escaped(level)}", values) for level, values in known.quantiles.items()]
    lists += [(f"{place}/paths/{number}", values) for number, values in enumerate(known.paths)]
    for where, values in lists:
        if len(values) != periods:
            message = f"One entry per period is needed: {periods}, not {len(values)}."
            yield issue(where, "WRONG_LENGTH", message, limit=periods, got=len(values))
    if known.quantiles:
        yield from _levels(list(known.quantiles), place)


def _served(item: Item, pointer: str, scenarios: int) -> Iterator[Issue]:
    """Find demand that must be served whatever comes: that can be promised for sample paths that are all scenarios."""
    known = item.demand_uncertainty
    if known is None or item.unmet_demand != "forbidden":
        return
    if not known.paths:
        message = "No plan serves every demand that may come; choose backorder or lost, or give the paths that must be served."
        yield issue(f"{pointer}/unmet_demand", "UNCERTAIN_DEMAND_MUST_BE_MET", message)
    elif len(known.paths) > scenarios:
        message = f"Every path must be served, so each has to be a scenario; ask for {len(known.paths)} or give fewer paths."
        yield issue("/uncertainty/scenarios", "TOO_FEW_SCENARIOS", message, limit=len(known.paths), got=scenarios)


def _levels(levels: list[str], place: str) -> Iterator[Issue]:
    numbers = []
    for level in levels:
        try:
            number = float(level)
        except ValueError:
            number = -1.0
        if not 0 < number < 1:
            message = "The level of a quantile is a number between 0 and 1, such as 0.9."
            yield issue(f"{place}/quantiles/{escaped(level)}", "NOT_A_LEVEL", message)
        numbers.append(number)
    if len(set(numbers)) < 2:
        yield issue(f"{place}/quantiles", "TOO_FEW_QUANTILES", "At least two levels are needed to tell how demand spreads.")
