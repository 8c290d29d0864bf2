"""
Independent check of forecasts: recomputed from the request and the reported numbers, sharing no code with the methods.

The smoothing recursion is written in component form (level, trend and season as weighted averages) and Theta with plain sums,
where the methods use error-correction form and running lines; so a slip in one of them does not hide in the other.
For ensembles the combination is recomputed from the members' forecasts, and some members from the observations.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from models.forecasting import ForecastProblem, ForecastSolution, SeriesForecast
from models.run import Check
from solvers.base import Outcome
from solvers.forecasting.check_covariates import coefficient_violations
from solvers.forecasting.check_data import Given, Moment, expected_times, given_series, ids_of, parsed
from solvers.forecasting.check_ensemble import combination_violations, member_violations
from solvers.forecasting.check_hierarchy import groups_behind, hierarchy_checks, with_sums
from solvers.forecasting.check_likeness import likeness_violations, new_pairs, width_violations
from solvers.forecasting.check_random_walk import walk_violations
from solvers.forecasting.check_recursion import recomputed

POINT_TOLERANCE = 1e-7
"""Relative to the largest observation or forecast of the series: rounding of two different recursions."""

MEMBER_TOLERANCE = 1e-5
"""Relative to the same: a nearly flat likelihood magnifies the rounding of two different least-squares solutions."""

ORDER_TOLERANCE = 1e-9


def check_forecast(problem: ForecastProblem, outcome: Outcome[ForecastSolution]) -> list[Check]:
    """Return the checks of every forecast; none when there is no solution."""
    if outcome.solution is None:
        return []
    answers = outcome.solution.series
    skipped = {series.id for series in outcome.solution.skipped}
    kept = [name for name in ids_of(problem) if name not in skipped]
    matching = [*kept, *groups_behind(problem)] == [answer.id for answer in answers]
    checks = [Check(name="series", max_violation=0.0 if matching else 1.0, tolerance=0.0)]
    if not matching:
        return checks
    complete = _worst(_length_violations(problem, answers))
    checks.append(Check(name="horizon", max_violation=complete, tolerance=0.0))
    if complete > 0:
        return checks
    everything = {answer.id: answer for answer in answers}
    new = [answer for answer in answers if answer.method == "likeness"]
    answers = [answer for answer in answers if answer.method != "likeness"]
    skipped |= {series.id for series in problem.series or () if series.like is not None}
    given = with_sums(problem, given_series(problem, skipped))
    if new:
        pasts = {series.id: series for series in given}
        mean = _worst(likeness_violations(problem, pasts, everything))
        checks.append(Check(name="likeness", max_violation=mean, tolerance=POINT_TOLERANCE))
        width = _worst(width_violations(problem, everything))
        checks.append(Check(name="likeness_width", max_violation=width, tolerance=ORDER_TOLERANCE))
    final = list(zip(given, answers, strict=True))
    ends = [*final, *new_pairs(problem, everything)]
    pairs = [(series, _own(answer)) for series, answer in final]
    if any(answer.method == "ensemble" for answer in answers):
        combination = _worst(combination_violations(pairs, outcome.evidence))
        checks.append(Check(name="combination", max_violation=combination, tolerance=POINT_TOLERANCE))
        members = _worst(member_violations(problem, pairs, outcome.evidence))
        checks.append(Check(name="members", max_violation=members, tolerance=MEMBER_TOLERANCE))
    if any(answer.fit.covariates is not None for answer in answers):
        coefficients = _worst(coefficient_violations(problem, pairs))
        checks.append(Check(name="covariates", max_violation=coefficients, tolerance=MEMBER_TOLERANCE))
    if any(answer.method == "random_walk" for answer in answers):
        checks.append(Check(name="random_walk", max_violation=_worst(walk_violations(pairs)), tolerance=POINT_TOLERANCE))
    return [
        *checks,
        *hierarchy_checks(problem, given, answers, outcome.evidence),
        Check(name="timestamps", max_violation=_worst(_time_violations(problem, pairs)), tolerance=0.0),
        Check(name="interval_order", max_violation=_worst(_order_violations(ends)), tolerance=ORDER_TOLERANCE),
        Check(name="non_negativity", max_violation=_worst(_sign_violations(ends)), tolerance=0.0),
        Check(name="point_forecast", max_violation=_worst(_point_violations(pairs)), tolerance=POINT_TOLERANCE),
    ]


def _own(answer: SeriesForecast) -> SeriesForecast:
    """Return a forecast as it was before it was made to add up in a hierarchy: the one that the fit reproduces."""
    return answer if answer.base_mean is None else answer.model_copy(update={"mean": answer.base_mean})


def _worst(violations: Iterator[float]) -> float:
    """Return the largest violation; one that is not a number counts as the largest float."""
    return max((v if math.isfinite(v) else np.finfo(float).max for v in violations), default=0.0)


def _rows(answer: SeriesForecast) -> list[list[float]]:
    bounds = [side for interval in answer.intervals.values() for side in (interval.lower, interval.upper)]
    return [answer.mean, answer.median, *answer.quantiles.values(), *bounds, *(answer.samples or ())]


def _length_violations(problem: ForecastProblem, answers: Sequence[SeriesForecast]) -> Iterator[float]:
    """Count, per series, what is missing: levels, quantiles, steps, finite numbers."""
    levels, quantiles = sorted(problem.levels), sorted(problem.quantiles)
    for answer in answers:
        named = sorted(map(float, answer.intervals)) == levels and sorted(map(float, answer.quantiles)) == quantiles
        lengths = {len(answer.timestamps), *(len(row) for row in _rows(answer))}
        finite = all(map(math.isfinite, (number for row in _rows(answer) for number in row)))
        named = named and len(answer.samples or ()) == problem.samples
        yield float((not named) + (lengths != {problem.horizon}) + (not finite))


def _time_violations(problem: ForecastProblem, pairs: list[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Count, per series, the steps whose time does not continue the series."""
    known: dict[tuple[Moment, int], list[Moment]] = {}
    for given, answer in pairs:
        key = (given.start, given.length)
        if key not in known:
            known[key] = expected_times(problem.frequency, given.start, first=given.length, count=problem.horizon)
        yield float(
            sum(
                parsed(stamp, problem.frequency, problem.time_zone) != moment
                for stamp, moment in zip(answer.timestamps, known[key], strict=True)
            )
        )


def _order_violations(pairs: list[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Return, per series, by how much bounds and quantiles are out of order, relative to the largest number of the series."""
    for given, answer in pairs:
        outward = sorted(answer.intervals.items(), key=lambda item: -float(item[0]))
        ladder = (
            [interval.lower for _, interval in outward] + [answer.median] + [interval.upper for _, interval in outward[::-1]]
        )
        quantiles = [row for _, row in sorted(answer.quantiles.items(), key=lambda item: float(item[0]))]
        drops = [(np.diff(np.array(rows), axis=0) * -1).max() for rows in (ladder, quantiles) if len(rows) > 1]
        yield max([0.0, *(float(drop) for drop in drops)]) / _size(given, answer)


def _sign_violations(pairs: list[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Return, per series that must not be negative, how far below 0 its lowest number lies."""
    for given, answer in pairs:
        if given.non_negative:
            yield max(0.0, -min(min(row) for row in _rows(answer)))


def _point_violations(pairs: list[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Return, per series, the largest difference between the answer and the recomputed forecast, relative to its size."""
    for index, expected in recomputed(pairs):
        given, answer = pairs[index]
        clipped = np.maximum(expected, 0.0) if given.non_negative else expected
        yield float(np.abs(clipped - np.array(answer.mean)).max()) / _size(given, answer)


def _size(given: Given, answer: SeriesForecast) -> float:
    return max(float(np.abs(given.values).max()), max(map(abs, answer.mean)), 1e-300)
