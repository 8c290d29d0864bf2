"""The maximum flow problem: as much as possible from a source to a sink."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.network.graph import SourceGraph
from models.network.parts import (
    MAX_ARCS,
    MAX_NODES,
    CapacityArc,
    CapacityArcColumns,
    CapacityLink,
    Node,
    NodeColumns,
    NodeName,
    rows_or_columns,
)
from models.options import Options

NodeList = Annotated[list[Node], Field(max_length=MAX_NODES)]
ArcList = Annotated[list[CapacityArc], Field(max_length=MAX_ARCS)]


class MaximumFlowOptions(Options):
    """Options of the maximum flow endpoint."""

    solver: Annotated[Literal["auto", "push_relabel"], Field(description="Algorithm.")] = "auto"


class MaximumFlowProblem(SourceGraph):
    """Send as many units as possible from `source` to `sink`."""

    sink: Annotated[NodeName, Field(description="Id of the node where the flow ends.", examples=["southmoor"])]
    nodes: Annotated[
        NodeList | NodeColumns | None,
        rows_or_columns(NodeList | None, NodeColumns),
        Field(description="Nodes, as objects or columns; null takes the ends of the arcs."),
    ] = None
    arcs: Annotated[
        ArcList | CapacityArcColumns | None,
        rows_or_columns(ArcList | None, CapacityArcColumns),
        Field(description="Arcs, as objects or columns."),
    ] = None
    links: Annotated[list[CapacityLink] | None, Field(max_length=MAX_ARCS, description="Arcs in NetworkX's words.")] = None
    edges: Annotated[list[CapacityLink] | None, Field(max_length=MAX_ARCS, description="The same as `links`.")] = None
    options: MaximumFlowOptions = MaximumFlowOptions()


class MinimumCut(Output):
    """The bottleneck: a split of the nodes whose capacity equals the flow, which proves that no larger flow exists."""

    capacity: Annotated[
        float, Field(description="Capacity from the source side to the sink side, less lower bounds backwards.")
    ]
    source_side: Annotated[list[str], Field(description="Nodes on the source's side (ids).")]
    sink_side: Annotated[list[str], Field(description="Nodes on the sink's side (ids).")]
    arcs: Annotated[list[str], Field(description="Arcs from the source side to the sink side (ids): all are full.")]


class MaximumFlowSolution(Output):
    """A largest flow."""

    value: Annotated[float, Field(description="Net units that leave the source and reach the sink.")]
    flows: Annotated[dict[str, float], Field(description="Flow per arc id; arcs left out carry 0.")]
    minimum_cut: Annotated[MinimumCut, Field(description="The bottleneck that proves the value.")]
