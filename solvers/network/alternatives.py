"""Forced alternatives of flows, paths and assignments; light enough for the front door."""

from collections.abc import Mapping
from typing import Any

from models.errors import issue
from models.force import AssignmentForce, FlowForce, PathForce
from models.network.assignment import AssignmentProblem
from models.network.shortest_path import ShortestPathProblem
from models.network.table import ArcTable, arc_table, node_table
from solvers.errors import UnforceableError
from solvers.network.pairs import pairs_of

Changes = list[tuple[str, Any]]


def forced_flow(problem: Any, force: FlowForce) -> Changes:
    """
    Return the changes of a flow request that force the flow on an arc: its bounds.

    Raises
    ------
    UnforceableError
        When the arc is unknown or stands for both directions, or no flow is given.
    """
    arcs = arc_table(problem)
    position = _arc(arcs, force.arc)
    if not problem.directed:
        raise _refused(
            "/force/arc", "NOT_SUPPORTED", "An undirected link carries flow both ways, so its flow cannot be forced."
        )
    if (force.flow is None) == (force.at_least is None):
        raise _refused("/force", "NOTHING_FORCED", "Give one of `flow` and `at_least`.")
    lower = force.at_least if force.flow is None else force.flow
    changes = _set(problem, arcs, position, "lower", max(lower or 0.0, arcs.lower[position]))
    room = arcs.capacity[position]
    if room is not None and (lower or 0.0) > room:
        message = f"The arc takes at most {room:g} units; raise its capacity in a what-if first."
        raise _refused("/force/" + ("flow" if force.flow is not None else "at_least"), "ABOVE_CAPACITY", message, room, lower)
    if force.flow is not None:
        if force.flow < arcs.lower[position]:
            message = f"The arc carries at least {arcs.lower[position]:g} units; lower its lower bound in a what-if first."
            raise _refused("/force/flow", "BELOW_LOWER", message, arcs.lower[position], force.flow)
        changes += _set(problem, arcs, position, "capacity", force.flow)
    return changes


def forced_arc(problem: Any, force: FlowForce | PathForce) -> list[str]:
    """Return the id of the forced arc, which is the name of its column."""
    return [force.arc]


def flows(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the flow of every arc that carries some."""
    return dict(solution["flows"])


def forced_path(problem: ShortestPathProblem, force: PathForce) -> Changes:
    """
    Return the changes that force every path through an arc: two copies of the network, joined by this arc alone.

    Nodes and arcs of the first copy, where a path has not yet used the arc, have ` (before ARC)` behind their ids.

    Raises
    ------
    UnforceableError
        When the arc is unknown.
    """
    arcs = arc_table(problem)
    nodes = node_table(problem, arcs)
    position = _arc(arcs, force.arc)
    mark = before_mark(force.arc)
    changes: Changes = [
        ("/source", problem.source + mark),
        (
            "/arcs",
            {
                "id": [name + mark for name in arcs.ids] + [force.arc + CROSSING] + arcs.ids,
                "tail": [name + mark for name in arcs.tail] + [arcs.tail[position] + mark] + arcs.tail,
                "head": [name + mark for name in arcs.head] + [arcs.head[position]] + arcs.head,
                "cost": [*arcs.cost, arcs.cost[position], *arcs.cost],
            },
        ),
    ]
    changes += [(f"/{form}", None) for form in ("links", "edges") if getattr(problem, form) is not None]
    if nodes.listed:
        changes.append(("/nodes", {"id": [name + mark for name in nodes.ids] + nodes.ids}))
    if not problem.directed:
        changes.append(("/directed", True))
    if not problem.multigraph:
        changes.append(("/multigraph", True))
    return changes


CROSSING = " (forced)"
"""Stands behind the id of the arc that joins the two copies of a network."""


def before_mark(arc: str) -> str:
    """Return what stands behind the ids of the first copy."""
    return f" (before {arc})"


def arcs_used(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return how many of the paths use each arc; copies of an arc count as the arc."""
    used: dict[str, float | str] = {}
    for path in solution["paths"]:
        for name in path["arcs"]:
            arc = _without_mark(name)
            used[arc] = float(used.get(arc, 0.0)) + 1.0
    return used


def _without_mark(name: str) -> str:
    if name.endswith(CROSSING):
        return name.removesuffix(CROSSING)
    place = name.rfind(" (before ")
    return name[:place] if place > 0 and name.endswith(")") else name


def forced_pair(problem: AssignmentProblem, force: AssignmentForce) -> Changes:
    """
    Return the changes that force a pair: every other pair of the side that must be complete is forbidden.

    Raises
    ------
    UnforceableError
        When the row or the column is unknown.
    """
    pairs = pairs_of(problem)
    for field, names in (("row", pairs.rows), ("column", pairs.columns)):
        if getattr(force, field) not in names:
            raise _refused(f"/force/{field}", f"UNKNOWN_{field.upper()}", f"No {field} has this name; correct the name.")
    row, column = pairs.rows.index(force.row), pairs.columns.index(force.column)
    by_row = len(pairs.rows) <= len(pairs.columns)
    costs = problem.costs
    if not isinstance(costs, list):
        kept = [
            place
            for place, ends in enumerate(zip(costs.row, costs.column, strict=True))
            if ends == (row, column) or (ends[0] != row if by_row else ends[1] != column)
        ]
        columns = {name: [getattr(costs, name)[place] for place in kept] for name in ("row", "column", "cost")}
        return [("/costs", {"rows": costs.rows, "columns": costs.columns, **columns})]
    if by_row:
        return [(f"/costs/{row}", [cost if place == column else None for place, cost in enumerate(costs[row])])]
    matrix = [
        [None if place == column and index != row else cost for place, cost in enumerate(line)]
        for index, line in enumerate(costs)
    ]
    return [("/costs", matrix)]


def pair_name(problem: AssignmentProblem, force: AssignmentForce) -> list[str]:
    """Return the name of the forced pair's column, `row->column`."""
    return [f"{force.row}->{force.column}"]


def pairs_chosen(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the column of every row."""
    return {pair["row"]: pair["column"] for pair in solution["assignment"]}


def _arc(arcs: ArcTable, wanted: str) -> int:
    try:
        return arcs.ids.index(wanted)
    except ValueError:
        message = "No arc has this id; arcs without an id are called `tail->head`."
        raise _refused("/force/arc", "UNKNOWN_ARC", message) from None


def _set(problem: Any, arcs: ArcTable, position: int, field: str, value: float) -> Changes:
    """Return the change of one number of an arc; a column that was left out is written whole."""
    if arcs.columnar and getattr(getattr(problem, arcs.form), field) is None:
        column: list[Any] = list(arcs.lower if field == "lower" else arcs.capacity)
        column[position] = value
        return [(f"/{arcs.form}/{field}", column)]
    return [(arcs.pointer(position, field), value)]


def _refused(pointer: str, code: str, message: str, limit: float | None = None, got: float | None = None) -> UnforceableError:
    return UnforceableError([issue(pointer, code, message, limit=limit, got=got)])
