"""
Independent check of a placement of stock, from the request and the answer alone.

Guaranteed service: promises, inbound and net replenishment times, bounds on demand, stock, values and cost are computed again
stage by stage. Serial: the distribution of every stage's echelon stock is carried from the first stage to the last (the solver
recurs the other way round, over costs), and levels a step higher or lower must not cost less.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.run import Check
from solvers.base import Outcome
from solvers.inventory.check_objective import TOLERANCE, objective_checks
from solvers.inventory.check_simulation import PROBABILITIES, STANDARD_ERRORS, seen_often, standard_errors_apart

Floats = NDArray[np.float64]
SERIAL_TOLERANCE = 2e-5
"""Normal demand is put on another grid than the solver's: costs agree to this share."""

STEPS = 300
"""Grid steps to a standard deviation of the demand of all processing times together."""


def check_multi_echelon(problem: Any, outcome: Outcome[Any]) -> list[Check]:
    """Return the checks of a placement; without one there is nothing to check."""
    if outcome.solution is None or outcome.objective is None:
        return []
    if problem.model == "guaranteed_service":
        return _guaranteed(problem, outcome.solution, outcome.objective)
    return _serial(problem, outcome.solution, outcome.objective)


def _guaranteed(problem: Any, solution: Any, objective: Any) -> list[Check]:
    stages = {stage.id: stage for stage in problem.stages}
    plans = {plan.id: plan for plan in solution.stages}
    customers: dict[str, list[Any]] = {name: [] for name in stages}
    for stage in problem.stages:
        for name in stage.upstream:
            customers[name].append(stage)
    bounds: dict[str, tuple[float, float]] = {}
    values: dict[str, float] = {}
    worst = dict.fromkeys(
        ("inbound_service_time", "net_replenishment_time", "promise", "safety_stock", "cost", "unit_value"), 0.0
    )
    terms: dict[str, float] = {}
    for name, stage in stages.items():
        plan = plans[name]
        inbound = max([stage.inbound_service_time, *(plans[one].service_time for one in stage.upstream)])
        net = inbound + stage.processing_time - plan.service_time
        limit = 0.0 if stage.max_service_time is None and stage.demand is not None else stage.max_service_time
        bound, mean = _demand(stage, customers, bounds)
        value = _value(stage, stages, values)
        stock = bound * math.sqrt(max(net, 0.0))
        cost = stage.holding_rate * value * stock
        if cost > 0:
            terms[f"safety_stock[{name}]"] = cost
        level = stock + mean * max(net, 0.0)
        for key, amount, scale in (
            ("inbound_service_time", abs(inbound - plan.inbound_service_time), 1.0),
            ("net_replenishment_time", max(abs(net - plan.net_replenishment_time), -net), 1.0),
            ("promise", plan.service_time - limit if limit is not None else 0.0, 1.0),
            ("promise", -plan.service_time, 1.0),
            ("safety_stock", abs(stock - plan.safety_stock) + abs(level - plan.base_stock_level), max(1.0, level)),
            ("cost", abs(cost - plan.cost), max(1.0, cost)),
            ("unit_value", abs(value - plan.unit_value), max(1.0, value)),
        ):
            worst[key] = max(worst[key], amount / scale)
    checks = [Check(name=key, max_violation=max(0.0, amount), tolerance=TOLERANCE) for key, amount in worst.items()]
    return [*checks, *objective_checks(terms, objective)]


def _demand(stage: Any, customers: dict[str, list[Any]], known: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """Return the bound on demand above its mean, and the mean, remembered by stage; iterative, for deep networks."""
    stack = [stage]
    while stack:
        top = stack[-1]
        open_ones = [after for after in customers[top.id] if after.id not in known]
        if open_ones:
            stack.extend(open_ones)
            continue
        stack.pop()
        parts = [] if top.demand is None else [(top.demand.z * top.demand.sd, top.demand.mean)]
        for after in customers[top.id]:
            units = after.upstream_quantities.get(top.id, 1.0)
            parts.append((units * known[after.id][0], units * known[after.id][1]))
        size = max((part for part, _ in parts), default=0.0)
        pooled = (
            size * math.fsum((part / size) ** top.pooling_exponent for part, _ in parts) ** (1 / top.pooling_exponent)
            if size
            else 0.0
        )
        known[top.id] = (pooled, math.fsum(mean for _, mean in parts))
    return known[stage.id]


def _value(stage: Any, stages: dict[str, Any], known: dict[str, float]) -> float:
    """Return the cost of a unit with all that went into it."""
    stack = [stage]
    while stack:
        top = stack[-1]
        open_ones = [stages[name] for name in top.upstream if name not in known]
        if open_ones:
            stack.extend(open_ones)
            continue
        stack.pop()
        known[top.id] = top.added_cost + math.fsum(
            top.upstream_quantities.get(name, 1.0) * known[name] for name in top.upstream
        )
    return known[stage.id]


def _serial(problem: Any, solution: Any, objective: Any) -> list[Check]:
    line = _line(problem)
    plans = {plan.id: plan for plan in solution.stages}
    levels = [plans[stage.id].echelon_base_stock_level for stage in line]
    last = line[-1]
    rates = [stage.added_cost * stage.holding_rate for stage in line]
    times = [stage.processing_time for stage in line]
    whole = last.demand.distribution == "poisson"
    variance = last.demand.mean if whole else last.demand.sd**2
    step = 1.0 if whole else max(math.sqrt(variance * sum(times)), 1e-9) / STEPS

    def cost(chosen: list[float]) -> tuple[float, float]:
        return _forward(chosen, rates, times, last, step, variance)

    holding, stockout = cost(levels)
    total = holding + stockout
    better = 0.0
    for j in range(len(levels)):
        for move in (-1.0, 1.0) if whole else (-20 * step, 20 * step):
            other = sum(cost([*levels[:j], levels[j] + move, *levels[j + 1 :]]))
            better = max(better, (total - other) / max(1.0, abs(total)))
    tolerance = TOLERANCE if whole else SERIAL_TOLERANCE
    nested = np.minimum.accumulate(levels)
    local = {stage.id: nested[j] - (nested[j + 1] if j + 1 < len(line) else 0.0) for j, stage in enumerate(line)}
    apart = max(abs(local[name] - plan.base_stock_level) / max(1.0, abs(local[name])) for name, plan in plans.items())
    checks = [
        *objective_checks({"holding": holding, "stockout": stockout}, objective, tolerance=tolerance),
        Check(name="no_better_neighbour", max_violation=better, tolerance=tolerance),
        Check(name="local_levels", max_violation=float(apart), tolerance=TOLERANCE),
    ]
    overlap = sum(times) + 1
    holding_cost, periods = sum(rates), solution.simulation.periods
    observable = seen_often(periods=periods, holding_cost=holding_cost, stockout_cost=last.stockout_cost, overlap=overlap)
    for figure in solution.simulation.figures:
        if not (observable or figure.name in PROBABILITIES):
            continue
        distance = standard_errors_apart(figure)
        checks.append(Check(name=f"simulated_{figure.name}", max_violation=distance, tolerance=STANDARD_ERRORS))
    return checks


def _line(problem: Any) -> list[Any]:
    """Return the stages from the first to the last."""
    after = {stage.upstream[0]: stage for stage in problem.stages if stage.upstream}
    line = [next(stage for stage in problem.stages if not stage.upstream)]
    while line[-1].id in after:
        line.append(after[line[-1].id])
    return line


def _forward(
    levels: list[float], rates: list[float], times: list[float], last: Any, step: float, variance: float
) -> tuple[float, float]:
    """
    Return the mean cost of holding and of demand owed.

    Echelon stock of a stage after its lead time: the least of its level and what the stage before had, less the demand.
    """
    mean = last.demand.mean
    top = levels[0]
    chance, origin = np.ones(1), top
    costs, ahead = 0.0, 0.0
    for j, level in enumerate(levels):
        if level < origin + (len(chance) - 1) * step:
            chance, origin = _cut(chance, origin, level, step)
        weights, first = _weights(mean * times[j], variance * times[j], step, whole=last.demand.distribution == "poisson")
        chance = _convolve(chance, weights[::-1])
        origin = origin - (first + len(weights) - 1) * step
        places = origin + step * np.arange(len(chance))
        ahead = float(chance @ places)
        costs += rates[j] * ahead
    owed = float(chance @ np.maximum(-places, 0.0))
    return costs + sum(rates) * owed, last.stockout_cost * owed


def _cut(chance: Floats, origin: float, level: float, step: float) -> tuple[Floats, float]:
    """Return the distribution of the least of a level and the stock; the level becomes the last place of the grid."""
    places = origin + step * np.arange(len(chance))
    below = np.minimum(places, level)
    count = max(1, math.ceil((level - origin) / step - 1e-9)) if level > origin else 0
    start = level - count * step
    where = np.clip((below - start) / step, 0.0, count)
    low = np.floor(where + 1e-9).astype(np.int64)
    share = np.clip(where - low, 0.0, 1.0)
    kept = np.bincount(low, weights=chance * (1 - share), minlength=count + 1)
    kept = kept + np.bincount(np.minimum(low + 1, count), weights=chance * share, minlength=count + 1)
    return np.asarray(kept, dtype=np.float64), start


def _weights(mean: float, variance: float, step: float, *, whole: bool) -> tuple[Floats, int]:
    """Return weights of a lead time's demand on the grid, and the index of the first."""
    if mean == 0 and variance == 0:
        return np.ones(1, dtype=np.float64), 0
    if whole:
        last = int(mean + 14 * math.sqrt(mean) + 30)
        logarithms = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, last + 1)))))
        weights = np.exp(np.arange(last + 1) * math.log(mean) - mean - logarithms)
        return np.asarray(weights / weights.sum(), dtype=np.float64), 0
    sd = math.sqrt(variance)
    first, last = math.floor((mean - 9 * sd) / step), math.ceil((mean + 9 * sd) / step)
    points = np.arange(first, last + 1) * step
    weights = np.exp(-0.5 * ((points - mean) / sd) ** 2)
    return np.asarray(weights / weights.sum(), dtype=np.float64), first


def _convolve(first: Floats, second: Floats) -> Floats:
    if min(len(first), len(second)) < 400:
        return np.asarray(np.convolve(first, second))
    size = len(first) + len(second) - 1
    length = 1 << (size - 1).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(first, length) * np.fft.rfft(second, length), length)[:size])
