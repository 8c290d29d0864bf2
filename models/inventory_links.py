"""How items of one site depend on one another: components that a product is made of, and items that can take its place."""

from typing import Annotated

from pydantic import Field

from models.base import Identifier, Input, Output, Positive
from models.inventory_numbers import PerPeriod

MAX_COMPONENTS = 200
MAX_SUBSTITUTES = 50


class Component(Input):
    """What one unit of a product takes of another item at the same site."""

    item: Annotated[Identifier, Field(description="Name of the component; the product's site keeps it.", examples=["butter"])]
    quantity: Annotated[
        Positive, Field(description="Units of the component in one unit of the product, taken in the period of its order.")
    ]


class Substitute(Input):
    """An item at the same site that may serve this item's demand, unit for unit."""

    item: Annotated[Identifier, Field(description="Name of the item that steps in; the same site keeps it.")]
    unit_cost: Annotated[PerPeriod, Field(description="Cost of serving one unit of demand with the other item.")] = 0.0


class SubstitutionPlan(Output):
    """What of an item's demand another item serves; the list has one entry per period."""

    item: Annotated[str, Field(description="Name of the item that steps in.")]
    quantities: Annotated[list[float], Field(description="Units of it that serve this item's demand.")]
