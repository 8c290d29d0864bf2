"""Groups, relations and locks that given routes break together."""

from collections.abc import Iterator, Sequence

from models.routing import Lock, Relation, RoutingProblem, Violation
from models.routing.evaluation import ViolationCode
from solvers.routing.evaluation.given_plan import GivenPlan, ReadRoute, name_of
from solvers.routing.evaluation.plan_violations import numbered


def constraint_violations(problem: RoutingProblem, plan: GivenPlan) -> Iterator[Violation]:
    """Yield every group, relation and lock that the routes driven do not keep."""
    named = [[name_of(problem, stop) for stop in route.planned.stops] for route in plan.driven]
    yield from _groups(problem, named)
    for i, relation in enumerate(problem.relations):
        message = _broken(problem, relation, named)
        if message:
            yield _violation("RELATION_BROKEN", f"/relations/{i}", None, message)
    for i, lock in enumerate(problem.locks):
        yield from _locks(problem, plan.driven, named, lock, pointer=f"/locks/{i}", numbers=numbered(plan))


def _groups(problem: RoutingProblem, named: Sequence[Sequence[str]]) -> Iterator[Violation]:
    visited = {name for names in named for name in names}
    first: dict[str, str] = {}
    for i, client in enumerate(problem.clients):
        if client.group is None or client.id not in visited:
            continue
        if client.group in first:
            message = f"{client.id} and {first[client.group]} of group {client.group} are both served; exactly one may be."
            yield _violation("GROUP_SERVED_TWICE", f"/clients/{i}/group", client.id, message)
        first.setdefault(client.group, client.id)


def _broken(problem: RoutingProblem, relation: Relation, named: Sequence[Sequence[str]]) -> str | None:
    """Return how a relation is broken, None when it is kept."""
    routes = {}
    for i, names in enumerate(named):
        routes.update({_order(problem, name): i for name in names if not name.startswith("reload:")})
    orders = list(dict.fromkeys(_order(problem, name) for name in relation.orders))
    used = [routes[name] for name in orders if name in routes]
    listed = ", ".join(relation.orders[:5]) + (" and more" if len(relation.orders) > 5 else "")
    if relation.kind == "different_vehicles":
        return None if len(set(used)) == len(used) else f"One vehicle serves two of {listed}."
    if len(set(used)) > 1:
        return f"One vehicle should serve {listed}; {len(set(used))} do."
    if relation.kind == "same_vehicle" or not used:
        return None
    names = list(named[used[0]])
    places = [names.index(name) for name in relation.orders if name in names]
    if places != sorted(places):
        return f"{listed} are not served in this order."
    if relation.kind == "direct_sequence" and places and places != list(range(places[0], places[0] + len(places))):
        return f"{listed} are not served directly after one another."
    return None


def _locks(
    problem: RoutingProblem,
    routes: Sequence[ReadRoute],
    named: Sequence[Sequence[str]],
    lock: Lock,
    *,
    pointer: str,
    numbers: Sequence[int],
) -> Iterator[Violation]:
    locked = {_order(problem, name) for name in (*lock.prefix, *lock.orders)}
    for route, names, number in zip(routes, named, numbers, strict=True):
        own = (problem.vehicle_types[route.planned.vehicle_type].id, number) == (lock.vehicle_type, lock.vehicle)
        if own:
            prefix = [name for name in lock.prefix if name in names]
            if prefix != list(names[: len(prefix)]):
                yield _violation(
                    "LOCK_BROKEN", f"{pointer}/prefix", None, f"The route does not begin with {', '.join(prefix)}."
                )
        else:
            others = sorted(locked & {_order(problem, name) for name in names})
            if others:
                message = (
                    f"{', '.join(others)} are locked to vehicle {lock.vehicle} of {lock.vehicle_type}; another serves them."
                )
                yield _violation("LOCK_BROKEN", pointer, others[0], message)


def _order(problem: RoutingProblem, name: str) -> str:
    """Return the id of the client or shipment of a stop's name."""
    start, _, rest = name.partition(":")
    is_end = start in ("pickup", "delivery") and any(shipment.id == rest for shipment in problem.shipments)
    return rest if is_end and not any(client.id == name for client in problem.clients) else name


def _violation(code: ViolationCode, pointer: str, name: str | None, message: str) -> Violation:
    return Violation(code=code, pointer=pointer, id=name, dimension=None, amount=1.0, limit=None, unit="stops", message=message)
