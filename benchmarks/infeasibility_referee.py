"""
The referee of conflicts and repairs: reads request and explanation, and asks SciPy's HiGHS, never the engine or code of ours.

A member of a conflict is known by its pointer: `/constraints/3` (an equation), `/constraints/3/upper`, `/variables/2/lower` or
`/variables/2/integer`. What variables are always holds: a lower bound of 0, and 0 to 1 for whole variables with these bounds.
"""

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the referee found: a reason for each thing that is not as claimed."""

    irreducible: bool
    repaired: bool
    reasons: list[str]


def judge(request: dict[str, Any], infeasibility: dict[str, Any]) -> Verdict:
    """Return whether the conflict is irreducible and every repair makes the problem feasible."""
    pointers = [member["pointer"] for member in infeasibility["subset"]]
    wrong_conflict = [] if pointers else ["no conflict was named"]
    if pointers and is_feasible(only(request, pointers)) is not False:
        wrong_conflict.append("the members of the conflict hold together")
    wrong_conflict += [
        f"without {left_out} the rest still conflicts"
        for left_out in pointers
        if is_feasible(only(request, [pointer for pointer in pointers if pointer != left_out])) is not True
    ]
    wrong_repair = [] if infeasibility["repairs"] else ["no repair was given"]
    wrong_repair += [
        f"not repaired by: {repair['sentence']}"
        for repair in infeasibility["repairs"]
        if is_feasible(changed(request, repair["changes"])) is not True
    ]
    return Verdict(not wrong_conflict, not wrong_repair, wrong_conflict + wrong_repair)


def only(request: dict[str, Any], pointers: list[str]) -> dict[str, Any]:
    """Return the request with nothing but what the pointers name and what variables are."""
    kept = copy.deepcopy(request)
    for variable in kept["variables"]:
        binary = variable.get("integer", False) and variable.get("lower", 0.0) == 0 and variable.get("upper") == 1
        variable["integer"] = False
        variable["lower"] = 0.0 if variable.get("lower", 0.0) == 0 else None
        variable["upper"] = 1.0 if binary else None
    for row in kept["constraints"]:
        row["lower"] = row["upper"] = None
    for pointer in pointers:
        _, group, index, *field = pointer.split("/")
        source, target = request[group][int(index)], kept[group][int(index)]
        for name in field or ["lower", "upper"]:
            target[name] = source[name]
    return kept


def changed(request: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the request with the changes of a repair written to where their pointers lead."""
    written = copy.deepcopy(request)
    for change in changes:
        _, group, index, field = change["pointer"].split("/")
        written[group][int(index)][field] = change["value"]
    return written


def is_feasible(request: dict[str, Any]) -> bool | None:
    """Tell whether a request in named JSON has any answer; None when SciPy does not know."""
    variables, rows = request["variables"], request["constraints"]
    index = {variable["name"]: at for at, variable in enumerate(variables)}
    entries = [(k, index[name], value) for k, row in enumerate(rows) for name, value in row["terms"].items()]
    k, j, values = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = sparse.csr_array((np.asarray(values, dtype=float), (k, j)), shape=(len(rows), len(variables)))
    conditions = LinearConstraint(matrix, _sides(rows, "lower", -np.inf), _sides(rows, "upper", np.inf))
    lower = [variable.get("lower", 0.0) for variable in variables]
    found = milp(
        np.zeros(len(variables)),
        integrality=np.asarray([variable.get("integer", False) for variable in variables], dtype=int),
        bounds=Bounds([-np.inf if low is None else low for low in lower], _sides(variables, "upper", np.inf)),
        constraints=conditions if rows else (),
        options={"time_limit": SECONDS},
    )
    return True if found.status == 0 else False if found.status == 2 else None


def _sides(entries: list[dict[str, Any]], field: str, missing: float) -> Any:
    given = [entry.get(field) for entry in entries]
    return np.asarray([missing if side is None else side for side in given], dtype=float)
