"""Two runs side by side: the questions what-if and why-not, and what they answer beside the run itself."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field, JsonValue

from models.base import Input, Output

MAX_CHANGES = 1_000
MAX_POINTER_LENGTH = 1_000

ForceT = TypeVar("ForceT", bound=Input)
Question = Literal["what-if", "why-not"]
PredictionMethod = Literal["basis", "duals", "plan", "first_order", "fixed_integers", "none"]


class RequestedChange(Input):
    """One value of the parent's request, and what shall stand there instead."""

    pointer: Annotated[
        str,
        Field(
            max_length=MAX_POINTER_LENGTH,
            description="RFC 6901 JSON pointer into the request of the parent: an existing value, or an optional field that "
            "was left out.",
            examples=["/items/0/demand/3"],
        ),
    ]
    value: Annotated[JsonValue, Field(description="The new value, of the type that the field takes.", examples=[80])]


OptionValues = Annotated[
    dict[str, JsonValue],
    Field(description="Options that replace those of the parent, for example `time_limit_s` and `explain`.", max_length=20),
]


class WhatIf(Input):
    """The question what if some numbers of a run's request were different."""

    changes: Annotated[
        list[RequestedChange],
        Field(min_length=1, max_length=MAX_CHANGES, description="The changes, applied in this order."),
    ]
    options: OptionValues = Field(default_factory=dict)


class WhyNot(Input, Generic[ForceT]):
    """The question why a run's answer does not do something else."""

    force: Annotated[ForceT, Field(description="The alternative that shall hold, in the words of the run's kind.")]
    options: OptionValues = Field(default_factory=dict)


class AppliedChange(Output):
    """One value of the request that differs from the parent's."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=True)

    pointer: Annotated[str, Field(description="Where in the request, as a JSON pointer.")]
    before: Annotated[
        JsonValue, Field(alias="from", description="What stood there; null where the field was left out; long values in words.")
    ]
    after: Annotated[JsonValue, Field(alias="to", description="What stands there now; long values in words.")]


class Predicted(Output):
    """What the parent's prices say about the change, before anything is solved again."""

    objective: Annotated[float | None, Field(description="Predicted objective; null where there is no prediction.")]
    change: Annotated[float | None, Field(description="Predicted objective less the parent's.")]
    method: Annotated[
        PredictionMethod,
        Field(
            description="basis: the optimal basis with the new numbers; duals: shadow prices and reduced costs; plan: the old "
            "answer at the new costs; first_order: both together; fixed_integers: prices with all integers fixed; none."
        ),
    ]
    exact: Annotated[bool, Field(description="True when the prediction is proved without a new solve.")]
    at_least: Annotated[
        float | None,
        Field(description="Proved: the best objective of the changed problem is at least this; null when nothing is proved."),
    ]
    at_most: Annotated[
        float | None,
        Field(description="Proved: the best objective of the changed problem is at most this; null when nothing is proved."),
    ]
    reason: Annotated[str, Field(description="Why this method, and what the number is worth.")]


class Actual(Output):
    """What the new solve found."""

    objective: Annotated[
        float | None, Field(description="Objective of this run; null without an answer that does what was forced.")
    ]
    change: Annotated[
        float | None,
        Field(description="Objective of this run less the parent's; null without both, and where they do not compare."),
    ]
    status: Annotated[
        str,
        Field(
            description="Status of this run; for routes, which leave out what cannot be served: infeasible when no plan does "
            "what was forced, no_solution_found when none was found."
        ),
    ]


class ChangedDecision(Output):
    """One decision that differs between the two answers."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=True)

    name: Annotated[str, Field(description="The decision.", examples=["order[oat-milk,3]"])]
    before: Annotated[float | str | None, Field(alias="from", description="In the parent's answer; null: it was not there.")]
    after: Annotated[float | str | None, Field(alias="to", description="In this run's answer; null: it is not there.")]


class TermChange(Output):
    """One part of the objective that differs between the two answers."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=True)

    name: Annotated[str, Field(description="What the money is spent on.", examples=["holding"])]
    before: Annotated[float, Field(alias="from", description="Its amount in the parent's answer.")]
    after: Annotated[float, Field(alias="to", description="Its amount in this run's answer.")]


class CostChange(Output):
    """One coefficient of the objective that would have to change."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_alias=True, validate_by_name=True)

    name: Annotated[str, Field(description="The decision whose coefficient it is.")]
    pointer: Annotated[str | None, Field(description="Where in the request the decision comes from.")]
    before: Annotated[float, Field(alias="from", description="The coefficient as it is.")]
    after: Annotated[float, Field(alias="to", description="The coefficient that makes the alternative optimal.")]


class OptimalIf(Output):
    """The least change of the forced decisions' objective coefficients at which the alternative is optimal."""

    changes: Annotated[list[CostChange], Field(description="Coefficients that change; none when the alternative is optimal.")]
    total: Annotated[float, Field(description="Sum of the sizes of the changes.")]
    verified: Annotated[bool, Field(description="True: a new solve with these coefficients costs what the alternative costs.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class Comparison(Output):
    """A run beside the run that it was made from."""

    question: Annotated[Question, Field(description="Which question made this run.")]
    parent: Annotated[str, Field(description="Id of the run that was asked about; it may have been deleted since.")]
    changes: Annotated[list[AppliedChange], Field(description="What differs in the request, options aside.")]
    force: Annotated[dict[str, JsonValue] | None, Field(description="why-not: the alternative that was forced; else null.")]
    predicted: Annotated[Predicted, Field(description="What the parent's prices foretell.")]
    actual: Annotated[Actual, Field(description="What the new solve found.")]
    terms: Annotated[list[TermChange], Field(description="Parts of the objective that differ, largest difference first.")]
    changed: Annotated[list[ChangedDecision], Field(description="The decisions that changed most, at most 20.")]
    changed_total: Annotated[int, Field(description="How many decisions changed.")]
    optimal_if: Annotated[
        OptimalIf | None, Field(description="why-not on a linear program: what would make the alternative optimal; else null.")
    ]
    why: Annotated[list[str], Field(description="What the change is made of: prices, parts of the cost, the conflict.")]
    unavailable: Annotated[dict[str, str], Field(description="For each key that cannot be had: the reason.")]
    sentence: Annotated[str, Field(description="Predicted and true change in one sentence.")]
