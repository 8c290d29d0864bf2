"""States of fresh forecasts: the level path, season and effects that make them up."""

from collections.abc import Sequence

import numpy as np

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.answer import COUNTED, Evidence
from solvers.forecasting.history import FloatArray, History, grid_of
from solvers.forecasting.intermittent import ALPHA as INTERMITTENT_ALPHA
from solvers.forecasting.seasonality import seasonal_profile
from solvers.forecasting.selection import Chosen
from solvers.forecasting.smoothing_weight import smoothing_weight
from solvers.forecasting.state import State, rounded
from solvers.forecasting.windows import pack

MOST_STATES = 2_000
"""Series up to which states are returned without being asked for."""

LONGEST_SEASON = 400
"""Longer seasons are not stored: the path holds their part of the forecast, beyond it there is none."""

OFFSET_DIGITS = 7
PROPORTIONAL = (*COUNTED, "historical_mean", "random_walk")


def with_states(problem: ForecastProblem, evidence: Evidence, series: Sequence[SeriesForecast]) -> list[SeriesForecast]:
    """Return the forecasts with their states, where states are wanted."""
    wanted = problem.states if problem.states is not None else len(series) <= MOST_STATES and not problem.hierarchy
    if not wanted:
        return list(series)
    rows = zip(evidence.histories, evidence.used, evidence.chosen, series, strict=True)
    return [
        answer.model_copy(update={"state": state_of(problem, history, used, chosen, answer, evidence.season_length).written()})
        for history, used, chosen, answer in rows
    ]


def state_of(
    problem: ForecastProblem, history: History, used: FloatArray, chosen: Chosen, answer: SeriesForecast, season_length: int
) -> State:
    """Return the state of one forecast."""
    horizon = chosen.base.size
    multiplicative = chosen.fit.season == "multiplicative"
    values = used if chosen.effect is None else chosen.effect.removed(used)
    season = _season(values, season_length, multiplicative=multiplicative) if chosen.fit.season != "none" else np.empty(0)
    phases = (used.size + np.arange(horizon)) % season.size if season.size else np.arange(horizon)
    part = season[phases] if season.size else np.full(horizon, 1.0 if multiplicative else 0.0)
    past = np.resize(season, values.size) if season.size else np.full(values.size, 1.0 if multiplicative else 0.0)
    adjusted = values / past if multiplicative else values - past
    factor, offset = (np.ones(horizon), np.zeros(horizon))
    if chosen.effect is not None:
        factor, offset = chosen.effect.factor_and_offset(used.size)
    mean = np.array(answer.mean)
    proportional = chosen.method in PROPORTIONAL

    def relative(bound: Sequence[float]) -> list[float]:
        ends = np.array(bound)
        shown = ends / np.where(mean > 0, mean, 1.0) if proportional else (ends - mean) / factor
        return rounded(shown.tolist(), OFFSET_DIGITS)

    return State(
        id=history.id,
        frequency=problem.frequency,
        start=0 if history.like is None else history.like,
        position=history.skipped + history.values.size,
        seen=0,
        path=rounded((chosen.base / part if multiplicative else chosen.base - part).tolist()),
        season_kind=chosen.fit.season,
        season=rounded(season.tolist()),
        phase=used.size % season.size if season.size else 0,
        factor=rounded(factor.tolist()) if chosen.effect is not None else [],
        offset=rounded(offset.tolist()) if chosen.effect is not None else [],
        alpha=_alpha(chosen, adjusted),
        correction=0.0,
        non_negative=history.non_negative,
        proportional=proportional,
        median=relative(answer.median),
        quantiles={key: relative(row) for key, row in answer.quantiles.items()},
        lower={key: relative(interval.lower) for key, interval in answer.intervals.items()},
        upper={key: relative(interval.upper) for key, interval in answer.intervals.items()},
        scale=expected_error(chosen, used, grid_season=grid_of(problem).season_length),
        errors=[0.0, 0.0, 0.0, 0.0],
        time_zone=problem.time_zone,
    )


def _alpha(chosen: Chosen, adjusted: FloatArray) -> float:
    """Return the share of an error that moves the forecast: all of it in a random walk."""
    if chosen.method == "random_walk":
        return 1.0
    return INTERMITTENT_ALPHA if chosen.method in PROPORTIONAL else smoothing_weight(adjusted)


def expected_error(chosen: Chosen, used: FloatArray, *, grid_season: int) -> float:
    """Return the mean absolute error one step ahead that the backtest showed, or what the changes of the series suggest."""
    names = chosen.methods
    if chosen.errors.size and chosen.method in names:
        first = np.abs(chosen.errors[:, names.index(chosen.method), :1])
        if np.isfinite(first).any():
            return max(float(np.nanmean(first)), 0.25 * float(np.nanmean(np.abs(chosen.errors[:, names.index(chosen.method)]))))
    lag = grid_season if used.size > 2 * grid_season else 1
    return float(np.abs(used[lag:] - used[:-lag]).mean()) if used.size > lag else abs(float(used[-1]))


def _season(values: FloatArray, season_length: int, *, multiplicative: bool) -> FloatArray:
    """Return the seasonal indices (m,) of one series, of phase 0 first; none for seasons that are too long to store."""
    if not 1 < season_length <= LONGEST_SEASON:
        return np.empty(0)
    profile = seasonal_profile(pack([values]), season_length)
    return np.asarray((profile.factors if multiplicative else profile.additive)[:, 0])
