"""
The seam to OR-Tools MathOpt: a model's arrays become a protocol buffer, an engine runs, arrays come back.

The protocol buffer goes to the engine directly: a detour over Python objects for every variable costs more than the solve of a
typical inventory plan.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.math_opt import callback_pb2, model_parameters_pb2, model_pb2, parameters_pb2, result_pb2, solution_pb2
from ortools.math_opt.core.python import solver as math_opt
from ortools.math_opt.python.solve import StatusNotOk
from ortools.util.python.solve_interrupter import SolveInterrupter

from models.explanation import BasisStatus
from models.run import Limit
from solvers.base import Budget, Progress
from solvers.errors import EngineError
from solvers.linear.model import Floats, LinearModel

POLL_SECONDS = 0.05
"""How often a running search is asked whether it should stop."""

GLOP = parameters_pb2.SOLVER_TYPE_GLOP
HIGHS = parameters_pb2.SOLVER_TYPE_HIGHS
SCIP = parameters_pb2.SOLVER_TYPE_GSCIP

_SCHEDULER: dict[str, int] = {}
"""HiGHS keeps one thread pool for the life of a process and fails when asked for another size: the first size stays."""

AFTER_STOP = 1.0
"""Seconds that a second engine gets for an answer after a request to stop."""

OVERRUN = 3.0
"""
Seconds beyond its time limit until HiGHS is left behind, with whatever it has found: it looks at the clock between steps, which
take a second on large models and for ever on some with unbounded integers.
"""

BASIS_STATUSES: dict[int, BasisStatus] = {1: "free", 2: "at_lower", 3: "at_upper", 4: "fixed", 5: "basic"}

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
    """What an engine reports, as arrays; `bound` is in the caller's sense and infinite when nothing is known."""

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


def run_engine(model: LinearModel, budget: Budget, progress: Progress) -> Raw:
    """
    Run GLOP on an LP or HiGHS on a MIP, with SCIP where HiGHS breaks off.

    Raises
    ------
    EngineError
        When the library reports an error of its own, with its text.
    """
    started = time.monotonic()
    proto = model_proto(model)
    built = time.monotonic()
    left = max(budget.time_limit - (built - started), 0.001)
    parameters = _parameters(model, budget, left)
    if model.is_mip:
        answer = _branch_and_bound(proto, parameters, budget, left, progress)
    else:
        with _interrupter(progress) as interrupter:
            answer = _call(proto, GLOP, parameters, interrupter)
    return _raw(model, answer, build_time=built - started, solve_time=time.monotonic() - built)


def run_second_engine(model: LinearModel, budget: Budget, progress: Progress) -> Raw:
    """
    Run SCIP on a MIP; see `run_engine`.

    Raises
    ------
    EngineError
        As `run_engine`.
    """
    started = time.monotonic()
    with _interrupter(progress) as interrupter:
        answer = _scip(model_proto(model), budget, max(budget.time_limit, 0.001), interrupter)
    return _raw(model, answer, build_time=0.0, solve_time=time.monotonic() - started)


def _branch_and_bound(proto: Any, parameters: Any, budget: Budget, time_limit: float, progress: Progress) -> Any:
    """
    Solve a MIP with HiGHS, which hears no request to stop: it runs in a thread that is left behind when one comes.

    SCIP then gets a moment for an answer of its own. HiGHS is also left behind when it overruns its time limit. SCIP steps in
    where HiGHS 1.12 breaks off, as on some models with free integer columns.
    """
    started = time.monotonic()
    answers: list[Any] = []
    shortages: list[MemoryError] = []

    def search() -> None:
        try:
            with suppress(EngineError):
                answers.append(_call(proto, HIGHS, parameters, SolveInterrupter()))
        except MemoryError as error:
            shortages.append(error)

    # Not a daemon: an interpreter that ends under a running search aborts, so it waits; a solver process is killed instead.
    worker = threading.Thread(target=search, name="branch-and-bound", daemon=False)
    worker.start()
    while worker.is_alive() and not progress.stop_requested() and time.monotonic() < started + time_limit + OVERRUN:
        worker.join(POLL_SECONDS)
    worker.join(POLL_SECONDS)
    if answers:
        return answers[0]
    if shortages:
        raise shortages[0]
    left = time_limit - (time.monotonic() - started)
    stopped = worker.is_alive() and progress.stop_requested()
    if not stopped and left <= 0:
        return _out_of_time()
    answer = _scip(proto, budget, max(min(left, AFTER_STOP) if stopped else left, 0.001), SolveInterrupter())
    if stopped and answer.termination.limit == result_pb2.LIMIT_TIME:
        answer.termination.limit = result_pb2.LIMIT_INTERRUPTED
    return answer


def _out_of_time() -> Any:
    answer = result_pb2.SolveResultProto()
    answer.termination.reason = result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND
    answer.termination.limit = result_pb2.LIMIT_TIME
    return answer


def _scip(proto: Any, budget: Budget, time_limit: float, interrupter: SolveInterrupter) -> Any:
    parameters = parameters_pb2.SolveParametersProto(random_seed=budget.seed, relative_gap_tolerance=budget.relative_gap)
    parameters.time_limit.FromNanoseconds(int(time_limit * 1e9))
    if budget.iteration_limit is not None:
        parameters.node_limit = budget.iteration_limit
    return _call(proto, SCIP, parameters, interrupter)


def _call(proto: Any, engine: Any, parameters: Any, interrupter: SolveInterrupter) -> Any:
    try:
        return math_opt.solve(
            proto,
            engine,
            parameters_pb2.SolverInitializerProto(),
            parameters,
            model_parameters_pb2.ModelSolveParametersProto(),
            None,
            callback_pb2.CallbackRegistrationProto(),
            None,
            interrupter.pybind_interrupter,
        )
    except StatusNotOk as error:
        raise EngineError(f"the linear engine refused the model: {error}") from error


def model_proto(model: LinearModel) -> model_pb2.ModelProto:
    """Return the model as MathOpt's protocol buffer, without names (they stay in the side tables)."""
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(model.columns))
    proto.variables.lower_bounds.extend(model.column_lower.tolist())
    proto.variables.upper_bounds.extend(model.column_upper.tolist())
    proto.variables.integers.extend(model.integer.tolist())
    costed = np.flatnonzero(model.objective)
    proto.objective.maximize = model.sense == "max"
    proto.objective.offset = model.offset
    proto.objective.linear_coefficients.ids.extend(costed.tolist())
    proto.objective.linear_coefficients.values.extend(model.objective[costed].tolist())
    proto.linear_constraints.ids.extend(range(model.rows))
    proto.linear_constraints.lower_bounds.extend(model.row_lower.tolist())
    proto.linear_constraints.upper_bounds.extend(model.row_upper.tolist())
    proto.linear_constraint_matrix.row_ids.extend(model.row_index().tolist())
    proto.linear_constraint_matrix.column_ids.extend(model.indices.tolist())
    proto.linear_constraint_matrix.coefficients.extend(model.coefficients.tolist())
    return proto


def _parameters(model: LinearModel, budget: Budget, time_limit: float) -> parameters_pb2.SolveParametersProto:
    parameters = parameters_pb2.SolveParametersProto()
    parameters.time_limit.FromNanoseconds(int(time_limit * 1e9))
    parameters.random_seed = budget.seed
    if model.is_mip:
        parameters.relative_gap_tolerance = budget.relative_gap
        parameters.highs.int_options["threads"] = _SCHEDULER.setdefault("threads", budget.threads)
        if budget.iteration_limit is not None:
            parameters.node_limit = budget.iteration_limit
    elif budget.iteration_limit is not None:
        parameters.iteration_limit = budget.iteration_limit
    return parameters


@contextmanager
def _interrupter(progress: Progress) -> Iterator[SolveInterrupter]:
    """Give an interrupter that fires soon after `progress` asks to stop."""
    interrupter = SolveInterrupter()
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(POLL_SECONDS):
            if progress.stop_requested():
                interrupter.interrupt()
                return

    watcher = threading.Thread(target=watch, name="stop-watch", daemon=True)
    watcher.start()
    try:
        yield interrupter
    finally:
        finished.set()
        watcher.join()


def _raw(model: LinearModel, answer: Any, *, build_time: float, solve_time: float) -> Raw:
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
        detail=DETAILS[reason] + (f" ({limit} limit)" if limit != "none" else ""),
        values=_dense(solution.primal_solution.variable_values, model.columns) if feasible else None,
        duals=_dense(solution.dual_solution.dual_values, model.rows) if dual else None,
        reduced_costs=_dense(solution.dual_solution.reduced_costs, model.columns) if dual else None,
        column_status=_statuses(solution.basis.variable_status, model.columns) if basis else None,
        row_status=_statuses(solution.basis.constraint_status, model.rows) if basis else None,
        ray=_dense(answer.primal_rays[0].variable_values, model.columns) if len(answer.primal_rays) else None,
        bound=float(termination.objective_bounds.dual_bound),
        primal_feasible=feasible,
        iterations=int(stats.node_count if model.is_mip else stats.simplex_iterations),
        build_time=build_time,
        solve_time=solve_time,
    )


def _dense(vector: Any, size: int) -> Floats:
    dense = np.zeros(size)
    dense[np.fromiter(vector.ids, dtype=np.int64, count=len(vector.ids))] = vector.values
    return dense


def _statuses(vector: Any, size: int) -> list[BasisStatus]:
    statuses: list[BasisStatus] = ["free"] * size
    for index, status in zip(vector.ids, vector.values, strict=True):
        statuses[index] = BASIS_STATUSES[status]
    return statuses
