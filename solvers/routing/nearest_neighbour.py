"""
Nearest-neighbour construction: feasible routes in one pass, for when there is no time to search.

Each vehicle drives to the nearest order that still fits, until none does. Conservative where exactness would cost time: the
larger of delivery and pickup counts against capacity, waiting counts against duration, a shipment is delivered right after its
pickup, and goods that are released after the opening of a vehicle are left to others. Needs O(n) memory.

References
----------
Rosenkrantz, D. J., Stearns, R. E., Lewis, P. M. (1977). An analysis of several heuristics for the traveling salesman problem.
SIAM Journal on Computing 6(3), 563-581.
"""

import math
import time
from collections.abc import Set

import numpy as np
from numpy.typing import NDArray

from models.routing import VehicleType
from solvers.routing.best_case import BestCase
from solvers.routing.planned_route import PlannedRoute
from solvers.routing.problem_index import ProblemIndex, may_serve
from solvers.routing.route_cost import cost_of
from solvers.routing.visit_candidates import VisitCandidates, candidates_of

Lengths = NDArray[np.float64]


def nearest_neighbour(index: ProblemIndex, left_out: Set[str], *, deadline: float = math.inf) -> list[PlannedRoute]:
    """
    Return feasible routes that serve each order at most once; some orders may be left out.

    Parameters
    ----------
    index
        The problem.
    left_out
        Ids of orders that are not to be served.
    deadline
        Moment on the clock of `time.monotonic` after which no further route is begun.
    """
    construction = _Construction(index, candidates_of(index, left_out))
    routes = []
    for number in index.fleet:
        vehicle_type = index.problem.vehicle_types[number]
        trip = _Trip(construction, vehicle_type)
        for _ in range(vehicle_type.count):
            visits = trip.visits() if time.monotonic() < deadline else []
            if not visits:
                break
            stops = tuple(stop for visit in visits for stop in construction.candidates.stops[visit])
            route = PlannedRoute(vehicle_type=number, stops=stops)
            if cost_of(index, route) is None:
                construction.reopen(visits)
                break
            routes.append(route)
    return routes


class _Construction:
    """Which ways of serving an order are still open."""

    def __init__(self, index: ProblemIndex, candidates: VisitCandidates) -> None:
        self.index = index
        self.case = BestCase(index, direct=True)
        self.candidates = candidates
        self.open = np.ones(len(candidates.stops), dtype=bool)

    def close(self, chosen: int) -> None:
        """Close an order with all its windows."""
        self.open[self.candidates.order == self.candidates.order[chosen]] = False

    def reopen(self, visits: list[int]) -> None:
        """Open the orders of a route that turned out infeasible."""
        self.open[np.isin(self.candidates.order, self.candidates.order[visits])] = True


class _Trip:
    """Builds routes of one vehicle type."""

    def __init__(self, construction: _Construction, vehicle_type: VehicleType) -> None:
        self.construction = construction
        self.vehicle_type = vehicle_type
        self.profile = vehicle_type.profile
        index, candidates = construction.index, construction.candidates
        self.travel = index.travel
        self.inner_way = self.travel.distances(self.profile, candidates.entry, candidates.exit)
        self.inner_time = self.travel.durations(self.profile, candidates.entry, candidates.exit)
        self.way_back, self.time_back = np.zeros(len(candidates.exit)), np.zeros(len(candidates.exit))
        if vehicle_type.end_depot is not None:
            end = np.array(index.depot_location(vehicle_type.end_depot))
            self.way_back = self.travel.distances(self.profile, candidates.exit, end)
            self.time_back = self.travel.durations(self.profile, candidates.exit, end)
        self.leave = construction.case.opening(vehicle_type)
        limits = (vehicle_type.max_duration, vehicle_type.max_distance, vehicle_type.max_stops)
        longest, self.farthest, self.most = (math.inf if limit is None else limit for limit in limits)
        self.finish = min(construction.case.closing(vehicle_type), self.leave + longest)
        self.room = np.array([vehicle_type.capacity.get(name, math.inf) for name in index.dimensions])
        eligible = np.array([may_serve(vehicle_type, order) for order in candidates.orders], dtype=bool)
        self.suits = eligible[candidates.order] & (candidates.release <= self.leave)

    def visits(self) -> list[int]:
        """Return the candidates of one more route, in order, and close them."""
        start = self.vehicle_type.start_depot
        here = None if start is None else self.construction.index.depot_location(start)
        candidates = self.construction.candidates
        moment, way, room = self.leave, 0.0, self.room
        visits: list[int] = []
        while len(visits) < self.most:
            rows = np.flatnonzero(self.construction.open & self.suits)
            ahead, ends = self._ahead(rows, here, moment)
            fits = ends + self.time_back[rows] <= self.finish
            fits &= way + ahead + self.inner_way[rows] + self.way_back[rows] <= self.farthest
            fits &= (candidates.load[rows] <= room).all(axis=1)
            if not fits.any():
                break
            place = int(np.argmin(np.where(fits, ahead, np.inf)))
            chosen = int(rows[place])
            visits.append(chosen)
            self.construction.close(chosen)
            room = room - candidates.kept[chosen]
            way += float(ahead[place] + self.inner_way[chosen])
            moment, here = float(ends[place]), int(candidates.exit[chosen])
        return visits

    def _ahead(self, rows: NDArray[np.int64], here: int | None, moment: float) -> tuple[Lengths, Lengths]:
        """Return the distance to each candidate and when its service ends, infinity where a window is missed."""
        candidates = self.construction.candidates
        entry = candidates.entry[rows]
        ahead, times = np.zeros(len(rows)), np.zeros(len(rows))
        if here is not None:
            ahead = self.travel.distances(self.profile, np.array(here), entry)
            times = self.travel.durations(self.profile, np.array(here), entry)
        begin = np.maximum(moment + times, candidates.early[rows, 0])
        second = np.maximum(begin + candidates.service[rows, 0] + self.inner_time[rows], candidates.early[rows, 1])
        kept = (begin <= candidates.late[rows, 0]) & (second <= candidates.late[rows, 1])
        return ahead, np.where(kept, second + candidates.service[rows, 1], np.inf)
