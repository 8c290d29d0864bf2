"""What a schema cannot say of a linear problem: one form, unique names, known variables, sides that do not cross."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

import numpy as np

from models.base import MAX_IDENTIFIER_LENGTH
from models.errors import Issue, issue
from models.linear import MAX_CONSTRAINTS, MAX_NONZEROS, MAX_VARIABLES, LinearProblem, SparseColumns
from models.run import RunWarning
from solvers.linear.arrays import LinearArrays, ModelTextError
from solvers.linear.request import FORMS, arrays_of, forms_of, model_arrays

MOST_ISSUES = 1_000
WIDE_RANGE = 1e8
"""Largest over smallest coefficient above which a warning is given."""

TOLERANCE = 1e-6
"""A constraint counts as met when its activity misses a side by no more than this, relative to max(1, sum |a_ij x_j|)."""


def issues(problem: LinearProblem) -> list[Issue]:
    """Return what is wrong with a problem, at most 1,000 issues."""
    forms = forms_of(problem)
    if len(forms) != 1:
        return [_wrong_forms(forms)]
    form = forms[0]
    found = _form_issues(problem, form)
    return found or list(islice(_bounds(problem), MOST_ISSUES))


def _form_issues(problem: LinearProblem, form: str) -> list[Issue]:
    """Return what is wrong with the model itself."""
    if form == "variables":
        return list(islice(_named(problem), MOST_ISSUES))
    if problem.constraints:
        message = "The constraints belong to variables; a model given as columns, mps or lp holds its own. Remove one of them."
        return [issue("/constraints", "TWO_FORMS", message, got=len(problem.constraints))]
    if problem.columns is not None:
        return list(islice(_columns(problem.columns), MOST_ISSUES))
    return list(islice(_text(problem, form), MOST_ISSUES))


def warnings(problem: LinearProblem) -> list[RunWarning]:
    """Return what looks wrong with a valid problem but does not stop the run."""
    arrays = arrays_of(problem)
    found = []
    free = np.flatnonzero(np.isinf(arrays.row_lower) & np.isinf(arrays.row_upper))
    if free.size:
        row = int(free[0])
        which = "1 constraint has" if free.size == 1 else f"{free.size} constraints have"
        message = f"{which} neither `lower` nor `upper`, so nothing is demanded; the first is {arrays.row_names[row]}."
        found.append(RunWarning(code="CONSTRAINT_WITHOUT_SIDES", pointer=f"{_base(problem, '/constraints')}", message=message))
    found += _tiny(problem, arrays)
    found += _unused(problem, arrays)
    sizes = np.abs(arrays.entry_values[arrays.entry_values != 0])
    if sizes.size and sizes.max() / sizes.min() > WIDE_RANGE:
        message = (
            f"Coefficients reach from {sizes.min():g} to {sizes.max():g}; beyond eight orders of magnitude answers lose "
            "precision. Change the units of the largest or smallest ones."
        )
        found.append(RunWarning(code="WIDE_COEFFICIENT_RANGE", pointer=_base(problem, "/constraints"), message=message))
    return found


def _tiny(problem: LinearProblem, arrays: LinearArrays) -> list[RunWarning]:
    """Return a warning when all coefficients of a constraint are so small that its side may be missed unnoticed."""
    largest = np.zeros(len(arrays.row_names))
    np.maximum.at(largest, arrays.entry_rows, np.abs(arrays.entry_values))
    tiny = np.flatnonzero((largest > 0) & (largest < TOLERANCE))
    if not tiny.size:
        return []
    which = "1 constraint has" if tiny.size == 1 else f"{tiny.size} constraints have"
    message = (
        f"{which} only coefficients below {TOLERANCE:g}, the tolerance within which a side counts as met; the first is "
        f"{arrays.row_names[int(tiny[0])]}. Multiply such a constraint by a constant, or change its units."
    )
    return [RunWarning(code="CONSTRAINT_BELOW_TOLERANCE", pointer=_base(problem, "/constraints"), message=message)]


def _unused(problem: LinearProblem, arrays: LinearArrays) -> list[RunWarning]:
    """Return a warning when a variable stands in no constraint and has no cost, as a misspelt one does."""
    used = np.zeros(len(arrays.column_names), dtype=np.bool_)
    used[arrays.entry_columns[arrays.entry_values != 0]] = True
    idle = np.flatnonzero(~used & (arrays.objective == 0))
    if not idle.size:
        return []
    which = "1 variable stands" if idle.size == 1 else f"{idle.size} variables stand"
    first = arrays.column_names[int(idle[0])]
    message = f"{which} in no constraint and has no objective coefficient; the first is {first}. Is a name misspelt?"
    message = message if idle.size == 1 else message.replace("and has no", "and have no")
    return [RunWarning(code="VARIABLE_WITHOUT_USE", pointer=_base(problem, "/variables"), message=message)]


def _base(problem: LinearProblem, named: str) -> str:
    form = forms_of(problem)[0]
    return named if form == "variables" else f"/{form}"


def _wrong_forms(forms: list[str]) -> Issue:
    choice = ", ".join(FORMS)
    if not forms:
        return issue("", "NO_MODEL", f"There is no model; give exactly one of {choice}", limit=1, got=0)
    return issue(f"/{forms[1]}", "TWO_FORMS", f"Give exactly one of {choice}; remove all but one", limit=1, got=len(forms))


def _named(problem: LinearProblem) -> Iterator[Issue]:
    variables, constraints = problem.variables or [], problem.constraints
    if not variables:
        yield issue("/variables", "NO_VARIABLES", "There is nothing to decide; give at least one variable", limit=1, got=0)
    yield from _duplicates([variable.name for variable in variables], "/variables/{}/name", "variable")
    yield from _duplicates([constraint.name for constraint in constraints], "/constraints/{}/name", "constraint")
    known = {variable.name for variable in variables}
    for at, variable in enumerate(variables):
        yield from _crossing(f"/variables/{at}/lower", variable.lower, variable.upper)
    nonzeros = 0
    for at, constraint in enumerate(constraints):
        yield from _crossing(f"/constraints/{at}/lower", constraint.lower, constraint.upper)
        nonzeros += len(constraint.terms)
        if not constraint.terms.keys() <= known:
            for name in constraint.terms:
                if name not in known:
                    message = "This variable is not declared in variables; add it there or correct the name"
                    yield issue(f"/constraints/{at}/terms/{_escaped(name)}", "UNKNOWN_VARIABLE", message)
    if nonzeros > MAX_NONZEROS:
        yield issue(
            "/constraints", "TOO_MANY_NONZEROS", "The model has too many coefficients", limit=MAX_NONZEROS, got=nonzeros
        )


def _bounds(problem: LinearProblem) -> Iterator[Issue]:
    """Find bounds of unknown variables, and bounds that cross; beside the variable's own they may cross: that is infeasible."""
    known = set(arrays_of(problem).column_names) if problem.bounds else set()
    for name, bounds in problem.bounds.items():
        if name not in known:
            message = "No variable of the model has this name; correct the name"
            yield issue(f"/bounds/{_escaped(name)}", "UNKNOWN_VARIABLE", message)
        yield from _crossing(f"/bounds/{_escaped(name)}/lower", bounds.lower, bounds.upper)


def _columns(given: SparseColumns) -> Iterator[Issue]:
    variables, constraints, entries = given.variables, given.constraints, given.entries
    n, m, z = len(variables.objective), len(constraints.lower), len(entries.value)
    if n == 0:
        message = "There is nothing to decide; give at least one variable"
        yield issue("/columns/variables/objective", "NO_VARIABLES", message, limit=1, got=0)
    lengths = list(
        chain(
            _length("/columns/variables/name", variables.name, n),
            _length("/columns/variables/lower", variables.lower, n),
            _length("/columns/variables/upper", variables.upper, n),
            _length("/columns/variables/integer", variables.integer, n),
            _length("/columns/variables/hard", variables.hard, n),
            _length("/columns/variables/relaxation_cost", variables.relaxation_cost, n),
            _length("/columns/constraints/upper", constraints.upper, m, optional=False),
            _length("/columns/constraints/name", constraints.name, m),
            _length("/columns/constraints/hard", constraints.hard, m),
            _length("/columns/constraints/relaxation_cost", constraints.relaxation_cost, m),
            _length("/columns/entries/row", entries.row, z, optional=False),
            _length("/columns/entries/column", entries.column, z, optional=False),
        )
    )
    yield from lengths
    if lengths:
        return
    yield from _duplicates(variables.name, "/columns/variables/name/{}", "variable")
    yield from _duplicates(constraints.name, "/columns/constraints/name/{}", "constraint")
    for at, (lower, upper) in enumerate(zip(constraints.lower, constraints.upper, strict=True)):
        yield from _crossing(f"/columns/constraints/lower/{at}", lower, upper)
    for at in range(n):
        lower = variables.lower[at] if variables.lower else 0.0
        upper = variables.upper[at] if variables.upper else None
        yield from _crossing(f"/columns/variables/lower/{at}", lower, upper)
    for name, positions, count in (("row", entries.row, m), ("column", entries.column, n)):
        beyond = np.flatnonzero(np.asarray(positions, dtype=np.int64) >= count)
        for at in beyond[:MOST_ISSUES].tolist():
            message = f"There are only {count} of them; positions count from 0"
            yield issue(f"/columns/entries/{name}/{at}", "UNKNOWN_POSITION", message, limit=count - 1, got=positions[at])


def _text(problem: LinearProblem, form: str) -> Iterator[Issue]:
    pointer = f"/{form}"
    try:
        arrays = model_arrays(problem)
    except ModelTextError as error:
        yield issue(pointer, error.code, f"{form.upper()} {error}", got=error.line)
        return
    if problem.sense is not None and arrays.sense is not None and problem.sense != arrays.sense:
        message = f"The text says {arrays.sense} and the request says {problem.sense}; remove one of them"
        yield issue("/sense", "TWO_SENSES", message)
    yield from _text_sizes(pointer, arrays)
    for kind, lower, upper in (
        ("variable", arrays.column_lower, arrays.column_upper),
        ("constraint", arrays.row_lower, arrays.row_upper),
    ):
        beyond = np.isposinf(lower) | np.isneginf(upper)
        for at in np.flatnonzero(beyond)[:MOST_ISSUES].tolist():
            message = (
                f"{kind.capitalize()} number {at + 1} must lie beyond every number; a lower side may be -inf, an upper side inf"
            )
            yield issue(pointer, "INFINITE_SIDE", message)
        for at in np.flatnonzero(~beyond & (lower > upper))[:MOST_ISSUES].tolist():
            message = f"The lower side of {kind} number {at + 1} lies above its upper side; swap them or remove one"
            yield issue(pointer, "CROSSING_SIDES", message, limit=float(upper[at]), got=float(lower[at]))


def _text_sizes(pointer: str, arrays: LinearArrays) -> Iterator[Issue]:
    longest = max((len(name) for names in (arrays.column_names, arrays.row_names) for name in names), default=0)
    if longest > MAX_IDENTIFIER_LENGTH:
        message = "A name is longer than this server takes; shorten it"
        yield issue(pointer, "NAME_TOO_LONG", message, limit=MAX_IDENTIFIER_LENGTH, got=longest)
    if not len(arrays.column_names):
        yield issue(pointer, "NO_VARIABLES", "There is nothing to decide; the text declares no variable", limit=1, got=0)
    for code, limit, got in (
        ("TOO_MANY_VARIABLES", MAX_VARIABLES, len(arrays.column_names)),
        ("TOO_MANY_CONSTRAINTS", MAX_CONSTRAINTS, len(arrays.row_names)),
        ("TOO_MANY_NONZEROS", MAX_NONZEROS, len(arrays.entry_values)),
    ):
        if got > limit:
            yield issue(pointer, code, "The model is larger than this server takes", limit=limit, got=got)


def _duplicates(names: Sequence[str], pointer: str, kind: str) -> Iterator[Issue]:
    if len(set(names)) == len(names):
        return
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        if first.setdefault(name, at) != at:
            message = f"{kind.capitalize()} number {first[name]} (from 0) has the same name; names must be unique"
            yield issue(pointer.format(at), "DUPLICATE_NAME", message)


def _crossing(pointer: str, lower: float | None, upper: float | None) -> Iterator[Issue]:
    if lower is not None and upper is not None and lower > upper:
        message = "The lower side lies above the upper side, so nothing can satisfy both; swap them or remove one"
        yield issue(pointer, "CROSSING_SIDES", message, limit=upper, got=lower)


def _length(pointer: str, given: Sequence[object], wanted: int, *, optional: bool = True) -> Iterator[Issue]:
    if len(given) != wanted and not (optional and not given):
        message = "Parallel lists must be equally long; give one entry for each"
        yield issue(pointer, "LENGTH_MISMATCH", message, limit=wanted, got=len(given))


def _escaped(name: str) -> str:
    """Escape a name for a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
