"""What makes a policy request invalid although every field alone is right, and what looks odd in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.errors import Issue, issue
from models.inventory_policy import PolicyProblem
from models.inventory_policy.continuous_review import (
    DeterministicLots,
    EconomicOrderQuantity,
    JointReplenishment,
    QuantityDiscount,
    YieldUncertainty,
)
from models.inventory_policy.demand import DiscreteDemand, EmpiricalDemand, NormalDemand, UniformDemand
from models.inventory_policy.stochastic import (
    BaseStock,
    Classification,
    FiniteHorizon,
    Newsvendor,
    NewsvendorYield,
    ReorderQuantity,
    ReorderUpTo,
)
from models.run import RunWarning

HERE = "/parameters"
MOST_ISSUES = 1_000
PROBABILITY_TOLERANCE = 1e-6
LARGEST_TABLE = 1_000_000
"""Most whole units that the distribution of a lead time's demand may span."""

LARGEST_SPAN = 20_000
"""Most whole units between s and S, or between r and r + Q, that a search goes through."""

LARGEST_VARIATION = 4.0
"""Largest standard deviation of normal demand, in means: beyond it no share of demand met can be told."""

SMALLER_UNIT = "count goods in a larger unit, for example pallets instead of pieces."


def issues(problem: PolicyProblem) -> list[Issue]:
    """Return what is wrong with the parameters of the policy."""
    found: list[Issue] = list(_mostly_demand(getattr(problem.parameters, "demand", None)))
    for one in RULES.get(problem.policy, _nothing)(problem.parameters):
        found.append(one)
        if len(found) == MOST_ISSUES:
            break
    return found


def warnings(problem: PolicyProblem) -> list[RunWarning]:
    """Return what looks odd: normal demand that would often be negative."""
    demand = getattr(problem.parameters, "demand", None)
    if isinstance(demand, NormalDemand) and demand.mean < 2 * demand.sd:
        message = (
            "Normal demand with a standard deviation above half its mean is negative in more than 2 % of the periods; "
            "lognormal, discrete or Poisson demand may describe it better."
        )
        return [RunWarning(code="DEMAND_OFTEN_NEGATIVE", pointer=f"{HERE}/demand", message=message)]
    return []


def _mostly_demand(demand: Any) -> Iterator[Issue]:
    """Refuse normal demand that is negative in nearly half of the periods."""
    if isinstance(demand, NormalDemand) and demand.sd > LARGEST_VARIATION * demand.mean:
        message = "Demand would be negative in 40 % of the periods or more; use lognormal, discrete or Poisson demand."
        yield issue(f"{HERE}/demand/sd", "VALUE_OUT_OF_RANGE", message, limit=LARGEST_VARIATION * demand.mean, got=demand.sd)


def _nothing(_: Any) -> Iterator[Issue]:
    yield from ()


def _eoq(given: EconomicOrderQuantity) -> Iterator[Issue]:
    if given.production_rate is not None and given.production_rate <= given.demand_rate:
        message = "The production rate must be above the demand rate, or stock never builds up."
        yield issue(
            f"{HERE}/production_rate", "VALUE_OUT_OF_RANGE", message, limit=given.demand_rate, got=given.production_rate
        )


def _discount(given: QuantityDiscount) -> Iterator[Issue]:
    if len(given.unit_costs) != len(given.breakpoints):
        message = "There must be one unit cost for each breakpoint."
        yield issue(f"{HERE}/unit_costs", "LENGTH_MISMATCH", message, limit=len(given.breakpoints), got=len(given.unit_costs))
    if given.breakpoints[0] != 0:
        message = "The first breakpoint must be 0: small orders have a price, too."
        yield issue(f"{HERE}/breakpoints/0", "VALUE_OUT_OF_RANGE", message, limit=0, got=given.breakpoints[0])
    yield from _ordered(given.breakpoints, "breakpoints", rising=True)
    yield from _ordered(given.unit_costs, "unit_costs", rising=False)


def _ordered(values: Sequence[float], field: str, *, rising: bool) -> Iterator[Issue]:
    """Demand strictly rising or falling entries."""
    for place in range(1, len(values)):
        if (values[place] <= values[place - 1]) if rising else (values[place] >= values[place - 1]):
            word = "above" if rising else "below"
            message = f"Each entry must be {word} the one before it."
            yield issue(f"{HERE}/{field}/{place}", "NOT_SORTED", message, limit=values[place - 1], got=values[place])


def _yield(given: YieldUncertainty) -> Iterator[Issue]:
    if given.yield_model == "multiplicative" and given.yield_mean <= 0:
        message = "The mean of a random share must be above 0."
        yield issue(f"{HERE}/yield_mean", "VALUE_OUT_OF_RANGE", message, limit=0, got=given.yield_mean)


def _joint(given: JointReplenishment) -> Iterator[Issue]:
    yield from _different([item.id for item in given.items])


def _different(names: Sequence[str]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if seen.setdefault(name, place) != place:
            message = f"Entry {seen[name]} has the same id; every item needs its own."
            yield issue(f"{HERE}/items/{place}/id", "DUPLICATE_ID", message)


def _newsvendor(given: Newsvendor) -> Iterator[Issue]:
    costs = {"holding_cost": given.holding_cost, "stockout_cost": given.stockout_cost}
    prices = {"revenue": given.revenue, "purchase_cost": given.purchase_cost, "salvage_value": given.salvage_value}
    priced = any(value is not None for value in prices.values())
    for name, value in costs.items():
        if priced and value is not None:
            message = "Give holding_cost and stockout_cost, or revenue, purchase_cost and salvage_value, but not both."
            yield issue(f"{HERE}/{name}", "CONFLICTING_FIELDS", message)
        if not priced and value is None:
            message = f"The field `{name}` is required when no prices are given."
            yield issue(f"{HERE}/{name}", "MISSING_FIELD", message)
    for name, value in prices.items():
        if priced and value is None:
            yield issue(f"{HERE}/{name}", "MISSING_FIELD", f"The field `{name}` is required when prices are given.")
    if None not in prices.values():
        yield from _descending(prices)
    yield from _demand(given.demand, whole=False)


def _descending(prices: Mapping[str, float | None]) -> Iterator[Issue]:
    """Demand revenue > purchase cost > salvage value: else the best order is none at all, or without end."""
    (_, revenue), (_, cost), (_, salvage) = prices.items()
    assert revenue is not None
    assert cost is not None
    assert salvage is not None
    if cost >= revenue:
        message = "The purchase cost must be below the revenue; otherwise no unit is worth ordering."
        yield issue(f"{HERE}/purchase_cost", "VALUE_OUT_OF_RANGE", message, limit=revenue, got=cost)
    if salvage >= cost:
        message = "The salvage value must be below the purchase cost; otherwise more is always better."
        yield issue(f"{HERE}/salvage_value", "VALUE_OUT_OF_RANGE", message, limit=cost, got=salvage)


def _newsvendor_yield(given: NewsvendorYield) -> Iterator[Issue]:
    if given.yield_upper <= given.yield_lower:
        message = "`yield_upper` must be above `yield_lower`."
        yield issue(f"{HERE}/yield_upper", "VALUE_OUT_OF_RANGE", message, limit=given.yield_lower, got=given.yield_upper)


def _base_stock(given: BaseStock) -> Iterator[Issue]:
    yield from _demand(given.demand, whole=True)
    yield from _table(given.demand, periods=given.lead_time + 1)


def _reorder_up_to(given: ReorderUpTo) -> Iterator[Issue]:
    yield from _demand(given.demand, whole=True)
    if given.method == "power_approximation":
        if not isinstance(given.demand, NormalDemand):
            message = "The power approximation needs normal demand; the exact method takes every distribution."
            yield issue(f"{HERE}/demand/distribution", "NOT_ALLOWED", message)
        if given.lead_time:
            message = "The power approximation is for a lead time of 0; the exact method takes every lead time."
            yield issue(f"{HERE}/lead_time", "NOT_ALLOWED", message, limit=0, got=given.lead_time)
        return
    yield from _table(given.demand, periods=given.lead_time + 1)
    mean = _mean(given.demand)
    span = (2 * given.fixed_cost * mean * (given.holding_cost + given.stockout_cost)) / (
        given.holding_cost * given.stockout_cost
    )
    yield from _span(span**0.5)


def _reorder_quantity(given: ReorderQuantity) -> Iterator[Issue]:
    normal = isinstance(given.demand, NormalDemand)
    if given.method != "exact" and not normal:
        message = "The approximations need normal demand; the exact method takes Poisson demand, too."
        yield issue(f"{HERE}/demand/distribution", "NOT_ALLOWED", message)
    if not normal:
        total = given.demand.mean * given.lead_time
        if total > LARGEST_TABLE / 10:
            message = f"Demand during the lead time is too large to be counted unit by unit: {SMALLER_UNIT}"
            yield issue(f"{HERE}/lead_time", "PROBLEM_TOO_LARGE", message, limit=LARGEST_TABLE // 10, got=total)
        p, h = given.stockout_cost, given.holding_cost
        yield from _span((2 * given.fixed_cost * given.demand.mean * (h + p) / (h * p)) ** 0.5)


def _lots(given: DeterministicLots) -> Iterator[Issue]:
    if given.purchase_cost is not None and len(given.purchase_cost) != len(given.demand):
        message = "There must be one purchase cost for each period of demand."
        yield issue(f"{HERE}/purchase_cost", "LENGTH_MISMATCH", message, limit=len(given.demand), got=len(given.purchase_cost))


def _horizon(given: FiniteHorizon) -> Iterator[Issue]:
    yield from _demand(given.demand, whole=True)
    yield from _span(_mean(given.demand) * 4)
    if abs(given.initial_stock) > LARGEST_SPAN:
        message = f"The initial stock is too large to be counted unit by unit: {SMALLER_UNIT}"
        yield issue(f"{HERE}/initial_stock", "PROBLEM_TOO_LARGE", message, limit=LARGEST_SPAN, got=given.initial_stock)


def _classes(given: Classification) -> Iterator[Issue]:
    yield from _different([item.id for item in given.items])
    for name, limits, most in (("value_shares", given.value_shares, 1.0), ("variations", given.variations, 1e6)):
        for place, value in enumerate(limits):
            if not 0 <= value <= most:
                message = f"The value must be between 0 and {most:g}."
                yield issue(f"{HERE}/{name}/{place}", "VALUE_OUT_OF_RANGE", message, limit=most, got=value)
        if limits[0] >= limits[1]:
            message = "The first limit must be below the second."
            yield issue(f"{HERE}/{name}/1", "NOT_SORTED", message, limit=limits[0], got=limits[1])


def _demand(demand: Any, *, whole: bool) -> Iterator[Issue]:
    """Judge a distribution: probabilities, ends, and whole numbers where units are counted one by one."""
    at = f"{HERE}/demand"
    if isinstance(demand, UniformDemand) and demand.upper <= demand.lower:
        message = "`upper` must be above `lower`."
        yield issue(f"{at}/upper", "VALUE_OUT_OF_RANGE", message, limit=demand.lower, got=demand.upper)
    if isinstance(demand, DiscreteDemand):
        if len(demand.values) != len(demand.probabilities):
            message = "There must be one probability for each value."
            yield issue(
                f"{at}/probabilities", "LENGTH_MISMATCH", message, limit=len(demand.values), got=len(demand.probabilities)
            )
        total = sum(demand.probabilities)
        if abs(total - 1) > PROBABILITY_TOLERANCE:
            message = "The probabilities must sum to 1; divide each by their sum."
            yield issue(f"{at}/probabilities", "PROBABILITIES_DO_NOT_SUM_TO_1", message, limit=1, got=total)
        elif _mean(demand) <= 0:
            yield issue(f"{at}/values", "NO_DEMAND", "Some demand must be possible; all values with a probability are 0.")
        if whole:
            yield from _whole(demand.values)
    if isinstance(demand, EmpiricalDemand) and not any(demand.observations):
        yield issue(f"{at}/observations", "NO_DEMAND", "At least one observation must be above 0.")


def _whole(values: Sequence[float]) -> Iterator[Issue]:
    for place, value in enumerate(values):
        if value != int(value) or value > LARGEST_SPAN:
            message = f"This policy counts demand in whole units, at most {LARGEST_SPAN} a period: {SMALLER_UNIT}"
            yield issue(f"{HERE}/demand/values/{place}", "VALUE_OUT_OF_RANGE", message, limit=LARGEST_SPAN, got=value)


def _mean(demand: Any) -> float:
    if isinstance(demand, DiscreteDemand):
        return sum(value * weight for value, weight in zip(demand.values, demand.probabilities, strict=False))
    return float(demand.mean)


def _table(demand: Any, *, periods: int) -> Iterator[Issue]:
    """Limit the number of whole units that the demand of several periods may span."""
    if isinstance(demand, NormalDemand):
        return
    most = max(demand.values) * periods if isinstance(demand, DiscreteDemand) else demand.mean * periods
    if most > LARGEST_TABLE:
        message = f"The demand until an order arrives spans too many units: {SMALLER_UNIT}"
        yield issue(f"{HERE}/lead_time", "PROBLEM_TOO_LARGE", message, limit=LARGEST_TABLE, got=most)


def _span(units: float) -> Iterator[Issue]:
    if units > LARGEST_SPAN:
        message = f"Orders would be too large to be searched unit by unit: {SMALLER_UNIT}"
        yield issue(f"{HERE}/demand", "PROBLEM_TOO_LARGE", message, limit=LARGEST_SPAN, got=units)


RULES: Mapping[str, Callable[[Any], Iterator[Issue]]] = {
    "eoq": _eoq,
    "eoq_discount": _discount,
    "eoq_yield": _yield,
    "joint_replenishment": _joint,
    "newsvendor": _newsvendor,
    "newsvendor_yield": _newsvendor_yield,
    "base_stock": _base_stock,
    "s_S": _reorder_up_to,
    "r_Q": _reorder_quantity,
    "wagner_whitin": _lots,
    "finite_horizon": _horizon,
    "abc_xyz": _classes,
}
"""The rules of each policy; a policy without an entry has none."""
