"""Breaks as stops of a route: where the vehicle stands when they begin, and how far it has come."""

from collections.abc import Sequence

from models.routing import Break, Stop


def with_breaks(stops: Sequence[Stop], breaks: Sequence[Break], arcs: Sequence[int]) -> list[Stop]:
    """
    Return the stops with breaks between them.

    Parameters
    ----------
    stops
        Stops from start to end, with services where breaks have been allowed for, and arrivals where they have not.
    breaks
        Breaks in the order in which they are taken.
    arcs
        Position of the stop behind which each break is taken; -1 and the last position: outside the route.
    """
    result = [stops[0]]
    for i, following in enumerate(stops[1:]):
        own = [pause for pause, arc in zip(breaks, arcs, strict=True) if arc == i]
        pauses, arrival = _on_the_way(result[-1], following, own)
        result += pauses
        if own:
            start = max(following.start_service, arrival)
            following = following.model_copy(update={"arrival": arrival, "start_service": start, "wait": start - arrival})
        result.append(following)
    return result


def _on_the_way(before: Stop, following: Stop, pauses: Sequence[Break]) -> tuple[list[Stop], float]:
    """
    Return the breaks between two stops, and the arrival at the second one.

    A break begins where the vehicle stands when it may; else it drives on, to the next stop when that is in time, or until
    the break may begin on the way.
    """
    travel = following.arrival - before.departure
    distance = following.distance - before.distance
    moment, left = before.departure, travel
    result = []
    for k, pause in enumerate(pauses):
        early, late = pause.time_window
        arrival = moment
        if moment < early and left > 0:
            ready = moment + left
            driven = left if ready <= early or (ready <= late and k == len(pauses) - 1) else early - moment
            arrival, left = moment + driven, left - driven
        start = max(arrival, early)
        share = 1.0 if left <= 0 or not travel else 1.0 - left / travel
        result.append(
            Stop.model_construct(
                kind="break",
                id=pause.id,
                location=_location(before, following, driven=travel - left, left=left),
                arrival=arrival,
                start_service=start,
                departure=start + pause.duration,
                wait=start - arrival,
                load=before.load,
                distance=before.distance + share * distance,
                arrival_at=None,
                start_service_at=None,
                departure_at=None,
            )
        )
        moment = start + pause.duration
    return result, moment + left


def _location(before: Stop, following: Stop, *, driven: float, left: float) -> str | None:
    """Return where a break is taken: at the stop before, at the next one, or on the way."""
    if driven <= 0 and before.location is not None:
        return before.location
    return following.location if left <= 0 else None
