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
from models.routing import RoutingExplanation, RoutingProblem, RoutingSolution
from models.run import RunWarning
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
    "routing": Entry(RoutingProblem, RoutingSolution, RoutingExplanation, routing.issues, routing.warnings),
}
