r"""
The newsvendor as a linear program over points of demand, solved and certified by the linear core.

Variables: order S, leftover o_k and shortage u_k at each point k with demand d_k and probability q_k.
Objective: minimise sum q_k (h o_k + p u_k). Constraints: balance_k: S + u_k - o_k = d_k.
Dual: y_k, the price of one more unit of demand at point k: -h q_k <= y_k <= p q_k and sum y_k = 0. Points above S have
y_k = p q_k, points below y_k = -h q_k, so that sum y_k = 0 says p P(D > S) = h P(D < S) but for the point S itself:
the critical ratio. Birge and Louveaux (2011), *Introduction to Stochastic Programming*, section 1.1.
"""

import numpy as np

from models.inventory_policy.explanation import DemandPoint, NewsvendorProgram
from solvers.base import Budget, Silent
from solvers.inventory.policy.distributions import Distribution, Floats
from solvers.inventory.policy.working import number
from solvers.linear.certificate import certificate_checks, dual_objective
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.solve import solve_linear

MOST_POINTS = 1_000
"""More points than this are not written out as a linear program."""

LEAST_PROBABILITY = 1e-9
"""Points below it are left out of the program, which then is no longer exact."""


def newsvendor_program(
    distribution: Distribution, *, holding_cost: float, stockout_cost: float, budget: Budget
) -> NewsvendorProgram | None:
    """Return the solved linear program with its duals; None when there are too many points or the engine proves nothing."""
    values, weights = distribution.points()
    kept = weights >= LEAST_PROBABILITY
    exact = distribution.discrete and float(weights[~kept].sum()) < LEAST_PROBABILITY
    values, weights = values[kept], weights[kept] / weights[kept].sum()
    if len(values) > MOST_POINTS:
        return None
    model = _model(values, weights, holding_cost, stockout_cost)
    result = solve_linear(model, budget, Silent())
    if result.duals is None or result.values is None or result.value is None or result.reduced_costs is None:
        return None
    residual = max(check.max_violation for check in certificate_checks(model, result))
    order = float(result.values[0])
    above, below = float(weights[values > order + 1e-9].sum()), float(weights[values < order - 1e-9].sum())
    points = [
        DemandPoint(demand=demand, probability=weight, dual=dual)
        for demand, weight, dual in zip(values.tolist(), weights.tolist(), result.duals.tolist(), strict=True)
    ]
    return NewsvendorProgram(
        points=points,
        exact=exact,
        order_quantity=order,
        value=result.value,
        dual_value=dual_objective(model, result.duals, result.reduced_costs),
        sum_of_duals=float(result.duals.sum()),
        largest_residual=residual,
        sentence=f"Demand exceeds {number(order)} with probability {number(above)}, and there another unit saves "
        f"{number(stockout_cost)}, is below with probability {number(below)}, and there it costs {number(holding_cost)}. "
        "The prices of all points sum to 0, so that no other quantity is better on average.",
    )


def _model(values: Floats, weights: Floats, h: float, p: float) -> LinearModel:
    """Return the linear program; columns are S, then all o_k, then all u_k."""
    n = len(values)
    names = [f"{value:g}" for value in values.tolist()]
    builder = ModelBuilder(
        name="newsvendor over points of demand",
        sense="min",
        objective=_family("cost", r"\sum_k q_k (h o_k + p u_k)", "sum over k: q[k] (h o[k] + p u[k])", "expected cost"),
    )
    order = builder.add_variables(_family("S", r"S \ge 0", "S >= 0", "order quantity"), names=["S"], objective=0.0)
    leftover = builder.add_variables(
        _family("o_k", r"o_k \ge 0", "o[k] >= 0", "units left over"),
        names=[f"o[{name}]" for name in names],
        objective=h * weights,
        term="holding",
    )
    short = builder.add_variables(
        _family("u_k", r"u_k \ge 0", "u[k] >= 0", "units short"),
        names=[f"u[{name}]" for name in names],
        objective=p * weights,
        term="stockout",
    )
    rows = np.arange(n)
    builder.add_constraints(
        _family(
            "balance_k", r"S + u_k - o_k = d_k \quad \forall k", "balance[k]: S + u[k] - o[k] = d[k]", "demand is met or short"
        ),
        names=[f"balance[{name}]" for name in names],
        rows=np.concatenate((rows, rows, rows)),
        columns=np.concatenate((np.full(n, order[0]), short, leftover)),
        coefficients=np.concatenate((np.ones(n), np.ones(n), -np.ones(n))),
        lower=values,
        upper=values,
    )
    return builder.build()


def _family(symbol: str, latex: str, text: str, meaning: str) -> Family:
    return Family(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=None, pointer="/parameters/demand")
