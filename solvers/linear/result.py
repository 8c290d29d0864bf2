"""What is known of a linear model after a solve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.explanation import BasisStatus, BoundPoint
from models.run import Status, Termination
from solvers.linear.integer_proof import IntegerConflict
from solvers.linear.model import Floats, LinearModel

Method = Literal["simplex", "interior_point", "first_order", "branch_and_bound", "constraint_programming"]

LIBRARIES = ("ortools",)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearResult:
    """
    What is known of a linear model after a solve with n variables and m constraints.

    `values` (n), `duals` (m) and `reduced_costs` (n) are None when the engine has none; so are `column_status` (n) and
    `row_status` (m), which hold basic, at_lower, at_upper, fixed or free. Duals without statuses come from a first-order
    method: they are near an optimum of the dual, not a vertex of it. For a MIP `duals` and `reduced_costs` are None and
    `explain_mip` fills `relaxation` (the LP without integrality) and `fixed` (the LP with all integers fixed at their values).
    Infeasible: `farkas` (m) holds row multipliers that contradict the bounds and `least_violation` the least total violation of
    the rows, which is theirs at the point `compromise` (n), all of the model without integrality; None when only integrality
    makes it infeasible or time ran out. Then `integer_conflict` says why whole numbers leave no answer, where it was proved.
    Unbounded: `point` (n) is feasible and `ray` (n) a direction along which the objective improves for ever. Times are seconds.
    `engine` is the method that found the answer and `reasons` say, in sentences, why it was this one. `bound_history` tells,
    for a MIP, when value and bound improved during the search.
    """

    status: Status
    termination: Termination
    value: float | None
    bound: float | None
    values: Floats | None
    duals: Floats | None
    reduced_costs: Floats | None
    column_status: Sequence[BasisStatus] | None
    row_status: Sequence[BasisStatus] | None
    engine: Method
    libraries: tuple[str, ...] = LIBRARIES
    reasons: tuple[str, ...] = ()
    iterations: int | None = None
    build_time: float = 0.0
    solve_time: float = 0.0
    farkas: Floats | None = None
    least_violation: float | None = None
    compromise: Floats | None = None
    integer_conflict: IntegerConflict | None = None
    point: Floats | None = None
    ray: Floats | None = None
    bound_history: tuple[BoundPoint, ...] = ()
    relaxation: "LinearResult | None" = None
    fixed: "LinearResult | None" = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """The model that was solved and what came out: what checks and explanations of a linear outcome need."""

    model: LinearModel
    result: LinearResult
