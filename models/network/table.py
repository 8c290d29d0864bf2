"""
The normal form of nodes and arcs: plain columns, whatever form the request used, with pointers back into that form.

Missing lower bounds and costs are 0, a missing capacity is None (unlimited). An undirected link stands for two arcs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.network.graph import ArcForm

LINK_FIELDS = {"tail": "source", "head": "target", "cost": "weight"}
"""NetworkX's word for each of our fields, where it differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArcTable:
    """
    Arcs as columns of equal length.

    `form` names the field of the request; `columnar` tells whether it held columns; `given` is the number of arcs in the
    request (arcs beyond it are the reverse sides of undirected links). `capacity` holds None where unlimited.
    """

    form: ArcForm
    columnar: bool
    given: int
    ids: list[str]
    tail: list[str]
    head: list[str]
    lower: list[float]
    capacity: list[float | None]
    cost: list[float]

    def pointer(self, index: int, field: str | None = None) -> str:
        """Return the JSON pointer to an arc, or to one of its fields, in the form the request used."""
        position = index % self.given if self.given else 0
        if self.columnar:
            return f"/{self.form}/{field or 'tail'}/{position}"
        if field is None:
            return f"/{self.form}/{position}"
        name = field if self.form == "arcs" else LINK_FIELDS.get(field, field)
        return f"/{self.form}/{position}/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeTable:
    """Nodes as columns; `listed` is False when they were read off the arcs."""

    columnar: bool
    listed: bool
    ids: list[str]
    demand: list[float]

    def pointer(self, index: int, field: str | None = None) -> str:
        """Return the JSON pointer to a node, or to one of its fields, in the form the request used."""
        if not self.listed:
            return ""
        if self.columnar:
            return f"/nodes/{field or 'id'}/{index}"
        return f"/nodes/{index}" if field is None else f"/nodes/{index}/{field}"


def arc_table(problem: Any) -> ArcTable:
    """Return the arcs of a network problem as columns of equal length (`form` arcs and no arcs when none are given)."""
    form: ArcForm = next((name for name in ("arcs", "links", "edges") if getattr(problem, name) is not None), "arcs")
    arcs = getattr(problem, form)
    columns = _of_rows(arcs or [], form) if arcs is None or isinstance(arcs, list) else _of_columns(arcs)
    ids, tail, head, lower, capacity, cost = columns
    given = len(tail)
    if not problem.directed:
        ids, tail, head = ids + [f"{name}:reverse" for name in ids], tail + head, head + tail
        lower, capacity, cost = lower * 2, capacity * 2, cost * 2
    return ArcTable(
        form=form,
        columnar=not (arcs is None or isinstance(arcs, list)),
        given=given,
        ids=ids,
        tail=tail,
        head=head,
        lower=lower,
        capacity=capacity,
        cost=cost,
    )


def node_table(problem: Any, arcs: ArcTable) -> NodeTable:
    """Return the nodes of a network problem: those listed, or, when null, the ends of the arcs in order of appearance."""
    nodes = problem.nodes
    if isinstance(nodes, list):
        demand = [getattr(node, "demand", 0.0) for node in nodes]
        return NodeTable(columnar=False, listed=True, ids=[node.id for node in nodes], demand=demand)
    if nodes is not None:
        given = getattr(nodes, "demand", None)
        return NodeTable(columnar=True, listed=True, ids=nodes.id, demand=given or [0.0] * len(nodes.id))
    ends = list(dict.fromkeys(arcs.tail + arcs.head))
    return NodeTable(columnar=False, listed=False, ids=ends, demand=[0.0] * len(ends))


def default_ids(tail: Sequence[str], head: Sequence[str]) -> list[str]:
    """Return `tail->head` per arc; the second of parallel arcs ends in `#2`, the third in `#3`."""
    names = [f"{start}->{end}" for start, end in zip(tail, head, strict=False)]
    if len(set(names)) == len(names):
        return names
    seen: Counter[str] = Counter()
    for position, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[position] = f"{name}#{seen[name]}"
    return names


def _of_rows(arcs: list[Any], form: ArcForm) -> tuple[Any, ...]:
    tail_name, head_name, cost_name = ("tail", "head", "cost") if form == "arcs" else ("source", "target", "weight")
    tail = [getattr(arc, tail_name) for arc in arcs]
    head = [getattr(arc, head_name) for arc in arcs]
    ids = default_ids(tail, head)
    for position, arc in enumerate(arcs):
        if arc.id is not None:
            ids[position] = arc.id
        elif getattr(arc, "key", None) is not None:
            ids[position] = f"{tail[position]}->{head[position]}#{arc.key}"
    lower = [getattr(arc, "lower", 0.0) for arc in arcs]
    capacity = [getattr(arc, "capacity", None) for arc in arcs]
    return ids, tail, head, lower, capacity, [getattr(arc, cost_name, 0.0) for arc in arcs]


def _of_columns(arcs: Any) -> tuple[Any, ...]:
    count = len(arcs.tail)
    lower, capacity, cost = (getattr(arcs, name, None) for name in ("lower", "capacity", "cost"))
    return (
        arcs.id if arcs.id is not None else default_ids(arcs.tail, arcs.head),
        arcs.tail,
        arcs.head,
        [0.0] * count if lower is None else lower,
        [None] * count if capacity is None else capacity,
        [0.0] * count if cost is None else cost,
    )
