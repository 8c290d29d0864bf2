"""
Base types of every request and answer: strictness, units and limits.

Units are carried by the annotated types below, so that a field says what it measures where it is declared. Every list and
string has a cap; `models.limits` publishes the numbers.
"""

from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints

LARGEST_NUMBER = 1e12
"""Largest magnitude of a number in a request: sums of 1,000 of them stay exact in a 64-bit float."""

MAX_IDENTIFIER_LENGTH = 200
MAX_TEXT_LENGTH = 2_000


class Input(BaseModel):
    """
    A part of a request.

    Immutable; unknown fields, numbers given as text, booleans given as numbers, NaN and infinities are errors.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Output(BaseModel):
    """
    A part of an answer.

    Immutable and without defaults: what is not known is `None`, and the place that builds it must say so. NaN and infinities
    cannot be constructed, so no answer can hold one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def model_post_init(self, context: Any, /) -> None:
        """Share the set of the fields that were given: one for each object is up to 2 kB, much in 100,000 forecasts."""
        names = _field_names(type(self))
        if len(self.model_fields_set) == len(names):
            object.__setattr__(self, "__pydantic_fields_set__", names)


@cache
def _field_names(model: type[BaseModel]) -> set[str]:
    """Return the names of all fields, the same set every time."""
    return set(model.model_fields)


Number = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
"""A finite number of any sign."""

NonNegative = Annotated[float, Field(ge=0, le=LARGEST_NUMBER)]
"""A finite number that is zero or more."""

Positive = Annotated[float, Field(gt=0, le=LARGEST_NUMBER)]
"""A finite number above zero."""

Quantity = NonNegative
"""An amount of goods in the caller's unit (pieces, kg, pallets)."""

Money = Number
"""An amount of money in the caller's currency."""

Cost = NonNegative
"""An amount of money in the caller's currency that cannot be negative."""

Seconds = NonNegative
"""A duration, or a time of day counted from the caller's origin, in seconds (or the caller's own scaled time unit)."""

Metres = NonNegative
"""A distance in metres (or the caller's own plane unit)."""

Latitude = Annotated[float, Field(ge=-90, le=90)]
"""Degrees north of the equator."""

Longitude = Annotated[float, Field(ge=-180, le=180)]
"""Degrees east of Greenwich."""

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=MAX_IDENTIFIER_LENGTH, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A name given by the caller: 1 to 200 characters, no control characters."""

Text = Annotated[str, StringConstraints(max_length=MAX_TEXT_LENGTH)]
"""Free text of at most 2,000 characters."""

FirstErrorOnly = FailFast()
"""Put on lists of plain numbers: validation stops at the first wrong entry, so that a bad million costs one error."""
