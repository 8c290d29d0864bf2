"""
Forecast every series with the method that its own past favours.

Series are worked off in chunks, longest first. Short series (fewer than 6 observations) get the naive forecast, intermittent
ones the mean of their history; the others try seasonal naive, exponential smoothing and Theta. When time runs short, the
series that are left get the seasonal naive forecast, with a warning.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from models.forecasting import EffectForm, ForecastProblem, ForecastSolution
from models.forecasting.solution import MethodName
from models.run import Termination
from solvers.base import Budget, Outcome, Progress
from solvers.forecasting.answer import MOST_WARNINGS, Evidence, answer_of, warnings_of
from solvers.forecasting.backtest import SHORTEST_TRAINING, plan
from solvers.forecasting.coherent_answer import coherent
from solvers.forecasting.covariates import Drivers, drivers_of
from solvers.forecasting.exponential_smoothing import exponential_smoothing
from solvers.forecasting.fit import Method
from solvers.forecasting.hierarchy import hierarchy_warnings, with_groups
from solvers.forecasting.historical_mean import historical_mean, is_intermittent
from solvers.forecasting.history import (
    MAX_FITTED,
    FloatArray,
    fitted_length,
    grid_of,
    histories,
    long_season_of,
    season_length_of,
)
from solvers.forecasting.likeness import with_new_items
from solvers.forecasting.likeness_semantics import new_items
from solvers.forecasting.seasonal_naive import seasonal_naive
from solvers.forecasting.selection import Chosen, choose
from solvers.forecasting.series_faults import series_faults, skipped_series
from solvers.forecasting.states import with_states
from solvers.forecasting.theta import theta

METHODS: Mapping[MethodName, Method] = {
    "seasonal_naive": seasonal_naive,
    "exponential_smoothing": exponential_smoothing,
    "theta": theta,
}

CHUNK = 40
"""Series fitted side by side: with four windows each, the state of one grid fits into the second-level cache."""

LARGEST_CHUNK = 40 * MAX_FITTED
"""Most observations of a chunk: of very long series fewer stand side by side, so that the clock is read in time."""

SECONDS_PER_STEP = 1.5e-4
SECONDS_PER_OBSERVATION = 2.5e-5
"""
Expected cost of a chunk on a plain core.

Per time step, and per observation of every series; corrected as chunks are done.
"""

SHARE_FOR_FITTING = 0.7
"""Share of the time limit for fitting; the rest writes the answer and lets the check keep its time."""


SMALLEST_SHARE = 0.2
"""However many series there are, fitting gets this share of the time limit."""

SECONDS_PER_ANSWER = 3e-4
"""Expected cost of a naive forecast, its output and its check, per series."""


@dataclass(slots=True)
class Clock:
    """When fitting began, the time limit in seconds, the number of series, and how much slower than expected the machine is."""

    begun: float
    time_limit: float
    count: int
    threads: int = 1
    pace: float = 1.0

    def has_time(self, expected: float) -> bool:
        """Tell whether work of so many expected seconds leaves time to write and check the answer of every series."""
        writing = SECONDS_PER_ANSWER * self.count * self.pace
        share = max(min(SHARE_FOR_FITTING * self.time_limit, self.time_limit - writing), SMALLEST_SHARE * self.time_limit)
        return time.monotonic() + self.pace * expected <= self.begun + share


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be fitted: the observations used of every series, their covariates, season length, steps, form of effects."""

    used: list[FloatArray]
    drivers: list[Drivers | None]
    season_length: int
    horizon: int
    form: EffectForm | None
    long_season: float | None


class BacktestSelection:
    """Choose the method of each series by a rolling-origin backtest."""

    name: ClassVar[str] = "backtest_selection"
    libraries: ClassVar[tuple[str, ...]] = ("numpy",)
    forced: ClassVar[MethodName | None] = None
    second_season: ClassVar[bool] = False

    def supports(self, problem: ForecastProblem) -> str | None:
        """Every valid problem is supported."""
        del problem
        return None

    def solve(self, problem: ForecastProblem, budget: Budget, progress: Progress) -> Outcome[ForecastSolution]:
        """Forecast every series within the budget; never fails for lack of time."""
        begun = time.monotonic()
        faults = series_faults(problem, grid_of(problem))
        complete, structure = with_groups(problem, histories(problem, new_items(problem).union(faults)))
        m = season_length_of(problem)
        long_season = long_season_of(problem) if self.second_season else None
        longest = math.ceil(long_season or m)
        used = [history.values[-fitted_length(history.values.size, longest) :] for history in complete]
        built = time.monotonic()
        clock = Clock(begun, budget.time_limit, len(complete), budget.threads)
        form = None if problem.covariate_effects == "auto" else problem.covariate_effects
        task = Task(used, drivers_of(problem, complete, used), m, problem.horizon, form, long_season)
        chosen, limit = self._fit(task, clock, progress)
        evidence = Evidence(complete, used, task.drivers, chosen, m)
        series, warned = answer_of(problem, evidence), warnings_of(evidence, out_of_time=limit != "none")
        if structure is not None:
            series, coherence = coherent(problem, evidence, series, structure)
            evidence = replace(evidence, coherence=coherence)
            warned = [*hierarchy_warnings(complete, structure)[:MOST_WARNINGS], *warned]
        series = with_new_items(problem, evidence, with_states(problem, evidence, series), faults)
        solution = ForecastSolution(series=series, skipped=skipped_series(faults))
        detail = f"{len(series)} series forecast {problem.horizon} steps ahead"
        return Outcome(
            status="succeeded",
            termination=Termination(reason="feasible", limit=limit, detail=detail),
            objective=None,
            solution=solution,
            evidence=evidence,
            iterations=len(chosen),
            build_time=built - begun,
            solve_time=time.monotonic() - built,
            warnings=warned[:MOST_WARNINGS],
        )

    def _fit(self, task: Task, clock: Clock, progress: Progress) -> tuple[list[Chosen], Literal["time", "interrupted", "none"]]:
        """Return the choice of every series in order, and which limit cut the work short."""
        used, m, horizon = task.used, task.season_length, task.horizon
        result: dict[int, Chosen] = {}
        regular, simple = self._split(used)
        limit: Literal["time", "interrupted", "none"] = "none"
        order = sorted(regular, key=lambda i: -used[i].size)
        while order:
            begun = time.monotonic()
            part = order[: _chunk_size(used[order[0]].size)]
            expected = _expected_seconds(used[part[0]].size, len(part))
            if (late := not clock.has_time(expected)) or progress.stop_requested():
                limit = "time" if late else "interrupted"
                simple += order
                break
            result |= zip(part, self._choose(used, part, m, horizon, METHODS), strict=True)
            clock.pace = max(clock.pace, (time.monotonic() - begun) / expected)
            order = order[len(part) :]
            progress.log(f"{len(regular) - len(order)} of {len(regular)} series fitted")
        result |= self._without_pool(used, simple, m, horizon)
        return [result[index] for index in range(len(used))], limit

    def _without_pool(self, used: Sequence[FloatArray], simple: list[int], m: int, horizon: int) -> dict[int, Chosen]:
        """Return seasonal naive forecasts of the series named, and those of intermittent demand."""
        sparse = [
            index
            for index, values in enumerate(used)
            if values.size >= SHORTEST_TRAINING and self.forced is None and is_intermittent(values)
        ]
        result = self._sparse(used, sparse, m, horizon)
        simple = sorted(simple, key=lambda i: -used[i].size)
        while simple:
            part = simple[: 10 * _chunk_size(used[simple[0]].size)]
            simple = simple[len(part) :]
            result |= zip(part, self._choose(used, part, m, horizon, {"seasonal_naive": seasonal_naive}), strict=True)
        return result

    def _sparse(self, used: Sequence[FloatArray], places: list[int], m: int, horizon: int) -> dict[int, Chosen]:
        """Return the forecasts of the intermittent series."""
        return {index: _intermittent(used[index], m, horizon) for index in places}

    def _split(self, used: Sequence[FloatArray]) -> tuple[list[int], list[int]]:
        """Return which series are tried with every method, and which get the naive forecast; the rest is intermittent."""
        regular: list[int] = []
        simple: list[int] = []
        for index, values in enumerate(used):
            if values.size < SHORTEST_TRAINING:
                simple.append(index)
            elif self.forced is not None or not is_intermittent(values):
                regular.append(index)
        return regular, simple

    def _choose(
        self, used: Sequence[FloatArray], part: list[int], m: int, horizon: int, methods: Mapping[MethodName, Method]
    ) -> list[Chosen]:
        forced = self.forced if self.forced in methods else None
        if self.forced is not None:
            methods = {key: method for key, method in methods.items() if key in ("seasonal_naive", self.forced)}
        return choose([used[i] for i in part], methods, season_length=m, horizon=horizon, forced=forced)


class SeasonalNaive(BacktestSelection):
    """Seasonal naive forecasts for every series."""

    name: ClassVar[str] = "seasonal_naive"
    forced: ClassVar[MethodName | None] = "seasonal_naive"


class ExponentialSmoothing(BacktestSelection):
    """Exponential smoothing for every series that is long enough."""

    name: ClassVar[str] = "exponential_smoothing"
    forced: ClassVar[MethodName | None] = "exponential_smoothing"


class Theta(BacktestSelection):
    """Dynamic optimised Theta for every series that is long enough."""

    name: ClassVar[str] = "theta"
    forced: ClassVar[MethodName | None] = "theta"


def _chunk_size(longest: int) -> int:
    """Return how many series of this length are fitted side by side."""
    return max(1, min(CHUNK, LARGEST_CHUNK // longest))


def _expected_seconds(longest: int, count: int) -> float:
    return longest * (SECONDS_PER_STEP + SECONDS_PER_OBSERVATION * count)


def _intermittent(values: FloatArray, m: int, horizon: int) -> Chosen:
    """Return the mean of the history; no backtest, because absolute errors would favour a forecast of zero."""
    mean, described = historical_mean(values)
    flat = np.zeros(horizon)
    return Chosen(
        method="historical_mean",
        level=np.full(horizon, mean),
        trend=flat,
        season=flat,
        width=flat,
        fit=described,
        plan=plan(0, season_length=m, horizon=horizon),
        methods=("historical_mean",),
        scores={},
        aicc={},
        errors=np.empty((0, 1, 0)),
        scale=0.0,
        scaled_errors=np.full((1, horizon), np.nan),
        refused=False,
    )
