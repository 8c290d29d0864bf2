"""What makes an assignment or facility location request meaningless: ragged matrices, wrong sizes, duplicates."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.errors import Issue, issue
from models.network.assignment import AssignmentProblem, SparseCosts
from models.network.facility_location import MAX_PAIRS, FacilityLocationProblem
from models.network.parts import MAX_ARCS


def assignment_issues(problem: AssignmentProblem) -> Iterator[Issue]:
    """Yield issues of an assignment request."""
    costs = problem.costs
    if isinstance(costs, SparseCosts):
        shape = list(_sparse_issues(costs))
        height, width = costs.rows, costs.columns
    else:
        width = len(costs[0]) if costs else 0
        shape = list(matrix_issues(costs, width=width, most=MAX_ARCS))
        height = len(costs)
    yield from shape
    if shape:
        return
    for name, labels, length in (("row_ids", problem.row_ids, height), ("column_ids", problem.column_ids, width)):
        if labels is None:
            continue
        if len(labels) != length:
            message = f"List `{name}` has {len(labels)} names, but `costs` has {length} {name[:-4]}s."
            yield issue(f"/{name}", "WRONG_LENGTH", message, limit=length, got=len(labels))
        yield from duplicate_issues([(f"/{name}/{position}", label) for position, label in enumerate(labels)])


def facility_issues(problem: FacilityLocationProblem) -> Iterator[Issue]:
    """Yield issues of a facility location request."""
    yield from duplicate_issues([(f"/facilities/{i}/id", facility.id) for i, facility in enumerate(problem.facilities)])
    yield from duplicate_issues([(f"/clients/{i}/id", client.id) for i, client in enumerate(problem.clients)])
    width, height = len(problem.facilities), len(problem.clients)
    if len(problem.costs) != height:
        message = f"Matrix `costs` has {len(problem.costs)} rows, but there are {height} clients: one row per client is needed."
        yield issue("/costs", "WRONG_LENGTH", message, limit=height, got=len(problem.costs))
    yield from matrix_issues(problem.costs, width=width, most=MAX_PAIRS)


def matrix_issues(matrix: Sequence[Sequence[Any]], *, width: int, most: int) -> Iterator[Issue]:
    """Yield an empty matrix, rows that are not `width` long, and matrices with more than `most` entries."""
    if not matrix or not width:
        yield issue("/costs", "TOO_SHORT", "Matrix `costs` is empty; give at least one row with one value.", limit=1, got=0)
    for position, row in enumerate(matrix):
        if len(row) != width:
            message = f"Row {position} has {len(row)} of {width} values; every row needs one value per column (null forbids)."
            yield issue(f"/costs/{position}", "RAGGED_MATRIX", message, limit=width, got=len(row))
    if len(matrix) * width > most:
        message = f"Matrix `costs` has {len(matrix) * width} entries, more than {most}; leave out pairs that are never used."
        yield issue("/costs", "TOO_MANY_PAIRS", message, limit=most, got=len(matrix) * width)


def duplicate_issues(named: Sequence[tuple[str, str]]) -> Iterator[Issue]:
    """Yield names that stand twice, given as pairs of pointer and name."""
    first: dict[str, str] = {}
    for pointer, name in named:
        if name in first:
            yield issue(pointer, "DUPLICATE_ID", f"This id already stands at {first[name]}; give each its own.")
        first.setdefault(name, pointer)


def _sparse_issues(costs: SparseCosts) -> Iterator[Issue]:
    length = len(costs.row)
    for name, values in (("column", costs.column), ("cost", costs.cost)):
        if len(values) != length:
            message = f"Column {name} has {len(values)} values, but row has {length}; columns need equal lengths."
            yield issue(f"/costs/{name}", "WRONG_LENGTH", message, limit=length, got=len(values))
            return
    row, column = np.array(costs.row, dtype=np.int64), np.array(costs.column, dtype=np.int64)
    for name, place, size in (("row", row, costs.rows), ("column", column, costs.columns)):
        for position in np.flatnonzero(place >= size)[:100].tolist():
            message = f"There are {size} {name}s, counted from 0, so that the last one is {size - 1}."
            yield issue(f"/costs/{name}/{position}", "INDEX_OUT_OF_RANGE", message, limit=size - 1, got=int(place[position]))
    _, first = np.unique(row * costs.columns + column, return_index=True)
    repeated = np.setdiff1d(np.arange(length), first)
    for position in repeated[:100].tolist():
        message = "This pair of row and column is given twice; give each pair once."
        yield issue(f"/costs/row/{position}", "DUPLICATE_PAIR", message)
