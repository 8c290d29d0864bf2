"""The answer of `inventory/policy`."""

from typing import Annotated, Literal

from pydantic import Field

from models.base import Output


class PeriodLevels(Output):
    """The (s, S) of one period."""

    period: Annotated[int, Field(description="Period, from 1.")]
    reorder_point: Annotated[
        float | None,
        Field(description="Order when the stock is at or below it, in units; null when no order is ever worth it."),
    ]
    order_up_to_level: Annotated[float | None, Field(description="Stock after an order, in units; null without orders.")]


class JointOrder(Output):
    """How one item takes part in joint orders."""

    id: Annotated[str, Field(description="Name of the item.")]
    multiple: Annotated[int, Field(description="It is in every order of this number, in base cycles.")]
    order_quantity: Annotated[float, Field(description="Units of each of its orders.")]
    cycle_time: Annotated[float, Field(description="Time between its orders, in units of time.")]


class ItemClass(Output):
    """The classes of one item."""

    id: Annotated[str, Field(description="Name of the item.")]
    abc: Annotated[Literal["A", "B", "C"], Field(description="Class by value.")]
    xyz: Annotated[Literal["X", "Y", "Z"], Field(description="Class by regularity.")]
    value: Annotated[float, Field(description="Worth of its demand over the history, in money.")]
    cumulative_share: Annotated[float, Field(description="Share of value of this and all more valuable items, 0 to 1.")]
    variation: Annotated[
        float | None, Field(description="Standard deviation of its demand divided by the mean; null without demand.")
    ]


class Figure(Output):
    """A further number of the policy."""

    name: Annotated[str, Field(description="What it is.", examples=["critical_ratio"])]
    value: Annotated[float, Field(description="Its value.")]
    unit: Annotated[str | None, Field(description="Its unit; null when it has none.")]
    meaning: Annotated[str, Field(description="What it says.")]


class ServiceFigure(Output):
    """What the formulas promise, and what a simulation of the policy achieved."""

    name: Annotated[
        Literal["cost", "profit", "fill_rate", "cycle_service_level", "in_stock_probability"],
        Field(
            description="cost, or profit, per period or unit of time; share of demand met from stock; share of "
            "cycles, or of time, without shortage."
        ),
    ]
    promised: Annotated[float | None, Field(description="Value by the formulas; null when the policy promises none.")]
    achieved: Annotated[float, Field(description="Value in the simulation.")]
    standard_error: Annotated[float, Field(description="Standard error of the simulated value, from batches.")]


class Simulation(Output):
    """A simulation of the policy, seeded by `options.seed`."""

    periods: Annotated[int, Field(description="Simulated periods, or replenishment cycles, after the warm-up.")]
    unit: Annotated[Literal["periods", "cycles"], Field(description="What was counted.")]
    seed: Annotated[int, Field(description="Seed of its random numbers.")]
    figures: Annotated[list[ServiceFigure], Field(description="Promised beside achieved.")]


class PolicySolution(Output):
    """The numbers of the policy; those that a policy does not have are null."""

    policy: Annotated[str, Field(description="Policy, as in the request.")]
    method: Annotated[str, Field(description="exact, or the name of the approximation.")]
    order_quantity: Annotated[float | None, Field(description="Units of an order.")]
    cycle_time: Annotated[float | None, Field(description="Time between orders, or base cycle, in units of time.")]
    reorder_point: Annotated[float | None, Field(description="Stock position at or below which an order is placed, in units.")]
    order_up_to_level: Annotated[float | None, Field(description="Stock position after an order, in units.")]
    backorder_share: Annotated[float | None, Field(description="Share of demand that waits, 0 to 1.")]
    price_level: Annotated[int | None, Field(description="Entry of `unit_costs` that is paid, from 0.")]
    orders: Annotated[list[float] | None, Field(description="Units ordered in each period.")]
    cost_to_go: Annotated[
        list[float] | None,
        Field(description="Least cost from each period to the end; the last entry, after the end, is 0."),
    ]
    next_order: Annotated[
        list[int] | None, Field(description="For an order in each period: the period (from 1) of the next; T + 1 for none.")
    ]
    levels: Annotated[list[PeriodLevels] | None, Field(description="(s, S) of each period.")]
    items: Annotated[list[JointOrder] | None, Field(description="Items ordered together, in the order of the request.")]
    classes: Annotated[list[ItemClass] | None, Field(description="Classes of the items, in the order of the request.")]
    figures: Annotated[list[Figure], Field(description="Further numbers, each with its unit.")]
    simulation: Annotated[Simulation | None, Field(description="Promised beside achieved; null for demand that is known.")]
