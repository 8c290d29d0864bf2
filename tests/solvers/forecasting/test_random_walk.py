"""Random walks of prices: closed forms, the honest answer on drift, coverage, the check, and prices that are none."""

from dataclasses import replace
from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.feature import Ask
from solvers.forecasting.check import check_forecast
from solvers.forecasting.error_correction import advanced
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.semantics import issues
from solvers.forecasting.state import read_state
from tests.solvers.forecasting.problems import REPRODUCE, solve, undated
from tests.solvers.forecasting.test_check import violations

Z_95 = 1.959963984540054


def prices(drift: float, *, count: int = 251, seed: int = 7) -> list[float]:
    """Return a walk from 20 whose log returns have mean `drift` exactly and a standard deviation near 1 %."""
    noise = np.random.default_rng(seed).normal(0, 0.01, count - 1)
    walk: list[float] = (20 * np.exp(np.concatenate([[0.0], np.cumsum(noise - noise.mean() + drift)]))).tolist()
    return walk


def walked(values: list[Any], **fields: Any) -> tuple[ForecastProblem, SeriesForecast]:
    """Return the problem and its forecast, checked."""
    problem = undated(values, solver="random_walk", **fields)
    outcome = solve(problem)
    assert outcome.solution is not None
    assert violations(check_forecast(problem, outcome)) == set()
    return problem, outcome.solution.series[0]


def test_a_small_drift_is_not_used() -> None:
    """A mean return of half a standard error: the median stays at the last price, and the sentence says why."""
    values = prices(0.0003)
    _, answer = walked(values)
    fit = answer.fit.returns
    assert fit is not None
    assert (answer.method, fit.drift, answer.median) == ("random_walk", 0.0, [values[-1]] * 4)
    assert "a drift cannot be told from none" in answer.reason
    assert f"t = {fit.mean / fit.standard_error:.2f}" in answer.reason


def test_a_large_drift_is_used() -> None:
    """A mean return of five standard errors moves the median by it at every step."""
    values = prices(0.0032)
    _, answer = walked(values)
    fit = answer.fit.returns
    assert fit is not None
    assert fit.drift == pytest.approx(0.0032)
    assert answer.median == pytest.approx([values[-1] * exp(0.0032 * h) for h in range(1, 5)])
    assert "so this drift is used" in answer.reason


def test_constant_returns_go_on() -> None:
    """One per cent a step without noise goes on for ever, and every interval is that point."""
    values = [10 * 1.01**t for t in range(30)]
    _, answer = walked(values)
    expected = [10 * 1.01 ** (29 + h) for h in range(1, 5)]
    assert answer.mean == pytest.approx(expected)
    assert answer.intervals["95"].lower == pytest.approx(expected)


def test_a_price_that_never_moves() -> None:
    """No variation has no t statistic: the price stays, and the sentence says that it never moved."""
    _, answer = walked([5.0] * 20)
    assert answer.mean == [5.0] * 4
    assert answer.fit.returns is not None
    assert answer.fit.returns.t_statistic is None
    assert "the price never moved" in answer.reason


def test_intervals_are_lognormal() -> None:
    """Two returns of alternating sign and equal size: volatility is that size, widths grow with the root of the step."""
    values = [100.0 * exp(0.02 * (t % 2)) for t in range(41)]
    _, answer = walked(values, quantiles=[0.1])
    assert answer.mean == pytest.approx([100 * exp(h * 0.0002) for h in range(1, 5)])
    assert answer.intervals["95"].upper == pytest.approx([100 * exp(Z_95 * 0.02 * sqrt(h)) for h in range(1, 5)])
    assert answer.quantiles["0.1"] == pytest.approx([100 * exp(-1.2815515655446 * 0.02 * sqrt(h)) for h in range(1, 5)])


def test_volatility_follows_the_latest_returns() -> None:
    """After a year of 1 % and two months of 3 % the weighted volatility is near 3 %, the plain one far below."""
    noise = np.random.default_rng(3).normal(0, np.repeat([0.01, 0.03], [250, 60]))
    _, answer = walked((50 * np.exp(np.cumsum(noise))).tolist())
    fit = answer.fit.returns
    assert fit is not None
    assert fit.standard_deviation < 0.02 < 0.024 < fit.volatility < 0.037


def ahead(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return walks of 250 prices without drift (S, 250) and the ten prices that came (S, 10)."""
    noise = np.random.default_rng(seed).normal(0, 0.015, (count, 260))
    walks = 30 * np.exp(np.cumsum(noise, axis=1))
    return walks[:, :250], walks[:, 250:]


def test_coverage_is_near_nominal() -> None:
    """Of 600 walks the intervals of 80 and 95 per cent hold about as many, one step and ten steps ahead."""
    past, future = ahead(600, seed=11)
    series = [{"id": str(i), "values": row} for i, row in enumerate(past.tolist())]
    outcome = solve(undated([1.0], solver="random_walk", series=series, horizon=10, states=False))
    assert outcome.solution is not None
    for level, slack in (("80", 0.05), ("95", 0.035)):
        intervals = [answer.intervals[level] for answer in outcome.solution.series]
        inside = (future >= [part.lower for part in intervals]) & (future <= [part.upper for part in intervals])
        assert inside.mean(axis=0)[[0, 9]] == pytest.approx(float(level) / 100, abs=slack)


def test_drift_is_found_by_chance_in_one_walk_of_twenty() -> None:
    """Without a drift the test at 5 % finds one in about 5 % of walks."""
    past, _ = ahead(600, seed=12)
    series = [{"id": str(i), "values": row} for i, row in enumerate(past.tolist())]
    outcome = solve(undated([1.0], solver="random_walk", series=series, states=False))
    assert outcome.solution is not None
    found = [answer.fit.returns.drift != 0 for answer in outcome.solution.series if answer.fit.returns is not None]
    assert 0.02 < np.mean(found) < 0.08


def test_sample_paths_have_the_spread_of_the_quantiles() -> None:
    """A thousand paths: their log prices have the variance of the intervals at the first and last step."""
    values = prices(0.0)
    _, answer = walked(values, samples=1000, horizon=9)
    fit = answer.fit.returns
    assert fit is not None
    logs = np.log(np.array(answer.samples) / values[-1])
    assert logs.std(axis=0)[[0, 8]] == pytest.approx([fit.volatility, 3 * fit.volatility], rel=0.08)


def test_without_a_drift_nothing_is_added_over_naive() -> None:
    """Where no cutoff shows a drift, the backtest score is that of the last price carried forward."""
    _, answer = walked(prices(0.0))
    assert answer.backtest is not None
    assert answer.backtest.scores["random_walk"] == answer.backtest.scores["naive"]
    assert answer.backtest.value_added_over_naive == 0.0


def test_wild_prices_stay_finite() -> None:
    """Returns of thousands of per cent over many steps: every number is finite and the check agrees."""
    noise = np.random.default_rng(1).normal(0, 9, 60)
    _, answer = walked(np.exp(np.cumsum(noise)).clip(1e-300, 1e14).tolist(), horizon=300, levels=[99.99999999999999])
    assert max(answer.mean) <= 1e30


@pytest.mark.parametrize("change", [{"volatility": 1.001}, {"drift": 1.001}, {"critical_value": 1.001}, {"mean": 1.001}])
def test_wrong_numbers_are_caught(change: dict[str, float]) -> None:
    """A fitted number off by a thousandth fails the check."""
    problem = undated(prices(0.0032), solver="random_walk")
    outcome = solve(problem)
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    fit = answer.fit.returns
    assert fit is not None
    wrong = fit.model_copy(update={key: factor * getattr(fit, key) for key, factor in change.items()})
    series = [answer.model_copy(update={"fit": answer.fit.model_copy(update={"returns": wrong})})]
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"series": series}))
    assert "random_walk" in violations(check_forecast(problem, changed))


def test_the_explanation_adds_up() -> None:
    """Level and trend sum to the mean; the formulation names the walk and the numbers show the last log return."""
    values = prices(0.0032)
    problem = undated(values, solver="random_walk")
    outcome = solve(problem)
    assert outcome.solution is not None
    told = explain_forecast(problem, outcome, Ask(level="full", reproduce=REPRODUCE, deadline=float("inf")))
    assert told.components is not None
    assert told.numbers is not None
    assert told.formulation is not None
    parts = told.components[0]
    total = np.array(parts.level) + np.array(parts.trend) + np.array(parts.season) + np.array(parts.clipping)
    assert total.tolist() == pytest.approx(outcome.solution.series[0].mean, rel=1e-15)
    assert told.numbers[0].recursion[-1].value == pytest.approx(log(values[-1] / values[-2]))
    assert told.formulation.name == "forecast by random_walk"


def test_an_update_starts_from_the_new_price() -> None:
    """The state moves by the whole error: the next median is near the new price."""
    values = prices(0.0)
    _, answer = walked(values)
    assert answer.state is not None
    state = read_state(answer.state)
    assert state is not None
    after = advanced(state, 25.0)
    assert after.forecast(2, after.correction) == pytest.approx(25.0, rel=1e-3)


@pytest.mark.parametrize("price", [0.0, -3.0])
def test_a_price_must_be_positive(price: float) -> None:
    """A series with a price of 0 or less is refused where it is the only one, with a pointer to that price."""
    found = issues(undated([3.0, 4.0, price, 5.0], solver="random_walk"))
    assert [(issue.pointer, issue.code) for issue in found] == [("/series/0/values/2", "PRICE_NOT_POSITIVE")]


def test_other_series_are_forecast() -> None:
    """One series with a negative price is skipped; the other is forecast."""
    series = [{"id": "bad", "values": [1.0, -1.0]}, {"id": "good", "values": prices(0.0)}]
    outcome = solve(undated([1.0], solver="random_walk", series=series))
    assert outcome.solution is not None
    assert [answer.id for answer in outcome.solution.series] == ["good"]
    assert [(part.id, part.pointer) for part in outcome.solution.skipped] == [("bad", "/series/0/values/1")]


def test_rows_point_to_their_price() -> None:
    """In long form the pointer names the row."""
    rows = [{"unique_id": "s", "ds": t, "y": y} for t, y in enumerate([3.0, 0.0])]
    problem = ForecastProblem.model_validate({"horizon": 1, "rows": rows, "options": {"solver": "random_walk"}})
    assert [issue.pointer for issue in issues(problem)] == ["/rows/1/y"]


def test_prices_have_no_hierarchy() -> None:
    """Prices do not add up, so a hierarchy of them is refused."""
    problem = undated(prices(0.0), solver="random_walk", hierarchy=[{"id": "all", "children": ["s"]}])
    assert "HIERARCHY_OF_PRICES" in {issue.code for issue in issues(problem)}


def test_without_time_the_last_prices_are_carried_forward() -> None:
    """When the clock has run out the forecast is the naive one, and the warning says so."""
    outcome = solve(undated(prices(0.0), solver="random_walk"), time_limit=1e-9)
    assert outcome.solution is not None
    assert outcome.solution.series[0].method == "naive"
    assert "TIME_LIMIT_FALLBACK" in {warning.code for warning in outcome.warnings}


def test_few_prices_are_carried_forward() -> None:
    """Five prices are too few for a test of their drift: the naive forecast, with a warning."""
    _, answer = walked([3.0, 3.1, 3.0, 3.2, 3.1])
    assert (answer.method, answer.mean) == ("naive", [3.1] * 4)
