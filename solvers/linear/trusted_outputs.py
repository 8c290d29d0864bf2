"""Outputs by the hundred thousand, built without validating them one by one."""

from collections import deque
from itertools import repeat
from typing import Any, TypeVar

from models.base import Output

OutputT = TypeVar("OutputT", bound=Output)


def trusted(kind: type[OutputT], entries: list[dict[str, Any]]) -> list[OutputT]:
    """
    Return an output of each entry, which must hold every field of `kind`, numbers finite or None, and is not copied.

    The same as `model_construct` on each, at a tenth of its time: each of the four slots is filled for all of them in one
    pass that never returns to Python code.
    """
    built = list(map(kind.__new__, repeat(kind, len(entries))))
    slots: dict[str, Any] = {
        "__dict__": entries,
        "__pydantic_fields_set__": repeat(set(kind.model_fields)),
        "__pydantic_extra__": repeat(None),
        "__pydantic_private__": repeat(None),
    }
    for slot, values in slots.items():
        deque(map(object.__setattr__, built, repeat(slot), values), maxlen=0)
    return built
