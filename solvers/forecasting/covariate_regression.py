"""
Effects of covariates: regression with exponential-smoothing errors.

The observations of a series, or their logarithms, are a level that follows simple exponential smoothing, plus a season, plus
the covariates times coefficients. For a fixed smoothing weight the one-step errors are linear in the coefficients, because the
recursion filters observations and covariates alike; so they are a ridge regression on filtered data, and the weight is taken
from a grid by likelihood. Ridge pulls towards 0, or with many series of the same covariates towards the coefficients that fit
all of them best.

Sources: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008), chapter 9 (regressors in innovations
form); Hoerl and Kennard, Technometrics 12 (1970), 55-67 (ridge).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.forecasting.problem import EffectForm
from solvers.forecasting.covariate_kernels import filtered_moments
from solvers.forecasting.history import FloatArray

WEIGHTS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0)
"""Smoothing weights that are tried."""

ENOUGH_SERIES = 20
"""From so many series with the same covariates on, ridge pulls towards what fits all of them."""

OWN_PENALTY = 1.0
SHARED_PENALTY = 10.0
"""Strength of the ridge in observations, towards 0 and towards the shared coefficients."""

SMALLEST_PENALTY = 1e-9
SEASON_PENALTY = 1.0
MOST_WAVES = 4
"""Pairs of sine and cosine that stand for the season while the coefficients are estimated."""

LARGEST_EXPONENT = 4.0
"""No covariates together multiply a forecast by more than exp(4), about 55, or less than its inverse."""


@dataclass(frozen=True, slots=True)
class Effect:
    """
    What the covariates do to one window and the H steps after it.

    `terms` (n + H, k) are the covariates as they enter (logarithms where `logged`) less their `references` (k,); `shares`
    (n + H, k) are terms times `coefficients` (k,): added to the logarithm of demand (multiplicative) or to demand (additive).
    """

    names: tuple[str, ...]
    form: EffectForm
    coefficients: FloatArray
    references: FloatArray
    logged: tuple[bool, ...]
    alpha: float
    shares: FloatArray

    @property
    def total(self) -> FloatArray:
        """Sum of the shares per time (n + H,), bounded for multiplicative effects."""
        summed: FloatArray = self.shares.sum(axis=1)
        if self.form == "additive":
            return summed
        bounded: FloatArray = np.clip(summed, -LARGEST_EXPONENT, LARGEST_EXPONENT)
        return bounded

    def with_shares(self, shares: FloatArray) -> "Effect":
        """Return the same effect with other shares (n + H, k)."""
        return replace(self, shares=shares)

    def removed(self, values: FloatArray) -> FloatArray:
        """Return what the observations (n,) would have been with every covariate at its reference."""
        part = self.total[: values.size]
        changed: FloatArray = values / np.exp(part) if self.form == "multiplicative" else values - part
        return changed

    def factor_and_offset(self, length: int) -> tuple[FloatArray, FloatArray]:
        """Return by what the forecast after `length` observations is multiplied and what is added to it, each (H,)."""
        part = self.total[length:]
        if self.form == "multiplicative":
            return np.exp(part), np.zeros_like(part)
        return np.ones_like(part), part


@dataclass(frozen=True, slots=True)
class _Window:
    """
    One window ready for regression: products of the filtered columns per smoothing weight (A, 1 + k + K, 1 + k + K).

    The columns are observations, k covariates and K waves of the season; `spread` (k,) is the variance of the covariates.
    """

    count: int
    moments: FloatArray
    spread: FloatArray
    unit: float
    jacobian: float


@dataclass(frozen=True, slots=True)
class _Estimate:
    """Coefficients (k,) of covariates, place of the smoothing weight in the grid, squared error and likelihood criterion."""

    coefficients: FloatArray
    place: int
    squares: float
    criterion: float


def effects(
    windows: Sequence[FloatArray],
    tables: Sequence[FloatArray],
    *,
    names: tuple[str, ...],
    season_length: int,
    form: EffectForm | None,
) -> list[Effect]:
    """
    Return the effects of the same k covariates on every window.

    Parameters
    ----------
    windows
        Observations (n,) of S windows.
    tables
        Covariates (n + H, k) of the same times and the steps after them.
    names
        Of the covariates.
    season_length
        Observations in one season.
    form
        How covariates act; None takes, where all observations are positive, the form of the higher likelihood over all windows.
    """
    able = [bool(window.min() > 0) for window in windows]
    forms: list[EffectForm] = ["additive"] * len(windows) if form is None else [form] * len(windows)
    if form != "additive" and any(able):
        rows = [row for row, sound in enumerate(able) if sound]
        part, columns = [windows[row] for row in rows], [tables[row] for row in rows]
        found = {kind: _estimates(part, columns, season_length, kind) for kind in _kinds(form)}
        best = min(found, key=lambda kind: sum(estimate.criterion for estimate in found[kind]))
        forms = [best if sound else "additive" for sound in able]
        by_row = dict(zip(rows, found[best], strict=True))
    else:
        by_row = {}
    rest = [row for row in range(len(windows)) if row not in by_row]
    if rest:
        plain = _estimates([windows[row] for row in rest], [tables[row] for row in rest], season_length, "additive")
        by_row |= zip(rest, plain, strict=True)
        forms = ["additive" if row in rest else kind for row, kind in enumerate(forms)]
    return [_effect(names, windows[row], tables[row], forms[row], by_row[row]) for row in range(len(windows))]


def _kinds(form: EffectForm | None) -> tuple[EffectForm, ...]:
    return ("multiplicative", "additive") if form is None else (form,)


def _estimates(
    windows: Sequence[FloatArray], tables: Sequence[FloatArray], season_length: int, form: EffectForm
) -> list[_Estimate]:
    """Return the coefficients of every window, those of many windows pulled together."""
    ready = [_prepared(values, table, season_length, form) for values, table in zip(windows, tables, strict=True)]
    nothing = np.zeros(ready[0].spread.size)
    own = [_estimate(window, OWN_PENALTY * window.spread, nothing) for window in ready]
    if len(ready) < ENOUGH_SERIES:
        return own
    typical: FloatArray = np.array([window.spread for window in ready]).mean(axis=0)
    inside = slice(1, 1 + nothing.size)
    gram, moment = np.zeros((nothing.size, nothing.size)), nothing.copy()
    for window, estimate in zip(ready, own, strict=True):
        precision = window.count / max(estimate.squares, 1e-12)
        gram += precision * window.moments[estimate.place, inside, inside]
        moment += precision * window.moments[estimate.place, inside, 0]
    shared = np.asarray(np.linalg.lstsq(gram, moment, rcond=None)[0], dtype=np.float64)
    return [_estimate(window, SHARED_PENALTY * typical, shared) for window in ready]


def _prepared(values: FloatArray, table: FloatArray, m: int, form: EffectForm) -> _Window:
    terms, _, _ = entering(table, values.size, form)
    count = values.size
    pairs = min(MOST_WAVES, m // 2) if m > 1 and count >= 2 * m else 0
    angles = 2 * np.pi * np.outer(np.arange(count), np.arange(1, pairs + 1)) / m
    unit = 1.0 if form == "multiplicative" else step_size(values)
    target = np.log(values) if form == "multiplicative" else values / unit
    jacobian = 2 * float(target.sum()) if form == "multiplicative" else 2 * count * float(np.log(unit))
    columns = np.column_stack([target, terms[:count], np.cos(angles), np.sin(angles)])
    moments = filtered_moments(np.ascontiguousarray(columns), np.array(WEIGHTS))
    return _Window(count, moments, terms[:count].var(axis=0), unit, jacobian)


def step_size(values: FloatArray) -> float:
    """Return the mean absolute change of a window, 1 where there is none."""
    return float(np.abs(np.diff(values)).mean() or 1.0) if values.size > 1 else 1.0


def entering(table: FloatArray, length: int, form: EffectForm) -> tuple[FloatArray, FloatArray, tuple[bool, ...]]:
    """
    Return covariates (n + H, k) as they enter the regression, their references (k,) and which are logarithms.

    In the multiplicative form a positive covariate of more than two values enters as its logarithm, so that its coefficient is
    an elasticity. The reference is the median of the history: for a flag that is mostly 0, its absence.
    """
    logged = tuple(form == "multiplicative" and bool(column.min() > 0) and np.unique(column).size > 2 for column in table.T)
    entered = np.where(logged, np.log(np.where(logged, table, 1.0)), table)
    references = np.median(entered[:length], axis=0)
    return entered - references, references, logged


def _estimate(window: _Window, penalty: FloatArray, centre: FloatArray) -> _Estimate:
    """Return the ridge solution at the most likely smoothing weight."""
    number = centre.size
    moments = window.moments
    gram, moment, total = moments[:, 1:, 1:], moments[:, 1:, 0], moments[:, 0, 0]
    waves = gram.shape[1] - number
    ridge = np.concatenate([penalty + SMALLEST_PENALTY, np.full(waves, SEASON_PENALTY)])
    pull = np.concatenate([penalty * centre, np.zeros(waves)])
    found = np.linalg.solve(gram + np.diag(ridge), (moment + pull)[:, :, None])[:, :, 0]
    squares = total - 2 * (found * moment).sum(axis=1) + np.einsum("ai,aij,aj->a", found, gram, found)
    squares = np.maximum(squares, np.maximum(1e-12 * total, 1e-12))
    place = int(np.argmin(squares))
    criterion = window.count * float(np.log(squares[place] / window.count)) + window.jacobian
    return _Estimate(found[place, :number], place, float(squares[place]), criterion)


def _effect(names: tuple[str, ...], values: FloatArray, table: FloatArray, form: EffectForm, estimate: _Estimate) -> Effect:
    terms, references, logged = entering(table, values.size, form)
    coefficients = estimate.coefficients * (step_size(values) if form == "additive" else 1.0)
    return Effect(names, form, coefficients, references, logged, WEIGHTS[estimate.place], terms * coefficients)
