"""Quantile regression as a linear program: loss, duals, the observations that decide, the certificate."""

import itertools

import numpy as np
import pytest

from solvers.forecasting.covariates import Drivers
from solvers.forecasting.explain_quantiles import MOST_PROGRAMS
from solvers.forecasting.quantile_design import Column, columns
from solvers.forecasting.quantile_program import quantile_line
from tests.solvers.forecasting.problems import MADE_UP, monthly, seasonal, undated
from tests.solvers.forecasting.test_explain import explained

LEVEL = "level"


def pinball(residuals: "np.ndarray[tuple[int], np.dtype[np.float64]]", quantile: float) -> float:
    """Return the loss of residuals."""
    return float(np.maximum(quantile * residuals, (quantile - 1) * residuals).sum())


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e9])
def test_a_level_alone_is_the_quantile_of_the_sample(quantile: float, scale: float) -> None:
    """With one column the line is the empirical quantile (Koenker and Bassett 1978)."""
    values = np.random.default_rng(3).normal(7.0, 2.0, 51) * scale
    line = quantile_line(values, [Column(LEVEL, "", np.ones(60))], quantile=quantile, time_limit=5)
    assert line is not None
    assert line.coefficients[0] == pytest.approx(np.quantile(values, quantile, method="inverted_cdf"), rel=1e-9)


def test_no_line_through_two_points_is_better() -> None:
    """The loss is the least over all lines through two observations, among which an optimum lies."""
    values = np.array(MADE_UP[:12], dtype=np.float64)
    table = columns(12, 3, quantile=0.7, season_length=1, drivers=None)
    line = quantile_line(values, table, quantile=0.7, time_limit=5)
    assert line is not None
    times = np.arange(12.0)
    losses = [
        pinball(values - (values[i] + (values[j] - values[i]) / (j - i) * (times - i)), 0.7)
        for i, j in itertools.combinations(range(12), 2)
    ]
    assert line.loss == pytest.approx(min(losses))
    assert pinball(values - line.fitted, 0.7) == pytest.approx(min(losses))


def test_duals_prove_the_loss() -> None:
    """Duals lie within their bounds, are orthogonal to every column, sit at a bound off the line, and give the loss."""
    values = np.array(seasonal(90, noise=12.0, season_length=7))
    drivers = Drivers(("price",), np.random.default_rng(0).uniform(1, 2, (100, 1)), ("/p",))
    table = columns(90, 10, quantile=0.8, season_length=7, drivers=drivers)
    assert [column.name for column in table][:3] == ["level", "trend", "price"]
    line = quantile_line(values, table, quantile=0.8, time_limit=5)
    assert line is not None
    assert (line.duals >= 0.8 - 1 - 1e-12).all()
    assert (line.duals <= 0.8 + 1e-12).all()
    matrix = np.column_stack([column.values[:90] for column in table])
    assert matrix.T @ line.duals == pytest.approx(0, abs=1e-6)
    assert line.duals[line.residuals > 0] == pytest.approx(0.8)
    assert line.duals[line.residuals < 0] == pytest.approx(-0.2)
    assert float(line.duals @ values) == pytest.approx(line.loss)
    assert (line.residuals == 0).sum() >= len(table)


def test_columns_leave_observations_beyond_the_quantile() -> None:
    """An outer quantile of a short history gets waves for its season, one of a very short history no season at all."""
    names = [[c.name for c in columns(n, 4, quantile=0.9, season_length=12, drivers=None)] for n in (36, 48, 140)]
    assert [len(found) for found in names] == [2, 4, 13]


def test_a_covariate_that_repeats_the_trend_is_left_out() -> None:
    """Columns that are combinations of others would make the coefficients arbitrary."""
    drivers = Drivers(("line",), np.arange(44.0)[:, None], ("/p",))
    assert [c.name for c in columns(40, 4, quantile=0.5, season_length=1, drivers=drivers)] == ["level", "trend"]


def test_the_explanation_holds_certified_programs() -> None:
    """At level full every asked quantile has a program whose checks hold; the parts agree with one another."""
    explanation, _ = explained(monthly(seasonal(60, noise=10.0), quantiles=[0.5, 0.9]))
    assert explanation.quantile_regression is not None
    assert [program.quantile for program in explanation.quantile_regression] == [0.5, 0.9]
    for program in explanation.quantile_regression:
        assert all(check.max_violation <= check.tolerance for check in program.certificate)
        assert {check.name for check in program.certificate} >= {"dual_residual", "duality_gap"}
        assert program.above + program.below + len(program.deciding) == len(program.points) == 60
        assert program.objective == pytest.approx(program.dual_objective)
        assert len(program.forecast) == 6
        assert program.newsvendor.shortage_per_leftover == pytest.approx(program.quantile / (1 - program.quantile))


@pytest.mark.parametrize("values", [[5.0], [4.0] * 30])
def test_series_without_spread_have_no_program(values: list[float]) -> None:
    """Short and constant series get a reason instead."""
    explanation, _ = explained(undated(values))
    assert explanation.quantile_regression is None
    assert "quantile_regression" in explanation.unavailable


def test_a_summary_has_no_program_and_programs_are_few() -> None:
    """Programs are given at level full only, for the first series."""
    series = [{"id": str(k), "start": "2020-01-01", "values": seasonal(30, noise=5.0, seed=k)} for k in range(8)]
    problem = monthly([], series=series)
    summary, _ = explained(problem, "summary")
    assert summary.quantile_regression is None
    full, _ = explained(problem)
    assert full.quantile_regression is not None
    assert [program.id for program in full.quantile_regression] == [str(k) for k in range(MOST_PROGRAMS)]
