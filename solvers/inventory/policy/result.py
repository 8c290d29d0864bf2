"""What a policy's algorithm hands back, and how it becomes an outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from models.inventory_policy.explanation import NewsvendorProgram
from models.inventory_policy.solution import Figure, PolicySolution, Simulation
from models.run import Objective, ObjectiveTerm, Termination
from solvers.base import Outcome, relative_gap
from solvers.inventory.policy.working import Working

EMPTY: Mapping[str, None] = dict.fromkeys(set(PolicySolution.model_fields) - {"policy", "method", "figures", "simulation"})
"""Numbers that a policy does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A named part of the cost, and the field below `/parameters` that causes it."""

    name: str
    value: float
    field: str


@dataclass(slots=True, kw_only=True)
class PolicyResult:
    """
    The numbers of a policy with their working.

    `numbers` are fields of `PolicySolution`. `bound` is a proved bound on the best cost of the policy's class, None without
    one. `terms` sum to the objective; without terms there is no objective.
    """

    method: str
    numbers: Mapping[str, Any]
    terms: Sequence[Term]
    working: Working
    narrative: Sequence[str]
    detail: str
    bound: float | None = None
    figures: Sequence[Figure] = field(default_factory=tuple)
    simulation: Simulation | None = None
    program: NewsvendorProgram | None = None
    iterations: int | None = None
    reason: Literal["optimal", "feasible"] | None = None

    @property
    def value(self) -> float:
        """Value of the objective: the sum of its terms."""
        return sum(term.value for term in self.terms)


def figure(name: str, value: float, unit: str | None, meaning: str) -> Figure:
    """Return a further number of a policy."""
    return Figure(name=name, value=float(value), unit=unit, meaning=meaning)


def outcome_of(policy: str, result: PolicyResult, *, relative_gap_wanted: float, seconds: float) -> Outcome[PolicySolution]:
    """Return the outcome of a policy's algorithm; it is optimal when its bound is within the wanted gap."""
    objective = None
    reason: Literal["optimal", "feasible"] = "optimal"
    if result.terms:
        gap = relative_gap(result.value, result.bound)
        reason = "optimal" if gap is not None and gap <= max(relative_gap_wanted, 1e-9) else "feasible"
        objective = Objective(
            value=result.value,
            bound=result.bound,
            relative_gap=gap,
            unit=result.working.unit,
            terms=[ObjectiveTerm(name=term.name, value=term.value) for term in result.terms],
        )
    fields = {**EMPTY, **result.numbers}
    solution = PolicySolution(
        policy=policy, method=result.method, figures=list(result.figures), simulation=result.simulation, **fields
    )
    return Outcome(
        status="succeeded",
        termination=Termination(reason=result.reason or reason, limit="none", detail=result.detail),
        objective=objective,
        solution=solution,
        evidence=result,
        iterations=result.iterations,
        threads=1,
        solve_time=seconds,
    )
