"""
Numbers and limits that the parts of an inventory plan share.

Numbers that may change over time are given once for all periods or as one number per period (`PerPeriod`).
Period t of the text is entry t - 1 of a list.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, TypeAdapter

from models.base import FirstErrorOnly, Input, NonNegative

MAX_PERIODS = 1_040
"""Longest horizon: 20 years of weeks."""

MAX_RESOURCES_OF_ITEM = 20

ResourceMoment = Literal["order", "receipt"]

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False)
_ONE_NUMBER: TypeAdapter[float] = TypeAdapter(NonNegative, config=_CONFIG)
_MANY_NUMBERS: TypeAdapter[list[float]] = TypeAdapter(
    Annotated[list[NonNegative], FirstErrorOnly, Field(min_length=1, max_length=MAX_PERIODS)], config=_CONFIG
)


def _one_or_many(value: Any) -> float | list[float]:
    """Validate a list as a list and anything else as a number, so that an error points at what was written."""
    return _MANY_NUMBERS.validate_python(value) if isinstance(value, list) else _ONE_NUMBER.validate_python(value)


PerPeriod = Annotated[float | list[float], PlainValidator(_one_or_many, json_schema_input_type=NonNegative | list[NonNegative])]
"""A number that is zero or more: one for all periods, or a list with one per period."""


class ResourceUse(Input):
    """What an item takes of a shared resource."""

    per_unit: Annotated[
        NonNegative, Field(description="Units of the resource taken by each unit ordered.", examples=[0.02])
    ] = 0.0
    per_setup: Annotated[
        NonNegative,
        Field(description="Units of the resource taken by each order, whatever its size (setup time).", examples=[10]),
    ] = 0.0
    at: Annotated[
        ResourceMoment,
        Field(description="When it is taken: in the period of the order (production) or of the receipt (unloading)."),
    ] = "order"
