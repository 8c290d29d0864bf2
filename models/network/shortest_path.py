"""The shortest path problem: cheapest ways from one source to some targets."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.network.graph import SourceGraph
from models.network.parts import (
    MAX_ARCS,
    MAX_NODES,
    LengthArc,
    LengthArcColumns,
    LengthLink,
    Node,
    NodeColumns,
    NodeName,
    rows_or_columns,
)
from models.options import Options

MAX_TARGETS = 10_000

NodeList = Annotated[list[Node], Field(max_length=MAX_NODES)]
ArcList = Annotated[list[LengthArc], Field(max_length=MAX_ARCS)]


class ShortestPathOptions(Options):
    """Options of the shortest path endpoint."""

    solver: Annotated[
        Literal["auto", "dijkstra", "bellman_ford"],
        Field(description="Algorithm; auto takes Dijkstra unless a cost is negative, then Bellman-Ford."),
    ] = "auto"


class ShortestPathProblem(SourceGraph):
    """Find a cheapest path from `source` to each of `targets`."""

    targets: Annotated[
        list[NodeName],
        Field(min_length=1, max_length=MAX_TARGETS, description="Ids of the nodes to reach.", examples=[["southmoor"]]),
    ]
    nodes: Annotated[
        NodeList | NodeColumns | None,
        rows_or_columns(NodeList | None, NodeColumns),
        Field(description="Nodes, as objects or columns; null takes the ends of the arcs."),
    ] = None
    arcs: Annotated[
        ArcList | LengthArcColumns | None,
        rows_or_columns(ArcList | None, LengthArcColumns),
        Field(description="Arcs, as objects or columns."),
    ] = None
    links: Annotated[list[LengthLink] | None, Field(max_length=MAX_ARCS, description="Arcs in NetworkX's words.")] = None
    edges: Annotated[list[LengthLink] | None, Field(max_length=MAX_ARCS, description="The same as `links`.")] = None
    options: ShortestPathOptions = ShortestPathOptions()


class Path(Output):
    """A cheapest path to one target."""

    target: Annotated[str, Field(description="Id of the target.")]
    distance: Annotated[float, Field(description="Sum of the costs of its arcs.")]
    nodes: Annotated[list[str], Field(description="Nodes in the order of travel, source first.")]
    arcs: Annotated[list[str], Field(description="Arcs in the order of travel (ids); empty when the target is the source.")]


class ShortestPathSolution(Output):
    """Cheapest paths from the source."""

    source: Annotated[str, Field(description="Id of the source.")]
    distances: Annotated[
        dict[str, float | None], Field(description="Cost of a cheapest path per target; null where there is no path.")
    ]
    paths: Annotated[list[Path], Field(description="One cheapest path per target that can be reached, in request order.")]
    unreachable: Annotated[list[str], Field(description="Targets that no path from the source reaches.")]
