r"""
Read a text in the CPLEX LP format.

Sections: Minimize or Maximize, Subject To, Bounds, General, Binary, End. Rows may be ranges (`1 <= x + y <= 5`) and may have
variables on the left only. Bounds: `2 <= x <= 8`, `x >= 1`, `x = 3`, `x free`, `-inf <= x`. A number alone in the objective is
a constant. Comments start with a backslash. A negative upper bound alone leaves the lower bound 0, as the format says.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np

from solvers.linear.arrays import LinearArrays, ModelTextError, finite, lines_of, number

HEADERS = (
    ("max", re.compile(r"\s*(maximi[sz]e|maximum|max)(?=\s|:|$)\s*:?", re.IGNORECASE)),
    ("min", re.compile(r"\s*(minimi[sz]e|minimum|min)(?=\s|:|$)\s*:?", re.IGNORECASE)),
    ("rows", re.compile(r"\s*(subject\s+to|such\s+that|s\.t\.|st\.?)(?=\s|:|$)\s*:?", re.IGNORECASE)),
    ("bounds", re.compile(r"\s*bounds?\s*:?\s*$", re.IGNORECASE)),
    ("integer", re.compile(r"\s*(generals?|gen|integers?|int)\s*:?(?=\s|$)", re.IGNORECASE)),
    ("binary", re.compile(r"\s*(binary|binaries|bin)\s*:?(?=\s|$)", re.IGNORECASE)),
    ("unsupported", re.compile(r"\s*(semi-continuous|semis?|sos[12]?|sos|pwlobj|general constraints?|gencons)\s*:?\s*$", re.I)),
    ("end", re.compile(r"\s*end\s*$", re.IGNORECASE)),
)

TOKEN = re.compile(
    r"\s*(?:(?P<relation><=|=<|>=|=>|<|>|=)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<sign>[+-])|(?P<colon>:)|(?P<times>\*)|(?P<name>[A-Za-z!\"#$%&/,;?@_'`{}()|~][^\s+\-*<>=:^]*)|(?P<other>\S))"
)
RELATIONS = {"<=": "<=", "=<": "<=", "<": "<=", ">=": ">=", "=>": ">=", ">": ">=", "=": "="}
FLIPPED = {"<=": ">=", ">=": "<=", "=": "="}
INFINITY = re.compile(r"(inf|infinity)$", re.IGNORECASE)

Token = tuple[str, str, int]


def read_lp(text: str) -> LinearArrays:
    """
    Read an LP text.

    Raises
    ------
    ModelTextError
        With the line and what is wrong with it.
    """
    reader = _Reader()
    sections = _sections(text)
    for kind, tokens in sections:
        if kind in ("min", "max"):
            reader.read_objective(kind, tokens)
        elif kind == "rows":
            reader.read_rows(tokens)
        elif kind == "bounds":
            reader.read_bounds(tokens)
        elif kind in ("integer", "binary"):
            reader.read_integers(tokens, binary=kind == "binary")
    if reader.sense is None:
        raise ModelTextError(1, "MISSING_OBJECTIVE", "the text must start with Minimize or Maximize")
    return reader.arrays()


def _sections(text: str) -> list[tuple[str, list[Token]]]:
    sections: list[tuple[str, list[Token]]] = []
    for at, raw in enumerate(lines_of(text), start=1):
        line = raw.split("\\", 1)[0]
        if not line or line.isspace():
            continue
        for kind, pattern in HEADERS:
            head = pattern.match(line)
            if head:
                if kind == "unsupported":
                    raise ModelTextError(at, "UNSUPPORTED_SECTION", "this section is beyond linear and mixed-integer models")
                if kind == "end":
                    return sections
                sections.append((kind, []))
                line = line[head.end() :]
                break
        if not sections:
            raise ModelTextError(at, "MISSING_OBJECTIVE", "the text must start with Minimize or Maximize")
        sections[-1][1].extend(_tokens(line, at))
    return sections


def _tokens(line: str, at: int) -> list[Token]:
    tokens: list[Token] = []
    for match in TOKEN.finditer(line):
        kind = match.lastgroup or "other"
        word = match.group(kind)
        if kind == "other":
            raise ModelTextError(at, "UNEXPECTED_CHARACTER", "this is not part of a linear expression")
        tokens.append((kind, word, at))
    return tokens


@dataclass
class _Reader:
    """What has been read so far."""

    sense: str | None = None
    objective_name: str = "objective"
    constant: float = 0.0
    columns: dict[str, int] = field(default_factory=dict)
    objective: dict[int, float] = field(default_factory=dict)
    lower: dict[int, float] = field(default_factory=dict)
    upper: dict[int, float] = field(default_factory=dict)
    integers: set[int] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)

    def column(self, name: str) -> int:
        """Return the index of a column, new or known."""
        return self.columns.setdefault(name, len(self.columns))

    def read_objective(self, sense: str, tokens: list[Token]) -> None:
        """Read the objective."""
        if self.sense is not None:
            raise ModelTextError(
                tokens[0][2] if tokens else 1, "TWO_OBJECTIVES", "there is one objective; this is a second one"
            )
        self.sense = sense
        if len(tokens) > 1 and tokens[1][0] == "colon":
            self.objective_name = tokens[0][1]
            tokens = tokens[2:]
        terms, constant, end = _expression(tokens, 0)
        if end < len(tokens):
            raise ModelTextError(tokens[end][2], "UNEXPECTED_CHARACTER", "the objective has no relation")
        self.constant = constant
        for name, value in terms:
            column = self.column(name)
            self.objective[column] = self.objective.get(column, 0.0) + value

    def read_rows(self, tokens: list[Token]) -> None:
        """Read the constraints: [name:] [number relation] expression relation number."""
        at = 0
        while at < len(tokens):
            name = f"c{len(self.rows) + 1}"
            if at + 1 < len(tokens) and tokens[at + 1][0] == "colon":
                name, at = tokens[at][1], at + 2
            at = self._row(name, tokens, at)

    def _row(self, name: str, tokens: list[Token], at: int) -> int:
        line = tokens[min(at, len(tokens) - 1)][2]
        if name in self.rows:
            raise ModelTextError(line, "DUPLICATE_NAME", "this row name was used before")
        if at >= len(tokens) or tokens[at][0] == "relation":
            raise ModelTextError(line, "MISSING_EXPRESSION", "a constraint starts with an expression or a number")
        lower, upper = -math.inf, math.inf
        terms, constant, at = _expression(tokens, at)
        if not terms and at < len(tokens) and tokens[at][0] == "relation":
            lower, upper = _side(FLIPPED[RELATIONS[tokens[at][1]]], constant, lower, upper)
            terms, constant, at = _expression(tokens, at + 1)
        if at < len(tokens) and tokens[at][0] == "relation":
            relation = RELATIONS[tokens[at][1]]
            value, at = _number(tokens, at + 1)
            lower, upper = _side(relation, value, lower, upper)
        elif math.isinf(lower) and math.isinf(upper):
            raise ModelTextError(line, "MISSING_RELATION", "a constraint needs <=, >= or = and a number")
        row = self.rows[name] = len(self.rows)
        self.row_lower.append(lower - constant)
        self.row_upper.append(upper - constant)
        self.entries.extend((row, self.column(column), value) for column, value in terms)
        return at

    def read_bounds(self, tokens: list[Token]) -> None:
        """Read the bounds of variables: [number relation] name [relation number], or name free."""
        at = 0
        while at < len(tokens):
            at = self._bounds_of_one(tokens, at)

    def _bounds_of_one(self, tokens: list[Token], at: int) -> int:
        given: list[tuple[str, float]] = []
        line = tokens[at][2]
        if tokens[at][0] != "name" or INFINITY.match(tokens[at][1]):
            value, at = _number(tokens, at)
            if at >= len(tokens) or tokens[at][0] != "relation":
                raise ModelTextError(line, "MISSING_RELATION", "a bound needs <=, >= or =")
            given.append((FLIPPED[RELATIONS[tokens[at][1]]], value))
            at += 1
        if at >= len(tokens) or tokens[at][0] != "name":
            raise ModelTextError(line, "MISSING_NAME", "a bound needs the name of a variable")
        column = self.column(tokens[at][1])
        at += 1
        if at < len(tokens) and tokens[at][0] == "name" and tokens[at][1].lower() == "free":
            self.lower[column], self.upper[column] = -math.inf, math.inf
            return at + 1
        if at < len(tokens) and tokens[at][0] == "relation":
            value, after = _number(tokens, at + 1)
            given.append((RELATIONS[tokens[at][1]], value))
            at = after
        if not given:
            raise ModelTextError(line, "MISSING_RELATION", "a bound needs <=, >= or =")
        for relation, value in given:
            self._bound(column, relation, value, line)
        return at

    def _bound(self, column: int, relation: str, value: float, line: int) -> None:
        if (relation != "<=" and value == math.inf) or (relation != ">=" and value == -math.inf):
            raise ModelTextError(line, "NUMBER_TOO_LARGE", "no finite number satisfies this bound")
        if relation != "<=":
            self.lower[column] = value
        if relation != ">=":
            self.upper[column] = value

    def read_integers(self, tokens: list[Token], *, binary: bool) -> None:
        """Read the names of integer or binary variables."""
        for kind, name, line in tokens:
            if kind != "name":
                raise ModelTextError(line, "MISSING_NAME", "this section lists names of variables")
            column = self.column(name)
            self.integers.add(column)
            if binary:
                self.lower[column], self.upper[column] = 0.0, 1.0

    def arrays(self) -> LinearArrays:
        """Return what was read as arrays."""
        n = len(self.columns)
        lower, upper, objective = np.zeros(n), np.full(n, np.inf), np.zeros(n)
        for array, given in ((lower, self.lower), (upper, self.upper), (objective, self.objective)):
            array[list(given.keys())] = list(given.values())
        integer = np.zeros(n, dtype=np.bool_)
        integer[list(self.integers)] = True
        return LinearArrays(
            name="",
            sense=self.sense,
            objective_name=self.objective_name,
            constant=self.constant,
            column_names=list(self.columns),
            column_lower=lower,
            column_upper=upper,
            objective=objective,
            integer=integer,
            row_names=list(self.rows),
            row_lower=np.asarray(self.row_lower, dtype=np.float64),
            row_upper=np.asarray(self.row_upper, dtype=np.float64),
            entry_rows=np.asarray([entry[0] for entry in self.entries], dtype=np.int64),
            entry_columns=np.asarray([entry[1] for entry in self.entries], dtype=np.int64),
            entry_values=np.asarray([entry[2] for entry in self.entries], dtype=np.float64),
        )


def _expression(tokens: list[Token], at: int) -> tuple[list[tuple[str, float]], float, int]:
    """Read terms up to a relation, a label or the end; return terms, constant and the next position."""
    terms: list[tuple[str, float]] = []
    constant, first = 0.0, True
    while at < len(tokens) and tokens[at][0] != "relation" and not _is_label(tokens, at):
        line = tokens[at][2]
        sign, after = _sign(tokens, at)
        if after == at and not first:
            raise ModelTextError(line, "MISSING_SIGN", "terms are joined by + or -")
        at, first = after, False
        coefficient, has_number = sign, False
        if at < len(tokens) and tokens[at][0] == "number":
            coefficient, has_number, at = sign * finite(tokens[at][1], line), True, at + 1
        if has_number and at < len(tokens) and tokens[at][0] == "times":
            at += 1
        if at < len(tokens) and tokens[at][0] == "name" and not _is_label(tokens, at):
            terms.append((tokens[at][1], coefficient))
            at += 1
        elif has_number:
            constant += coefficient
        else:
            raise ModelTextError(line, "MISSING_NAME", "a number or the name of a variable is expected here")
    return terms, constant, at


def _is_label(tokens: list[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1][0] == "colon"


def _sign(tokens: list[Token], at: int) -> tuple[float, int]:
    sign = 1.0
    while at < len(tokens) and tokens[at][0] == "sign":
        sign, at = (-sign if tokens[at][1] == "-" else sign), at + 1
    return sign, at


def _number(tokens: list[Token], at: int) -> tuple[float, int]:
    """Read a signed number or infinity; return it and the next position."""
    line = tokens[min(at, len(tokens) - 1)][2]
    sign, at = _sign(tokens, at)
    if at < len(tokens) and tokens[at][0] == "name" and INFINITY.match(tokens[at][1]):
        return sign * math.inf, at + 1
    if at >= len(tokens) or tokens[at][0] != "number":
        raise ModelTextError(line, "NOT_A_NUMBER", "a number is expected here")
    return sign * number(tokens[at][1], line), at + 1


def _side(relation: str, value: float, lower: float, upper: float) -> tuple[float, float]:
    """Return both sides after one more relation of the expression to a number."""
    return (lower if relation == "<=" else value, upper if relation == ">=" else value)
