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
