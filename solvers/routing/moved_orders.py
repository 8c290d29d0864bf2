"""Which orders two plans serve differently: on a route with others, or at another place of the same route."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

UNASSIGNED = "unassigned"


class Place(NamedTuple):
    """Where a plan serves a stop: the number of its route, its position there, and both in words."""

    route: int
    position: int
    words: str


def moved_orders(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, float | str], dict[str, float | str]]:
    """
    Return where two plans serve the stops that moved, in words of each plan.

    Vehicles of a type are alike, so their numbers mean nothing: each route is compared with the route of the same type in the
    other plan with which it shares most stops. On it, the fewest stops are told without which the rest keeps its order.

    Returns
    -------
    tuple of dict
        By stop (a client, a shipment's pickup under its id, its delivery as `delivery:ID`): the place before, and after.
    """
    old, new = _places(before), _places(after)
    twins = _twins(before, after, old, new)
    staying: dict[int, list[str]] = {}
    for name, place in new.items():
        if name in old and twins.get(place.route) == old[name].route:
            staying.setdefault(place.route, []).append(name)
    still = {name for names in staying.values() for name in _in_order(names, old)}
    moved = [name for name in dict.fromkeys([*old, *new]) if name not in still]
    left_before, left_after = ({one["id"] for one in plan["unassigned"]} for plan in (before, after))
    return _told(moved, old, left_before), _told(moved, new, left_after)


def _told(moved: Sequence[str], places: Mapping[str, Place], left_out: Set[str]) -> dict[str, float | str]:
    """Return the words for the stops that a plan serves or leaves out."""
    return {name: places[name].words if name in places else UNASSIGNED for name in moved if name in places or name in left_out}


def _places(plan: Mapping[str, Any]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for number, route in enumerate(plan["routes"]):
        vehicle, previous = f"{route['vehicle_type']} {route['vehicle']}", None
        stops = [stop for stop in route["stops"] if stop["kind"] in ("client", "pickup", "delivery")]
        for position, stop in enumerate(stops):
            name = f"delivery:{stop['id']}" if stop["kind"] == "delivery" else stop["id"]
            words = f"{vehicle} first" if previous is None else f"{vehicle} after {previous}"
            places[name] = Place(route=number, position=position, words=words)
            previous = name
    return places


def _twins(
    before: Mapping[str, Any], after: Mapping[str, Any], old: Mapping[str, Place], new: Mapping[str, Place]
) -> dict[int, int]:
    """Return the route before of each route after: the pairs that share most stops first."""
    kinds = [[route["vehicle_type"] for route in plan["routes"]] for plan in (before, after)]
    shared = Counter((new[name].route, old[name].route) for name in new if name in old)
    twins: dict[int, int] = {}
    for (now, then), _ in sorted(shared.items(), key=lambda entry: (-entry[1], entry[0])):
        if now not in twins and then not in twins.values() and kinds[1][now] == kinds[0][then]:
            twins[now] = then
    return twins


def _in_order(names: Sequence[str], old: Mapping[str, Place]) -> list[str]:
    """Return the most stops of a route, given as they follow one another now, that followed one another so before."""
    ends: list[int] = []
    chain: list[int] = []
    previous = [-1] * len(names)
    for i, name in enumerate(names):
        place = bisect_left(ends, old[name].position)
        ends[place:] = [old[name].position, *ends[place + 1 :]]
        chain[place:] = [i, *chain[place + 1 :]]
        previous[i] = chain[place - 1] if place else -1
    found, i = [], chain[-1] if chain else -1
    while i >= 0:
        found.append(names[i])
        i = previous[i]
    return found
