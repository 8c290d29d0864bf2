"""Parameters of policies for demand at a constant, known rate: the economic order quantity and its relatives."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input, Money, NonNegative, Number, Positive

MAX_BREAKS = 100
MAX_JOINT_ITEMS = 1_000

FixedCost = Annotated[Positive, Field(description="Cost of an order whatever its size, in money; above 0.", examples=[8])]
HoldingCost = Annotated[
    Positive, Field(description="Cost of holding a unit for a unit of time, in money; above 0.", examples=[0.225])
]
DemandRateNumber = Annotated[Positive, Field(description="Units asked for per unit of time; above 0.", examples=[1300])]


class EconomicOrderQuantity(Input):
    """Economic order quantity, with backorders when `stockout_cost` and with production when `production_rate` is given."""

    fixed_cost: FixedCost
    holding_cost: HoldingCost
    demand_rate: DemandRateNumber
    stockout_cost: Annotated[
        Positive | None,
        Field(description="Cost of a unit on backorder for a unit of time, in money; null: demand may never wait."),
    ] = None
    production_rate: Annotated[
        Positive | None,
        Field(description="Units produced per unit of time, above `demand_rate`; null: an order arrives all at once."),
    ] = None


class QuantityDiscount(Input):
    """Economic order quantity with a unit cost that falls with the size of the order."""

    fixed_cost: FixedCost
    holding_cost_rate: Annotated[
        Positive, Field(description="Cost of holding goods worth 1 for a unit of time; above 0.", examples=[0.3])
    ]
    demand_rate: DemandRateNumber
    breakpoints: Annotated[
        list[NonNegative],
        FirstErrorOnly,
        Field(
            min_length=1,
            max_length=MAX_BREAKS,
            description="Order quantity in units from which each unit cost holds: starts with 0 and rises.",
            examples=[[0, 400, 800]],
        ),
    ]
    unit_costs: Annotated[
        list[Positive],
        FirstErrorOnly,
        Field(
            min_length=1,
            max_length=MAX_BREAKS,
            description="Cost of a unit from each breakpoint on, in money; falls from entry to entry.",
            examples=[[0.75, 0.72, 0.68]],
        ),
    ]
    discount: Annotated[
        Literal["all_units", "incremental"],
        Field(description="all_units: one price for the whole order; incremental: each price for the units of its range only."),
    ] = "all_units"


class Disruption(Input):
    """Economic order quantity from a supplier that fails now and then; demand during a stockout is lost."""

    fixed_cost: FixedCost
    holding_cost: HoldingCost
    stockout_cost: Annotated[Positive, Field(description="Cost of a unit of lost demand, in money; above 0.", examples=[5])]
    demand_rate: DemandRateNumber
    disruption_rate: Annotated[
        Positive, Field(description="Disruptions per unit of time while the supplier works; above 0.", examples=[1.5])
    ]
    recovery_rate: Annotated[
        Positive, Field(description="Recoveries per unit of time while the supplier is down; above 0.", examples=[14])
    ]
    method: Annotated[
        Literal["exact", "approximation"],
        Field(description="exact: the least cost rate; approximation: closed form with a fixed chance of an empty cycle."),
    ] = "exact"


class YieldUncertainty(Input):
    """Economic order quantity when another quantity arrives than was ordered."""

    fixed_cost: FixedCost
    holding_cost: HoldingCost
    demand_rate: DemandRateNumber
    yield_model: Annotated[
        Literal["additive", "multiplicative"],
        Field(description="additive: order plus a random amount arrives; multiplicative: order times a random share."),
    ]
    yield_mean: Annotated[
        Number, Field(description="Mean of the random amount in units, or of the random share; a share has a mean above 0.")
    ]
    yield_sd: Annotated[NonNegative, Field(description="Standard deviation of the random amount in units, or of the share.")]


class JointItem(Input):
    """One of several items that are ordered together."""

    id: Annotated[Identifier, Field(description="Name of the item.", examples=["oat-milk"])]
    fixed_cost: Annotated[
        Positive, Field(description="Cost of having the item in an order, in money; above 0.", examples=[120])
    ]
    holding_cost: HoldingCost
    demand_rate: DemandRateNumber


class JointReplenishment(Input):
    """Items that share the fixed cost of an order: a base cycle, and a whole number of base cycles for each item."""

    shared_fixed_cost: Annotated[
        Positive, Field(description="Cost of an order whatever is in it, in money; above 0.", examples=[600])
    ]
    items: Annotated[list[JointItem], Field(min_length=1, max_length=MAX_JOINT_ITEMS, description="Items with different ids.")]
    method: Annotated[
        Literal["optimal", "power_of_two", "silver"],
        Field(
            description="optimal: the best whole multiples, proved; power_of_two: the best multiples among 1, 2, 4, ...; "
            "silver: Silver's heuristic."
        ),
    ] = "optimal"


class DeterministicLots(Input):
    """Dynamic lot sizing of one item: Wagner and Whitin."""

    demand: Annotated[
        list[NonNegative],
        FirstErrorOnly,
        Field(min_length=1, max_length=5_000, description="Units wanted in each period.", examples=[[90, 120, 80, 70]]),
    ]
    fixed_cost: Annotated[NonNegative, Field(description="Cost of an order whatever its size, in money.", examples=[500])]
    holding_cost: Annotated[
        NonNegative, Field(description="Cost of holding a unit from one period to the next, in money.", examples=[2])
    ]
    purchase_cost: Annotated[
        list[Money] | None,
        FirstErrorOnly,
        Field(
            min_length=1,
            max_length=5_000,
            description="Cost of a unit ordered in each period, in money; null: the same in all, and left out.",
        ),
    ] = None
