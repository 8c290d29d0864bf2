"""
Stochastic service in a line of stages: the best echelon base-stock levels, by convolution from the last stage upwards.

With echelon holding costs h_j, lead-time demands D_j and p owed per unit: g_0(x) = (p + sum h) x^-, then for each stage
g_j(y) = E[h_j (y - D_j) + g_{j-1}(min(S_{j-1}, y - D_j))], S_j its minimiser. Poisson demand is summed exactly; normal
demand is put on a fine grid by weights that integrate every piecewise linear function exactly. Sources: Clark and Scarf (1960),
Management Science 6, 475-490; Chen and Zheng (1994), 40, 1426-1443; the bounds: Shang and Song (2003), 49, 618-638.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import poisson

from models.inventory_multi_echelon import MultiEchelonProblem, SerialStage
from models.inventory_policy.demand import NormalDemand
from models.inventory_policy.solution import Simulation
from solvers.inventory.multi_echelon.network import Floats
from solvers.inventory.policy.distributions import convolve
from solvers.inventory.policy.simulate import mean_figure

STEPS = 800
"""Grid steps to a standard deviation of the demand of all lead times together."""

SPREAD = 9.0
"""Standard deviations that the grid reaches beyond the means."""

SAMPLES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """
    A serial system of n stages, from the last (with the demand) to the first.

    `places` (n) are positions in the request; `holding` (n) echelon holding costs; `lead` (n) lead times.
    """

    stages: list[SerialStage]
    places: list[int]
    holding: Floats
    lead: Floats
    mean: float
    sd: float
    whole: bool
    stockout: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """Best echelon base-stock levels (n), their bounds (n), cost, its part for demand owed, and probability of no shortage."""

    levels: Floats
    lower: Floats
    upper: Floats
    cost: float
    stockout: float
    in_stock: float


def line_of(problem: MultiEchelonProblem) -> Line:
    """Return the stages in order from the customer upwards."""
    stages = [stage for stage in problem.stages if isinstance(stage, SerialStage)]
    place = {stage.id: k for k, stage in enumerate(stages)}
    supplied = {name for stage in stages for name in stage.upstream}
    at: int | None = next(k for k, stage in enumerate(stages) if stage.id not in supplied)
    order = []
    while at is not None:
        order.append(at)
        at = place[stages[at].upstream[0]] if stages[at].upstream else None
    last = stages[order[0]]
    assert last.demand is not None
    assert last.stockout_cost is not None
    normal = isinstance(last.demand, NormalDemand)
    return Line(
        stages=[stages[k] for k in order],
        places=order,
        holding=np.array([stages[k].added_cost * stages[k].holding_rate for k in order]),
        lead=np.array([stages[k].processing_time for k in order]),
        mean=last.demand.mean,
        sd=last.demand.sd if isinstance(last.demand, NormalDemand) else math.sqrt(last.demand.mean),
        whole=not normal,
        stockout=last.stockout_cost,
    )


def solve_line(line: Line) -> Levels:
    """Return the best levels and what they cost."""
    step = 1.0 if line.whole else max(line.sd * math.sqrt(float(line.lead.sum())), 1e-9) / STEPS
    reach = (
        line.mean * float(line.lead.sum()) + SPREAD * line.sd * math.sqrt(float(line.lead.sum())) + (60 if line.whole else 0)
    )
    x = np.arange(-math.ceil(reach / step) - 2, math.ceil(reach / step) + 3) * step
    below = (line.stockout + float(line.holding.sum())) * np.maximum(-x, 0.0)
    owed, short = line.stockout * np.maximum(-x, 0.0), (x < 0).astype(np.float64)
    if not line.whole and line.lead[0] > 0:
        short = np.where(x == 0, 0.5, short)
    levels = np.zeros(len(line.stages))
    for j in range(len(line.stages)):
        weights, first = _weights(line, float(line.lead[j]), step)
        value = _expected(line.holding[j] * x + below, weights, first)
        owed, short = _expected(owed, weights, first), _expected(short, weights, first)
        at = int(np.argmin(value))
        levels[j] = x[at]
        keep = np.minimum(np.arange(len(x)), at)
        below, owed, short = value[keep], owed[keep], short[keep]
    lower, upper = _bounds(line)
    top = len(x) - 1
    return Levels(
        levels=levels,
        lower=lower,
        upper=upper,
        cost=float(below[top]),
        stockout=float(owed[top]),
        in_stock=1 - float(short[top]),
    )


def _weights(line: Line, lead: float, step: float) -> tuple[Floats, int]:
    """Return weights of the demand of a lead time on the grid, and the index of the first."""
    if lead == 0:
        return np.ones(1), 0
    mean, sd = line.mean * lead, line.sd * math.sqrt(lead)
    if line.whole:
        last = int(mean + 12 * math.sqrt(mean)) + 40
        weights = np.asarray(poisson.pmf(np.arange(last + 1), mean), dtype=np.float64)
        return weights / weights.sum(), 0
    first, last = math.floor((mean - SPREAD * sd) / step) - 1, math.ceil((mean + SPREAD * sd) / step) + 1
    z = (np.arange(first - 1, last + 2) * step - mean) / sd
    integral = sd * (z * ndtr(z) + np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
    weights = np.maximum(np.diff(integral, 2) / step, 0.0)
    return weights / weights.sum(), first


def _expected(values: Floats, weights: Floats, first: int) -> Floats:
    """Return E[values(y - D)] on the same grid; beyond its ends values go on in straight lines."""
    last = first + len(weights) - 1
    left, right = max(last, 0), max(-first, 0)
    longer = np.concatenate(
        (
            values[0] + (values[1] - values[0]) * np.arange(-left, 0),
            values,
            values[-1] + (values[-1] - values[-2]) * np.arange(1, right + 1),
        )
    )
    full = convolve(longer, weights)
    start = left - first
    return np.asarray(full[start : start + len(values)])


def _bounds(line: Line) -> tuple[Floats, Floats]:
    """Return Shang and Song's newsvendor bounds on the echelon levels."""
    total, after = float(line.holding.sum()), line.holding.sum() - np.cumsum(line.holding)
    shares = (
        (line.stockout + after) / (line.stockout + total),
        (line.stockout + after) / (line.stockout + after + line.holding),
    )
    lead = np.cumsum(line.lead)
    found = []
    for share in shares:
        if line.whole:
            found.append(np.where(lead > 0, poisson.ppf(share - 1e-13, line.mean * np.maximum(lead, 1e-300)), 0.0))
        else:
            found.append(line.mean * lead + line.sd * np.sqrt(lead) * ndtri(share))
    return np.asarray(found[0], dtype=np.float64), np.asarray(found[1], dtype=np.float64)


def local_levels(line: Line, levels: Floats) -> Floats:
    """Return the local base-stock levels of the same policy: differences of nested echelon levels."""
    nested = np.minimum.accumulate(levels[::-1])[::-1]
    return np.diff(nested, prepend=0.0)


def simulate_line(line: Line, found: Levels, *, seed: int) -> Simulation:
    """Return what the levels achieve for 200,000 independent draws of the lead-time demands."""
    generator = np.random.default_rng(seed)
    stock = np.full(SAMPLES, np.inf)
    cost = np.zeros(SAMPLES)
    for j in range(len(line.stages) - 1, -1, -1):
        mean, sd = line.mean * float(line.lead[j]), line.sd * math.sqrt(float(line.lead[j]))
        demand = generator.poisson(mean, SAMPLES) if line.whole else generator.normal(mean, sd, SAMPLES)
        stock = np.minimum(stock, found.levels[j]) - demand
        cost += line.holding[j] * stock
    cost += (line.stockout + float(line.holding.sum())) * np.maximum(-stock, 0.0)
    return Simulation(
        periods=SAMPLES,
        unit="periods",
        seed=seed,
        figures=[
            mean_figure("cost", found.cost, cost),
            mean_figure("in_stock_probability", found.in_stock, (stock >= 0).astype(np.float64)),
        ],
    )
