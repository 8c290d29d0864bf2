"""Whether a model without an objective has a point, told by a point or by an engine's proof that there is none."""

import time
from dataclasses import dataclass, replace

import numpy as np

from solvers.base import Budget, Silent
from solvers.errors import EngineError
from solvers.linear.engine import run_engine, run_second_engine
from solvers.linear.model import Floats, LinearModel

TOLERANCE = 1e-6
"""Largest relative violation of a point that counts as one."""

LEAST_TIME = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Feasibility:
    """`feasible` is None when time ended first; `point` (n,) is one when it is True."""

    feasible: bool | None
    point: Floats | None = None


def feasible_point(model: LinearModel, *, deadline: float, seed: int = 0) -> Feasibility:
    """
    Return a point of a model whatever its objective, that there is none, or that time ended.

    A MIP goes to one engine, and to a second one when the first comes to no end: integers without bounds can keep either busy
    for ever. `deadline` is on the clock of `time.monotonic`.
    """
    if np.any(model.column_lower > model.column_upper) or np.any(model.row_lower > model.row_upper):
        return Feasibility(False)
    empty = np.diff(model.indptr) == 0
    if np.any(empty & ((model.row_lower > 0) | (model.row_upper < 0))):
        return Feasibility(False)
    if not model.columns:
        return Feasibility(True, np.zeros(0))
    plain = replace(model, objective=np.zeros(model.columns), offset=0.0)
    if not model.is_mip:
        return _verdict(plain, deadline, 1.0, seed, second=False)
    first = _verdict(plain, deadline, 0.5, seed, second=False)
    return first if first.feasible is not None else _verdict(plain, deadline, 1.0, seed, second=True)


def _verdict(model: LinearModel, deadline: float, share: float, seed: int, *, second: bool) -> Feasibility:
    left = (deadline - time.monotonic()) * share
    if left <= 0:
        return Feasibility(None)
    budget = Budget(time_limit=max(left, LEAST_TIME), iteration_limit=None, relative_gap=1e-6, seed=seed, threads=1)
    run = run_second_engine if second else run_engine
    try:
        raw = run(model, budget, Silent())
    except EngineError:
        return Feasibility(None)
    if raw.reason in ("infeasible", "infeasible_or_unbounded"):  # nothing is unbounded without an objective
        return Feasibility(False)
    if raw.values is None:
        return Feasibility(None)
    return Feasibility(True, np.where(model.integer, np.round(raw.values), raw.values))
