"""Issues of breaks, lateness, overtime, groups, relations, locks and the objective."""

from collections.abc import Iterator

from models.errors import Issue, issue
from models.routing import Lock, Relation, RoutingProblem, VehicleType
from models.routing.constraints import Lateness
from solvers.routing.rich_constraints import MAX_ORDERS, judged_whole
from solvers.routing.semantics_references import unknown, window_issues


def constraint_issues(problem: RoutingProblem) -> Iterator[Issue]:
    """Yield issues of every condition that only the general search carries."""
    yield from _sizes(problem)
    if problem.time_origin is not None and problem.travel.scale != 1:
        message = "With a scale other than 1 times are not in seconds; leave out the scale or the origin."
        yield issue("/time_origin", "CONFLICTING_FIELDS", message)
    for i, vehicle_type in enumerate(problem.vehicle_types):
        yield from _time(f"/vehicle_types/{i}", vehicle_type)
    for i, client in enumerate(problem.clients):
        yield from _lateness(f"/clients/{i}", client)
    for i, shipment in enumerate(problem.shipments):
        yield from _lateness(f"/shipments/{i}/pickup", shipment.pickup)
        yield from _lateness(f"/shipments/{i}/delivery", shipment.delivery)
    yield from _groups(problem)
    names = References(problem)
    for i, relation in enumerate(problem.relations):
        yield from _relation(f"/relations/{i}", relation, names)
    yield from _together_and_apart(problem, names)
    yield from _locks(problem, names)


class References:
    """Names of orders and of stops, and which order a stop belongs to."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.orders = {client.id for client in problem.clients} | {shipment.id for shipment in problem.shipments}
        ends = ("pickup", "delivery")
        self.order_of = {f"{end}:{shipment.id}": shipment.id for shipment in problem.shipments for end in ends}
        # A client's own name comes first, also where it reads like the end of a shipment.
        self.order_of |= {client.id: client.id for client in problem.clients}


def _sizes(problem: RoutingProblem) -> Iterator[Issue]:
    found = judged_whole(problem)
    for field, number in (
        ("locations", len(problem.locations)),
        ("clients", len(problem.clients)),
        ("shipments", len(problem.shipments)),
    ):
        if found and number > MAX_ORDERS:
            yield issue(
                f"/{field}",
                f"TOO_MANY_{field.upper()}",
                f"With {', '.join(found)} at most {MAX_ORDERS:,} {field} are accepted; split the request.",
                limit=MAX_ORDERS,
                got=number,
            )


def _time(pointer: str, vehicle_type: VehicleType) -> Iterator[Issue]:
    first: dict[str, int] = {}
    for j, pause in enumerate(vehicle_type.breaks):
        yield from window_issues(f"{pointer}/breaks/{j}/time_window", pause.time_window)
        if pause.id in first:
            message = f"This id already stands at {pointer}/breaks/{first[pause.id]}/id; give each its own."
            yield issue(f"{pointer}/breaks/{j}/id", "DUPLICATE_ID", message)
        first.setdefault(pause.id, j)
        if j and pause.time_window[1] < vehicle_type.breaks[j - 1].time_window[0]:
            yield issue(
                f"{pointer}/breaks/{j}/time_window",
                "BREAKS_OUT_OF_ORDER",
                "Breaks are taken in the order given, and this one must begin before the one above it may; exchange them.",
                limit=vehicle_type.breaks[j - 1].time_window[0],
                got=pause.time_window[1],
            )
    if vehicle_type.max_overtime and vehicle_type.shift is None and vehicle_type.max_duration is None:
        message = "Overtime needs a shift or a max_duration that it exceeds; give one of them or leave max_overtime out."
        yield issue(f"{pointer}/max_overtime", "OVERTIME_WITHOUT_LIMIT", message)
    if vehicle_type.cost_per_overtime and not vehicle_type.max_overtime:
        message = "Without max_overtime no route has overtime; say how much is allowed or leave its cost out."
        yield issue(f"{pointer}/cost_per_overtime", "OVERTIME_NOT_ALLOWED", message)


def _lateness(pointer: str, end: Lateness) -> Iterator[Issue]:
    if end.cost_per_lateness and end.due_time is None:
        message = "A cost of lateness needs the due_time from which service is late."
        yield issue(f"{pointer}/cost_per_lateness", "LATENESS_WITHOUT_DUE_TIME", message)


def _groups(problem: RoutingProblem) -> Iterator[Issue]:
    first: dict[str, tuple[int, bool]] = {}
    for i, client in enumerate(problem.clients):
        if client.group is None:
            continue
        j, required = first.setdefault(client.group, (i, client.required))
        if client.required != required:
            yield issue(
                f"/clients/{i}/required",
                "MIXED_GROUP",
                f"All clients of a group are required, or none: /clients/{j} of the same group says otherwise.",
            )


def _relation(pointer: str, relation: Relation, names: References) -> Iterator[Issue]:
    ordered = relation.kind in ("sequence", "direct_sequence")
    known = names.order_of if ordered else names.orders
    first: dict[str, int] = {}
    for j, name in enumerate(relation.orders):
        if ordered and name in names.orders and name not in known:
            message = "In a sequence a shipment has two stops: write `pickup:` or `delivery:` before its id."
            yield issue(f"{pointer}/orders/{j}", "SHIPMENT_WITHOUT_END", message)
        else:
            yield from unknown(f"{pointer}/orders/{j}", name, known, "stop" if ordered else "order")
        if name in first:
            yield issue(f"{pointer}/orders/{j}", "DUPLICATE_ID", f"It already stands at {pointer}/orders/{first[name]}.")
        first.setdefault(name, j)
        if ordered and name.startswith("pickup:") and f"delivery:{name[7:]}" in relation.orders[:j]:
            message = "A shipment is picked up before it is delivered; exchange the two."
            yield issue(f"{pointer}/orders/{j}", "DELIVERY_BEFORE_PICKUP", message)


def _together_and_apart(problem: RoutingProblem, names: References) -> Iterator[Issue]:
    """Yield relations that ask for two orders both on one vehicle and on different ones."""
    leader = {name: name for name in names.orders}

    def lead(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for relation in problem.relations:
        own = [names.order_of.get(name, name) for name in relation.orders]
        own = [name for name in own if name in leader]
        if relation.kind != "different_vehicles":
            for name in own[1:]:
                leader[lead(name)] = lead(own[0])
    for i, relation in enumerate(problem.relations):
        if relation.kind != "different_vehicles":
            continue
        seen: dict[str, str] = {}
        for j, name in enumerate(relation.orders):
            if name in leader and lead(name) in seen:
                message = f"Other relations put {name} and {seen[lead(name)]} on one vehicle; take one of the relations out."
                yield issue(f"/relations/{i}/orders/{j}", "CONTRADICTING_RELATIONS", message)
            elif name in leader:
                seen[lead(name)] = name


def _locks(problem: RoutingProblem, names: References) -> Iterator[Issue]:
    fleet = {vehicle_type.id: vehicle_type for vehicle_type in problem.vehicle_types}
    vehicles: dict[tuple[str, int], int] = {}
    owners: dict[str, int] = {}
    for i, lock in enumerate(problem.locks):
        pointer = f"/locks/{i}"
        yield from unknown(f"{pointer}/vehicle_type", lock.vehicle_type, fleet, "vehicle type")
        if lock.vehicle_type in fleet and lock.vehicle > fleet[lock.vehicle_type].count:
            yield issue(
                f"{pointer}/vehicle",
                "UNKNOWN_VEHICLE",
                "The vehicle type has fewer vehicles; correct the number or its count.",
                limit=fleet[lock.vehicle_type].count,
                got=lock.vehicle,
            )
        vehicle = (lock.vehicle_type, lock.vehicle)
        if vehicle in vehicles:
            message = f"This vehicle already stands at /locks/{vehicles[vehicle]}; join the two entries."
            yield issue(f"{pointer}/vehicle", "DUPLICATE_VEHICLE", message)
        vehicles.setdefault(vehicle, i)
        yield from _locked(pointer, i, lock, names, owners)


def _locked(pointer: str, number: int, lock: Lock, names: References, owners: dict[str, int]) -> Iterator[Issue]:
    """Yield unknown names of one lock, stops that stand twice, and orders that another lock has."""
    stops: set[str] = set()
    for field, known, what in (("prefix", names.order_of, "stop"), ("orders", names.orders, "order")):
        for j, name in enumerate(getattr(lock, field)):
            place = f"{pointer}/{field}/{j}"
            yield from unknown(place, name, known, what)
            if field == "prefix" and name in stops:
                yield issue(place, "DUPLICATE_ID", "A stop stands once in a prefix; take it out here.")
            if field == "prefix" and name.startswith("delivery:") and f"pickup:{name[9:]}" not in stops:
                message = "A shipment is picked up before it is delivered: put its pickup before it."
                yield issue(place, "DELIVERY_BEFORE_PICKUP", message)
            stops.add(name)
            owner = owners.setdefault(names.order_of.get(name, name), number)
            if owner != number:
                message = f"/locks/{owner} locks this order to another vehicle; leave it in one of the two."
                yield issue(place, "LOCKED_TWICE", message)
