"""The working behind forecasts: components, candidates, weights of the past, backtest and a narrative with numbers."""

import time
from collections.abc import Sequence

import numpy as np

from models.explanation import Duals
from models.forecasting import (
    BacktestOrigin,
    Candidate,
    ForecastExplanation,
    ForecastProblem,
    ForecastSolution,
    MethodFit,
    QuantileProgram,
    SeriesBacktest,
    SeriesCandidates,
    SeriesComponents,
    SeriesCounterfactuals,
    SeriesForecast,
)
from solvers.base import Outcome
from solvers.feature import Ask
from solvers.forecasting.answer import Evidence
from solvers.forecasting.counterfactuals import counterfactuals
from solvers.forecasting.covariate_part import shares
from solvers.forecasting.explain_combination import member_candidates, member_shares
from solvers.forecasting.explain_hierarchy import MOST_MEMBERS, reconciliations, told
from solvers.forecasting.explain_likeness import with_likeness, without_new_items
from solvers.forecasting.explain_numbers import numbers_of
from solvers.forecasting.explain_quantiles import UNAVAILABLE as NO_QUANTILES
from solvers.forecasting.explain_quantiles import quantile_programs
from solvers.forecasting.explain_weights import UNAVAILABLE as NO_WEIGHTS
from solvers.forecasting.explain_weights import weights_of_the_past
from solvers.forecasting.formulation import formulation
from solvers.forecasting.frequency import Frequency
from solvers.forecasting.history import FloatArray, History, grid_of
from solvers.forecasting.narrative import narrative
from solvers.forecasting.selection import Chosen

MOST_SERIES = {"summary": 20, "full": 100}
MOST_COUNTERFACTUALS = {"summary": 5, "full": 20}

UNAVAILABLE = {
    "constraints": "A forecast has no constraints with a right-hand side: its equations stand in `formulation`.",
    "variables": "The fitted numbers stand in `solution.series[].fit`.",
    "objective_terms": "A forecast has no cost.",
    "infeasibility": "The problem has an answer.",
}


def explain_forecast(problem: ForecastProblem, outcome: Outcome[ForecastSolution], ask: Ask) -> ForecastExplanation:
    """Return the explanation of the first series and new items (20 each at level summary, 100 at full), and a narrative."""
    assert outcome.solution is not None, "forecasting always has a solution"
    explained = _explained(problem, without_new_items(outcome.solution), outcome.evidence, ask)
    return with_likeness(explained, problem, outcome.solution.series, MOST_SERIES[ask.level])


def _explained(problem: ForecastProblem, solution: ForecastSolution, evidence: Evidence, ask: Ask) -> ForecastExplanation:
    """Return the explanation of the series that are forecast from their own values."""
    frequency = grid_of(problem)
    rows = list(zip(evidence.histories, evidence.used, evidence.chosen, solution.series, strict=True))
    shown = rows[: MOST_SERIES[ask.level]]
    weights = weights_of_the_past(
        [row[:3] for row in shown], frequency, season_length=evidence.season_length, level=ask.level, deadline=ask.deadline
    )
    backtests = [_backtest(history, used, chosen, frequency) for history, used, chosen, _ in shown if chosen.plan.cutoffs]
    otherwise = _otherwise(rows[: MOST_COUNTERFACTUALS[ask.level]], evidence.season_length, frequency, ask.deadline)
    numbers = [
        found for history, used, chosen, _ in shown if (found := numbers_of(history, used, chosen, frequency)) is not None
    ]
    programs = _programs(problem, evidence, frequency, ask)
    unavailable = dict(UNAVAILABLE)
    levels = reconciliations(solution, evidence.coherence, MOST_MEMBERS[ask.level])
    if levels is None:
        unavailable["hierarchy"] = "The request names no hierarchy."
    if not numbers:
        unavailable["numbers"] = "Means of intermittent demand and Croston-like methods stand in `fit`."
    if not programs:
        unavailable["quantile_regression"] = NO_QUANTILES
    if not otherwise:
        unavailable["counterfactuals"] = "No stock-out, clear outlier or covariate in the series that are shown."
    if not weights:
        late = time.monotonic() >= ask.deadline
        unavailable["weights_of_the_past"] = "The time limit left no time for them." if late else NO_WEIGHTS
    if not backtests:
        unavailable["backtest"] = "No series is regular and long enough to hide a part of it."
    return ForecastExplanation(
        level=ask.level,
        formulation=formulation(problem, evidence),
        constraints=None,
        variables=None,
        duals=Duals(
            available=False,
            kind="none",
            degenerate=None,
            alternative_optima=None,
            reason="Forecasts are not the optimum of a linear program; the one of a quantile, with its duals, is told apart "
            "under `quantile_regression` at level full.",
        ),
        objective_terms=None,
        infeasibility=None,
        narrative=narrative(solution, evidence, shown=len(shown), hierarchy=told(evidence.coherence)),
        reproduce=ask.reproduce,
        unavailable=unavailable,
        components=[_components(history, chosen, answer) for history, _, chosen, answer in shown],
        candidates=[_candidates(chosen, answer) for _, _, chosen, answer in shown],
        weights_of_the_past=weights or None,
        backtest=backtests or None,
        counterfactuals=otherwise or None,
        quantile_regression=programs or None,
        hierarchy=levels,
        numbers=numbers or None,
    )


def _otherwise(
    rows: Sequence[tuple[History, FloatArray, Chosen, SeriesForecast]],
    season_length: int,
    frequency: Frequency,
    deadline: float,
) -> list[SeriesCounterfactuals]:
    """Return what the forecasts would have been otherwise, while time is left."""
    return [
        found
        for history, used, chosen, answer in rows
        if time.monotonic() < deadline
        and (found := counterfactuals(history, used, chosen, answer, frequency=frequency, season_length=season_length))
    ]


def _programs(problem: ForecastProblem, evidence: Evidence, frequency: Frequency, ask: Ask) -> list[QuantileProgram]:
    """Return the linear programs of the quantiles of the first series; none in a summary."""
    if ask.level != "full":
        return []
    return quantile_programs(
        list(zip(evidence.histories, evidence.used, evidence.drivers, strict=True)),
        frequency,
        quantiles=problem.quantiles,
        season_length=evidence.season_length,
        horizon=problem.horizon,
        deadline=ask.deadline,
    )


def _components(history: History, chosen: Chosen, answer: SeriesForecast) -> SeriesComponents:
    """Split the point forecast so that the parts add up to it."""
    own = np.array(answer.mean if answer.base_mean is None else answer.base_mean)
    added = shares(chosen.effect, chosen.base, chosen.fit.observations)
    return SeriesComponents(
        id=history.id,
        pointer=history.pointer,
        level=chosen.level.tolist(),
        trend=chosen.trend.tolist(),
        season=chosen.season.tolist(),
        covariates=dict(zip(covariate_names(chosen.fit), added.T.tolist(), strict=True)),
        clipping=(own - chosen.base - added.sum(axis=1)).tolist(),
        reconciliation=(np.array(answer.mean) - own).tolist(),
        members=None if chosen.combination is None else member_shares(chosen.combination),
    )


def covariate_names(fit: MethodFit) -> list[str]:
    """Return the names of the covariates that were used."""
    return [] if fit.covariates is None else [effect.name for effect in fit.covariates.effects]


def _candidates(chosen: Chosen, answer: SeriesForecast) -> SeriesCandidates:
    """List the methods tried, best score first."""
    if chosen.combination is not None:
        return member_candidates(chosen, answer)
    if not chosen.scores:
        only = Candidate(method=answer.method, chosen=True, score=None, aicc=None, sentence=answer.reason)
        return SeriesCandidates(id=answer.id, candidates=[only])
    winner = "seasonal_naive" if chosen.method == "naive" else chosen.method
    best = chosen.scores.get(winner)
    forced = len(chosen.methods) < 3 or chosen.fit.returns is not None
    ranked = sorted(chosen.scores.items(), key=lambda item: (item[1] is None, item[1] or 0.0))
    candidates = [
        Candidate(
            method=name,
            chosen=name == winner,
            score=score,
            aicc=chosen.aicc.get(name),
            sentence=answer.reason if name == winner else _why_lost(score, best, winner, forced=forced),
        )
        for name, score in ranked
    ]
    return SeriesCandidates(id=answer.id, candidates=candidates)


def _why_lost(score: float | None, best: float | None, winner: str, *, forced: bool) -> str:
    """Return the sentence of a method that was not used."""
    if score is None or best is None:
        return f"Not tested: the series is too short for it or for a backtest; {winner} was used."
    if score < best:
        why = "which the options named" if forced else "but by less than one standard error"
        return f"Its score is {best - score:.3f} smaller than that of {winner}, {why}."
    if best == 0:
        return f"{winner} made no error in the backtest."
    return f"Its errors were {100 * (score / best - 1):.1f} % larger than those of {winner}."


def _backtest(history: History, used: FloatArray, chosen: Chosen, frequency: Frequency) -> SeriesBacktest:
    """Return forecasts and errors of every cutoff."""
    skipped = history.values.size - used.size
    steps = chosen.plan.horizon
    scale = chosen.scale if chosen.scale > 0 else 1.0
    origins = []
    for origin, cutoff in enumerate(chosen.plan.cutoffs):
        actual = used[cutoff : cutoff + steps]
        forecasts: dict[str, list[float]] = {}
        scores: dict[str, float | None] = dict.fromkeys(chosen.methods)
        for place, name in enumerate(chosen.methods):
            errors = chosen.errors[origin, place]
            if np.isfinite(errors).all():
                forecasts[name] = (actual - errors).tolist()
                scores[name] = float(np.abs(errors).mean()) / scale
        stamp = history.stamp(skipped + cutoff - 1, frequency)
        origins.append(BacktestOrigin(cutoff=stamp, actual=actual.tolist(), forecasts=forecasts, scores=scores))
    return SeriesBacktest(id=history.id, scale=chosen.scale, origins=origins)
