"""What an optimal basis says about changes: ranges, one-sided prices and whether other answers are as good."""

import time
from dataclasses import dataclass, field

import numpy as np

from solvers.linear.basis import Basis, rebuilt_basis
from solvers.linear.degeneracy import has_alternatives, is_degenerate
from solvers.linear.model import Floats, Integers, LinearModel
from solvers.linear.one_sided_prices import one_sided_prices
from solvers.linear.ranging import Ranges, cost_ranges, side_ranges
from solvers.linear.solve import LinearResult

SHARE = 0.25
"""Share of the time of a long solve that its whole explanation may take: ranges get what the writing of reports leaves."""

MOST_FOR_A_PART = 0.05
"""Largest share of the time of a long solve for each of ranges of sides, ranges of costs, and one-sided prices."""

REPORT_SECONDS = 2.5e-6
"""Seconds to write the report of one row or column, on a processor that solves 26,000 rows in 1.3 s."""

SHORT_SOLVE = 0.8
"""Solves below this many seconds are short: each part may then take this long."""

PARTS = 3
LEAST_PART = 0.005

FEW_ROWS, FEW_ROWS_TIME = 100, 0.01
"""Models of fewer rows get an explanation within 30 ms: each part may take a third of that."""

LEAST_FOR_ALTERNATIVES = 0.1
"""Seconds that the question for other optima may always take; it hardly ever needs a linear program at all."""

INTEGER = "ranges belong to a linear program; with integer decisions the objective does not change along a straight line"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """
    Ranges of some rows and columns, one-sided prices of all rows, and the degeneracy of the basis.

    `sides` belongs to `rows` (w) and `costs` to `columns` (v), None without a basis. `price_up` and `price_down` (m) are in the
    caller's sense and NaN where they are not known or do not exist. `degenerate` and `alternative_optima` are None when
    unknown. `unavailable` says for each missing part why it is missing.
    """

    rows: Integers
    columns: Integers
    basis: Basis | None = None
    sides: Ranges | None = None
    costs: Ranges | None = None
    price_up: Floats | None = None
    price_down: Floats | None = None
    degenerate: bool | None = None
    alternative_optima: bool | None = None
    unavailable: dict[str, str] = field(default_factory=dict)


def sensitivity_of(
    model: LinearModel, result: LinearResult, *, rows: Integers, columns: Integers, deadline: float
) -> Sensitivity:
    """
    Return what the optimal basis of a linear program says about changes of the given rows and columns.

    Parameters
    ----------
    model, result
        A model and its result; without an optimal basis that agrees with the result nothing but the reason is returned.
    rows, columns
        Rows (w,) with a side and columns (v,) to range; when time is short the dearest come first.
    deadline
        Moment on the clock of `time.monotonic` by which this must be done. A solve of more than a second also limits it: see
        `SHARE`.
    """
    begun = time.monotonic()
    if result.values is None or result.value is None:
        return Sensitivity(rows=rows, columns=columns)
    basis = INTEGER if model.is_mip else rebuilt_basis(model, result)
    if isinstance(basis, str):
        keys = ("constraints.rhs_range", "variables.cost_range", "constraints.shadow_price_up", "constraints.shadow_price_down")
        return Sensitivity(rows=rows, columns=columns, unavailable=dict.fromkeys(keys, basis))
    part = _seconds_for_a_part(result.solve_time, reports=len(rows) + len(columns), spent=time.monotonic() - begun)
    part = FEW_ROWS_TIME if model.rows < FEW_ROWS else part

    def end() -> float:
        return min(deadline, time.monotonic() + part)

    row_order = np.argsort(-np.abs(basis.duals[rows] * basis.activity[rows]) - np.abs(basis.duals[rows]), kind="stable")
    column_order = np.argsort(-np.abs(model.objective * basis.values)[columns], kind="stable")
    sides = side_ranges(model, basis, rows[row_order], value=result.value, deadline=end())
    costs = cost_ranges(model, basis, columns[column_order], value=result.value, deadline=end())
    degenerate = is_degenerate(model, basis)
    prices = one_sided_prices(model, basis, rows[row_order], sides, deadline=end())
    alternatives = has_alternatives(model, basis, deadline=max(end(), min(deadline, time.monotonic() + LEAST_FOR_ALTERNATIVES)))
    return Sensitivity(
        rows=rows,
        columns=columns,
        basis=basis,
        sides=sides.taken(np.argsort(row_order)),
        costs=costs.taken(np.argsort(column_order)),
        price_up=prices.up,
        price_down=prices.down,
        degenerate=degenerate,
        alternative_optima=alternatives,
        unavailable=_missing(sides, costs, prices.unknown, alternatives),
    )


def _seconds_for_a_part(solve_time: float, *, reports: int, spent: float) -> float:
    """Return the seconds of each part, so that a long solve is explained in its share of the time."""
    if solve_time < SHORT_SOLVE:
        return SHORT_SOLVE
    left = SHARE * solve_time - REPORT_SECONDS * reports - spent
    return min(MOST_FOR_A_PART * solve_time, max(LEAST_PART, left / PARTS))


def _missing(sides: Ranges, costs: Ranges, unknown: int, alternatives: bool | None) -> dict[str, str]:
    """Return what there was no time for."""
    missing = {}
    for key, ranges, what in (
        ("constraints.rhs_range", sides, "constraints"),
        ("variables.cost_range", costs, "variables"),
    ):
        left = int((~ranges.known).sum())
        if left:
            missing[key] = (
                f"time ended before {left} of {len(ranges.known)} {what} were ranged; those with most money came first"
            )
    if unknown:
        reason = f"time ended before the one-sided prices of {unknown} constraints were found; the dearest came first"
        missing |= dict.fromkeys(("constraints.shadow_price_up", "constraints.shadow_price_down"), reason)
    if alternatives is None:
        missing["duals.alternative_optima"] = "the basis is degenerate, and time or size did not allow to settle it"
    return missing
