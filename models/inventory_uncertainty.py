"""Demand that is not known for certain, how it is sampled, and what is told about a plan that was made for many scenarios."""

from typing import Annotated

from pydantic import Field

from models.base import FirstErrorOnly, Input, Output, Quantity
from models.inventory_numbers import MAX_PERIODS, PerPeriod

MAX_PATHS = 2_000
MAX_QUANTILES = 99
MAX_SCENARIOS = 500
MAX_SIMULATIONS = 20_000

Path = Annotated[list[Quantity], FirstErrorOnly, Field(min_length=1, max_length=MAX_PERIODS)]


class DemandUncertainty(Input):
    """How the demand of an item spreads around what is expected; exactly one of the three is given."""

    sd: Annotated[
        PerPeriod | None,
        Field(description="Standard deviation in units: normal demand around `demand`, cut off at 0, periods independent."),
    ] = None
    quantiles: Annotated[
        dict[str, Path],
        Field(
            default_factory=dict,
            max_length=MAX_QUANTILES,
            description="Quantiles of the demand of each period by their level, as a forecast answers them: at least two. "
            "Levels between are interpolated, tails are those of a normal distribution, periods independent.",
            examples=[{"0.1": [80, 85], "0.5": [100, 110], "0.9": [125, 140]}],
        ),
    ]
    paths: Annotated[
        list[Path],
        Field(
            default_factory=list,
            max_length=MAX_PATHS,
            description="Sample paths, one number per period each. Items with as many paths are drawn together, path by path.",
        ),
    ]


class Uncertainty(Input):
    """How uncertain demand enters the plan."""

    scenarios: Annotated[
        int, Field(ge=2, le=MAX_SCENARIOS, description="Demand scenarios that the plan is made for, all equally likely.")
    ] = 50
    simulations: Annotated[
        int, Field(ge=100, le=MAX_SIMULATIONS, description="Fresh demand paths on which the finished plan is tried out.")
    ] = 2_000
    risk_weight: Annotated[
        float,
        Field(ge=0, le=1, description="Weight of the risk in the objective; the expected cost has the rest. 0: expected cost."),
    ] = 0.0
    risk_level: Annotated[
        float,
        Field(gt=0, lt=1, description="The risk is the mean cost of the worst scenarios beyond this level (CVaR)."),
    ] = 0.95


class ServiceFigures(Output):
    """Service of one item: as the scenarios of the plan promise it, and as fresh demand paths show it."""

    id: Annotated[str, Field(description="Name of the item.")]
    site: Annotated[str | None, Field(description="The site that stores it.")]
    promised_fill_rate: Annotated[float | None, Field(description="Share of demand served on time, over the scenarios.")]
    achieved_fill_rate: Annotated[
        float | None, Field(description="The same over the simulated paths; null where the item is moved between sites.")
    ]
    promised_cycle_service: Annotated[float | None, Field(description="Share of periods without shortage, over the scenarios.")]
    achieved_cycle_service: Annotated[float | None, Field(description="The same over the simulated paths.")]


class UncertaintyReport(Output):
    """What is known about the cost of a plan under uncertain demand; costs in the unit of the objective."""

    scenarios: Annotated[int, Field(description="Scenarios that the plan was made for.")]
    expected_cost: Annotated[float, Field(description="Mean cost of the plan over the scenarios.")]
    conditional_value_at_risk: Annotated[float, Field(description="Mean cost of the worst scenarios beyond `risk_level`.")]
    worst_cost: Annotated[float, Field(description="Cost in the worst scenario.")]
    perfect_information_cost: Annotated[
        float | None, Field(description="Mean cost if every scenario could be planned by itself; null when time ran out.")
    ]
    value_of_perfect_information: Annotated[
        float | None, Field(description="EVPI: what knowing the demand beforehand would save on average.")
    ]
    expected_demand_plan_cost: Annotated[
        float | None, Field(description="Mean cost over the scenarios of the plan made for the mean demand.")
    ]
    value_of_stochastic_solution: Annotated[
        float | None, Field(description="VSS: what planning for all scenarios saves against planning for the mean demand.")
    ]
    simulations: Annotated[int, Field(description="Fresh demand paths that the plan was tried out on.")]
    simulated_cost: Annotated[float | None, Field(description="Mean cost over them; null where items are moved between sites.")]
    simulated_cost_error: Annotated[float | None, Field(description="Standard error of that mean.")]
    services: Annotated[list[ServiceFigures], Field(description="Service of each item, in the order of the request.")]
