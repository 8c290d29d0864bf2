"""One stop of a route with everything that its schedule needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.routing.solution import StopKind

Windows = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop of a route with everything that the schedule needs."""

    kind: StopKind
    id: str | None
    location: int | None
    service: float
    windows: Windows
    delivery: dict[str, float]
    """Goods that leave the vehicle, having been loaded at the depot."""
    pickup: dict[str, float]
    """Goods that enter the vehicle; negative where a shipment leaves it."""
    release: float
    due: float = math.inf
    """Moment from which service is late."""
    cost_per_lateness: float = 0.0
