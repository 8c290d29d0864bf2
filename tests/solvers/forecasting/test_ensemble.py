"""The ensemble: members, weights, intermittent demand, and a check that recomputes them."""

from dataclasses import replace

import numpy as np
import pytest

from models.forecasting import ForecastSolution
from solvers.forecasting.check import check_forecast
from solvers.forecasting.check_members import recomputed_members
from solvers.forecasting.combination import accuracy_weights, trimmed_weights
from solvers.forecasting.demand import demand_class
from solvers.forecasting.intermittent import count_quantiles
from solvers.forecasting.pool import MEMBERS, Pool
from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal, solve, undated


@pytest.mark.parametrize("values", [seasonal(90, noise=6.0), [v - 300.0 for v in seasonal(40, noise=9.0)], MADE_UP[:13]])
def test_members_agree_with_their_definitions(values: list[float]) -> None:
    """Theta, smoothing and seasonal naive of the compiled pool equal those of a plain one that shares nothing with it."""
    pool = Pool.of([np.array(values)], season_length=12, horizon=8)
    again = recomputed_members(np.array(values), 12, 8)
    assert set(again) == {"theta", "smoothing", "seasonal_naive"}
    for name, path in again.items():
        assert pool.paths[0, MEMBERS.index(name)] == pytest.approx(path, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-6, 1e12])
def test_the_unit_does_not_matter(scale: float) -> None:
    """Every member of a series in another unit is its forecast in that unit."""
    values = np.array(seasonal(60, noise=5.0))
    one, other = (Pool.of([values * k], season_length=12, horizon=5).paths[0] for k in (1.0, scale))
    assert other == pytest.approx(one * scale, rel=1e-6)


def test_a_line_is_continued_by_every_trending_member() -> None:
    """Without noise the trend members continue a straight line."""
    pool = Pool.of([np.arange(10.0, 50.0)], season_length=1, horizon=3)
    for name in ("theta", "smoothing"):
        assert pool.paths[0, MEMBERS.index(name)] == pytest.approx([50, 51, 52], rel=5e-3)


def test_no_exponential_explodes() -> None:
    """A series that doubles every period is forecast within ten times its largest value."""
    values = np.array([2.0**k for k in range(20)])
    assert Pool.of([values], season_length=1, horizon=500).paths.max() <= 10 * values.max()


def test_threads_do_not_change_the_answer() -> None:
    """Chunks on two threads give what one thread gives."""
    windows = [np.array(seasonal(40, noise=4.0, seed=k)) for k in range(600)]
    one, two = (Pool.of(windows, season_length=12, horizon=2, threads=k).paths for k in (1, 2))
    assert np.array_equal(one, two)


def test_trimmed_weights_take_the_middle_half() -> None:
    """Of eight members the two smallest and the two largest do not count."""
    weights = trimmed_weights(np.arange(8.0).reshape(1, 8, 1))
    assert weights[0, :, 0].tolist() == [0, 0, 0.25, 0.25, 0.25, 0.25, 0, 0]


def test_more_accurate_members_weigh_more() -> None:
    """Half the error weighs 2 ** 2.8 times as much."""
    weights = accuracy_weights(np.array([[1.0, 2.0, 2.0]]))[0]
    assert weights[0] / weights[1] == pytest.approx(2**2.8)


def test_long_seasons_are_weighted_by_past_errors() -> None:
    """Weekly series with a yearly season have members with unequal constant weights."""
    answer = solve(undated(seasonal(260, season_length=52, noise=9.0), season_length=52)).solution
    assert answer is not None
    assert answer.series[0].fit.combination == "past_errors"


def test_the_value_added_is_stated() -> None:
    """The backtest says what the ensemble adds over both naive forecasts."""
    solution = solve(monthly(seasonal(72, noise=5.0))).solution
    assert solution is not None
    backtest = solution.series[0].backtest
    assert backtest is not None
    assert (backtest.value_added or 0.0) > 0
    assert (backtest.value_added_over_naive or 0.0) > 0


def test_a_changed_combination_is_caught() -> None:
    """A forecast that is not the combination of the members fails the check."""
    problem = monthly(MADE_UP, levels=[])
    outcome = solve(problem)
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    wrong = answer.model_copy(update={"mean": [1.01 * value for value in answer.mean]})
    checks = check_forecast(problem, replace(outcome, solution=ForecastSolution(series=[wrong], skipped=[])))
    assert [check.name for check in checks if check.max_violation > check.tolerance] == ["combination"]


def test_changed_members_are_caught() -> None:
    """Members that do not follow from the observations fail the check."""
    problem = monthly(MADE_UP)
    outcome = solve(problem)
    paths = outcome.evidence.chosen[0].combination.paths
    paths[MEMBERS.index("theta")] *= 1.01
    names = [check.name for check in check_forecast(problem, outcome) if check.max_violation > check.tolerance]
    assert "members" in names


def test_intermittent_demand_is_a_weighted_mean_with_count_quantiles() -> None:
    """A few series are not scaled; quantiles are whole numbers."""
    problem = undated([0, 0, 6, 0, 0, 0, 3, 0, 0, 9, 0, 0], quantiles=[0.9])
    outcome = solve(problem)
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    weights = 0.85 ** np.arange(11, -1, -1.0)
    expected = (6 * weights[2] + 3 * weights[6] + 9 * weights[9]) / weights.sum()
    assert (answer.method, answer.demand) == ("weighted_mean", "intermittent")
    assert answer.mean[0] == pytest.approx(expected)
    assert answer.quantiles["0.9"][0] == round(answer.quantiles["0.9"][0])
    assert all(check.max_violation <= check.tolerance for check in check_forecast(problem, outcome))


def test_many_intermittent_series_add_up_to_their_total() -> None:
    """With 100 series their forecasts follow the falling total."""
    rng = np.random.default_rng(0)
    demand = [rng.poisson(np.linspace(0.9, 0.3, 48)).tolist() for _ in range(150)]
    series = [{"id": str(k), "start": "2020-01-01", "values": values} for k, values in enumerate(demand)]
    outcome = solve(monthly([], series=series, horizon=3))
    assert outcome.solution is not None
    sparse = [answer for answer in outcome.solution.series if answer.method == "weighted_mean"]
    assert len(sparse) > 100
    assert sparse[0].fit.scaling is not None
    assert sparse[0].fit.scaling[0] < 0.95


def test_count_quantiles_are_those_of_the_distribution() -> None:
    """With variance near the mean the quantiles are those of a Poisson distribution with mean 4: median 4, 90 % point 7."""
    assert count_quantiles(np.array([4.0]), 1.0001, 1.0, [0.5, 0.9])[:, 0].tolist() == [4, 7]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([5, 6, 7], "smooth"), ([1, 1, 20], "erratic"), ([0, 5, 0, 5], "intermittent"), ([0, 1, 0, 30], "lumpy"), ([-1, 2], None)],
)
def test_classes_of_demand(values: list[float], expected: str | None) -> None:
    """Interval and variation decide."""
    assert demand_class(np.array(values, dtype=float)) == expected


def test_a_backtest_that_knew_no_season_is_said_to_say_little() -> None:
    """Two seasons are just enough for the forecast, and too few for every cutoff before its end; six are enough for all."""
    words = "no cutoff has the two seasons before it that tell a season from chance"
    short, long = (solve(monthly(values)).solution for values in (MADE_UP, seasonal(72, noise=5.0)))
    assert short is not None
    assert long is not None
    assert short.series[0].fit.season == "multiplicative"
    assert words in short.series[0].reason
    assert words not in long.series[0].reason
