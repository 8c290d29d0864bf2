"""Network optimisation over HTTP."""

from fastapi import APIRouter

from app.endpoints.solving import add_solving_endpoint

router = APIRouter(tags=["Network"])

add_solving_endpoint(
    router,
    "network/shortest-path",
    operation_id="solve_shortest_path",
    summary="Find the shortest paths from a source",
    description="Cheapest way from one node to each target. Distances are the dual prices that prove it.",
)
add_solving_endpoint(
    router,
    "network/maximum-flow",
    operation_id="solve_maximum_flow",
    summary="Send as much as possible from source to sink",
    description="Largest flow that the capacities allow, with the minimum cut that proves that no more is possible.",
)
add_solving_endpoint(
    router,
    "network/minimum-cost-flow",
    operation_id="solve_minimum_cost_flow",
    summary="Meet all demands at least cost",
    description="Cheapest flow from supplies to demands; node potentials price one more unit at every node.",
)
add_solving_endpoint(
    router,
    "network/assignment",
    operation_id="solve_assignment",
    summary="Match rows to columns at least cost",
    description="One column for each row (drivers to vans, jobs to machines), with row and column prices as proof.",
)
add_solving_endpoint(
    router,
    "network/facility-location",
    operation_id="solve_facility_location",
    summary="Choose which facilities to open",
    description="Which depots to open and who serves whom, opening and serving cost together; capacities and single sourcing.",
)
