"""The part of a request that every network problem shares: where its nodes and arcs stand."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Input, Text
from models.network.parts import NodeName

ArcForm = Literal["arcs", "links", "edges"]
GraphAttributes = Annotated[
    dict[str, Text | int | float | bool | None] | None,
    Field(max_length=100, description="NetworkX's graph attributes; part of the format, without influence on the answer."),
]


class Graph(Input):
    """
    Flags of NetworkX node-link JSON.

    A request gives its arcs in exactly one of `arcs`, `links` and `edges` (the two names NetworkX uses).
    """

    directed: Annotated[
        bool, Field(description="False makes every link usable both ways: a second arc `id:reverse` with the same numbers.")
    ] = True
    multigraph: Annotated[bool, Field(description="False promises that no two links join the same pair of nodes.")] = True
    graph: GraphAttributes = None


class SourceGraph(Graph):
    """A graph with a source."""

    source: Annotated[NodeName, Field(description="Id of the node where paths or flow begin.", examples=["northgate"])]
