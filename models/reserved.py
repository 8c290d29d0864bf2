"""
Fields of the contract whose meaning this version does not carry out yet.

They accept their neutral value only, so that a complete request passes and nothing that was asked for is ever ignored; any
other value is refused with the code NOT_SUPPORTED.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError


def _only(neutral: str, accepts: Callable[[Any], bool]) -> BeforeValidator:
    """Return a validator that lets the neutral value pass and names it when refusing another."""

    def check(value: Any) -> Any:
        if not accepts(value):
            raise PydanticCustomError("not_supported", "This version honours only {neutral} here.", {"neutral": neutral})
        return value

    return BeforeValidator(check)


OnlyNull = Annotated[None, _only("null", lambda value: value is None)]
"""Null, and nothing else yet."""

OnlyZero = Annotated[float, _only("0", lambda value: value == 0 and not isinstance(value, bool)), Field(ge=0, le=0)]
"""Zero, and nothing else yet."""

OnlyEmptyList = Annotated[list[Any], _only("an empty array", lambda value: value == []), Field(max_length=0)]
"""The empty array, and nothing else yet."""

OnlyEmptyObject = Annotated[dict[str, Any], _only("an empty object", lambda value: value == {}), Field(max_length=0)]
"""The empty object, and nothing else yet."""
