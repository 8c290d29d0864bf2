"""Repairs: what is done to missing, doubled and unsorted data, and that it is listed."""

from models.forecasting import ForecastProblem, SeriesForecast
from solvers.forecasting.history import histories
from tests.solvers.forecasting.problems import long_rows, monthly, solve


def answer(problem: ForecastProblem) -> SeriesForecast:
    """Return the forecast of the first series."""
    solution = solve(problem).solution
    assert solution is not None
    return solution.series[0]


def test_missing_values_are_interpolated_and_listed() -> None:
    """A gap is filled on the line between its neighbours; the tail carries the last value forward."""
    problem = monthly([10, None, None, 40, None])
    assert histories(problem)[0].values.tolist() == [10, 20, 30, 40, 40]
    repair = answer(problem).repairs[0]
    assert (repair.code, repair.count) == ("MISSING_INTERPOLATED", 3)
    assert repair.timestamps == ["2022-02-01", "2022-03-01", "2022-05-01"]
    assert repair.values == [20, 30, 40]


def test_leading_missing_values_are_dropped() -> None:
    """The series begins with its first observation, and the forecast still follows the last slot."""
    forecast = answer(monthly([None, None, 5, 6]))
    assert forecast.repairs[0].code == "LEADING_MISSING_DROPPED"
    assert forecast.timestamps[0] == "2022-05-01"
    assert forecast.fit.observations == 2


def test_rows_are_sorted_merged_and_filled() -> None:
    """Unsorted rows are sorted, the last of doubled rows counts, a gap is filled; each is listed and warned of."""
    rows = [("a", "2024-01-03", 3.0), ("a", "2024-01-01", 9.0), ("a", "2024-01-01", 1.0), ("a", "2024-01-05", 5.0)]
    problem = long_rows(rows)
    assert histories(problem)[0].values.tolist() == [1, 2, 3, 4, 5]
    outcome = solve(problem)
    assert outcome.solution is not None
    codes = [repair.code for repair in outcome.solution.series[0].repairs]
    assert codes == ["ROWS_SORTED", "DUPLICATE_TIMES_MERGED", "GAPS_FILLED", "MISSING_INTERPOLATED"]
    assert set(codes) <= {warning.code for warning in outcome.warnings}
    assert outcome.solution.series[0].timestamps == ["2024-01-06", "2024-01-07"]


def test_rows_keep_the_order_of_first_appearance() -> None:
    """Series of long rows are answered in the order in which their ids appear."""
    rows = [("b", "2024-01-01", 1.0), ("a", "2024-01-01", 2.0), ("b", "2024-01-02", 3.0)]
    solution = solve(long_rows(rows)).solution
    assert solution is not None
    assert [series.id for series in solution.series] == ["b", "a"]


def test_columns_and_rows_give_the_same_forecast() -> None:
    """The two forms of the same data have the same answer."""
    values = [float(v) for v in (5, 7, 6, 9, 8, 11, 10, 13, 12, 15)]
    rows = long_rows([("s", f"2024-01-{day + 1:02d}", value) for day, value in enumerate(values)])
    series = [{"id": "s", "start": "2024-01-01", "values": values}]
    columns = ForecastProblem.model_validate({"frequency": "D", "horizon": 2, "series": series})
    assert answer(rows) == answer(columns)


def test_a_null_does_not_replace_a_number() -> None:
    """Of doubled rows the last number counts, even when a null follows it."""
    problem = long_rows([("a", "2024-01-01", 1.0), ("a", "2024-01-02", 2.0), ("a", "2024-01-02", None)])
    assert histories(problem)[0].values.tolist() == [1, 2]
    assert answer(problem).mean == [2.0, 2.0]
