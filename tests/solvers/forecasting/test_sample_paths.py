"""Sample paths: the distribution of every step, the dependence between steps, and repeatability."""

from typing import Any

import numpy as np
import pytest

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.check import check_forecast
from tests.solvers.forecasting.problems import monthly, seasonal, solve, undated
from tests.solvers.forecasting.test_check import tampered, violations

SPARSE = [0, 0, 3, 0, 0, 1, 0, 0, 0, 4, 0, 0, 2, 0, 0, 5, 1, 0, 0, 2]


def sampled(problem: ForecastProblem) -> tuple[SeriesForecast, np.ndarray]:
    """Return the first forecast and its paths (N, H)."""
    solution = solve(problem).solution
    assert solution is not None
    return solution.series[0], np.array(solution.series[0].samples)


def test_every_step_has_its_quantiles() -> None:
    """The shares of paths below quantiles and inside intervals are what they are named."""
    answer, paths = sampled(monthly(seasonal(72, noise=8.0), samples=1_000, quantiles=[0.1, 0.7], levels=[80]))
    assert paths.shape == (1_000, 6)
    for name, bound in answer.quantiles.items():
        assert (paths < np.array(bound)).mean(axis=0) == pytest.approx([float(name)] * 6, abs=0.06)
    inside = (paths > np.array(answer.intervals["80"].lower)) & (paths < np.array(answer.intervals["80"].upper))
    assert inside.mean(axis=0) == pytest.approx([0.8] * 6, abs=0.06)


def test_neighbouring_steps_belong_together() -> None:
    """A path that is high at one step tends to be high at the next."""
    _, paths = sampled(monthly(seasonal(72, noise=8.0), samples=500))
    assert np.corrcoef(paths[:, 0], paths[:, 1])[0, 1] > 0.2


def test_intermittent_paths_are_counts() -> None:
    """Paths of counted demand are whole, never negative, and have the mean of the forecast."""
    answer, paths = sampled(undated(SPARSE, samples=1_000))
    assert np.array_equal(paths, np.round(paths))
    assert paths.min() >= 0
    assert paths.mean() == pytest.approx(np.mean(answer.mean), rel=0.2)


@pytest.mark.parametrize("fields", [{"solver": "backtest_selection"}, {"solver": "croston"}, {}])
def test_paths_pass_the_check(fields: dict[str, Any]) -> None:
    """As many paths as asked for, finite and never negative; without `samples` there are none."""
    problem = undated(SPARSE, samples=5, **fields)
    outcome = solve(problem)
    assert violations(check_forecast(problem, outcome)) == set()
    assert violations(check_forecast(problem, tampered(outcome, samples=None))) == {"horizon"}
    assert solve(undated(SPARSE, **fields)).solution.series[0].samples is None


def test_the_seed_repeats_them() -> None:
    """The same seed draws the same paths, another one others."""
    values = seasonal(40, noise=3.0)
    first, again, other = (
        sampled(monthly(values, samples=3, options={"solver": "auto", "seed": seed}))[1] for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
