"""
Covariates and events of every series as tables along its times and the steps to forecast.

Light: imported by the process that answers HTTP.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from models.forecasting import Event, ForecastProblem, Series
from solvers.forecasting.frequency import Frequency, Moment, order_key
from solvers.forecasting.history import FloatArray, History, grid_of


@dataclass(frozen=True, slots=True)
class Drivers:
    """
    Covariates of one series: `names` (k) and their values (n + H, k), of the n observations used and of the H steps.

    `pointers` (k) say where in the request they come from.
    """

    names: tuple[str, ...]
    values: FloatArray
    pointers: tuple[str, ...]

    def seen(self, length: int) -> list[bool]:
        """Tell which covariates vary within the first `length` observations, so that their effect can be estimated."""
        return [bool(np.ptp(column[:length]) > 0) for column in self.values.T]


def drivers_of(problem: ForecastProblem, complete: Sequence[History], used: Sequence[FloatArray]) -> list[Drivers | None]:
    """Return the covariates of every series, aligned with the observations that are used; None for series without any."""
    series = {entry.id: entry for entry in problem.series or ()}
    if (
        not problem.events
        and not any(entry.covariates for entry in series.values())
        and not any(history.columns for history in complete)
    ):
        return [None] * len(complete)
    frequency = grid_of(problem)
    calendar: dict[tuple[Moment, int], FloatArray] = {}
    result: list[Drivers | None] = []
    for history, values in zip(complete, used, strict=True):
        first = history.values.size - values.size
        key = (history.start, history.skipped + history.values.size)
        if key not in calendar:
            calendar[key] = event_counts(problem.events, frequency, history.start, key[1] + problem.horizon)
        past = history.skipped + first
        own = {name: column[past:] for name, column in history.columns.items()}
        if history.id in series:
            own = _own_columns(series[history.id], past)
        counted = calendar[key][history.skipped + first :]
        table = np.concatenate([np.array([*own.values()]).reshape(len(own), len(counted)).T, counted], axis=1)
        pointers = [f"{history.pointer}/covariates/{escaped(name)}" for name in own]
        pointers += [f"/events/{k}" for k in range(len(problem.events))]
        names = (*own, *(event.name for event in problem.events))
        result.append(Drivers(names, table, tuple(pointers)) if names else None)
    return result


def _own_columns(series: Series, skipped: int) -> dict[str, list[float]]:
    """Return the covariates of a series from its first observation used to the last step."""
    return {name: [*column[skipped:], *series.future_covariates[name]] for name, column in series.covariates.items()}


def event_counts(events: Sequence[Event], frequency: Frequency, start: Moment, count: int) -> FloatArray:
    """Return how often every event falls into each of `count` periods from a start on, shape (count, events)."""
    table = np.zeros((count, len(events)))
    if not events:
        return table
    keys = [_key(frequency.step(start, step), frequency) for step in range(-1 if frequency.at_end else 0, count + 1)]
    for column, event in enumerate(events):
        for stamp in event.timestamps:
            moment = frequency.read(stamp)
            assert moment is not None, "semantics reject times of events that are not ISO 8601"
            key = _key(moment, frequency)
            place = (bisect_left(keys, key) if frequency.at_end else bisect_right(keys, key)) - 1
            if 0 <= place < count:
                table[place, column] += 1
    return table


def _key(moment: Moment, frequency: Frequency) -> float:
    """Return a number by which times can be compared as they stand on the clock: days count from midnight."""
    if isinstance(moment, datetime):
        moment = moment.replace(tzinfo=None)
        if frequency.unit != "second":
            moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return order_key(moment)


def escaped(name: str) -> str:
    """Return a name as a part of an RFC 6901 pointer."""
    return name.replace("~", "~0").replace("/", "~1")
