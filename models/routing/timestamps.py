"""Moments of a routing request: seconds from the caller's origin, or timestamps when the request names that origin."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from models.base import LARGEST_NUMBER

MAX_TIMESTAMP_LENGTH = 40


def _refused(value: Any) -> Any:
    """Let numbers pass; a text that is still there is no timestamp at or after the origin."""
    if isinstance(value, str):
        raise PydanticCustomError(
            "timestamp",
            "A timestamp here needs `time_origin`, must not be before it, and has a time zone exactly when the origin has one.",
        )
    return value


def _is_timestamp(value: str) -> str:
    if parsed(value) is None:
        raise PydanticCustomError("timestamp", "This is no ISO 8601 timestamp such as 2026-01-05T06:00:00Z.")
    return value


TimeOrigin = Annotated[
    str,
    AfterValidator(_is_timestamp),
    Field(max_length=MAX_TIMESTAMP_LENGTH, json_schema_extra={"format": "date-time"}, examples=["2026-01-05T00:00:00Z"]),
]
"""An ISO 8601 timestamp."""

MOMENT_SCHEMA = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": LARGEST_NUMBER},
        {"type": "string", "format": "date-time", "maxLength": MAX_TIMESTAMP_LENGTH},
    ]
}

Moment = Annotated[
    float, BeforeValidator(_refused), Field(ge=0, le=LARGEST_NUMBER), WithJsonSchema(MOMENT_SCHEMA, mode="validation")
]
"""Seconds from the origin, or an ISO 8601 timestamp where the request has a `time_origin`."""


def parsed(text: Any) -> datetime | None:
    """Return the moment of an ISO 8601 timestamp, None when it is none."""
    if not isinstance(text, str) or len(text) > MAX_TIMESTAMP_LENGTH:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def in_seconds(request: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a request with its timestamps as seconds from its `time_origin`.

    What is not a timestamp at or after the origin stays as it is, for validation to refuse where it stands. The request that is
    given is not changed.
    """
    origin = parsed(request.get("time_origin"))
    if origin is None:
        return dict(request)

    def moment(value: Any) -> Any:
        own = parsed(value)
        if own is None or (own.tzinfo is None) != (origin.tzinfo is None):
            return value
        seconds = (own - origin).total_seconds()
        return seconds if seconds >= 0 else value

    def window(value: Any) -> Any:
        return [moment(one) for one in value] if isinstance(value, list) else value

    def windows(value: Any) -> Any:
        return [window(one) for one in value] if isinstance(value, list) else value

    end = {"time_windows": windows, "due_time": moment}
    parts: dict[str, dict[str, Callable[[Any], Any]]] = {
        "depots": {"time_window": window},
        "clients": {**end, "release_time": moment},
        "shipments": {"pickup": lambda value: _changed(value, end), "delivery": lambda value: _changed(value, end)},
        "vehicle_types": {"shift": window, "breaks": lambda value: _each(value, {"time_window": window})},
    }
    return {name: _each(value, parts[name]) if name in parts else value for name, value in request.items()}


def _each(values: Any, changes: Mapping[str, Callable[[Any], Any]]) -> Any:
    return [_changed(value, changes) for value in values] if isinstance(values, list) else values


def _changed(value: Any, changes: Mapping[str, Callable[[Any], Any]]) -> Any:
    """Return an object with some of its fields changed; anything else as it is."""
    if not isinstance(value, dict):
        return value
    return value | {name: change(value[name]) for name, change in changes.items() if name in value}


def timestamp(origin: str, seconds: float) -> str | None:
    """Return the ISO 8601 timestamp of a moment, in the time zone of the origin; None beyond the year 9999."""
    start = parsed(origin)
    try:
        text = "" if start is None else (start + timedelta(seconds=round(seconds, 6))).isoformat()
    except OverflowError:
        return None
    return text.replace("+00:00", "Z") if origin.endswith(("Z", "z")) else text
