"""The methods against closed forms and least squares computed elsewhere."""

import numpy as np
import pytest

from solvers.forecasting.exponential_smoothing import exponential_smoothing
from solvers.forecasting.fit import Fit, Method
from solvers.forecasting.seasonal_naive import seasonal_naive
from solvers.forecasting.seasonality import seasonal_profile
from solvers.forecasting.smoothing_grid import GRID, fit_grid
from solvers.forecasting.theta import running_line, theta
from solvers.forecasting.windows import pack
from tests.solvers.forecasting.problems import MADE_UP, seasonal


def fit(method: Method, *series: list[float], season_length: int = 1, horizon: int = 4) -> Fit:
    """Fit a method to several windows, the longest first."""
    windows = pack([np.array(values, dtype=np.float64) for values in series])
    return method(windows, seasonal_profile(windows, season_length), season_length=season_length, horizon=horizon)


def test_seasonal_naive_repeats_the_last_season() -> None:
    """The last season comes again, and again."""
    mean = fit(seasonal_naive, [1, 2, 3, 4, 5, 6], season_length=3, horizon=5).mean
    assert mean[0].tolist() == [4, 5, 6, 4, 5]


def test_seasonal_naive_of_a_short_window_repeats_the_last_value() -> None:
    """Less than one season: the last value."""
    assert fit(seasonal_naive, [1, 2], season_length=3).mean[0].tolist() == [2, 2, 2, 2]


@pytest.mark.parametrize("method", [exponential_smoothing, theta])
def test_a_constant_stays_constant(method: Method) -> None:
    """A flat series is continued flat."""
    assert fit(method, [7.0] * 20).mean[0] == pytest.approx([7.0] * 4, rel=1e-9)


def test_exponential_smoothing_continues_a_line() -> None:
    """Holt's method follows a straight line exactly."""
    assert fit(exponential_smoothing, [3.0 + 2 * t for t in range(20)]).mean[0] == pytest.approx([43, 45, 47, 49], rel=1e-6)


def test_theta_continues_a_line() -> None:
    """With the whole line added (theta unlimited) Theta follows a straight line."""
    assert fit(theta, [3.0 + 2 * t for t in range(30)]).mean[0] == pytest.approx([63, 65, 67, 69], rel=2e-2)


@pytest.mark.parametrize("method", [exponential_smoothing, theta])
def test_a_multiplicative_season_is_found(method: Method) -> None:
    """Noise-free growth with a multiplicative season is continued within 4 %."""
    values = seasonal(108)
    mean = fit(method, values[:96], season_length=12, horizon=12).mean[0]
    assert mean == pytest.approx(values[96:], rel=0.04)


def test_grid_residuals_equal_least_squares() -> None:
    """Initial states of every grid point solve the least-squares problem, here posed as an explicit matrix."""
    values = np.array(MADE_UP[:12], dtype=np.float64)
    windows = pack([values])
    found = fit_grid(windows.values, windows, extra=np.zeros(1), penalty=np.zeros(1))
    point = int(found.point[0])

    def errors(level: float, trend: float, data: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
        result = []
        for value in data.tolist():
            trend *= GRID.phi[point]
            error = value - level - trend
            level, trend = level + trend + GRID.alpha[point] * error, trend + GRID.beta[point] * error
            result.append(error)
        return result

    zero = np.zeros(12)
    design = -np.array([errors(1, 0, zero), errors(0, 1, zero)]).T
    target = np.array(errors(0, 0, values))
    states, *_ = np.linalg.lstsq(design, target, rcond=None)
    assert (found.level[0], found.trend[0]) == pytest.approx((states[0], states[1]), rel=1e-6, abs=1e-6)


def test_running_line_equals_polyfit() -> None:
    """Intercept and slope after every observation are those of the least-squares line."""
    values = np.array(MADE_UP[:9], dtype=np.float64)[:, None]
    line = running_line(values)
    for count in range(2, 10):
        slope, intercept = np.polyfit(np.arange(1, count + 1), values[:count, 0], 1)
        assert (line.intercept[count - 1, 0], line.slope[count - 1, 0]) == pytest.approx((intercept, slope), abs=1e-9)


@pytest.mark.parametrize("method", [exponential_smoothing, theta, seasonal_naive])
def test_windows_side_by_side_do_not_disturb_each_other(method: Method) -> None:
    """A window fitted with others has the same forecast as alone, whatever the lengths."""
    series = [seasonal(60, noise=5.0, seed=1), seasonal(40, noise=5.0, seed=2), seasonal(13, noise=5.0, seed=3)]
    together = fit(method, *series, season_length=12).mean
    alone = [fit(method, values, season_length=12).mean[0] for values in series]
    assert together == pytest.approx(np.array(alone), rel=1e-9)


@pytest.mark.parametrize("method", [exponential_smoothing, theta])
def test_methods_are_equivariant_to_scale(method: Method) -> None:
    """Values a million million times as large have forecasts a million million times as large."""
    values = seasonal(48, noise=5.0)
    small = fit(method, values, season_length=12).mean
    large = fit(method, [1e12 * value for value in values], season_length=12).mean
    assert large == pytest.approx(1e12 * small, rel=1e-6)


def test_seasonal_indices_of_pure_noise_are_shrunk_away() -> None:
    """Without a season, less than half of the raw indices is kept (James-Stein)."""
    noise = 100 + np.random.default_rng(0).normal(0, 1, 120)
    assert seasonal_profile(pack([noise]), 12).kept_factors[0] < 0.5
