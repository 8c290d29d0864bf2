"""The best case of a vehicle type: earliest departure, latest return and shortest ways, whatever else it serves."""

import math
import time

import numpy as np
from numpy.typing import NDArray

from models.routing import VehicleType
from solvers.routing.problem_index import ProblemIndex
from solvers.routing.shortest_ways import shortest_from

Lengths = NDArray[np.float64]


class BestCase:
    """
    Ways between depots and locations, by profile; each is computed once.

    Ways of a vehicle type without a start or end depot have length 0 there.

    Parameters
    ----------
    index
        The problem.
    direct
        True: only direct ways, which are cheap to compute but may be longer than others where lengths are rounded or given.
    deadline
        Moment on the clock of `time.monotonic` after which further shortest ways are not computed but taken as 0.
    """

    def __init__(self, index: ProblemIndex, *, direct: bool = False, deadline: float = math.inf) -> None:
        self.index = index
        self.direct = direct
        self.deadline = deadline
        self._ways: dict[tuple[str, str, str, int], Lengths] = {}

    def opening(self, vehicle_type: VehicleType) -> float:
        """Return the earliest departure."""
        shift = vehicle_type.shift
        depot = self._window(vehicle_type.start_depot)
        return max(shift[0] if shift else 0.0, depot[0] if depot else 0.0)

    def closing(self, vehicle_type: VehicleType) -> float:
        """Return the latest return, infinity when it is not limited."""
        shift = vehicle_type.shift
        depot = self._window(vehicle_type.end_depot)
        return min(shift[1] + vehicle_type.max_overtime if shift else math.inf, depot[1] if depot else math.inf)

    def duration_to(self, vehicle_type: VehicleType, place: int) -> float:
        """Return the shortest time from the start depot to a location."""
        return self._to("durations", vehicle_type, vehicle_type.start_depot, place)

    def duration_from_any_depot(self, vehicle_type: VehicleType, place: int) -> float:
        """Return the shortest time to a location from the start or a reload depot."""
        depots = [vehicle_type.start_depot, *vehicle_type.reload_depots]
        return min(self._to("durations", vehicle_type, depot, place) for depot in depots)

    def duration_back(self, vehicle_type: VehicleType, place: int) -> float:
        """Return the shortest time from a location to the end depot."""
        return self._back("durations", vehicle_type, place)

    def duration_between(self, vehicle_type: VehicleType, origin: int, target: int) -> float:
        """Return the shortest time from one location to another."""
        return float(self._from("durations", vehicle_type, origin)[target])

    def distance_to(self, vehicle_type: VehicleType, place: int) -> float:
        """Return the shortest distance from the start depot to a location."""
        return self._to("distances", vehicle_type, vehicle_type.start_depot, place)

    def distance_back(self, vehicle_type: VehicleType, place: int) -> float:
        """Return the shortest distance from a location to the end depot."""
        return self._back("distances", vehicle_type, place)

    def distance_between(self, vehicle_type: VehicleType, origin: int, target: int) -> float:
        """Return the shortest distance from one location to another."""
        return float(self._from("distances", vehicle_type, origin)[target])

    def _window(self, depot: str | None) -> list[float] | None:
        return None if depot is None else self.index.problem.depots[self.index.depot[depot]].time_window

    def _to(self, measure: str, vehicle_type: VehicleType, depot: str | None, place: int) -> float:
        if depot is None:
            return 0.0
        return float(self._from(measure, vehicle_type, self.index.depot_location(depot))[place])

    def _back(self, measure: str, vehicle_type: VehicleType, place: int) -> float:
        if vehicle_type.end_depot is None:
            return 0.0
        target = self.index.depot_location(vehicle_type.end_depot)
        return float(self._computed(measure, vehicle_type, "to", target)[place])

    def _from(self, measure: str, vehicle_type: VehicleType, origin: int) -> Lengths:
        return self._computed(measure, vehicle_type, "from", origin)

    def _computed(self, measure: str, vehicle_type: VehicleType, direction: str, end: int) -> Lengths:
        # Between coordinates the way back is as long as the way there.
        direction = "from" if self.index.travel.from_coordinates else direction
        key = (measure, vehicle_type.profile, direction, end)
        if key not in self._ways:
            travel = self.index.travel
            lengths = travel.distances if measure == "distances" else travel.durations
            every = np.arange(len(self.index.problem.locations))

            def arcs(place: int) -> Lengths:
                here = np.array(place)
                ends = (here, every) if direction == "from" else (every, here)
                return lengths(vehicle_type.profile, *ends)

            if self.direct or self.is_straight:
                self._ways[key] = arcs(end)
            elif time.monotonic() < self.deadline:
                self._ways[key] = shortest_from(arcs, end)
            else:
                self._ways[key] = np.zeros(len(every))
        return self._ways[key]

    @property
    def is_straight(self) -> bool:
        """Tell whether no way is shorter than the direct one: coordinates that are neither rounded nor given times."""
        return self.index.travel.from_coordinates and self.index.travel.travel.rounding == "none"
