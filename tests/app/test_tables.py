"""Tables of observations as request bodies."""

import gzip

import orjson
import pytest

from app.errors import ProblemError
from app.tables import csv_request
from tests.server import Server

TABLE = "unique_id,ds,y\nbutter,2025-01-01,40\nbutter,2025-02-01,\nbutter,2025-03-01,47\napples,2025-03-01,12.5\n"


def refused(table: bytes) -> str:
    """Return why a table is refused."""
    with pytest.raises(ProblemError) as caught:
        csv_request(table, {})
    assert (caught.value.code, caught.value.status) == ("INVALID_TABLE", 400)
    return str(caught.value.detail)


def test_a_table_is_forecast_like_its_rows(server: Server) -> None:
    """A CSV body and the same rows as JSON have the same answer; compression works as for JSON."""
    parameters = {"frequency": "MS", "horizon": "2", "levels": "50,90"}
    headers = {"content-type": "text/csv; charset=utf-8", "content-encoding": "gzip", "prefer": "wait=30"}
    content = gzip.compress(TABLE.encode())
    table = server.client.post("/v1/forecasting", content=content, params=parameters, headers=headers).json()
    rows = orjson.loads(csv_request(TABLE.encode(), {}))["rows"]
    plain = server.post(
        "forecasting", {"frequency": "MS", "horizon": 2, "levels": [50, 90], "rows": rows}, prefer="wait=30"
    ).json()
    assert table["status"] == "succeeded", table
    assert [series["mean"] for series in table["solution"]["series"]] == [
        series["mean"] for series in plain["solution"]["series"]
    ]


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [({"frequency": "MS"}, "/horizon"), ({"frequency": "MS", "horizon": "soon"}, "/horizon"), ({"horizon": "2"}, "/rows/0/ds")],
)
def test_the_query_is_validated_like_a_body(server: Server, parameters: dict[str, str], pointer: str) -> None:
    """What is missing or wrong in the query is an error with the pointer of the field."""
    answer = server.client.post("/v1/forecasting", content=TABLE, params=parameters, headers={"content-type": "text/csv"})
    assert answer.status_code == 422
    assert pointer in {issue["pointer"] for issue in answer.json()["errors"]}


def test_only_tables_take_these_parameters(server: Server) -> None:
    """A JSON request with `horizon` in its query is refused, not ignored; other endpoints take no tables."""
    assert server.client.post("/v1/forecasting", json={}, params={"horizon": 2}).status_code == 422
    assert server.client.post("/v1/routing", content=TABLE, headers={"content-type": "text/csv"}).status_code == 415


def test_spreadsheets_are_read() -> None:
    """A byte order mark, semicolons, quotes, blank lines and columns in another order are taken as they come."""
    table = '\ufeffy;unique_id;ds\r\n"3";"a, b";5\r\n\r\nNaN;"a, b";6\r\n'
    assert orjson.loads(csv_request(table.encode(), {"frequency": "2", "quantiles": "0.5"})) == {
        "frequency": 2,
        "quantiles": [0.5],
        "rows": [{"unique_id": "a, b", "ds": 5, "y": 3.0}, {"unique_id": "a, b", "ds": 6, "y": None}],
    }


def test_declared_columns_are_covariates() -> None:
    """Columns that the query names are covariates, `stock_out` a flag, rows after the last observation the horizon."""
    table = b"unique_id,ds,y,price,stock_out\na,2026-01-01,3,1.5,0\na,2026-01-02,4,1.6,1\na,2026-01-03,,1.7,\n"
    request = orjson.loads(csv_request(table, {"frequency": "D", "horizon": "1", "covariates": "price"}))
    assert [row["stock_out"] for row in request["rows"]] == [False, True]
    assert [row["covariates"] for row in request["rows"]] == [{"price": 1.5}, {"price": 1.6}]
    assert request["future_rows"] == [{"unique_id": "a", "ds": "2026-01-03", "covariates": {"price": 1.7}}]
    assert "covariates" not in request


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (b"unique_id,ds,y,stock_out\na,1,2,maybe\n", "In line 2, stock_out"),
        (b"", "Line 1"),
        (b"a,b,c\n", "Line 1"),
        (b"unique_id,ds,y,z\n", "Line 1"),
        (b"unique_id,ds,y\na,1\n", "Line 2 has 2 cells"),
        (b"unique_id,ds,y\na,1,2\na,2,1.234,5\n", "Line 3 has 4 cells"),
        (b"unique_id,ds,y\na,1,many\n", "line 2"),
        (b"unique_id,ds,y\na,1,inf\n", "line 2"),
        (b'unique_id,ds,y\na,1,"2\n', "is not CSV"),
        (b"unique_id,ds,y\na,1,\xff\n", "not UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(table: bytes, part: str) -> None:
    """400, and where."""
    assert part in refused(table)
