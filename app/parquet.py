"""
A Parquet file of observations as the JSON request that it stands for. Read in a child process, never in the serving one.

The reader (pyarrow) is an optional part of the installation, `shadowprice[parquet]`: it is larger than the service without its
solvers, and everything that writes Parquet writes CSV too.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.util import find_spec
from typing import Any

from app.errors import ProblemError
from app.tables import Line, table_request

LEAST_ROW = len('{"unique_id":"","ds":0,"y":0},')
"""Bytes that a row takes at least in the JSON request that comes out."""

BATCH = 4_096
"""Rows that are unpacked at the same time."""

INDEX = "__index_level_"
"""What pandas puts before the names of columns that hold its index."""


def require_reader() -> None:
    """
    Refuse Parquet where no reader of it is installed.

    Raises
    ------
    ProblemError
        415, with what to do.
    """
    if find_spec("pyarrow") is None:
        detail = "This server was installed without a reader of Parquet: send text/csv, or install shadowprice[parquet]."
        raise ProblemError("UNSUPPORTED_MEDIA_TYPE", detail)


def parquet_request(table: bytes, query: Mapping[str, str], *, max_bytes: int) -> bytes:
    """
    Return a Parquet file and the query beside it as one JSON request.

    Parameters
    ----------
    table
        The file.
    query
        Query parameters; see `app.tables.table_request`.
    max_bytes
        Most that the request may take. A few bytes of Parquet can stand for billions of rows.

    Raises
    ------
    ProblemError
        400 INVALID_TABLE when the file cannot be read or is not such a table, 413 when it stands for too large a request.
    """
    import pyarrow as arrow
    from pyarrow import parquet

    arrow.set_memory_pool(arrow.system_memory_pool())  # the others reserve more address space than the child may have
    try:
        file = parquet.ParquetFile(io.BytesIO(table), memory_map=False, pre_buffer=False)
        if file.metadata.num_rows * LEAST_ROW > max_bytes:
            raise _too_large(file.metadata.num_rows, max_bytes)
        names = [name for name in file.schema_arrow.names if not name.startswith(INDEX)]
        request = table_request(names, _lines(file, names), query, heading="The file")
    except (arrow.ArrowException, ValueError, OSError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise ProblemError("INVALID_TABLE", f"The Parquet file cannot be read: {reason}") from error
    if len(request) > max_bytes:
        raise _too_large(file.metadata.num_rows, max_bytes)
    return request


def _lines(file: Any, names: list[str]) -> Iterator[Line]:
    number = 0
    for batch in file.iter_batches(batch_size=BATCH, columns=names, use_threads=False):
        columns = [[_cell(value) for value in _plain(batch.column(name)).to_pylist()] for name in names]
        for cells in zip(*columns, strict=True):
            number += 1
            yield f"row {number}", cells


def _plain(column: Any) -> Any:
    """Return a column whose values Python has a type for: moments to the microsecond, categories as what they stand for."""
    import pyarrow as arrow

    kind = column.type
    if arrow.types.is_nested(kind):
        raise ValueError(f"a column holds {kind} where each cell should hold one value.")
    if arrow.types.is_dictionary(kind):
        return _plain(column.dictionary_decode())
    if arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind):
        return column.cast(arrow.large_string())
    if arrow.types.is_timestamp(kind):
        return column.cast(arrow.timestamp("us", tz=kind.tz), safe=False)
    return column


def _cell(value: Any) -> str:
    """Return a value as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str) else str(value)


def _too_large(rows: int, max_bytes: int) -> ProblemError:
    detail = f"The {rows} rows of the file make a request above {max_bytes >> 20} MiB."
    return ProblemError("BODY_TOO_LARGE", detail)
