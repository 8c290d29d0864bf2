"""Vehicle routing over HTTP."""

from fastapi import APIRouter

from app.endpoints.solving import add_solving_endpoint

router = APIRouter(tags=["Routing"])

add_solving_endpoint(
    router,
    "routing",
    operation_id="solve_routing",
    summary="Plan the routes of a fleet",
    description=(
        "Which vehicle visits which client, in which order, at which time, at least cost. "
        "Clients that cannot be served are listed under `unassigned` with the reason; they are never an error."
    ),
)

add_solving_endpoint(
    router,
    "routing/evaluate",
    operation_id="evaluate_routes",
    summary="Cost and check given routes",
    description=(
        "What given routes cost, split by cause and by route, when every stop is reached, and every condition that they break "
        "with its amount. Nothing is searched. Unknown, repeated and missing stops are part of the answer, not errors."
    ),
)

add_solving_endpoint(
    router,
    "routing/suggest",
    operation_id="suggest_insertions",
    summary="Find the best places for new orders",
    description=(
        "Where new clients and shipments fit into routes that stand: the cheapest places with what they cost, when everything "
        "then happens, and for every other route the first condition that stands in the way. Each order is placed by itself."
    ),
)
