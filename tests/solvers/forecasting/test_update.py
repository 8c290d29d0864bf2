"""States and updates: exact continuation, constant time per row, signatures, tracking, and a check that recomputes them."""

import base64
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from models.forecasting import ForecastProblem, SeriesForecast, UpdateProblem, UpdateSolution
from solvers import signing
from solvers.base import Budget, Outcome, Silent
from solvers.feature import Ask
from solvers.forecasting.check_update import check_update
from solvers.forecasting.error_correction import ErrorCorrection
from solvers.forecasting.explain_update import explain_update
from solvers.forecasting.state import read_state
from solvers.forecasting.update_semantics import issues
from tests.solvers.forecasting.problems import MADE_UP, REPRODUCE, monthly, seasonal, solve, undated
from tests.solvers.forecasting.test_check import violations
from tests.solvers.forecasting.test_covariates import weekly

BUDGET = Budget(time_limit=5.0, iteration_limit=None, relative_gap=1e-6, seed=0, threads=1)


def fitted(problem: ForecastProblem) -> SeriesForecast:
    """Return the forecast of the first series."""
    solution = solve(problem).solution
    assert solution is not None
    return solution.series[0]


def update(state: str | None, values: list[Any], *, horizon: int = 3) -> tuple[UpdateProblem, Outcome[UpdateSolution]]:
    """Return the problem of an update and its outcome."""
    problem = UpdateProblem.model_validate({"series": [{"state": state, "values": values}], "horizon": horizon})
    assert issues(problem) == []
    return problem, ErrorCorrection().solve(problem, BUDGET, Silent())


PROBLEMS = {
    "seasonal": monthly(seasonal(60, noise=5.0), horizon=8),
    "negative": monthly([v - 300.0 for v in seasonal(40, noise=9.0)], horizon=14),
    "short season": monthly(MADE_UP, horizon=3),
    "theta": monthly(MADE_UP, solver="theta"),
    "smoothing": monthly(MADE_UP, solver="exponential_smoothing"),
    "naive": undated([3.0, 4.0]),
    "intermittent": undated([0, 0, 3, 0, 0, 1, 0, 0, 0, 4, 0, 0, 2, 0]),
    "covariates": weekly(),
    "constant": undated([7.0] * 20),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_without_rows_the_forecast_stays(name: str) -> None:
    """A state holds the whole forecast: mean, median, intervals and times come back as they were."""
    answer = fitted(PROBLEMS[name])
    horizon = len(answer.mean)
    _, outcome = update(answer.state, [], horizon=horizon)
    assert outcome.solution is not None
    again = outcome.solution.series[0]
    assert again.mean == pytest.approx(answer.mean, rel=1e-9, abs=1e-9)
    assert again.median == pytest.approx(answer.median, rel=1e-5, abs=1e-6)
    assert again.timestamps == answer.timestamps
    for level, interval in answer.intervals.items():
        assert again.intervals[level].lower == pytest.approx(interval.lower, rel=1e-5, abs=1e-5)
        assert again.intervals[level].upper == pytest.approx(interval.upper, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", PROBLEMS)
def test_an_update_passes_its_check(name: str) -> None:
    """After rows with a gap, far beyond the first horizon, the sum of the check agrees with the recursion."""
    answer = fitted(PROBLEMS[name])
    values = [1.2 * answer.mean[0] + 1, None, 0.9 * answer.mean[2] + 1]
    problem, outcome = update(answer.state, values, horizon=30)
    assert violations(check_update(problem, outcome)) == set()


def test_row_by_row_is_the_same_as_all_at_once() -> None:
    """States can be chained: what comes out does not depend on how the rows were bundled."""
    answer = fitted(PROBLEMS["seasonal"])
    values = [250.0, 240.0, None, 300.0]
    _, together = update(answer.state, values)
    state = answer.state
    for value in values:
        _, outcome = update(state, [value])
        assert outcome.solution is not None
        state = outcome.solution.series[0].state
    assert together.solution is not None
    assert outcome.solution is not None
    assert together.solution.series[0] == outcome.solution.series[0]


def test_a_forecast_that_comes_true_is_not_corrected() -> None:
    """Values on the forecast leave it where it was, with no signal and no refit."""
    answer = fitted(PROBLEMS["seasonal"])
    _, outcome = update(answer.state, answer.mean[:4], horizon=4)
    assert outcome.solution is not None
    moved = outcome.solution.series[0]
    assert moved.mean == pytest.approx(answer.mean[4:], rel=1e-9)
    assert moved.tracking.signal == pytest.approx(0.0, abs=1e-9)
    assert (moved.refit, moved.refit_reasons) == (False, [])


def test_forecasts_follow_a_shift_and_ask_for_a_refit() -> None:
    """Demand a third higher raises the forecast, shows a bias and asks for a refit."""
    answer = fitted(PROBLEMS["seasonal"])
    truth = 1.4 * np.array(answer.mean)
    _, outcome = update(answer.state, truth[:6].tolist(), horizon=2)
    assert outcome.solution is not None
    moved = outcome.solution.series[0]
    assert np.abs(moved.mean - truth[6:]).max() < np.abs(np.array(answer.mean[6:]) - truth[6:]).min()
    assert moved.tracking.bias is not None
    assert moved.tracking.bias < 0
    assert {"BIASED", "ERRORS_GROWN"} <= set(moved.refit_reasons)


def test_more_rows_than_steps_ask_for_a_refit() -> None:
    """Beyond the path of the fit only its damped slope is left."""
    answer = fitted(PROBLEMS["short season"])
    _, outcome = update(answer.state, [None] * 4)
    assert outcome.solution is not None
    assert outcome.solution.series[0].refit_reasons == ["PATH_USED_UP"]


def test_a_changed_state_is_refused() -> None:
    """A changed number, a cut text and another key are errors with a pointer."""
    state = fitted(PROBLEMS["seasonal"]).state or ""
    body, _, mark = state.partition(".")
    payload = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).replace(b'"seen":0', b'"seen":1')
    forged = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    for text in (f"{forged}.{mark}", state[:-2], body, "x", "ü.ü", ".", f"{body}.{mark}.{mark}"):
        problem = UpdateProblem.model_validate({"series": [{"state": text}], "horizon": 1})
        assert [(issue.code, issue.pointer) for issue in issues(problem)] == [("INVALID_STATE", "/series/0/state")]


def test_another_key_does_not_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text signed with one key is not accepted with another."""
    monkeypatch.setenv(signing.VARIABLE, "one key of many bytes")
    text = signing.signed(b"{}")
    assert signing.verified(text) == b"{}"
    monkeypatch.setenv(signing.VARIABLE, "another key of many bytes")
    assert signing.verified(text) is None


def test_one_series_twice_is_refused() -> None:
    """Two states of one series would be two forecasts of it."""
    state = fitted(PROBLEMS["naive"]).state
    problem = UpdateProblem.model_validate({"series": [{"state": state}, {"state": state}], "horizon": 1})
    assert [issue.code for issue in issues(problem)] == ["DUPLICATE_ID"]


def test_states_can_be_left_out() -> None:
    """`states` false returns none."""
    assert fitted(monthly(MADE_UP, states=False)).state is None


def test_a_state_is_small() -> None:
    """A monthly state with two intervals stays below two kilobytes."""
    state = fitted(PROBLEMS["seasonal"]).state
    assert state is not None
    assert len(state) < 2_000
    assert read_state(state) is not None


def test_path_correction_and_clipping_add_up() -> None:
    """The parts of the explanation sum to the updated forecast."""
    answer = fitted(PROBLEMS["negative"])
    problem, outcome = update(answer.state, [answer.mean[0] + 40.0], horizon=4)
    told = explain_update(problem, outcome, Ask(level="full", reproduce=REPRODUCE, deadline=inf))
    assert outcome.solution is not None
    parts = told.components[0]
    total = np.array([parts.path, parts.correction, parts.clipping]).sum(axis=0)
    assert total == pytest.approx(outcome.solution.series[0].mean, rel=1e-12)
    assert min(parts.correction) > 0


def test_a_wrong_update_is_caught() -> None:
    """One number off by a thousandth fails the check."""
    problem, outcome = update(fitted(PROBLEMS["seasonal"]).state, [250.0])
    assert outcome.solution is not None
    first = outcome.solution.series[0]
    changed = first.model_copy(update={"mean": [first.mean[0] * 1.001, *first.mean[1:]]})
    wrong = replace(outcome, solution=UpdateSolution(series=[changed]))
    assert violations(check_update(problem, wrong)) == {"point_forecast"}
