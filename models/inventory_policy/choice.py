"""
Objects whose fields depend on a name that they carry.

Unlike the library's own tagged unions, an error points at the field of the request, without the name of the variant in between.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import ConfigDict, create_model
from pydantic_core import PydanticCustomError

from models.base import Input

NOT_AN_OBJECT = "The value must be an object with the field {tag}."


def chosen_by(tag: str, variants: Mapping[str, type[Input]]) -> Callable[[Any], Any]:
    """
    Return a function that validates an object as the variant named by its field `tag`.

    Raises
    ------
    ValidationError
        From the function: of the variant, or of the tag alone when it is missing or unknown.
    """
    fields: dict[str, Any] = {tag: (Literal.__getitem__(tuple(variants)), ...)}
    only_tag = create_model("Tag", __config__=ConfigDict(strict=True, extra="ignore"), **fields)

    def validate(value: Any) -> Any:
        if isinstance(value, tuple(variants.values())):
            return value
        if not isinstance(value, dict):
            raise PydanticCustomError("choice_type", NOT_AN_OBJECT, {"tag": tag})
        name = value.get(tag)
        if isinstance(name, str) and name in variants:
            return variants[name].model_validate(value)
        return only_tag.model_validate(value)

    return validate
