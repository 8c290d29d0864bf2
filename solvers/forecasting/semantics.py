"""
What a forecasting request must satisfy beyond its types: frequency, times that fit it, unique ids, data in every series.

Light: imported by the process that answers HTTP.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from models.errors import Issue, issue
from models.forecasting import ForecastProblem, Series
from models.run import RunWarning
from solvers.forecasting.covariate_semantics import covariate_issues, covariate_warnings
from solvers.forecasting.frequency import ACCEPTED, parse_frequency, parse_zone
from solvers.forecasting.hierarchy_semantics import hierarchy_issues, members_of
from solvers.forecasting.likeness_semantics import likeness_issues, likeness_warnings
from solvers.forecasting.series_faults import series_faults, skipped_warnings

MOST_ISSUES = 1_000
MOST_WARNINGS = 100
MOST_NUMBERS = 20_000_000
"""Most numbers in one answer."""


def issues(problem: ForecastProblem) -> list[Issue]:
    """Return at most 1,000 issues, in the order of the request."""
    return list(islice(_issues(problem), MOST_ISSUES))


def warnings(problem: ForecastProblem) -> list[RunWarning]:
    """Return what looks odd before anything is computed: levels below 1 %, starts off the anchor, negative demand."""
    return list(islice(_warnings(problem), MOST_WARNINGS))


def _issues(problem: ForecastProblem) -> Iterator[Issue]:
    if problem.time_zone is not None and parse_zone(problem.time_zone) is None:
        text = "There is no time zone of this name; names are those of the IANA data base, such as Europe/London or UTC."
        yield issue("/time_zone", "UNKNOWN_TIME_ZONE", text)
        return
    frequency = parse_frequency(problem.frequency, problem.time_zone)
    if frequency is None:
        yield issue(
            "/frequency",
            "UNKNOWN_FREQUENCY",
            f"This frequency is not known. Accepted: {ACCEPTED}; or an integer. Monthly data: MS.",
        )
        return
    if problem.time_zone is not None and frequency.unit == "integer":
        text = "A whole number as frequency has no clock: leave `time_zone` out, or give a frequency such as h or D."
        yield issue("/time_zone", "TIME_ZONE_WITHOUT_DATES", text)
    yield from _keys(problem)
    yield from _season_issues(problem)
    if (problem.series is None) == (problem.rows is None):
        yield issue("/series", "EXACTLY_ONE_OF", "Give the data either as `series` or as `rows`, one of the two.")
        return
    count = len(problem.series) if problem.series is not None else len({row.unique_id for row in problem.rows or ()})
    if count == 0:
        pointer = "/series" if problem.series is not None else "/rows"
        yield issue(pointer, "NO_SERIES", "There is nothing to forecast: give at least one series.", limit=1, got=0)
    rows = 3 + 2 * len(problem.levels) + len(problem.quantiles) + problem.samples
    numbers = (count + len(problem.hierarchy)) * problem.horizon * rows
    if numbers > MOST_NUMBERS:
        text = (
            "Series x horizon x (levels, quantiles and samples) exceeds the largest answer: split the request or ask for fewer."
        )
        yield issue("/horizon", "ANSWER_TOO_LARGE", text, limit=MOST_NUMBERS, got=numbers)
    yield from covariate_issues(problem, frequency)
    yield from _duplicates(problem.series or [])
    if problem.future_rows:
        yield from _future_issues(problem)
    yield from likeness_issues(problem, frequency)
    faults = series_faults(problem, frequency)
    if problem.hierarchy and problem.options.solver == "random_walk":
        text = "Prices do not add up to a price, so random walks have no hierarchy: leave it out or take another solver."
        yield issue("/hierarchy", "HIERARCHY_OF_PRICES", text)
    yield from hierarchy_issues(problem, frequency)
    if len(faults) == count:
        yield from chain.from_iterable(faults.values())
    elif problem.hierarchy:
        members = members_of(problem)
        yield from chain.from_iterable(found for name, found in faults.items() if name in members)


def _season_issues(problem: ForecastProblem) -> Iterator[Issue]:
    seasons = problem.season_lengths
    if seasons is None:
        return
    if seasons[0] != int(seasons[0]):
        text = "The shortest season counts whole observations; only a second, longer one may have a fraction."
        yield issue("/season_lengths/0", "SEASON_NOT_WHOLE", text, got=seasons[0])
    elif problem.season_length not in (None, seasons[0]):
        text = "`season_length` is the first of `season_lengths`: give the same number, or one of the two fields."
        yield issue("/season_length", "SEASON_LENGTHS_DISAGREE", text, limit=seasons[0], got=problem.season_length)
    if len(seasons) == 2 and not 1 < seasons[0] < seasons[1]:
        text = "Two seasons must be longer than one observation each, the shorter one first: sort them or leave one out."
        yield issue("/season_lengths/1", "SEASONS_NOT_INCREASING", text, limit=seasons[0], got=seasons[1])


def _keys(problem: ForecastProblem) -> Iterator[Issue]:
    for name, given in (("levels", problem.levels), ("quantiles", problem.quantiles)):
        for index, number in enumerate(given):
            if number in given[:index]:
                yield issue(
                    f"/{name}/{index}", "DUPLICATE_ENTRY", f"This number stands in `{name}` twice: keep one.", got=number
                )


def _future_issues(problem: ForecastProblem) -> Iterator[Issue]:
    known = {row.unique_id for row in problem.rows or ()}
    for index, row in enumerate(problem.future_rows):
        if row.unique_id not in known:
            text = "No row has this id: `future_rows` go on with series of `rows`; with `series` use `future_covariates`."
            yield issue(f"/future_rows/{index}/unique_id", "UNKNOWN_SERIES", text)


def _duplicates(series: list[Series]) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for index, entry in enumerate(series):
        first = seen.setdefault(entry.id, index)
        if first != index:
            text = f"Series {first} has the same id: ids must be unique."
            yield issue(f"/series/{index}/id", "DUPLICATE_ID", text, limit=first, got=index)


def _warnings(problem: ForecastProblem) -> Iterator[RunWarning]:
    frequency = parse_frequency(problem.frequency, problem.time_zone)
    if frequency is not None:
        yield from skipped_warnings(series_faults(problem, frequency))
    yield from covariate_warnings(problem)
    yield from likeness_warnings(problem)
    for index, level in enumerate(problem.levels):
        if level < 1:
            share = f"for a share of {level:g} write {100 * level:g}"
            text = f"Levels are per cent, so this interval is to hold {level:g} % of the outcomes; {share}."
            yield RunWarning(code="LEVEL_BELOW_ONE_PER_CENT", pointer=f"/levels/{index}", message=text)
    for index, entry in enumerate(problem.series or ()):
        moment = frequency.read(entry.start) if frequency is not None and isinstance(entry.start, str) else None
        weekday = frequency.weekday if frequency is not None else None
        if isinstance(moment, datetime) and weekday is not None and moment.weekday() != weekday:
            text = "The start is not on the weekday that the frequency names; weeks are counted from the start."
            yield RunWarning(code="START_OFF_ANCHOR", pointer=f"/series/{index}/start", message=text)
        if entry.non_negative and any(value is not None and value < 0 for value in entry.values):
            text = (
                "The series is declared non-negative but holds negative values: they are used as given; no forecast is below 0."
            )
            yield RunWarning(code="NEGATIVE_VALUES", pointer=f"/series/{index}/values", message=text)
