"""The assignment problem: pair rows with columns one to one at least cost (or most value)."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input, Number, Output
from models.network.parts import MAX_ARCS, NumberColumn, rows_or_columns
from models.options import Options

MAX_SIDE = 100_000
"""Most rows or columns."""

Matrix = Annotated[
    list[Annotated[list[Number | None], FirstErrorOnly, Field(max_length=MAX_SIDE)]],
    FirstErrorOnly,
    Field(max_length=MAX_SIDE),
]
IndexColumn = Annotated[list[Annotated[int, Field(ge=0, lt=MAX_SIDE)]], FirstErrorOnly, Field(max_length=MAX_ARCS)]


class SparseCosts(Input):
    """Allowed pairs as columns of equal length; pairs that are not listed are forbidden."""

    rows: Annotated[int, Field(ge=1, le=MAX_SIDE, description="Number of rows.")]
    columns: Annotated[int, Field(ge=1, le=MAX_SIDE, description="Number of columns.")]
    row: Annotated[IndexColumn, Field(description="Row of each pair, counted from 0.")]
    column: Annotated[IndexColumn, Field(description="Column of each pair, counted from 0.")]
    cost: Annotated[NumberColumn, Field(description="Cost of each pair.")]


class AssignmentOptions(Options):
    """Options of the assignment endpoint."""

    solver: Annotated[Literal["auto", "shortest_augmenting_path"], Field(description="Algorithm.")] = "auto"


class AssignmentProblem(Input):
    """
    Pair rows with columns, each at most once, so that the smaller side is paired completely.

    Rectangular matrices are allowed: with 3 rows and 5 columns every row is paired and two columns stay free.
    """

    costs: Annotated[
        list[list[Number | None]] | SparseCosts,
        rows_or_columns(Matrix, SparseCosts),
        Field(description="Cost of each pair, one list per row; null forbids the pair. Or sparse columns."),
    ]
    row_ids: Annotated[
        list[Identifier] | None,
        FirstErrorOnly,
        Field(max_length=MAX_SIDE, description="Names of the rows; null numbers them from 0."),
    ] = None
    column_ids: Annotated[
        list[Identifier] | None,
        FirstErrorOnly,
        Field(max_length=MAX_SIDE, description="Names of the columns; null numbers them from 0."),
    ] = None
    sense: Annotated[Literal["min", "max"], Field(description="min: least total cost; max: largest total value.")] = "min"
    options: AssignmentOptions = AssignmentOptions()


class Pair(Output):
    """One row with its column."""

    row: Annotated[str, Field(description="Name of the row.")]
    column: Annotated[str, Field(description="Name of the column.")]
    row_index: Annotated[int, Field(description="Row, counted from 0.")]
    column_index: Annotated[int, Field(description="Column, counted from 0.")]
    cost: Annotated[float, Field(description="Cost of the pair.")]


class AssignmentSolution(Output):
    """A best pairing with the prices that prove it."""

    assignment: Annotated[list[Pair], Field(description="The chosen pairs in row order.")]
    unassigned_rows: Annotated[list[str], Field(description="Rows without a column (more rows than columns).")]
    unassigned_columns: Annotated[list[str], Field(description="Columns without a row (more columns than rows).")]
    row_duals: Annotated[
        dict[str, float],
        Field(
            description="Price u of each row: u + v <= cost for every allowed pair (>= with sense max), equal on chosen pairs."
        ),
    ]
    column_duals: Annotated[
        dict[str, float], Field(description="Price v of each column; 0 for a row or column that stays unassigned.")
    ]
