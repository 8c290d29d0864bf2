"""Suppliers of items: the terms of each, with quantity discounts, and what a plan orders from whom."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input, NonNegative, Output, Positive, Quantity
from models.inventory_numbers import MAX_PERIODS, PerPeriod

MAX_SUPPLIERS = 1_000
MAX_SUPPLIES_OF_ITEM = 20
MAX_BREAKS = 20


class Supplier(Input):
    """A supplier of one or more items."""

    id: Annotated[Identifier, Field(description="Name of the supplier.", examples=["hill-dairy"])]
    capacity: Annotated[
        PerPeriod | None, Field(description="Most units of all items together ordered in a period; null: no limit.")
    ] = None


class Supply(Input):
    """The terms on which one supplier delivers an item."""

    supplier: Annotated[Identifier, Field(description="Name of an entry of `suppliers`.", examples=["hill-dairy"])]
    unit_cost: Annotated[
        PerPeriod, Field(description="Cost of a unit, charged in the period of the order; unused with breakpoints.")
    ] = 0.0
    breakpoints: Annotated[
        list[NonNegative],
        FirstErrorOnly,
        Field(
            default_factory=list,
            max_length=MAX_BREAKS,
            description="Size of an order in units from which each entry of `unit_costs` holds: starts with 0 and rises; []: "
            "no discount.",
            examples=[[0, 100, 250]],
        ),
    ]
    unit_costs: Annotated[
        list[NonNegative],
        FirstErrorOnly,
        Field(
            default_factory=list,
            max_length=MAX_BREAKS,
            description="Cost of a unit from each breakpoint on; falls from entry to entry.",
            examples=[[12, 11.5, 11]],
        ),
    ]
    discount: Annotated[
        Literal["all_units", "incremental"],
        Field(description="all_units: one price for the whole order; incremental: each price for the units of its range only."),
    ] = "all_units"
    fixed_cost: Annotated[PerPeriod, Field(description="Cost of placing an order, whatever its size.")] = 0.0
    lead_time: Annotated[int, Field(ge=0, le=MAX_PERIODS, description="Whole periods from order to receipt.")] = 0
    minimum_order: Annotated[Quantity, Field(description="Smallest order in units; an order of 0 is always allowed.")] = 0.0
    order_multiple: Annotated[
        Positive | None, Field(description="Orders are whole multiples of this many units (pack size); null: any quantity.")
    ] = None
    maximum_order: Annotated[
        Quantity | None, Field(description="Most units of the item that it delivers for an order; null: no limit.")
    ] = None
    takes_components: Annotated[
        bool,
        Field(
            description="Whether an order takes the item's `components` from its site: true for making it and for work on "
            "parts that you provide, false for buying it ready."
        ),
    ] = True
    takes_resources: Annotated[
        bool, Field(description="Whether an order takes what the item's `resource_use` says: false for buying it ready.")
    ] = True


class SupplyPlan(Output):
    """What is ordered of an item from one supplier; lists have one entry per period."""

    supplier: Annotated[str, Field(description="Name of the supplier.")]
    orders: Annotated[list[float], Field(description="Units ordered; 0 where they would arrive after the horizon.")]
    costs: Annotated[list[float], Field(description="Cost of the units ordered, discounts included, without `fixed_cost`.")]
