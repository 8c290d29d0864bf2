"""Which locations can be reached, as answers tell it: nodes of the road network, and warnings about what is far or cut off."""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from models.routing import SnappedLocation, Unassigned
from models.run import RunWarning
from solvers.routing.problem_index import ProblemIndex, orders_of

MOST_WARNINGS = 20
"""Most warnings of one kind."""

FAR = 0.01
"""Share of the width of the road network from which a location counts as far from its node."""


def snapped_locations(index: ProblemIndex) -> list[SnappedLocation] | None:
    """Return the road node of every location, None for every metric but road."""
    snapping = index.travel.snapping
    if snapping is None:
        return None
    pairs = zip(index.problem.locations, snapping.nodes.tolist(), snapping.away.tolist(), strict=True)
    names = snapping.network.names
    return [SnappedLocation.model_construct(location=place.id, node=names[node], distance=away) for place, node, away in pairs]


def reach_warnings(index: ProblemIndex, impossible: Mapping[str, Unassigned]) -> list[RunWarning]:
    """Return warnings about locations far from the road, and about orders that no way leads to, at most 20 of each kind."""
    return [*islice(_far(index), MOST_WARNINGS), *islice(_cut_off(index, impossible), MOST_WARNINGS)]


def _far(index: ProblemIndex) -> Iterator[RunWarning]:
    snapping = index.travel.snapping
    if snapping is None:
        return
    for place in np.flatnonzero(snapping.away > min(snapping.limit, FAR * snapping.network.width)).tolist():
        away = f"Its nearest node on the road network is {snapping.away[place]:.6g} away"
        off = snapping.away[place] > snapping.limit
        yield RunWarning(
            code="LOCATION_OFF_ROAD" if off else "LOCATION_FAR_FROM_ROAD",
            pointer=f"/locations/{place}",
            message=f"{away}, more than {snapping.limit:.6g}: nothing there can be reached."
            if off
            else f"{away}; that part of the way is not counted. Are its coordinates right?",
        )


def _cut_off(index: ProblemIndex, impossible: Mapping[str, Unassigned]) -> Iterator[RunWarning]:
    clients = len(index.problem.clients)
    for i, order in enumerate(orders_of(index.problem)):
        reasons = impossible[order.id].reasons if order.id in impossible else []
        told = next((reason.message for reason in reasons if reason.code == "UNREACHABLE"), None)
        if told is not None:
            pointer = f"/clients/{i}" if i < clients else f"/shipments/{i - clients}"
            yield RunWarning(code="UNREACHABLE", pointer=pointer, message=f"{order.id} stays unassigned. {told}")
