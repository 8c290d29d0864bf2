"""From the chosen methods to the answer: point forecasts, quantiles, intervals, reasons and warnings."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.forecasting import BacktestSummary, ForecastProblem, Interval, SeriesForecast
from models.forecasting.solution import MethodName
from models.run import RunWarning
from solvers.forecasting.backtest import SHORTEST_TRAINING
from solvers.forecasting.covariates import Drivers
from solvers.forecasting.demand import demand_class
from solvers.forecasting.frequency import Frequency, Moment
from solvers.forecasting.historical_mean import empirical_quantiles
from solvers.forecasting.history import FloatArray, History, grid_of
from solvers.forecasting.intermittent import count_quantiles, counting_unit
from solvers.forecasting.intervals import pool_scores
from solvers.forecasting.log_returns import price_paths, price_quantiles, returns_reason
from solvers.forecasting.reconciliation import Coherence
from solvers.forecasting.sample_paths import Sampler, neighbour_correlation
from solvers.forecasting.selection import Chosen

MOST_WARNINGS = 100

COUNTED: tuple[MethodName, ...] = ("weighted_mean", "croston", "sba", "tsb", "imapa")
"""Methods whose quantiles are those of counted demand."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What check and explanation need: complete histories, the part used, its covariates, the choice of every series, the season.

    `coherence` is how a hierarchy was made to add up; None without one.
    """

    histories: list[History]
    used: list[FloatArray]
    drivers: list[Drivers | None]
    chosen: list[Chosen]
    season_length: int
    coherence: Coherence | None = None


def answer_of(problem: ForecastProblem, evidence: Evidence) -> list[SeriesForecast]:
    """Return the forecasts of every series."""
    frequency = grid_of(problem)
    scores = np.concatenate([chosen.scaled_errors for chosen in evidence.chosen])
    pool = pool_scores(scores, problem.horizon)
    shared = {probability: pool.quantile(probability) for probability in _probabilities(problem)}
    stamps: dict[tuple[Moment, int, str | int | None], list[str | int]] = {}
    sampler = None
    if problem.samples:
        stream = np.random.default_rng(problem.options.seed)
        sampler = Sampler(problem.samples, pool, neighbour_correlation(evidence.chosen), stream)
    series = []
    for history, used, chosen in zip(evidence.histories, evidence.used, evidence.chosen, strict=True):
        key = (history.start, history.skipped + history.values.size, history.like)
        if key not in stamps:
            stamps[key] = timestamps(history, frequency, problem.horizon)
        series.append(_forecast(problem, history, used, chosen, shared, sampler, stamps[key], frequency))
    return series


def timestamps(history: History, frequency: Frequency, horizon: int) -> list[str | int]:
    """Return the times of the forecast steps, in the kind of the request."""
    return [history.stamp(history.values.size + step, frequency) for step in range(horizon)]


def key_of(number: float) -> str:
    """Return a level or quantile as the caller would write it: 80, 97.5, 0.9."""
    return str(int(number)) if number == int(number) else repr(number)


def _probabilities(problem: ForecastProblem) -> list[float]:
    """Return the shares of absolute errors that intervals and quantiles ask for, without repetition."""
    wanted = [level / 100 for level in problem.levels] + [abs(2 * quantile - 1) for quantile in problem.quantiles]
    return list(dict.fromkeys(wanted))


def _forecast(
    problem: ForecastProblem,
    history: History,
    used: FloatArray,
    chosen: Chosen,
    shared: dict[float, FloatArray],
    sampler: Sampler | None,
    stamps: list[str | int],
    frequency: Frequency,
) -> SeriesForecast:
    floor = 0.0 if history.non_negative else -np.inf
    mean = np.maximum(chosen.point, floor)
    points = mean.tolist()
    if chosen.method == "historical_mean":
        median, quantiles, intervals = _empirical(problem, used)
    elif chosen.method in COUNTED:
        median, quantiles, intervals = _counts(problem, used, chosen, mean)
    elif chosen.fit.returns is not None:
        rows = price_quantiles(float(used[-1]), chosen.fit.returns, problem.horizon, _all_probabilities(problem))
        median, quantiles, intervals = _by_probability(problem, rows.tolist())
    else:
        # The same numbers, held once.
        median = points
        quantiles, intervals = _conformal(problem, chosen, shared, floor)
    return SeriesForecast(
        id=history.id,
        method=chosen.method,
        demand=demand_class(used),
        timestamps=stamps,
        mean=points,
        median=median,
        quantiles=quantiles,
        intervals=intervals,
        samples=None if sampler is None else _samples(sampler, used, chosen, mean, floor),
        fit=chosen.fit,
        backtest=_summary(history, used, chosen, frequency),
        repairs=history.repairs,
        reason=reason_of(chosen, used.size),
        state=None,
        base_mean=None,
    )


def _samples(sampler: Sampler, used: FloatArray, chosen: Chosen, mean: FloatArray, floor: float) -> list[list[float]]:
    """Return sample paths with the distribution that the quantiles of the method have."""
    if chosen.method == "historical_mean":
        return sampler.from_history(used, mean.size)
    if chosen.method in COUNTED:
        return sampler.counts(used, mean, float(chosen.width[0]))
    if chosen.fit.returns is not None:
        normals = sampler.stream.standard_normal((sampler.count, 1 + mean.size))
        paths: list[list[float]] = price_paths(float(used[-1]), chosen.fit.returns, normals).tolist()
        return paths
    return sampler.around(chosen, floor)


def _conformal(
    problem: ForecastProblem, chosen: Chosen, shared: dict[float, FloatArray], floor: float
) -> tuple[dict[str, list[float]], dict[str, Interval]]:
    """Return quantiles and intervals around the point forecast, clipped at the floor."""
    centre = chosen.point

    def bound(probability: float, sign: int) -> list[float]:
        bounds: list[float] = np.maximum(centre + sign * shared[probability] * chosen.width, floor).tolist()
        return bounds

    quantiles = {key_of(q): bound(abs(2 * q - 1), 1 if q >= 0.5 else -1) for q in problem.quantiles}
    intervals = {key_of(level): Interval(lower=bound(level / 100, -1), upper=bound(level / 100, 1)) for level in problem.levels}
    return quantiles, intervals


def _empirical(problem: ForecastProblem, used: FloatArray) -> tuple[list[float], dict[str, list[float]], dict[str, Interval]]:
    """Return median, quantiles and intervals of the history itself, the same at every step."""
    steps = problem.horizon
    return _by_probability(problem, [[value] * steps for value in empirical_quantiles(used, _all_probabilities(problem))])


def _counts(
    problem: ForecastProblem, used: FloatArray, chosen: Chosen, mean: FloatArray
) -> tuple[list[float], dict[str, list[float]], dict[str, Interval]]:
    """Return median, quantiles and intervals of counted demand."""
    unit = counting_unit(used)
    table = count_quantiles(mean, float(chosen.width[0]), unit, _all_probabilities(problem))
    return _by_probability(problem, table.tolist())


def _all_probabilities(problem: ForecastProblem) -> list[float]:
    """Return the median, the quantiles, and the ends of every interval."""
    tails = [(0.5 - level / 200, 0.5 + level / 200) for level in problem.levels]
    return [0.5, *problem.quantiles, *(tail for pair in tails for tail in pair)]


def _by_probability(
    problem: ForecastProblem, flat: list[list[float]]
) -> tuple[list[float], dict[str, list[float]], dict[str, Interval]]:
    """Sort rows in the order of `_all_probabilities` into median, quantiles and intervals."""
    count = 1 + len(problem.quantiles)
    quantiles = {key_of(q): row for q, row in zip(problem.quantiles, flat[1:count], strict=True)}
    pairs = zip(problem.levels, flat[count::2], flat[count + 1 :: 2], strict=True)
    intervals = {key_of(level): Interval(lower=lower, upper=upper) for level, lower, upper in pairs}
    return flat[0], quantiles, intervals


def _summary(history: History, used: FloatArray, chosen: Chosen, frequency: Frequency) -> BacktestSummary | None:
    if not chosen.plan.cutoffs:
        return None
    skipped = history.values.size - used.size
    stamps = [history.stamp(skipped + cutoff - 1, frequency) for cutoff in chosen.plan.cutoffs]
    yardstick = chosen.scores["seasonal_naive"]
    score = chosen.scores["seasonal_naive" if chosen.method == "naive" else chosen.method]
    added = 1 - score / yardstick if score is not None and yardstick else None
    naive = chosen.scores.get("naive")
    over_naive = 1 - score / naive if score is not None and naive else None
    return BacktestSummary(
        metric="mase",
        horizon=chosen.plan.horizon,
        cutoffs=stamps,
        scores=chosen.scores,
        value_added=added,
        value_added_over_naive=over_naive,
    )


def reason_of(chosen: Chosen, length: int) -> str:
    """Return why this method was used, in one sentence."""
    if chosen.method == "historical_mean":
        return "Intermittent demand: the mean of the history; absolute errors favour a forecast of zero, so no method competes."
    if chosen.method in COUNTED[1:]:
        return "Named in the options."
    if chosen.fit.returns is not None:
        return returns_reason(chosen.fit.returns)
    if length < SHORTEST_TRAINING:
        return f"Only {length} observations: the last value is carried forward."
    if chosen.method == "weighted_mean":
        text = "Intermittent demand: a mean in which recent periods count more; absolute errors would favour a forecast of zero"
        total = "" if chosen.fit.scaling is None else ", scaled so that all such forecasts add up to that of their total"
        return f"{text}{total}."
    if chosen.combination is not None:
        return chosen.combination.reason + _covariates_reason(chosen)
    if chosen.refused:
        return "The method named in the options cannot be used on this series; the naive forecast is the fallback."
    if len(chosen.methods) < 3:
        return (
            "Named in the options." if chosen.methods[-1] == chosen.method or len(chosen.methods) > 1 else "The plain method."
        )
    tested = {name: score for name, score in chosen.scores.items() if score is not None}
    if not tested:
        return f"{length} observations are too few for a backtest; {chosen.method} is the default."
    ranking = ", ".join(f"{name} {score:.3f}" for name, score in sorted(tested.items(), key=lambda item: item[1]))
    best = min(tested.values())
    if tested.get(chosen.method, best) > best:
        return f"Not clearly beaten over {len(chosen.plan.cutoffs)} cutoffs (by less than one standard error): {ranking}."
    return f"Smallest mean scaled error over {len(chosen.plan.cutoffs)} cutoffs: {ranking}."


def _covariates_reason(chosen: Chosen) -> str:
    """Return what the covariates gained in the backtest, as a sentence, or nothing."""
    own, without = chosen.scores.get("ensemble"), chosen.scores.get("without_covariates")
    if chosen.effect is None:
        return ""
    if not own or not without:
        return " With the effects of its covariates."
    change = 100 * (1 - own / without)
    side = "smaller" if change >= 0 else "larger"
    return f" With the effects of its covariates the backtest error is {abs(change):.0f} % {side} than without them."


def warnings_of(evidence: Evidence, *, out_of_time: bool) -> Sequence[RunWarning]:
    """Return one warning per repaired, short, intermittent or shortened series, at most 100, and one when time ran short."""
    warnings: list[RunWarning] = []
    if out_of_time:
        text = "There was no time to try every method on every series; the last ones got the seasonal naive forecast."
        warnings.append(RunWarning(code="TIME_LIMIT_FALLBACK", pointer="/options/time_limit_s", message=text))
    rows = zip(evidence.histories, evidence.used, evidence.chosen, evidence.drivers, strict=True)
    for history, used, chosen, drivers in rows:
        if len(warnings) >= MOST_WARNINGS:
            break
        warnings += _series_warnings(history, used, chosen, evidence.season_length)
        if drivers is not None and chosen.effect is None:
            code, text = "COVARIATES_NOT_USED", _unused(chosen)
            warnings.append(RunWarning(code=code, pointer=history.pointer, message=text))
    return warnings[:MOST_WARNINGS]


def _unused(chosen: Chosen) -> str:
    """Return why the covariates of a series were left out."""
    if chosen.method == "ensemble":
        return "Covariates and events did not make the backtest errors of this series smaller, so they were left out."
    if chosen.fit.returns is not None:
        return "Covariates and events are not used for a random walk of prices."
    return "Covariates and events are not used for very short or intermittent series."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _series_warnings(history: History, used: FloatArray, chosen: Chosen, m: int) -> list[RunWarning]:
    found = [(repair.code, f"{_count(repair.count, 'time')}: {repair.message}") for repair in history.repairs]
    if used.size < SHORTEST_TRAINING:
        found.append(
            (
                "SHORT_SERIES",
                f"{_count(used.size, 'observation')}: naive forecast; its intervals are a guess from so few numbers.",
            )
        )
    elif chosen.method in ("historical_mean", "weighted_mean"):
        source = "those of the history" if chosen.method == "historical_mean" else "negative binomial"
        found.append(("INTERMITTENT_DEMAND", f"Many periods without demand: a mean is forecast, quantiles are {source}."))
    elif chosen.refused:
        found.append(("METHOD_NOT_USABLE", "The method named in the options cannot be used on this series; naive instead."))
    if m > 1 and used.size < 2 * m:
        text = f"{used.size} observations are fewer than two seasons of {m}: no season is estimated."
        found.append(("SEASON_NOT_ESTIMATED", text))
    if used.size < history.values.size:
        found.append(("HISTORY_SHORTENED", f"The latest {used.size} of {history.values.size} observations were used."))
    return [RunWarning(code=code, pointer=history.pointer, message=message) for code, message in found]
