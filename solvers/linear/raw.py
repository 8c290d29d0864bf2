"""What an engine reports, as arrays in the order of the model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.math_opt import result_pb2, solution_pb2

from models.explanation import BasisStatus, BoundPoint
from models.run import Limit
from solvers.errors import EngineError
from solvers.linear.algorithms import Algorithm
from solvers.linear.model import Floats, LinearModel
from solvers.linear.proto import dense, statuses

REASONS = {
    result_pb2.TERMINATION_REASON_OPTIMAL: "optimal",
    result_pb2.TERMINATION_REASON_INFEASIBLE: "infeasible",
    result_pb2.TERMINATION_REASON_UNBOUNDED: "unbounded",
    result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED: "infeasible_or_unbounded",
    result_pb2.TERMINATION_REASON_IMPRECISE: "imprecise",
    result_pb2.TERMINATION_REASON_FEASIBLE: "feasible",
    result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND: "no_solution_found",
}

LIMITS: dict[int, Limit] = {
    result_pb2.LIMIT_ITERATION: "iteration",
    result_pb2.LIMIT_TIME: "time",
    result_pb2.LIMIT_NODE: "node",
    result_pb2.LIMIT_MEMORY: "memory",
    result_pb2.LIMIT_INTERRUPTED: "interrupted",
}

DETAILS = {
    "optimal": "An optimum within the allowed relative gap was found and proved",
    "infeasible": "No point satisfies all constraints",
    "unbounded": "The objective improves without end",
    "imprecise": "The engine lost precision; the answer is the best it can vouch for",
    "feasible": "A limit ended the search before optimality was proved",
    "no_solution_found": "A limit was reached",
    "infeasible_or_unbounded": "The model is infeasible or unbounded",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raw:
    """
    What an engine reports, as arrays; `bound` is in the caller's sense and infinite when nothing is known.

    `algorithm` is the one that answered, None when none did; `reasons` say why it was chosen, in sentences.
    """

    reason: str
    limit: Limit
    detail: str
    values: Floats | None
    duals: Floats | None
    reduced_costs: Floats | None
    column_status: Sequence[BasisStatus] | None
    row_status: Sequence[BasisStatus] | None
    ray: Floats | None
    bound: float
    primal_feasible: bool
    iterations: int | None
    build_time: float
    solve_time: float
    algorithm: Algorithm | None = None
    reasons: tuple[str, ...] = ()
    history: tuple[BoundPoint, ...] = ()


def raw_of(model: LinearModel, answer: Any, algorithm: Algorithm | None) -> Raw:
    """
    Return MathOpt's answer as arrays.

    Raises
    ------
    EngineError
        When the engine broke off without a reason that could be passed on.
    """
    termination = answer.termination
    if termination.reason not in REASONS:
        raise EngineError(f"the linear engine broke off: {termination.detail or termination.reason}")
    reason = REASONS[termination.reason]
    limit = LIMITS.get(termination.limit, "time" if reason == "no_solution_found" else "none")
    solution = answer.solutions[0] if len(answer.solutions) else solution_pb2.SolutionProto()
    feasible = solution.primal_solution.feasibility_status == solution_pb2.SOLUTION_STATUS_FEASIBLE
    dual = feasible and solution.HasField("dual_solution")
    basis = feasible and solution.HasField("basis")
    stats = answer.solve_stats
    return Raw(
        reason=reason,
        limit=limit,
        detail=detail_of(reason, limit),
        values=dense(solution.primal_solution.variable_values, model.columns) if feasible else None,
        duals=dense(solution.dual_solution.dual_values, model.rows) if dual else None,
        reduced_costs=dense(solution.dual_solution.reduced_costs, model.columns) if dual else None,
        column_status=statuses(solution.basis.variable_status, model.columns) if basis else None,
        row_status=statuses(solution.basis.constraint_status, model.rows) if basis else None,
        ray=dense(answer.primal_rays[0].variable_values, model.columns) if len(answer.primal_rays) else None,
        bound=float(termination.objective_bounds.dual_bound),
        primal_feasible=feasible,
        iterations=_iterations(stats, model),
        build_time=0.0,
        solve_time=0.0,
        algorithm=algorithm,
    )


def detail_of(reason: str, limit: Limit) -> str:
    """Return the sentence of a reason, with the limit that was met."""
    return DETAILS[reason] + (f" ({limit} limit)" if limit != "none" else "")


def without_answer(limit: Limit) -> Raw:
    """Return what is known when no engine came back before the limit."""
    return Raw(
        reason="no_solution_found",
        limit=limit,
        detail=detail_of("no_solution_found", limit),
        values=None,
        duals=None,
        reduced_costs=None,
        column_status=None,
        row_status=None,
        ray=None,
        bound=float("nan"),
        primal_feasible=False,
        iterations=None,
        build_time=0.0,
        solve_time=0.0,
    )


def _iterations(stats: Any, model: LinearModel) -> int:
    """Return nodes of a tree search, else whichever iterations the method counts."""
    if model.is_mip:
        return int(stats.node_count)
    return int(stats.simplex_iterations or stats.barrier_iterations or stats.first_order_iterations)
