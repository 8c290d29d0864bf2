"""The working behind a stock policy."""

from typing import Annotated

from pydantic import Field

from models.base import Output
from models.explanation import Explanation


class PolicyFormula(Output):
    """A formula, and the same with the numbers of the request."""

    name: Annotated[str, Field(description="What it computes.", examples=["order_quantity"])]
    latex: Annotated[str, Field(description="The formula in LaTeX, without dollar signs.")]
    text: Annotated[str, Field(description="The formula as plain text.")]
    latex_numbers: Annotated[str, Field(description="The formula with the numbers put in, in LaTeX.")]
    text_numbers: Annotated[str, Field(description="The formula with the numbers put in, as plain text.")]
    value: Annotated[float, Field(description="What comes out.")]
    unit: Annotated[str | None, Field(description="Its unit; null when it has none.")]


class MarginalArgument(Output):
    """Why a little more or a little less is no better: two sides that meet, or neighbours that cost more."""

    name: Annotated[str, Field(description="What is weighed against what.")]
    left: Annotated[float, Field(description="One side.")]
    right: Annotated[float, Field(description="The other side.")]
    unit: Annotated[str | None, Field(description="Unit of both sides.")]
    holds: Annotated[bool, Field(description="True when the sides stand as the sentence says.")]
    sentence: Annotated[str, Field(description="The argument in one sentence.")]


class DemandPoint(Output):
    """One value of demand in the linear program of the newsvendor."""

    demand: Annotated[float, Field(description="Demand, in units.")]
    probability: Annotated[float, Field(description="Its probability.")]
    dual: Annotated[float, Field(description="Price of one more unit of demand at this point, in money (expected).")]


class NewsvendorProgram(Output):
    """The newsvendor as a linear program over points of demand, solved and certified."""

    points: Annotated[list[DemandPoint], Field(description="Points of demand with the duals of their balances.")]
    exact: Annotated[bool, Field(description="False when a continuous distribution was cut into points of equal probability.")]
    order_quantity: Annotated[float, Field(description="Optimal order of the linear program, in units.")]
    value: Annotated[float, Field(description="Its objective, in money.")]
    dual_value: Annotated[float, Field(description="Objective of its dual, in money; equal when proved.")]
    sum_of_duals: Annotated[float, Field(description="0 at the optimum: a further unit gains as much as it costs.")]
    largest_residual: Annotated[float, Field(description="Largest violation of primal, dual and complementary slackness.")]
    sentence: Annotated[str, Field(description="The critical-ratio argument in one sentence.")]


class PolicyExplanation(Explanation):
    """The working behind a policy: formulas with numbers, marginal arguments, and the newsvendor's linear program."""

    formulas: Annotated[list[PolicyFormula], Field(description="Formulas in the order in which they are used.")]
    marginal: Annotated[list[MarginalArgument], Field(description="Why the answer is best.")]
    linear_program: Annotated[
        NewsvendorProgram | None, Field(description="The newsvendor as a linear program; null for other policies.")
    ]
