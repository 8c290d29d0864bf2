"""The algorithms that the engines of OR-Tools MathOpt offer, by the names that requests and answers use."""

from dataclasses import dataclass

from ortools.math_opt import parameters_pb2

from solvers.linear.result import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """
    One algorithm of one engine.

    `method` is its public name and `words` what a sentence calls it. `engine` is MathOpt's number of the library and
    `lp_algorithm` of the method, 0 for the library's own choice. HiGHS hears no request to stop: `interruptible` is False.
    """

    method: Method
    words: str
    engine: parameters_pb2.SolverTypeProto.ValueType
    lp_algorithm: parameters_pb2.LPAlgorithmProto.ValueType = parameters_pb2.LP_ALGORITHM_UNSPECIFIED
    interruptible: bool = True


PRIMAL_SIMPLEX = Algorithm(method="simplex", words="the primal simplex method (GLOP)", engine=parameters_pb2.SOLVER_TYPE_GLOP)
DUAL_SIMPLEX = Algorithm(
    method="simplex",
    words="the dual simplex method (GLOP)",
    engine=parameters_pb2.SOLVER_TYPE_GLOP,
    lp_algorithm=parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX,
)
LARGE_SIMPLEX = Algorithm(
    method="simplex",
    words="the dual simplex method (HiGHS)",
    engine=parameters_pb2.SOLVER_TYPE_HIGHS,
    lp_algorithm=parameters_pb2.LP_ALGORITHM_DUAL_SIMPLEX,
    interruptible=False,
)
INTERIOR_POINT = Algorithm(
    method="interior_point",
    words="the interior point method with crossover to a vertex (HiGHS)",
    engine=parameters_pb2.SOLVER_TYPE_HIGHS,
    lp_algorithm=parameters_pb2.LP_ALGORITHM_BARRIER,
    interruptible=False,
)
FIRST_ORDER = Algorithm(
    method="first_order", words="the primal-dual hybrid gradient method (PDLP)", engine=parameters_pb2.SOLVER_TYPE_PDLP
)
BRANCH_AND_BOUND = Algorithm(
    method="branch_and_bound",
    words="branch and bound (HiGHS)",
    engine=parameters_pb2.SOLVER_TYPE_HIGHS,
    interruptible=False,
)
SECOND_BRANCH_AND_BOUND = Algorithm(
    method="branch_and_bound", words="branch and bound (SCIP)", engine=parameters_pb2.SOLVER_TYPE_GSCIP
)
CONSTRAINT_PROGRAMMING = Algorithm(
    method="constraint_programming",
    words="constraint programming with clause learning (CP-SAT)",
    engine=parameters_pb2.SOLVER_TYPE_CP_SAT,
)
