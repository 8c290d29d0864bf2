"""Fit a chunk of series at all its cutoffs and at its end, and choose the method of each series by its backtest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.forecasting import MethodFit
from models.forecasting.solution import MethodName
from solvers.forecasting.backtest import Plan, Trial, difference_scales, favoured, mean_scores, plan, trial
from solvers.forecasting.combination import Combination
from solvers.forecasting.covariate_regression import Effect
from solvers.forecasting.fit import Fit, Method
from solvers.forecasting.seasonality import seasonal_profile, unseasonal_profile
from solvers.forecasting.windows import FloatArray, Windows, pack

SMALLEST_SCALE_SHARE = 0.2
"""A one-step error below this share of the mean absolute difference counts as this share: short windows are fitted too well."""

DEFAULT: MethodName = "theta"
"""Stays unless it is clearly beaten: the most accurate single method of the M3 competition (Makridakis and Hibon 2000)."""

UNTESTED: tuple[MethodName, ...] = ("theta", "exponential_smoothing", "seasonal_naive")
"""Order of preference where nothing could be tested."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    The chosen method of one series.

    `level`, `trend`, `season` (H,) sum to the point forecast before clipping, covariates left out; `width` (H,) is the scale of
    its errors per step; `errors` (K, M, H) and `scores` (per method) are the backtest, `scaled_errors` (K, H) the scores that
    enter the intervals.
    """

    method: MethodName
    level: FloatArray
    trend: FloatArray
    season: FloatArray
    width: FloatArray
    fit: MethodFit
    plan: Plan
    methods: tuple[str, ...]
    scores: dict[str, float | None]
    aicc: dict[str, float | None]
    errors: FloatArray
    scale: float
    scaled_errors: FloatArray
    refused: bool
    combination: Combination | None = None
    effect: Effect | None = None

    @property
    def base(self) -> FloatArray:
        """The point forecast (H,) before clipping, with every covariate at its reference."""
        return self.level + self.trend + self.season

    @property
    def point(self) -> FloatArray:
        """The point forecast (H,) before clipping."""
        if self.effect is None:
            return self.base
        factor, offset = self.effect.factor_and_offset(self.fit.observations)
        return self.base * factor + offset


def choose(
    histories: Sequence[FloatArray],
    methods: Mapping[MethodName, Method],
    *,
    season_length: int,
    horizon: int,
    forced: MethodName | None,
) -> list[Chosen]:
    """
    Fit every method at every cutoff of every series and choose.

    Parameters
    ----------
    histories
        Complete observations of S series.
    methods
        Methods to try; the first is the yardstick that always works.
    season_length, horizon
        Observations in a season; steps to forecast.
    forced
        A method to use wherever it is usable, whatever its score.
    """
    plans = [plan(values.size, season_length=season_length, horizon=horizon) for values in histories]
    windows, ends, columns = _windows(histories, plans)
    spread = difference_scales(windows, season_length)
    profile = seasonal_profile(windows, season_length) if len(methods) > 1 else unseasonal_profile(windows, season_length)
    fits = [method(windows, profile, season_length=season_length, horizon=horizon) for method in methods.values()]
    tested = trial(list(histories), plans, fits, columns, scale=spread[ends])
    tested.errors[columns < 0] = np.nan
    names = tuple(methods)
    scores = mean_scores(tested.errors, tested.scale)
    default = names.index(DEFAULT) if DEFAULT in names else 0
    favourites = favoured(tested.errors, tested.scale, default=default)
    final = np.array([_pick(names, int(favourite), fits, int(ends[i]), forced) for i, favourite in enumerate(favourites)])
    scaled = _scaled_errors(tested, fits, columns, spread, final, default=None if forced else default)
    return [
        _chosen(
            index, int(final[index]), names, fits, int(ends[index]), plans[index], tested, scores[index], scaled, spread, forced
        )
        for index in range(len(plans))
    ]


def _windows(
    histories: Sequence[FloatArray], plans: list[Plan]
) -> tuple[Windows, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return all windows, the columns of full histories (S,) and of cutoffs (S, K)."""
    parts: list[FloatArray] = []
    cells: list[list[int]] = []
    for values, scheme in zip(histories, plans, strict=True):
        cells.append(list(range(len(parts), len(parts) + 1 + len(scheme.cutoffs))))
        parts += [values, *(values[:cutoff] for cutoff in scheme.cutoffs)]
    windows = pack(parts)
    ends = windows.place[[cell[0] for cell in cells]]
    deepest = max(len(scheme.cutoffs) for scheme in plans)
    columns = np.full((len(cells), max(deepest, 1)), -1, dtype=np.int64)
    for row, cell in enumerate(cells):
        columns[row, : len(cell) - 1] = windows.place[cell[1:]]
    return windows, ends, columns


def _pick(names: tuple[MethodName, ...], favourite: int, fits: list[Fit], column: int, forced: MethodName | None) -> int:
    """
    Return the place of the method to use.

    The forced one, the favourite of the backtest, or a default where nothing was tested.
    """
    usable = [bool(fit.usable[column]) for fit in fits]
    if forced is not None:
        place = names.index(forced)
        return place if usable[place] else 0
    if favourite >= 0 and usable[favourite]:
        return favourite
    return next(names.index(name) for name in UNTESTED if name in names and usable[names.index(name)])


def _scaled_errors(
    tested: Trial,
    fits: list[Fit],
    columns: npt.NDArray[np.int64],
    spread: FloatArray,
    final: npt.NDArray[np.int64],
    *,
    default: int | None,
) -> FloatArray:
    """Return |error| / (scale x growth), shape (S, K, H), of the method that the other origins would have chosen."""
    series, origins, _, horizon = tested.errors.shape
    scaled = np.full((series, origins, horizon), np.nan)
    absolute = np.abs(tested.errors)
    for origin in range(origins):
        others = np.delete(tested.errors, origin, axis=1)
        choice = final
        if default is not None and others.shape[1]:
            judged = favoured(others, tested.scale, default=default)
            choice = np.where(judged >= 0, judged, final)
        column = columns[:, origin]
        for place, fit in enumerate(fits):
            rows = np.flatnonzero((choice == place) & (column >= 0))
            width = _width(fit, column[rows], spread)
            safe = np.where(width > 0, width, np.nan)
            scaled[rows, origin] = absolute[rows, origin, place] / safe
    return scaled


def _width(fit: Fit, columns: npt.NDArray[np.int64], spread: FloatArray) -> FloatArray:
    """
    Return the scale of the errors per step (len(columns), H).

    Geometric mean of one-step error and difference, times growth.
    """
    difference = spread[columns]
    error = np.maximum(fit.scale[columns], SMALLEST_SCALE_SHARE * difference)
    return np.asarray(np.sqrt(error * difference)[:, None] * fit.growth[columns])


def _chosen(
    index: int,
    place: int,
    names: tuple[MethodName, ...],
    fits: list[Fit],
    column: int,
    scheme: Plan,
    tested: Trial,
    scores: FloatArray,
    scaled: FloatArray,
    spread: FloatArray,
    forced: MethodName | None,
) -> Chosen:
    fit = fits[place]
    described = fit.describe(column)
    name = names[place]
    if name == "seasonal_naive" and described.season_length == 1:
        name = "naive"
    origins = len(scheme.cutoffs)
    return Chosen(
        method=name,
        level=fit.level[column].copy(),
        trend=fit.trend[column].copy(),
        season=fit.season[column].copy(),
        width=_width(fit, np.array([column]), spread)[0],
        fit=described,
        plan=scheme,
        methods=names,
        scores={key: _finite(score) for key, score in zip(names, scores, strict=True)},
        aicc={key: _finite(part.aicc[column]) for key, part in zip(names, fits, strict=True)},
        errors=tested.errors[index, :origins, :, : scheme.horizon].copy(),
        scale=float(tested.scale[index]),
        scaled_errors=scaled[index],
        refused=forced is not None and names[place] != forced,
    )


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
