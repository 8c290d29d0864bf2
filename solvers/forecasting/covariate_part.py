"""Covariates around the pool: windows without their effects go in, and the effects come back onto the forecasts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.forecasting import CovariateEffect, CovariateFit, EffectForm
from solvers.forecasting.covariate_regression import Effect, effects
from solvers.forecasting.covariates import Drivers
from solvers.forecasting.history import FloatArray


@dataclass(frozen=True, slots=True)
class Covariates:
    """The covariates of S series, and the form of their effects (None: the more likely one)."""

    drivers: Sequence[Drivers]
    form: EffectForm | None


@dataclass(frozen=True, slots=True)
class CovariatePart:
    """
    W windows with every covariate at its reference, and what brings their forecasts back.

    Forecasts are multiplied by `factors` (W, H), then `offsets` (W, H) are added.

    `effects` are those of the S complete series; None without covariates.
    """

    windows: list[FloatArray]
    factors: FloatArray
    offsets: FloatArray
    effects: list[Effect] | None


def covariate_part(
    covariates: Covariates | None,
    windows: list[FloatArray],
    cells: npt.NDArray[np.int64],
    *,
    season_length: int,
    horizon: int,
) -> CovariatePart:
    """
    Estimate the effects of every window from what was known then.

    `cells` (S, 1 + K) names the window of every series and cutoff, -1 where there is none. Windows of one column are estimated
    together with those of other series that have the same covariates.
    """
    factors, offsets = np.ones((len(windows), horizon)), np.zeros((len(windows), horizon))
    if covariates is None:
        return CovariatePart(windows, factors, offsets, None)
    found: dict[int, Effect] = {}
    for column in cells.T:
        groups: dict[tuple[str, ...], list[int]] = {}
        for row in np.flatnonzero(column >= 0).tolist():
            groups.setdefault(covariates.drivers[row].names, []).append(row)
        for names, rows in groups.items():
            places = [int(column[row]) for row in rows]
            tables = [covariates.drivers[row].values[: windows[k].size + horizon] for row, k in zip(rows, places, strict=True)]
            own = [windows[k] for k in places]
            fitted = effects(own, tables, names=names, season_length=season_length, form=covariates.form)
            found |= zip(places, fitted, strict=True)
    adjusted = []
    for place, values in enumerate(windows):
        adjusted.append(found[place].removed(values))
        factors[place], offsets[place] = found[place].factor_and_offset(values.size)
    return CovariatePart(adjusted, factors, offsets, [found[place] for place in range(len(cells))])


def last_seasons(windows: Sequence[FloatArray], season_length: int, horizon: int) -> FloatArray:
    """Return the seasonal naive forecasts of windows, shape (W, H): the last value where there is no full season."""
    steps = np.arange(horizon)
    lags = [season_length if values.size >= season_length else 1 for values in windows]
    return np.array([values[values.size - lag + steps % lag] for values, lag in zip(windows, lags, strict=True)])


def described_effect(effect: Effect) -> CovariateFit:
    """Return the reported numbers of an effect."""
    rows = zip(effect.names, effect.coefficients.tolist(), effect.references.tolist(), effect.logged, strict=True)
    found = [CovariateEffect(name=name, coefficient=c, reference=r, logarithm=logged) for name, c, r, logged in rows]
    return CovariateFit(form=effect.form, alpha=effect.alpha, effects=found)


def shares(effect: Effect | None, base: FloatArray, length: int) -> FloatArray:
    """
    Return what every covariate adds to a forecast, shape (H, k), beside `base` (H,), the forecast at the references.

    A factor is split in proportion to the logarithms (logarithmic mean; Ang, Energy Policy 33, 2005, 867-871), so that the
    shares add up to the change.
    """
    if effect is None:
        return np.empty((base.size, 0))
    factor, offset = effect.factor_and_offset(length)
    part = effect.shares[length:] + 0.0
    if effect.form == "additive":
        return np.asarray(part)
    change = base * (factor - 1) + offset
    summed = part.sum(axis=1)
    flat = np.abs(summed) < 1e-12
    return np.asarray(np.where(flat, base, change / np.where(flat, 1.0, summed))[:, None] * part)
