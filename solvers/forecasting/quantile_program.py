r"""
Quantile regression as a linear program, solved and certified by the linear core.

Variables: coefficients b, and at every observation what lies above (u_t) and below (v_t) the line.
Objective: minimise the pinball loss, sum of tau u_t + (1 - tau) v_t. Constraints: x_t'b + u_t - v_t = y_t.
Dual: max sum of y_t d_t with sum of x_t d_t = 0 and tau - 1 <= d_t <= tau. An observation above the line has d_t = tau, one
below tau - 1; between the two are only observations on the line, as many as there are columns when no others tie.
Source: Koenker and Bassett, Econometrica 46 (1978), 33-50; Koenker, Quantile Regression (2005), section 6.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.run import Check
from solvers.base import Budget, Silent
from solvers.forecasting.quantile_design import Column
from solvers.forecasting.windows import FloatArray
from solvers.linear.certificate import certificate_checks
from solvers.linear.model import Family, LinearModel, ModelBuilder
from solvers.linear.solve import solve_linear

PRIMAL = (
    r"\min_{b,u,v} \sum_t \tau u_t + (1-\tau) v_t \quad \text{s.t.} \quad x_t^\top b + u_t - v_t = y_t, "
    r"\; u_t \ge 0, \; v_t \ge 0 \quad \forall t"
)
DUAL = r"\max_d \sum_t y_t d_t \quad \text{s.t.} \quad \sum_t x_t d_t = 0, \quad \tau - 1 \le d_t \le \tau \quad \forall t"

ON_THE_LINE = 1e-7
"""Distance from the line, in units of the spread of the observations, that is rounding."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    The solved program of n observations and k columns, in the unit of the series.

    `coefficients` (k) per unit of the columns as given (not divided by their `unit`), `fitted` (n), `duals` (n), `on` (n) true
    on the line, the loss, the dual objective and what the certificate recomputed.
    """

    coefficients: FloatArray
    fitted: FloatArray
    duals: FloatArray
    residuals: FloatArray
    loss: float
    dual_objective: float
    checks: list[Check]


def quantile_line(values: FloatArray, columns: Sequence[Column], *, quantile: float, time_limit: float) -> Line | None:
    """
    Return the regression line of a quantile; None when the solve was not carried to its proof in time.

    The program holds the observations less their median, divided by their mean distance from it, so that tolerances mean the
    same for pennies and millions; duals are the same in either unit. The first column must be the level.
    """
    middle = float(np.median(values))
    spread = float(np.abs(values - middle).mean()) or max(abs(middle), 1.0)
    scaled = (values - middle) / spread
    table = np.column_stack([column.values[: values.size] for column in columns])
    model = _model(scaled, table, quantile)
    budget = Budget(time_limit=time_limit, iteration_limit=None, relative_gap=1e-9, seed=0, threads=1)
    result = solve_linear(model, budget, Silent())
    if result.termination.reason != "optimal" or result.values is None or result.duals is None:
        return None
    checks = certificate_checks(model, result)
    if any(check.max_violation > check.tolerance for check in checks):
        return None
    coefficients = result.values[: len(columns)]
    residuals = scaled - table @ coefficients
    residuals = np.where(np.abs(residuals) <= ON_THE_LINE, 0.0, residuals)
    loss = float(np.where(residuals > 0, quantile * residuals, (quantile - 1) * residuals).sum())
    coefficients = coefficients * spread
    coefficients[0] += middle
    return Line(
        coefficients=coefficients,
        fitted=values - residuals * spread,
        duals=np.clip(result.duals, quantile - 1, quantile),
        residuals=residuals * spread,
        loss=loss * spread,
        dual_objective=float(result.duals @ scaled) * spread,
        checks=checks,
    )


def _model(values: FloatArray, table: FloatArray, quantile: float) -> LinearModel:
    """Return the linear program; columns are b, then all u_t, then all v_t."""
    n, k = table.shape
    builder = ModelBuilder(
        name="quantile regression",
        sense="min",
        objective=_family(
            "loss",
            r"\sum_t \tau u_t + (1-\tau) v_t",
            "sum over t: tau u[t] + (1 - tau) v[t]",
            "pinball loss: what lies above counts tau, what lies below 1 - tau",
        ),
    )
    coefficients = builder.add_variables(
        _family("b_j", "b_j", "b[j] free", "coefficients"), names=[f"b[{j}]" for j in range(k)], lower=-np.inf
    )
    above = builder.add_variables(
        _family("u_t", r"u_t \ge 0", "u[t] >= 0", "distance above the line"),
        names=[f"u[{t}]" for t in range(n)],
        objective=np.full(n, quantile),
    )
    below = builder.add_variables(
        _family("v_t", r"v_t \ge 0", "v[t] >= 0", "distance below the line"),
        names=[f"v[{t}]" for t in range(n)],
        objective=np.full(n, 1 - quantile),
    )
    rows, places = np.nonzero(table)
    times = np.arange(n)
    builder.add_constraints(
        _family(
            "observation_t",
            r"x_t^\top b + u_t - v_t = y_t \quad \forall t",
            "observation[t]: x[t] b + u[t] - v[t] = y[t]",
            "every observation lies on the line, above or below it",
        ),
        names=[f"observation[{t}]" for t in range(n)],
        rows=np.concatenate((rows, times, times)),
        columns=np.concatenate((coefficients[places], above, below)),
        coefficients=np.concatenate((table[rows, places], np.ones(n), -np.ones(n))),
        lower=values,
        upper=values,
    )
    return builder.build()


def _family(symbol: str, latex: str, text: str, meaning: str) -> Family:
    return Family(symbol=symbol, latex=latex, text=text, meaning=meaning, unit=None, pointer=None)
