"""
Telling an unbounded model from an infeasible one.

Branch and bound ends only where its relaxation is bounded: on other models HiGHS runs for ever or calls them infeasible. With
rational data a MIP whose relaxation is unbounded has no optimum: it is infeasible, or it has a point and is unbounded (Meyer,
On the existence of optimal solutions to integer and mixed-integer programming problems, Mathematical Programming 7, 1974).
"""

import time
from dataclasses import replace

import numpy as np

from solvers.base import Budget, Progress
from solvers.linear.engine import DETAILS, Raw, run_engine, run_second_engine
from solvers.linear.model import Floats, LinearModel

RELAXATION_SHARE = 0.25
"""Share of the time limit that finding out about the relaxation may take; a larger model goes to branch and bound unseen."""

WITHOUT_END = ("unbounded", "infeasible_or_unbounded")


def unbounded_relaxation(model: LinearModel, budget: Budget, progress: Progress) -> Raw | None:
    """
    Return what the engine says of the relaxation of a MIP that is unbounded or infeasible, or None.

    Only models whose objective could improve along a column without a bound are looked at.
    """
    rising = (model.sign * model.objective < 0) & np.isinf(model.column_upper)
    falling = (model.sign * model.objective > 0) & np.isinf(model.column_lower)
    if not model.is_mip or not (rising | falling).any():
        return None
    part = replace(budget, time_limit=budget.time_limit * RELAXATION_SHARE, iteration_limit=None)
    raw = run_engine(model.relaxed(), part, progress)
    return raw if raw.reason in WITHOUT_END else None


def resolve(model: LinearModel, raw: Raw, budget: Budget, progress: Progress) -> tuple[Raw, Floats | None]:
    """
    Tell infeasible from unbounded: with a zero objective the model is infeasible or has a point, which is returned.

    Parameters
    ----------
    model
        LP or MIP that improves without end if it has a point at all.
    raw
        What the engine said of the model; its reason and detail are replaced.
    """
    feasibility = _any_point(replace(model, objective=np.zeros(model.columns), offset=0.0), budget, progress)
    if feasibility.reason in ("infeasible", "infeasible_or_unbounded"):  # nothing is unbounded without an objective
        return replace(raw, reason="infeasible", detail=DETAILS["infeasible"], values=None), None
    if feasibility.values is not None:
        detail = "a feasible point exists and the objective improves without end"
        return replace(raw, reason="unbounded", detail=detail, values=None), feasibility.values
    return replace(feasibility, reason="no_solution_found", values=None), None


def _any_point(model: LinearModel, budget: Budget, progress: Progress) -> Raw:
    """Solve a model without an objective; integers without bounds can keep one engine busy for ever, so each has its turn."""
    if not model.is_mip:
        return run_engine(model, budget, progress)
    started = time.monotonic()
    first = run_second_engine(model, replace(budget, time_limit=budget.time_limit / 2), progress)
    left = budget.time_limit - (time.monotonic() - started)
    if first.reason != "no_solution_found" or first.limit != "time" or left <= 0:
        return first
    return run_engine(model, replace(budget, time_limit=left), progress)
