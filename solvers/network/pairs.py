"""Allowed pairs of an assignment problem as arrays, from a matrix or from sparse columns."""

from dataclasses import dataclass

import numpy as np

from models.network.assignment import AssignmentProblem
from solvers.network.arrays import Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """k allowed pairs: `row`, `column`, `cost` (k,) in the caller's sense; names of all rows and columns."""

    row: Integers
    column: Integers
    cost: Floats
    rows: list[str]
    columns: list[str]

    def named(self) -> list[str]:
        """Return `row->column` of every pair, the name of its arc."""
        return [
            f"{self.rows[row]}->{self.columns[column]}"
            for row, column in zip(self.row.tolist(), self.column.tolist(), strict=True)
        ]


def pairs_of(problem: AssignmentProblem) -> Pairs:
    """Return the allowed pairs of a problem; semantics has checked its shape."""
    costs = problem.costs
    if isinstance(costs, list):
        width = len(costs[0]) if costs else 0
        matrix = np.array(costs, dtype=np.float64).reshape(len(costs), width)
        row, column = np.nonzero(~np.isnan(matrix))
        cost, height = matrix[row, column], len(costs)
    else:
        row, column = np.array(costs.row, dtype=np.int64), np.array(costs.column, dtype=np.int64)
        cost, height, width = np.array(costs.cost, dtype=np.float64), costs.rows, costs.columns
    return Pairs(
        row=row.astype(np.int64),
        column=column.astype(np.int64),
        cost=cost,
        rows=problem.row_ids if problem.row_ids is not None else [str(position) for position in range(height)],
        columns=problem.column_ids if problem.column_ids is not None else [str(position) for position in range(width)],
    )
