"""A road network in a request: nodes with coordinates, and arcs with a length and perhaps a duration."""

from typing import Annotated

from pydantic import Field

from models.base import FirstErrorOnly, Input, Latitude, Longitude, Metres, Number, Seconds
from models.network.graph import GraphAttributes
from models.network.parts import NodeName, rows_or_columns

MAX_ROAD_NODES = 1_000_000
MAX_ROAD_ARCS = 1_000_000

Length = Annotated[Metres, Field(description="Length of the arc, 0 or more, in metres (or the unit of the plane).")]
Duration = Annotated[
    Seconds | None,
    Field(description="Seconds to drive along it; null: its length divided by the `speed` of the profile."),
]
X = Annotated[Number | None, Field(description="First coordinate in the plane; locations then have x and y too.")]
Y = Annotated[Number | None, Field(description="Second coordinate in the plane.")]
Lat = Annotated[Latitude | None, Field(description="Degrees north; locations then have lat and lon too.")]
Lon = Annotated[Longitude | None, Field(description="Degrees east.")]


class RoadNode(Input):
    """A point of the road network: lat and lon, or x and y, the same for all nodes and locations."""

    id: Annotated[NodeName, Field(description="Unique name of the node; a whole number is read as text.", examples=["ring-3"])]
    lat: Lat = None
    lon: Lon = None
    x: X = None
    y: Y = None


class RoadNodeColumns(Input):
    """Nodes as columns of equal length."""

    id: Annotated[list[NodeName], Field(min_length=1, max_length=MAX_ROAD_NODES, description="Ids.")]
    lat: Annotated[
        list[Latitude] | None, FirstErrorOnly, Field(max_length=MAX_ROAD_NODES, description="Degrees north of each.")
    ] = None
    lon: Annotated[
        list[Longitude] | None, FirstErrorOnly, Field(max_length=MAX_ROAD_NODES, description="Degrees east of each.")
    ] = None
    x: Annotated[
        list[Number] | None, FirstErrorOnly, Field(max_length=MAX_ROAD_NODES, description="First coordinates in the plane.")
    ] = None
    y: Annotated[
        list[Number] | None, FirstErrorOnly, Field(max_length=MAX_ROAD_NODES, description="Second coordinates in the plane.")
    ] = None


class RoadArc(Input):
    """A way from one node to another, in this direction only; arcs beside one another are kept apart."""

    tail: Annotated[NodeName, Field(description="Node the arc leaves.")]
    head: Annotated[NodeName, Field(description="Node the arc enters.")]
    length: Length
    duration: Duration = None


class RoadArcColumns(Input):
    """Arcs as columns of equal length."""

    tail: Annotated[list[NodeName], Field(max_length=MAX_ROAD_ARCS, description="Node that each arc leaves.")]
    head: Annotated[list[NodeName], Field(max_length=MAX_ROAD_ARCS, description="Node that each arc enters.")]
    length: Annotated[list[Metres], FirstErrorOnly, Field(max_length=MAX_ROAD_ARCS, description="Length of each arc.")]
    duration: Annotated[
        list[Seconds | None] | None,
        FirstErrorOnly,
        Field(
            max_length=MAX_ROAD_ARCS, description="Seconds along each arc; null: length divided by the `speed` of the profile."
        ),
    ] = None


class RoadLink(Input):
    """An arc in NetworkX's words."""

    source: Annotated[NodeName, Field(description="Node the link leaves.")]
    target: Annotated[NodeName, Field(description="Node the link enters.")]
    key: Annotated[NodeName | None, Field(description="NetworkX's key that tells parallel links apart; without influence.")] = (
        None
    )
    length: Length
    duration: Duration = None


Nodes = Annotated[list[RoadNode], Field(min_length=1, max_length=MAX_ROAD_NODES)]
Arcs = Annotated[list[RoadArc], Field(max_length=MAX_ROAD_ARCS)]
Links = Annotated[list[RoadLink], Field(max_length=MAX_ROAD_ARCS)]


class Road(Input):
    """
    Nodes and arcs on which vehicles drive.

    Arcs stand in exactly one of `arcs` and, for NetworkX node-link JSON, `links` or `edges`.
    """

    nodes: Annotated[
        Nodes | RoadNodeColumns, rows_or_columns(Nodes, RoadNodeColumns), Field(description="Nodes, as objects or columns.")
    ]
    arcs: Annotated[
        Arcs | RoadArcColumns | None,
        rows_or_columns(Arcs | None, RoadArcColumns),
        Field(description="Arcs, as objects or columns."),
    ] = None
    links: Annotated[Links | None, Field(description="Arcs in NetworkX's words.")] = None
    edges: Annotated[Links | None, Field(description="The same as `links`.")] = None
    directed: Annotated[bool, Field(description="False: every arc can be driven both ways.")] = True
    multigraph: Annotated[bool, Field(description="NetworkX's flag; parallel arcs are kept apart in either case.")] = True
    graph: GraphAttributes = None
    max_snap_distance: Annotated[
        Metres | None,
        Field(
            description="Locations farther than this from their nearest node count as unreachable, in metres (or the unit of "
            "the plane); null: the width of the network, the diagonal of the box round its nodes.",
            examples=[500],
        ),
    ] = None
