"""The numbers of a random walk of prices: log returns, their drift and their volatility."""

from typing import Annotated

from pydantic import Field

from models.base import Output


class ReturnsFit(Output):
    """
    What the log returns r_t = ln(y_t / y_{t-1}) of a series of prices say.

    The logarithm of the price h steps ahead is normal with mean ln(last price) + h drift and variance
    h volatility^2, plus (h standard_error)^2 where the drift is not 0.
    """

    count: Annotated[int, Field(description="Number of log returns.")]
    mean: Annotated[float, Field(description="Mean log return per step.")]
    standard_error: Annotated[float, Field(description="Standard error of that mean: standard deviation / sqrt(count).")]
    t_statistic: Annotated[float | None, Field(description="Mean / standard error; null when all returns are equal.")]
    critical_value: Annotated[
        float, Field(description="Two-sided 5 % point of Student's t distribution with count - 1 degrees of freedom.")
    ]
    drift: Annotated[
        float, Field(description="Drift per step that is used: the mean where |t| exceeds the critical value, else 0.")
    ]
    volatility: Annotated[
        float,
        Field(description="Standard deviation of a log return now: root of exponentially weighted squares about the drift."),
    ]
    decay: Annotated[float, Field(description="Weight of a squared return relative to the next one, 0 to 1.")]
    standard_deviation: Annotated[float, Field(description="Plain standard deviation of the log returns, for comparison.")]
