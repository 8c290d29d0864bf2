"""
Every kind of problem, on the side of the front door: its types, what makes a request invalid, what looks odd in it.

Imported by the process that serves HTTP, so nothing here may load a solver library. The solving side of the same kinds is
`solvers.registry`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from models.errors import Issue
from models.explanation import Explanation
from models.forecasting import ForecastExplanation, ForecastProblem, ForecastSolution
from models.linear import LinearExplanation, LinearProblem, LinearSolution
from models.routing import RoutingExplanation, RoutingProblem, RoutingSolution
from models.run import RunWarning
from solvers.forecasting import semantics as forecasting
from solvers.linear import semantics as linear
from solvers.routing import semantics as routing


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of problem: `issues` are errors that only show when fields are compared, `warnings` are only oddities."""

    problem: type[BaseModel]
    solution: type[BaseModel]
    explanation: type[Explanation]
    issues: Callable[[Any], Sequence[Issue]]
    warnings: Callable[[Any], Sequence[RunWarning]]


PROBLEMS: Mapping[str, Entry] = {
    "forecasting": Entry(ForecastProblem, ForecastSolution, ForecastExplanation, forecasting.issues, forecasting.warnings),
    "routing": Entry(RoutingProblem, RoutingSolution, RoutingExplanation, routing.issues, routing.warnings),
    "linear": Entry(LinearProblem, LinearSolution, LinearExplanation, linear.issues, linear.warnings),
}
