"""What makes a suggestion meaningless or odd: the issues of the problem, and orders that are unknown or served already."""

from collections.abc import Iterator
from itertools import islice

from models.errors import Issue, issue
from models.routing import SuggestionProblem
from models.run import RunWarning
from solvers.routing import semantics as routing
from solvers.routing.rich_constraints import rich_constraints
from solvers.routing.semantics_given_routes import given_route_issues, given_route_warnings
from solvers.routing.semantics_references import unknown


def issues(problem: SuggestionProblem) -> list[Issue]:
    """Return what makes the request invalid, at most 1,000 issues."""
    found = routing.issues(problem.as_routing())
    found += given_route_issues(problem, problem.routes, pointer="/routes")
    found += islice(_order_issues(problem), routing.MAX_ISSUES)
    found += _not_carried(problem)
    return found[: routing.MAX_ISSUES]


def warnings(problem: SuggestionProblem) -> list[RunWarning]:
    """Return what looks wrong in a valid request without stopping it."""
    found = [*routing.warnings(problem.as_routing()), *given_route_warnings(problem.routes, pointer="/routes")]
    if problem.orders == [] or (problem.orders is None and not unserved(problem)):
        message = "The routes serve every client and shipment, or `orders` is empty: there is nothing to place."
        found.append(RunWarning(code="NOTHING_TO_PLACE", pointer="/orders", message=message))
    return found


def unserved(problem: SuggestionProblem) -> list[str]:
    """Return the ids of clients and shipments that no route serves, in order of the request."""
    named = {name for route in problem.routes for name in route.stops}
    left = [client.id for client in problem.clients if client.id not in named]
    return left + [one.id for one in problem.shipments if not {f"pickup:{one.id}", f"delivery:{one.id}"} & named]


def _not_carried(problem: SuggestionProblem) -> Iterator[Issue]:
    """Yield the conditions that a suggestion does not weigh: a place that ignored them would mislead."""
    for name, pointer in rich_constraints(problem).items():
        message = f"Suggestions do not weigh {name}; leave that out, or solve the request with the new orders in it."
        yield issue(pointer, "NOT_SUPPORTED", message)


def _order_issues(problem: SuggestionProblem) -> Iterator[Issue]:
    if problem.orders is None:
        return
    known = [client.id for client in problem.clients] + [shipment.id for shipment in problem.shipments]
    names, free = set(known), set(unserved(problem))
    seen: set[str] = set()
    for i, name in enumerate(problem.orders):
        pointer = f"/orders/{i}"
        if name not in names:
            yield from unknown(pointer, name, known, "order")
        elif name in seen:
            yield issue(pointer, "DUPLICATE_ORDER", "This order is named already; name each once.")
        elif name not in free:
            yield issue(
                pointer, "ORDER_IS_SERVED", "A route serves this order already; take it out of the route to place it anew."
            )
        seen.add(name)
