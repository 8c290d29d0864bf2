"""
Nodes and arcs as requests write them: one object each, as columns, or as NetworkX node-link JSON.

Every form is normalised by `models.network.table`; the field types are shared so that a capacity means the same everywhere.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema, WrapValidator

from models.base import MAX_IDENTIFIER_LENGTH, FirstErrorOnly, Identifier, Input, Number, Quantity

MAX_ARCS = 1_000_000
"""Most arcs, links or pairs in one request."""

MAX_NODES = 1_000_000
"""Most nodes in one request."""


def _as_text(value: object) -> object:
    """Read a whole number as text, because NetworkX numbers its nodes; everything else is left to the type."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


NodeName = Annotated[
    Identifier,
    BeforeValidator(_as_text),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1, "maxLength": MAX_IDENTIFIER_LENGTH}, {"type": "integer"}]}),
]
"""The id of a node: text of 1 to 200 characters; a whole number is read as its text, so that 7 and "7" are one node."""

ArcId = Annotated[
    Identifier | None,
    Field(description="Id of the arc in the answer; null makes it `tail->head`, with `#2`, `#3` ... for parallel arcs."),
]
Cost = Annotated[Number, Field(description="Cost of one unit of flow on the arc; may be negative.")]
Length = Annotated[Number, Field(description="Cost of using the arc once (length, time, money); may be negative.")]
Lower = Annotated[Quantity, Field(description="Least flow on the arc, in units of flow; 0 or more.")]
Capacity = Annotated[Quantity | None, Field(description="Most flow on the arc, in units of flow; null means unlimited.")]
Demand = Annotated[Number, Field(description="Units the node receives (> 0) or sends (< 0); 0 passes everything on.")]

NodeColumn = Annotated[list[Identifier], FirstErrorOnly, Field(max_length=MAX_NODES)]
NameColumn = Annotated[list[Identifier], FirstErrorOnly, Field(max_length=MAX_ARCS)]
NumberColumn = Annotated[list[Number], FirstErrorOnly, Field(max_length=MAX_ARCS)]


def rows_or_columns(rows: Any, columns: type[BaseModel]) -> WrapValidator:
    """Choose between a list of objects and columns by the shape of the value, so that errors point into the caller's form."""
    as_rows: TypeAdapter[Any] = TypeAdapter(rows, config=ConfigDict(strict=True, allow_inf_nan=False))

    def choose(value: object, handler: Any) -> Any:
        return columns.model_validate(value) if isinstance(value, dict | columns) else as_rows.validate_python(value)

    return WrapValidator(choose)


class Node(Input):
    """A place of the network."""

    id: Annotated[NodeName, Field(description="Id of the node.", examples=["northgate"])]


class DemandNode(Node):
    """A place that receives, sends or passes on."""

    demand: Demand = 0.0


class NodeColumns(Input):
    """Nodes as columns."""

    id: Annotated[NodeColumn, Field(description="Ids of the nodes.")]


class DemandNodeColumns(NodeColumns):
    """Nodes with their demands as columns of equal length."""

    demand: Annotated[
        list[Number] | None,
        FirstErrorOnly,
        Field(max_length=MAX_ARCS, description="Demand per node, > 0 receives; null means 0 everywhere."),
    ] = None


class ArcEnds(Input):
    """A directed connection."""

    id: ArcId = None
    tail: Annotated[NodeName, Field(description="Node the arc leaves.", examples=["northgate"])]
    head: Annotated[NodeName, Field(description="Node the arc enters.", examples=["southmoor"])]


class LengthArc(ArcEnds):
    """A directed connection with a cost per use."""

    cost: Length = 0.0


class CapacityArc(ArcEnds):
    """A directed connection with bounds on its flow."""

    lower: Lower = 0.0
    capacity: Capacity = None


class FlowArc(CapacityArc):
    """A directed connection with bounds on its flow and a cost per unit."""

    cost: Cost = 0.0


class EndColumns(Input):
    """Arcs as columns of equal length."""

    id: Annotated[
        list[Identifier] | None,
        FirstErrorOnly,
        Field(max_length=MAX_ARCS, description="Ids of the arcs; null makes them from tail and head."),
    ] = None
    tail: Annotated[NameColumn, Field(description="Node each arc leaves.")]
    head: Annotated[NameColumn, Field(description="Node each arc enters.")]


class LengthArcColumns(EndColumns):
    """Arcs with costs per use as columns of equal length."""

    cost: Annotated[
        list[Number] | None,
        FirstErrorOnly,
        Field(max_length=MAX_ARCS, description="Cost of using each arc once; null means 0."),
    ] = None


class CapacityArcColumns(EndColumns):
    """Arcs with flow bounds as columns of equal length."""

    lower: Annotated[
        list[Quantity] | None, FirstErrorOnly, Field(max_length=MAX_ARCS, description="Least flow per arc; null means 0.")
    ] = None
    capacity: Annotated[
        list[Quantity | None] | None,
        FirstErrorOnly,
        Field(max_length=MAX_ARCS, description="Most flow per arc; null means unlimited."),
    ] = None


class FlowArcColumns(CapacityArcColumns):
    """Arcs with flow bounds and unit costs as columns of equal length."""

    cost: Annotated[
        list[Number] | None,
        FirstErrorOnly,
        Field(max_length=MAX_ARCS, description="Cost per unit of flow on each arc; null means 0."),
    ] = None


class LinkEnds(Input):
    """A link of NetworkX node-link JSON."""

    id: ArcId = None
    source: Annotated[NodeName, Field(description="Node the link leaves.")]
    target: Annotated[NodeName, Field(description="Node the link enters.")]
    key: Annotated[NodeName | None, Field(description="NetworkX's key that tells parallel links apart.")] = None


class LengthLink(LinkEnds):
    """A link with a weight."""

    weight: Length = 0.0


class CapacityLink(LinkEnds):
    """A link with flow bounds."""

    lower: Lower = 0.0
    capacity: Capacity = None


class FlowLink(CapacityLink):
    """A link with flow bounds and a weight, which is the cost per unit of flow."""

    weight: Cost = 0.0
