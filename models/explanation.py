"""
The explanation: one shape for every endpoint.

What cannot be had is null, with the reason under the same key in `unavailable`. Signs: `shadow_price` is the change of the
caller's objective per +1 on the right-hand side as the caller wrote it, for min and max alike (of the active side of a range).
"""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output

DualKind = Literal["exact", "approximate", "relaxation", "fixed_integers", "restricted_routes", "none"]
BasisStatus = Literal["basic", "at_lower", "at_upper", "fixed", "free"]


class Symbol(Output):
    """A set, parameter, variable family, objective or constraint family of the formulation."""

    symbol: Annotated[str, Field(description="How it is written.", examples=["x_t"])]
    latex: Annotated[str, Field(description="The same in LaTeX, without dollar signs.")]
    text: Annotated[str, Field(description="The same as plain text.")]
    meaning: Annotated[str, Field(description="What it stands for, in the caller's words.")]
    unit: Annotated[str | None, Field(description="Its unit; null when it has none.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from; null when it is derived.")]
    count: Annotated[int | None, Field(description="How many there are.")]


class ModelSize(Output):
    """Size of the formulation."""

    variables: Annotated[int, Field(description="Number of variables.")]
    constraints: Annotated[int, Field(description="Number of constraints.")]
    nonzeros: Annotated[int, Field(description="Number of nonzero coefficients.")]
    integers: Annotated[int, Field(description="How many variables are integer.")]


class Formulation(Output):
    """The mathematics that was solved."""

    name: Annotated[str, Field(description="Name of the formulation.")]
    sense: Annotated[Literal["min", "max"], Field(description="Direction of the objective.")]
    size: Annotated[ModelSize | None, Field(description="Size; null for a formulation that is never written out.")]
    sets: Annotated[list[Symbol], Field(description="Index sets.")]
    parameters: Annotated[list[Symbol], Field(description="Numbers from the request.")]
    variables: Annotated[list[Symbol], Field(description="Decisions.")]
    objective: Annotated[Symbol, Field(description="What is minimised or maximised.")]
    constraints: Annotated[list[Symbol], Field(description="Families of conditions.")]
    latex: Annotated[str, Field(description="The whole formulation as one LaTeX block.")]
    text: Annotated[str, Field(description="The whole formulation as plain text.")]
    mps: Annotated[str | None, Field(description="Path to the model as an MPS file; null where there is none.")]
    lp: Annotated[str | None, Field(description="Path to the model as an LP file; null where there is none.")]
    dual_latex: Annotated[
        str | None, Field(description="The dual linear program as one LaTeX block; null where there is none.")
    ]
    dual_text: Annotated[str | None, Field(description="The dual linear program as plain text; null where there is none.")]


class Range(Output):
    """Over which values of one number of the request the optimal basis stays optimal, all other numbers unchanged."""

    lower: Annotated[float | None, Field(description="Lower end; null when there is none.")]
    upper: Annotated[float | None, Field(description="Upper end; null when there is none.")]
    objective_at_lower: Annotated[float | None, Field(description="Objective at the lower end; null when there is none.")]
    objective_at_upper: Annotated[float | None, Field(description="Objective at the upper end; null when there is none.")]
    limiting_at_lower: Annotated[
        str | None, Field(description="Constraint or variable that changes its place in the basis at the lower end.")
    ]
    limiting_at_upper: Annotated[str | None, Field(description="The same at the upper end.")]


class ConstraintReport(Output):
    """One constraint at the answer."""

    name: Annotated[str, Field(description="Row name.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    activity: Annotated[float, Field(description="Value of the left-hand side.")]
    lower: Annotated[float | None, Field(description="Lower side; null when there is none.")]
    upper: Annotated[float | None, Field(description="Upper side; null when there is none.")]
    slack: Annotated[float, Field(description="Distance to the nearer side; 0 when binding.")]
    binding: Annotated[bool, Field(description="True when the activity lies on a side.")]
    shadow_price: Annotated[
        float | None, Field(description="Change of the objective per +1 on the right-hand side; null in a MIP.")
    ]
    shadow_price_up: Annotated[
        float | None, Field(description="When degenerate: change of the objective per unit by which the right-hand side rises.")
    ]
    shadow_price_down: Annotated[
        float | None,
        Field(description="When degenerate: change of the objective per +1 of the right-hand side, measured where it falls."),
    ]
    shadow_price_relaxation: Annotated[float | None, Field(description="In a MIP: the price in the LP relaxation.")]
    shadow_price_fixed_integers: Annotated[float | None, Field(description="In a MIP: the price with all integers fixed.")]
    improvement_if_relaxed: Annotated[
        float | None, Field(description="How much the objective improves per unit by which an inequality is relaxed; >= 0.")
    ]
    rhs_range: Annotated[
        Range | None, Field(description="Right-hand sides over which the price holds (of the active side); null when unknown.")
    ]
    unit: Annotated[str | None, Field(description="Unit of the right-hand side.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class VariableReport(Output):
    """One variable at the answer."""

    name: Annotated[str, Field(description="Column name.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    value: Annotated[float, Field(description="Its value.")]
    lower: Annotated[float | None, Field(description="Lower bound; null when there is none.")]
    upper: Annotated[float | None, Field(description="Upper bound; null when there is none.")]
    objective: Annotated[float, Field(description="Its coefficient in the caller's objective.")]
    reduced_cost: Annotated[float | None, Field(description="Change of the objective per +1 of the variable; null in a MIP.")]
    cost_range: Annotated[
        Range | None, Field(description="Objective coefficients over which the answer stays optimal; null when unknown.")
    ]
    status: Annotated[BasisStatus | None, Field(description="Its place in the basis; null without a basis.")]
    unit: Annotated[str | None, Field(description="Unit of the value.")]


class Duals(Output):
    """What kind of prices the explanation holds."""

    available: Annotated[bool, Field(description="True when prices are given.")]
    kind: Annotated[
        DualKind,
        Field(
            description="exact (LP, of a vertex), approximate (LP, first-order method), relaxation or fixed_integers (MIP), "
            "restricted_routes, none."
        ),
    ]
    degenerate: Annotated[bool | None, Field(description="True when prices may hold on one side only; null when unknown.")]
    alternative_optima: Annotated[
        bool | None, Field(description="True when other answers may have the same objective; null when unknown.")
    ]
    reason: Annotated[str, Field(description="Why this kind, or why none.")]


class TermShare(Output):
    """One part of the cost."""

    name: Annotated[str, Field(description="What the money is spent on.")]
    value: Annotated[float, Field(description="Its amount.")]
    share: Annotated[float | None, Field(description="Its share of the total; null when the total is 0.")]
    pointer: Annotated[str | None, Field(description="The numbers in the request that cause it.")]


class Conflict(Output):
    """One member of an irreducible set of conditions that cannot hold together."""

    name: Annotated[str, Field(description="Row, bound or item in the caller's words.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    sentence: Annotated[str, Field(description="What it demands.")]


class RepairChange(Output):
    """One number of the problem that a repair changes."""

    name: Annotated[str, Field(description="What is relaxed.", examples=["line_a"])]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.", examples=["/constraints/3/upper"])]
    amount: Annotated[float, Field(description="By how much it changes, in `unit`; > 0.", examples=[40.0])]
    current: Annotated[
        float | None,
        Field(description="Its side or bound now, in `unit`; null when it is no single number.", examples=[160.0]),
    ]
    value: Annotated[
        float | None,
        Field(description="Its side or bound in the repaired problem, in `unit`; null as for `current`.", examples=[200.0]),
    ]
    unit: Annotated[str | None, Field(description="Unit of the condition; null when it has none.", examples=["h"])]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


RepairKind = Literal["least_cost", "single_change", "fewer_changes", "found"]


class Repair(Output):
    """One way to make the problem feasible: all its changes are made together."""

    kind: Annotated[
        RepairKind,
        Field(
            description="least_cost: no repair costs less. single_change: this one change alone suffices. fewer_changes: fewer "
            "changes than the repair of least cost, none of which can be left out. found: time ended before it was proved that "
            "none costs less."
        ),
    ]
    cost: Annotated[
        float, Field(description="Sum of the amounts, each times its relaxation cost (1 per unit unless the request says).")
    ]
    changes: Annotated[list[RepairChange], Field(description="What is changed, all together; dearest first.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]
    verified: Annotated[
        bool, Field(description="True: the problem with exactly these changes was solved again and has an answer.")
    ]


class Infeasibility(Output):
    """Why there is no answer, and what would have to change."""

    subset: Annotated[list[Conflict], Field(description="Conditions that cannot hold together; dropping any one resolves it.")]
    irreducible: Annotated[
        bool | None,
        Field(
            description="True: for every member an answer to all the others was found and checked. False: time ended before "
            "that was shown, so some member may be needless. Null: not examined, or no subset."
        ),
    ]
    total_violation: Annotated[
        float | None,
        Field(description="Least total violation of all that may give way, each unit counted at its relaxation cost."),
    ]
    repairs: Annotated[list[Repair], Field(description="Alternatives, least cost first; each of them suffices alone.")]


class Reproduce(Output):
    """What is needed to get the same answer again."""

    versions: Annotated[dict[str, str], Field(description="Versions of Shadowprice and of the solver libraries.")]
    seed: Annotated[int, Field(description="Seed of the search.")]
    input_sha256: Annotated[str, Field(description="SHA-256 of the request body as it was read.")]


class Explanation(Output):
    """The working behind an answer; features add their own keys."""

    level: Annotated[Literal["summary", "full"], Field(description="The level that was asked for.")]
    formulation: Annotated[Formulation | None, Field(description="The mathematics that was solved.")]
    constraints: Annotated[
        list[ConstraintReport] | None, Field(description="Constraints in model order; summary: those that bind.")
    ]
    variables: Annotated[
        list[VariableReport] | None, Field(description="Variables in model order; summary: those that are not 0.")
    ]
    duals: Annotated[Duals, Field(description="What kind of prices these are.")]
    objective_terms: Annotated[list[TermShare] | None, Field(description="What makes up the cost.")]
    infeasibility: Annotated[Infeasibility | None, Field(description="Why there is no answer.")]
    narrative: Annotated[list[str], Field(description="3 to 6 sentences with numbers.")]
    reproduce: Annotated[Reproduce, Field(description="What is needed to get the same answer again.")]
    unavailable: Annotated[dict[str, str], Field(description="For each key that is null: the reason.")]


class BoundPoint(Output):
    """One moment of a branch and bound search."""

    seconds: Annotated[float, Field(description="Time since the start of the search, in seconds.")]
    value: Annotated[float | None, Field(description="Best objective so far; null before the first answer.")]
    bound: Annotated[float | None, Field(description="Best proved bound so far; null before the first.")]


class Regret(Output):
    """One integer decision flipped, and the problem solved again."""

    name: Annotated[str, Field(description="Column name.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    value: Annotated[float, Field(description="Its value in the answer.")]
    flipped_to: Annotated[float, Field(description="The value that was forced.")]
    objective: Annotated[float | None, Field(description="Best objective found with it; null when none was found.")]
    regret: Annotated[float | None, Field(description="By how much the objective is worse, >= 0; null when none was found.")]
    proved: Annotated[bool, Field(description="True when the second solve was carried to its proof.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class MixedInteger(Output):
    """What only a model with integer decisions has to explain."""

    relaxation_value: Annotated[float | None, Field(description="Optimal objective without integrality; null when unknown.")]
    relaxation_gap: Annotated[
        float | None, Field(description="|value - relaxation value| / |value|: what whole numbers cost; null when unknown.")
    ]
    bound_history: Annotated[list[BoundPoint], Field(description="How value and bound approached each other.")]
    regrets: Annotated[list[Regret], Field(description="The decisions that matter most, flipped; largest regret first.")]


class Step(Output):
    """How far one variable moves along a direction."""

    name: Annotated[str, Field(description="Column name.")]
    pointer: Annotated[str | None, Field(description="Where in the request it comes from.")]
    step: Annotated[float, Field(description="Its change per step, in its unit.")]


MissingKind = Literal["upper_bound", "lower_bound", "upper_side", "lower_side", "cost"]


class Missing(Output):
    """A bound, side or cost whose absence lets the objective improve without end."""

    kind: Annotated[
        MissingKind,
        Field(description="upper_bound and lower_bound of a variable, upper_side and lower_side of a constraint, or its cost."),
    ]
    name: Annotated[str, Field(description="Variable or constraint in the caller's words.")]
    pointer: Annotated[str | None, Field(description="Where in the request it would stand.", examples=["/variables/0/upper"])]
    threshold: Annotated[
        float | None, Field(description="For a cost: the value at which this direction no longer improves; else null.")
    ]
    sufficient: Annotated[
        bool | None,
        Field(
            description="True: with it alone no direction improves without end (solved again). False: this direction ends, "
            "but another one remains. Null: not examined."
        ),
    ]
    sentence: Annotated[str, Field(description="What is missing.")]


class Unboundedness(Output):
    """Why the objective improves without end."""

    direction: Annotated[list[Step], Field(description="Variables that move, largest first.")]
    objective_change: Annotated[float, Field(description="Change of the objective per step.")]
    verified: Annotated[
        bool,
        Field(description="True: no side or bound ends the direction and the objective improves, recomputed from the model."),
    ]
    missing: Annotated[
        list[Missing],
        Field(description="What would stop it; any one of these ends this direction. Those that suffice alone come first."),
    ]


class Point(Output):
    """A point of the plane."""

    x: Annotated[float, Field(description="Value of the first variable.")]
    y: Annotated[float, Field(description="Value of the second variable.")]
    objective: Annotated[float, Field(description="Objective there.")]
    binding: Annotated[list[str], Field(description="Names of the constraints and bounds that hold with equality there.")]


class Geometry(Output):
    """A linear program of two variables as a drawing."""

    x: Annotated[str, Field(description="Name of the first variable.")]
    y: Annotated[str, Field(description="Name of the second variable.")]
    bounded: Annotated[bool, Field(description="False when the feasible region has no end in some direction.")]
    vertices: Annotated[list[Point], Field(description="Vertices of the feasible region, counter-clockwise.")]
    rays: Annotated[list[list[float]], Field(description="Directions [x, y] in which the region has no end.")]
    simplex_path: Annotated[list[Point], Field(description="Vertices that the simplex method passes, from start to optimum.")]


class LinearModelExplanation(Explanation):
    """The working behind an answer that comes from a linear model."""

    mixed_integer: Annotated[MixedInteger | None, Field(description="Bound history and regrets of integer decisions.")]
    unbounded: Annotated[Unboundedness | None, Field(description="Why the objective improves without end.")]
    geometry: Annotated[Geometry | None, Field(description="The feasible polygon of a linear program of two variables.")]
