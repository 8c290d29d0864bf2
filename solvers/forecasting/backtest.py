"""
Rolling-origin backtest: hide the end of a series, forecast it from several cutoffs, score every method on what came.

Scores are mean absolute errors over the mean absolute seasonal difference of the whole history (MASE; Hyndman and Koehler,
International Journal of Forecasting 22, 2006, 679-688). The scale is the same for all methods of a series, so it changes no
choice.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.forecasting.fit import Fit
from solvers.forecasting.windows import FloatArray, Windows

ORIGINS = 3
SHORTEST_TRAINING = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """Which cutoffs a series is tested at (numbers of observations kept, latest first) and how many steps ahead."""

    horizon: int
    cutoffs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """
    Backtest of S series with K origins, M methods and H steps; NaN where there was nothing to compare.

    `errors` (S, K, M, H) is actual minus forecast; `scores` (S, M) is the mean scaled absolute error; `scale` (S,).
    """

    errors: FloatArray
    scores: FloatArray
    scale: FloatArray


def plan(length: int, *, season_length: float, horizon: int, overlapping: bool = True) -> Plan:
    """
    Return cutoffs half a test length apart, or a whole one where tests shall not overlap.

    Cutoffs that leave less than two seasons are left out if longer ones exist.
    """
    steps = max(1, min(horizon, length // 3))
    stride = max(1, steps // 2) if overlapping else steps
    cutoffs = [length - steps - stride * k for k in range(ORIGINS)]
    feasible = [c for c in cutoffs if c >= SHORTEST_TRAINING]
    seasonal = [c for c in feasible if c >= 2 * season_length]
    return Plan(steps, tuple(seasonal or feasible))


def difference_scales(windows: Windows, season_length: int) -> FloatArray:
    """Return the mean absolute seasonal difference of every window (W,); at lag 1 where it is 0; 0 for a constant."""
    seasonal = _mean_difference(windows, season_length)
    return np.where(seasonal > 0, seasonal, _mean_difference(windows, 1))


def _mean_difference(windows: Windows, lag: int) -> FloatArray:
    values = windows.values
    if values.shape[0] <= lag:
        return np.zeros(values.shape[1])
    inside = windows.mask()[lag:]
    total = np.where(inside, np.abs(values[lag:] - values[:-lag]), 0.0).sum(axis=0)
    return np.asarray(total / np.maximum(inside.sum(axis=0), 1))


def trial(
    histories: list[FloatArray], plans: list[Plan], fits: list[Fit], columns: npt.NDArray[np.int64], *, scale: FloatArray
) -> Trial:
    """
    Score fitted methods.

    Parameters
    ----------
    histories
        Observations of S series.
    plans
        Their cutoffs.
    fits
        M methods fitted to all windows; forecasts (W, H).
    columns
        Shape (S, K): the window of each series and origin, -1 where there is none.
    scale
        Mean absolute seasonal difference of every series, shape (S,).
    """
    horizon = fits[0].level.shape[1]
    actual = np.full((*columns.shape, horizon), np.nan)
    for row, (values, scheme) in enumerate(zip(histories, plans, strict=True)):
        for origin, cutoff in enumerate(scheme.cutoffs):
            actual[row, origin, : scheme.horizon] = values[cutoff : cutoff + scheme.horizon]
    forecasts = np.stack([np.where(fit.usable[:, None], fit.mean, np.nan)[columns] for fit in fits], axis=2)
    errors = actual[:, :, None, :] - forecasts
    return Trial(errors, mean_scores(errors, scale), scale)


def mean_scores(errors: FloatArray, scale: FloatArray) -> FloatArray:
    """
    Return mean scaled absolute errors (S, M) over origins and steps.

    NaN for a method that missed an origin others forecast.
    """
    known = np.isfinite(errors)
    absolute = np.where(known, np.abs(errors), 0.0).sum(axis=(1, 3))
    number = known.sum(axis=(1, 3))
    complete = (number == number.max(axis=1, keepdims=True)) & (number > 0)
    safe = np.where(scale > 0, scale, 1.0)[:, None]
    return np.where(complete, absolute / np.maximum(number, 1) / safe, np.nan)


def favoured(errors: FloatArray, scale: FloatArray, *, default: int) -> npt.NDArray[np.int64]:
    """
    Return the method that the backtest favours, shape (S,); -1 where nothing was tested.

    The smallest score wins, but a few cutoffs are a noisy judge: the default stays unless it is beaten by more than one
    standard error of the paired differences, steps of one cutoff counting as one observation (the one-standard-error rule of
    Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984, section 3.4.3).
    """
    scores = mean_scores(errors, scale)
    known = np.isfinite(scores)
    best = np.argmin(np.where(known, scores, np.inf), axis=1)
    rows = np.arange(best.size)
    absolute = np.abs(errors)
    difference = absolute[:, :, default] - absolute[rows[:, None], np.arange(errors.shape[1]), best[:, None]]
    paired = np.isfinite(difference)
    number = np.maximum(paired.sum(axis=(1, 2)), 1)
    filled = np.where(paired, difference, 0.0)
    mean = filled.sum(axis=(1, 2)) / number
    variance = (np.where(paired, difference - mean[:, None, None], 0.0) ** 2).sum(axis=(1, 2)) / number
    origins = np.maximum(paired.any(axis=2).sum(axis=1), 1)
    close = known[:, default] & (mean <= np.sqrt(variance / origins)) & (scores[rows, best] > 0)
    return np.where(known.any(axis=1), np.where(close, default, best), -1)
