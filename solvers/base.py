"""
What a solver is: `supports` a problem, and `solve` it within a budget while reporting progress.

The pipeline (`solvers.pipeline`) calls a solver, then the feature's independent check, then its explanation. Infeasible and
unbounded are outcomes; a malformed problem is an error that validation must have caught; a bug is an exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from models.run import Objective, RunWarning, Status, Termination

ProblemT = TypeVar("ProblemT", contravariant=True)
SolutionT = TypeVar("SolutionT", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """
    What a search may spend.

    `time_limit` is in seconds and already leaves out what the check and the explanation need. `threads` is at least 1.
    `explain` tells a solver whether its caller will ask for a vertex solution with prices.
    """

    time_limit: float
    iteration_limit: int | None
    relative_gap: float
    seed: int
    threads: int
    explain: str = "none"


class Progress(Protocol):
    """How a running search talks to whoever supervises it."""

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """
        Report a better solution or bound; cheap to call, reports are thinned out by the receiver.

        `unassigned` is how many orders the solution leaves out, None where nothing can be left out.
        """

    def log(self, message: str) -> None:
        """Report one line for people."""

    def stop_requested(self) -> bool:
        """Tell whether the search should end now and hand back its best solution."""


class Silent:
    """A `Progress` for callers that do not listen: reports go nowhere and nobody asks to stop."""

    def incumbent(self, *, objective: float | None, bound: float | None, unassigned: int | None = None) -> None:
        """Ignore the report."""

    def log(self, message: str) -> None:
        """Ignore the line."""

    def stop_requested(self) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[SolutionT]):
    """
    What a solver hands back.

    `status` is one of succeeded, infeasible, unbounded, cancelled or failed; `solution` is None exactly when there is no plan.
    `evidence` holds what the feature's check and explanation need beyond the solution (for linear formulations: the model with
    its primal and dual values). Times are seconds.
    """

    status: Status
    termination: Termination
    objective: Objective | None
    solution: SolutionT | None
    evidence: Any = None
    solver: str | None = None
    """Algorithm that found the answer where the solver ran several; None: the solver that was chosen."""
    reasons: Sequence[str] = field(default_factory=tuple)
    """Sentences on why the search took this way: which algorithms ran and which one answered."""
    iterations: int | None = None
    threads: int | None = None
    """Threads that the search used; None: as many as the budget allowed."""
    build_time: float = 0.0
    solve_time: float = 0.0
    warnings: Sequence[RunWarning] = field(default_factory=tuple)


class Solver(Protocol[ProblemT, SolutionT]):
    """One algorithm for one feature; stateless, so an instance can be shared."""

    name: ClassVar[str]
    libraries: ClassVar[tuple[str, ...]]
    """Distributions whose versions belong into `stats.versions`."""

    def supports(self, problem: ProblemT) -> str | None:
        """Return None when the solver can solve the problem, else the reason why not, as a sentence."""

    def solve(self, problem: ProblemT, budget: Budget, progress: Progress) -> Outcome[SolutionT]:
        """
        Solve the problem within the budget.

        Raises
        ------
        solvers.errors.SolverError
            When the engine broke off; the run fails and nothing else does.
        """


def relative_gap(value: float | None, bound: float | None) -> float | None:
    """Return |value - bound| / max(|value|, 1e-10), or None when either is missing."""
    if value is None or bound is None:
        return None
    return abs(value - bound) / max(abs(value), 1e-10)
