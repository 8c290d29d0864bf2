"""The minimum cost flow problem: meet all demands at least cost."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.network.graph import Graph
from models.network.parts import (
    MAX_ARCS,
    MAX_NODES,
    DemandNode,
    DemandNodeColumns,
    FlowArc,
    FlowArcColumns,
    FlowLink,
    rows_or_columns,
)
from models.options import Options

NodeList = Annotated[list[DemandNode], Field(max_length=MAX_NODES)]
ArcList = Annotated[list[FlowArc], Field(max_length=MAX_ARCS)]


class MinimumCostFlowOptions(Options):
    """Options of the minimum cost flow endpoint."""

    solver: Annotated[Literal["auto", "cost_scaling"], Field(description="Algorithm.")] = "auto"


class MinimumCostFlowProblem(Graph):
    """Move units from nodes that send (`demand` < 0) to nodes that receive (`demand` > 0) at least cost."""

    nodes: Annotated[
        NodeList | DemandNodeColumns | None,
        rows_or_columns(NodeList | None, DemandNodeColumns),
        Field(description="Nodes, as objects or columns; null takes the ends of the arcs, without demand."),
    ] = None
    arcs: Annotated[
        ArcList | FlowArcColumns | None,
        rows_or_columns(ArcList | None, FlowArcColumns),
        Field(description="Arcs, as objects or columns."),
    ] = None
    links: Annotated[list[FlowLink] | None, Field(max_length=MAX_ARCS, description="Arcs in NetworkX's words.")] = None
    edges: Annotated[list[FlowLink] | None, Field(max_length=MAX_ARCS, description="The same as `links`.")] = None
    options: MinimumCostFlowOptions = MinimumCostFlowOptions()


class MinimumCostFlowSolution(Output):
    """A cheapest flow with the prices that prove it."""

    flows: Annotated[dict[str, float], Field(description="Flow per arc id; arcs left out carry 0.")]
    potentials: Annotated[
        dict[str, float],
        Field(
            description="Price of one unit at every node, in cost per unit; the cheapest node of each connected part has 0. "
            "Reduced cost of an arc = cost + potential[tail] - potential[head]."
        ),
    ]
