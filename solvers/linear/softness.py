"""What may give way in an infeasible model, and what a unit of it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.linear import LinearProblem
from solvers.linear.member import Member, domain
from solvers.linear.model import Floats, LinearModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Softness:
    """
    Cost per unit by which a side of a row (m,) or a bound of a column (n,) moves; infinite where it is hard.

    A cost of 0 marks a row that follows from others: it moves with them and is not shown. `tie_break` (m,) decides between
    rows of equal cost and counts in no cost that is shown.
    """

    rows: Floats
    lower: Floats
    upper: Floats
    tie_break: Floats

    def cost_of(self, member: Member) -> float:
        """Return the cost per unit of one side or bound."""
        if member.is_of_row:
            return float(self.rows[member.index])
        return float((self.lower if member.kind == "lower" else self.upper)[member.index])

    def only(self, members: Sequence[Member]) -> "Softness":
        """Return the same costs for the sides and bounds of some members, all else hard; rows of cost 0 stay as they are."""
        rows, lower, upper = np.full_like(self.rows, np.inf), np.full_like(self.lower, np.inf), np.full_like(self.upper, np.inf)
        rows[self.rows == 0] = 0.0
        for member in members:
            target, source = (
                (rows, self.rows)
                if member.is_of_row
                else (lower, self.lower)
                if member.kind == "lower"
                else (upper, self.upper)
            )
            target[member.index] = source[member.index]
        return Softness(rows=rows, lower=lower, upper=upper, tie_break=self.tie_break)


def soft_everywhere(model: LinearModel) -> Softness:
    """Return a cost of 1 for every row and bound; what variables are (at least 0, or 0 and 1) stays hard."""
    return softness(model, rows=np.ones(model.rows), columns=np.ones(model.columns))


def softness(model: LinearModel, *, rows: Floats, columns: Floats, tie_break: Floats | None = None) -> Softness:
    """Return the costs of rows (m,) and of both bounds of columns (n,), with what variables are kept hard."""
    lower, upper = domain(model)
    return Softness(
        rows=rows,
        lower=np.where(np.isfinite(model.column_lower) & np.isinf(lower), columns, np.inf),
        upper=np.where(np.isfinite(model.column_upper) & np.isinf(upper), columns, np.inf),
        tie_break=np.zeros(model.rows) if tie_break is None else tie_break,
    )


def softness_of(problem: LinearProblem, model: LinearModel) -> Softness:
    """Return what the request lets give way; MPS and LP texts cannot say, so everything may, at a cost of 1."""
    if problem.variables is not None:
        rows = _costs(
            [row.hard for row in problem.constraints], [row.relaxation_cost for row in problem.constraints], model.rows
        )
        columns = _costs(
            [column.hard for column in problem.variables],
            [column.relaxation_cost for column in problem.variables],
            model.columns,
        )
    elif problem.columns is not None:
        given, bounds = problem.columns.constraints, problem.columns.variables
        rows = _costs(given.hard, given.relaxation_cost, model.rows)
        columns = _costs(bounds.hard, bounds.relaxation_cost, model.columns)
    else:
        return soft_everywhere(model)
    return softness(model, rows=rows, columns=columns)


def _costs(hard: Sequence[bool], cost: Sequence[float], count: int) -> Floats:
    costs = np.asarray(cost, dtype=np.float64) if len(cost) else np.ones(count)
    return np.where(np.asarray(hard, dtype=np.bool_), np.inf, costs) if len(hard) else costs
