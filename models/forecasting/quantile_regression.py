"""Quantile regression as a linear program with its duals: which observations decide a quantile."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output
from models.run import Check

Side = Literal["above", "below", "on"]


class QuantileRegressor(Output):
    """One column of the regression and its coefficient."""

    name: Annotated[str, Field(description="level, trend, season_2, ..., or the name of a covariate or event.")]
    coefficient: Annotated[float, Field(description="Unit of the series per unit of the column.")]
    meaning: Annotated[str, Field(description="What the coefficient says.")]
    pointer: Annotated[str | None, Field(description="The covariate or event in the request; null for the others.")]


class QuantilePoint(Output):
    """One observation in the linear program."""

    timestamp: Annotated[str | int, Field(description="Its time.")]
    observation: Annotated[float, Field(description="What was observed, after repairs, in the unit of the series.")]
    fitted: Annotated[float, Field(description="The quantile there, in the same unit.")]
    side: Annotated[Side, Field(description="on: the quantile passes through it; such observations decide the quantile.")]
    dual: Annotated[
        float,
        Field(
            description="Change of the total loss per +1 of the observation: quantile where it lies above, quantile - 1 where "
            "below, between the two on the line."
        ),
    ]


class NewsvendorLink(Output):
    """The inventory decision that the quantile answers."""

    critical_ratio: Annotated[float, Field(description="Shortage cost / (shortage cost + holding cost) = the quantile.")]
    shortage_per_leftover: Annotated[float, Field(description="Cost of a unit short, measured in costs of a unit left over.")]
    endpoint: Annotated[str, Field(description="Where the quantity for these costs is decided.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class QuantileProgram(Output):
    """
    Quantile regression of one series as a linear program, solved and certified.

    Primal: min sum of tau u_t + (1 - tau) v_t with x_t'b + u_t - v_t = y_t and u, v >= 0.
    Dual: max sum of y_t d_t with sum of x_t d_t = 0 and tau - 1 <= d_t <= tau.
    """

    id: Annotated[str, Field(description="Name of the series.")]
    quantile: Annotated[float, Field(description="The quantile tau, above 0 and below 1.")]
    primal_latex: Annotated[str, Field(description="The program as LaTeX without dollar signs.")]
    dual_latex: Annotated[str, Field(description="Its dual as LaTeX without dollar signs.")]
    regressors: Annotated[list[QuantileRegressor], Field(description="Columns and coefficients.")]
    objective: Annotated[float, Field(description="Total pinball loss, in the unit of the series: the least there is.")]
    dual_objective: Annotated[float, Field(description="Sum of dual x observation: equal to it, so that no line does better.")]
    above: Annotated[int, Field(description="Observations above the quantile.")]
    below: Annotated[int, Field(description="Observations below the quantile.")]
    deciding: Annotated[list[str | int], Field(description="Times of the observations that the quantile passes through.")]
    points: Annotated[list[QuantilePoint], Field(description="The observations in the program, latest first.")]
    forecast: Annotated[list[float], Field(description="The line continued, per step; not below 0 for non-negative series.")]
    newsvendor: Annotated[NewsvendorLink, Field(description="The inventory decision that this quantile answers.")]
    certificate: Annotated[
        list[Check],
        Field(description="Residuals and duality gap, recomputed from the program; observations in units of spread."),
    ]
    sentences: Annotated[list[str], Field(description="The same in plain words.")]
