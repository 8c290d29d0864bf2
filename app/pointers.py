"""JSON pointers (RFC 6901) into a request: find the place, put a value there, put the old one back."""

import re
from dataclasses import dataclass
from typing import Any

SHOWN = 80
"""Most characters of a pointer that a message repeats."""

BAD_ESCAPE = re.compile(r"~(?![01])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value of a document: its container, the key or index in it, and what stands there (`absent`: nothing yet)."""

    path: tuple[str, ...]
    container: Any
    key: str | int
    value: Any
    absent: bool


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Why a pointer leads to no value that could be replaced."""

    code: str
    message: str


def place_of(document: Any, pointer: str) -> Place | Nowhere:
    """
    Return where a pointer leads.

    The last part may name a field that an object does not have yet; `options` is made where it was left out. Everything else
    must be there: nothing is appended to a list.
    """
    if pointer == "":
        return Nowhere("WHOLE_REQUEST", "This points to the whole request; post the new request itself instead.")
    if not pointer.startswith("/"):
        return Nowhere("NOT_A_POINTER", "A JSON pointer starts with a slash, as in /items/0/demand/3.")
    if BAD_ESCAPE.search(pointer):
        return Nowhere("NOT_A_POINTER", "In a JSON pointer a tilde is written ~0 and a slash within a name ~1.")
    path = tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))
    if path[0] == "options" and len(path) > 1 and isinstance(document, dict) and "options" not in document:
        document["options"] = {}
    container = document
    for depth, part in enumerate(path[:-1]):
        found = _step(container, part, path[:depth])
        if isinstance(found, Nowhere):
            return found
        if found.absent:
            return Nowhere("POINTER_NOT_FOUND", f"{_shown(path[:depth])} has no field {_quoted(part)}.")
        container = found.value
    last = _step(container, path[-1], path[:-1])
    return last if isinstance(last, Nowhere) else _at(path, last)


def set_value(place: Place, value: Any) -> None:
    """Put a value at a place."""
    place.container[place.key] = value


def put_back(document: Any, pointer: str, value: Any, *, was_absent: bool) -> None:
    """Undo `set_value`: put the old value at a pointer, or remove the field that was not there."""
    place = place_of(document, pointer)
    assert isinstance(place, Place), "a pointer that was changed leads somewhere"
    if was_absent:
        place.container.pop(place.key, None)
    else:
        place.container[place.key] = value


def _at(path: tuple[str, ...], found: Place) -> Place:
    return Place(path=path, container=found.container, key=found.key, value=found.value, absent=found.absent)


def _step(container: Any, part: str, before: tuple[str, ...]) -> Place | Nowhere:
    """Return one part of the way: a key of an object, or an index of an array."""
    if isinstance(container, dict):
        return Place(path=(), container=container, key=part, value=container.get(part), absent=part not in container)
    if not isinstance(container, list):
        return Nowhere("POINTER_NOT_FOUND", f"{_shown(before)} is a single value, so nothing lies inside of it.")
    if part == "-":
        return Nowhere("CANNOT_APPEND", "A what-if replaces values and appends none; replace the whole list to make it longer.")
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", part):
        return Nowhere("POINTER_NOT_FOUND", f"{_shown(before)} is a list, so an index from 0 must follow.")
    if int(part) >= len(container):
        return Nowhere("POINTER_NOT_FOUND", f"{_shown(before)} has {len(container)} entries, counted from 0.")
    return Place(path=(), container=container, key=int(part), value=container[int(part)], absent=False)


def _shown(path: tuple[str, ...]) -> str:
    """Return a pointer for a message, cut when it is long."""
    text = "/" + "/".join(path) if path else "The request"
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


def _quoted(part: str) -> str:
    return f"`{part if len(part) <= SHOWN else part[:SHOWN] + '...'}`"
