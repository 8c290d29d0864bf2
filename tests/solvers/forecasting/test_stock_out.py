"""Demand behind stock-outs, and what the forecast would have been otherwise."""

from math import inf
from typing import Any

import numpy as np
import pytest

from models.forecasting import Counterfactual, ForecastExplanation, ForecastProblem
from solvers.feature import Ask
from solvers.forecasting.check import check_forecast
from solvers.forecasting.check_stock_out import demand_behind, season_of_request
from solvers.forecasting.explain import explain_forecast
from solvers.forecasting.frequency import parse_frequency
from solvers.forecasting.semantics import issues
from solvers.forecasting.stock_out import at_least, estimated_demand
from tests.solvers.forecasting.problems import REPRODUCE, monthly, seasonal, solve
from tests.solvers.forecasting.test_check import violations


def sold(values: list[Any], flags: list[bool], **fields: Any) -> ForecastProblem:
    """Return a monthly problem with stock-outs."""
    series = {"id": "oat-milk", "start": "2020-01-01", "values": values, "stock_out": flags}
    return ForecastProblem.model_validate({"frequency": "MS", "horizon": 6, "series": [series]} | fields)


def explained(problem: ForecastProblem) -> ForecastExplanation:
    """Return the full explanation of a problem."""
    return explain_forecast(problem, solve(problem), Ask(level="full", reproduce=REPRODUCE, deadline=inf))


def of_kind(told: ForecastExplanation, kind: str) -> list[Counterfactual]:
    """Return the counterfactuals of one kind of the first series."""
    return [found for found in (told.counterfactuals or [])[0].counterfactuals if found.kind == kind]


def test_lost_demand_is_brought_back() -> None:
    """Demand cut off at the stock is estimated within a tenth of what it was, season included."""
    truth = np.array(seasonal(60, noise=6.0))
    flagged = np.zeros(60, dtype=bool)
    flagged[[14, 27, 40, 53]] = True
    sales = np.where(flagged, 0.3 * truth, truth)
    estimate = estimated_demand(sales, flagged, 12)
    assert estimate is not None
    assert estimate[flagged] == pytest.approx(truth[flagged], rel=0.12)
    assert np.array_equal(estimate[~flagged], sales[~flagged])


def test_the_estimate_is_never_below_what_was_sold() -> None:
    """Sales are a lower bound; a bound far below the mean changes nothing, one at the mean adds what a half-normal adds."""
    assert at_least(0.0, 50.0, 5.0) == 50.0
    assert at_least(10.0, 50.0, 5.0) == pytest.approx(50.0)
    assert at_least(50.0, 50.0, 5.0) == pytest.approx(50 + 5 * np.sqrt(2 / np.pi))
    assert at_least(500.0, 50.0, 5.0) == 500.0
    assert at_least(80.0, 50.0, 0.0) == 80.0


@pytest.mark.parametrize("m", [1, 4, 7])
def test_the_check_estimates_the_same(m: int) -> None:
    """Sums written out give what the recursions give."""
    draw = np.random.default_rng(m)
    values = draw.gamma(3.0, 20.0, 50)
    flagged = draw.random(50) < 0.3
    ours = estimated_demand(values, flagged, m)
    assert ours == pytest.approx(demand_behind(values, flagged, m), rel=1e-9)


@pytest.mark.parametrize("alias", ["YS", "2MS", "QE-OCT", "W-SUN", "D", "B", "h", "6h", "15min", "s", 3])
def test_the_check_knows_the_seasons(alias: str | int) -> None:
    """The default season of the check is that of the methods."""
    known = parse_frequency(alias)
    assert known is not None
    assert season_of_request(None, alias) == known.season_length


def test_a_stock_out_is_told_and_its_forecast_is_higher() -> None:
    """The answer lists the estimates; sales taken for demand would have given less; the check agrees."""
    values: list[Any] = seasonal(48, noise=4.0)
    flags = [k in (40, 46, 47) for k in range(48)]
    values[40], values[46], values[47] = 20.0, None, 60.0
    problem = sold(values, flags)
    outcome = solve(problem)
    assert outcome.solution is not None
    assert violations(check_forecast(problem, outcome)) == set()
    (repair,) = outcome.solution.series[0].repairs
    assert (repair.code, repair.count) == ("STOCK_OUT_ESTIMATED", 3)
    assert min(value or 0 for value in repair.values) > 150
    (without,) = of_kind(explained(problem), "stock_out")
    assert sum(without.change) < -50
    assert without.values == [20.0, 0.0, 60.0]


def test_too_few_periods_with_stock() -> None:
    """With two periods of stock nothing can be estimated: sales stand, and the answer says so."""
    outcome = solve(sold([10, 3, 12, 2], [False, True, False, True]))
    assert outcome.solution is not None
    assert [repair.code for repair in outcome.solution.series[0].repairs] == ["STOCK_OUT_NOT_ESTIMATED"]


@pytest.mark.parametrize(("flags", "code"), [([True], "STOCK_OUT_LENGTH"), ([True, True, False], "NO_OBSERVATIONS")])
def test_flags_that_tell_nothing_are_refused(flags: list[bool], code: str) -> None:
    """Flags need the length of the values and at least one period with stock."""
    assert [issue.code for issue in issues(sold([1, 2, None], flags))] == [code]


def test_an_outlier_is_named_with_what_it_changes() -> None:
    """A tenfold value near the end is named, and without it the forecast is lower."""
    values = seasonal(48, noise=4.0)
    values[45] *= 10
    (without,) = of_kind(explained(monthly(values)), "outlier")
    assert without.timestamps == ["2025-10-01"]
    assert sum(without.change) < 0


def test_an_unchanged_history_gives_the_same_forecast() -> None:
    """A forecast as regular as can be has nothing to tell."""
    told = explained(monthly(seasonal(48, noise=4.0)))
    assert told.counterfactuals is None
    assert "counterfactuals" in told.unavailable


def test_without_a_promotion() -> None:
    """The forecast at the reference of a covariate is the forecast less its share, where it is the only one."""
    draw = np.random.default_rng(2)
    flag = (draw.random(54) < 0.25).astype(float)
    flag[50] = 1.0
    values = (100 + draw.normal(0, 3, 48)) * (1 + 0.5 * flag[:48])
    series = {"id": "s", "values": values.tolist(), "covariates": {"promotion": flag[:48].tolist()}}
    series |= {"future_covariates": {"promotion": flag[48:].tolist()}}
    told = explained(ForecastProblem.model_validate({"horizon": 6, "series": [series]}))
    (without,) = of_kind(told, "covariate")
    assert told.components is not None
    assert without.change == pytest.approx([-share for share in told.components[0].covariates["promotion"]], abs=1e-9)
