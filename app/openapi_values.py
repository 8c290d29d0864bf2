"""
Examples in the OpenAPI document.

The framework drops every null from what it puts into the document, and an example without its nulls is another example. So
values travel through the framework as text and become values again after it.
"""

from typing import Any

import orjson

MARK = "as-json:"


def example(summary: str, value: Any, description: str | None = None) -> dict[str, Any]:
    """Return an Example Object whose value is packed."""
    text = {"summary": summary} if description is None else {"summary": summary, "description": description}
    return {**text, "value": MARK + orjson.dumps(value).decode()}


def unpacked(node: Any) -> Any:
    """Return a document in which every packed value is a value again."""
    if isinstance(node, dict):
        return {key: unpacked(value) for key, value in node.items()}
    if isinstance(node, list):
        return [unpacked(value) for value in node]
    if isinstance(node, str) and node.startswith(MARK):
        return orjson.loads(node.removeprefix(MARK))
    return node
