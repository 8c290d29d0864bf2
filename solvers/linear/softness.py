"""What may give way in an infeasible model, and what a unit of it costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.linear import LinearProblem
from solvers.linear.member import Member, MemberKind, domain
from solvers.linear.model import Floats, LinearModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Softness:
    """
    Cost per unit by which a lower or upper side of a row (m,) or a bound of a column (n,) moves; infinite where it is hard.

    A cost of 0 marks a row that follows from others: it moves with them and is not shown. `tie_break` (m,) decides between
    rows of equal cost and counts in no cost that is shown.
    """

    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    tie_break: Floats

    def costs(self) -> dict[MemberKind, Floats]:
        """Return the costs of the four kinds of sides and bounds."""
        return {"row_lower": self.row_lower, "row_upper": self.row_upper, "lower": self.lower, "upper": self.upper}

    def cost_of(self, member: Member) -> float:
        """Return the cost per unit of one side or bound."""
        return float(self.costs()[member.kind][member.index])

    def only(self, members: Sequence[Member]) -> "Softness":
        """Return the same costs for some sides and bounds, all else hard; rows of cost 0 stay as they are."""
        costs = self.costs()
        kept: dict[MemberKind, Floats] = {kind: np.where(cost == 0, 0.0, np.inf) for kind, cost in costs.items()}
        for member in members:
            kept[member.kind][member.index] = costs[member.kind][member.index]
        return Softness(
            row_lower=kept["row_lower"],
            row_upper=kept["row_upper"],
            lower=kept["lower"],
            upper=kept["upper"],
            tie_break=self.tie_break,
        )


def soft_everywhere(model: LinearModel) -> Softness:
    """Return a cost of 1 for every row and bound; what variables are (at least 0, or 0 and 1) stays hard."""
    return softness(model, rows=np.ones(model.rows), columns=np.ones(model.columns))


def softness(model: LinearModel, *, rows: Floats, columns: Floats, tie_break: Floats | None = None) -> Softness:
    """Return the costs of rows (m,) and of both bounds of columns (n,), with what variables are kept hard."""
    lower, upper = domain(model)
    return Softness(
        row_lower=np.where(np.isfinite(model.row_lower), rows, np.inf),
        row_upper=np.where(np.isfinite(model.row_upper), rows, np.inf),
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
