"""Groups, relations and locks of a request as the kernels look them up: by order, and by stop."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.routing import Client, Relation, RoutingProblem, Shipment

Integers = NDArray[np.int64]
Order = Client | Shipment


class OrderLinks:
    """
    What binds orders to one another and to vehicles.

    Parameters
    ----------
    problem
        The request.
    orders
        Orders that may be served: clients, then shipments.
    slots
        Vehicle type (position in the fleet in use) and number of each vehicle; number None: nothing is locked to it.
    """

    def __init__(self, problem: RoutingProblem, orders: Sequence[Order], slots: Sequence[tuple[int, int | None]]) -> None:
        self.problem = problem
        self.position = {order.id: i for i, order in enumerate(orders)}
        clients = sum(isinstance(order, Client) for order in orders)
        self.stop_of: dict[str, int] = {}
        for i, order in enumerate(orders):
            if isinstance(order, Client):
                self.stop_of[order.id] = i
            else:
                self.stop_of.setdefault(f"pickup:{order.id}", clients + 2 * (i - clients))
                self.stop_of.setdefault(f"delivery:{order.id}", clients + 2 * (i - clients) + 1)
        self.stops = clients + 2 * (len(orders) - clients)
        self.sequences = [relation for relation in problem.relations if relation.kind in ("sequence", "direct_sequence")]
        self.members, self.member_ranges = self._members()
        self.groups = self._partition([[order.id for order in group] for group in groups_of(orders)])
        self.mates = self._partition(self._sets())
        self.pinned = np.full(len(orders), -1, dtype=np.int64)
        self.prefix = np.full(self.stops, -1, dtype=np.int64)
        self._lock(slots)

    def order_named(self, reference: str) -> int | None:
        """Return the position of the order of a reference, None when no vehicle can serve it."""
        if reference in self.position:
            return self.position[reference]
        return self.position.get(reference.partition(":")[2])

    def apart(self) -> list[list[int]]:
        """Return for each order those that may not share a vehicle with it."""
        found: list[set[int]] = [set() for _ in self.position]
        for relation in self.problem.relations:
            if relation.kind == "different_vehicles":
                own = [self.position[name] for name in relation.orders if name in self.position]
                for i in own:
                    found[i].update(j for j in own if j != i)
        return [sorted(others) for others in found]

    def _members(self) -> tuple[Integers, Integers]:
        """Return sequence, rank and directness of the stops, and the range of each stop among them."""
        rows: list[list[list[int]]] = [[] for _ in range(self.stops)]
        for number, relation in enumerate(self.sequences):
            for rank, name in enumerate(relation.orders):
                stop = self.stop_of.get(name)
                if stop is not None:
                    rows[stop].append([number, rank, int(relation.kind == "direct_sequence")])
        flat = [entry for row in rows for entry in row]
        ranges = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        return np.ascontiguousarray(np.array(flat, dtype=np.int64).reshape(-1, 3).T), ranges

    def _sets(self) -> list[list[str]]:
        """Return the sets of orders that share a vehicle: relations that have an order in common are joined."""
        leader: dict[str, str] = {}

        def lead(name: str) -> str:
            while leader.setdefault(name, name) != name:
                name = leader[name]
            return name

        for relation in self.problem.relations:
            if relation.kind != "different_vehicles":
                names = order_names(relation, self.position)
                for name in names[1:]:
                    leader[lead(name)] = lead(names[0])
        sets: dict[str, list[str]] = {}
        for name in self.position:
            if name in leader:
                sets.setdefault(lead(name), []).append(name)
        return list(sets.values())

    def _partition(self, sets: Sequence[Sequence[str]]) -> dict[int, list[int]]:
        """Return for each order of a set all orders of that set."""
        numbered = [[self.position[name] for name in names] for names in sets]
        return {i: own for own in numbered for i in own}

    def _lock(self, slots: Sequence[tuple[int, int | None]]) -> None:
        fleet = [vehicle_type.id for vehicle_type in self.problem.vehicle_types if vehicle_type.count]
        slot_of = {(fleet[kind], number): i for i, (kind, number) in enumerate(slots) if number is not None}
        for lock in self.problem.locks:
            slot = slot_of.get((lock.vehicle_type, lock.vehicle))
            for name in [*lock.orders, *lock.prefix]:
                order = self.order_named(name)
                if slot is not None and order is not None:
                    self.pinned[order] = slot
            for rank, name in enumerate(lock.prefix):
                if name in self.stop_of:
                    self.prefix[self.stop_of[name]] = rank


def groups_of(orders: Sequence[Order]) -> list[list[Client]]:
    """Return the clients of each group."""
    groups: dict[str, list[Client]] = {}
    for order in orders:
        if isinstance(order, Client) and order.group is not None:
            groups.setdefault(order.group, []).append(order)
    return list(groups.values())


def order_names(relation: Relation, known: Mapping[str, int]) -> list[str]:
    """Return the ids of the known orders of a relation, each once."""
    names = [name if name in known else name.partition(":")[2] for name in relation.orders]
    return list(dict.fromkeys(name for name in names if name in known))
