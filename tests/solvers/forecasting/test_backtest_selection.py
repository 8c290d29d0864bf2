"""The service's forecasts as a whole: choice, degenerate series, limits."""

import math

import numpy as np
import pytest

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.backtest import favoured, plan
from solvers.forecasting.check import check_forecast
from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal, solve, undated


def forecast(problem: ForecastProblem) -> SeriesForecast:
    """Return the forecast of the first series, checked."""
    outcome = solve(problem)
    assert outcome.solution is not None
    assert all(check.max_violation <= check.tolerance for check in check_forecast(problem, outcome))
    return outcome.solution.series[0]


def codes(problem: ForecastProblem) -> list[str]:
    """Return the codes of the warnings."""
    return [warning.code for warning in solve(problem).warnings]


@pytest.mark.parametrize(
    "values",
    [
        [5.0],
        [3, 4],
        [0] * 30,
        [7] * 30,
        [-5, 3, -8, 2, -5, 3],
        [1e12, 2e12] * 10,
        [1e15, -1e15] * 8,
        [1e-9, 3e-9] * 8,
        [0, 0, 0, 9],
    ],
)
@pytest.mark.parametrize("solver", ["auto", "seasonal_naive", "exponential_smoothing", "theta"])
def test_degenerate_series_have_finite_forecasts(values: list[float], solver: str) -> None:
    """Short, flat, zero, negative, huge and tiny series get exactly as many finite numbers as asked for."""
    answer = forecast(monthly(values, solver=solver))
    bounds = [*answer.intervals["95"].lower, *answer.intervals["95"].upper]
    assert len(answer.mean) == 6
    assert all(map(math.isfinite, [*answer.mean, *bounds]))


def test_two_points_get_the_naive_forecast_with_a_warning() -> None:
    """Two points say no more than the last one."""
    problem = monthly([3, 4])
    answer = forecast(problem)
    assert (answer.method, answer.mean) == ("naive", [4.0] * 6)
    assert "SHORT_SERIES" in codes(problem)


def test_zeros_stay_zeros() -> None:
    """A series without any demand is forecast without any, and without uncertainty."""
    answer = forecast(monthly([0] * 30))
    assert answer.mean == answer.intervals["95"].upper == [0.0] * 6


def test_a_clear_winner_is_chosen() -> None:
    """A method that is far better than the others in the backtest is used, and its value added is stated."""
    answer = forecast(monthly([10.0, 20.0, 35.0, 5.0] * 12, season_length=4, solver="backtest_selection"))
    assert (answer.method, answer.backtest is not None) == ("seasonal_naive", True)
    answer = forecast(monthly(seasonal(72), solver="backtest_selection"))
    assert answer.backtest is not None
    scores = {name: score for name, score in answer.backtest.scores.items() if score is not None}
    assert answer.method == min(scores, key=lambda name: scores[name]) == "exponential_smoothing"
    assert answer.backtest.value_added == pytest.approx(1 - scores[answer.method] / scores["seasonal_naive"])


@pytest.mark.parametrize("solver", ["seasonal_naive", "exponential_smoothing", "theta"])
def test_a_method_can_be_forced(solver: str) -> None:
    """The method named in the options is used whatever its score."""
    assert forecast(monthly(MADE_UP, solver=solver)).method == solver


def test_intermittent_demand_gets_its_mean_and_empirical_quantiles() -> None:
    """No absolute errors are compared there; mean and quantiles are those of the history."""
    values = [0, 0, 6, 0, 0, 0, 3, 0, 0, 9, 0, 0]
    problem = undated(values, quantiles=[0.9], solver="backtest_selection")
    answer = forecast(problem)
    assert (answer.method, answer.mean[0], answer.median[0], answer.quantiles["0.9"][0]) == ("historical_mean", 1.5, 0.0, 6.0)
    assert answer.backtest is None
    assert "INTERMITTENT_DEMAND" in codes(problem)


def test_non_negative_series_have_no_negative_bound() -> None:
    """A falling series that was never negative does not fall below 0, unless the caller allows it."""
    values = [float(40 - 2 * t) for t in range(20)]
    assert min(forecast(undated(values, horizon=12)).intervals["95"].lower) == 0
    allowed = [{"id": "s", "values": values, "non_negative": False}]
    assert min(forecast(undated([], series=allowed, horizon=12)).intervals["95"].lower) < 0


def test_intervals_widen_with_the_level() -> None:
    """A higher level has a wider interval at every step."""
    answer = forecast(monthly(seasonal(60, noise=8.0), levels=[50, 80, 95, 99.9]))
    lowers = [answer.intervals[key].lower for key in ("50", "80", "95", "99.9")]
    assert (np.diff(np.array(lowers), axis=0) < 0).all()


def test_intervals_cover_what_comes() -> None:
    """Over 200 made-up series the 80 % intervals hold between 70 % and 90 % of what came."""
    data = [seasonal(72, noise=20.0, seed=seed) for seed in range(200)]
    series = [{"id": str(index), "start": "2020-01-01", "values": values[:60]} for index, values in enumerate(data)]
    outcome = solve(monthly([], series=series, horizon=12))
    assert outcome.solution is not None
    inside = [
        low <= value <= high
        for values, answer in zip(data, outcome.solution.series, strict=True)
        for value, low, high in zip(values[60:], answer.intervals["80"].lower, answer.intervals["80"].upper, strict=True)
    ]
    assert 0.7 < np.mean(inside) < 0.9


def test_short_of_time_the_naive_forecast_takes_over_with_a_warning() -> None:
    """A budget of nothing still has an answer for every series."""
    series = [{"id": str(i), "start": "2020-01-01", "values": seasonal(48, noise=5.0, seed=i)} for i in range(50)]
    outcome = solve(monthly([], series=series), time_limit=1e-9)
    assert outcome.solution is not None
    assert {answer.method for answer in outcome.solution.series} == {"seasonal_naive"}
    assert outcome.termination.limit == "time"
    assert outcome.warnings[0].code == "TIME_LIMIT_FALLBACK"


def test_long_histories_are_shortened_with_a_warning() -> None:
    """Only the latest 1,000 observations are fitted, and the answer says so."""
    problem = undated([float(t % 50) + 1 for t in range(1200)], horizon=2)
    assert forecast(problem).fit.observations == 1000
    assert "HISTORY_SHORTENED" in codes(problem)


def test_series_are_answered_in_request_order() -> None:
    """Lengths and demand patterns do not change the order."""
    patterns = ([1.0], [0, 0, 0, 5, 0, 0, 0], MADE_UP, [2.0, 3.0], MADE_UP[:15])
    series = [{"id": str(i), "start": "2020-01-01", "values": values} for i, values in enumerate(patterns)]
    outcome = solve(monthly([], series=series))
    assert outcome.solution is not None
    assert [answer.id for answer in outcome.solution.series] == ["0", "1", "2", "3", "4"]


def test_cutoffs_leave_two_seasons_where_they_can() -> None:
    """Of 48 monthly observations with a horizon of 18, those cutoffs are used that keep at least 24."""
    assert plan(48, season_length=12, horizon=18).cutoffs == (32, 24)


def test_the_same_request_has_the_same_answer() -> None:
    """Nothing is random."""
    problem = monthly(seasonal(50, noise=9.0))
    assert solve(problem).solution == solve(problem).solution


def test_the_default_stays_unless_clearly_beaten() -> None:
    """A difference within one standard error leaves the default; a steady one does not."""
    noise = np.random.default_rng(0).normal(0, 1, (1, 3, 8))
    close, clear = (np.stack([noise, better + noise[:, ::-1]], axis=2) for better in (0.0, 9.0))
    assert favoured(close, np.ones(1), default=1).tolist() == [1]
    assert favoured(clear, np.ones(1), default=1).tolist() == [0]
