"""A route as an order of stops: what a search hands to the schedule."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStop:
    """
    One stop between start and end.

    `position` counts in the problem's clients (client), shipments (pickup, delivery) or depots (reload). `window` is the
    position of the time window that the search chose, None where any will do.
    """

    kind: Literal["client", "pickup", "delivery", "reload"]
    position: int
    window: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoute:
    """
    Stops of one vehicle in order; `vehicle_type` is a position in the problem's vehicle types.

    `vehicle` is the number of the vehicle within its type where that matters, None where any will do.
    """

    vehicle_type: int
    stops: tuple[PlannedStop, ...]
    vehicle: int | None = None
