"""Named methods for intermittent demand: closed forms, the check, and series that they cannot take."""

from dataclasses import replace

import numpy as np
import pytest

from solvers.forecasting.check import check_forecast
from solvers.forecasting.intermittent_methods import METHODS, aggregated_means, croston, syntetos_boylan, teunter_syntetos_babai
from tests.solvers.forecasting.problems import solve, undated
from tests.solvers.forecasting.test_check import violations

SPARSE = [0, 0, 3, 0, 0, 1, 0, 0, 0, 4, 0, 0, 2, 0, 0, 5]


def test_regular_demand_is_its_mean() -> None:
    """Four units every second period are two a period; SBA takes off a twentieth."""
    values = np.array([0.0, 4.0] * 20)
    assert croston(values) == pytest.approx(2.0)
    assert syntetos_boylan(values) == pytest.approx(1.9)


def test_croston_by_hand() -> None:
    """Two demands: size 2 then 4 after three periods."""
    assert croston(np.array([0.0, 2.0, 0.0, 0.0, 4.0])) == pytest.approx(2.2 / 2.1)


def test_tsb_falls_while_nothing_is_sold() -> None:
    """Ten empty periods multiply the probability by 0.9 each; Croston does not notice them."""
    values = np.array([1.0, 0.0, 2.0, 1.0])
    later = np.concatenate([values, np.zeros(10)])
    assert teunter_syntetos_babai(later) == pytest.approx(0.9**10 * teunter_syntetos_babai(values))
    assert croston(later) == croston(values)


def test_imapa_of_constant_demand() -> None:
    """Demand in every period has one block length; alternating demand two, the second without variation."""
    assert aggregated_means(np.full(9, 3.0)) == pytest.approx(3.0)
    by_period = 0.4 / 0.19 * (1 - 0.81**12)
    assert aggregated_means(np.array([0.0, 4.0] * 12)) == pytest.approx((by_period + 2.0) / 2)


@pytest.mark.parametrize("name", METHODS)
def test_the_check_recomputes_them(name: str) -> None:
    """Weighted means written out agree with the recursions, and a slip is caught."""
    problem = undated(SPARSE, solver=name, quantiles=[0.9])
    outcome = solve(problem)
    assert outcome.solution is not None
    answer = outcome.solution.series[0]
    assert (answer.method, violations(check_forecast(problem, outcome))) == (name, set())
    assert answer.quantiles["0.9"][0] >= 2
    wrong = answer.model_copy(update={"mean": [1.001 * value for value in answer.mean]})
    changed = replace(outcome, solution=outcome.solution.model_copy(update={"series": [wrong]}))
    assert violations(check_forecast(problem, changed)) == {"point_forecast"}


@pytest.mark.parametrize("values", [[0, 0, 0, 0, 0, 0, 0], [1, -2, 0, 3, 0, 0, 1]])
def test_series_that_are_no_demand(values: list[float]) -> None:
    """Without any demand, or with a negative one, the naive forecast stands in, with a warning."""
    outcome = solve(undated(values, solver="croston"))
    assert outcome.solution is not None
    assert outcome.solution.series[0].method == "naive"
    assert "METHOD_NOT_USABLE" in {warning.code for warning in outcome.warnings}
