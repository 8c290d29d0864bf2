"""The explanation: parts that add up, reasons, weights, backtest."""

import time
from typing import Literal

import numpy as np
import pytest

from models.explanation import Reproduce
from models.forecasting import ForecastExplanation, ForecastProblem, SeriesForecast
from solvers.feature import Ask
from solvers.forecasting.explain import explain_forecast
from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal, solve

KEYS = ("components", "candidates", "weights_of_the_past", "backtest", "counterfactuals", "constraints", "objective_terms")


def explained(
    problem: ForecastProblem, level: Literal["summary", "full"] = "full"
) -> tuple[ForecastExplanation, list[SeriesForecast]]:
    """Return the explanation and the forecasts that it explains."""
    outcome = solve(problem)
    assert outcome.solution is not None
    reproduce = Reproduce(versions={}, seed=0, input_sha256="")
    return explain_forecast(
        problem, outcome, Ask(level=level, reproduce=reproduce, deadline=time.monotonic() + 9)
    ), outcome.solution.series


@pytest.mark.parametrize("solver", ["seasonal_naive", "exponential_smoothing", "theta"])
@pytest.mark.parametrize("values", [MADE_UP, [float(40 - 2 * t) for t in range(24)], [1e-3 * v for v in MADE_UP]])
def test_components_add_up(solver: str, values: list[float]) -> None:
    """Level, trend, season and clipping sum to the forecast to the digit."""
    explanation, series = explained(monthly(values, horizon=12, solver=solver))
    assert explanation.components is not None
    parts = explanation.components[0]
    total = np.array([parts.level, parts.trend, parts.season, parts.clipping]).sum(axis=0)
    assert total == pytest.approx(np.array(series[0].mean), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("solver", ["seasonal_naive", "exponential_smoothing", "theta"])
def test_weights_reproduce_the_first_step(solver: str) -> None:
    """Weights times observations plus the remainder are the forecast of the first step."""
    explanation, series = explained(monthly(MADE_UP, solver=solver))
    assert explanation.weights_of_the_past is not None
    weights = explanation.weights_of_the_past[0]
    total = float(np.dot(weights.weights, MADE_UP[::-1])) + weights.remainder
    assert total == pytest.approx(series[0].mean[0])


@pytest.mark.parametrize("solver", ["exponential_smoothing", "theta"])
def test_a_weight_is_the_effect_of_its_observation(solver: str) -> None:
    """With a non-seasonal fit, the newest weight of simple smoothing is its alpha; of Theta it adds the line's share."""
    explanation, series = explained(monthly(seasonal(40, noise=20.0), solver=solver, season_length=1))
    assert explanation.weights_of_the_past is not None
    fit = series[0].fit
    newest = explanation.weights_of_the_past[0].weights[0]
    assert fit.alpha is not None
    expected = fit.alpha + (fit.phi or 0.0) * (fit.beta or 0.0)
    assert newest == pytest.approx(expected) if solver == "exponential_smoothing" else newest >= fit.alpha


def test_candidates_say_who_won_and_why_others_lost() -> None:
    """Candidates are ranked by score, one is chosen, every other has a reason."""
    explanation, series = explained(monthly(seasonal(72), solver="backtest_selection"))
    assert explanation.candidates is not None
    first, *others = explanation.candidates[0].candidates
    assert (first.method, first.chosen) == (series[0].method, True)
    assert all("%" in other.sentence for other in others)


def test_a_better_score_that_lost_is_explained() -> None:
    """When the options name a method that others beat, the others say so."""
    explanation, _ = explained(monthly([10.0, 20.0, 35.0, 5.0] * 12, season_length=4, solver="theta"))
    assert explanation.candidates is not None
    first, *_ = explanation.candidates[0].candidates
    assert (first.method, first.chosen) == ("seasonal_naive", False)
    assert "which the options named" in first.sentence


def test_backtest_shows_every_origin() -> None:
    """The mean of the origins' scores is the score of the summary."""
    explanation, series = explained(monthly(seasonal(72, noise=8.0), solver="backtest_selection"))
    assert explanation.backtest is not None
    assert series[0].backtest is not None
    origins = explanation.backtest[0].origins
    assert [origin.cutoff for origin in origins] == series[0].backtest.cutoffs
    scores = [score for origin in origins if (score := origin.scores["theta"]) is not None]
    assert np.mean(scores) == pytest.approx(series[0].backtest.scores["theta"])


@pytest.mark.parametrize("values", [MADE_UP, [3.0], [0, 0, 5, 0, 0, 0, 0]])
def test_every_null_has_a_reason(values: list[float]) -> None:
    """What cannot be had is null, with a reason under the same key."""
    explanation, _ = explained(monthly(values))
    assert {key for key in KEYS if getattr(explanation, key) is None} <= set(explanation.unavailable)
    assert not explanation.duals.available
    assert 3 <= len(explanation.narrative) + 1 <= 7


def test_the_formulation_holds_every_method_used() -> None:
    """One block of equations per method, counted."""
    patterns = (MADE_UP, [3.0], [0, 0, 5, 0, 0, 0, 0])
    series = [{"id": str(i), "start": "2020-01-01", "values": values} for i, values in enumerate(patterns)]
    explanation, answers = explained(monthly([], series=series))
    assert explanation.formulation is not None
    blocks = {block.symbol: block.count for block in explanation.formulation.constraints}
    assert blocks == {answer.method: 1 for answer in answers}


def test_a_summary_shows_fewer_series() -> None:
    """At level summary the details of 20 series are given, and the narrative says so."""
    series = [{"id": str(i), "start": "2020-01-01", "values": MADE_UP} for i in range(30)]
    explanation, _ = explained(monthly([], series=series), "summary")
    assert explanation.components is not None
    assert len(explanation.components) == 20
    assert "first 20 series" in explanation.narrative[-1]
