"""
Effects of covariates recomputed: from the request and the reported coefficients, and coefficients fitted once more.

The table of covariates and events is built anew. Where few series share their covariates, the reported coefficients must be the
least-squares solution of the regression written out: one column per initial level, season wave and covariate, every column run
through the smoothing recursion by itself, the ridge as further rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.forecasting import CovariateFit, Event, ForecastProblem, SeriesForecast
from solvers.forecasting.check_data import FloatArray, Given, Moment, comparable, expected_times, parsed

LARGEST_EXPONENT = 4.0
FEW_SERIES = 20
MOST_REFITTED = 3
MOST_WAVES = 4
CLOCK_ALIASES = ("h", "H", "min", "T", "s", "S")


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Observations used at the reference of every covariate (n,), and factor and offset of the steps (H,)."""

    values: FloatArray
    factor: FloatArray
    offset: FloatArray


def covariate_table(problem: ForecastProblem, given: Given, fit: CovariateFit, observations: int) -> FloatArray:
    """Return the covariates (n + H, k) of a series in the order of its reported effects."""
    first = given.length - observations
    total = given.length + problem.horizon
    entry = next((series for series in problem.series or () if series.id == given.id), None)
    whole = _row_columns(problem, given.id)
    if entry is not None:
        whole = {name: [*past, *entry.future_covariates[name]] for name, past in entry.covariates.items()}
    events = {event.name: event for event in problem.events}
    times = expected_times(problem.frequency, given.start, first=-1, count=total + 2) if events else []
    columns = [
        whole[effect.name] if effect.name in whole else _counted(problem, events[effect.name], times) for effect in fit.effects
    ]
    return np.array(columns, dtype=np.float64).T[first:]


def _row_columns(problem: ForecastProblem, name: str) -> dict[str, list[float]]:
    """Return the covariates of the rows of one series by name, in order of time; of rows of one time the last counts."""
    cells: dict[Moment, dict[str, float]] = {}
    for row in (*(problem.rows or ()), *problem.future_rows):
        if row.unique_id == name and row.covariates:
            cells[parsed(row.ds, problem.frequency, problem.time_zone)] = row.covariates
    if not cells:
        return {}
    ordered = [cells[moment] for moment in sorted(cells, key=comparable)]
    return {column: [cell[column] for cell in ordered] for column in ordered[0]}


def adjusted(problem: ForecastProblem, given: Given, answer: SeriesForecast) -> Adjustment:
    """Return a series without the effects of its covariates, and what they do to its forecast."""
    fit = answer.fit
    used = given.values[-fit.observations :]
    steps = len(answer.mean)
    if fit.covariates is None:
        return Adjustment(used, np.ones(steps), np.zeros(steps))
    table = covariate_table(problem, given, fit.covariates, fit.observations)
    summed = np.zeros(len(table))
    for column, effect in zip(table.T, fit.covariates.effects, strict=True):
        summed += effect.coefficient * ((np.log(column) if effect.logarithm else column) - effect.reference)
    if fit.covariates.form == "additive":
        return Adjustment(used - summed[: used.size], np.ones(steps), summed[used.size :])
    factor = np.exp(np.clip(summed, -LARGEST_EXPONENT, LARGEST_EXPONENT))
    return Adjustment(used / factor[: used.size], factor[used.size :], np.zeros(steps))


def coefficient_violations(problem: ForecastProblem, pairs: Sequence[tuple[Given, SeriesForecast]]) -> Iterator[float]:
    """Return, for a few series, how far reported coefficients are from those fitted once more, relative to their size."""
    rows = [k for k, (_, answer) in enumerate(pairs) if answer.fit.covariates is not None]
    if not rows or len(pairs) >= FEW_SERIES:
        return
    for index in rows[:MOST_REFITTED]:
        given, answer = pairs[index]
        fit = answer.fit.covariates
        assert fit is not None, "only series with covariates are listed"
        table = covariate_table(problem, given, fit, answer.fit.observations)
        again = refitted(given.values[-answer.fit.observations :], table, fit, answer.fit.season_length)
        told = np.array([effect.coefficient for effect in fit.effects])
        yield float(np.abs(again - told).max()) / max(float(np.abs(told).max()), 1e-6 * float(np.abs(given.values).max()), 1e-9)


def refitted(values: FloatArray, table: FloatArray, fit: CovariateFit, m: int) -> FloatArray:
    """Return the coefficients (k,) of the ridge regression with the reported smoothing weight."""
    n = values.size
    log = fit.form == "multiplicative"
    unit = 1.0 if log else (float(np.abs(np.diff(values)).mean()) or 1.0)
    target = np.log(values) if log else values / unit
    rows = zip(table[:n].T, fit.effects, strict=True)
    terms = [(np.log(column) if effect.logarithm else column) - effect.reference for column, effect in rows]
    pairs = min(MOST_WAVES, m // 2) if m > 1 and n >= 2 * m else 0
    angles = [2 * np.pi * np.arange(n) * k / m for k in range(1, pairs + 1)]
    waves = [np.cos(angle) for angle in angles] + [np.sin(angle) for angle in angles]
    errors = [_one_step_errors(column, fit.alpha) for column in (target, *terms, *waves)]
    start = (1 - fit.alpha) ** np.arange(n)
    penalties = [term.var() + 1e-9 for term in terms] + [1.0] * len(waves)
    design = np.column_stack([*errors[1:], start])
    ridge = np.column_stack([np.diag(np.sqrt(penalties)), np.zeros(len(penalties))])
    solution = np.linalg.lstsq(np.vstack([design, ridge]), np.concatenate([errors[0], np.zeros(len(penalties))]), rcond=None)[0]
    return np.asarray(unit * solution[: len(terms)])


def _one_step_errors(column: FloatArray, alpha: float) -> FloatArray:
    """Return what simple smoothing from level 0 misses at every time."""
    level, errors = 0.0, []
    for value in column.tolist():
        errors.append(value - level)
        level = alpha * value + (1 - alpha) * level
    return np.array(errors)


def _alias(frequency: str | int) -> str:
    return "" if isinstance(frequency, int) else frequency.lstrip("0123456789").split("-")[0]


def _counted(problem: ForecastProblem, event: Event, times: Sequence[Moment]) -> list[float]:
    """Return how often an event falls into every period; `times` begins one period early and ends one late."""
    alias = _alias(problem.frequency)
    ends = alias[:1] in ("Y", "A", "Q", "M") and not alias.endswith("S")
    exact = alias in CLOCK_ALIASES
    keys = [_key(moment, exact=exact) for moment in times]
    counts = [0.0] * (len(times) - 2)
    for stamp in event.timestamps:
        key = _key(parsed(stamp, problem.frequency, problem.time_zone), exact=exact)
        for place in range(len(counts)):
            before, at, after = keys[place : place + 3]
            counts[place] += float(before < key <= at if ends else at <= key < after)
    return counts


def _key(moment: Moment, *, exact: bool) -> float:
    """Return seconds or days on the clock."""
    if isinstance(moment, int):
        return float(moment)
    days = float(moment.toordinal())
    return days * 86_400 + (moment.hour * 60 + moment.minute) * 60 + moment.second if exact else days
