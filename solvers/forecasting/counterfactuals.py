"""
What a forecast would have been otherwise: sales taken for demand, without its largest outlier, without a promotion.

A changed history is forecast by the same ensemble; the effects of covariates stay as they were estimated.
"""

from collections.abc import Sequence

import numpy as np

from models.forecasting import Counterfactual, SeriesCounterfactuals, SeriesForecast
from solvers.forecasting.combined import combine
from solvers.forecasting.covariate_part import shares
from solvers.forecasting.frequency import Frequency
from solvers.forecasting.history import FloatArray, History
from solvers.forecasting.selection import Chosen
from solvers.forecasting.stock_out import nearby_mean, seasonal_part

UNUSUAL = 5.0
"""An observation is an outlier when it misses what was expected by this many times the median miss, made normal."""

NORMAL_MEDIAN = 0.6745
"""Median of the absolute value of a standard normal variable."""

FEWEST = 12
MOST_COVARIATES = 10
ORIGINS = 3


def counterfactuals(
    history: History, used: FloatArray, chosen: Chosen, answer: SeriesForecast, *, frequency: Frequency, season_length: int
) -> SeriesCounterfactuals | None:
    """Return what can be told of one series; None when nothing can, as for series without an ensemble."""
    if chosen.method != "ensemble":
        return None
    skipped = history.values.size - used.size
    found: list[Counterfactual] = []
    changes: list[tuple[str, FloatArray, str]] = []
    if history.sales is not None and not np.array_equal(history.sales[skipped:], used):
        changes.append(("stock_out", history.sales[skipped:], "Had sales been taken for demand where stock ran out"))
    unusual = outlier(used, season_length)
    if unusual is not None:
        stamp = history.stamp(skipped + unusual[0], frequency)
        text = f"With {unusual[1]:.6g} instead of the unusual {used[unusual[0]]:.6g} at {stamp}"
        changes.append(("outlier", np.where(np.arange(used.size) == unusual[0], unusual[1], used), text))
    for kind, values, text in changes:
        mean = _forecast(values, chosen, history, season_length=season_length)
        places = np.flatnonzero(values != used)
        stamps = [history.stamp(skipped + int(place), frequency) for place in places]
        found.append(_counterfactual(kind, None, stamps, values[places].tolist(), mean, answer, text))
    found += _without_covariates(chosen, history, answer)
    return SeriesCounterfactuals(id=history.id, counterfactuals=found) if found else None


def outlier(values: FloatArray, season_length: int) -> tuple[int, float] | None:
    """Return place and expected value of the most unusual observation, or None when none is."""
    if values.size < FEWEST:
        return None
    season = seasonal_part(values, season_length)
    expected = nearby_mean(values - season, np.zeros(values.size, dtype=np.bool_)) + season
    misses = np.abs(values - expected)
    place = int(np.argmax(misses))
    typical = float(np.median(misses)) / NORMAL_MEDIAN
    return (place, float(expected[place])) if typical > 0 and misses[place] > UNUSUAL * typical else None


def _forecast(values: FloatArray, chosen: Chosen, history: History, *, season_length: int) -> FloatArray:
    """Return the point forecast of a changed history with the effects of covariates held fixed, shape (H,)."""
    horizon = chosen.base.size
    base = values if chosen.effect is None else chosen.effect.removed(values)
    seasons = chosen.fit.season_lengths
    long = seasons[1] if len(seasons) > 1 else None
    block = combine([base], season_length=season_length, horizon=horizon, origins=ORIGINS, threads=1, long_season=long)
    mean = block.parts[:, 0].sum(axis=0)
    if chosen.effect is not None:
        factor, offset = chosen.effect.factor_and_offset(values.size)
        mean = mean * factor + offset
    return np.maximum(mean, 0.0) if history.non_negative else np.asarray(mean)


def _without_covariates(chosen: Chosen, history: History, answer: SeriesForecast) -> list[Counterfactual]:
    """Return the forecast with each covariate at its reference, those that change anything, largest change first."""
    if chosen.effect is None:
        return []
    added = shares(chosen.effect, chosen.base, chosen.fit.observations)
    order = np.argsort(-np.abs(added).sum(axis=0), kind="stable")
    result = []
    for k in order[:MOST_COVARIATES].tolist():
        if not added[:, k].any():
            continue
        rest = chosen.effect.shares.copy()
        rest[:, k] = 0.0
        factor, offset = chosen.effect.with_shares(rest).factor_and_offset(chosen.fit.observations)
        mean = chosen.base * factor + offset
        mean = np.maximum(mean, 0.0) if history.non_negative else mean
        name = chosen.effect.names[k]
        text = f"With {name} at its reference over the horizon"
        result.append(_counterfactual("covariate", name, [], [], mean, answer, text))
    return result


def _counterfactual(
    kind: str,
    name: str | None,
    stamps: Sequence[str | int],
    values: list[float],
    mean: FloatArray,
    answer: SeriesForecast,
    text: str,
) -> Counterfactual:
    own = np.array(answer.mean if answer.base_mean is None else answer.base_mean)
    change = mean - own
    total, before = float(change.sum()), float(own.sum())
    share = f" ({100 * total / before:+.1f} %)" if before else ""
    return Counterfactual.model_validate(
        {
            "kind": kind,
            "name": name,
            "timestamps": list(stamps),
            "values": values,
            "mean": mean.tolist(),
            "change": change.tolist(),
            "sentence": f"{text}, the forecast of all steps together would change by {total:+.6g}{share}.",
        }
    )
