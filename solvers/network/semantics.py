"""What makes a well-formed network request meaningless, and what looks odd in it; light enough for the front door."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Any

import numpy as np

from models.errors import Issue, issue
from models.network.assignment import AssignmentProblem
from models.network.facility_location import FacilityLocationProblem
from models.network.maximum_flow import MaximumFlowProblem
from models.network.minimum_cost_flow import MinimumCostFlowProblem
from models.network.shortest_path import ShortestPathProblem
from models.network.table import ArcTable, NodeTable, arc_table, node_table
from models.run import RunWarning
from solvers.network.semantics_matrix import assignment_issues, facility_issues

MAX_ISSUES = 1_000
MAX_HINTS = 20
"""Similar names are looked up for this many issues at most."""

MAX_KNOWN = 5_000
"""Similar names are looked up among this many nodes at most."""

FORMS = ("arcs", "links", "edges")


def issues(problem: Any) -> list[Issue]:
    """Return what makes a network request of any kind invalid, at most 1,000 issues."""
    if isinstance(problem, AssignmentProblem):
        found = assignment_issues(problem)
    elif isinstance(problem, FacilityLocationProblem):
        found = facility_issues(problem)
    else:
        found = _graph_issues(problem)
    return list(islice(found, MAX_ISSUES))


def warnings(problem: Any) -> list[RunWarning]:
    """Return what looks wrong in a valid network request of any kind without stopping it."""
    if isinstance(problem, ShortestPathProblem):
        arcs = arc_table(problem)
        if arcs.given and not any(arcs.cost):
            message = "Every arc costs 0, so that every path is a shortest one; give the arcs costs."
            return [RunWarning(code="ALL_COSTS_ZERO", pointer=f"/{arcs.form}", message=message)]
    if isinstance(problem, MinimumCostFlowProblem):
        arcs = arc_table(problem)
        idle = not any(node_table(problem, arcs).demand) and not any(arcs.lower)
        if idle and all(cost >= 0 for cost in arcs.cost):
            message = "No node has a demand and no cost is negative, so that the cheapest flow is no flow at all."
            return [RunWarning(code="NO_DEMAND", pointer="/nodes", message=message)]
    return []


def _graph_issues(problem: Any) -> Iterator[Issue]:
    """Yield issues of forms and lengths first; only columns of equal length can be compared further."""
    shape = [*_form_issues(problem), *_length_issues(problem)]
    if shape:
        yield from shape
        return
    arcs = arc_table(problem)
    nodes = node_table(problem, arcs)
    yield from _duplicate_issues(arcs, nodes)
    yield from _end_issues(arcs, nodes)
    yield from _terminal_issues(problem, nodes)
    yield from _bound_issues(arcs)
    yield from _undirected_issues(problem, arcs)


def _form_issues(problem: Any) -> Iterator[Issue]:
    given = [name for name in FORMS if getattr(problem, name) is not None]
    if not given:
        yield issue("/arcs", "MISSING_FIELD", "Give the arcs as `arcs` (or as NetworkX's `links` or `edges`); may be empty.")
    for name in given[1:]:
        yield issue(f"/{name}", "TWO_FORMS", f"The arcs already stand in `{given[0]}`; give them once.")


def _length_issues(problem: Any) -> Iterator[Issue]:
    """Yield columns whose length differs from that of the first column."""
    for place, columns, first in (("nodes", problem.nodes, "id"), ("arcs", problem.arcs, "tail")):
        if columns is None or isinstance(columns, list):
            continue
        length = len(getattr(columns, first))
        for name in type(columns).model_fields:
            values = getattr(columns, name)
            if values is not None and len(values) != length:
                message = f"Column {name} has {len(values)} values, but {first} has {length}; columns need equal lengths."
                yield issue(f"/{place}/{name}", "WRONG_LENGTH", message, limit=length, got=len(values))


def _duplicate_issues(arcs: ArcTable, nodes: NodeTable) -> Iterator[Issue]:
    for table, count, field in ((nodes, len(nodes.ids), "id"), (arcs, len(arcs.ids), "id")):
        if len(set(table.ids)) == count:
            continue
        first: dict[str, str] = {}
        for position, name in enumerate(table.ids):
            pointer = table.pointer(position, field)
            if name in first:
                yield issue(pointer, "DUPLICATE_ID", f"This id already stands at {first[name]}; give each its own.")
            else:
                first[name] = pointer


def _end_issues(arcs: ArcTable, nodes: NodeTable) -> Iterator[Issue]:
    known = set(nodes.ids)
    hints = iter(range(MAX_HINTS))
    for field, ends in (("tail", arcs.tail), ("head", arcs.head)):
        if known.issuperset(ends):
            continue
        for position in range(arcs.given):
            if ends[position] not in known:
                hint = _hint(ends[position], nodes) if next(hints, None) is not None else ""
                yield issue(arcs.pointer(position, field), "UNKNOWN_NODE", f"No entry of `nodes` has this id.{hint}")


def _terminal_issues(problem: Any, nodes: NodeTable) -> Iterator[Issue]:
    known = set(nodes.ids)
    if isinstance(problem, MinimumCostFlowProblem):
        return
    terminals = [("/source", problem.source)]
    if isinstance(problem, MaximumFlowProblem):
        terminals.append(("/sink", problem.sink))
        if problem.source == problem.sink:
            yield issue("/sink", "SOURCE_IS_SINK", "Source and sink are the same node; a flow needs two different ones.")
    else:
        terminals += [(f"/targets/{position}", name) for position, name in enumerate(problem.targets)]
        if len(set(problem.targets)) < len(problem.targets):
            yield from _repeated_targets(problem)
    hints = iter(range(MAX_HINTS))
    for pointer, name in terminals:
        if name not in known:
            hint = _hint(name, nodes) if next(hints, None) is not None else ""
            where = "entry of `nodes`" if nodes.listed else "end of an arc"
            yield issue(pointer, "UNKNOWN_NODE", f"No {where} has this id.{hint}")


def _repeated_targets(problem: ShortestPathProblem) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for position, name in enumerate(problem.targets):
        if name in first:
            message = f"This target already stands at /targets/{first[name]}; name each once."
            yield issue(f"/targets/{position}", "DUPLICATE_ID", message)
        first.setdefault(name, position)


def _bound_issues(arcs: ArcTable) -> Iterator[Issue]:
    lower = np.array(arcs.lower[: arcs.given], dtype=np.float64)
    capacity = np.array(arcs.capacity[: arcs.given], dtype=np.float64)
    for position in np.flatnonzero(lower > capacity)[:MAX_ISSUES].tolist():
        message = (
            f"Lower bound {lower[position]:g} lies above capacity {capacity[position]:g}: no flow fits; change one of them."
        )
        pointer = arcs.pointer(position, "lower")
        yield issue(pointer, "LOWER_ABOVE_CAPACITY", message, limit=float(capacity[position]), got=float(lower[position]))


def _undirected_issues(problem: Any, arcs: ArcTable) -> Iterator[Issue]:
    if not problem.multigraph:
        first: dict[frozenset[str] | tuple[str, str], int] = {}
        for position in range(arcs.given):
            ends = (arcs.tail[position], arcs.head[position])
            pair = ends if problem.directed else frozenset(ends)
            if pair in first:
                message = f"Field `multigraph` is false, but {arcs.pointer(first[pair])} joins the same nodes; set it to true."
                yield issue(arcs.pointer(position), "PARALLEL_ARCS", message)
            first.setdefault(pair, position)
    if problem.directed:
        return
    for position in range(arcs.given):
        if arcs.lower[position] > 0:
            message = "An undirected link cannot have a lower bound: it would force a flow both ways. Use directed arcs."
            yield issue(arcs.pointer(position, "lower"), "UNDIRECTED_LOWER", message, limit=0, got=arcs.lower[position])
        if arcs.cost[position] < 0:
            message = "An undirected link with a negative cost pays for going to and fro. Use directed arcs."
            yield issue(arcs.pointer(position, "cost"), "UNDIRECTED_NEGATIVE_COST", message, limit=0, got=arcs.cost[position])


def _hint(name: str, nodes: NodeTable) -> str:
    """Return a suggestion of a similar node; names are cut, so that a message never echoes a long one."""
    similar = get_close_matches(name, nodes.ids[:MAX_KNOWN], n=1)
    return f' Did you mean "{similar[0][:60]}"?' if similar else " Add the node or correct the name."
