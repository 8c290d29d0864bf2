"""Small forecasting problems and a way to solve them."""

from typing import Any

import numpy as np

from models.explanation import Reproduce
from models.forecasting import ForecastProblem, ForecastSolution
from solvers.base import Budget, Outcome, Silent
from solvers.forecasting.backtest_selection import BacktestSelection, ExponentialSmoothing, SeasonalNaive, Theta
from solvers.forecasting.ensemble import Ensemble
from solvers.forecasting.intermittent_methods import AggregatedMeans, Croston, SyntetosBoylan, TeunterSyntetosBabai
from solvers.forecasting.random_walk import RandomWalk

REPRODUCE = Reproduce(versions={}, seed=0, input_sha256="")

SOLVERS = {
    "auto": Ensemble(),
    "ensemble": Ensemble(),
    "backtest_selection": BacktestSelection(),
    "seasonal_naive": SeasonalNaive(),
    "exponential_smoothing": ExponentialSmoothing(),
    "theta": Theta(),
    "croston": Croston(),
    "sba": SyntetosBoylan(),
    "tsb": TeunterSyntetosBabai(),
    "imapa": AggregatedMeans(),
    "random_walk": RandomWalk(),
}

MADE_UP = [
    112,
    118,
    132,
    129,
    121,
    135,
    148,
    148,
    136,
    119,
    104,
    118,
    115,
    126,
    141,
    135,
    125,
    149,
    170,
    170,
    158,
    133,
    114,
    140,
]


def monthly(values: list[Any], *, horizon: int = 6, solver: str = "auto", **fields: Any) -> ForecastProblem:
    """Return a problem of one monthly series."""
    series = {"id": "oat-milk", "start": "2022-01-01", "values": values}
    body = {"frequency": "MS", "horizon": horizon, "series": [series], "options": {"solver": solver}}
    return ForecastProblem.model_validate(body | fields)


def undated(values: list[Any], *, horizon: int = 4, solver: str = "auto", **fields: Any) -> ForecastProblem:
    """Return a problem of one series without dates or season."""
    body = {"horizon": horizon, "series": [{"id": "s", "values": values}], "options": {"solver": solver}}
    return ForecastProblem.model_validate(body | fields)


def long_rows(rows: list[tuple[str, Any, Any]], **fields: Any) -> ForecastProblem:
    """Return a daily problem in long form."""
    body: dict[str, Any] = {"frequency": "D", "horizon": 2, "rows": [{"unique_id": i, "ds": ds, "y": y} for i, ds, y in rows]}
    return ForecastProblem.model_validate(body | fields)


def solve(problem: ForecastProblem, *, time_limit: float = 20.0) -> Outcome[ForecastSolution]:
    """Solve with the solver that the options name."""
    budget = Budget(time_limit=time_limit, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)
    return SOLVERS[problem.options.solver].solve(problem, budget, Silent())


def seasonal(count: int, *, season_length: int = 12, noise: float = 0.0, seed: int = 0) -> list[float]:
    """Return a trend with a multiplicative season and noise."""
    time = np.arange(count)
    wave = 1 + 0.3 * np.sin(2 * np.pi * time / season_length)
    values: list[float] = ((200 + 2 * time) * wave + np.random.default_rng(seed).normal(0, noise, count)).tolist()
    return values
