"""Inventory planning over HTTP."""

from fastapi import APIRouter

from app.endpoints.solving import add_solving_endpoint

router = APIRouter(tags=["Inventory"])

add_solving_endpoint(
    router,
    "inventory/plan",
    operation_id="solve_inventory_plan",
    summary="Plan orders and stock over several periods",
    description=(
        "When to order how much of each item, so that purchase, holding, setup and shortage cost least together "
        "under shared capacity. With `explain` every balance and capacity carries its shadow price."
    ),
)

add_solving_endpoint(
    router,
    "inventory/policy",
    operation_id="solve_inventory_policy",
    summary="Set the numbers of a stock policy",
    description=(
        "Economic order quantities, newsvendor, base stock, (s, S), (r, Q), joint replenishment, lot sizes and ABC classes, "
        "exact or by well-known approximations. Each answer is priced again and, for random demand, simulated; with `explain` "
        "come the formulas with the numbers put in and the marginal argument."
    ),
)

add_solving_endpoint(
    router,
    "inventory/multi-echelon",
    operation_id="solve_inventory_multi_echelon",
    summary="Place safety stock in a network",
    description=(
        "Which stages hold how much stock, so that promises are kept and holding costs least: guaranteed service on "
        "any acyclic network, proved optimal or with a bound, or serial systems with stochastic service. With `explain` every "
        "promise has its price, from a second solve."
    ),
)
