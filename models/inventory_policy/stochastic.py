"""Parameters of policies for random demand."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Cost, FirstErrorOnly, Identifier, Input, Money, NonNegative, Number, Positive, Quantity
from models.inventory_policy.demand import Demand, DemandRate, PeriodDemand

MAX_LEAD_TIME = 1_000
MAX_HORIZON = 500
MAX_CLASSIFIED = 50_000
MAX_HISTORY = 1_040

PeriodHolding = Annotated[
    Positive, Field(description="Cost of a unit on hand at the end of a period, in money; above 0.", examples=[0.18])
]
PeriodStockout = Annotated[
    Positive, Field(description="Cost of a unit short at the end of a period, in money; above 0.", examples=[0.7])
]


class Newsvendor(Input):
    """
    One order for one period of random demand.

    Give `holding_cost` and `stockout_cost`, or `revenue`, `purchase_cost` and `salvage_value`.
    """

    holding_cost: Annotated[
        Positive | None, Field(description="Cost of a unit left over, in money; null when prices are given.", examples=[0.18])
    ] = None
    stockout_cost: Annotated[
        Positive | None, Field(description="Cost of a unit short, in money; null when prices are given.", examples=[0.7])
    ] = None
    revenue: Annotated[Positive | None, Field(description="Price of a unit sold, in money; null when costs are given.")] = None
    purchase_cost: Annotated[Cost | None, Field(description="Cost of a unit ordered, in money; below `revenue`.")] = None
    salvage_value: Annotated[Money | None, Field(description="Worth of a unit left over, in money, below its cost.")] = None
    demand: Annotated[Demand, Field(description="Demand of the period, in units of goods.")]


class NewsvendorYield(Input):
    """One order for known demand when the quantity that arrives differs from it by a uniform random amount."""

    holding_cost: PeriodHolding
    stockout_cost: PeriodStockout
    demand: Annotated[Quantity, Field(description="Units asked for, known beforehand.", examples=[1.5])]
    yield_lower: Annotated[
        Number, Field(description="Least difference between arrival and order, in units; may be negative.", examples=[-0.5])
    ]
    yield_upper: Annotated[
        Number,
        Field(description="Largest difference between arrival and order, in units.", examples=[0.5]),
    ]


class BaseStock(Input):
    """Every period the stock position is raised to the base-stock level; unmet demand waits."""

    holding_cost: PeriodHolding
    stockout_cost: PeriodStockout
    demand: Annotated[PeriodDemand, Field(description="Demand of a period, independent from period to period.")]
    lead_time: Annotated[
        int,
        Field(ge=0, le=MAX_LEAD_TIME, description="Whole periods from order to arrival, before the review.", examples=[4]),
    ] = 0


class ReorderUpTo(Input):
    """(s, S): when the stock position at a review is at or below s, it is raised to S; unmet demand waits."""

    fixed_cost: Annotated[Positive, Field(description="Cost of an order whatever its size, in money; above 0.", examples=[5])]
    holding_cost: PeriodHolding
    stockout_cost: PeriodStockout
    demand: Annotated[
        PeriodDemand,
        Field(description="Demand of a period. The exact method rounds normal demand to whole units, none below 0."),
    ]
    lead_time: Annotated[int, Field(ge=0, le=MAX_LEAD_TIME, description="Whole periods from order to arrival.")] = 0
    method: Annotated[
        Literal["exact", "power_approximation"],
        Field(description="exact: the least average cost over all (s, S); power_approximation: Ehrhardt and Mosier."),
    ] = "exact"


class ReorderQuantity(Input):
    """(r, Q): when the stock position falls to r, Q units are ordered; unmet demand waits."""

    fixed_cost: Annotated[Positive, Field(description="Cost of an order whatever its size, in money; above 0.", examples=[8])]
    holding_cost: Annotated[Positive, Field(description="Cost of holding a unit for a unit of time, in money; above 0.")]
    stockout_cost: Annotated[
        Positive,
        Field(
            description="Cost of a unit short for a unit of time, in money; above 0. With `expected_inventory_level` the cost "
            "of a unit short, however long."
        ),
    ]
    demand: Annotated[
        DemandRate, Field(description="Demand per unit of time; mean and variance grow in proportion to the time.")
    ]
    lead_time: Annotated[Positive, Field(description="Time from order to arrival, in units of time; above 0.", examples=[0.08])]
    method: Annotated[
        Literal["exact", "expected_inventory_level", "eoq_with_backorders", "eoq_plus_safety_stock", "loss_function"],
        Field(
            description="exact: the least average cost; the others are approximations for normal demand: Whitin's expected "
            "inventory level, the order quantity of the EOQ with backorders with its best r, EOQ plus safety stock, and the "
            "iteration with the second-order loss function."
        ),
    ] = "exact"


class FiniteHorizon(Input):
    """The best (s, S) of every period of a finite horizon, by dynamic programming."""

    periods: Annotated[int, Field(ge=1, le=MAX_HORIZON, description="Number of periods.", examples=[10])]
    fixed_cost: Annotated[NonNegative, Field(description="Cost of an order whatever its size, in money.")] = 0.0
    purchase_cost: Annotated[NonNegative, Field(description="Cost of a unit, in money.")] = 0.0
    holding_cost: PeriodHolding
    stockout_cost: PeriodStockout
    terminal_holding_cost: Annotated[
        NonNegative, Field(description="Cost of a unit left after the last period, in money, beside its holding cost.")
    ] = 0.0
    terminal_stockout_cost: Annotated[
        NonNegative, Field(description="Cost of a unit owed after the last period, in money, beside its stockout cost.")
    ] = 0.0
    discount_factor: Annotated[
        float, Field(gt=0, le=1, description="Worth now of a cost of 1 one period later, above 0, at most 1.")
    ] = 1.0
    initial_stock: Annotated[
        int, Field(ge=-(10**6), le=10**6, description="Units on hand before the first period; negative: units owed.")
    ] = 0
    demand: Annotated[
        PeriodDemand,
        Field(
            description="Demand of a period, independent from period to period. Normal demand moves the stock by whole units "
            "within `demand_spread` standard deviations, while a period's cost takes the normal distribution as it is."
        ),
    ]
    demand_spread: Annotated[
        float, Field(ge=2, le=10, description="Standard deviations around the mean within which normal demand moves the stock.")
    ] = 6.0


class ClassifiedItem(Input):
    """An item to be classified."""

    id: Annotated[Identifier, Field(description="Name of the item.", examples=["butter"])]
    unit_value: Annotated[NonNegative, Field(description="Worth of a unit, in money.", examples=[2.4])]
    demand: Annotated[
        list[Quantity],
        FirstErrorOnly,
        Field(min_length=1, max_length=MAX_HISTORY, description="Units of demand in each past period, oldest first."),
    ]


class Classification(Input):
    """ABC classes by value and XYZ classes by regularity of demand."""

    items: Annotated[list[ClassifiedItem], Field(min_length=1, max_length=MAX_CLASSIFIED, description="Items, different ids.")]
    value_shares: Annotated[
        list[float],
        Field(
            default_factory=lambda: [0.8, 0.95],
            min_length=2,
            max_length=2,
            description="Cumulative shares of value, 0 to 1, at which A and B end; the first below the second.",
        ),
    ]
    variations: Annotated[
        list[float],
        Field(
            default_factory=lambda: [0.5, 1.0],
            min_length=2,
            max_length=2,
            description="Coefficients of variation up to which an item is X and Y; the first below the second.",
        ),
    ]
