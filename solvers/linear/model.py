"""
The named linear model: what is solved, shown and certified is this one object.

Sense     min or max of  objective @ x + offset
Rows      row_lower <= A x <= row_upper
Columns   column_lower <= x <= column_upper, some of them integer

Variables and constraints come in families, so that a formulation of 100,000 rows is still printed in five lines. Numbers are
arrays; names and pointers are side tables that the solve never touches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Sense = Literal["min", "max"]

DEFAULT_TERM = "cost"
CONSTANT_TERM = "constant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """
    How one family of variables or constraints is written, and what it means.

    `latex` is without dollar signs; for a constraint family it is the whole condition with its quantifier, and `text` says the
    same plainly. `meaning` is in the caller's words. `pointer` is a JSON pointer into the request.
    """

    symbol: str
    latex: str
    text: str
    meaning: str
    unit: str | None
    pointer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A family with the columns or rows `start <= index < stop` that belong to it; `term` names its part of the cost."""

    family: Family
    start: int
    stop: int
    term: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearModel:
    """
    A linear or mixed-integer model with m rows, n columns and z nonzeros.

    `indptr` (m + 1), `indices` (z) and `coefficients` (z) are the matrix in compressed rows, columns ascending within a row and
    without duplicates or zeros. Missing sides and bounds are infinite. `sets` and `parameters` hold a family and its count.
    """

    name: str
    sense: Sense
    objective_family: Family
    sets: tuple[tuple[Family, int], ...]
    parameters: tuple[tuple[Family, int], ...]
    variable_groups: tuple[Group, ...]
    constraint_groups: tuple[Group, ...]
    indptr: Integers
    indices: Integers
    coefficients: Floats
    column_lower: Floats
    column_upper: Floats
    objective: Floats
    integer: Booleans
    row_lower: Floats
    row_upper: Floats
    column_names: Sequence[str]
    row_names: Sequence[str]
    column_pointers: Sequence[str | None] | None
    row_pointers: Sequence[str | None] | None
    offset: float = 0.0

    @property
    def rows(self) -> int:
        """Number of constraints."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """Number of variables."""
        return len(self.column_lower)

    @property
    def nonzeros(self) -> int:
        """Number of nonzero coefficients."""
        return len(self.coefficients)

    @property
    def is_mip(self) -> bool:
        """True when at least one variable must be integer."""
        return bool(self.integer.any())

    @property
    def sign(self) -> float:
        """+1 for min, -1 for max: multiplies the caller's objective into one that is minimised."""
        return 1.0 if self.sense == "min" else -1.0

    def matrix(self) -> sparse.csr_array:
        """Return the coefficients as a compressed-row matrix of shape (m, n), sharing memory with the model."""
        return sparse.csr_array((self.coefficients, self.indices, self.indptr), shape=(self.rows, self.columns))

    def row_index(self) -> Integers:
        """Return the row of every nonzero, shape (z,)."""
        return np.repeat(np.arange(self.rows), np.diff(self.indptr))

    def value(self, values: Floats) -> float:
        """Return the caller's objective at a point of shape (n,)."""
        return float(self.objective @ values) + self.offset

    def relaxed(self) -> "LinearModel":
        """Return the model without its integrality."""
        return replace(self, integer=np.zeros(self.columns, dtype=np.bool_))

    def with_fixed_integers(self, values: Floats) -> "LinearModel":
        """Return the LP in which every integer column is fixed at its rounded value."""
        at = np.round(values)
        return replace(
            self,
            column_lower=np.where(self.integer, at, self.column_lower),
            column_upper=np.where(self.integer, at, self.column_upper),
            integer=np.zeros(self.columns, dtype=np.bool_),
        )

    def terms(self, values: Floats) -> list[tuple[str, float, str | None]]:
        """Return name, value and pointer of each part of the objective; the parts sum to `value(values)`."""
        parts: dict[str, float] = {}
        pointers: dict[str, str | None] = {}
        for group in self.variable_groups:
            cost = self.objective[group.start : group.stop]
            if not cost.any():
                continue
            name = group.term or DEFAULT_TERM
            # A sum, not a dot product: that wakes the threads of BLAS, which takes longer on busy cores.
            parts[name] = parts.get(name, 0.0) + float((cost * values[group.start : group.stop]).sum())
            pointers.setdefault(name, group.family.pointer)
        if self.offset:
            parts[CONSTANT_TERM] = parts.get(CONSTANT_TERM, 0.0) + self.offset
        return [(name, value, pointers.get(name)) for name, value in parts.items()]

    def column_pointer(self, column: int) -> str | None:
        """Return where in the request a column comes from."""
        return None if self.column_pointers is None else self.column_pointers[column]

    def row_pointer(self, row: int) -> str | None:
        """Return where in the request a row comes from."""
        return None if self.row_pointers is None else self.row_pointers[row]


class ModelBuilder:
    """
    Collects families of variables and constraints as arrays and puts them together once.

    Parameters
    ----------
    name
        Name of the formulation.
    sense
        `min` or `max`.
    objective
        How the objective is written and what it means.
    """

    def __init__(self, *, name: str, sense: Sense, objective: Family) -> None:
        self.name = name
        self.sense: Sense = sense
        self.objective = objective
        self.objective_offset = 0.0
        self._sets: list[tuple[Family, int]] = []
        self._parameters: list[tuple[Family, int]] = []
        self._columns = _Stack()
        self._rows = _Stack()
        self._entries: list[tuple[Integers, Integers, Floats]] = []

    def add_set(self, family: Family, *, count: int) -> None:
        """Declare an index set with `count` members."""
        self._sets.append((family, count))

    def add_parameter(self, family: Family, *, count: int) -> None:
        """Declare a family of `count` numbers from the request."""
        self._parameters.append((family, count))

    def add_variables(
        self,
        family: Family,
        *,
        names: Sequence[str],
        lower: ArrayLike = 0.0,
        upper: ArrayLike = np.inf,
        objective: ArrayLike = 0.0,
        integer: ArrayLike = False,
        pointers: Sequence[str | None] | None = None,
        term: str | None = None,
    ) -> Integers:
        """
        Add a family of n variables and return their column indices, shape (n,).

        Bounds, objective coefficients and integrality broadcast to (n,). `term` names the part of the cost that the family's
        objective belongs to; families that share a name share the part.
        """
        numbers = {"lower": lower, "upper": upper, "objective": objective, "integer": integer}
        return self._columns.push(family, names, pointers, term, numbers)

    def add_constraints(
        self,
        family: Family,
        *,
        names: Sequence[str],
        rows: ArrayLike,
        columns: ArrayLike,
        coefficients: ArrayLike,
        lower: ArrayLike = -np.inf,
        upper: ArrayLike = np.inf,
        pointers: Sequence[str | None] | None = None,
    ) -> Integers:
        """
        Add a family of m constraints and return their row indices in the model, shape (m,).

        `rows` counts from 0 within the family, `columns` holds column indices of the model; with `coefficients` they broadcast
        to one common shape and are then flattened. Entries at the same place are added up.
        """
        index = self._rows.push(family, names, pointers, None, {"lower": lower, "upper": upper})
        first = int(index[0]) if len(index) else 0
        row, column, coefficient = np.broadcast_arrays(
            np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64), np.asarray(coefficients, dtype=np.float64)
        )
        self._entries.append((row.ravel() + first, column.ravel(), coefficient.ravel()))
        return index

    def build(self) -> LinearModel:
        """Put the families together; the builder can go on to grow afterwards."""
        m, n = self._rows.count, self._columns.count
        row = _joined([entry[0] for entry in self._entries], np.int64)
        column = _joined([entry[1] for entry in self._entries], np.int64)
        coefficient = _joined([entry[2] for entry in self._entries], np.float64)
        matrix = sparse.coo_array((coefficient, (row, column)), shape=(m, n)).tocsr()
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        return LinearModel(
            name=self.name,
            sense=self.sense,
            objective_family=self.objective,
            sets=tuple(self._sets),
            parameters=tuple(self._parameters),
            variable_groups=tuple(self._columns.groups),
            constraint_groups=tuple(self._rows.groups),
            indptr=matrix.indptr.astype(np.int64),
            indices=matrix.indices.astype(np.int64),
            coefficients=np.asarray(matrix.data, dtype=np.float64),
            column_lower=self._columns.numbers("lower"),
            column_upper=self._columns.numbers("upper"),
            objective=self._columns.numbers("objective"),
            integer=self._columns.numbers("integer") != 0,
            row_lower=self._rows.numbers("lower"),
            row_upper=self._rows.numbers("upper"),
            column_names=list(self._columns.names),
            row_names=list(self._rows.names),
            column_pointers=self._columns.pointers(),
            row_pointers=self._rows.pointers(),
            offset=float(self.objective_offset),
        )


class _Stack:
    """Families of one kind (columns or rows) in the order they were added."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.names: list[str] = []
        self._pointers: list[str | None] = []
        self._has_pointers = False
        self._numbers: list[dict[str, Floats]] = []

    @property
    def count(self) -> int:
        return len(self.names)

    def push(
        self,
        family: Family,
        names: Sequence[str],
        pointers: Sequence[str | None] | None,
        term: str | None,
        numbers: dict[str, ArrayLike],
    ) -> Integers:
        n, start = len(names), self.count
        if pointers is not None and len(pointers) != n:
            raise ValueError(f"{family.symbol}: {len(pointers)} pointers for {n} names")
        self._numbers.append({key: _flat(value, n) for key, value in numbers.items()})
        self.groups.append(Group(family=family, start=start, stop=start + n, term=term))
        self.names.extend(names)
        self._pointers.extend([None] * n if pointers is None else pointers)
        self._has_pointers |= pointers is not None
        return np.arange(start, start + n, dtype=np.int64)

    def numbers(self, key: str) -> Floats:
        return _joined([part[key] for part in self._numbers], np.float64)

    def pointers(self) -> list[str | None] | None:
        return list(self._pointers) if self._has_pointers else None


def _flat(value: ArrayLike, n: int) -> Floats:
    """Return the numbers of n items: a scalar for all, or an array with n entries of any shape."""
    array = np.asarray(value, dtype=np.float64)
    return np.full(n, float(array)) if array.ndim == 0 else np.broadcast_to(array.ravel(), (n,)).copy()


def _joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype=dtype)
