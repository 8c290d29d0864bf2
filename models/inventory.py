"""
Inventory planning: what to order when, for several items that share storage, capacity and money.

Numbers that may change over time are given once for all periods or as one number per period (`PerPeriod`).
Period t of the text is entry t - 1 of a list.
"""

from typing import Annotated, Literal

from pydantic import Field

from models.base import FirstErrorOnly, Identifier, Input, Output, Positive, Quantity
from models.inventory_links import MAX_COMPONENTS, MAX_SUBSTITUTES, Component, Substitute, SubstitutionPlan
from models.inventory_numbers import MAX_PERIODS, MAX_RESOURCES_OF_ITEM, PerPeriod, ResourceUse
from models.inventory_supply import MAX_SUPPLIERS, MAX_SUPPLIES_OF_ITEM, Supplier, Supply, SupplyPlan
from models.inventory_transfer import MAX_TRANSFERS, Transfer, TransferPlan
from models.inventory_uncertainty import DemandUncertainty, Uncertainty, UncertaintyReport
from models.options import Options

MAX_ITEMS = 20_000
MAX_SITES = 1_000
MAX_RESOURCES = 200

UnmetDemand = Literal["forbidden", "backorder", "lost"]


class OrderLimit(Input):
    """Bounds of the order of one period: an order that is already placed, or one that is ruled out."""

    period: Annotated[int, Field(ge=1, le=MAX_PERIODS, description="Period of the order, counted from 1.", examples=[3])]
    lower: Annotated[Quantity, Field(description="Least units ordered in this period.")] = 0.0
    upper: Annotated[Quantity | None, Field(description="Most units ordered in this period; null: no limit.")] = None


class InitialLot(Input):
    """Part of the initial stock of an item that spoils."""

    quantity: Annotated[Quantity, Field(description="Units of the lot.")]
    remaining_life: Annotated[
        int, Field(ge=1, le=MAX_PERIODS, description="Periods in which it can still serve demand; 1: the first period only.")
    ]


class Item(Input):
    """One item kept at one site; the same item at two sites is two entries."""

    id: Annotated[Identifier, Field(description="Name of the item.", examples=["oat-milk"])]
    site: Annotated[
        Identifier | None,
        Field(description="The site that stores it; null only when the request names no sites.", examples=["dc"]),
    ] = None
    demand: Annotated[
        list[Quantity],
        FirstErrorOnly,
        Field(min_length=1, max_length=MAX_PERIODS, description="Units wanted in each period, one entry per period."),
    ]
    demand_uncertainty: Annotated[
        DemandUncertainty | None,
        Field(
            description="How demand spreads around `demand`; null: it is certain. With forbidden "
            "shortage only `paths`, each of which is then served."
        ),
    ] = None
    cycle_service: Annotated[
        float | None,
        Field(gt=0, lt=1, description="Least share of the scenarios in which nothing is short at the end of a period."),
    ] = None
    fill_rate: Annotated[
        float | None, Field(gt=0, le=1, description="Least share of the demand that is served on time, over the whole horizon.")
    ] = None
    initial_stock: Annotated[Quantity, Field(description="Units on hand before the first period.")] = 0.0
    holding_cost: Annotated[PerPeriod, Field(description="Cost per unit on hand at the end of a period.")] = 0.0
    unit_cost: Annotated[PerPeriod, Field(description="Purchase cost per unit, charged in the period of the order.")] = 0.0
    fixed_cost: Annotated[PerPeriod, Field(description="Cost of placing an order, whatever its size.")] = 0.0
    lead_time: Annotated[
        int,
        Field(ge=0, le=MAX_PERIODS, description="Whole periods from order to receipt; 0 arrives in time for the same period."),
    ] = 0
    minimum_order: Annotated[Quantity, Field(description="Smallest order in units; an order of 0 is always allowed.")] = 0.0
    order_multiple: Annotated[
        Positive | None, Field(description="Orders are whole multiples of this many units (pack size); null: any quantity.")
    ] = None
    maximum_order: Annotated[Quantity | None, Field(description="Largest order of one period in units; null: no limit.")] = None
    order_limits: Annotated[
        list[OrderLimit],
        Field(
            default_factory=list,
            max_length=MAX_PERIODS,
            description="Bounds of the orders of single periods, beside the smallest and largest order; lower and upper equal "
            "fix an order.",
        ),
    ]
    unmet_demand: Annotated[
        UnmetDemand,
        Field(
            description="Demand that stock cannot serve: forbidden; backorder (delivered late, or still open after the last "
            "period up to `maximum_final_backorder`); or lost."
        ),
    ] = "forbidden"
    stockout_cost: Annotated[
        PerPeriod,
        Field(description="Cost per unit and period of backorder, or per unit of lost demand; unused when forbidden."),
    ] = 0.0
    maximum_final_backorder: Annotated[
        Quantity | None,
        Field(description="Most units of demand still open after the last period; 0: all is delivered; null: no limit."),
    ] = None
    maximum_backorder_periods: Annotated[
        int | None,
        Field(ge=1, le=MAX_PERIODS, description="Most periods that demand may wait for its delivery; null: no limit."),
    ] = None
    safety_stock: Annotated[
        PerPeriod, Field(description="Units that must be on hand at the end of a period, or are paid for: `safety_stock_cost`.")
    ] = 0.0
    safety_stock_cost: Annotated[
        PerPeriod | None,
        Field(
            description="Cost per unit that the stock at the end of a period lacks of the safety stock; null: none may lack."
        ),
    ] = None
    shelf_life: Annotated[
        int | None,
        Field(
            ge=1,
            le=MAX_PERIODS,
            description="Periods in which a unit can serve demand, from its receipt on; 1: only the period of receipt. The "
            "oldest units serve demand first, what has spoiled is disposed of, and what moves to another site is of any age. "
            "Null: it keeps.",
        ),
    ] = None
    disposal_cost: Annotated[
        PerPeriod, Field(description="Cost of disposing of one unit of an item with a shelf life, spoiled or not.")
    ] = 0.0
    initial_lots: Annotated[
        list[InitialLot],
        Field(
            default_factory=list,
            max_length=MAX_PERIODS,
            description="Age of the initial stock of an item with a shelf life; units in no lot are fresh, as if received in "
            "the first period.",
        ),
    ]
    scheduled_receipts: Annotated[
        list[Quantity],
        FirstErrorOnly,
        Field(
            default_factory=list,
            max_length=MAX_PERIODS,
            description="Units of orders that are under way already, by the period in which they arrive; [] for none.",
        ),
    ]
    terminal_value: Annotated[
        Quantity, Field(description="What a unit on hand after the last period is worth, as a cost that is saved.")
    ] = 0.0
    terminal_stock_limit: Annotated[
        Quantity | None,
        Field(description="Most units that have the terminal value; null: as many as the whole demand of the item."),
    ] = None
    components: Annotated[
        list[Component],
        Field(
            default_factory=list,
            max_length=MAX_COMPONENTS,
            description="Bill of material: what an order of the item takes of others at its site; they may have some too.",
        ),
    ]
    substitutes: Annotated[
        list[Substitute],
        Field(
            default_factory=list,
            max_length=MAX_SUBSTITUTES,
            description="Items at the same site that may serve this item's demand.",
        ),
    ]
    supplies: Annotated[
        list[Supply],
        Field(
            default_factory=list,
            max_length=MAX_SUPPLIES_OF_ITEM,
            description="Terms of the suppliers to choose from, in place of the item's own unit_cost, fixed_cost, lead_time "
            "and order sizes; []: the item's own terms hold.",
        ),
    ]
    resource_use: Annotated[
        dict[Identifier, ResourceUse],
        Field(
            default_factory=dict,
            max_length=MAX_RESOURCES_OF_ITEM,
            description="What the item takes of each shared resource, by resource id.",
        ),
    ]


class Site(Input):
    """A place that stores items."""

    id: Annotated[Identifier, Field(description="Name of the site.", examples=["northgate"])]
    storage_capacity: Annotated[
        PerPeriod | None, Field(description="Most units of all items together at the end of a period; null: no limit.")
    ] = None


class Resource(Input):
    """Something that several items share: a production line, dock hours, lorry space, labour."""

    id: Annotated[Identifier, Field(description="Name of the resource.", examples=["dock-hours"])]
    capacity: Annotated[PerPeriod, Field(description="Units of the resource available in a period without overtime.")]
    overtime_limit: Annotated[PerPeriod, Field(description="Most units of overtime in a period.")] = 0.0
    overtime_cost: Annotated[PerPeriod, Field(description="Cost per unit of overtime.")] = 0.0


class PlanOptions(Options):
    """Options of an inventory plan."""

    solver: Annotated[
        Literal["auto", "simplex", "branch_and_bound", "rolling_horizon", "sample_average"],
        Field(
            description="simplex needs a plan without whole-number decisions (no fixed cost, setup use, minimum order or order "
            "multiple); branch_and_bound takes every plan with certain demand; rolling_horizon decides the whole numbers of "
            "one window of periods after the other, for long or large plans; sample_average plans for demand scenarios; auto "
            "takes sample_average where demand is uncertain, else simplex where it can, else branch_and_bound."
        ),
    ] = "auto"
    window_periods: Annotated[
        int | None,
        Field(
            ge=1, le=MAX_PERIODS, description="Periods of a window of rolling_horizon; null: chosen by the size of the plan."
        ),
    ] = None
    window_overlap: Annotated[
        int | None,
        Field(
            ge=0,
            le=MAX_PERIODS,
            description="Last periods of a window that are decided again with the next, fewer than its periods; null: a third.",
        ),
    ] = None


class PlanProblem(Input):
    """Which quantities to order in which periods, at the least total cost."""

    periods: Annotated[int, Field(ge=1, le=MAX_PERIODS, description="Number of periods of the horizon.", examples=[12])]
    sites: Annotated[
        list[Site],
        Field(default_factory=list, max_length=MAX_SITES, description="Sites; when there are any, every item names one."),
    ]
    items: Annotated[list[Item], Field(min_length=1, max_length=MAX_ITEMS, description="Items to plan.")]
    resources: Annotated[
        list[Resource], Field(default_factory=list, max_length=MAX_RESOURCES, description="Resources that items share.")
    ]
    suppliers: Annotated[
        list[Supplier],
        Field(default_factory=list, max_length=MAX_SUPPLIERS, description="Suppliers named in the `supplies` of items."),
    ]
    transfers: Annotated[
        list[Transfer],
        Field(default_factory=list, max_length=MAX_TRANSFERS, description="Ways on which items may move between sites."),
    ]
    uncertainty: Annotated[
        Uncertainty, Field(description="How uncertain demand enters the plan; unused when every demand is certain.")
    ] = Uncertainty()
    frozen_periods: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_PERIODS,
            description="First periods in which nothing new is ordered or moved; orders placed there already are the `lower` "
            "of their entry in `order_limits`.",
        ),
    ] = 0
    budget: Annotated[
        PerPeriod | None,
        Field(description="Most money for orders (unit and fixed cost) placed in a period, over all items; null: no limit."),
    ] = None
    options: Annotated[PlanOptions, Field(description="How long to search and how much to explain.")] = PlanOptions()


class ItemPlan(Output):
    """The plan of one item; lists have one entry per period."""

    id: Annotated[str, Field(description="Name of the item.")]
    site: Annotated[str | None, Field(description="The site that stores it.")]
    orders: Annotated[list[float], Field(description="Units ordered; 0 where an order would arrive after the horizon.")]
    receipts: Annotated[
        list[float],
        Field(description="Units that arrive: the orders of `lead_time` periods earlier, and `scheduled_receipts`."),
    ]
    stock: Annotated[list[float], Field(description="Units on hand at the end of the period.")]
    backorders: Annotated[
        list[float] | None, Field(description="Units of demand still open at the end of the period; null unless `backorder`.")
    ]
    lost_sales: Annotated[list[float] | None, Field(description="Units of demand lost in the period; null unless `lost`.")]
    setups: Annotated[list[int], Field(description="1 where an order is placed, else 0.")]
    safety_shortfalls: Annotated[
        list[float] | None,
        Field(description="Units that the stock lacks of the safety stock; null where that must be on hand."),
    ]
    supplies: Annotated[
        list[SupplyPlan] | None,
        Field(description="Orders from each supplier, in the order of the request; null when the item names no suppliers."),
    ]
    substitutions: Annotated[
        list[SubstitutionPlan] | None,
        Field(description="What each substitute serves, in the order of the request; null when the item names none."),
    ]
    disposals: Annotated[
        list[float] | None, Field(description="Units disposed of at the end of the period; null without a shelf life.")
    ]


class ResourcePlan(Output):
    """How a shared resource is used; lists have one entry per period."""

    id: Annotated[str, Field(description="Name of the resource.")]
    use: Annotated[list[float], Field(description="Units of the resource taken by all items together.")]
    overtime: Annotated[list[float], Field(description="Units of it that are overtime, at `overtime_cost` each.")]


class PlanSolution(Output):
    """Orders, stock and shortage of every item, in the order of the request, and the use of every resource."""

    items: Annotated[list[ItemPlan], Field(description="Plan of each item, in the order of the request.")]
    resources: Annotated[list[ResourcePlan], Field(description="Use of each resource, in the order of the request.")]
    transfers: Annotated[list[TransferPlan], Field(description="What is moved on each way, in the order of the request.")]
    uncertainty: Annotated[
        UncertaintyReport | None,
        Field(
            description="What the plan costs over the demand scenarios, and how it does on fresh demand; stock and shortages "
            "above are then means over the scenarios. Null when demand is certain."
        ),
    ]
