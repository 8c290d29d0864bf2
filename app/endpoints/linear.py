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
        "Make a linear objective as small or as large as linear constraints allow, with whole numbers where you ask for "
        "them. The model is JSON with names, sparse arrays (up to a million coefficients), MPS or LP text. With `explain`: the "
        "formulation, what one more unit of each constraint is worth, how far that holds, and the proof."
    ),
)
