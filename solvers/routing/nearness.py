"""Which stops go well before, behind and around each other: the lists that keep the compiled search local."""

import numpy as np
from numpy.typing import NDArray

from solvers.routing import route_state_kernels as layout
from solvers.routing.compiled_problem import CompiledProblem

ROWS_A_BLOCK = 512

WAIT_WEIGHT = 0.2
"""Weight of a unit of certain waiting between two stops against a unit of distance."""


def near_stops(problem: CompiledProblem, *, neighbours: int, around: int) -> NDArray[np.int32]:
    """
    Return for each stop the stops that go well before it, behind it and around it, best first, -1 where a list ends.

    Parameters
    ----------
    problem
        The problem.
    neighbours
        Length of the lists of stops before and behind.
    around
        Length of the list of stops around, itself first.

    Returns
    -------
    NDArray
        Shape (3, n, width). Stops that cannot follow each other in time are not in the first two lists.
    """
    size = problem.size
    neighbours, around = min(neighbours, max(1, size - 1)), min(around, size)
    near = np.full((3, size, max(neighbours, around)), -1, dtype=np.int32)
    way = problem.fleet[0, layout.DISTANCE]
    alike = not problem.timed and way == problem.fleet[0, layout.DISTANCE_BACK]
    listed = max(neighbours + 1, around) if alike else around
    for first in range(0, size, ROWS_A_BLOCK):
        rows = np.arange(first, min(first + ROWS_A_BLOCK, size))
        if not alike:
            behind, before = _apart(problem, rows)
            near[layout.BEFORE, rows, :neighbours] = _least(before, neighbours)
            near[layout.BEHIND, rows, :neighbours] = _least(behind, neighbours)
        apart = problem.matrix[way][problem.place[rows]][:, problem.place]
        apart[np.arange(len(rows)), rows] = -1
        least = _least(apart, min(listed, size))
        near[layout.AROUND, rows, :around] = least[:, :around]
        if alike:
            # Itself comes first; the others go as well before as behind.
            near[: layout.AROUND, rows, :neighbours] = least[:, 1 : neighbours + 1] if size > 1 else -1
    return near


def _distances(problem: CompiledProblem, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    matrix = problem.matrix[problem.fleet[0, layout.DISTANCE]]
    lengths: NDArray[np.float64] = matrix[problem.place[rows]][:, problem.place].astype(np.float64)
    return lengths


def _apart(problem: CompiledProblem, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how badly each stop goes behind the rows, and before them; infinity where it cannot."""
    fleet, place = problem.fleet[0], problem.place
    onwards = _distances(problem, rows)
    back = problem.matrix[fleet[layout.DISTANCE_BACK]][place[rows][:, None], place[None, :]].astype(np.float64)
    if problem.count[layout.TIMED]:
        there = problem.matrix[fleet[layout.DURATION]][place[rows][:, None], place[None, :]].astype(np.float64)
        here = problem.matrix[fleet[layout.DURATION_BACK]][place[rows][:, None], place[None, :]].astype(np.float64)
        early, late, service = problem.early.astype(np.float64), problem.late.astype(np.float64), problem.service
        _add_times(onwards, there + service[rows][:, None], (early[rows], late[rows]), (early, late), transposed=False)
        _add_times(back, here + service[None, :], (early[rows], late[rows]), (early, late), transposed=True)
    own = np.arange(len(rows))
    onwards[own, rows] = back[own, rows] = np.inf
    return onwards, back


def _add_times(
    apart: NDArray[np.float64],
    spans: NDArray[np.float64],
    rows: tuple[NDArray[np.float64], NDArray[np.float64]],
    columns: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    transposed: bool,
) -> None:
    """Add certain waiting to distances, and infinity where the second of two stops is missed even from the earliest start."""
    first_early, first_late = (values[None, :] for values in columns) if transposed else (values[:, None] for values in rows)
    second_early, second_late = (values[:, None] for values in rows) if transposed else (values[None, :] for values in columns)
    apart += WAIT_WEIGHT * np.maximum(0.0, second_early - first_late - spans)
    apart[first_early + spans > second_late] = np.inf


def _least(values: NDArray[np.float64] | NDArray[np.int32], number: int) -> NDArray[np.int32]:
    """Return the columns of the least finite values of each row in increasing order, then -1."""
    if number < values.shape[1]:
        found = np.argpartition(values, number - 1, axis=1)[:, :number]
    else:
        found = np.broadcast_to(np.arange(values.shape[1]), values.shape)[:, :number]
    chosen = np.take_along_axis(values, found, axis=1)
    order = np.argsort(chosen, axis=1, kind="stable")
    result = np.take_along_axis(found, order, axis=1)
    finite = np.isfinite(np.take_along_axis(chosen, order, axis=1))
    return np.where(finite, result, -1).astype(np.int32)
