"""
Proofs that a model has no answer although its relaxation has one.

A model that only whole numbers make infeasible has no Farkas multipliers. In this order one of these is looked for:

divisor      equations for which every coefficient of their sum is divisible by d and the right-hand side is not (by elimination
             over the field of two elements, or a single row with the greatest common divisor of its coefficients; a case of
             the integer Farkas lemma, Schrijver, Theory of Linear and Integer Programming, 1986, 4.1a);
enumeration  where the box of a model of whole variables is small: every point of it violates something;
engine       a second engine, which shares no code with the first, comes to the same end.

The first two are checked by arithmetic alone (`solvers.linear.certificate`); the third is a second opinion, and named as such.
"""

import time
from dataclasses import replace

import numpy as np

from solvers.base import Budget, Progress
from solvers.errors import EngineError
from solvers.linear.engine import run_engine, run_second_engine
from solvers.linear.integer_proof import IntegerConflict, box_of, divides, whole_rows
from solvers.linear.model import LinearModel
from solvers.linear.raw import Raw

MOST_EQUATIONS = 2_000
LEAST_SECONDS = 1.0
SECONDS_PER_SECOND = 3.0
"""A second engine may take so many times as long as the first, and always a second, as far as time allows."""


def integer_conflict(model: LinearModel, first: Raw, budget: Budget, progress: Progress) -> IntegerConflict | None:
    """
    Return a proof that a MIP with a feasible relaxation is infeasible; None when none was found in time.

    Parameters
    ----------
    model
        What the first engine called infeasible.
    first
        What the first engine said.
    budget
        Time for all of the search.
    progress
        Asked whether to stop.
    """
    found = _one_row(model) or _odd_sum(model)
    if found is not None:
        return found
    if box_of(model) is not None:
        return IntegerConflict(kind="enumeration", rows=np.zeros(0, dtype=np.int64))
    return _second_opinion(model, first, budget, progress)


def _one_row(model: LinearModel) -> IntegerConflict | None:
    """Return a row whose coefficients share a divisor that no number between its sides has."""
    whole = whole_rows(model) & (np.diff(model.indptr) > 0)
    whole &= np.isfinite(model.row_lower) & np.isfinite(model.row_upper)
    for row in np.flatnonzero(whole).tolist():
        entries = np.abs(model.coefficients[model.indptr[row] : model.indptr[row + 1]]).astype(np.int64)
        divisor = int(np.gcd.reduce(entries))
        if divisor > 1 and divides(model, np.asarray([row]), divisor):
            return IntegerConflict(kind="divisor", rows=np.asarray([row]), divisor=divisor)
    return None


def _odd_sum(model: LinearModel) -> IntegerConflict | None:
    """Return equations whose sum has even coefficients and an odd right-hand side."""
    sides = model.row_lower
    equations = np.flatnonzero(whole_rows(model) & (sides == model.row_upper) & (sides == np.round(sides)))
    if not 0 < equations.size <= MOST_EQUATIONS:
        return None
    odd = (np.abs(model.matrix()[equations].toarray()) % 2).astype(np.uint8)
    system = np.column_stack([odd, (np.abs(sides[equations]) % 2).astype(np.uint8)])
    history = np.eye(len(equations), dtype=np.uint8)
    free = np.ones(len(equations), dtype=np.bool_)
    for column in range(odd.shape[1]):
        candidates = np.flatnonzero(free & (system[:, column] == 1))
        if not candidates.size:
            continue
        pivot = candidates[0]
        free[pivot] = False
        others = candidates[1:]
        system[others] ^= system[pivot]
        history[others] ^= history[pivot]
    contradiction = np.flatnonzero(free & (system[:, -1] == 1))
    if not contradiction.size:
        return None
    rows = equations[np.flatnonzero(history[contradiction[0]])]
    return IntegerConflict(kind="divisor", rows=rows, divisor=2) if divides(model, rows, 2) else None


def _second_opinion(model: LinearModel, first: Raw, budget: Budget, progress: Progress) -> IntegerConflict | None:
    """Ask an engine that the answer did not come from: CP-SAT where the model has whole numbers only, else SCIP."""
    seconds = min(budget.time_limit, max(LEAST_SECONDS, SECONDS_PER_SECOND * first.solve_time))
    deadline = time.monotonic() + seconds
    plain = replace(model, objective=np.zeros(model.columns), offset=0.0)
    part = replace(budget, time_limit=seconds, iteration_limit=None, threads=1)
    name = "" if first.algorithm is None else first.algorithm.words
    raw = None
    if "CP-SAT" not in name:
        try:
            raw = run_engine(plain, part, progress, method="constraint_programming")
        except EngineError:  # the model has numbers that are not whole
            raw = None
    left = deadline - time.monotonic()
    if (raw is None or raw.reason == "no_solution_found") and left > 0:
        run = run_engine if "SCIP" in name else run_second_engine
        try:
            raw = run(plain, replace(part, time_limit=left), progress)
        except EngineError:
            return None
    if raw is None or (raw.values is None and raw.reason not in ("infeasible", "infeasible_or_unbounded")):
        return None
    return IntegerConflict(kind="engine", rows=np.zeros(0, dtype=np.int64), agrees=raw.values is None)
