"""What covariates and events must satisfy: a number for every observation and every step, times that can be compared."""

from collections.abc import Iterator
from datetime import datetime

from models.errors import Issue, issue
from models.forecasting import ForecastProblem, Series
from models.run import RunWarning
from solvers.forecasting.covariates import escaped
from solvers.forecasting.frequency import Frequency

WITH_COVARIATES = ("auto", "ensemble")
"""Solvers that use covariates and events."""


def covariate_issues(problem: ForecastProblem, frequency: Frequency) -> Iterator[Issue]:
    """Yield what is wrong with the events and the solver for them; columns of single series: `column_issues`."""
    used = bool(problem.events) or any(entry.covariates for entry in (*(problem.series or ()), *(problem.rows or ())))
    if used and problem.options.solver not in WITH_COVARIATES:
        text = "Only the ensemble uses covariates and events: leave them out, or let `solver` be auto or ensemble."
        yield issue("/options/solver", "COVARIATES_NOT_SUPPORTED", text)
    yield from _event_issues(problem, frequency)


def covariate_warnings(problem: ForecastProblem) -> Iterator[RunWarning]:
    """Warn of covariates that never change in the history: nothing can be learned of their effect."""
    for index, entry in enumerate(problem.series or ()):
        for name, column in entry.covariates.items():
            if column and min(column) == max(column):
                text = "This covariate is the same at every observation, so its effect cannot be estimated from this series."
                yield RunWarning(code="COVARIATE_CONSTANT", pointer=f"/series/{index}/covariates/{escaped(name)}", message=text)


def column_issues(problem: ForecastProblem, entry: Series, pointer: str) -> Iterator[Issue]:
    """Yield what is wrong with the covariates of one series."""
    events = {event.name for event in problem.events}
    for name, column in entry.covariates.items():
        place = f"{pointer}/covariates/{escaped(name)}"
        if name in events:
            yield issue(place, "DUPLICATE_NAME", "An event has the same name as this covariate: names must differ.")
        if len(column) != len(entry.values):
            text = "A covariate needs one number per entry of `values`."
            yield issue(place, "COVARIATE_LENGTH", text, limit=len(entry.values), got=len(column))
        if name not in entry.future_covariates:
            text = "This covariate has no future: give its value for every step of the horizon under the same name."
            missing = f"{pointer}/future_covariates/{escaped(name)}"
            yield issue(missing, "COVARIATE_FUTURE_MISSING", text, limit=problem.horizon, got=0)
    for name, column in entry.future_covariates.items():
        place = f"{pointer}/future_covariates/{escaped(name)}"
        if name not in entry.covariates:
            text = "This name is not among `covariates`: without its past nothing can be learned of it."
            yield issue(place, "COVARIATE_PAST_MISSING", text)
        elif len(column) != problem.horizon:
            text = "The future of a covariate needs exactly one number per step of the horizon."
            yield issue(place, "COVARIATE_FUTURE_MISSING", text, limit=problem.horizon, got=len(column))


def _event_issues(problem: ForecastProblem, frequency: Frequency) -> Iterator[Issue]:
    seen: set[str] = set()
    for index, event in enumerate(problem.events):
        if event.name in seen:
            yield issue(f"/events/{index}/name", "DUPLICATE_NAME", "Another event has the same name: names must differ.")
        seen.add(event.name)
        for place, stamp in enumerate(event.timestamps):
            moment = frequency.read(stamp)
            if moment is None or isinstance(moment, datetime) != (frequency.unit != "integer"):
                kind = "whole numbers" if frequency.unit == "integer" else "ISO 8601 dates or times, such as 2025-04-20"
                text = f"Times of events must be of the kind of the series: {kind}."
                yield issue(f"/events/{index}/timestamps/{place}", "EVENT_TIME", text)
