"""Linear and mixed-integer programs over HTTP."""

from fastapi import APIRouter

from app.endpoints.solving import add_solving_endpoint

router = APIRouter(tags=["Linear"])

add_solving_endpoint(
    router,
    "linear",
    operation_id="solve_linear",
    summary="Solve a linear or mixed-integer program",
    description=(
        "Any small LP or MIP, as named JSON, sparse columns, MPS or LP text. The plain door to `explain`: "
        "formulation, shadow prices, reduced costs, and proof."
    ),
)
