"""
Read an MPS text in free or fixed form.

Sections NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, ENDATA. The first row of type N (or the one of OBJNAME) is
the objective and further ones are dropped; a right-hand side on it is a constant: objective = c'x - rhs. Integer columns
between INTORG and INTEND markers that no bound names are binary, as in CPLEX and HiGHS. A negative upper bound on a column
without a lower one frees it below. Only the first set of RHS, RANGES and BOUNDS is used.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from solvers.linear.arrays import Floats, LinearArrays, ModelTextError, finite, lines_of, number

FIELDS = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
"""Character positions of the six fields of the fixed form."""

SECTIONS = {"ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "OBJSENSE", "OBJNAME", "NAME", "ENDATA"}
UNSUPPORTED = {"SOS", "SOS1", "SOS2", "SETS", "QUADOBJ", "QMATRIX", "QSECTION", "QCMATRIX", "CSECTION", "INDICATORS", "GENCONS"}
SPLIT_BY_POSITION = {"ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS"}
BOUND_TYPES_WITH_VALUE = {"LO", "UP", "FX", "LI", "UI"}
BOUND_TYPES_ALONE = {"FR", "MI", "PL", "BV"}


def read_mps(text: str) -> LinearArrays:
    """
    Read an MPS text; the free form is tried first, then the fixed form (names with blanks).

    Raises
    ------
    ModelTextError
        With the line and what is wrong with it.
    """
    lines = lines_of(text)
    try:
        return _Reader(lines, fixed=False).read()
    except ModelTextError as error:
        try:
            return _Reader(lines, fixed=True).read()
        except ModelTextError:
            raise error from None


def _fixed_tokens(line: str) -> list[str]:
    """Cut a line at the positions of the fixed form."""
    tokens = [line[start:stop].strip() for start, stop in FIELDS]
    return [token for token in tokens if token]


@dataclass
class _Reader:
    """State of one pass over the lines."""

    lines: list[str]
    fixed: bool
    name: str = ""
    sense: str | None = None
    objective_name: str | None = None
    rows: dict[str, int] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    columns: dict[str, int] = field(default_factory=dict)
    integer: list[bool] = field(default_factory=list)
    objective: dict[int, float] = field(default_factory=dict)
    entry_rows: list[int] = field(default_factory=list)
    entry_columns: list[int] = field(default_factory=list)
    entry_values: list[float] = field(default_factory=list)
    rhs: dict[int, float] = field(default_factory=dict)
    ranges: dict[int, float] = field(default_factory=dict)
    lower: dict[int, float] = field(default_factory=dict)
    upper: dict[int, float] = field(default_factory=dict)
    constant: float = 0.0
    open_marker: int = 0
    """Line of the last 'INTORG' that is still open; 0 for none."""
    objective_line: int = 0
    """Line of OBJNAME; 0 when there is none."""
    objective_rows: set[str] = field(default_factory=set)
    sets: dict[str, str] = field(default_factory=dict)

    def read(self) -> LinearArrays:
        """Read all lines."""
        section = ""
        handlers = {
            "ROWS": self._row,
            "COLUMNS": self._column,
            "RHS": self._rhs,
            "RANGES": self._range,
            "BOUNDS": self._bound,
            "OBJSENSE": self._objective_sense,
            "OBJNAME": self._objective_name,
        }
        handler = None
        for at, line in enumerate(self.lines, start=1):
            if not line or line[0] == "*" or line.isspace():
                continue
            if line[0] not in " \t":
                section = self._header(line.split(), at)
                handler = handlers.get(section)
                if section == "ENDATA":
                    break
                continue
            if handler is None:
                raise ModelTextError(at, "UNEXPECTED_LINE", "data stand outside of a section")
            handler(_fixed_tokens(line) if self.fixed and section in SPLIT_BY_POSITION else line.split(), at)
        if section != "ENDATA":
            raise ModelTextError(len(self.lines), "UNEXPECTED_END", "the section ENDATA is missing: is the text cut off?")
        if self.open_marker:
            raise ModelTextError(self.open_marker, "UNCLOSED_MARKER", "the marker 'INTORG' has no 'INTEND' after it")
        if self.objective_line and self.objective_name not in self.objective_rows:
            raise ModelTextError(self.objective_line, "UNKNOWN_ROW", "OBJNAME names no row of type N")
        return self._arrays()

    def _header(self, tokens: list[str], at: int) -> str:
        word = tokens[0].upper()
        if word in UNSUPPORTED:
            raise ModelTextError(at, "UNSUPPORTED_SECTION", f"section {word} is beyond linear and mixed-integer models")
        if word not in SECTIONS:
            raise ModelTextError(at, "UNKNOWN_SECTION", "this is not the head of an MPS section")
        if word == "NAME":
            self.name = " ".join(tokens[1:])
        if word == "OBJSENSE" and len(tokens) > 1:
            self._objective_sense(tokens[1:], at)
        return word

    def _objective_sense(self, tokens: list[str], at: int) -> None:
        word = tokens[0].upper()
        if word not in ("MIN", "MAX", "MINIMIZE", "MAXIMIZE", "MINIMISE", "MAXIMISE"):
            raise ModelTextError(at, "UNKNOWN_SENSE", "OBJSENSE is MIN or MAX")
        self.sense = word[:3].lower()

    def _objective_name(self, tokens: list[str], at: int) -> None:
        self.objective_name, self.objective_line = tokens[0], at

    def _row(self, tokens: list[str], at: int) -> None:
        if len(tokens) != 2:
            raise ModelTextError(at, "WRONG_FIELD_COUNT", "a line of ROWS has a type and a name")
        kind, name = tokens[0].upper(), tokens[1]
        if kind not in ("N", "E", "L", "G"):
            raise ModelTextError(at, "UNKNOWN_ROW_TYPE", "a row type is N, E, L or G")
        if name in self.rows or name in self.dropped or (name == self.objective_name and kind != "N"):
            raise ModelTextError(at, "DUPLICATE_NAME", "this row name was used before")
        if kind == "N":
            self.objective_rows.add(name)
            if self.objective_name is None:
                self.objective_name = name
            elif name != self.objective_name:
                self.dropped.add(name)
            return
        self.rows[name] = len(self.kinds)
        self.kinds.append(kind)

    def _column(self, tokens: list[str], at: int) -> None:
        count = len(tokens)
        if count >= 3 and tokens[1] == "'MARKER'":
            self._marker(tokens[2], at)
            return
        if count not in (3, 5):
            raise ModelTextError(
                at, "WRONG_FIELD_COUNT", "a line of COLUMNS has a column and one or two pairs of row and number"
            )
        name = tokens[0]
        column = self.columns.get(name)
        if column is None:
            column = self.columns[name] = len(self.columns)
            self.integer.append(self.open_marker > 0)
        elif column != len(self.columns) - 1:
            raise ModelTextError(
                at, "DUPLICATE_NAME", "the lines of one column must stand together; this column was used before"
            )
        for place in range(1, count, 2):
            self._entry(tokens[place], column, finite(tokens[place + 1], at), at)

    def _entry(self, name: str, column: int, value: float, at: int) -> None:
        row = self.rows.get(name)
        if row is not None:
            self.entry_rows.append(row)
            self.entry_columns.append(column)
            self.entry_values.append(value)
        elif name == self.objective_name:
            self.objective[column] = self.objective.get(column, 0.0) + value
        elif name not in self.dropped:
            raise ModelTextError(at, "UNKNOWN_ROW", "this row is not declared in ROWS")

    def _marker(self, word: str, at: int) -> None:
        if word not in ("'INTORG'", "'INTEND'"):
            raise ModelTextError(at, "UNKNOWN_MARKER", "a marker is 'INTORG' or 'INTEND'")
        self.open_marker = at if word == "'INTORG'" else 0

    def _pairs(self, tokens: list[str], at: int, section: str) -> list[tuple[str, float]]:
        """Return the pairs of row and number of the first set; lines of other sets are passed over."""
        if len(tokens) not in (2, 3, 4, 5):
            raise ModelTextError(
                at, "WRONG_FIELD_COUNT", f"a line of {section} has a set and one or two pairs of row and number"
            )
        named = len(tokens) % 2
        chosen = tokens[0] if named else ""
        if self.sets.setdefault(section, chosen) != chosen:
            return []
        return [(tokens[place], number(tokens[place + 1], at)) for place in range(named, len(tokens), 2)]

    def _rhs(self, tokens: list[str], at: int) -> None:
        for name, value in self._pairs(tokens, at, "RHS"):
            if not math.isfinite(value):
                raise ModelTextError(at, "NUMBER_TOO_LARGE", "a right-hand side must be finite")
            if name == self.objective_name:
                self.constant = -value
            elif name in self.rows:
                self._once(self.rhs, name, value, at)
            elif name not in self.dropped:
                raise ModelTextError(at, "UNKNOWN_ROW", "this row is not declared in ROWS")

    def _range(self, tokens: list[str], at: int) -> None:
        for name, value in self._pairs(tokens, at, "RANGES"):
            if name in self.rows:
                self._once(self.ranges, name, value, at)
            elif name != self.objective_name and name not in self.dropped:
                raise ModelTextError(at, "UNKNOWN_ROW", "this row is not declared in ROWS")

    def _once(self, numbers: dict[int, float], name: str, value: float, at: int) -> None:
        """Note the number of a row; a second, different one is an error."""
        if numbers.setdefault(self.rows[name], value) != value:
            raise ModelTextError(at, "DUPLICATE_ENTRY", "this row was given another number before; remove one of them")

    def _bound(self, tokens: list[str], at: int) -> None:
        kind, rest = tokens[0].upper(), tokens[1:]
        if kind in BOUND_TYPES_WITH_VALUE and len(rest) in (2, 3):
            chosen, name, value = ("", *rest) if len(rest) == 2 else rest
        elif kind in BOUND_TYPES_ALONE and len(rest) in (1, 2, 3):
            unnamed = len(rest) == 1 or (rest[0] in self.columns and rest[1] not in self.columns)
            chosen, name, value = ("", rest[0], "0") if unnamed else (rest[0], rest[1], "0")
        elif kind in BOUND_TYPES_WITH_VALUE | BOUND_TYPES_ALONE:
            raise ModelTextError(at, "WRONG_FIELD_COUNT", "a line of BOUNDS has a type, a set, a column and a number")
        else:
            raise ModelTextError(at, "UNKNOWN_BOUND_TYPE", "a bound type is LO, UP, FX, FR, MI, PL, BV, LI or UI")
        if self.sets.setdefault("BOUNDS", chosen) != chosen:
            return
        column = self.columns.get(name)
        if column is None:
            raise ModelTextError(at, "UNKNOWN_COLUMN", "this column is not declared in COLUMNS")
        self._set_bound(kind, column, number(value, at))

    def _set_bound(self, kind: str, column: int, value: float) -> None:
        if kind in ("LO", "LI", "FX"):
            self.lower[column] = value
        if kind in ("UP", "UI", "FX"):
            self.upper[column] = value
            if kind != "FX" and value < 0 and column not in self.lower:
                self.lower[column] = -math.inf
        if kind in ("FR", "MI"):
            self.lower[column] = -math.inf
        if kind in ("FR", "PL"):
            self.upper[column] = math.inf
        if kind == "BV":
            self.lower[column], self.upper[column] = 0.0, 1.0
        if kind in ("BV", "LI", "UI"):
            self.integer[column] = True

    def _arrays(self) -> LinearArrays:
        n = len(self.columns)
        lower, upper, objective = np.zeros(n), np.full(n, np.inf), np.zeros(n)
        bounded = self.lower.keys() | self.upper.keys()
        binary = [column for column, whole in enumerate(self.integer) if whole and column not in bounded]
        upper[binary] = 1.0
        for array, given in ((lower, self.lower), (upper, self.upper), (objective, self.objective)):
            array[list(given.keys())] = list(given.values())
        row_lower, row_upper = self._sides()
        return LinearArrays(
            name=self.name,
            sense=self.sense,
            objective_name=self.objective_name or "objective",
            constant=self.constant + 0.0,
            column_names=list(self.columns),
            column_lower=lower,
            column_upper=upper,
            objective=objective,
            integer=np.asarray(self.integer, dtype=np.bool_),
            row_names=list(self.rows),
            row_lower=row_lower,
            row_upper=row_upper,
            entry_rows=np.asarray(self.entry_rows, dtype=np.int64),
            entry_columns=np.asarray(self.entry_columns, dtype=np.int64),
            entry_values=np.asarray(self.entry_values, dtype=np.float64),
        )

    def _sides(self) -> tuple[Floats, Floats]:
        """Return both sides of every row: a range R makes [rhs - |R|, rhs] of L, [rhs, rhs + |R|] of G, by its sign of E."""
        m = len(self.kinds)
        lower, upper = np.full(m, -np.inf), np.full(m, np.inf)
        for row, kind in enumerate(self.kinds):
            rhs = self.rhs.get(row, 0.0)
            width = self.ranges.get(row)
            if kind in ("E", "G"):
                lower[row] = rhs
            if kind in ("E", "L"):
                upper[row] = rhs
            if width is not None:
                if kind == "G" or (kind == "E" and width > 0):
                    upper[row] = rhs + abs(width)
                else:
                    lower[row] = rhs - abs(width)
        return lower, upper
