"""Parquet files as request bodies."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as arrow
import pytest
from pyarrow import parquet

from app.errors import ProblemError
from app.parquet import parquet_request, require_reader
from tests.server import Server

MEDIA_TYPE = "application/vnd.apache.parquet"
MIB = 1 << 20


def file_of(columns: dict[str, Any], **options: Any) -> bytes:
    """Return columns as a Parquet file."""
    target = io.BytesIO()
    parquet.write_table(arrow.table(columns), target, **options)
    return target.getvalue()


def rows_of(columns: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    """Return the rows of the request that a file of these columns stands for."""
    rows: list[dict[str, Any]] = orjson.loads(parquet_request(file_of(columns), query, max_bytes=MIB))["rows"]
    return rows


def refused(table: bytes, *, max_bytes: int = MIB) -> tuple[str, str]:
    """Return code and detail with which a file is refused."""
    with pytest.raises(ProblemError) as caught:
        parquet_request(table, {}, max_bytes=max_bytes)
    return caught.value.code, str(caught.value.detail)


def test_a_file_is_forecast_like_its_rows(server: Server) -> None:
    """A Parquet body and the same rows as JSON have the same answer."""
    months = [date(2025, month, 1) for month in range(1, 8)]
    sales = [40.0, 44.0, None, 47.0, 51.0, 46.0, 49.5]
    table = file_of({"unique_id": ["butter"] * 7, "ds": months, "y": sales}, compression="zstd")
    parameters = {"frequency": "MS", "horizon": "2"}
    headers = {"content-type": MEDIA_TYPE, "prefer": "wait=30"}
    file = server.client.post("/v1/forecasting", content=table, params=parameters, headers=headers).json()
    rows = [{"unique_id": "butter", "ds": str(month), "y": y} for month, y in zip(months, sales, strict=True)]
    plain = server.post("forecasting", {"frequency": "MS", "horizon": 2, "rows": rows}, prefer="wait=30").json()
    assert file["status"] == "succeeded", file
    assert file["solution"]["series"][0]["mean"] == plain["solution"]["series"][0]["mean"]


def test_a_file_that_is_none_is_refused_over_http(server: Server) -> None:
    """The refusal of the child process reaches the client; an endpoint without tables takes no Parquet."""
    headers = {"content-type": MEDIA_TYPE}
    answer = server.client.post("/v1/forecasting", content=b"PAR1 not at all", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_TABLE")
    assert server.client.post("/v1/routing", content=b"PAR1", headers=headers).status_code == 415


@pytest.mark.parametrize(
    ("times", "written"),
    [
        (arrow.array([5, 6], arrow.int16()), [5, 6]),
        (["2025-01-01", "2025-01-02"], ["2025-01-01", "2025-01-02"]),
        (arrow.array([date(2025, 1, 1), date(2025, 1, 2)]), ["2025-01-01", "2025-01-02"]),
        (
            arrow.array([datetime(2025, 1, 1, 6), datetime(2025, 1, 1, 7)], arrow.timestamp("ns")),
            ["2025-01-01T06:00:00", "2025-01-01T07:00:00"],
        ),
        (
            arrow.array([datetime(2025, 1, 1, 6, tzinfo=UTC)] * 2, arrow.timestamp("ms", tz="Europe/Paris")),
            ["2025-01-01T07:00:00+01:00"] * 2,
        ),
    ],
)
def test_times_of_every_type_are_read(times: Any, written: list[Any]) -> None:
    """Whole numbers, text, dates, moments with and without a zone."""
    assert [row["ds"] for row in rows_of({"unique_id": ["a", "a"], "ds": times, "y": [1.0, 2.0]})] == written


def test_values_of_every_type_are_read() -> None:
    """Categories and bytes as names, decimals and whole numbers as observations, missing ones as null."""
    columns = {
        "unique_id": arrow.array(["a", "b"]).dictionary_encode(),
        "ds": [1, 1],
        "y": arrow.array([Decimal("1.25"), None]),
        "stock_out": [False, True],
        "price": arrow.array([float("nan"), 2.5], arrow.float32()),
        "__index_level_0__": [7, 8],
    }
    first, second = rows_of(columns, covariates="price")
    assert first == {"unique_id": "a", "ds": 1, "y": 1.25, "stock_out": False, "covariates": {}}
    assert second == {"unique_id": "b", "ds": 1, "y": None, "stock_out": True, "covariates": {"price": 2.5}}
    assert rows_of({"unique_id": [b"a"], "ds": [1], "y": [3]}) == [{"unique_id": "a", "ds": 1, "y": 3.0}]


@pytest.mark.parametrize(
    ("table", "part"),
    [
        (b"", "cannot be read"),
        (b"PAR1" + bytes(50) + b"PAR1", "cannot be read"),
        (file_of({"unique_id": ["a"], "ds": [1]}), "The file must name the columns"),
        (file_of({"unique_id": ["a"], "ds": [1], "y": [float("inf")]}), "row 1"),
        (file_of({"unique_id": ["a"] * 5_000, "ds": [1] * 5_000, "y": ["1"] * 4_999 + ["x"]}), "row 5000"),
        (file_of({"unique_id": ["a"], "ds": [1], "y": [[1.0]]}), "holds list"),
    ],
)
def test_what_is_no_table_is_refused(table: bytes, part: str) -> None:
    """400, and where."""
    code, detail = refused(table)
    assert code == "INVALID_TABLE"
    assert part in detail


def test_a_small_file_of_many_rows_is_too_large() -> None:
    """Runs of equal values pack a million rows into a few thousand bytes; they are refused by their number, unread."""
    million = 1_000_000
    table = file_of({"unique_id": ["a"] * million, "ds": [1] * million, "y": [1.0] * million})
    assert len(table) < 20_000
    code, detail = refused(table)
    assert (code, "1000000 rows" in detail) == ("BODY_TOO_LARGE", True)
    long = file_of({"unique_id": ["a" * 1_000] * 2_000, "ds": [1] * 2_000, "y": [1.0] * 2_000})
    assert refused(long)[0] == "BODY_TOO_LARGE"


def test_without_a_reader_the_client_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """415, and what to install or send."""
    monkeypatch.setattr("app.parquet.find_spec", lambda name: None)
    with pytest.raises(ProblemError, match=r"shadowprice\[parquet\]") as caught:
        require_reader()
    assert caught.value.status == 415
