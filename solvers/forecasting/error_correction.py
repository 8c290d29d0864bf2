"""
Move forecasts on by new observations, a constant time per row, without a refit.

The correction of the level follows the errors: c = c + alpha (y - forecast) / gain, where the gain is what a unit of level
adds to the forecast of that period. Errors one step ahead are summed for the bias and the tracking signal (Brown, Smoothing,
Forecasting and Prediction, 1963, chapter 19), which say when a refit is due.
"""

import time
from dataclasses import replace
from math import sqrt
from typing import ClassVar

from models.forecasting.solution import Interval
from models.forecasting.update import RefitReason, SeriesUpdate, SeriesUpdated, Tracking, UpdateProblem, UpdateSolution
from models.run import Termination
from solvers.base import Budget, Outcome, Progress
from solvers.forecasting.state import EXPECTED_WEIGHT, State, read_state

LARGEST_SIGNAL = 4.0
FEWEST_ERRORS = 3
"""Observations from which on errors are judged."""

GROWN = 2.0
"""Errors this many times as large as expected at the fit ask for a refit."""


class ErrorCorrection:
    """Exponential smoothing of the errors of the fitted path."""

    name: ClassVar[str] = "error_correction"
    libraries: ClassVar[tuple[str, ...]] = ()

    def supports(self, problem: UpdateProblem) -> str | None:
        """Every valid problem is supported."""
        del problem
        return None

    def solve(self, problem: UpdateProblem, budget: Budget, progress: Progress) -> Outcome[UpdateSolution]:
        """Move every state on; the work is proportional to the rows and steps."""
        del budget, progress
        begun = time.monotonic()
        series = [updated(update, problem.horizon) for update in problem.series]
        rows = sum(len(update.values) for update in problem.series)
        return Outcome(
            status="succeeded",
            termination=Termination(reason="feasible", limit="none", detail=f"{rows} new rows in {len(series)} series"),
            objective=None,
            solution=UpdateSolution(series=series),
            iterations=rows,
            solve_time=time.monotonic() - begun,
        )


def updated(update: SeriesUpdate, horizon: int) -> SeriesUpdated:
    """Return the forecast of one series after its new observations."""
    state = read_state(update.state)
    assert state is not None, "semantics reject states that were changed"
    for value in update.values:
        state = advanced(state, value)
    grid, origin = state.grid, state.origin
    stamps = [
        grid.stamp(grid.step(origin, state.position + k), like=state.start) for k in range(state.seen, state.seen + horizon)
    ]
    floor = 0.0 if state.non_negative else float("-inf")
    steps = range(state.seen + 1, state.seen + horizon + 1)
    mean = [max(state.forecast(step, state.correction), floor) for step in steps]
    reasons = refit_reasons(state)
    return SeriesUpdated(
        id=state.id,
        timestamps=stamps,
        mean=mean,
        median=_bound(state, state.median, mean, floor),
        quantiles={key: _bound(state, row, mean, floor) for key, row in state.quantiles.items()},
        intervals={
            key: Interval(lower=_bound(state, row, mean, floor), upper=_bound(state, state.upper[key], mean, floor))
            for key, row in state.lower.items()
        },
        tracking=tracking(state),
        refit=bool(reasons),
        refit_reasons=reasons,
        state=state.written(),
    )


def advanced(state: State, value: float | None) -> State:
    """Return the state after one more row; a missing value only lets time pass."""
    step = state.seen + 1
    if value is None:
        return replace(state, seen=step)
    forecast, gain = state.forecast(step, state.correction), state.gain(step)
    shown = max(forecast, 0.0) if state.non_negative else forecast
    error = value - shown
    moved = state.alpha * (value - forecast) / gain if gain else 0.0
    total, absolute, actual, count = state.errors
    errors = [total + error, absolute + abs(error), actual + abs(value), count + 1]
    return replace(state, seen=step, correction=state.correction + moved, errors=errors)


def tracking(state: State) -> Tracking:
    """Return bias, mean absolute error and tracking signal since the fit."""
    total, absolute, actual, count = state.errors
    typical = (EXPECTED_WEIGHT * state.scale + absolute) / (EXPECTED_WEIGHT + count)
    return Tracking(
        observations=int(count),
        bias=-total / actual if actual else None,
        mean_absolute_error=absolute / count if count else None,
        signal=total / typical if typical else 0.0,
    )


def refit_reasons(state: State) -> list[RefitReason]:
    """Return why the series should be fitted anew."""
    _, absolute, _, count = state.errors
    reasons: list[RefitReason] = []
    if count >= FEWEST_ERRORS and abs(tracking(state).signal) > LARGEST_SIGNAL:
        reasons.append("BIASED")
    if count >= FEWEST_ERRORS and absolute > GROWN * state.scale * count:
        reasons.append("ERRORS_GROWN")
    if state.seen > len(state.path):
        reasons.append("PATH_USED_UP")
    return reasons


def _bound(state: State, row: list[float], mean: list[float], floor: float) -> list[float]:
    """Return a quantile: its distance from the mean belongs to steps ahead, and grows as a random walk beyond the last one."""
    bounds = []
    for ahead, centre in enumerate(mean):
        relative = row[min(ahead, len(row) - 1)]
        if state.proportional:
            bounds.append(max(relative * centre, floor))
            continue
        wider = sqrt(max(1.0, (ahead + 1) / len(row)))
        _, _, factor, _ = state.parts(state.seen + ahead + 1)
        bounds.append(max(centre + wider * factor * relative, floor))
    return bounds
