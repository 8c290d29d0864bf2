"""The normal form of a road network: plain columns, whatever form the request used, with pointers back into that form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.routing.road import Road, RoadArcColumns, RoadLink, RoadNodeColumns

ArcForm = Literal["arcs", "links", "edges"]
WORDS = {"tail": "source", "head": "target"}
"""NetworkX's word for each end of an arc."""

Coordinates = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTable:
    """
    Nodes and arcs as columns.

    `given` is the number of arcs in the request: where links can be driven both ways, those beyond it are the ways back.
    Coordinates are None where the request has none; a duration is None where the profile's speed decides.
    """

    form: ArcForm
    columns: tuple[bool, bool]
    """Whether nodes and arcs were given as columns."""
    given: int
    ids: list[str]
    lat: Coordinates
    lon: Coordinates
    x: Coordinates
    y: Coordinates
    tail: list[str]
    head: list[str]
    length: list[float]
    duration: Sequence[float | None]

    @property
    def on_globe(self) -> bool:
        """Whether the first node has degrees north and east."""
        return self.lat[0] is not None or self.lon[0] is not None

    @property
    def names(self) -> tuple[Literal["lat", "x"], Literal["lon", "y"]]:
        """Names of the two coordinates that count."""
        return ("lat", "lon") if self.on_globe else ("x", "y")

    def node_pointer(self, position: int, field: str) -> str:
        """Return the JSON pointer to a field of a node."""
        return f"/travel/road/nodes/{field}/{position}" if self.columns[0] else f"/travel/road/nodes/{position}/{field}"

    def arc_pointer(self, position: int, field: str) -> str:
        """Return the JSON pointer to a field of an arc."""
        place = position % self.given
        if self.columns[1]:
            return f"/travel/road/{self.form}/{field}/{place}"
        return f"/travel/road/{self.form}/{place}/{field if self.form == 'arcs' else WORDS.get(field, field)}"


def road_table(road: Road) -> RoadTable:
    """Return a network as columns; columns of the request have equal lengths (semantics has checked it)."""
    form: ArcForm = next((name for name in ("arcs", "links", "edges") if getattr(road, name) is not None), "arcs")
    tail, head, length, duration = _arcs(road, form)
    given = len(tail)
    if not road.directed:
        tail, head, length, duration = tail + head, head + tail, length * 2, duration * 2
    nodes = road.nodes
    names = ("lat", "lon", "x", "y")
    if isinstance(nodes, RoadNodeColumns):
        ids = nodes.id
        places = [getattr(nodes, name) or [None] * len(ids) for name in names]
    else:
        ids = [node.id for node in nodes]
        places = [[getattr(node, name) for node in nodes] for name in names]
    return RoadTable(
        form=form,
        columns=(isinstance(nodes, RoadNodeColumns), isinstance(road.arcs, RoadArcColumns)),
        given=given,
        ids=ids,
        lat=places[0],
        lon=places[1],
        x=places[2],
        y=places[3],
        tail=tail,
        head=head,
        length=length,
        duration=duration,
    )


def _arcs(road: Road, form: ArcForm) -> tuple[list[str], list[str], list[float], list[float | None]]:
    """Return tails, heads, lengths and durations as given."""
    if isinstance(road.arcs, RoadArcColumns):
        arcs = road.arcs
        return arcs.tail, arcs.head, arcs.length, arcs.duration or [None] * len(arcs.tail)
    links: Sequence[RoadLink] = getattr(road, form) or [] if form != "arcs" else []
    if form != "arcs":
        ends = [link.source for link in links], [link.target for link in links]
        return *ends, [link.length for link in links], [link.duration for link in links]
    rows = road.arcs or []
    return [a.tail for a in rows], [a.head for a in rows], [a.length for a in rows], [a.duration for a in rows]
