"""
Exponential smoothing: form, weights and initial states of every window by corrected Akaike criterion.

Three adjustments of the data are tried: none, minus additive indices, divided by multiplicative factors (positive data only).
On each, the grid of simple, Holt and damped smoothing is fitted; for the two seasonal ones the best trend is then tried with
indices that move (gamma > 0). The likelihood of the multiplicative form is that of the adjusted data plus the Jacobian 2 sum
log s_t, so the criteria are comparable. A season adds 2 x (share kept) x (m - 1), because shrunk indices are less free.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.forecasting import MethodFit
from models.forecasting.solution import SeasonKind, TrendKind
from solvers.forecasting.fit import Fit, described, shortest
from solvers.forecasting.holt_winters import States, Weights, smooth
from solvers.forecasting.seasonality import Profile, repeat
from solvers.forecasting.smoothing_grid import GRID, corrected_criterion, fit_grid
from solvers.forecasting.windows import FloatArray, Windows

GAMMAS = (0.05, 0.15, 0.35)
LEVEL_SHARES = (0.25, 0.6, 1.0)
"""When the indices move, part of what the level would have taken up goes to them: alpha is tried at these shares."""


@dataclass(frozen=True, slots=True)
class Form:
    """Chosen weights and initial states of every window, all (W,) except `season` (m, W); `aicc` tells how good."""

    alpha: FloatArray
    beta: FloatArray
    phi: FloatArray
    gamma: FloatArray
    level: FloatArray
    trend: FloatArray
    season: FloatArray
    multiplicative: FloatArray
    seasonal: FloatArray
    aicc: FloatArray


def exponential_smoothing(windows: Windows, profile: Profile, *, season_length: int, horizon: int) -> Fit:
    """Choose the form of every window and forecast with it."""
    none = np.zeros_like(profile.additive)
    candidates = [_static(windows, none, profile, kind="none")]
    if season_length > 1:
        for kind in ("additive", "multiplicative"):
            indices = profile.additive if kind == "additive" else profile.factors
            static = _static(windows, indices, profile, kind=kind)
            candidates += [static, _moving(windows, static, profile, multiplicative=kind == "multiplicative")]
    best = _best(candidates)
    return _forecast(windows, best, season_length=season_length, horizon=horizon)


def _static(windows: Windows, indices: FloatArray, profile: Profile, *, kind: SeasonKind) -> Form:
    """Fit the grid on data adjusted by fixed indices."""
    count = windows.lengths.size
    season = repeat(indices, windows.values.shape[0])
    multiplicative = kind == "multiplicative"
    kept = {"none": np.zeros(count), "additive": profile.kept_additive, "multiplicative": profile.kept_factors}[kind]
    values = windows.values / season if multiplicative else windows.values - season
    logs = np.where(windows.mask(), np.log(season), 0.0).sum(axis=0) if multiplicative else np.zeros(count)
    extra = kept * (indices.shape[0] - 1)
    fit = fit_grid(values, windows, extra=extra, penalty=2 * logs)
    allowed = np.ones(count, dtype=bool) if kind == "none" else kept > 0
    return Form(
        alpha=GRID.alpha[fit.point],
        beta=GRID.beta[fit.point],
        phi=GRID.phi[fit.point],
        gamma=np.zeros(count),
        level=fit.level,
        trend=fit.trend,
        season=indices,
        multiplicative=np.full(count, float(multiplicative)),
        seasonal=np.full(count, float(kind != "none")),
        aicc=np.where(allowed, fit.aicc, np.inf),
    )


def _moving(windows: Windows, static: Form, profile: Profile, *, multiplicative: bool) -> Form:
    """Let the indices move: try a few gammas and shares of alpha around the best fixed form."""
    share, gamma = (grid.ravel() for grid in np.meshgrid(LEVEL_SHARES, GAMMAS, indexing="ij"))
    alpha = static.alpha[:, None] * share
    beta = static.beta[:, None] * share
    gammas = np.minimum(np.broadcast_to(gamma, alpha.shape), 1 - alpha)
    weights = Weights(alpha, beta, np.broadcast_to(static.phi[:, None], alpha.shape), gammas)
    shape = alpha.shape
    start = (
        np.broadcast_to(static.level[:, None], shape),
        np.broadcast_to(static.trend[:, None], shape),
        np.broadcast_to(static.season[:, :, None], (*static.season.shape, share.size)),
    )
    states = smooth(windows.values, windows.active, weights, start, multiplicative=multiplicative)
    kept = profile.kept_factors if multiplicative else profile.kept_additive
    trends = np.where(static.phi == 0, 3.0, np.where(static.phi == 1, 5.0, 6.0))
    penalty = 2 * kept * (static.season.shape[0] - 1)
    count = windows.lengths.astype(np.float64)
    squares = np.maximum(states.squares, 1e-300)
    criterion = corrected_criterion(squares, count, trends[:, None] + 1, penalty) + 2 * states.log_factors
    criterion = np.where(states.sound & np.isfinite(static.aicc)[:, None], criterion, np.inf)
    best = np.argmin(criterion, axis=1)
    rows = np.arange(best.size)
    return replace(static, alpha=alpha[rows, best], beta=beta[rows, best], gamma=gammas[rows, best], aicc=criterion[rows, best])


def _best(candidates: list[Form]) -> Form:
    """Return, window by window, the candidate with the smallest criterion; the first one where none is finite."""
    choice = np.argmin([candidate.aicc for candidate in candidates], axis=0)
    rows = np.arange(choice.size)

    def picked(name: str) -> FloatArray:
        stacked = np.stack([getattr(candidate, name) for candidate in candidates])
        return np.asarray(stacked[choice, :, rows].T if stacked.ndim == 3 else stacked[choice, rows])

    return Form(**{name: picked(name) for name in Form.__slots__})


def _forecast(windows: Windows, form: Form, *, season_length: int, horizon: int) -> Fit:
    """Run the chosen recursion once more per window, continue it, and keep what the answer needs."""
    states = _final_states(windows, form)
    steps = np.arange(1, horizon + 1)
    damped = np.cumsum(form.phi[:, None] ** steps, axis=1)
    level = np.repeat(states.level, horizon, axis=1)
    trend = states.trend * damped
    phase = (windows.lengths[:, None] + steps - 1) % form.season.shape[0]
    index = states.season[phase, np.arange(phase.shape[0])[:, None], 0]
    multiplicative = form.multiplicative[:, None] > 0
    season = np.where(multiplicative, (level + trend) * (index - 1), index)
    count = windows.lengths
    scale = np.sqrt(states.squares[:, 0] / np.maximum(count - 2, 1))
    scale = np.where(form.multiplicative > 0, scale * np.abs(np.where(multiplicative, index, 1.0)).mean(axis=1), scale)
    reaction = form.alpha[:, None] + form.beta[:, None] * damped
    reaction = reaction + form.gamma[:, None] * (steps % season_length == 0)
    growth = np.sqrt(1 + np.cumsum(reaction**2, axis=1) - reaction**2)
    usable = (count >= shortest("exponential_smoothing")) & np.isfinite(level + trend + season).all(axis=1) & states.sound[:, 0]

    def describe(column: int) -> MethodFit:
        return _described(form, column, int(count[column]), season_length, float(scale[column]))

    return Fit(level, trend, season, scale, growth, usable, form.aicc, describe)


def _final_states(windows: Windows, form: Form) -> States:
    """Run additive and multiplicative windows apart and put the states together again."""
    weights = Weights(*(part[:, None] for part in (form.alpha, form.beta, form.phi, form.gamma)))
    start = (form.level[:, None], form.trend[:, None], form.season[:, :, None])
    additive = smooth(windows.values, windows.active, weights, start, multiplicative=False)
    chosen = form.multiplicative[:, None] > 0
    if not chosen.any():
        return additive
    factors = np.where(chosen, form.season[:, :, None], 1.0)
    other = smooth(windows.values, windows.active, weights, (start[0], start[1], factors), multiplicative=True)
    return States(
        level=np.where(chosen, other.level, additive.level),
        trend=np.where(chosen, other.trend, additive.trend),
        season=np.where(chosen, other.season, additive.season),
        squares=np.where(chosen, other.squares, additive.squares),
        log_factors=other.log_factors,
        sound=np.where(chosen, other.sound, additive.sound),
    )


def _described(form: Form, column: int, observations: int, season_length: int, scale: float) -> MethodFit:
    phi = float(form.phi[column])
    trend: TrendKind = "none" if phi == 0 else "linear" if phi == 1 else "damped"
    seasonal = form.seasonal[column] > 0
    kind: SeasonKind = "none" if not seasonal else "multiplicative" if form.multiplicative[column] > 0 else "additive"
    aicc = float(form.aicc[column])
    return described(
        observations=observations,
        season_length=season_length,
        residual_scale=scale,
        trend=trend,
        season=kind,
        alpha=float(form.alpha[column]),
        beta=float(form.beta[column]) if phi else None,
        gamma=float(form.gamma[column]) if seasonal else None,
        phi=phi or None,
        initial_level=float(form.level[column]),
        initial_trend=float(form.trend[column]) if phi else None,
        initial_season=form.season[:, column].tolist() if seasonal else None,
        aicc=aicc if np.isfinite(aicc) else None,
    )
