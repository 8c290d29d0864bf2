"""Forced alternatives of a linear problem: values and bounds of variables; light enough for the front door."""

from collections.abc import Mapping
from typing import Any

from models.errors import issue
from models.force import LinearForce
from models.linear import LinearProblem
from solvers.errors import UnforceableError
from solvers.linear.request import arrays_of

Changes = list[tuple[str, Any]]


def forced_changes(problem: LinearProblem, force: LinearForce) -> Changes:
    """
    Return the changes of the request that force an alternative: bounds beside those of the model.

    Raises
    ------
    UnforceableError
        When a variable is unknown, its bounds are missing or cross.
    """
    arrays = arrays_of(problem)
    is_whole = dict(zip(arrays.column_names, arrays.integer.tolist(), strict=True))
    issues = []
    for name, wanted in force.variables.items():
        pointer = f"/force/variables/{escaped(name)}"
        if name not in is_whole:
            issues.append(issue(pointer, "UNKNOWN_VARIABLE", "No variable of the model has this name; correct the name."))
        elif wanted.lower is None and wanted.upper is None:
            issues.append(issue(pointer, "NOTHING_FORCED", "Give a value, or at least one of lower and upper."))
        elif is_whole[name] and wanted.lower == wanted.upper and wanted.lower != round(wanted.lower or 0.0):
            message = "The variable takes whole numbers only, so this value cannot be forced."
            issues.append(issue(pointer, "NOT_WHOLE", message, got=wanted.lower))
    if issues:
        raise UnforceableError(issues)
    merged = {name: bounds.model_dump() for name, bounds in problem.bounds.items()}
    merged |= {name: _tighter(problem, name, wanted.lower, wanted.upper) for name, wanted in force.variables.items()}
    return [("/bounds", merged)]


def forced_columns(problem: LinearProblem, force: LinearForce) -> list[str]:
    """Return the names of the variables that are forced."""
    return list(force.variables)


def decisions(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the value of every variable."""
    return dict(solution["variables"])


def escaped(name: str) -> str:
    """Return a name as one part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def _tighter(problem: LinearProblem, name: str, lower: float | None, upper: float | None) -> dict[str, float | None]:
    """Return bounds beside those that an earlier alternative has set."""
    earlier = problem.bounds.get(name)
    lowers = [lower, *([earlier.lower] if earlier is not None else [])]
    uppers = [upper, *([earlier.upper] if earlier is not None else [])]
    low = max((side for side in lowers if side is not None), default=None)
    up = min((side for side in uppers if side is not None), default=None)
    if low is not None and up is not None and low > up:
        message = "The alternative contradicts one that this run already forces: no value lies between the bounds of both."
        raise UnforceableError([issue(f"/force/variables/{escaped(name)}", "CROSSING_SIDES", message, limit=up, got=low)])
    return {"lower": low, "upper": up}
