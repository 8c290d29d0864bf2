"""The run envelope: what every solving endpoint answers, and what `GET /v1/runs/{id}` shows."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from models.base import Output
from models.comparison import Comparison
from models.explanation import Explanation

Status = Literal["queued", "running", "succeeded", "infeasible", "unbounded", "cancelled", "failed"]
Reason = Literal["optimal", "feasible", "infeasible", "unbounded", "imprecise", "no_solution_found", "cancelled", "error"]
Limit = Literal["time", "iteration", "node", "memory", "interrupted", "none"]
Optimality = Literal["proved", "bounded", "none"]

FINAL_STATUSES: frozenset[str] = frozenset({"succeeded", "infeasible", "unbounded", "cancelled", "failed"})


class Termination(Output):
    """Why the search ended."""

    reason: Annotated[Reason, Field(description="What is known at the end; `optimal` means within `options.relative_gap`.")]
    limit: Annotated[Limit, Field(description="Which limit ended the search, `none` when it ended by itself.")]
    detail: Annotated[str, Field(description="One sentence for people.")]


class ObjectiveTerm(Output):
    """One named part of the objective; the parts sum to the value."""

    name: Annotated[str, Field(description="What the money is spent on.", examples=["distance"])]
    value: Annotated[float, Field(description="Its amount, in the unit of the objective.")]


class Objective(Output):
    """Value and proved bound of the objective, in the caller's sense."""

    value: Annotated[float | None, Field(description="Value of the answer; null when there is none.")]
    bound: Annotated[float | None, Field(description="No answer can be better than this; null when nothing is proved.")]
    relative_gap: Annotated[float | None, Field(description="|value - bound| / max(|value|, 1e-10); null without a bound.")]
    unit: Annotated[str, Field(description="Unit of the value.", examples=["cost"])]
    terms: Annotated[list[ObjectiveTerm], Field(description="Named parts that sum to the value.")]


class Check(Output):
    """One family of conditions, recomputed from the request by code that shares nothing with the engine."""

    name: Annotated[str, Field(description="Family of conditions.", examples=["capacity"])]
    max_violation: Annotated[float, Field(description="Largest violation found, in the unit of the condition.")]
    tolerance: Annotated[float, Field(description="Largest violation that is accepted.")]


class Certificate(Output):
    """Proof that comes with the answer."""

    verified: Annotated[bool, Field(description="True when every check is within its tolerance.")]
    optimality: Annotated[Optimality, Field(description="proved: value equals bound; bounded: a bound is given; none.")]
    checks: Annotated[list[Check], Field(description="Every check with its number.")]


class RunWarning(Output):
    """Something in the request that looks wrong but does not stop the run."""

    code: Annotated[str, Field(description="Stable name, UPPER_SNAKE.")]
    pointer: Annotated[str, Field(description="Where in the request, as a JSON pointer.")]
    message: Annotated[str, Field(description="What it means and what was done.")]


class RunError(Output):
    """Why a run failed."""

    code: Annotated[str, Field(description="Stable name, UPPER_SNAKE.", examples=["SOLVER_CRASHED"])]
    title: Annotated[str, Field(description="Short name.")]
    detail: Annotated[str, Field(description="What happened this time.")]


class Stats(Output):
    """How the answer was found."""

    solver: Annotated[str, Field(description="Name of the algorithm that found the answer.")]
    reasons: Annotated[
        list[str], Field(description="Why this algorithm: how the solver was chosen, which algorithms ran, which one answered.")
    ]
    solve_time_s: Annotated[float, Field(description="Seconds in the search.")]
    build_time_s: Annotated[float, Field(description="Seconds to build the formulation.")]
    check_time_s: Annotated[float, Field(description="Seconds in the independent check.")]
    explain_time_s: Annotated[float, Field(description="Seconds to write the explanation.")]
    iterations: Annotated[int | None, Field(description="Iterations of the search, when it counts any.")]
    seed: Annotated[int, Field(description="Seed used.")]
    threads: Annotated[int, Field(description="Threads used.")]
    versions: Annotated[dict[str, str], Field(description="Versions of Shadowprice and of the solver libraries.")]


SolutionT = TypeVar("SolutionT")
ExplanationT = TypeVar("ExplanationT", bound=Explanation)


class Answer(Output, Generic[SolutionT, ExplanationT]):
    """What a finished solve hands back: the part of the envelope that the solver side fills."""

    status: Annotated[Status, Field(description="State of the run; the last five never change.")]
    termination: Annotated[Termination | None, Field(description="Why the search ended; null while it has not.")]
    objective: Annotated[Objective | None, Field(description="Value, bound, gap and cost split; null where nothing is priced.")]
    solution: Annotated[SolutionT | None, Field(description="The plan; null when there is none.")]
    explanation: Annotated[ExplanationT | None, Field(description="The working, at the level asked for.")]
    error: Annotated[RunError | None, Field(description="Why the run failed; null otherwise.")]
    certificate: Annotated[Certificate | None, Field(description="Independent check of the answer.")]
    warnings: Annotated[list[RunWarning], Field(description="What looks wrong in the request but does not stop the run.")]
    stats: Annotated[Stats | None, Field(description="How the answer was found.")]
    comparison: Annotated[
        Comparison | None,
        Field(description="What-if and why-not: this run beside its parent; null for every other run, and when it broke off."),
    ]


class Run(Answer[SolutionT, ExplanationT], Generic[SolutionT, ExplanationT]):
    """A solve as a resource: identity and clock around the answer."""

    id: Annotated[str, Field(description="Unguessable, sortable by time.", examples=["run_01J8Z3W6Q4Y9V7T2K5M1N0P8RS"])]
    kind: Annotated[str, Field(description="The endpoint it was posted to, without `/v1/`.", examples=["routing"])]
    created_at: Annotated[str, Field(description="When the request was accepted, ISO 8601 in UTC.")]
    started_at: Annotated[str | None, Field(description="When a worker began; the time limit counts from here.")]
    finished_at: Annotated[str | None, Field(description="When the answer was ready.")]
    expires_at: Annotated[str | None, Field(description="When the run is deleted.")]
