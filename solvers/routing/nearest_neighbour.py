"""
Nearest-neighbour construction: a feasible plan in one pass, for when there is no time to search.

Each vehicle drives to the nearest client that still fits, until none does. Conservative where exactness would cost time: the
larger of delivery and pickup counts against capacity, waiting counts against duration. Shipments, and goods that are
released after the start of a vehicle, are left to others.

References
----------
Rosenkrantz, D. J., Stearns, R. E., Lewis, P. M. (1977). An analysis of several heuristics for the traveling salesman problem.
SIAM Journal on Computing 6(3), 563-581.
"""

import numpy as np
import pyvrp
from numpy.typing import NDArray

LATEST = 2**62

Integers = NDArray[np.int64]


def nearest_neighbour(data: pyvrp.ProblemData) -> pyvrp.Solution:
    """Return a plan of feasible routes that serves each client at most once; some clients may be left out."""
    construction = _Construction(data)
    routes = []
    for number, vehicle_type in enumerate(data.vehicle_types()):
        for _ in range(vehicle_type.num_available):
            visits = construction.route(vehicle_type)
            if not visits:
                break
            activities = [pyvrp.Activity(pyvrp.ActivityType.CLIENT, visit) for visit in visits]
            route = pyvrp.Route(data, activities, number)
            if route.is_feasible():
                routes.append(route)
            else:
                construction.open[visits] = True
                break
    return pyvrp.Solution(data, routes)


class _Construction:
    """Clients as arrays, and which of them are still open."""

    def __init__(self, data: pyvrp.ProblemData) -> None:
        clients = data.clients()
        self.data = data
        self.distances = [data.distance_matrix(profile) for profile in range(data.num_profiles)]
        self.durations = [data.duration_matrix(profile) for profile in range(data.num_profiles)]
        self.place = np.array([client.location for client in clients], dtype=np.int64)
        loads = [np.maximum(client.delivery, client.pickup) for client in clients]
        self.load = np.array(loads, dtype=np.int64).reshape(len(clients), data.num_load_dimensions)
        self.early = np.array([client.tw_early for client in clients], dtype=np.int64)
        self.late = np.array([min(client.tw_late, LATEST) for client in clients], dtype=np.int64)
        self.service = np.array([client.service_duration for client in clients], dtype=np.int64)
        self.release = np.array([client.release_time for client in clients], dtype=np.int64)
        self.group = np.array([-1 if client.group is None else client.group for client in clients], dtype=np.int64)
        self.open = np.ones(len(clients), dtype=bool)

    def route(self, vehicle_type: pyvrp.VehicleType) -> list[int]:
        """Return the clients of one more route and close them."""
        distances, durations = self.distances[vehicle_type.profile], self.durations[vehicle_type.profile]
        start, end = (self.data.depot(depot) for depot in (vehicle_type.start_depot, vehicle_type.end_depot))
        leave = max(vehicle_type.tw_early, start.tw_early)
        finish = min(vehicle_type.tw_late, end.tw_late, LATEST)
        finish = min(finish, leave + min(vehicle_type.shift_duration, LATEST - leave))
        farthest = min(vehicle_type.max_distance, LATEST)
        room = np.minimum(np.array(vehicle_type.capacity, dtype=np.int64), LATEST)
        here, moment, way = start.location, leave, 0
        visits: list[int] = []
        while True:
            ahead = np.array(distances[here])[self.place]
            begin = np.maximum(moment + np.array(durations[here])[self.place], self.early)
            home = begin + self.service + durations[self.place, end.location]
            fits = self.open & (self.release <= leave) & (begin <= self.late) & (home <= finish)
            fits &= way + ahead + distances[self.place, end.location] <= farthest
            fits &= (self.load <= room).all(axis=1)
            if not fits.any():
                return visits
            chosen = int(np.argmin(np.where(fits, ahead, LATEST)))
            visits.append(chosen)
            self._close(chosen)
            room = room - self.load[chosen]
            way += int(ahead[chosen])
            moment = int(begin[chosen] + self.service[chosen])
            here = int(self.place[chosen])

    def _close(self, chosen: int) -> None:
        """Close a client and the copies of it for other time windows."""
        self.open[chosen] = False
        if self.group[chosen] >= 0:
            self.open[self.group == self.group[chosen]] = False
