"""
Linear and mixed-integer problems: named JSON, sparse arrays, MPS or LP text.

Exactly one of the forms is given: `variables` with `constraints`, `columns`, `mps` or `lp`.
"""

from typing import Annotated, Literal

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input, Number, Output, Positive, Text
from models.options import Options

MAX_VARIABLES = 500_000
MAX_CONSTRAINTS = 500_000
MAX_NONZEROS = 1_000_000
MAX_TERMS = 100_000
MAX_MODEL_TEXT = 120_000_000

Numbers = Annotated[list[Number], FirstErrorOnly]
Sides = Annotated[list[Number | None], FirstErrorOnly]
Names = Annotated[list[Identifier], FirstErrorOnly]
Flags = Annotated[list[bool], FirstErrorOnly]
Costs = Annotated[list[Positive], FirstErrorOnly]


class LinearOptions(Options):
    """Options of a linear solve."""

    solver: Annotated[
        Literal["auto", "simplex", "branch_and_bound", "interior_point", "first_order", "constraint_programming"],
        Field(
            description="auto: by the structure of the model, several at once where threads allow; stats.solver and "
            "stats.reasons tell what ran. Linear programs: simplex and interior_point end at a vertex with exact prices, "
            "first_order near an optimum with approximate prices. Integer models: branch_and_bound; constraint_programming "
            "when all variables are integer with bounds and all coefficients are decimals of at most 6 places."
        ),
    ] = "auto"


class LinearVariable(Input):
    """One decision variable."""

    name: Annotated[Identifier, Field(description="Unique name.", examples=["oats"])]
    lower: Annotated[
        Number | None, Field(description="Smallest value, in the unit of the variable. Left out: 0; null: it may be negative.")
    ] = 0.0
    upper: Annotated[Number | None, Field(description="Largest value, in the unit of the variable; null: no limit.")] = None
    objective: Annotated[Number, Field(description="Change of the objective per unit of the variable.", examples=[5])] = 0.0
    integer: Annotated[bool, Field(description="True when only whole numbers are allowed.")] = False
    unit: Annotated[Identifier | None, Field(description="Unit of the variable, used in the explanation.", examples=["kg"])] = (
        None
    )
    meaning: Annotated[Text | None, Field(description="What it stands for, used in the explanation.")] = None
    hard: Annotated[
        bool, Field(description="True: no repair of an infeasible problem may move its bounds. A lower bound of 0 never moves.")
    ] = False
    relaxation_cost: Annotated[
        Positive,
        Field(
            description="What it costs to move a bound by one unit of the variable when an infeasible problem is repaired; "
            "repairs are compared by the sum of these costs."
        ),
    ] = 1.0


class LinearConstraint(Input):
    """One condition: lower <= sum of coefficient x variable <= upper; both sides equal make an equation."""

    name: Annotated[Identifier, Field(description="Unique name.", examples=["fibre"])]
    terms: Annotated[
        dict[Identifier, Number],
        Field(
            max_length=MAX_TERMS, description="Coefficient of each variable, by name.", examples=[{"oats": 0.1, "nuts": 0.07}]
        ),
    ]
    lower: Annotated[
        Number | None, Field(description="The sum is at least this, in the unit of the constraint; null: no such limit.")
    ] = None
    upper: Annotated[
        Number | None, Field(description="The sum is at most this, in the unit of the constraint; null: no such limit.")
    ] = None
    unit: Annotated[Identifier | None, Field(description="Unit of both sides, used in the explanation.", examples=["g"])] = None
    meaning: Annotated[
        Text | None, Field(description="What it demands, used in the explanation.", examples=["hours of line A in week 3"])
    ] = None
    hard: Annotated[bool, Field(description="True: no repair of an infeasible problem may relax it.")] = False
    relaxation_cost: Annotated[
        Positive,
        Field(
            description="What it costs to move a side by one unit of the constraint when an infeasible problem is repaired; "
            "repairs are compared by the sum of these costs. Set it where units differ: one euro is not one tonne."
        ),
    ] = 1.0


class VariableColumns(Input):
    """All variables as parallel lists; an empty list takes the default for every variable."""

    objective: Annotated[Numbers, Field(max_length=MAX_VARIABLES, description="Objective coefficients; as many as variables.")]
    name: Annotated[Names, Field(max_length=MAX_VARIABLES, description="Unique names; empty: x0, x1, ...")] = Field(
        default_factory=list
    )
    lower: Annotated[Sides, Field(max_length=MAX_VARIABLES, description="Lower bounds, null entries: none; empty: all 0.")] = (
        Field(default_factory=list)
    )
    upper: Annotated[Sides, Field(max_length=MAX_VARIABLES, description="Upper bounds, null entries: none; empty: none.")] = (
        Field(default_factory=list)
    )
    integer: Annotated[Flags, Field(max_length=MAX_VARIABLES, description="Which are integer; empty: none is.")] = Field(
        default_factory=list
    )
    hard: Annotated[
        Flags, Field(max_length=MAX_VARIABLES, description="Whose bounds no repair may move; empty: every bound may move.")
    ] = Field(default_factory=list)
    relaxation_cost: Annotated[
        Costs,
        Field(max_length=MAX_VARIABLES, description="Cost of a repair per unit by which a bound moves; empty: 1 for all."),
    ] = Field(default_factory=list)


class ConstraintColumns(Input):
    """All constraints as parallel lists."""

    lower: Annotated[Sides, Field(max_length=MAX_CONSTRAINTS, description="Lower sides, null entries: none.")]
    upper: Annotated[Sides, Field(max_length=MAX_CONSTRAINTS, description="Upper sides, null entries: none.")]
    name: Annotated[Names, Field(max_length=MAX_CONSTRAINTS, description="Unique names; empty: c0, c1, ...")] = Field(
        default_factory=list
    )
    hard: Annotated[
        Flags, Field(max_length=MAX_CONSTRAINTS, description="Which no repair may relax; empty: every one may be relaxed.")
    ] = Field(default_factory=list)
    relaxation_cost: Annotated[
        Costs,
        Field(max_length=MAX_CONSTRAINTS, description="Cost of a repair per unit by which a side moves; empty: 1 for all."),
    ] = Field(default_factory=list)


Index = Annotated[int, Field(ge=0, lt=MAX_VARIABLES)]


class EntryColumns(Input):
    """The coefficients as triples; entries at the same place add up."""

    row: Annotated[
        list[Index], FirstErrorOnly, Field(max_length=MAX_NONZEROS, description="Position of the constraint, from 0.")
    ]
    column: Annotated[
        list[Index], FirstErrorOnly, Field(max_length=MAX_NONZEROS, description="Position of the variable, from 0.")
    ]
    value: Annotated[Numbers, Field(max_length=MAX_NONZEROS, description="Coefficient.")]


class SparseColumns(Input):
    """A model as sparse arrays: the quickest form for large models."""

    variables: Annotated[VariableColumns, Field(description="Variables as parallel lists.")]
    constraints: Annotated[ConstraintColumns, Field(description="Constraints as parallel lists.")]
    entries: Annotated[EntryColumns, Field(description="Coefficients as triples row, column, value.")]


class VariableBounds(Input):
    """Bounds of one variable that hold beside its own."""

    lower: Annotated[Number | None, Field(description="Lower bound, in the unit of the variable; null: none.")] = None
    upper: Annotated[Number | None, Field(description="Upper bound, in the unit of the variable; null: none.")] = None


class LinearProblem(Input):
    """
    A linear or mixed-integer problem.

    Write the model in one of four ways and leave out the others: `variables` with `constraints` (start here), `columns` for
    large models, or a text in `mps` or `lp`.
    """

    name: Annotated[Identifier | None, Field(description="Name of the problem, used in the explanation.")] = None
    sense: Annotated[
        Literal["min", "max"] | None,
        Field(
            description="Make the objective as small (min) or as large (max) as possible. "
            "Left out: min, or what `mps` or `lp` says."
        ),
    ] = None
    unit: Annotated[Identifier, Field(description="Unit of the objective, used in sentences.", examples=["EUR"])] = "cost"
    constant: Annotated[Number, Field(description="Added to the objective, in its unit.")] = 0.0
    variables: Annotated[
        list[LinearVariable] | None,
        Field(max_length=MAX_VARIABLES, description="The decisions, with their bounds; goes with `constraints`."),
    ] = None
    constraints: Annotated[
        list[LinearConstraint], Field(max_length=MAX_CONSTRAINTS, description="Conditions on `variables`, by their names.")
    ] = Field(default_factory=list)
    columns: Annotated[
        SparseColumns | None, Field(description="The model as sparse arrays, instead of `variables` and `constraints`.")
    ] = None
    mps: Annotated[
        str | None,
        Field(
            max_length=MAX_MODEL_TEXT,
            description="The model as MPS text, free or fixed form, with RANGES, BOUNDS and OBJSENSE. A right-hand side on the "
            "objective row is a constant: objective = c'x - rhs. Integer columns without bounds are binary.",
        ),
    ] = None
    lp: Annotated[str | None, Field(max_length=MAX_MODEL_TEXT, description="The model as text in the CPLEX LP format.")] = None
    bounds: Annotated[
        dict[Identifier, VariableBounds],
        Field(
            max_length=MAX_VARIABLES,
            description="Bounds of variables by name, whatever the form of the model; they hold beside those in the model.",
        ),
    ] = Field(default_factory=dict)
    options: Annotated[LinearOptions, Field(description="Limits, solver and level of explanation.")] = LinearOptions()


class LinearSolution(Output):
    """The values of all variables."""

    variables: Annotated[dict[str, float], Field(description="Value of every variable, by name.", examples=[{"x": 3.0}])]
