"""Forced alternatives of a forecast: one method for every series; light enough for the front door."""

from collections.abc import Mapping
from typing import Any

from models.force import ForecastForce
from models.forecasting import ForecastProblem


def forced_changes(problem: ForecastProblem, force: ForecastForce) -> list[tuple[str, Any]]:
    """Return the change that forces a method."""
    return [("/options/solver", force.method)]


def decisions(solution: Mapping[str, Any]) -> dict[str, float | str]:
    """Return the method of every series."""
    return {series["id"]: series["method"] for series in solution["series"]}
