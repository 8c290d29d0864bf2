"""How demand is distributed over a period, or over a unit of time."""

from typing import Annotated, Literal

from pydantic import Field, PlainValidator

from models.base import FirstErrorOnly, Input, NonNegative, Positive, Quantity
from models.inventory_policy.choice import chosen_by

MAX_POINTS = 10_000
"""Most values of a discrete or an empirical distribution."""

LARGEST_POISSON_MEAN = 1e5
"""Largest mean of Poisson demand: its probabilities are held one by one."""

PoissonMean = Annotated[float, Field(gt=0, le=LARGEST_POISSON_MEAN)]
LogMean = Annotated[float, Field(ge=-20, le=20)]
LogDeviation = Annotated[float, Field(gt=0, le=5)]
Share = Annotated[float, Field(ge=0, le=1)]


class NormalDemand(Input):
    """Normal demand."""

    distribution: Annotated[Literal["normal"], Field(description="Name of the distribution.")]
    mean: Annotated[Positive, Field(description="Mean, in units of goods per period; above 0.", examples=[50])]
    sd: Annotated[Positive, Field(description="Standard deviation, in units of goods per period; above 0.", examples=[8])]


class LognormalDemand(Input):
    """Demand whose logarithm is normal."""

    distribution: Annotated[Literal["lognormal"], Field(description="Name of the distribution.")]
    mu: Annotated[LogMean, Field(description="Mean of the natural logarithm of demand in units, -20 to 20.", examples=[6])]
    sigma: Annotated[
        LogDeviation, Field(description="Standard deviation of the natural logarithm of demand, above 0, at most 5.")
    ]


class UniformDemand(Input):
    """Demand that is equally likely anywhere between two ends."""

    distribution: Annotated[Literal["uniform"], Field(description="Name of the distribution.")]
    lower: Annotated[NonNegative, Field(description="Least demand, in units of goods.", examples=[20])]
    upper: Annotated[Positive, Field(description="Most demand, in units of goods; above `lower`.", examples=[80])]


class ExponentialDemand(Input):
    """Exponential demand."""

    distribution: Annotated[Literal["exponential"], Field(description="Name of the distribution.")]
    mean: Annotated[Positive, Field(description="Mean, in units of goods; above 0.", examples=[50])]


class PoissonDemand(Input):
    """Poisson demand: whole units that are asked for one by one."""

    distribution: Annotated[Literal["poisson"], Field(description="Name of the distribution.")]
    mean: Annotated[PoissonMean, Field(description="Mean, in units of goods per period; above 0, at most 100,000.")]


class DiscreteDemand(Input):
    """Demand with a probability for each value."""

    distribution: Annotated[Literal["discrete"], Field(description="Name of the distribution.")]
    values: Annotated[
        list[Quantity], FirstErrorOnly, Field(min_length=1, max_length=MAX_POINTS, description="Values, in units of goods.")
    ]
    probabilities: Annotated[
        list[Share],
        FirstErrorOnly,
        Field(min_length=1, max_length=MAX_POINTS, description="Probability of each value, 0 to 1; they sum to 1."),
    ]


class EmpiricalDemand(Input):
    """Demand as it was observed: every observation is equally likely to come again."""

    distribution: Annotated[Literal["empirical"], Field(description="Name of the distribution.")]
    observations: Annotated[
        list[Quantity],
        FirstErrorOnly,
        Field(min_length=1, max_length=MAX_POINTS, description="Observed demands, in units of goods, in any order."),
    ]


AnyDemand = (
    NormalDemand | LognormalDemand | UniformDemand | ExponentialDemand | PoissonDemand | DiscreteDemand | EmpiricalDemand
)
SumDemand = NormalDemand | PoissonDemand | DiscreteDemand
RateDemand = NormalDemand | PoissonDemand

Demand = Annotated[
    AnyDemand,
    PlainValidator(
        chosen_by(
            "distribution",
            {
                "normal": NormalDemand,
                "lognormal": LognormalDemand,
                "uniform": UniformDemand,
                "exponential": ExponentialDemand,
                "poisson": PoissonDemand,
                "discrete": DiscreteDemand,
                "empirical": EmpiricalDemand,
            },
        ),
        json_schema_input_type=Annotated[AnyDemand, Field(discriminator="distribution")],
    ),
]
"""Demand of one period, of any distribution."""

PeriodDemand = Annotated[
    SumDemand,
    PlainValidator(
        chosen_by("distribution", {"normal": NormalDemand, "poisson": PoissonDemand, "discrete": DiscreteDemand}),
        json_schema_input_type=Annotated[SumDemand, Field(discriminator="distribution")],
    ),
]
"""Demand of one of many periods, independent of the others, whose sum over several periods can be computed exactly."""

DemandRate = Annotated[
    RateDemand,
    PlainValidator(
        chosen_by("distribution", {"normal": NormalDemand, "poisson": PoissonDemand}),
        json_schema_input_type=Annotated[RateDemand, Field(discriminator="distribution")],
    ),
]
"""Demand per unit of time that accumulates: mean and variance grow with time."""
