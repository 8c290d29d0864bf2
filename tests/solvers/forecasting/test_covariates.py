"""Covariates and events: effects found again, shares that add up, clear refusals, and a check that recomputes them."""

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from models.forecasting import ForecastProblem
from solvers.feature import Ask
from solvers.forecasting.check import check_forecast
from solvers.forecasting.covariate_regression import effects
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.semantics import issues, warnings
from tests.solvers.forecasting.problems import REPRODUCE, solve
from tests.solvers.forecasting.test_check import violations

ELASTICITY, UPLIFT = -1.8, 0.6
HORIZON = 6


def promoted(count: int = 80, *, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weekly demand with a price elasticity and a promotion, and both drivers over the weeks and the horizon."""
    draw = np.random.default_rng(seed)
    price = np.round(2.0 * np.exp(draw.normal(0, 0.15, count + HORIZON)), 2)
    promotion = (draw.random(count + HORIZON) < 0.2).astype(float)
    level = 200 * np.exp(np.cumsum(draw.normal(0, 0.01, count + HORIZON)) + draw.normal(0, 0.05, count + HORIZON))
    return level * (price / 2) ** ELASTICITY * np.exp(UPLIFT * promotion), price, promotion


def weekly(**fields: Any) -> ForecastProblem:
    """Return a problem of one weekly series with price and promotion."""
    demand, price, promotion = promoted()
    n = demand.size - HORIZON
    series = {
        "id": "oat-milk",
        "start": "2023-01-02",
        "values": demand[:n].tolist(),
        "covariates": {"price": price[:n].tolist(), "promotion": promotion[:n].tolist()},
        "future_covariates": {"price": price[n:].tolist(), "promotion": promotion[n:].tolist()},
    }
    return ForecastProblem.model_validate({"frequency": "W", "horizon": HORIZON, "series": [series]} | fields)


def test_the_effects_are_found_again() -> None:
    """Made-up demand has its elasticity and uplift recovered, and the form is told by likelihood."""
    demand, price, promotion = promoted(200)
    table = np.column_stack([price, promotion])
    (found,) = effects([demand[:200]], [table], names=("price", "promotion"), season_length=1, form=None)
    assert found.form == "multiplicative"
    assert found.logged == (True, False)
    assert found.coefficients == pytest.approx([ELASTICITY, UPLIFT], abs=0.08)


def test_additive_effects_of_a_series_with_negative_values() -> None:
    """Where logarithms do not exist, effects add up."""
    draw = np.random.default_rng(3)
    driver = draw.normal(0, 1, 120)
    values = 5 * driver[:114] + draw.normal(0, 0.5, 114)
    (found,) = effects([values], [driver[:, None]], names=("x",), season_length=1, form="multiplicative")
    assert found.form == "additive"
    assert found.coefficients == pytest.approx([5.0], abs=0.2)


def test_a_forecast_follows_its_covariates() -> None:
    """The forecast with known future promotions is at least 10 % better than the one without."""
    problem = weekly()
    truth = promoted()[0][-HORIZON:]
    blind = problem.model_copy(update={"series": [replace_covariates(problem)]})
    errors = []
    for asked in (problem, blind):
        outcome = solve(asked)
        assert outcome.solution is not None
        errors.append(float(np.square(np.array(outcome.solution.series[0].mean) - truth).mean()) ** 0.5)
    assert errors[0] < 0.9 * errors[1]


def replace_covariates(problem: ForecastProblem) -> Any:
    """Return the series of a problem without its covariates."""
    assert problem.series is not None
    return problem.series[0].model_copy(update={"covariates": {}, "future_covariates": {}})


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_level_trend_season_and_covariates_add_up(form: str) -> None:
    """The parts of the explanation sum to the forecast, one part per covariate."""
    problem = weekly(covariate_effects=form)
    outcome = solve(problem)
    told = explain_forecast(problem, outcome, Ask(level="full", reproduce=REPRODUCE, deadline=inf))
    assert told.components is not None
    assert outcome.solution is not None
    parts = told.components[0]
    assert set(parts.covariates) == {"price", "promotion"}
    total = np.array([parts.level, parts.trend, parts.season, parts.clipping, *parts.covariates.values()]).sum(axis=0)
    assert total == pytest.approx(outcome.solution.series[0].mean, rel=1e-12)
    backtest = outcome.solution.series[0].backtest
    assert backtest is not None
    assert "without_covariates" in backtest.scores


@pytest.mark.parametrize("form", ["auto", "additive"])
def test_right_effects_pass_and_wrong_ones_are_caught(form: str) -> None:
    """The check fits the coefficients once more and puts their effects onto members of its own."""
    problem = weekly(covariate_effects=form)
    outcome = solve(problem)
    assert violations(check_forecast(problem, outcome)) == set()
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    assert answer.fit.covariates is not None
    first, *others = answer.fit.covariates.effects
    wrong = first.model_copy(update={"coefficient": first.coefficient * 1.01})
    covariates = answer.fit.covariates.model_copy(update={"effects": [wrong, *others]})
    changed = answer.model_copy(update={"fit": answer.fit.model_copy(update={"covariates": covariates})})
    solution = outcome.solution.model_copy(update={"series": [changed]})
    assert "covariates" in violations(check_forecast(problem, replace(outcome, solution=solution)))


def test_covariates_without_effect_are_left_out() -> None:
    """A driver that is pure noise is dropped when it makes the backtest worse, and the answer says so."""
    draw = np.random.default_rng(5)
    values = (100 + np.cumsum(draw.normal(0, 1, 60))).tolist()
    noise = draw.normal(0, 1, 64)
    series = {
        "id": "s",
        "values": values,
        "covariates": {"x": noise[:60].tolist()},
        "future_covariates": {"x": noise[60:].tolist()},
    }
    outcome = solve(ForecastProblem.model_validate({"horizon": 4, "series": [series]}))
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    assert answer.backtest is not None
    used = answer.fit.covariates is not None
    other = answer.backtest.scores["without_covariates" if used else "with_covariates"]
    assert (answer.backtest.scores["ensemble"] or 0) <= (other or 0)
    assert used or "COVARIATES_NOT_USED" in {warning.code for warning in outcome.warnings}


def test_an_event_counts_for_the_period_that_holds_it() -> None:
    """A monthly event of rows in long form lifts its month, past and future."""
    months = [f"{2019 + k // 12}-{k % 12 + 1:02d}-01" for k in range(60)]
    fair = [
        f"{year}-{month:02d}-17"
        for year, month in ((2019, 3), (2019, 9), (2020, 5), (2021, 2), (2022, 8), (2023, 6), (2024, 2))
    ]
    rows = []
    for k, month in enumerate(months):
        base = 100 + (k * 7) % 5
        rows.append({"unique_id": "s", "ds": month, "y": base + 60 * any(day[:7] == month[:7] for day in fair)})
    body = {"frequency": "MS", "horizon": 3, "rows": rows, "events": [{"name": "fair", "timestamps": fair}]}
    problem = ForecastProblem.model_validate(body)
    assert issues(problem) == []
    outcome = solve(problem)
    assert outcome.solution is not None
    mean = outcome.solution.series[0].mean
    assert mean[1] - max(mean[0], mean[2]) > 35
    assert violations(check_forecast(problem, outcome)) == set()


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"future_covariates": {}}, "COVARIATE_FUTURE_MISSING", "/series/0/future_covariates/a~1b"),
        ({"future_covariates": {"a/b": [1]}}, "COVARIATE_FUTURE_MISSING", "/series/0/future_covariates/a~1b"),
        ({"covariates": {"a/b": [1, 2]}}, "COVARIATE_LENGTH", "/series/0/covariates/a~1b"),
        ({"covariates": {}}, "COVARIATE_PAST_MISSING", "/series/0/future_covariates/a~1b"),
    ],
)
def test_a_covariate_without_past_or_future_is_refused(changes: dict[str, Any], code: str, pointer: str) -> None:
    """Every missing number is an error with a pointer."""
    series = {"id": "s", "values": [1, 2, 3], "covariates": {"a/b": [1, 2, 3]}, "future_covariates": {"a/b": [1, 2]}} | changes
    found = issues(ForecastProblem.model_validate({"horizon": 2, "series": [series]}))
    assert [(issue.code, issue.pointer) for issue in found] == [(code, pointer)]


def test_events_that_cannot_be_placed_are_refused() -> None:
    """Times of another kind, repeated names, and solvers without covariates are errors."""
    series = [{"id": "s", "values": [1, 2, 3]}]
    body = {"horizon": 2, "series": series, "options": {"solver": "theta"}}
    body |= {"events": [{"name": "fair", "timestamps": ["2024-01-01"]}, {"name": "fair", "timestamps": [4]}]}
    found = {issue.code for issue in issues(ForecastProblem.model_validate(body))}
    assert found == {"COVARIATES_NOT_SUPPORTED", "EVENT_TIME", "DUPLICATE_NAME"}


def test_a_constant_covariate_is_named() -> None:
    """Nothing can be learned of a driver that never moved."""
    series = [{"id": "s", "values": [1, 2, 3], "covariates": {"price": [2, 2, 2]}, "future_covariates": {"price": [1]}}]
    found = warnings(ForecastProblem.model_validate({"horizon": 1, "series": series}))
    assert [warning.code for warning in found] == ["COVARIATE_CONSTANT"]
