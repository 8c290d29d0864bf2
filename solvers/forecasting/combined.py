"""A chunk of series through the pool: members at the end and at every cutoff, combined, with errors and scales."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from models.forecasting import MethodFit
from models.forecasting.solution import CombinationRule, SeasonKind
from solvers.forecasting.backtest import Plan, plan
from solvers.forecasting.combination import LONGEST_SHORT_SEASON, Combination, member_weights
from solvers.forecasting.covariate_part import Covariates, covariate_part, described_effect, last_seasons
from solvers.forecasting.covariate_regression import Effect
from solvers.forecasting.fit import described
from solvers.forecasting.pool import MEMBERS, Pool
from solvers.forecasting.pool_kernels import DIFFERENCE, KEPT, LEVEL, NOISE, POSITIVE, RECENT_NOISE
from solvers.forecasting.selection import Chosen
from solvers.forecasting.two_seasons import TWO_SEASON_MEMBERS, two_season_pool
from solvers.forecasting.width import Scales

FloatArray = npt.NDArray[np.float64]

YARDSTICKS: tuple[str, ...] = ("ensemble", "naive", "seasonal_naive")
SEASONAL_NAIVE = MEMBERS.index("seasonal_naive")
REASONS: dict[CombinationRule, str] = {
    "trimmed_mean": "the mean of the middle half of them at every step, so that no single method decides",
    "half_learned": "half the mean of the middle half of them, half weights that features of the series select (learned on "
    "made-up series)",
    "past_errors": "weighted by their accuracy at earlier cutoffs",
}

SEASONS_TO_TELL = 2
"""Seasons that a window must hold for its season to be told from chance (`seasonality.seasonal_profile`)."""


@dataclass(frozen=True, slots=True)
class Combined:
    """
    Combined forecasts of S series with windows 0 (the end) and 1..K (cutoffs).

    `parts` level, trend, season (3, S, H); `errors` (S, K, 3, H) of the ensemble and the yardsticks; `scores` (S, 3 + M) mean
    absolute errors of these and of the members; `weights` (S, M) mean over the steps; `details` per series that keeps them:
    weights, paths (M, H) and errors of the members (K, M, H). With covariates `effects` (S) are those at the end, which the
    forecasts include, and `factors` (S, 1 + K, H) is what every window's forecasts, errors and scales are multiplied by.
    """

    plans: list[Plan]
    lengths: npt.NDArray[np.int64]
    season_length: int
    long_season: float | None
    names: tuple[str, ...]
    parts: FloatArray
    errors: FloatArray
    scores: FloatArray
    weights: FloatArray
    details: dict[int, tuple[FloatArray, FloatArray, FloatArray]]
    effects: list[Effect] | None
    factors: FloatArray
    by_past: npt.NDArray[np.bool_]
    facts: FloatArray
    scales: Scales


def combine(
    histories: Sequence[FloatArray],
    *,
    season_length: int,
    horizon: int,
    origins: int,
    threads: int,
    keep: Sequence[int] = (),
    covariates: Covariates | None = None,
    long_season: float | None = None,
) -> Combined:
    """
    Fit the pool to every series and its cutoffs, and combine; details of the members stay of the series in `keep`.

    With a long season the members come with the short one and with both, and the tests of the backtest do not overlap.
    """
    single = long_season is None
    longest = long_season or season_length
    plans = [plan(values.size, season_length=longest, horizon=horizon, overlapping=single) for values in histories]
    plans = [Plan(scheme.horizon, scheme.cutoffs[:origins]) for scheme in plans]
    deepest = max(len(scheme.cutoffs) for scheme in plans)
    windows, cells = list(histories), np.full((len(plans), 1 + deepest), -1)
    cells[:, 0] = np.arange(len(plans))
    for row, (values, scheme) in enumerate(zip(histories, plans, strict=True)):
        for origin, cutoff in enumerate(scheme.cutoffs):
            cells[row, 1 + origin] = len(windows)
            windows.append(values[:cutoff])
    part = covariate_part(covariates, windows, cells, season_length=season_length, horizon=horizon)
    pool, names = _pool(part.windows, season_length, long_season, horizon=horizon, threads=threads)
    actual = _actual(histories, plans, cells.shape[1] - 1, horizon)
    naive = np.array([window[-1] for window in windows])
    paths = pool.paths * part.factors[:, None] + part.offsets[:, None]
    member_errors = _errors(actual, paths, cells)
    past = _past_errors(member_errors, apart=2 if single else 1)
    known = cells >= 0
    lengths = np.array([window.size for window in windows], dtype=np.int64)
    flat_past = np.full((len(windows), len(names)), np.nan)
    flat_past[cells[known]] = past[known]
    weights, by_past = member_weights(
        paths, pool.features, flat_past, lengths, season_length=season_length, two_seasons=not single
    )
    mean = (weights * paths).sum(axis=1)
    seasonal = pool.paths[:, SEASONAL_NAIVE] if covariates is None else last_seasons(windows, season_length, horizon)
    rivals = np.stack([mean, np.repeat(naive[:, None], horizon, axis=1), seasonal], axis=1)
    errors = _errors(actual, rivals, cells)
    count = len(plans)
    return Combined(
        plans=plans,
        lengths=lengths[:count],
        season_length=season_length,
        long_season=long_season,
        names=names,
        parts=_parts((weights * pool.paths).sum(axis=1)[:count] if covariates else mean[:count], pool),
        errors=errors,
        scores=np.concatenate([_mean_absolute(errors), _mean_absolute(member_errors)], axis=1),
        weights=weights[:count].mean(axis=2),
        details={row: (weights[row].copy(), paths[row].copy(), member_errors[row].copy()) for row in keep},
        effects=part.effects,
        factors=part.factors[cells],
        by_past=by_past[:count].copy(),
        facts=pool.facts[:count].copy(),
        scales=_scales(pool, lengths, cells, np.abs(errors[:, :, 0]) / part.factors[cells[:, 1:]], apart=2 if single else 1),
    )


def _pool(
    windows: Sequence[FloatArray], season_length: int, long_season: float | None, *, horizon: int, threads: int
) -> tuple[Pool, tuple[str, ...]]:
    """Return the forecasts of the members and their names."""
    if long_season is None:
        return Pool.of(windows, season_length=season_length, horizon=horizon, threads=threads), MEMBERS
    pool = two_season_pool(windows, season_length=season_length, long_season=long_season, horizon=horizon, threads=threads)
    return pool, TWO_SEASON_MEMBERS


def _actual(histories: Sequence[FloatArray], plans: list[Plan], deepest: int, horizon: int) -> FloatArray:
    """Return what came after every cutoff, shape (S, K, H), NaN where nothing did."""
    actual = np.full((len(plans), deepest, horizon), np.nan)
    for row, (values, scheme) in enumerate(zip(histories, plans, strict=True)):
        for origin, cutoff in enumerate(scheme.cutoffs):
            actual[row, origin, : scheme.horizon] = values[cutoff : cutoff + scheme.horizon]
    return actual


def _errors(actual: FloatArray, paths: FloatArray, cells: npt.NDArray[np.int64]) -> FloatArray:
    """Return actual minus forecast, shape (S, K, M, H)."""
    return np.asarray(actual[:, :, None, :] - paths[cells[:, 1:]])


def _mean_absolute(errors: FloatArray) -> FloatArray:
    """Return mean absolute errors over cutoffs and steps, shape (S, M); 0 where nothing was tested."""
    known = np.isfinite(errors)
    return np.asarray(np.where(known, np.abs(errors), 0.0).sum(axis=(1, 3)) / np.maximum(known.sum(axis=(1, 3)), 1))


def _past_errors(errors: FloatArray, *, apart: int) -> FloatArray:
    """
    Return mean absolute errors at other cutoffs, shape (S, 1 + K, M), NaN where there are none.

    For window 0, the end of the series, all cutoffs count; for a cutoff those whose test periods do not overlap with its own,
    since errors of the same period are alike: those at least so many cutoffs `apart`.
    """
    absolute = np.abs(errors)
    known = np.isfinite(absolute)
    total = np.where(known, absolute, 0.0).sum(axis=3)
    number = known.sum(axis=3)
    origins = np.arange(errors.shape[1])
    others = (np.abs(origins[:, None] - origins) >= apart).astype(np.float64)
    judges = np.concatenate([np.ones((1, origins.size)), others])
    sums, counts = np.einsum("wk,skm->swm", judges, total), np.einsum("wk,skm->swm", judges, number)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _parts(mean: FloatArray, pool: Pool) -> FloatArray:
    """Split forecasts into level, trend and season, shape (3, S, H)."""
    count = mean.shape[0]
    season, level = pool.season[:count], pool.facts[:count, LEVEL : LEVEL + 1]
    positive = pool.facts[:count, POSITIVE : POSITIVE + 1] > 0
    adjusted = np.where(positive, mean * np.exp(np.where(positive, -season, 0.0)), mean - season)
    return np.stack([np.broadcast_to(level, mean.shape), adjusted - level, mean - adjusted])


def _scales(
    pool: Pool, lengths: npt.NDArray[np.int64], cells: npt.NDArray[np.int64], errors: FloatArray, *, apart: int
) -> Scales:
    spread = pool.paths.std(axis=1)
    own = _past_errors(errors[:, :, None, :], apart=apart)[:, :, 0]
    return Scales(
        unit=np.maximum(pool.facts[:, DIFFERENCE], 0.5 * pool.facts[:, NOISE])[cells],
        noise=pool.facts[:, NOISE][cells],
        recent=pool.facts[:, RECENT_NOISE][cells],
        length=lengths[cells].astype(np.float64),
        past=own,
        spread=spread[cells],
        errors=errors,
    )


def chosen_of(block: Combined, width: FloatArray) -> list[Chosen]:
    """Return what the answer and the explanation need of every series."""
    scale = block.scales.unit[:, 0]
    scores = block.scores / np.where(scale > 0, scale, 1.0)[:, None]
    width = width * block.factors
    scaled = np.abs(block.errors[:, :, 0]) / np.where(width[:, 1:] > 0, width[:, 1:], np.nan)
    return [_chosen(block, row, width[row, 0].copy(), scores[row], scaled[row]) for row in range(len(block.plans))]


def _chosen(block: Combined, row: int, width: FloatArray, scores: FloatArray, scaled: FloatArray) -> Chosen:
    scheme = block.plans[row]
    tested = len(scheme.cutoffs) > 0
    details = block.details.get(row)
    rule: CombinationRule = (
        "half_learned" if len(block.names) == len(MEMBERS) and block.season_length < LONGEST_SHORT_SEASON else "trimmed_mean"
    )
    rule = "past_errors" if block.by_past[row] else rule
    rivals = scores[:3].tolist()
    named: dict[str, float | None] = dict(zip(YARDSTICKS, rivals if tested else [None] * 3, strict=True))
    change = 100 * (1 - rivals[0] / rivals[2]) if tested and named["seasonal_naive"] else np.nan
    combination = Combination(
        rule=rule,
        names=block.names,
        weights=None if details is None else details[0],
        paths=None if details is None else details[1],
        scores=scores[3:] if tested else np.full(len(block.names), np.nan),
        reason=_reason(
            rule,
            len(block.names),
            round(change) if np.isfinite(change) else None,
            told_no_season=_told_no_season(block, row),
        ),
    )
    errors, methods = block.errors[row], YARDSTICKS
    if details is not None:
        others = [k for k in range(len(block.names)) if k != SEASONAL_NAIVE]
        errors = np.concatenate([errors, details[2][:, others]], axis=1)
        methods = (*YARDSTICKS, *(block.names[k] for k in others))
    return Chosen(
        method="ensemble",
        level=block.parts[0, row],
        trend=block.parts[1, row],
        season=block.parts[2, row],
        effect=None if block.effects is None else block.effects[row],
        width=width,
        fit=_fit(block, row, rule, block.weights[row]),
        plan=scheme,
        methods=methods,
        scores=named,
        aicc={},
        errors=errors[: len(scheme.cutoffs), :, : scheme.horizon],
        scale=float(block.scales.unit[row, 0]),
        scaled_errors=scaled,
        refused=False,
        combination=combination,
    )


def _told_no_season(block: Combined, row: int) -> bool:
    """Tell whether the forecast has a season that no cutoff of its backtest could tell."""
    latest = max(block.plans[row].cutoffs, default=0)
    return bool(block.facts[row][KEPT] > 0) and 0 < latest < SEASONS_TO_TELL * block.season_length


@cache
def _reason(rule: CombinationRule, methods: int, change: int | None, *, told_no_season: bool) -> str:
    """Return why the forecast is this combination, and by how many percent its backtest error is below the seasonal naive."""
    evidence = ""
    if change is not None:
        side = f"{abs(change)} % {'below' if change >= 0 else 'above'}"
        evidence = f"; its backtest error was {side} that of the seasonal naive forecast"
        if told_no_season:
            evidence += ", which says little: no cutoff has the two seasons before it that tell a season from chance"
    return f"A combination of {methods} methods: {REASONS[rule]}{evidence}."


def _fit(block: Combined, row: int, rule: CombinationRule, weights: FloatArray) -> MethodFit:
    facts = block.facts[row]
    kind: SeasonKind = "none"
    if facts[KEPT] > 0:
        kind = "multiplicative" if facts[POSITIVE] > 0 else "additive"
    members = dict(zip(block.names, weights.tolist(), strict=True))
    covariates = None if block.effects is None else described_effect(block.effects[row])
    seasons = [block.season_length] if block.long_season is None else [block.season_length, block.long_season]
    return described(
        observations=int(block.lengths[row]),
        season_length=block.season_length,
        season_lengths=seasons,
        season=kind,
        residual_scale=None,
        combination=rule,
        covariates=covariates,
        members=members,
    )
