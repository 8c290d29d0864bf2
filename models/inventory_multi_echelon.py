"""
Stock in a network of stages: where to hold it, and how much.

`guaranteed_service`: every stage promises a service time and keeps it (Graves and Willems). `stochastic_service_serial`:
stages in a line, each as fast as the stock of the one before it allows (Clark and Scarf).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter, ValidationInfo

from models.base import Cost, Identifier, Input, NonNegative, Output, Positive, Quantity
from models.explanation import Explanation
from models.inventory_policy.demand import DemandRate
from models.inventory_policy.solution import Simulation
from models.options import Options

MAX_STAGES = 2_000
MAX_UPSTREAM = 500
LONGEST_TIME = 10_000.0

StageTime = Annotated[float, Field(ge=0, le=LONGEST_TIME)]
HoldingRate = Annotated[
    NonNegative, Field(description="Cost of holding goods worth 1 for a unit of time, for example 0.25 a year.", examples=[0.3])
]
Upstream = Annotated[
    list[Identifier],
    Field(
        default_factory=list, max_length=MAX_UPSTREAM, description="Stages that supply this one, by id; none: an outer source."
    ),
]


class BoundedDemand(Input):
    """Demand of customers, met from stock as long as it stays within its bound."""

    mean: Annotated[Quantity, Field(description="Mean, in units of goods per unit of time.", examples=[45])]
    sd: Annotated[Quantity, Field(description="Standard deviation over a unit of time, in units of goods.", examples=[12])]
    z: Annotated[
        NonNegative,
        Field(description="Standard deviations that the bound lies above the mean; 1.645 covers 95 % of normal demand."),
    ] = 1.645


class GuaranteedStage(Input):
    """A stage of a guaranteed-service network: a product at a place, after a process."""

    id: Annotated[Identifier, Field(description="Name of the stage.", examples=["northgate"])]
    processing_time: Annotated[
        StageTime, Field(description="Time from having all inputs to being ready to serve, at most 10,000.", examples=[4])
    ] = 0.0
    added_cost: Annotated[Cost, Field(description="Cost added to a unit at this stage, in money.", examples=[2.5])] = 0.0
    holding_rate: HoldingRate = 1.0
    max_service_time: Annotated[
        StageTime | None,
        Field(description="Longest promise to those it serves, in units of time; null: 0 with own demand, else no limit."),
    ] = None
    inbound_service_time: Annotated[
        StageTime, Field(description="Time that outer suppliers need to deliver, in units of time.")
    ] = 0.0
    pooling_exponent: Annotated[
        float,
        Field(
            ge=1, le=10, description="How bounds of demand add up: 2 for independent demands, 1 for demands that peak together."
        ),
    ] = 2.0
    demand: Annotated[BoundedDemand | None, Field(description="Demand of its own customers; null: none.")] = None
    upstream: Upstream
    upstream_quantities: Annotated[
        dict[Identifier, Positive],
        Field(
            default_factory=dict,
            max_length=MAX_UPSTREAM,
            description="Units of an upstream stage that go into one unit, by id; 1 where it is missing.",
        ),
    ]


class SerialStage(Input):
    """A stage of a serial system: it ships to the next stage what that orders, as far as it has it."""

    id: Annotated[Identifier, Field(description="Name of the stage.", examples=["northgate"])]
    processing_time: Annotated[
        StageTime, Field(description="Time of the shipment to this stage, at most 10,000.", examples=[2])
    ] = 0.0
    added_cost: Annotated[Positive, Field(description="Value added to a unit at this stage, in money; above 0.", examples=[3])]
    holding_rate: HoldingRate = 1.0
    upstream: Annotated[
        list[Identifier],
        Field(default_factory=list, max_length=1, description="The stage that supplies it; none: an outer source."),
    ]
    demand: Annotated[
        DemandRate | None,
        Field(description="Demand per unit of time at the last stage, normal or Poisson; null at the others."),
    ] = None
    stockout_cost: Annotated[
        Positive | None, Field(description="Cost of a unit owed for a unit of time, at the last stage, in money; else null.")
    ] = None


ModelName = Literal["guaranteed_service", "stochastic_service_serial"]

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False)
_CAPS = Field(min_length=1, max_length=MAX_STAGES)
STAGES: Mapping[str, TypeAdapter[Any]] = {
    "guaranteed_service": TypeAdapter(Annotated[list[GuaranteedStage], _CAPS], config=_CONFIG),
    "stochastic_service_serial": TypeAdapter(Annotated[list[SerialStage], _CAPS], config=_CONFIG),
}
"""How the stages of each model are read."""


def _by_model(value: Any, info: ValidationInfo) -> Any:
    """Validate the stages of the model that was named before them; an unknown model is an error of its own."""
    model = info.data.get("model")
    return value if model is None else STAGES[model].validate_python(value)


class MultiEchelonOptions(Options):
    """Options of the placement of stock."""

    solver: Annotated[
        Literal["auto", "tree_dynamic_programming", "constraint_programming", "clark_scarf"],
        Field(
            description="tree_dynamic_programming: guaranteed service on networks without cycles, arcs seen without direction; "
            "constraint_programming: on any network; clark_scarf: serial systems; auto: the first that can."
        ),
    ] = "auto"


class MultiEchelonProblem(Input):
    """Which stages of a network hold how much stock, so that holding it costs least and promises are kept."""

    model: Annotated[
        ModelName,
        Field(description="guaranteed_service (any acyclic network) or stochastic_service_serial (a line of stages)."),
    ] = "guaranteed_service"
    stages: Annotated[
        list[GuaranteedStage] | list[SerialStage],
        PlainValidator(
            _by_model,
            json_schema_input_type=Annotated[list[GuaranteedStage], _CAPS] | Annotated[list[SerialStage], _CAPS],
        ),
        Field(description="Stages in any order: GuaranteedStage for guaranteed_service, SerialStage for the serial model."),
    ]
    options: Annotated[MultiEchelonOptions, Field(description="How long to search and how much to explain.")] = (
        MultiEchelonOptions()
    )


class StagePlan(Output):
    """What one stage promises and holds; what a model does not have is null."""

    id: Annotated[str, Field(description="Name of the stage.")]
    holds_stock: Annotated[bool, Field(description="True when it holds safety stock.")]
    service_time: Annotated[float | None, Field(description="Time it promises to those it serves, in units of time.")]
    inbound_service_time: Annotated[float | None, Field(description="Time in which all its inputs are promised.")]
    net_replenishment_time: Annotated[
        float | None, Field(description="Time that its stock must bridge: inbound plus processing less promised.")
    ]
    safety_stock: Annotated[float, Field(description="Units held beyond mean demand.")]
    base_stock_level: Annotated[float, Field(description="Stock position up to which it orders, in units (its own, local).")]
    echelon_base_stock_level: Annotated[
        float | None, Field(description="Stock position of it and all stages after it, up to which it orders, in units.")
    ]
    lower_bound: Annotated[float | None, Field(description="Shang and Song's lower bound on the echelon level, in units.")]
    upper_bound: Annotated[float | None, Field(description="Shang and Song's upper bound on the echelon level, in units.")]
    pipeline_stock: Annotated[float, Field(description="Units in process on average; not part of the cost.")]
    mean_demand: Annotated[float, Field(description="Units asked of it per unit of time, on average.")]
    unit_value: Annotated[float, Field(description="Cost of a unit, from all stages up to it, in money.")]
    cost: Annotated[float | None, Field(description="Cost of its safety stock per unit of time; null in the serial model.")]


class MultiEchelonSolution(Output):
    """Where stock is held, how much, and what is promised."""

    stages: Annotated[list[StagePlan], Field(description="Stages, in the order of the request.")]
    stock_value: Annotated[float, Field(description="Worth of all safety stock, in money.")]
    simulation: Annotated[Simulation | None, Field(description="Promised beside achieved; null for guaranteed service.")]


class StageArgument(Output):
    """What another choice at one stage would cost: the problem solved again with it."""

    stage: Annotated[str, Field(description="Name of the stage.")]
    pointer: Annotated[str, Field(description="Where in the request the stage stands.")]
    change: Annotated[
        Literal["service_time_plus_1", "service_time_minus_1", "processing_time_minus_1", "holds_nothing", "promises_0"],
        Field(description="What was changed: a promise, a processing time, or the decision to hold stock."),
    ]
    cost: Annotated[float | None, Field(description="Least cost with the change; null when it makes the promises impossible.")]
    difference: Annotated[float | None, Field(description="That less the least cost without it, in money per unit of time.")]
    verified: Annotated[bool, Field(description="True when the changed problem was solved again to its proof.")]
    sentence: Annotated[str, Field(description="The same in one sentence.")]


class MultiEchelonExplanation(Explanation):
    """The working behind a placement of stock."""

    service_prices: Annotated[
        list[StageArgument] | None, Field(description="What a unit of time more or less costs; null in the serial model.")
    ]
    placement: Annotated[
        list[StageArgument] | None, Field(description="Why a stage holds stock or does not; null in the serial model.")
    ]
