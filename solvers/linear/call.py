"""The seam to OR-Tools MathOpt: one call of one engine, with its limits, its log and a way to interrupt it."""

from collections.abc import Callable, Sequence
from typing import Any

from ortools.math_opt import callback_pb2, model_parameters_pb2, parameters_pb2
from ortools.math_opt.core.python import solver as math_opt
from ortools.math_opt.python.solve import StatusNotOk
from ortools.util.python.solve_interrupter import SolveInterrupter

from solvers.base import Budget
from solvers.errors import EngineError
from solvers.linear.algorithms import Algorithm
from solvers.linear.bound_history import BoundHistory

HIGHS = parameters_pb2.SOLVER_TYPE_HIGHS
SCIP = parameters_pb2.SOLVER_TYPE_GSCIP
CP_SAT = parameters_pb2.SOLVER_TYPE_CP_SAT
PDLP = parameters_pb2.SOLVER_TYPE_PDLP

FIRST_ORDER_TOLERANCE = 1e-8
"""Relative and absolute residuals at which the first-order method stops: a hundredth of what the certificate allows."""

_SCHEDULER: dict[str, int] = {}
"""HiGHS keeps one thread pool for the life of a process and fails when asked for another size: the first size stays."""


def call(
    proto: Any,
    algorithm: Algorithm,
    budget: Budget,
    *,
    mip: bool,
    interrupter: SolveInterrupter,
    history: BoundHistory | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
) -> Any:
    """
    Run one engine on a model and return MathOpt's answer.

    Parameters
    ----------
    proto
        The model.
    algorithm
        Which engine, and which of its methods.
    budget
        Time limit in seconds, iteration limit (nodes in a MIP, conflicts in CP-SAT), relative gap, seed, threads.
    mip
        True when the model has integer variables.
    interrupter
        Ends the engines that hear of it.
    history
        Takes in the bounds and values of a MIP while the engine runs.
    scale, offset
        What CP-SAT tells divided by `scale`, plus `offset`, is in the caller's terms.

    Raises
    ------
    EngineError
        When the library reports an error of its own, with its text.
    """
    on_lines, registration, on_event = _listeners(algorithm, history, scale=scale, offset=offset)
    try:
        return math_opt.solve(
            proto,
            algorithm.engine,
            parameters_pb2.SolverInitializerProto(),
            _parameters(algorithm, budget, mip=mip),
            model_parameters_pb2.ModelSolveParametersProto(),
            on_lines,
            registration,
            on_event,
            interrupter.pybind_interrupter,
        )
    except StatusNotOk as error:
        raise EngineError(f"the linear engine refused the model: {error}") from error


def _parameters(algorithm: Algorithm, budget: Budget, *, mip: bool) -> Any:
    parameters = parameters_pb2.SolveParametersProto(lp_algorithm=algorithm.lp_algorithm)
    if algorithm.engine != PDLP:  # it draws no random numbers and refuses a seed
        parameters.random_seed = budget.seed
    parameters.time_limit.FromNanoseconds(int(max(budget.time_limit, 0.001) * 1e9))
    if mip:
        parameters.relative_gap_tolerance = budget.relative_gap
    if algorithm.engine == HIGHS:
        parameters.highs.int_options["threads"] = _SCHEDULER.setdefault("threads", budget.threads)
    elif algorithm.engine in (CP_SAT, PDLP):
        parameters.threads = budget.threads
    if algorithm.engine == PDLP:
        criteria = parameters.pdlp.termination_criteria.simple_optimality_criteria
        criteria.eps_optimal_absolute = criteria.eps_optimal_relative = FIRST_ORDER_TOLERANCE
    if budget.iteration_limit is not None:
        if algorithm.engine == CP_SAT:  # it has no tree of nodes; a conflict is the step of its search
            parameters.cp_sat.max_number_of_conflicts = budget.iteration_limit
        elif mip:
            parameters.node_limit = budget.iteration_limit
        else:
            parameters.iteration_limit = min(budget.iteration_limit, 2**31 - 1)
    return parameters


def _listeners(
    algorithm: Algorithm, history: BoundHistory | None, *, scale: float, offset: float
) -> tuple[Callable[[Sequence[str]], None] | None, Any, Callable[[Any], Any] | None]:
    """Return what listens to the log, which events are asked for, and what listens to those."""
    registration = callback_pb2.CallbackRegistrationProto()
    if history is None:
        return None, registration, None
    if algorithm.engine == HIGHS:
        return history.read_highs, registration, None
    if algorithm.engine == SCIP:
        return history.read_scip, registration, None
    events = (callback_pb2.CALLBACK_EVENT_MIP_SOLUTION, callback_pb2.CALLBACK_EVENT_MIP)
    registration.request_registration.extend(events)

    def on_event(data: Any) -> Any:
        stats = data.mip_stats
        history.note(value=stats.primal_bound / scale + offset, bound=stats.dual_bound / scale + offset)
        return callback_pb2.CallbackResultProto()

    return None, registration, on_event
